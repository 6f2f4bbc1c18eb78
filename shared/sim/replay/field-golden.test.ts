import { expect, test } from 'vitest'
import { quietJob } from '../../base/job-context'
import { heapDefinitions, resolveRequest } from '../profiles'
import { peakCommittedBytes } from '../testing/run-totals'
import { workloads } from '../workload'
import { replayTrace } from './replay'

const FIELD = ['ptmalloc-like', 'mimalloc-like', 'slab']

/** Peak committed bytes on G1 to G8: our own figures, frozen so that a change of behaviour is seen; nobody else's. */
const GOLDEN: readonly (readonly [heap: string, profile: string, peaks: readonly number[]])[] = [
  ['ptmalloc-like', 'thread-cache', [540672, 270336, 675840, 405504, 811008, 2162688, 135168, 270336]],
  ['ptmalloc-like', 'no-thread-cache', [405504, 270336, 675840, 405504, 675840, 2162688, 135168, 270336]],
]

const traces = workloads.map((workload) => workload.build())

test.each(GOLDEN)('peak committed bytes of %s, profile %s, on G1 to G8', async (heap, profile, peaks) => {
  const got: number[] = []
  for (const trace of traces) got.push(peakCommittedBytes(await replayTrace(trace, resolveRequest(heap, profile, {}), quietJob)))
  expect(got).toEqual(peaks)
})

test('every profile of the field has its figures', () => {
  const profiles = heapDefinitions.filter(({ id }) => FIELD.includes(id)).flatMap(({ id, profiles: all }) => all.map((profile) => `${id} ${profile.id}`))
  expect(GOLDEN.map(([heap, profile]) => `${heap} ${profile}`)).toEqual(profiles)
})
