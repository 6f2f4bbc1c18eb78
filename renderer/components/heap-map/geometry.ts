import type { MapRange } from '../../../shared/analysis/cell-writer'
import type { Address, Bytes } from '../../../shared/base/units'
import type { CssPixels } from '../../canvas/draw-target'
import { addressOfCell, borderOfCells, boxOfCell, buildHilbertSpace, cellAt, cellOfAddress, hilbertRanges, type HilbertSpace } from './hilbert-layout'
import {
  addressAt, buildMapSpace, cellLeft, clampTopRow, COARSEST_BYTES_PER_CELL, outlineOf, rowOfAddress, topRowKeeping, topRowRevealing, visibleParts,
  type MapOptions, type MapSegment, type MapSize, type MapSpace, type VisiblePart,
} from './layout'

export const MAP_LAYOUTS = ['rows', 'hilbert'] as const
export type MapLayout = (typeof MAP_LAYOUTS)[number]

export interface MapPlace {
  readonly x: CssPixels
  readonly y: CssPixels
}

interface Stretch {
  readonly address: Address
  readonly sizeBytes: Bytes
}

/** Lines of an outline: one closed line, or pieces of a border. */
export interface MapOutline {
  readonly lines: readonly (readonly number[])[]
  readonly isClosed: boolean
}

/**
 * Where the cells of a map lie, at one zoom and in one layout. A scroll position counts rows, or squares of a Hilbert curve:
 * `top` is the first one shown.
 */
export interface MapGeometry {
  readonly segments: readonly MapSegment[]
  readonly bytesPerCell: Bytes
  readonly drawing: { readonly layout: 'rows'; readonly space: MapSpace } | { readonly layout: 'hilbert'; readonly space: HilbertSpace }
  readonly total: number
  /** Rows or squares that are seen at once. */
  readonly shown: number
  /** Bytes of a row or square. */
  readonly unitBytes: Bytes
  readonly unitName: 'row' | 'square'
  clamp(top: number): number
  /** The position that keeps `address` at the height of a place when the zoom changes. */
  keeping(address: Address, place: MapPlace): number
  /** The position nearest to `top` that shows `address`. */
  revealing(top: number, address: Address): number
  /** null beside the cells. */
  addressAt(top: number, x: CssPixels, y: CssPixels): Address | null
  /** Middle of the address's cell; it may lie out of sight. */
  placeOf(top: number, address: Address): MapPlace
  /** What the cells shown are, in the order a tile has them. */
  ranges(top: number): MapRange[]
  outline(top: number, stretch: Stretch): MapOutline
  /** Address of the cell a line above (-1) or below; null where the picture ends. */
  lineFrom(top: number, address: Address, lines: number): Address | null
  /** Parts of rows; none in a Hilbert curve. */
  parts(top: number): readonly VisiblePart[]
}

export interface GeometryWish extends MapOptions {
  readonly layout: MapLayout
  readonly segments: readonly MapSegment[]
  readonly size: MapSize
}

export const buildGeometry = (wish: GeometryWish, bytesPerCell: Bytes): MapGeometry => (wish.layout === 'rows' ? rowGeometry(wish, bytesPerCell) : hilbertGeometry(wish, bytesPerCell))

/** Coarse enough that everything is seen at once. */
export function fittingGeometry(wish: GeometryWish): Bytes {
  return finest((bytesPerCell) => {
    const { total, shown } = buildGeometry(wish, bytesPerCell)
    return total <= shown
  })
}

/** Fine enough that a block of `bytes` fills up to half the view. */
export function geometryForBlock(wish: GeometryWish, bytes: Bytes): Bytes {
  return finest((bytesPerCell) => {
    const { unitBytes, shown } = buildGeometry(wish, bytesPerCell)
    return bytes / unitBytes <= shown / 2
  })
}

function finest(isEnough: (bytesPerCell: Bytes) => boolean): Bytes {
  for (let bytesPerCell = 1; bytesPerCell < COARSEST_BYTES_PER_CELL; bytesPerCell *= 2) if (isEnough(bytesPerCell)) return bytesPerCell
  return COARSEST_BYTES_PER_CELL
}

