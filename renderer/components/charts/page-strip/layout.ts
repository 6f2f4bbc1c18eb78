import type { CssPixels } from '../../../canvas/draw-target'

/*
 * Cells in rows, in order of address, row under row:
 *
 *   ■■■■■■■■■■■■     `columns` cells a row, as large as fits; the engine is asked for no more cells than there is room for,
 *   ■■■■□■■■■■■■     so that a cell is one page or 2, 4, 8 ... of them
 *   ■■■
 */
export interface StripLayout {
  readonly cell: CssPixels
  readonly columns: number
  readonly rows: number
  readonly left: CssPixels
  readonly top: CssPixels
}

const LARGEST: CssPixels = 32
const SMALLEST: CssPixels = 6
const MARGIN: CssPixels = 12
const TOP: CssPixels = 6

/** Cells there is room for at their smallest. */
export function roomFor(size: { readonly width: CssPixels; readonly height: CssPixels }): number {
  const columns = Math.floor((size.width - 2 * MARGIN) / SMALLEST)
  const rows = Math.floor((size.height - TOP - 4) / SMALLEST)
  return Math.max(1, columns * rows)
}

export function layOutStrip(cells: number, size: { readonly width: CssPixels; readonly height: CssPixels }): StripLayout {
  const width = Math.max(SMALLEST, size.width - 2 * MARGIN)
  const height = Math.max(SMALLEST, size.height - TOP - 4)
  let cell = LARGEST
  while (cell > SMALLEST && Math.floor(width / cell) * Math.floor(height / cell) < cells) cell--
  const columns = Math.max(1, Math.floor(width / cell))
  return { cell, columns, rows: Math.ceil(cells / columns), left: MARGIN, top: TOP }
}

export const cellBox = ({ cell, columns, left, top }: StripLayout, index: number): readonly [x: CssPixels, y: CssPixels, width: CssPixels, height: CssPixels] =>
  [left + (index % columns) * cell, top + Math.floor(index / columns) * cell, cell - 1, cell - 1]

/** Cell at a place, -1 for none. */
export function cellAt({ cell, columns, left, top }: StripLayout, cells: number, x: CssPixels, y: CssPixels): number {
  const column = Math.floor((x - left) / cell)
  const row = Math.floor((y - top) / cell)
  const index = row * columns + column
  return column < 0 || column >= columns || row < 0 || index >= cells ? -1 : index
}

/** Where a key leads to; -1 for keys that lead nowhere. */
export function cellBeside({ columns }: StripLayout, cells: number, index: number, key: string): number {
  const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns, PageUp: -4 * columns, PageDown: 4 * columns }
  if (key === 'Home') return 0
  if (key === 'End') return cells - 1
  const step = steps[key]
  if (step === undefined) return -1
  const next = index + step
  return Math.abs(step) > 1 && (next < 0 || next >= cells) ? (key.startsWith('Page') ? Math.min(cells - 1, Math.max(0, next)) : index) : Math.min(cells - 1, Math.max(0, next))
}

/** A stretch of pages: half or twice as long around a page, within all. */
export function zoomed({ first, count }: { readonly first: number; readonly count: number }, factor: number, around: number, pages: number): { readonly first: number; readonly count: number } {
  const next = Math.min(pages, Math.max(16, Math.round(count * factor)))
  const share = count === 0 ? 0 : (around - first) / count
  return { first: Math.min(pages - next, Math.max(0, Math.round(around - share * next))), count: next }
}
