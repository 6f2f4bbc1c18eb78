import type { PageStrip } from '../../../../shared/analysis/heap-charts/page-strip'
import { CellState } from '../../../../shared/analysis/map-tiles'
import type { DrawTarget } from '../../../canvas/draw-target'
import type { Palette } from '../../../canvas/palette'
import { cssOf, parseColor } from '../../../canvas/palette'
import { sequentialColor } from '../../../canvas/sequential'
import { cellBox, type StripLayout } from './layout'

export interface StripPicture {
  readonly layout: StripLayout
  readonly strip: PageStrip
  /** Addresses chosen, [from, to); null for none. */
  readonly range: { readonly from: number; readonly to: number } | null
  readonly isFiltered: boolean
}

export function paintStrip(target: DrawTarget, palette: Palette, { layout, strip, range, isFiltered }: StripPicture): void {
  const releasable = palette.states[CellState.FreeReleasable]!
  const cost = palette.states[CellState.FreePinned]!
  const veil = cssOf(parseColor(palette.panel), 0.72)
  for (let i = 0; i < strip.from.length; i++) {
    const [x, y, width, height] = cellBox(layout, i)
    const used = strip.used[i]!
    // Nothing used: hollow, so that it cannot be taken for a full or a nearly empty page.
    if (used === 0) target.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1, { color: releasable, widthPx: 1 })
    else target.fillRect(x, y, width, height, sequentialColor(palette, used))
    if (strip.sparse[i]! > 0) target.strokeRect(x + 1, y + 1, width - 2, height - 2, { color: cost, widthPx: 2 })
    if (isFiltered && strip.kept[i] === 0) target.fillRect(x, y, width, height, veil)
    if (range !== null && strip.from[i]! < range.to && strip.to[i]! > range.from) target.strokeRect(x - 0.5, y - 0.5, width + 1, height + 1, { color: palette.accent, widthPx: 1 })
  }
}
