import { describe, expect, test } from 'vitest'
import { quietJob } from '../../../base/job-context'
import { resolveRequest } from '../../profiles'
import { replayTrace } from '../../replay/replay'
import { compareAddresses, isRecorded, readRecorded, recordedPeaks, simulatedPeaks } from './testing/recorded'

/** Short recordings; the long ones are in recorded.long.ts. */
const NAMES = ['sqlite-500', 'perl-1000', 'git-log']

describe.each(NAMES)('%s as recorded under glibc', (name) => {
  test.skipIf(!isRecorded(name))('every block lies where glibc put it', async () => {
    const { same, different, mapped } = compareAddresses(await readRecorded(name))
    expect(different).toBe(0)
    expect(same).toBeGreaterThan(13_000)
    expect(mapped).toBe(name === 'git-log' ? 12 : 0)
  })

  test.skipIf(!isRecorded(name))('the peaks lie within 10 % of what glibc reported', async () => {
    const ours = simulatedPeaks(await replayTrace(await readRecorded(name), resolveRequest('ptmalloc-like', undefined, {}), quietJob))
    const theirs = recordedPeaks(name)
    expect(Math.abs(ours.arena / theirs.arena - 1)).toBeLessThan(0.1)
    expect(Math.abs(ours.whole / theirs.sampled - 1)).toBeLessThan(0.1)
  })
})
