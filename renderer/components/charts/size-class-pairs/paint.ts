import { paintAxes, paintAxisNames, placeOn } from '../../../canvas/chart-axes'
import { sideColor, type ChartSide } from '../../../canvas/chart-sides'
import type { DrawTarget } from '../../../canvas/draw-target'
import { cssOf, parseColor, type Palette } from '../../../canvas/palette'
import { formatBytes } from '../../format'
import { barBox, isBrushed, slotLeft, type PairLayout, type SizeRange } from './layout'

export interface PairPicture {
  readonly layout: PairLayout
  readonly sides: readonly [ChartSide, ChartSide]
  readonly range: SizeRange | null
  readonly yName: string
  readonly valueText: (value: number) => string
}

export function paintPairs(target: DrawTarget, palette: Palette, { layout, sides, range, yName, valueText }: PairPicture): void {
  const { area, pairs, slotWidth, y, ticks, labelled } = layout
  for (let row = 0; row < pairs.upperBytes.length; row++) {
    if (isBrushed(pairs, row, range)) target.fillRect(slotLeft(layout, row), area.top, slotWidth, area.bottom - area.top, cssOf(parseColor(palette.accent), 0.16))
  }
  paintAxes(target, palette, area, {
    x: labelled.map((row) => ({ at: slotLeft(layout, row) + slotWidth / 2, text: formatBytes(pairs.upperBytes[row]!) })),
    y: ticks.map((tick) => ({ at: placeOn(y, tick), text: valueText(tick) })),
  })
  paintAxisNames(target, palette, area, { x: `up to this size · ${yName}` })
  const shares = range === null ? 1 : 0.35
  for (let row = 0; row < pairs.upperBytes.length; row++) {
    const alpha = range === null || isBrushed(pairs, row, range) ? 1 : shares
    const [ax, ay, aw, ah] = barBox(layout, row, 'a')
    target.fillRect(ax, ay, aw, ah, cssOf(parseColor(sideColor(palette, sides[0])), alpha))
    paintHatched(target, barBox(layout, row, 'b'), cssOf(parseColor(sideColor(palette, sides[1])), alpha), cssOf(parseColor(palette.background), 0.75 * alpha))
  }
}

/** Filled, with slanting lines of the ground where there is room for them. */
function paintHatched(target: DrawTarget, [x, y, width, height]: readonly [number, number, number, number], color: string, ground: string): void {
  target.fillRect(x, y, width, height, color)
  if (width < 5) return
  for (let at = y + height; at > y + width; at -= 5) target.line([x, at, x + width, at - width], { color: ground, widthPx: 1.2 })
}
