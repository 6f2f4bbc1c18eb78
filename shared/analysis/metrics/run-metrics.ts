import { assert } from '../../base/assert'
import { CHUNK_LENGTH } from '../../base/column'
import { finish, type Steps } from '../../base/steps'
import type { Run } from '../../model/run'
import { computeRunSeries, firstPeakSteps, firstStepPeak, type FigureSeries, valueAt, type DenseSeries, type StepSeries } from '../timeline'
import type { RunMetrics } from './types'

export type { RunMetrics } from './types'

const REQUESTED_UNKNOWN = 'requested sizes are unknown'
const NOTHING_LIVE = 'nothing was ever live'
const NOTHING_COMMITTED = 'nothing was ever committed'

/** M14, M15 (definitions.ts), peaks and failures of a run. `series` for callers that keep them. */
export const computeRunMetrics = (run: Run, series: FigureSeries = computeRunSeries(run)): RunMetrics => finish(runMetricsSteps(run, series))

export function* runMetricsSteps(run: Run, series: FigureSeries): Steps<RunMetrics> {
  const { live, footprint } = series
  const footprintPeak = firstStepPeak(footprint)
  const common = {
    peakFootprintBytes: footprintPeak.bytes,
    peakFootprintEvent: footprintPeak.event,
    endFootprintBytes: valueAt(footprint, run.events),
    failedRequests: run.failures.length,
  }
  if (live === undefined) {
    const missing = ['M14_J1', 'M14_J2', 'M14_J3', 'M14_J4', 'M15_wastedRatio', 'peakLiveBytes', 'utilisation'] as const
    const values = { M14_J1: null, M14_J2: null, M14_J3: null, M14_J4: null, M15_wastedRatio: null, peakLiveBytes: null, utilisation: null }
    const reasons = Object.fromEntries(missing.map((key) => [key, REQUESTED_UNKNOWN]))
    assert(series.consumed !== undefined, 'where requests are not known consumed bytes are')
    const consumedPeak = yield* firstPeakSteps(series.consumed.values)
    return { ...common, ...values, M14_skippedSamples: 0, M15_wastedByteOperations: 0, peakLiveEvent: consumedPeak.event, reasons }
  }
  const livePeak = yield* firstPeakSteps(live.values)
  const sums = yield* sumSamples(live, footprint)
  const reasons: Record<string, string> = {}
  const ratio = (key: string, part: number, whole: number, reason: string): number | null => {
    if (whole > 0) return part / whole
    reasons[key] = reason
    return null
  }
  const less1 = (value: number | null): number | null => (value === null ? null : value - 1)
  const liveAtFootprintPeak = valueAt(live, footprintPeak.event)
  return {
    ...common,
    M14_J1: less1(ratio('M14_J1', sums.ratioSum, sums.samples, NOTHING_LIVE)),
    M14_J2: less1(ratio('M14_J2', valueAt(footprint, livePeak.event), livePeak.bytes, NOTHING_LIVE)),
    M14_J3: less1(ratio('M14_J3', footprintPeak.bytes, liveAtFootprintPeak, 'nothing was live when the footprint peaked')),
    M14_J4: less1(ratio('M14_J4', footprintPeak.bytes, livePeak.bytes, NOTHING_LIVE)),
    M14_skippedSamples: sums.skipped,
    M15_wastedRatio: ratio('M15_wastedRatio', sums.wasted, sums.live, NOTHING_LIVE),
    M15_wastedByteOperations: sums.wasted,
    peakLiveBytes: livePeak.bytes,
    peakLiveEvent: livePeak.event,
    utilisation: ratio('utilisation', livePeak.bytes, footprintPeak.bytes, NOTHING_COMMITTED),
    reasons,
  }
}

interface SampleSums {
  /** Sum of C/Q over the samples with Q > 0. */
  ratioSum: number
  samples: number
  skipped: number
  /** Sums over all samples, in bytes x operations: exact while below 2^53, then to double precision. */
  wasted: number
  live: number
}

/** One sample after every event, none before the first; each counts one operation long. */
function* sumSamples({ values: live }: DenseSeries, { starts, values }: StepSeries): Steps<SampleSums> {
  const sums: SampleSums = { ratioSum: 0, samples: 0, skipped: 0, wasted: 0, live: 0 }
  let step = 0
  for (let event = 1; event < live.length; event++) {
    if (event % CHUNK_LENGTH === 0) yield
    while (step + 1 < starts.length && starts[step + 1]! <= event) step++
    const demand = live[event]!
    const footprint = values[step]!
    sums.wasted += footprint - demand
    sums.live += demand
    if (demand === 0) sums.skipped++
    else {
      sums.ratioSum += footprint / demand
      sums.samples++
    }
  }
  return sums
}
