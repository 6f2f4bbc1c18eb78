import type { Address, Bytes } from '../../../shared/base/units'
import type { CssPixels } from '../../canvas/draw-target'

/*
 * Places of a memory map. Addresses run in rows of cells; every segment begins on a new row and the unreserved
 * space between two segments is folded into one labelled band.
 *
 *   0x…0000 |#########----####|   row = cellsPerRow cells of bytesPerCell bytes
 *   0x…1000 |####|                the last row of a segment may be short
 *        ── not reserved, 3.2 GiB ──
 *   0x…9000 |------#####------|
 *
 * Rows are counted over the whole space, bands included, so that a scroll position is one number.
 */
export interface MapSegment {
  readonly base: Address
  readonly reservedBytes: Bytes
}

export interface MapSize {
  readonly width: CssPixels
  readonly height: CssPixels
}

export interface MapSpace {
  readonly segments: readonly MapSegment[]
  readonly bytesPerCell: Bytes
  readonly cellsPerRow: number
  readonly rowBytes: Bytes
  /** Distance of two rows; the cells are one pixel less high. */
  readonly rowPitch: CssPixels
  readonly plotLeft: CssPixels
  /** Below the ruler of columns, where there is one. */
  readonly plotTop: CssPixels
  readonly plotWidth: CssPixels
  /** Rows that a band between segments takes. */
  readonly bandRows: number
  /** First row of each segment, its band excluded. */
  readonly firstRows: Float64Array
  readonly totalRows: number
}

/** One segment's visible rows, or a band. */
export type VisiblePart =
  | { readonly kind: 'cells'; readonly segment: number; readonly y: CssPixels; readonly rows: number; readonly address: Address; readonly cells: number }
  | { readonly kind: 'band'; readonly y: CssPixels; readonly height: CssPixels; readonly from: Address; readonly bytes: Bytes }

export const LABEL_WIDTH: CssPixels = 124
export const MAP_PADDING: CssPixels = 12
/** Ruler of columns above the rows. */
export const RULER_HEIGHT: CssPixels = 16
const BAND_HEIGHT: CssPixels = 16
/** Beyond this many segments bands shrink to one unlabelled row, else they would fill the view. */
const MOST_LABELLED_BANDS = 48
export const COARSEST_BYTES_PER_CELL = 2 ** 40

/** Fine levels have larger cells: below the granularity of heaps a cell is looked at, not scanned. */
function cellSize(bytesPerCell: Bytes): { width: CssPixels; pitch: CssPixels } {
  if (bytesPerCell >= 16) return { width: 2, pitch: 6 }
  if (bytesPerCell >= 8) return { width: 3, pitch: 9 }
  if (bytesPerCell >= 4) return { width: 4, pitch: 12 }
  if (bytesPerCell >= 2) return { width: 6, pitch: 15 }
  return { width: 8, pitch: 18 }
}

/** Rows are a power of two of cells, so that addresses at their starts are round. */
const cellsPerRowIn = (plotWidth: CssPixels, cellWidth: CssPixels): number => 2 ** Math.max(3, Math.floor(Math.log2(Math.max(8, plotWidth / cellWidth))))

export interface MapOptions {
  /** Limits the row height, so that maps side by side can share one. */
  readonly mostPitch?: CssPixels
  /** Height of the ruler of columns, 0 for none. */
  readonly ruler?: CssPixels
}

export function buildMapSpace(segments: readonly MapSegment[], size: MapSize, bytesPerCell: Bytes, { mostPitch = Infinity, ruler = 0 }: MapOptions = {}): MapSpace {
  const cell = cellSize(bytesPerCell)
  const plotWidth = Math.max(16, size.width - LABEL_WIDTH - MAP_PADDING)
  const cellsPerRow = cellsPerRowIn(plotWidth, cell.width)
  const rowBytes = cellsPerRow * bytesPerCell
  const bandRows = segments.length > MOST_LABELLED_BANDS ? 1 : Math.ceil(BAND_HEIGHT / cell.pitch)
  const rows = countRows(segments, rowBytes, bandRows)
  // A space that leaves room is stretched, up to twice the height, instead of leaving the panel empty.
  const stretched = Math.min(mostPitch, cell.pitch * 2, Math.floor((size.height - ruler) / Math.max(1, rows.totalRows)))
  const rowPitch = Math.max(cell.pitch, stretched)
  return { segments, bytesPerCell, cellsPerRow, rowBytes, rowPitch, plotLeft: LABEL_WIDTH, plotTop: ruler, plotWidth, bandRows, ...rows }
}

