import type { Run } from '../../model/run'
import { computeRunSeries, valueAt, type RunSeries } from '../timeline'
import { progressEvents, PROGRESS_POINTS } from './alignment'

/*
 * Bytes of many runs over one axis:
 *
 *   run 1   ----/\----      each run is read at its own events (alignment.ts), the last value carried forward;
 *   run 2   ---/--\---      at each of the points a side has a median and a band between two quantiles
 *           0 %    100 %
 */
export const ALIGNED_SERIES = ['live', 'footprint', 'reserved', 'wasted'] as const
/** `wasted` is footprint less live (less consumed bytes where requests are unknown). */
export type AlignedSeriesName = (typeof ALIGNED_SERIES)[number]

/** PROGRESS_POINTS values each; null where the source does not tell. */
export type AlignedSeries = Readonly<Record<AlignedSeriesName, Float64Array | null>>

/** The run read at `events`, one value per event given. */
export function readSeries(run: Run, events: Float64Array, series: RunSeries = computeRunSeries(run)): AlignedSeries {
  const { live, footprint, reserved } = series
  const demand = live ?? series.consumed
  const read = (valueOf: (event: number) => number): Float64Array => events.map(valueOf)
  return {
    live: live === undefined ? null : read((event) => valueAt(live, event)),
    footprint: read((event) => valueAt(footprint, event)),
    reserved: read((event) => valueAt(reserved, event)),
    wasted: read((event) => valueAt(footprint, event) - valueAt(demand, event)),
  }
}

/** By share of all bytes allocated; throws `not-comparable` when requests are unknown. */
export const seriesByProgress = (run: Run, series?: RunSeries): AlignedSeries => readSeries(run, progressEvents(run), series)

/** By share of the events. */
export const seriesByEvents = (run: Run, series?: RunSeries): AlignedSeries =>
  readSeries(run, Float64Array.from({ length: PROGRESS_POINTS }, (_, i) => Math.round((run.events * i) / (PROGRESS_POINTS - 1))), series)

export interface SeriesBand {
  readonly median: Float64Array
  readonly low: Float64Array
  readonly high: Float64Array
  /** The quantiles of `low` and `high`, 0..1. */
  readonly quantiles: readonly [number, number]
}

/** Middle half. */
export const QUARTILES: readonly [number, number] = [0.25, 0.75]

/** Point by point over members of equal length; null without members. */
export function bandOf(members: readonly Float64Array[], quantiles: readonly [number, number] = QUARTILES): SeriesBand | null {
  const points = members[0]?.length
  if (points === undefined) return null
  const [median, low, high] = [new Float64Array(points), new Float64Array(points), new Float64Array(points)]
  const column = new Float64Array(members.length)
  for (let point = 0; point < points; point++) {
    for (let member = 0; member < members.length; member++) column[member] = members[member]![point]!
    column.sort()
    median[point] = quantileOf(column, 0.5)
    low[point] = quantileOf(column, quantiles[0])
    high[point] = quantileOf(column, quantiles[1])
  }
  return { median, low, high, quantiles }
}

/** Quantile of sorted values, straight between the two nearest: place share × (n − 1), the rule R calls type 7. */
export function quantileOf(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1)
  const below = Math.floor(place)
  const first = sorted[below]!
  return below + 1 < sorted.length ? first + (place - below) * (sorted[below + 1]! - first) : first
}