function rowGeometry({ segments, size, ...options }: GeometryWish, bytesPerCell: Bytes): MapGeometry {
  const space = buildMapSpace(segments, size, bytesPerCell, options)
  const { height } = size
  const yOf = (top: number, address: Address): CssPixels => space.plotTop + (rowOfAddress(space, address) + 0.5 - top) * space.rowPitch
  const xOf = (address: Address): CssPixels => {
    const segment = segments.filter(({ base }) => base <= address).at(-1)
    const column = segment === undefined ? 0 : Math.floor(((address - segment.base) % space.rowBytes) / bytesPerCell)
    return cellLeft(space, column + 0.5)
  }
  return {
    segments, bytesPerCell, drawing: { layout: 'rows', space }, total: space.totalRows, shown: (height - space.plotTop) / space.rowPitch, unitBytes: space.rowBytes, unitName: 'row',
    clamp: (top) => clampTopRow(space, top, height),
    keeping: (address, { y }) => topRowKeeping(space, address, y, height),
    revealing: (top, address) => topRowRevealing(space, top, address, height),
    addressAt: (top, x, y) => addressAt(space, top, x, y),
    placeOf: (top, address) => ({ x: xOf(address), y: yOf(top, address) }),
    ranges: (top) => visibleParts(space, top, height).flatMap((part) => (part.kind === 'cells' ? [{ address: part.address, cells: part.cells }] : [])),
    outline: (top, stretch) => {
      const points = outlineOf(space, top, stretch, height)
      return { lines: points.length === 0 ? [] : [points], isClosed: true }
    },
    lineFrom: (_, address, lines) => {
      const row = rowOfAddress(space, address) + lines
      if (row < 0 || row >= space.totalRows) return null
      // A band or the empty end of a segment lies there: take the start of the row.
      return addressAt(space, row, xOf(address), space.plotTop) ?? addressAt(space, row, space.plotLeft + 1, space.plotTop)
    },
    parts: (top) => visibleParts(space, top, height),
  }
}

function hilbertGeometry({ segments, size }: GeometryWish, bytesPerCell: Bytes): MapGeometry {
  const space = buildHilbertSpace(segments, size, bytesPerCell)
  const { totalSquares, squaresShown, cellsPerSquare } = space
  const clamp = (top: number): number => Math.min(Math.max(0, Math.round(top)), Math.max(0, totalSquares - squaresShown))
  const squareOf = (address: Address): number => Math.floor(cellOfAddress(space, address) / cellsPerSquare)
  const addressOf = (top: number, x: CssPixels, y: CssPixels): Address | null => {
    const cell = cellAt(space, clamp(top), x, y)
    return cell === null ? null : addressOfCell(space, cell)
  }
  const placeOf = (top: number, address: Address): MapPlace => {
    const { x, y, edge } = boxOfCell(space, clamp(top), cellOfAddress(space, address))
    return { x: x + edge / 2, y: y + edge / 2 }
  }
  return {
    segments, bytesPerCell, drawing: { layout: 'hilbert', space }, total: totalSquares, shown: squaresShown, unitBytes: cellsPerSquare * bytesPerCell, unitName: 'square', clamp,
    keeping: (address, { x }) => clamp(squareOf(address) - Math.min(squaresShown - 1, Math.max(0, Math.floor((x / Math.max(1, size.width)) * squaresShown)))),
    revealing: (top, address) => {
      const square = squareOf(address)
      return square >= clamp(top) && square < clamp(top) + squaresShown ? clamp(top) : clamp(square)
    },
    addressAt: addressOf,
    placeOf,
    ranges: (top) => hilbertRanges(space, clamp(top)),
    outline: (top, { address, sizeBytes }) => {
      const from = cellOfAddress(space, address)
      return { lines: borderOfCells(space, clamp(top), from, Math.max(from + 1, cellOfAddress(space, address + sizeBytes - 1) + 1)), isClosed: false }
    },
    lineFrom: (top, address, lines) => {
      const { x, y } = placeOf(top, address)
      return addressOf(top, x, y + lines * (space.edge / space.side))
    },
    parts: () => [],
  }
}
