import { describe, expect, test } from 'vitest'
import { type TraceSummary, summariseTrace } from '../../analysis/trace-summary'
import { checkJudged } from './testing/check-judged'
import { judgeIsInstalled, openRecorded, recordedFiles } from './testing/judge'

/** Millions of events each: recorded.long.ts has them. */
export const LARGE = /^(cc1-sqlite|py-15000|py-4000-pymalloc-off|sqlite-20k|sqlite-60k)/
const quick = recordedFiles('heaptrack').filter((file) => !LARGE.test(file))

describe.skipIf(!judgeIsInstalled || quick.length === 0)('equal to heaptrack_print', () => {
  test.each(quick)('%s', (file) => checkJudged(file))
})

/** All but what an orphan free, which only a raw file has, moves. */
function sumsOf({ events: { alloc, free }, requestedBytesTotal, peakLiveBytes, peakLiveBlocks, maxLiveBlocks, endLiveBytes, endLiveBlocks }: TraceSummary): object {
  return { alloc, free, requestedBytesTotal, peakLiveBytes, peakLiveBlocks, maxLiveBlocks, endLiveBytes, endLiveBlocks }
}

/** Runs of one program; perl's two runs differ by two allocations of their own (environment). */
describe.skipIf(quick.length === 0)('raw and interpreted recordings of one program', () => {
  test.each(['git-log', 'gzip', 'py-200', 'sqlite-500'])('%s: equal counts and bytes', async (name) => {
    const raw = summariseTrace(await openRecorded('heaptrack-raw', `${name}.raw.zst`))
    const interpreted = summariseTrace(await openRecorded('heaptrack', `${name}.zst`))
    expect(sumsOf(raw)).toEqual(sumsOf(interpreted))
    // Without identity the free of an older equal block looks like that of the one just allocated.
    expect(raw.temporaryAllocs).toBeLessThanOrEqual(interpreted.temporaryAllocs)
  })
})
