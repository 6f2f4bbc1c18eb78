import { requestSizeOf } from '../../../../shared/analysis/compare/free-curves'
import { paintAxes, paintAxisNames, placeOn } from '../../../canvas/chart-axes'
import { paintBadge, sideColor, sideDash } from '../../../canvas/chart-sides'
import type { DrawTarget } from '../../../canvas/draw-target'
import { cssOf, parseColor, type Palette } from '../../../canvas/palette'
import { formatBytes } from '../../format'
import type { CurveLayout, CurveLine, CurveMode } from './layout'

export interface CurvePicture {
  readonly layout: CurveLayout
  readonly mode: CurveMode
  /** Index of the chosen mark, null for none. */
  readonly chosen: number | null
}

export function paintCurves(target: DrawTarget, palette: Palette, { layout, mode, chosen }: CurvePicture): void {
  const { area, x, y, lines, xTicks, yTicks, labels } = layout
  const share = (value: number): string => `${Math.round(value * 100)} %`
  paintAxes(target, palette, area, {
    x: xTicks.map((bytes) => ({ at: placeOn(x, bytes), text: formatBytes(bytes) })),
    y: yTicks.map((value) => ({ at: placeOn(y, value), text: mode === 'unusable' ? share(value) : formatBytes(value) })),
  })
  paintAxisNames(target, palette, area, { x: 'size of a request', y: mode === 'unusable' ? 'unusable part of the free bytes' : 'bytes such requests can get' })
  for (const line of lines) paintLine(target, palette, layout, line)
  lines.forEach((line, i) => {
    paintBadge(target, palette, line.side, area.right + 14, labels[i]!)
    paintLargest(target, palette, layout, line, i)
  })
  if (chosen === null) return
  const at = placeOn(x, requestSizeOf(layout.first + chosen))
  target.line([at, area.top, at, area.bottom], { color: palette.accent, widthPx: 1.5 })
}

const pointsOf = (values: Float64Array, { x, y, first, last }: CurveLayout): number[] =>
  Array.from({ length: last - first + 1 }, (_, i) => [placeOn(x, requestSizeOf(first + i)), placeOn(y, values[first + i]!)]).flat()

function paintLine(target: DrawTarget, palette: Palette, layout: CurveLayout, { side, values, median }: CurveLine): void {
  const color = sideColor(palette, side)
  if (values.length > 1) for (const one of values) target.line(pointsOf(one, layout), { color: cssOf(parseColor(color), 0.4), widthPx: 1 })
  target.line(pointsOf(median, layout), { color, widthPx: 2.5, dash: sideDash(side) })
}

/** Where requests begin to fail: the median largest hole, with the side's letter on the axis. */
function paintLargest(target: DrawTarget, palette: Palette, { area, x }: CurveLayout, { side, medianLargestBytes }: CurveLine, index: number): void {
  if (medianLargestBytes < 1) return
  const at = Math.min(area.right, placeOn(x, medianLargestBytes))
  target.line([at, area.bottom - 14, at, area.bottom], { color: sideColor(palette, side), widthPx: 2 })
  target.text(side.letter, at, area.bottom - 21 - (index % 2) * 10, { color: palette.text, sizePx: 10, bold: true, align: 'center', font: 'mono' })
}
