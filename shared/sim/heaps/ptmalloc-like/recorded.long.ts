import { describe, expect, test } from 'vitest'
import { quietJob } from '../../../base/job-context'
import { resolveRequest } from '../../profiles'
import { replayTrace } from '../../replay/replay'
import { compareAddresses, isRecorded, readRecorded, recordedPeaks, simulatedPeaks } from './testing/recorded'

/** Requests of each recording that lie at an address of the heap at the break; all of them must be met exactly. */
const NAMES: readonly (readonly [name: string, requests: number])[] = [
  ['sqlite-60k', 2_781_675],
  ['sqlite-20k-c256.r1', 664_931],
  ['py-4000-pymalloc-off.r1', 1_401_031],
  ['py-4000.r1', 34_555],
]

describe.each(NAMES)('%s as recorded under glibc', (name, requests) => {
  test.skipIf(!isRecorded(name))('every block lies where glibc put it', async () => {
    const { same, different } = compareAddresses(await readRecorded(name))
    expect({ same, different }).toEqual({ same: requests, different: 0 })
  })

  test.skipIf(!isRecorded(name))('the peak of the heap lies within 10 % of what glibc reported', async () => {
    const ours = simulatedPeaks(await replayTrace(await readRecorded(name), resolveRequest('ptmalloc-like', undefined, {}), quietJob))
    const theirs = recordedPeaks(name)
    expect(Math.abs(ours.arena / theirs.arena - 1)).toBeLessThan(0.1)
  })
})
