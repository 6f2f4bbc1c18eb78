import { CellState } from '../../../../shared/analysis/map-tiles'
import { bandPoints, paintAxes, placeOn } from '../../../canvas/chart-axes'
import type { DrawTarget } from '../../../canvas/draw-target'
import { cssOf, parseColor, type Palette } from '../../../canvas/palette'
import { formatBytes } from '../../format'
import { probeMarks, requestAt, spacePoints, type SpaceLayout, type SpacePanel } from './layout'

export interface SpacePicture {
  readonly layout: SpaceLayout
  /** Smallest request the filter keeps holes for, null for none. */
  readonly request: number | null
}

const NAMES = { unusable: 'unusable part of the free bytes', available: 'bytes such requests can get' } as const

export function paintSpace(target: DrawTarget, palette: Palette, { layout, request }: SpacePicture): void {
  for (const panel of layout.panels) {
    const { area, x, y, mode } = panel
    paintAxes(target, palette, area, {
      x: [],
      y: panel.yTicks.map((value) => ({ at: placeOn(y, value), text: mode === 'unusable' ? `${Math.round(value * 100)} %` : formatBytes(value) })),
    })
    for (const bytes of layout.xTicks) target.text(formatBytes(bytes), placeOn(x, bytes), area.bottom + 23, { color: palette.dim, font: 'mono', sizePx: 10, align: 'center' })
    target.text(NAMES[mode], area.left - 54, area.top - 13, { color: palette.dim, sizePx: 11 })
    target.text('size of a request', area.right, area.top - 13, { color: palette.faint, sizePx: 11, align: 'right' })
    if (layout.curve.freeBytes > 0) paintCurve(target, palette, layout, panel)
    paintProbe(target, palette, layout, panel)
    if (request !== null) {
      const at = Math.min(area.right, Math.max(area.left, placeOn(x, request)))
      target.fillRect(at, area.top, area.right - at, area.bottom - area.top, cssOf(parseColor(palette.accent), 0.14))
      target.line([at, area.top, at, area.bottom], { color: palette.accent, widthPx: 1.5 })
    }
  }
}

function paintCurve(target: DrawTarget, palette: Palette, { first, curve }: SpaceLayout, panel: SpacePanel): void {
  const { area, x, mode } = panel
  const color = palette.states[mode === 'unusable' ? CellState.FreePinned : CellState.FreeReleasable]!
  const points = spacePoints(panel, first)
  target.area(bandPoints(points, [area.left, area.bottom, area.right, area.bottom]), cssOf(parseColor(color), 0.25))
  target.line(points, { color, widthPx: 2 })
  const at = Math.min(area.right, placeOn(x, curve.largestBytes))
  target.line([at, area.top, at, area.bottom], { color: palette.text, widthPx: 1, dash: [4, 3] })
  const isLeft = at > (area.left + area.right) / 2
  target.text(`largest hole ${formatBytes(curve.largestBytes)}`, at + (isLeft ? -5 : 5), area.top + 7, { color: palette.text, sizePx: 11, align: isLeft ? 'right' : 'left' })
}

/** Filled where the manager serves, hollow where it refuses. */
function paintProbe(target: DrawTarget, palette: Palette, { probe }: SpaceLayout, panel: SpacePanel): void {
  if (probe === null) return
  const { area } = panel
  for (const { left, width, isServed } of probeMarks(panel, probe)) {
    const inner = Math.max(1, width - 1)
    if (isServed) target.fillRect(left, area.bottom + 5, inner, 7, palette.good)
    else target.strokeRect(left + 0.5, area.bottom + 5.5, Math.max(0, inner - 1), 6, { color: palette.bad, widthPx: 1 })
  }
}

/** The request pointed at, on both curves. */
export function paintRequest(target: DrawTarget, palette: Palette, layout: SpaceLayout, index: number): void {
  for (const { area, x } of layout.panels) {
    const at = Math.round(placeOn(x, requestAt(layout, index))) + 0.5
    target.line([at, area.top, at, area.bottom], { color: palette.text, dash: [3, 3] })
  }
}
