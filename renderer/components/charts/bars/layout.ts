import { linearTicks, placeOn, type PlotArea, type Scale } from '../../../canvas/chart-axes'
import type { CssColor, CssPixels } from '../../../canvas/draw-target'
import type { Palette } from '../../../canvas/palette'

/*
 * Bars over the same slots in one or more panels side by side, so that two measures of a slot are read together:
 *
 *   blocks |   █                 bytes |         █     pale: all; full: what is kept
 *          | ▒ █ ▒                     |   ▒   ▒ █     a lighter ground: brushed slots
 *          |_█_█_█__                   |_▒_█_▒_█_█
 *            16  64                      16  64
 */
export interface BarSeries {
  readonly letter: string
  readonly name: string
  readonly color: (palette: Palette) => CssColor
  /** By slot. */
  readonly values: Float64Array
  /** Part of them that a filter keeps; all when absent. */
  readonly kept?: Float64Array
}

export interface BarPanel {
  readonly name: string
  readonly valueText: (value: number) => string
  /** Bytes have ticks at powers of two. */
  readonly isBytes: boolean
  /** Stand on one another. */
  readonly series: readonly BarSeries[]
}

export interface PanelLayout {
  readonly area: PlotArea
  readonly y: Scale
  readonly ticks: readonly number[]
  readonly slotWidth: CssPixels
}

export interface BarLayout {
  readonly panels: readonly PanelLayout[]
  readonly slots: number
  /** Slots whose label is written below, far enough apart. */
  readonly labelled: readonly number[]
}

/** Slots, both ends included. */
export interface SlotRange {
  readonly from: number
  readonly to: number
}

const LEFT: CssPixels = 62
const RIGHT: CssPixels = 12
const LABEL_DISTANCE: CssPixels = 54

export function layOutBars(panels: readonly BarPanel[], slots: number, size: { readonly width: CssPixels; readonly height: CssPixels }): BarLayout {
  const width = Math.max(LEFT + RIGHT + 40, size.width / Math.max(1, panels.length))
  const top = 24
  const bottom = Math.max(top + 20, size.height - 20)
  const slotWidth = (width - LEFT - RIGHT) / Math.max(1, slots)
  const every = Math.max(1, Math.ceil(LABEL_DISTANCE / slotWidth))
  return {
    slots,
    labelled: Array.from({ length: Math.ceil(slots / every) }, (_, i) => i * every),
    panels: panels.map((panel, i) => {
      const y: Scale = { kind: 'linear', from: 0, to: mostOf(panel, slots) * 1.05, start: bottom, end: top }
      const ticks = linearTicks(0, y.to, Math.max(1, Math.floor((bottom - top) / 26)), panel.isBytes).filter(Number.isInteger)
      return { area: { left: i * width + LEFT, right: (i + 1) * width - RIGHT, top, bottom }, y, ticks, slotWidth }
    }),
  }
}

function mostOf({ series }: BarPanel, slots: number): number {
  let most = 1
  for (let slot = 0; slot < slots; slot++) most = Math.max(most, series.reduce((sum, { values }) => sum + values[slot]!, 0))
  return most
}

/** Panel and slot at a place; beside the bars of a panel the nearest slot, null between the panels. */
export function slotAt({ panels, slots }: BarLayout, x: CssPixels, y: CssPixels): { readonly panel: number; readonly slot: number } | null {
  const panel = panels.findIndex(({ area }) => x >= area.left - 6 && x <= area.right + 6)
  if (panel < 0 || slots === 0 || y > panels[panel]!.area.bottom + 20) return null
  const { area, slotWidth } = panels[panel]!
  return { panel, slot: Math.min(slots - 1, Math.max(0, Math.floor((x - area.left) / slotWidth))) }
}

export const slotLeft = ({ area, slotWidth }: PanelLayout, slot: number): CssPixels => area.left + slot * slotWidth

/** Left end, width, top and height of a bar from one value up to another; what is not nothing is at least a pixel high. */
export function barBox({ area, y, slotWidth, ...rest }: PanelLayout, slot: number, from: number, to: number): readonly [x: CssPixels, y: CssPixels, width: CssPixels, height: CssPixels] {
  const gap = Math.min(3, slotWidth * 0.15)
  const low = placeOn(y, from)
  const height = to > from ? Math.max(1, low - placeOn(y, to)) : 0
  return [slotLeft({ area, y, slotWidth, ...rest }, slot) + gap, low - height, Math.max(0.75, slotWidth - 2 * gap), height]
}

/** The range that a key or a drag makes of the one there is. */
export const stretched = (range: SlotRange | null, cursor: number, by: number, slots: number): SlotRange | null => {
  if (slots === 0) return null
  const from = range?.from ?? Math.max(0, cursor)
  return { from, to: Math.min(slots - 1, Math.max(from, (range?.to ?? from) + by)) }
}
