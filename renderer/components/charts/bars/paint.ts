import { paintAxes, placeOn } from '../../../canvas/chart-axes'
import type { DrawTarget } from '../../../canvas/draw-target'
import { cssOf, parseColor, type Palette } from '../../../canvas/palette'
import { barBox, slotLeft, type BarLayout, type BarPanel, type SlotRange } from './layout'

export interface BarPicture {
  readonly layout: BarLayout
  readonly panels: readonly BarPanel[]
  readonly labels: readonly string[]
  readonly range: SlotRange | null
  /** What the slots are, below the last panel's right end. */
  readonly xName: string
}

/** Of bars whose blocks the filter leaves out. */
const PALE = 0.28

export function paintBars(target: DrawTarget, palette: Palette, { layout, panels, labels, range, xName }: BarPicture): void {
  layout.panels.forEach((panel, i) => {
    const { name, valueText, series } = panels[i]!
    const { area, y, ticks, slotWidth } = panel
    if (range !== null) target.fillRect(slotLeft(panel, range.from), area.top, (range.to - range.from + 1) * slotWidth, area.bottom - area.top, cssOf(parseColor(palette.accent), 0.16))
    paintAxes(target, palette, area, {
      x: layout.labelled.map((slot) => ({ at: slotLeft(panel, slot) + slotWidth / 2, text: labels[slot]! })),
      y: ticks.map((tick) => ({ at: placeOn(y, tick), text: valueText(tick) })),
    })
    target.text(name, area.left - 54, area.top - 13, { color: palette.dim, sizePx: 11 })
    target.text(xName, area.right, area.top - 13, { color: palette.faint, sizePx: 11, align: 'right' })
    for (let slot = 0; slot < layout.slots; slot++) {
      let from = 0
      for (const { values, kept, color } of series) {
        const value = values[slot]!
        const shown = kept?.[slot] ?? value
        if (shown < value) target.fillRect(...barBox(panel, slot, from, from + value), cssOf(parseColor(color(palette)), PALE))
        if (shown > 0) target.fillRect(...barBox(panel, slot, from, from + shown), color(palette))
        from += value
      }
    }
  })
}

/** The slot pointed at, in every panel. */
export function paintSlot(target: DrawTarget, palette: Palette, layout: BarLayout, slot: number): void {
  for (const panel of layout.panels) target.strokeRect(slotLeft(panel, slot), panel.area.top, panel.slotWidth, panel.area.bottom - panel.area.top, { color: palette.text, widthPx: 1 })
}
