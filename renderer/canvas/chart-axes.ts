import type { CssPixels, DrawTarget } from './draw-target'
import type { Palette } from './palette'

/*
 * Scales and axes of charts:
 *
 *   top    |      .  .        y upwards: start = bottom, end = top
 *          |   .
 *   bottom |________________
 *          left        right  x: start = left, end = right
 */
export interface PlotArea {
  readonly left: CssPixels
  readonly right: CssPixels
  readonly top: CssPixels
  readonly bottom: CssPixels
}

export interface Scale {
  /** `log2`: values of at least 1; what is smaller stands at the start. */
  readonly kind: 'linear' | 'log2'
  readonly from: number
  readonly to: number
  readonly start: CssPixels
  readonly end: CssPixels
}

const along = ({ kind }: Scale, value: number): number => (kind === 'linear' ? value : Math.log2(Math.max(1, value)))

/** Place of a value; values beyond the ends of the scale stand beyond its ends. */
export function placeOn(scale: Scale, value: number): CssPixels {
  const from = along(scale, scale.from)
  const span = along(scale, scale.to) - from
  return span === 0 ? scale.start : scale.start + ((along(scale, value) - from) / span) * (scale.end - scale.start)
}

/** Value at a place, within the scale. */
export function valueOn(scale: Scale, place: CssPixels): number {
  const share = scale.end === scale.start ? 0 : Math.min(1, Math.max(0, (place - scale.start) / (scale.end - scale.start)))
  const from = along(scale, scale.from)
  const value = from + share * (along(scale, scale.to) - from)
  return scale.kind === 'linear' ? value : 2 ** value
}

const STEPS = [1, 2, 5, 10]

/** Steps of 1, 2 or 5 times a power of ten, about `count` of them; `binary`: whole powers of two, as bytes are counted. */
export function linearTicks(from: number, to: number, count: number, binary = false): number[] {
  const rough = (to - from) / Math.max(1, count)
  if (!(rough > 0)) return []
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = binary ? 2 ** Math.max(0, Math.round(Math.log2(rough))) : power * STEPS.find((factor) => factor * power >= rough * (1 - 1e-12))!
  const ticks: number[] = []
  // Adding 0 turns -0, which a rounded start can be, into 0.
  for (let i = Math.ceil(from / step - 1e-9); i * step <= to + step * 1e-9; i++) ticks.push(i * step + 0)
  return ticks
}

/** Powers of two at even steps, at most about `count`. */
export function powerTicks(from: number, to: number, count: number): number[] {
  const first = Math.ceil(Math.log2(Math.max(1, from)))
  const last = Math.floor(Math.log2(Math.max(1, to)))
  const step = Math.max(1, Math.ceil((last - first + 1) / Math.max(1, count)))
  const ticks: number[] = []
  for (let power = first; power <= last; power += step) ticks.push(2 ** power)
  return ticks
}

export interface AxisTick {
  readonly at: CssPixels
  readonly text: string
}

/** Grid lines with their texts left of the plot, ticks with theirs below it. */
export function paintAxes(target: DrawTarget, palette: Palette, area: PlotArea, { x, y }: { readonly x: readonly AxisTick[]; readonly y: readonly AxisTick[] }): void {
  for (const { at, text } of y) {
    const line = Math.round(at) + 0.5
    target.line([area.left, line, area.right, line], { color: palette.line })
    target.text(text, area.left - 7, at, { color: palette.dim, font: 'mono', sizePx: 10, align: 'right' })
  }
  const bottom = Math.round(area.bottom) + 0.5
  target.line([area.left, bottom, area.right, bottom], { color: palette.faint })
  for (const { at, text } of x) {
    const tick = Math.round(at) + 0.5
    target.line([tick, area.bottom, tick, area.bottom + 4], { color: palette.faint })
    target.text(text, at, area.bottom + 12, { color: palette.dim, font: 'mono', sizePx: 10, align: 'center' })
  }
}

/** What an axis counts, at its end: below the right end, or above the left one. */
export function paintAxisNames(target: DrawTarget, palette: Palette, area: PlotArea, names: { readonly x?: string; readonly y?: string }): void {
  if (names.x !== undefined) target.text(names.x, area.right, area.bottom + 26, { color: palette.dim, sizePx: 11, align: 'right' })
  if (names.y !== undefined) target.text(names.y, 4, area.top - 12, { color: palette.dim, sizePx: 11 })
}

/** Middles of labels at the ends of lines, moved apart so that none covers another; order is kept. */
export function spreadPlaces(wanted: readonly number[], distance: CssPixels, lowest: CssPixels): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a]! - wanted[b]!)
  const placed = [...wanted]
  let free = -Infinity
  for (const i of order) {
    placed[i] = Math.max(wanted[i]!, free)
    free = placed[i]! + distance
  }
  let most = lowest
  for (const i of order.reverse()) {
    placed[i] = Math.min(placed[i]!, most)
    most = placed[i]! - distance
  }
  return placed
}

/** Corner points of a line of steps: a value holds until the next x. */
export function stepPoints(xs: ArrayLike<number>, ys: ArrayLike<number>, x: Scale, y: Scale): number[] {
  const points: number[] = []
  for (let i = 0; i < xs.length; i++) {
    const at = placeOn(x, xs[i]!)
    if (i > 0) points.push(at, points[points.length - 1]!)
    points.push(at, placeOn(y, ys[i]!))
  }
  return points
}

/** Closed outline between two lines over the same x; `low` runs back. */
export function bandPoints(upper: readonly number[], lower: readonly number[]): number[] {
  const outline = [...upper]
  for (let i = lower.length - 2; i >= 0; i -= 2) outline.push(lower[i]!, lower[i + 1]!)
  return outline
}

/** Index of the value nearest to `wanted`; values rise. -1 for none. */
export function nearestIndex(values: ArrayLike<number>, wanted: number): number {
  let low = 0
  let high = values.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (values[middle]! < wanted) low = middle + 1
    else high = middle
  }
  if (low > 0 && (low === values.length || wanted - values[low - 1]! <= values[low]! - wanted)) low--
  return values.length === 0 ? -1 : low
}
