import { expect, test } from 'vitest'
import { quietJob } from '../../base/job-context'
import { heapDefinitions, resolveRequest } from '../profiles'
import { peakCommittedBytes } from '../testing/run-totals'
import { workloads } from '../workload'
import { replayTrace } from './replay'

const FIELD = ['ptmalloc-like', 'mimalloc-like', 'slab']

/** Peak committed bytes on G1 to G8: our own figures, frozen so that a change of behaviour is seen; nobody else's. */
const GOLDEN: readonly (readonly [heap: string, profile: string, peaks: readonly number[]])[] = [
  ['mimalloc-like', 'pages', [1507328, 1441792, 589824, 655360, 1638400, 1310720, 131072, 16121856]],
  ['mimalloc-like', 'eager', [4194304, 4194304, 4194304, 4194304, 4194304, 4194304, 4194304, 20971520]],
  ['slab', 'kmalloc', [421888, 278528, 557056, 339968, 1183744, 1155072, 98304, 1363968]],
  ['slab', 'object-cache', [446464, 323584, 622592, 372736, 1110016, 1228800, 131072, 1425408]],
  ['ptmalloc-like', 'thread-cache', [540672, 270336, 675840, 405504, 811008, 2162688, 135168, 753664]],
  ['ptmalloc-like', 'no-thread-cache', [405504, 270336, 675840, 405504, 675840, 2162688, 135168, 753664]],
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
