import { bandPoints, paintAxes, paintAxisNames, placeOn, type Scale } from '../../../canvas/chart-axes'
import { paintBadge, sideColor, sideDash } from '../../../canvas/chart-sides'
import type { DrawTarget } from '../../../canvas/draw-target'
import { cssOf, parseColor, type Palette } from '../../../canvas/palette'
import { formatBytes } from '../../format'
import type { BandLayout, BandLine } from './layout'

export interface BandPicture {
  readonly layout: BandLayout
  /** Chosen point of the axis, null for none. */
  readonly moment: number | null
  /** Id of the chosen member, null for none. */
  readonly member: string | null
  readonly xTicks: readonly { readonly point: number; readonly text: string }[]
  readonly xName: string
}

const pointsOf = (values: Float64Array, x: Scale, y: Scale): number[] => Array.from(values).flatMap((value, point) => [placeOn(x, point), placeOn(y, value)])

export function paintBands(target: DrawTarget, palette: Palette, { layout, moment, member, xTicks, xName }: BandPicture): void {
  const { area, x, y, lines, ticks, labels } = layout
  paintAxes(target, palette, area, { x: xTicks.map(({ point, text }) => ({ at: placeOn(x, point), text })), y: ticks.map((tick) => ({ at: placeOn(y, tick), text: formatBytes(tick) })) })
  paintAxisNames(target, palette, area, { x: xName })
  for (const line of lines) paintBand(target, palette, layout, line)
  for (const line of lines) {
    const points = pointsOf(line.band.median, x, y)
    // A seam in the ground's colour keeps crossing medians apart.
    target.line(points, { color: palette.background, widthPx: 4.5 })
    target.line(points, { color: sideColor(palette, line.side), widthPx: 2.5, dash: sideDash(line.side) })
  }
  const chosen = lines.flatMap(({ members }) => members).find(({ id }) => id === member)
  if (chosen !== undefined) target.line(pointsOf(chosen.values, x, y), { color: palette.text, widthPx: 1.5 })
  lines.forEach(({ side }, i) => paintBadge(target, palette, side, area.right + 14, labels[i]!))
  if (moment === null) return
  const at = Math.round(placeOn(x, moment)) + 0.5
  target.line([at, area.top - 4, at, area.bottom], { color: palette.accent, widthPx: 1.5 })
  target.area([at - 5, area.top - 8, at + 5, area.top - 8, at, area.top - 1], palette.accent)
}

function paintBand(target: DrawTarget, palette: Palette, { x, y }: BandLayout, { side, band, members }: BandLine): void {
  const rgb = parseColor(sideColor(palette, side))
  if (members.length > 1) {
    target.area(bandPoints(pointsOf(band.high, x, y), pointsOf(band.low, x, y)), cssOf(rgb, 0.22))
    for (const { values } of members) target.line(pointsOf(values, x, y), { color: cssOf(rgb, 0.45), widthPx: 1 })
  }
}

/** A line through the point pointed at. */
export function paintPoint(target: DrawTarget, palette: Palette, layout: BandLayout, point: number): void {
  const at = Math.round(placeOn(layout.x, point)) + 0.5
  target.line([at, layout.area.top, at, layout.area.bottom], { color: palette.dim, dash: [3, 3] })
  for (const { side, band } of layout.lines) {
    const y = placeOn(layout.y, band.median[point]!)
    target.fillRect(at - 3.5, y - 3.5, 7, 7, palette.background)
    target.fillRect(at - 2.5, y - 2.5, 5, 5, sideColor(palette, side))
  }
}
