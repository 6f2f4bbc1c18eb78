import { linearTicks, placeOn, type PlotArea, type Scale } from '../../../canvas/chart-axes'
import type { ChartSide } from '../../../canvas/chart-sides'
import type { CssPixels } from '../../../canvas/draw-target'

/*
 * One figure of many runs: a row per side, a dot per run, the side's median as a bar with its interval.
 *
 *   A    ·· ·:·  |        dots that would cover one another are stacked
 *          [--|--]
 *   B         · :: ·
 *              [-|---]
 */
export interface DotRow {
  readonly side: ChartSide
  /** One per run, null where not available. */
  readonly values: readonly (number | null)[]
  /** Of the runs, in the same order. */
  readonly names: readonly string[]
  readonly median: number | null
  readonly interval: { readonly low: number; readonly high: number; readonly coverage: number } | null
}

/** Which run: index into the rows and into their values. */
export interface DotChoice {
  readonly row: number
  readonly run: number
}

export interface Dot extends DotChoice {
  readonly x: CssPixels
  readonly y: CssPixels
}

export interface DotLayout {
  readonly area: PlotArea
  readonly scale: Scale
  readonly rowHeight: CssPixels
  /** Row by row, within a row by value. */
  readonly dots: readonly Dot[]
  readonly ticks: readonly number[]
}

export const DOT_RADIUS: CssPixels = 4
const STACK_STEP: CssPixels = 6
/** Few rows in a high panel stay together: sides are compared across the gap between them. */
const HIGHEST_ROW: CssPixels = 92
/** Of the row, for the median's bar and interval below the dots. */
export const BAR_ROOM: CssPixels = 14

export function layOutDots(rows: readonly DotRow[], size: { readonly width: CssPixels; readonly height: CssPixels }, isBinary: boolean): DotLayout {
  const top = 6
  const rowHeight = Math.min(HIGHEST_ROW, Math.max(34, size.height - 22 - top) / Math.max(1, rows.length))
  const area = { left: 34, right: Math.max(80, size.width - 16), top, bottom: top + rowHeight * Math.max(1, rows.length) }
  const scale = scaleOf(rows, area)
  const ticks = linearTicks(scale.from, scale.to, Math.max(2, Math.floor((area.right - area.left) / 90)), isBinary)
  return { area, scale, rowHeight, ticks, dots: rows.flatMap((row, i) => stackDots(row, i, { scale, base: area.top + (i + 1) * rowHeight - BAR_ROOM - DOT_RADIUS, room: rowHeight - BAR_ROOM })) }
}

function scaleOf(rows: readonly DotRow[], area: PlotArea): Scale {
  const known = rows.flatMap(({ values, interval }) => [...values.filter((value) => value !== null), ...(interval === null ? [] : [interval.low, interval.high])])
  const [least, most] = known.length === 0 ? [0, 1] : [Math.min(...known), Math.max(...known)]
  const margin = most > least ? (most - least) * 0.06 : Math.max(1, Math.abs(most) * 0.05)
  return { kind: 'linear', from: least - margin, to: most + margin, start: area.left, end: area.right }
}

/** Dots from left to right; each stands on those it would cover. */
function stackDots({ values }: DotRow, row: number, { scale, base, room }: { scale: Scale; base: CssPixels; room: CssPixels }): Dot[] {
  const known = values.flatMap((value, run) => (value === null ? [] : [{ run, x: placeOn(scale, value) }])).sort((one, other) => one.x - other.x)
  const levels: CssPixels[] = []
  const placed = known.map(({ run, x }) => {
    let level = levels.findIndex((last) => x - last >= 2 * DOT_RADIUS)
    if (level < 0) level = levels.length
    levels[level] = x
    return { run, x, level }
  })
  // A high stack is pressed together rather than cut off.
  const step = Math.min(STACK_STEP, (room - 2 * DOT_RADIUS) / Math.max(1, levels.length - 1))
  return placed.map(({ run, x, level }) => ({ row, run, x, y: base - level * step }))
}

/** Index of the dot at a place, -1 for none. */
export function dotAt({ dots }: DotLayout, x: CssPixels, y: CssPixels): number {
  let best = -1
  let nearest = (DOT_RADIUS + 4) ** 2
  dots.forEach((dot, i) => {
    const distance = (dot.x - x) ** 2 + (dot.y - y) ** 2
    if (distance <= nearest) [best, nearest] = [i, distance]
  })
  return best
}

/** Left and right go along a row, up and down to the nearest dot of another row. */
export function moveDot({ dots }: DotLayout, index: number, key: string): number {
  const from = dots[index]
  if (from === undefined) return -1
  const ofRow = (row: number): number[] => dots.flatMap((dot, i) => (dot.row === row ? [i] : []))
  const own = ofRow(from.row)
  const at = own.indexOf(index)
  if (key === 'ArrowLeft') return own[Math.max(0, at - 1)]!
  if (key === 'ArrowRight') return own[Math.min(own.length - 1, at + 1)]!
  if (key === 'Home') return own[0]!
  if (key === 'End') return own.at(-1)!
  if (key !== 'ArrowUp' && key !== 'ArrowDown') return -1
  const next = ofRow(from.row + (key === 'ArrowUp' ? -1 : 1))
  return next.length === 0 ? index : next.reduce((best, i) => (Math.abs(dots[i]!.x - from.x) < Math.abs(dots[best]!.x - from.x) ? i : best))
}
