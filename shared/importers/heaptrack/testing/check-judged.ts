import { expect } from 'vitest'
import { summariseTrace } from '../../../analysis/trace-summary'
import { inJudgesWords, judge, judgesExtraTemporaries, openRecorded } from './judge'

/** A recorded file read by us and by heaptrack_print: all five totals are equal. */
export async function checkJudged(file: string): Promise<void> {
  const trace = await openRecorded('heaptrack', file)
  const summary = summariseTrace(trace)
  const rss = Array.from(trace.resident!.bytes.slice()).reduce((most, bytes) => Math.max(most, bytes), 0)
  expect({
    allocations: String(summary.events.alloc),
    temporary: String(summary.temporaryAllocs + judgesExtraTemporaries(trace)),
    peak: inJudgesWords(summary.peakLiveBytes),
    leaked: inJudgesWords(summary.endLiveBytes),
    peakRss: inJudgesWords(rss),
  }).toEqual(judge(file))
}
