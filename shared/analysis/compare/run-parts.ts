import type { Run } from '../../model/run'
import type { Snapshot } from '../../model/snapshot'
import { snapshotAt } from '../../model/snapshot-at'
import { firstStepPeak, lazyRunSeries, type RunSeries } from '../timeline'

/** What figures and charts of a run both need; made once for both, it is most of their work. */
export interface RunParts {
  readonly series: RunSeries
  /** At the first moment of the peak footprint. */
  readonly peak: Snapshot
  readonly end: Snapshot
}

export function computeRunParts(run: Run): RunParts {
  const series = lazyRunSeries(run)
  return { series, peak: snapshotAt(run, firstStepPeak(series.footprint).event), end: snapshotAt(run, run.events) }
}