const endOf = (segment: MapSegment): Address => segment.base + segment.reservedBytes

const hasBandBefore = (segments: readonly MapSegment[], index: number): boolean => index > 0 && segments[index]!.base > endOf(segments[index - 1]!)

function countRows(segments: readonly MapSegment[], rowBytes: Bytes, bandRows: number): { firstRows: Float64Array; totalRows: number } {
  const firstRows = new Float64Array(segments.length)
  let row = 0
  for (let i = 0; i < segments.length; i++) {
    if (hasBandBefore(segments, i)) row += bandRows
    firstRows[i] = row
    row += Math.max(1, Math.ceil(segments[i]!.reservedBytes / rowBytes))
  }
  return { firstRows, totalRows: row }
}

const rowsOf = (space: MapSpace, segment: number): number => Math.max(1, Math.ceil(space.segments[segment]!.reservedBytes / space.rowBytes))

/** Coarse enough that everything is visible at once. */
export function fittingBytesPerCell(segments: readonly MapSegment[], size: MapSize, options: MapOptions = {}): Bytes {
  for (let bytesPerCell = 1; bytesPerCell < COARSEST_BYTES_PER_CELL; bytesPerCell *= 2) {
    const space = buildMapSpace(segments, size, bytesPerCell, options)
    if (space.totalRows * space.rowPitch + space.plotTop <= size.height) return bytesPerCell
  }
  return COARSEST_BYTES_PER_CELL
}

/** Fine enough that a block of `bytes` fills up to half the view. */
export function bytesPerCellForBlock(segments: readonly MapSegment[], size: MapSize, bytes: Bytes): Bytes {
  for (let bytesPerCell = 1; bytesPerCell < COARSEST_BYTES_PER_CELL; bytesPerCell *= 2) {
    const space = buildMapSpace(segments, size, bytesPerCell)
    if ((bytes / space.rowBytes) * space.rowPitch <= size.height / 2) return bytesPerCell
  }
  return COARSEST_BYTES_PER_CELL
}

