import { paintAxes, paintAxisNames, placeOn } from '../../../canvas/chart-axes'
import { paintBadge, sideColor, sideDash } from '../../../canvas/chart-sides'
import type { DrawTarget } from '../../../canvas/draw-target'
import type { Palette } from '../../../canvas/palette'
import { survivalPoints, type SurvivalLayout } from './layout'

export interface SurvivalPicture {
  readonly layout: SurvivalLayout
  readonly xName: string
  readonly yName: string
  readonly ageText: (age: number) => string
  /** Letter of the chosen line, null for none. */
  readonly chosen: string | null
}

export function paintSurvival(target: DrawTarget, palette: Palette, { layout, xName, yName, ageText, chosen }: SurvivalPicture): void {
  const { area, x, y, lines, xTicks, yTicks, labels } = layout
  paintAxes(target, palette, area, {
    x: xTicks.map((age) => ({ at: placeOn(x, age), text: ageText(age) })),
    y: yTicks.map((share) => ({ at: placeOn(y, share), text: `${Math.round(share * 100)} %` })),
  })
  paintAxisNames(target, palette, area, { x: xName, y: yName })
  lines.forEach(({ side, curve }, i) => {
    const points = survivalPoints(layout, curve)
    if (side.letter === chosen) target.line(points, { color: palette.text, widthPx: 5 })
    target.line(points, { color: sideColor(palette, side), widthPx: 2.2, dash: sideDash(side) })
    const end = points.length - 2
    // A small upright stroke: from here on nothing is known, what lived was still alive.
    if (curve.censored > 0) target.line([points[end]!, points[end + 1]! - 4, points[end]!, points[end + 1]! + 4], { color: sideColor(palette, side), widthPx: 2 })
    paintBadge(target, palette, side, area.right + 14, labels[i]!)
  })
}

/** The age pointed at, with a mark on each curve. */
export function paintAge(target: DrawTarget, palette: Palette, layout: SurvivalLayout, index: number): void {
  const at = Math.round(placeOn(layout.x, layout.ages[index]!)) + 0.5
  target.line([at, layout.area.top, at, layout.area.bottom], { color: palette.dim, dash: [3, 3] })
}
