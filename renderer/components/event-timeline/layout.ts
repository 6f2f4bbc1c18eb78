import type { Bytes, EventNumber } from '../../../shared/base/units'
import { byteTicks, placeInViewport, roundTicks, viewportSpan, type Viewport } from '../../canvas/viewport'
import type { CssPixels } from '../../canvas/draw-target'

/*
 * Lines of bytes over events:
 *
 *   4 MiB |            ______      reserved
 *         |      _____|            footprint
 *   0     |_____/\__/\____         live (filled)
 *          0     |        events
 */
export interface TimelineSeries {
  readonly min: Float64Array
  readonly max: Float64Array
  readonly last: Float64Array
}

export interface TimelinePage {
  /** Bucket i ends at event events[i]. */
  readonly events: Float64Array
  readonly series: Readonly<Record<string, TimelineSeries>>
}

export interface TimelineArea {
  readonly left: CssPixels
  readonly right: CssPixels
  readonly top: CssPixels
  readonly bottom: CssPixels
}

export interface Tick {
  readonly at: CssPixels
  readonly value: number
}

export const timelineArea = (size: { width: number; height: number }): TimelineArea => ({ left: 64, right: Math.max(80, size.width - 72), top: 22, bottom: Math.max(40, size.height - 18) })

export const eventX = (area: TimelineArea, view: Viewport, event: EventNumber): CssPixels => area.left + placeInViewport(view, event) * (area.right - area.left)

export function eventAtX(area: TimelineArea, view: Viewport, x: CssPixels): EventNumber {
  return view.from + ((x - area.left) / Math.max(1, area.right - area.left)) * viewportSpan(view)
}

export const bytesY = (area: TimelineArea, most: Bytes, bytes: Bytes): CssPixels => area.bottom - (most > 0 ? bytes / most : 0) * (area.bottom - area.top)

/** Largest value of any series on the page. */
export function largestValue(page: TimelinePage): Bytes {
  let most = 0
  for (const one of Object.values(page.series)) for (const value of one.max) if (value > most) most = value
  return most
}

/** Corner points of a step line: a value holds until the next event. */
export function stepLine(page: TimelinePage, values: Float64Array, place: { x: (event: number) => number; y: (bytes: number) => number }): number[] {
  const points: number[] = []
  for (let i = 0; i < values.length; i++) {
    const x = place.x(page.events[i]!)
    if (i > 0) points.push(x, points[points.length - 1]!)
    points.push(x, place.y(values[i]!))
  }
  return points
}

/** Closed outline of the band between min and max; empty when every bucket holds one value. */
export function bandOutline(page: TimelinePage, series: TimelineSeries, place: { x: (event: number) => number; y: (bytes: number) => number }): number[] {
  let differs = false
  for (let i = 0; i < series.min.length && !differs; i++) differs = series.min[i] !== series.max[i]
  if (!differs) return []
  const upper = stepLine(page, series.max, place)
  const lower = stepLine(page, series.min, place)
  const outline = [...upper]
  for (let i = lower.length - 2; i >= 0; i -= 2) outline.push(lower[i]!, lower[i + 1]!)
  return outline
}

export function eventTicks(area: TimelineArea, view: Viewport): Tick[] {
  const count = Math.max(2, Math.floor((area.right - area.left) / 120))
  // Of a few events some round steps lie between two of them.
  return roundTicks(view.from, view.to, count).filter(Number.isInteger).map((value) => ({ value, at: eventX(area, view, value) }))
}

export function bytesTicks(area: TimelineArea, most: Bytes): Tick[] {
  const count = Math.max(1, Math.floor((area.bottom - area.top) / 26))
  return byteTicks(most, count).map((value) => ({ value, at: bytesY(area, most, value) }))
}

/** Value of a series after `event`, or null when the page does not cover it. */
export function valueAt(page: TimelinePage, name: string, event: EventNumber): Bytes | null {
  const series = page.series[name]
  if (series === undefined || page.events.length === 0) return null
  let low = 0
  let high = page.events.length - 1
  while (low < high) {
    const middle = (low + high) >>> 1
    if (page.events[middle]! < event) low = middle + 1
    else high = middle
  }
  return series.last[low] ?? null
}

/** Labels at the ends of lines, moved apart so that none covers another; order of `wanted` is kept. */
export function spreadLabels(wanted: readonly number[], distance: number, lowest: number): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a]! - wanted[b]!)
  const placed = [...wanted]
  let free = -Infinity
  for (const i of order) {
    placed[i] = Math.max(wanted[i]!, free)
    free = placed[i]! + distance
  }
  let most = lowest
  for (const i of [...order].reverse()) {
    placed[i] = Math.min(placed[i]!, most)
    most = placed[i]! - distance
  }
  return placed
}
