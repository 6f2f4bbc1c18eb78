import { CellState } from '../../../shared/analysis/map-tiles'
import type { UnusableFreeCurve } from '../../../shared/analysis/metrics/holes'
import type { DrawTarget } from '../../canvas/draw-target'
import type { Palette } from '../../canvas/palette'
import { formatBytes } from '../format'
import { curveArea, curvePoints, curveSizeTicks } from './layout'

export function paintUnusableFree(target: DrawTarget, palette: Palette, curve: UnusableFreeCurve): void {
  const area = curveArea(target)
  for (let quarter = 0; quarter <= 4; quarter++) {
    const y = Math.round(area.bottom - (quarter / 4) * (area.bottom - area.top)) + 0.5
    target.line([area.left, y, area.right, y], { color: palette.line })
    target.text(`${quarter * 25} %`, area.left - 6, y, { color: palette.dim, font: 'mono', sizePx: 10, align: 'right' })
  }
  for (const { x, bytes } of curveSizeTicks(curve, area)) {
    target.text(formatBytes(bytes).replace(' ', '').replace('iB', ''), x, area.bottom + 11, { color: palette.dim, font: 'mono', sizePx: 10, align: 'center' })
  }
  target.line(curvePoints(curve, area), { color: palette.states[CellState.FreePinned]!, widthPx: 2 })
}
