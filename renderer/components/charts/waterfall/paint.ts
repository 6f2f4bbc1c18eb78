import type { CssPixels, DrawTarget } from '../../../canvas/draw-target'
import { cssOf, parseColor, type Palette } from '../../../canvas/palette'
import { placeOn } from '../../../canvas/chart-axes'
import { formatBytes, formatCount, formatDifference } from '../../format'
import { barOf, rowTop, type WaterfallLayout, type WaterfallRow } from './layout'

/* More is filled, less is hollow and hatched: direction shows without colour. */
export function paintWaterfall(target: DrawTarget, palette: Palette, layout: WaterfallLayout, selected: string | null): void {
  const { area, rows, rowHeight, scale, ticks } = layout
  for (const tick of ticks) {
    const x = Math.round(placeOn(scale, tick)) + 0.5
    target.line([x, area.top, x, area.bottom], { color: palette.line })
    target.text(formatBytes(tick), x, area.bottom + 11, { color: palette.dim, font: 'mono', sizePx: 10, align: 'center' })
  }
  rows.forEach((row, i) => {
    const middle = rowTop(layout, i) + rowHeight / 2
    if (row.key === selected) target.fillRect(0, rowTop(layout, i), target.width, rowHeight, cssOf(parseColor(palette.accent), 0.16))
    target.text(row.label, 12, middle, { color: palette.text, sizePx: 12, bold: row.kind === 'total' })
    target.text(row.kind === 'total' ? formatCount(row.bytes) : formatDifference(row.bytes), target.width - 12, middle, { color: palette.text, font: 'mono', sizePx: 11, align: 'right', bold: row.kind === 'total' })
    paintBar(target, palette, layout, row, i)
    if (i > 0 && row.kind !== 'total') paintConnector(target, palette, layout, i)
  })
}

const LEAST_BAR: CssPixels = 4

function paintBar(target: DrawTarget, palette: Palette, layout: WaterfallLayout, row: WaterfallRow, index: number): void {
  const { x, width } = barOf(layout, row)
  const height = Math.max(LEAST_BAR, Math.min(18, layout.rowHeight - 6))
  const y = rowTop(layout, index) + (layout.rowHeight - height) / 2
  if (row.kind === 'total') {
    target.fillRect(x, y, width, height, palette.dim)
    if (layout.isCut) paintCut(target, palette, x + 10, y, height)
    return
  }
  if (width === 0) return target.line([x, y, x, y + height], { color: palette.faint, widthPx: 1.5 })
  const color = row.kind === 'rest' ? palette.changed : row.bytes > 0 ? palette.bad : palette.good
  if (row.bytes > 0) return target.fillRect(x, y, width, height, color)
  target.fillRect(x, y, width, height, cssOf(parseColor(color), 0.18))
  for (let at = x + 4; at < x + width - 1; at += 6) target.line([at, y + height, Math.min(at + 4, x + width), y], { color })
  target.strokeRect(x + 0.75, y + 0.75, Math.max(0.5, width - 1.5), height - 1.5, { color, widthPx: 1.5 })
}

/** Two slanted lines through the bar: it is longer than drawn. */
function paintCut(target: DrawTarget, palette: Palette, x: CssPixels, y: CssPixels, height: CssPixels): void {
  for (const at of [x, x + 5]) target.line([at, y + height + 2, at + 4, y - 2], { color: palette.background, widthPx: 2 })
}

/** From the end of the row before to the start of this one. */
function paintConnector(target: DrawTarget, palette: Palette, layout: WaterfallLayout, index: number): void {
  const x = Math.round(placeOn(layout.scale, layout.rows[index]!.from)) + 0.5
  const top = rowTop(layout, index - 1) + layout.rowHeight / 2
  target.line([x, top, x, rowTop(layout, index) + layout.rowHeight / 2], { color: palette.faint, dash: [2, 2] })
}
