import { expect, test } from 'vitest'
import { quietJob } from '../../base/job-context'
import { heapDefinitions, resolveRequest } from '../profiles'
import { peakCommittedBytes } from '../testing/run-totals'
import { workloads } from '../workload'
import { replayTrace } from './replay'

/*
 * Peak committed bytes of the NT heaps on G1 to G8. No outside program gives these numbers: they are ours, frozen so that a
 * change of placement is seen. What is known from outside is in heaps/nt/nt-facts.test.ts.
 */
const PEAKS: Readonly<Record<string, readonly number[]>> = {
  'nt-xp xp-x86': [454656, 266240, 557056, 339968, 823296, 2097152, 12288, 1245184],
  'nt-xp xp-x64': [385024, 253952, 569344, 352256, 839680, 2154496, 16384, 622592],
  'nt-lfh win7-x86': [405504, 389120, 921600, 454656, 1540096, 1966080, 12288, 1433600],
  'nt-lfh win7-x64': [1286144, 421888, 933888, 462848, 1548288, 1728512, 16384, 987136],
  'nt-lfh win81-x86': [356352, 380928, 716800, 438272, 1687552, 1785856, 12288, 1323008],
  'nt-lfh win81-x64': [622592, 356352, 729088, 442368, 1658880, 1527808, 16384, 1105920],
  'nt-lfh win10-x86': [339968, 380928, 716800, 438272, 1687552, 1785856, 12288, 1323008],
  'nt-lfh win10-x64': [688128, 360448, 729088, 442368, 1658880, 1527808, 16384, 700416],
  'nt-lfh win11-x86': [339968, 380928, 716800, 438272, 1687552, 1785856, 12288, 1323008],
  'nt-lfh win11-x64': [688128, 360448, 729088, 442368, 1658880, 1527808, 16384, 700416],
}

const traces = workloads.map((workload) => workload.build())
const profiles = heapDefinitions.filter(({ id }) => id === 'nt-xp' || id === 'nt-lfh').flatMap(({ id, profiles: known }) => known.map((profile) => [id, profile.id] as const))

test.each(profiles)('%s %s: peaks of G1 to G8 are the frozen ones', async (heap, profile) => {
  const peaks: number[] = []
  for (const trace of traces) peaks.push(peakCommittedBytes(await replayTrace(trace, resolveRequest(heap, profile, {}), quietJob)))
  expect(peaks).toEqual(PEAKS[`${heap} ${profile}`])
})
