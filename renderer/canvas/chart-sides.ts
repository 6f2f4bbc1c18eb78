import type { CssColor, CssPixels, DrawTarget } from './draw-target'
import type { LegendEntry } from './framed-picture'
import { inkOn, parseColor, type Palette } from './palette'

/* How the sides of a comparison look in every chart: a colour, a letter and a kind of line. */
export interface ChartSide {
  /** `A`, `B`, ... */
  readonly letter: string
  readonly name: string
  /** Number of its colour; beyond the last colour they begin again, the letter tells them apart. */
  readonly mark: number
}

export const sideColor = (palette: Palette, side: ChartSide): CssColor => palette.marks[side.mark % palette.marks.length]!

const DASHES: readonly (readonly CssPixels[])[] = [[], [7, 3], [2, 3], [9, 3, 2, 3], [5, 5], [1, 2]]

/** Second mark of lines. */
export const sideDash = (side: ChartSide): readonly CssPixels[] => DASHES[side.mark % DASHES.length]!

export const sideLegend = (side: ChartSide): LegendEntry => ({ letter: side.letter, name: side.name, color: (palette) => sideColor(palette, side) })

const BADGE: CssPixels = 13

/** The side's letter on its colour, around (x, y). */
export function paintBadge(target: DrawTarget, palette: Palette, side: ChartSide, x: CssPixels, y: CssPixels): void {
  const color = sideColor(palette, side)
  target.fillRect(x - BADGE / 2, y - BADGE / 2, BADGE, BADGE, color)
  target.text(side.letter, x, y + 0.5, { color: inkOn(parseColor(color)), sizePx: 10, bold: true, align: 'center', font: 'mono' })
}

/** A dot as a polygon: targets know rectangles and areas. */
export function circle(x: CssPixels, y: CssPixels, radius: CssPixels): number[] {
  const points: number[] = []
  for (let i = 0; i < 12; i++) points.push(x + radius * Math.cos((i * Math.PI) / 6), y + radius * Math.sin((i * Math.PI) / 6))
  return points
}
