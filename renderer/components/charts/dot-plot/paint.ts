import { placeOn } from '../../../canvas/chart-axes'
import { circle, paintBadge, sideColor } from '../../../canvas/chart-sides'
import type { DrawTarget } from '../../../canvas/draw-target'
import { cssOf, parseColor, type Palette } from '../../../canvas/palette'
import { BAR_ROOM, DOT_RADIUS, type DotChoice, type DotLayout, type DotRow } from './layout'

export interface DotPicture {
  readonly layout: DotLayout
  readonly rows: readonly DotRow[]
  readonly selected: DotChoice | null
  readonly tickText: (value: number) => string
}

export function paintDots(target: DrawTarget, palette: Palette, { layout, rows, selected, tickText }: DotPicture): void {
  const { area, scale, ticks } = layout
  for (const tick of ticks) {
    const x = Math.round(placeOn(scale, tick)) + 0.5
    target.line([x, area.top, x, area.bottom], { color: palette.line })
    target.text(tickText(tick), x, area.bottom + 11, { color: palette.dim, font: 'mono', sizePx: 10, align: 'center' })
  }
  rows.forEach((row, i) => paintRow(target, palette, layout, row, i))
  for (const dot of layout.dots) {
    const isSelected = selected !== null && selected.row === dot.row && selected.run === dot.run
    const color = sideColor(palette, rows[dot.row]!.side)
    target.area(circle(dot.x, dot.y, DOT_RADIUS), cssOf(parseColor(color), isSelected ? 1 : 0.75))
    target.line(circle(dot.x, dot.y, DOT_RADIUS + (isSelected ? 2.5 : 0)), { color: isSelected ? palette.text : palette.panel, widthPx: isSelected ? 2 : 1, closed: true })
  }
}

function paintRow(target: DrawTarget, palette: Palette, { area, scale, rowHeight }: DotLayout, { side, median, interval }: DotRow, index: number): void {
  const bottom = area.top + (index + 1) * rowHeight
  const y = bottom - BAR_ROOM / 2
  paintBadge(target, palette, side, 17, bottom - rowHeight / 2)
  target.line([area.left, Math.round(bottom) + 0.5, area.right, Math.round(bottom) + 0.5], { color: palette.line })
  const color = sideColor(palette, side)
  if (interval !== null) {
    const [low, high] = [placeOn(scale, interval.low), placeOn(scale, interval.high)]
    target.line([low, y, high, y], { color, widthPx: 2 })
    for (const x of [low, high]) target.line([x, y - 3, x, y + 3], { color, widthPx: 2 })
  }
  if (median === null) return
  const x = placeOn(scale, median)
  target.fillRect(x - 1.5, y - 6, 3, 12, palette.text)
}
