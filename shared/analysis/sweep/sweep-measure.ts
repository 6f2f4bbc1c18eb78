import type { Bytes, EventNumber } from '../../base/units'
import type { RunStatistics } from '../../model/run-statistics'
import { measureRun, type RunFigures } from '../compare/run-figures'
import { computeStatisticsParts } from '../compare/run-parts'
import { tilingSplit, type TilingSplit } from '../metrics/tiling-split'
import { bucketEnds, downsample } from '../timeline'

/** What a finished point of a sweep keeps of its run: plain numbers that cross process borders and JSON unchanged. */
export interface SweepMeasure {
  readonly figures: RunFigures
  readonly drawing: SweepDrawing
}

/** One finished point. */
export interface SweepResult {
  readonly key: string
  readonly input: string
  readonly settings: Readonly<Record<string, string>>
  readonly figures: RunFigures
}

/** The run's footprint as a line of a picture, and where its bytes are when it is highest. */
export interface SweepDrawing {
  /** Last event of each bucket; buckets are as even as whole events allow. */
  readonly events: readonly EventNumber[]
  /** Most committed bytes in each bucket, so that no peak is lost. */
  readonly footprint: readonly Bytes[]
  /** Most live bytes in each bucket; null when requested sizes are unknown. */
  readonly live: readonly Bytes[] | null
  /** First moment of the peak footprint; terms sum to `committed`. */
  readonly peakSplit: TilingSplit
}

/** More than a small multiple of them cannot be told apart on a screen; a point's file stays below 20 KB. */
export const DRAWING_POINTS = 400

/** @param title of the figures: the point's key */
export function measureSweepRun(statistics: RunStatistics, title: string): SweepMeasure {
  const parts = computeStatisticsParts(statistics)
  const { series, peak } = parts
  const run = statistics.moments
  const figures = measureRun(run, title, parts)
  const most = (of: Parameters<typeof downsample>[0]): Bytes[] => Array.from(downsample(of, 0, run.events, DRAWING_POINTS).max)
  return {
    figures,
    drawing: {
      events: Array.from(bucketEnds(0, run.events, DRAWING_POINTS)),
      footprint: most(series.footprint),
      live: series.live === undefined ? null : most(series.live),
      peakSplit: tilingSplit(peak),
    },
  }
}
