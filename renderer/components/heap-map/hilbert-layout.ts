import type { MapRange } from '../../../shared/analysis/cell-writer'
import type { Address, Bytes } from '../../../shared/base/units'
import type { CssPixels } from '../../canvas/draw-target'
import type { MapSegment, MapSize } from './layout'

/*
 * Cells of a memory map along Hilbert curves. Squares stand side by side; the curve enters each at its lower left corner and
 * leaves it at the lower right, where the next begins, so that one curve runs through all of them:
 *
 *   +-----+ +-----+
 *   | ┌┐  | | ┌┐  |      cells 0 .. 4^order - 1 in the first square, and so on
 *   | │└┐ | | │└┐ |
 *   +-┘─└-+-+-┘─└-+
 *
 * Segments follow each other without their distances, each from a new cell on. Neighbours in a square need not be
 * neighbours in memory, but neighbours in memory are neighbours in the picture.
 */
export interface HilbertSpace extends FoldedCells {
  /** A square has `side` x `side` cells; a power of two. */
  readonly side: number
  readonly cellsPerSquare: number
  /** Edge of a square. */
  readonly edge: CssPixels
  readonly squaresShown: number
  readonly totalSquares: number
  /** Cell of the curve at column + row * side, counted from the upper left. */
  readonly curve: Uint32Array
}

/** Cells of all segments one after another, without what lies between them. */
export interface FoldedCells {
  readonly segments: readonly MapSegment[]
  readonly bytesPerCell: Bytes
  /** First cell of each segment. */
  readonly firstCells: Float64Array
  readonly totalCells: number
}

export function foldedCells(segments: readonly MapSegment[], bytesPerCell: Bytes): FoldedCells {
  const firstCells = new Float64Array(segments.length)
  let totalCells = 0
  segments.forEach(({ reservedBytes }, i) => {
    firstCells[i] = totalCells
    totalCells += Math.max(1, Math.ceil(reservedBytes / bytesPerCell))
  })
  return { segments, bytesPerCell, firstCells, totalCells }
}

export const HILBERT_LEFT: CssPixels = 12
export const HILBERT_TOP: CssPixels = 20
const GAP: CssPixels = 10
const MARGIN: CssPixels = 6
const MOST_ORDER = 9
const LEAST_ORDER = 2

const curves = new Map<number, Uint32Array>()

/** Cells of one square by place, upper left first. */
export function hilbertCurve(side: number): Uint32Array {
  const known = curves.get(side)
  if (known !== undefined) return known
  const curve = new Uint32Array(side * side)
  for (let d = 0; d < curve.length; d++) {
    const { x, y } = placeOnCurve(side, d)
    curve[(side - 1 - y) * side + x] = d
  }
  curves.set(side, curve)
  return curve
}

/** Column and row (upwards) of a cell; the usual turns from the smallest square to the largest. */
export function placeOnCurve(side: number, cell: number): { readonly x: number; readonly y: number } {
  let x = 0
  let y = 0
  for (let size = 1, rest = cell; size < side; size *= 2, rest = Math.floor(rest / 4)) {
    const right = 1 & (rest >> 1)
    const up = 1 & (rest ^ right)
    if (up === 0) {
      if (right === 1) {
        x = size - 1 - x
        y = size - 1 - y
      }
      ;[x, y] = [y, x]
    }
    x += size * right
    y += size * up
  }
  return { x, y }
}

const cellPixels = (bytesPerCell: Bytes): CssPixels => (bytesPerCell >= 16 ? 2 : bytesPerCell >= 4 ? 4 : bytesPerCell >= 2 ? 8 : 16)

export function buildHilbertSpace(segments: readonly MapSegment[], { width, height }: MapSize, bytesPerCell: Bytes): HilbertSpace {
  const inside = Math.max(16, width - 2 * HILBERT_LEFT)
  const edge = Math.max(16, Math.min(inside, height - HILBERT_TOP - MARGIN))
  const order = Math.min(MOST_ORDER, Math.max(LEAST_ORDER, Math.floor(Math.log2(edge / cellPixels(bytesPerCell)))))
  const side = 2 ** order
  const cells = foldedCells(segments, bytesPerCell)
  const cellsPerSquare = side * side
  return {
    ...cells, side, cellsPerSquare, edge, squaresShown: Math.max(1, Math.floor((inside + GAP) / (edge + GAP))),
    totalSquares: Math.max(1, Math.ceil(cells.totalCells / cellsPerSquare)), curve: hilbertCurve(side),
  }
}

/** Left edge of the n-th square shown. */
export const squareLeft = ({ edge }: HilbertSpace, shown: number): CssPixels => HILBERT_LEFT + shown * (edge + GAP)

/** Index of the last segment whose first cell is at most `cell`. */
export function segmentOfCell({ firstCells }: FoldedCells, cell: number): number {
  let low = 0
  let high = firstCells.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (firstCells[middle]! <= cell) low = middle + 1
    else high = middle
  }
  return low - 1
}

export function addressOfCell(space: FoldedCells, cell: number): Address | null {
  if (cell < 0 || cell >= space.totalCells) return null
  const segment = segmentOfCell(space, cell)
  return space.segments[segment]!.base + (cell - space.firstCells[segment]!) * space.bytesPerCell
}

