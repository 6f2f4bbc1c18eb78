import { CellState } from '../../../shared/analysis/map-tiles'

/*
 * The second mark of each state beside its colour: an 8 x 8 pattern of marked pixels, and a letter where there is
 * room. Busy is plain, as it is most of a healthy heap.
 */
export const STATE_LETTERS = ['', 'B', 'I', 'P', 'R', 'C', 'U'] as const

const DRAWINGS: Record<CellState, readonly string[]> = {
  [CellState.Gap]: ['........', '........', '........', '........', '........', '........', '........', '........'],
  [CellState.Busy]: ['........', '........', '........', '........', '........', '........', '........', '........'],
  [CellState.Internal]: ['........', '########', '........', '........', '........', '########', '........', '........'],
  [CellState.FreePinned]: ['#...#...', '.#...#..', '..#...#.', '...#...#', '#...#...', '.#...#..', '..#...#.', '...#...#'],
  [CellState.FreeReleasable]: ['........', '.#...#..', '........', '...#...#', '........', '.#...#..', '........', '...#...#'],
  [CellState.Cached]: ['#...#...', '#...#...', '#...#...', '#...#...', '#...#...', '#...#...', '#...#...', '#...#...'],
  [CellState.Uncommitted]: ['......#.', '.....#..', '....#...', '...#....', '..#.....', '.#......', '#.......', '.......#'],
}

/** 1 where a drawing has a mark, row by row. */
export const drawn = (drawing: readonly string[]): number[] => drawing.flatMap((row) => [...row].map((pixel) => (pixel === '#' ? 1 : 0)))

/** `PATTERN_PIXELS[state * 64 + y * 8 + x]` is 1 where the pattern has a mark. */
export const PATTERN_PIXELS: Uint8Array = Uint8Array.from(Object.keys(DRAWINGS).flatMap((state) => drawn(DRAWINGS[Number(state) as CellState])))

/** A drawing as an SVG path over 8 x 8 units. */
export function pathOf(drawing: readonly string[]): string {
  const squares: string[] = []
  drawing.forEach((row, y) => {
    for (let x = 0; x < 8; x++) if (row[x] === '#') squares.push(`M${x} ${y}h1v1h-1z`)
  })
  return squares.join('')
}

/** The pattern as an SVG path, for legends and table rows. */
export const patternPath = (state: CellState): string => pathOf(DRAWINGS[state])
