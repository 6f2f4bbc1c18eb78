import { assert } from '../../base/assert'
import type { Run } from '../../model/run'
import type { RunStatistics } from '../../model/run-statistics'
import type { Snapshot } from '../../model/snapshot'
import { snapshotAt } from '../../model/snapshot-at'
import { liveOfReplay } from '../replay-live'
import { computePageSeries, firstStepPeak, lazyRunSeries, type FigureSeries, type RunSeries } from '../timeline'

/** What the figures of a run are made of. */
export interface FigureParts {
  readonly series: FigureSeries
  /** At the first moment of the peak footprint. */
  readonly peak: Snapshot
  readonly end: Snapshot
}

/** What figures and charts of a run both need; made once for both, it is most of their work. */
export interface RunParts extends FigureParts {
  readonly series: RunSeries
}

export function computeRunParts(run: Run): RunParts {
  const series = lazyRunSeries(run)
  return { series, peak: snapshotAt(run, firstStepPeak(series.footprint).event), end: snapshotAt(run, run.events) }
}

/** The same parts without the run's rows. */
export function computeStatisticsParts({ trace, peakEvent, moments }: RunStatistics): FigureParts {
  const pages = computePageSeries(moments)
  assert(firstStepPeak(pages.footprint).event === peakEvent, 'what lay at the peak was kept for the moment the pages tell')
  return { series: { ...pages, live: liveOfReplay(trace, moments.failures) }, peak: snapshotAt(moments, peakEvent), end: snapshotAt(moments, moments.events) }
}
