import { CellState } from '../../../shared/analysis/map-tiles'
import type { TilingLayer } from '../../../shared/analysis/tiling-series'
import type { Bytes } from '../../../shared/base/units'
import type { DrawTarget } from '../../canvas/draw-target'
import type { LegendEntry } from '../../canvas/framed-picture'
import { cssOf, inkOn, mix, parseColor, type Palette } from '../../canvas/palette'
import type { Viewport } from '../../canvas/viewport'
import { timelineArea } from './layout'
import { paintAxisTicks, paintMarks, type TimelineMark } from './paint'
import { LAYER_TEXTS, layerLabels, layOutTiling, STACK_ORDER, type LaidLayer, type TilingStretch } from './tiling-layout'

export interface TilingPicture {
  readonly view: Viewport
  readonly stretch: TilingStretch
  /** Top of the scale. */
  readonly most: Bytes
  readonly marks: readonly TimelineMark[]
}

interface LayerLook {
  readonly state: CellState
  /** Of the state's colour; the rest is ground. */
  readonly share: number
  /** Second mark: upright strokes this far apart, with gaps. */
  readonly strokes?: { readonly everyPx: number; readonly dash: readonly number[] }
}

const LOOKS: Readonly<Record<TilingLayer, LayerLook>> = {
  live: { state: CellState.Busy, share: 1 },
  header: { state: CellState.Busy, share: 0.62 },
  rounding: { state: CellState.Busy, share: 0.35, strokes: { everyPx: 9, dash: [1, 3] } },
  internal: { state: CellState.Internal, share: 1 },
  pinnedFree: { state: CellState.FreePinned, share: 1, strokes: { everyPx: 6, dash: [] } },
  releasableFree: { state: CellState.FreeReleasable, share: 1, strokes: { everyPx: 10, dash: [2, 4] } },
  cachedFree: { state: CellState.Cached, share: 1, strokes: { everyPx: 4, dash: [] } },
  uncommitted: { state: CellState.Uncommitted, share: 0.25, strokes: { everyPx: 7, dash: [4, 3] } },
}

export const layerColor = (palette: Palette, name: TilingLayer): string => cssOf(mix(parseColor(palette.states[LOOKS[name].state]!), parseColor(palette.panel), LOOKS[name].share))

/** From the ground up, for pictures that leave the window. */
export const TILING_LEGEND: readonly LegendEntry[] = STACK_ORDER.map((name) => ({ name: LAYER_TEXTS[name].name, letter: LAYER_TEXTS[name].letter, color: (palette) => layerColor(palette, name) }))

export function paintTiling(target: DrawTarget, palette: Palette, { view, stretch, most, marks }: TilingPicture): void {
  const area = timelineArea(target)
  paintAxisTicks(target, palette, view, most)
  const laid = layOutTiling(area, view, stretch, most)
  for (const layer of laid) paintLayer(target, palette, layer)
  // A seam in the ground's colour keeps neighbouring layers apart.
  for (const { top } of laid) target.line(top, { color: palette.panel, widthPx: 0.75 })
  for (const { name, x, y, insidePx } of layerLabels(laid, area)) {
    if (insidePx === null) target.text(LAYER_TEXTS[name].name, x, y, { color: palette.text, sizePx: 11 })
    else {
      const ground = layerColor(palette, name)
      target.fillRect(x - insidePx / 2, y - 6, insidePx, 12, ground)
      target.text(LAYER_TEXTS[name].name, x, y, { color: inkOn(parseColor(ground)), sizePx: 11, align: 'center' })
    }
  }
  paintMarks(target, palette, view, marks)
}

function paintLayer(target: DrawTarget, palette: Palette, { name, top, outline }: LaidLayer): void {
  target.area(outline, layerColor(palette, name))
  const { strokes } = LOOKS[name]
  if (strokes === undefined) return
  const ink = cssOf(parseColor(palette.text), 0.35)
  const corners = top.length
  let next = -Infinity
  for (let i = 0; i < corners; i += 4) {
    const [from, upper, to] = [top[i]!, top[i + 1]!, top[i + 2]!]
    // The floor stands behind the top in the outline, from right to left.
    const lower = outline[outline.length - i - 1]!
    const first = Math.ceil(Math.max(from, next) / strokes.everyPx) * strokes.everyPx
    for (let x = first; x < to; x += strokes.everyPx) {
      if (lower - upper > 3) target.line([x + 0.5, upper + 1, x + 0.5, lower - 1], { color: ink, dash: strokes.dash })
      next = x + 1
    }
  }
}