/** Cell of an address; of one in no segment, the nearest before it, or the first. */
export function cellOfAddress({ segments, firstCells, bytesPerCell }: FoldedCells, address: Address): number {
  let segment = 0
  while (segment + 1 < segments.length && segments[segment + 1]!.base <= address) segment++
  const found = segments[segment]
  if (found === undefined || address < found.base) return 0
  return firstCells[segment]! + Math.floor((Math.min(address, found.base + found.reservedBytes - 1) - found.base) / bytesPerCell)
}

/** Cells [from, to) as ranges of addresses, in order. */
export function rangesOfCells(cells: FoldedCells, from: number, to: number): MapRange[] {
  const { segments, firstCells, totalCells, bytesPerCell } = cells
  const end = Math.min(totalCells, to)
  const ranges: MapRange[] = []
  let cell = from
  for (let i = Math.max(0, segmentOfCell(cells, cell)); i < segments.length && cell < end; i++) {
    const next = Math.min(end, i + 1 < segments.length ? firstCells[i + 1]! : totalCells)
    ranges.push({ address: segments[i]!.base + (cell - firstCells[i]!) * bytesPerCell, cells: next - cell })
    cell = next
  }
  return ranges
}

/** The cells shown from square `first` on, in the order of the curve. */
export const hilbertRanges = (space: HilbertSpace, first: number): MapRange[] => rangesOfCells(space, first * space.cellsPerSquare, (first + space.squaresShown) * space.cellsPerSquare)

/** Cell at a place, or null beside the squares and behind the last cell. */
export function cellAt(space: HilbertSpace, first: number, x: CssPixels, y: CssPixels): number | null {
  const { side, edge, squaresShown } = space
  const shown = Math.floor((x - HILBERT_LEFT) / (edge + GAP))
  const column = Math.floor(((x - squareLeft(space, shown)) / edge) * side)
  const row = Math.floor(((y - HILBERT_TOP) / edge) * side)
  if (shown < 0 || shown >= squaresShown || column < 0 || column >= side || row < 0 || row >= side) return null
  const cell = (first + shown) * space.cellsPerSquare + space.curve[row * side + column]!
  return cell < space.totalCells ? cell : null
}

/** Upper left corner and edge of a cell; it may lie in a square that is not shown. */
export function boxOfCell(space: HilbertSpace, first: number, cell: number): { readonly x: CssPixels; readonly y: CssPixels; readonly edge: CssPixels } {
  const { side, edge, cellsPerSquare } = space
  const square = Math.floor(cell / cellsPerSquare)
  const { x, y } = placeOnCurve(side, cell - square * cellsPerSquare)
  const unit = edge / side
  return { x: squareLeft(space, square - first) + x * unit, y: HILBERT_TOP + (side - 1 - y) * unit, edge: unit }
}

/**
 * Border of the cells [from, to) of the curve, as lines x0, y0, x1, y1 along edges of cells. A stretch of the curve consists
 * of few whole squares of the curve; only the cells along their edges are looked at.
 */
export function borderOfCells(space: HilbertSpace, first: number, from: number, to: number): number[][] {
  const low = Math.max(from, first * space.cellsPerSquare)
  const high = Math.min(to, (first + space.squaresShown) * space.cellsPerSquare)
  const lines: number[][] = []
  for (let at = low; at < high; ) {
    let size = 1
    while (size < space.side && at % (size * size * 4) === 0 && at + size * size * 4 <= high) size *= 2
    borderOfSquare(space, first, { cell: at, size, low, high }, lines)
    at += size * size
  }
  return lines
}

interface CurveSquare {
  /** First cell of size * size. */
  readonly cell: number
  readonly size: number
  /** The stretch the border is of. */
  readonly low: number
  readonly high: number
}

function borderOfSquare(space: HilbertSpace, first: number, { cell, size, low, high }: CurveSquare, lines: number[][]): void {
  const { side, cellsPerSquare, curve, edge } = space
  const square = Math.floor(cell / cellsPerSquare)
  const start = placeOnCurve(side, cell - square * cellsPerSquare)
  const left = start.x - (start.x % size)
  const top = side - size - (start.y - (start.y % size))
  const unit = edge / side
  const [x0, y0] = [squareLeft(space, square - first), HILBERT_TOP]
  const isInside = (column: number, row: number): boolean => {
    if (column < 0 || row < 0 || column >= side || row >= side) return false
    const other = square * cellsPerSquare + curve[row * side + column]!
    return other >= low && other < high
  }
  /** One side of the square: `place(k)` is the neighbour beyond its k-th cell, `line` the edge of cells [a, b). */
  const walk = (place: (k: number) => readonly [number, number], line: (a: number, b: number) => number[]): void => {
    let open = -1
    for (let k = 0; k <= size; k++) {
      const isBorder = k < size && !isInside(...place(k))
      if (isBorder && open < 0) open = k
      if (!isBorder && open >= 0) {
        lines.push(line(open, k))
        open = -1
      }
    }
  }
  const [right, bottom] = [left + size, top + size]
  walk((k) => [left + k, top - 1], (a, b) => [x0 + (left + a) * unit, y0 + top * unit, x0 + (left + b) * unit, y0 + top * unit])
  walk((k) => [left + k, bottom], (a, b) => [x0 + (left + a) * unit, y0 + bottom * unit, x0 + (left + b) * unit, y0 + bottom * unit])
  walk((k) => [left - 1, top + k], (a, b) => [x0 + left * unit, y0 + (top + a) * unit, x0 + left * unit, y0 + (top + b) * unit])
  walk((k) => [right, top + k], (a, b) => [x0 + right * unit, y0 + (top + a) * unit, x0 + right * unit, y0 + (top + b) * unit])
}
