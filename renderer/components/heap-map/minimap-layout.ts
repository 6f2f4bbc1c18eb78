import type { Address } from '../../../shared/base/units'
import type { CssPixels } from '../../canvas/draw-target'
import { addressOfCell, cellOfAddress, foldedCells, type FoldedCells } from './hilbert-layout'
import { COARSEST_BYTES_PER_CELL, type MapSegment, type MapSize } from './layout'

/*
 * The whole space on a narrow strip: rows of eight cells from top to bottom, segments one after another. The window that
 * the map shows is a frame over its rows.
 */
export interface MinimapSpace extends FoldedCells {
  readonly columns: number
  readonly rows: number
  readonly rowHeight: CssPixels
  readonly left: CssPixels
  readonly width: CssPixels
}

const COLUMNS = 8
const LEAST_ROW: CssPixels = 3
const MOST_ROW: CssPixels = 12
const MARGIN: CssPixels = 3

export function buildMinimap(segments: readonly MapSegment[], { width, height }: MapSize): MinimapSpace {
  const mostRows = Math.max(1, Math.floor(height / LEAST_ROW))
  let cells = foldedCells(segments, 4096)
  for (let bytesPerCell = 1; bytesPerCell < COARSEST_BYTES_PER_CELL; bytesPerCell *= 2) {
    cells = foldedCells(segments, bytesPerCell)
    // More segments than cells: rows become lower instead.
    if (cells.totalCells <= mostRows * COLUMNS || cells.totalCells === segments.length) break
  }
  const rows = Math.max(1, Math.ceil(cells.totalCells / COLUMNS))
  return { ...cells, columns: COLUMNS, rows, rowHeight: Math.min(MOST_ROW, height / rows), left: MARGIN, width: Math.max(COLUMNS, width - 2 * MARGIN) }
}

/** Upper and lower edge of the window [from, to) of addresses; never too low to be seen. */
export function windowFrame(space: MinimapSpace, from: Address, to: Address): { readonly top: CssPixels; readonly bottom: CssPixels } {
  const top = Math.floor(cellOfAddress(space, from) / space.columns) * space.rowHeight
  const bottom = (Math.floor(cellOfAddress(space, Math.max(from, to - 1)) / space.columns) + 1) * space.rowHeight
  return { top, bottom: Math.max(bottom, top + 4) }
}

/** Address at a height; heights beyond the strip are its ends. */
export function addressAtHeight(space: MinimapSpace, y: CssPixels): Address {
  const cell = Math.floor(y / space.rowHeight) * space.columns
  return addressOfCell(space, Math.min(space.totalCells - 1, Math.max(0, cell))) ?? 0
}
