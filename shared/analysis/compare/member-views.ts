import type { Run } from '../../model/run'
import type { Snapshot } from '../../model/snapshot'
import { computeSizeClasses, type SizeClassTable } from '../metrics/size-classes'
import { seriesByEvents, seriesByProgress, type AlignedSeries } from './aligned-series'
import { freeCurve, type FreeCurve } from './free-curves'
import { computeRunParts, type RunParts } from './run-parts'
import { tallySurvival, type SurvivalTally } from './survival'

/*
 * What the charts of a comparison need of one member: made once when it is measured, some 300 KB, so that hundreds of
 * members can be shown without their runs in memory.
 */
export interface MomentViews {
  readonly sizeClasses: SizeClassTable
  readonly free: FreeCurve
}

export interface MemberViews {
  /** By share of all bytes allocated; null for a snapshot, and where requested sizes are unknown. */
  readonly byProgress: AlignedSeries | null
  /** By share of the events; null for a snapshot. */
  readonly byEvents: AlignedSeries | null
  /** null for a snapshot. */
  readonly survival: SurvivalTally | null
  /** At the first moment of the footprint's peak; of a snapshot, the snapshot. */
  readonly peak: MomentViews
  readonly end: MomentViews
}

export function viewsOfRun(run: Run, { series, peak, end }: RunParts = computeRunParts(run)): MemberViews {
  return {
    byProgress: series.live === undefined ? null : seriesByProgress(run, series),
    byEvents: seriesByEvents(run, series),
    survival: tallySurvival(run),
    peak: viewsOfMoment(peak),
    end: viewsOfMoment(end),
  }
}

export function viewsOfSnapshot(snapshot: Snapshot): MemberViews {
  const views = viewsOfMoment(snapshot)
  return { byProgress: null, byEvents: null, survival: null, peak: views, end: views }
}

const viewsOfMoment = (snapshot: Snapshot): MomentViews => ({ sizeClasses: computeSizeClasses(snapshot), free: freeCurve(snapshot) })