/** Index of the last value <= `wanted`, -1 when there is none; `at(i)` rises with i. */
function lastAtMost(count: number, wanted: number, at: (index: number) => number): number {
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >>> 1
    if (at(middle) <= wanted) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** Row (with fraction along the row dropped) that shows `address`; an address in no segment gives the nearest row after it. */
export function rowOfAddress(space: MapSpace, address: Address): number {
  const segment = lastAtMost(space.segments.length, address, (i) => space.segments[i]!.base)
  if (segment < 0) return 0
  const inside = Math.min(address, endOf(space.segments[segment]!) - 1) - space.segments[segment]!.base
  return space.firstRows[segment]! + Math.floor(inside / space.rowBytes)
}

/** Address under a place, or null beside the cells and in bands. `topRow` may have a fraction. */
export function addressAt(space: MapSpace, topRow: number, x: CssPixels, y: CssPixels): Address | null {
  const column = Math.floor(((x - space.plotLeft) / space.plotWidth) * space.cellsPerRow)
  if (column < 0 || column >= space.cellsPerRow || y < space.plotTop) return null
  const row = Math.floor(topRow + (y - space.plotTop) / space.rowPitch)
  const segment = lastAtMost(space.segments.length, row, (i) => space.firstRows[i]!)
  if (segment < 0 || row >= space.firstRows[segment]! + rowsOf(space, segment)) return null
  const address = space.segments[segment]!.base + (row - space.firstRows[segment]!) * space.rowBytes + column * space.bytesPerCell
  return address < endOf(space.segments[segment]!) ? address : null
}

/** What is visible from row `topRow` on, from top to bottom. */
export function visibleParts(space: MapSpace, topRow: number, height: CssPixels): VisiblePart[] {
  const first = Math.floor(topRow)
  const last = Math.min(space.totalRows, Math.ceil(topRow + (height - space.plotTop) / space.rowPitch))
  const parts: VisiblePart[] = []
  const yOf = (row: number): CssPixels => space.plotTop + Math.round((row - topRow) * space.rowPitch)
  for (let i = Math.max(0, lastAtMost(space.segments.length, first, (s) => space.firstRows[s]!)); i < space.segments.length; i++) {
    const start = space.firstRows[i]!
    const segment = space.segments[i]!
    if (hasBandBefore(space.segments, i) && start > first && start - space.bandRows < last) {
      const from = endOf(space.segments[i - 1]!)
      parts.push({ kind: 'band', y: yOf(start - space.bandRows), height: space.bandRows * space.rowPitch, from, bytes: segment.base - from })
    }
    if (start >= last) break
    const from = Math.max(first, start)
    const rows = Math.min(last, start + rowsOf(space, i)) - from
    if (rows <= 0) continue
    const address = segment.base + (from - start) * space.rowBytes
    const cells = Math.min(rows * space.cellsPerRow, Math.ceil((endOf(segment) - address) / space.bytesPerCell))
    parts.push({ kind: 'cells', segment: i, y: yOf(from), rows, address, cells })
  }
  return parts
}

export function clampTopRow(space: MapSpace, topRow: number, height: CssPixels): number {
  return Math.min(Math.max(0, topRow), Math.max(0, space.totalRows - (height - space.plotTop) / space.rowPitch))
}

/** The scroll position that keeps `address` at height `y` when the zoom changes. */
export function topRowKeeping(space: MapSpace, address: Address, y: CssPixels, height: CssPixels): number {
  return clampTopRow(space, rowOfAddress(space, address) - Math.floor((y - space.plotTop) / space.rowPitch), height)
}

/** The scroll position nearest to `topRow` that shows `address` (with a row to spare). */
export function topRowRevealing(space: MapSpace, topRow: number, address: Address, height: CssPixels): number {
  const row = rowOfAddress(space, address)
  const rows = Math.floor((height - space.plotTop) / space.rowPitch)
  if (row >= topRow && row + 1 <= topRow + rows) return topRow
  return clampTopRow(space, row - Math.floor(rows / 2), height)
}

/** Left edge of a cell of a row, CSS pixels; cells share the width to the pixel. */
export const cellLeft = (space: MapSpace, column: number): CssPixels => space.plotLeft + (column / space.cellsPerRow) * space.plotWidth

/**
 * Outline of [address, address + bytes) as corner points of a closed line, empty when out of sight.
 *
 *        x0┌─────────┐
 *   ┌──────┘         │
 *   │         x1┌────┘
 *   └───────────┘
 */
export function outlineOf(space: MapSpace, topRow: number, block: { address: Address; sizeBytes: Bytes }, height: CssPixels): number[] {
  const segment = lastAtMost(space.segments.length, block.address, (i) => space.segments[i]!.base)
  if (segment < 0 || block.address >= endOf(space.segments[segment]!)) return []
  const { base } = space.segments[segment]!
  const firstCell = Math.floor((block.address - base) / space.bytesPerCell)
  const lastCell = Math.max(firstCell, Math.ceil((block.address + block.sizeBytes - base) / space.bytesPerCell) - 1)
  const firstRow = Math.floor(firstCell / space.cellsPerRow)
  const lastRow = Math.floor(lastCell / space.cellsPerRow)
  const yOf = (row: number): CssPixels => space.plotTop + Math.round((space.firstRows[segment]! + row - topRow) * space.rowPitch)
  const top = yOf(firstRow)
  const bottom = yOf(lastRow + 1) - 1
  if (bottom < space.plotTop || top > height) return []
  const x0 = cellLeft(space, firstCell % space.cellsPerRow)
  const x1 = cellLeft(space, (lastCell % space.cellsPerRow) + 1)
  if (firstRow === lastRow) return [x0, top, x1, top, x1, bottom, x0, bottom]
  const left = space.plotLeft
  const right = space.plotLeft + space.plotWidth
  const upper = yOf(firstRow + 1)
  const lower = yOf(lastRow)
  return [x0, top, right, top, right, lower, x1, lower, x1, bottom, left, bottom, left, upper, x0, upper]
}
