import type { MapColoring } from '../../../shared/analysis/map-colors/colorings'
import { COLORING_FACTS, type ColorEntry } from '../../../shared/analysis/map-colors/colorings'
import type { CssColor } from '../../canvas/draw-target'
import type { LegendEntry } from '../../canvas/framed-picture'
import type { Palette } from '../../canvas/palette'
import { drawn, pathOf } from './cell-patterns'

/*
 * How the values of a colouring look. Names have a pattern each, like the states; steps of a scale get lighter or darker
 * from first to last and carry their digit where there is room.
 */
export interface ColorMark {
  readonly scheme: 'set' | 'scale' | 'change'
  /** Number of its colour in the palette's list of that scheme. */
  readonly number: number
  /** Number of its pattern, 0 = plain. */
  readonly pattern: number
}

const SET_OTHERS = 9
const SET_UNKNOWN = 10

/** Marks of the entries of a legend, in their order. */
export function colorMarks(by: MapColoring, entries: readonly ColorEntry[]): ColorMark[] {
  const { scheme } = COLORING_FACTS[by]
  return entries.map(({ letter }, i) => {
    if (scheme === 'scale') return { scheme, number: entries.length === 1 ? 8 : Math.round((8 * i) / (entries.length - 1)), pattern: 0 }
    if (scheme === 'change') return { scheme, number: i, pattern: [0, 3, 5, 1][i] ?? 0 }
    const number = letter === '…' ? SET_OTHERS : letter === '?' ? SET_UNKNOWN : i
    return { scheme, number, pattern: number }
  })
}

export const colorOf = (palette: Palette, { scheme, number }: ColorMark): CssColor => palette[scheme][number] ?? palette.faint

export const variableOf = ({ scheme, number }: ColorMark): string => `--${scheme}-${number}`

/** Patterns of names; the first nine, others, unknown. */
const DRAWINGS: readonly (readonly string[])[] = [
  ['........', '........', '........', '........', '........', '........', '........', '........'],
  ['........', '########', '........', '........', '........', '########', '........', '........'],
  ['#...#...', '.#...#..', '..#...#.', '...#...#', '#...#...', '.#...#..', '..#...#.', '...#...#'],
  ['........', '.#...#..', '........', '...#...#', '........', '.#...#..', '........', '...#...#'],
  ['#...#...', '#...#...', '#...#...', '#...#...', '#...#...', '#...#...', '#...#...', '#...#...'],
  ['...#...#', '..#...#.', '.#...#..', '#...#...', '...#...#', '..#...#.', '.#...#..', '#...#...'],
  ['#...#...', '########', '#...#...', '#...#...', '#...#...', '########', '#...#...', '#...#...'],
  ['#.#.#.#.', '........', '#.#.#.#.', '........', '#.#.#.#.', '........', '#.#.#.#.', '........'],
  ['##..##..', '##..##..', '..##..##', '..##..##', '##..##..', '##..##..', '..##..##', '..##..##'],
  ['........', '........', '........', '...##...', '...##...', '........', '........', '........'],
  ['......#.', '.....#..', '....#...', '...#....', '..#.....', '.#......', '#.......', '.......#'],
]
/** `COLOR_PATTERN_PIXELS[pattern * 64 + y * 8 + x]` is 1 where the pattern has a mark. */
export const COLOR_PATTERN_PIXELS: Uint8Array = Uint8Array.from(DRAWINGS.flatMap(drawn))
export const COLOR_PATTERNS = DRAWINGS.length

/** The pattern as an SVG path over 8 x 8 units, for legends. */
export const colorPatternPath = (pattern: number): string => pathOf(DRAWINGS[pattern] ?? [])

/** For pictures that leave the window: values that occur. */
export function coloringLegend(by: MapColoring, entries: readonly ColorEntry[]): LegendEntry[] {
  const marks = colorMarks(by, entries)
  return entries.flatMap(({ name, letter, bytes }, i) => (bytes === 0 ? [] : [{ name, letter, color: (palette: Palette) => colorOf(palette, marks[i]!) }]))
}
