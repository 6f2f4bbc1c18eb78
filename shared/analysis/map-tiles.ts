import { CHUNK_LENGTH, CHUNK_SHIFT } from '../base/column'
import type { Address, Bytes, RowIndex } from '../base/units'
import { roundDown, roundUp } from '../base/units'
import { BlockState, type BlockTable, type Snapshot } from '../model/snapshot'
import { firstRowEndingAfter } from './block-search'
import { CellWriter, FULL_SHARE, type MapRange } from './cell-writer'

/*
 * Cells of a memory map. A range of addresses is cut into cells of equal bytes:
 *
 *   blocks   [busy    ][free          ][busy ]
 *   cells    |  0   |  1   |  2   |  3   |
 *   state      busy   busy?  free   free        the state with most bytes wins, `share` tells how clearly
 */

/** What one cell shows. */
export const CellState = { Gap: 0, Busy: 1, Internal: 2, FreePinned: 3, FreeReleasable: 4, Cached: 5, Uncommitted: 6 } as const
export type CellState = (typeof CellState)[keyof typeof CellState]
export const CELL_STATE_NAMES = ['not reserved', 'busy', 'internal', 'free, pinned', 'free, releasable', 'cached', 'uncommitted'] as const

/** Cells of all ranges one after another. */
export interface MapTile {
  /** CellState holding most bytes of the cell. */
  readonly state: Uint8Array
  /** Share of the cell's bytes in that state, 0..255. */
  readonly share: Uint8Array
  /** 1 where a block begins inside the cell. */
  readonly starts: Uint8Array
  /** With a filter: share of the cell's bytes that belong to blocks it keeps, 0..255. */
  readonly chosen?: Uint8Array
  /** Coloured by something else than the state: code of the colouring's value (map-colors/colorings.ts), 0 = none; where there is one, \`share\` is its share. */
  readonly color?: Uint8Array
}

/** Cells of every range, each `bytesPerCell` bytes; bytes outside all segments are gaps. `chosen`: 1 for each block row that stands out. */
export function buildMapTile(snapshot: Snapshot, ranges: readonly MapRange[], bytesPerCell: Bytes, chosen?: Uint8Array): MapTile {
  const cells = ranges.reduce((sum, range) => sum + range.cells, 0)
  const tile: MapTile = { state: new Uint8Array(cells), share: new Uint8Array(cells), starts: new Uint8Array(cells) }
  let first = 0
  for (const range of ranges) {
    fillRange(snapshot, range, bytesPerCell, tile, first)
    first += range.cells
  }
  return chosen === undefined ? tile : { ...tile, chosen: chosenShares(snapshot, ranges, bytesPerCell, { rows: chosen, cells }) }
}

function chosenShares({ blocks }: Snapshot, ranges: readonly MapRange[], bytesPerCell: Bytes, { rows, cells }: { rows: Uint8Array; cells: number }): Uint8Array {
  const bytes = new Float64Array(cells)
  let first = 0
  for (const range of ranges) {
    const end = range.address + range.cells * bytesPerCell
    for (let row = firstRowEndingAfter(blocks, range.address); row < blocks.length; row++) {
      const start = blocks.address.chunks[row >>> CHUNK_SHIFT]![row & (CHUNK_LENGTH - 1)]!
      if (start >= end) break
      if (rows[row] === 0) continue
      const from = Math.max(start, range.address)
      const to = Math.min(start + blocks.size.at(row), end)
      for (let at = from; at < to; ) {
        const cell = Math.floor((at - range.address) / bytesPerCell)
        const next = Math.min(to, range.address + (cell + 1) * bytesPerCell)
        bytes[first + cell]! += next - at
        at = next
      }
    }
    first += range.cells
  }
  return Uint8Array.from(bytes, (value) => chosenShare(value, bytesPerCell))
}

/** The least share is still seen: a chosen block is never lost in its cell. */
export const chosenShare = (bytes: Bytes, bytesPerCell: Bytes): number => (bytes === 0 ? 0 : Math.max(1, Math.round((FULL_SHARE * bytes) / bytesPerCell)))

function fillRange(snapshot: Snapshot, range: MapRange, bytesPerCell: Bytes, tile: MapTile, first: number): void {
  const { blocks, pageBytes } = snapshot
  const end = range.address + range.cells * bytesPerCell
  const writer = new CellWriter({ kind: tile.state, share: tile.share }, CELL_STATE_NAMES.length, first, range, bytesPerCell)
  const rows = blocks.length
  let row = firstRowEndingAfter(blocks, range.address)
  // Chunk by chunk over plain arrays: Column.at serves arrays of many types and costs several times as much.
  while (row < rows) {
    const chunk = row >>> CHUNK_SHIFT
    const addresses = blocks.address.chunks[chunk]!
    const sizes = blocks.size.chunks[chunk]!
    const states = blocks.state.chunks[chunk]!
    const chunkEnd = Math.min(rows, (chunk + 1) * CHUNK_LENGTH)
    for (; row < chunkEnd; row++) {
      const i = row & (CHUNK_LENGTH - 1)
      const from = addresses[i]!
      if (from >= end) return writer.finish()
      if (from >= range.address) tile.starts[first + Math.floor((from - range.address) / bytesPerCell)] = 1
      const state = states[i] as BlockState
      const to = from + sizes[i]!
      if (state !== BlockState.Free) writer.add(from, to, CELL_OF_STATE[state])
      else if (i > 0 && i < CHUNK_LENGTH - 1 && row + 1 < rows && isOccupied(states[i - 1]!) && isOccupied(states[i + 1]!) && isPinnedWhole(from, to, addresses[i - 1]! + sizes[i - 1]!, addresses[i + 1]!, pageBytes)) writer.add(from, to, CellState.FreePinned)
      else addFree(blocks, row, pageBytes, writer)
    }
  }
  writer.finish()
}

/**
 * Most free blocks lie in one page or two, each shared with the occupied block that ends at `before` or begins at `after`: nothing of
 * them is releasable, which is known without a look at further rows. False tells nothing.
 */
function isPinnedWhole(from: Address, to: Address, before: Address, after: Address, pageBytes: Bytes): boolean {
  const firstPage = roundDown(from, pageBytes)
  const end = roundUp(to, pageBytes)
  const low = from === firstPage ? from : before > firstPage ? firstPage + pageBytes : NaN
  const high = to === end ? to : after < end ? end - pageBytes : NaN
  return low >= high
}

function addFree(blocks: BlockTable, row: RowIndex, pageBytes: Bytes, writer: CellWriter): void {
  const from = blocks.address.at(row)
  const to = from + blocks.size.at(row)
  const releasable = releasablePart(blocks, row, pageBytes)
  writer.add(from, releasable.from, CellState.FreePinned)
  writer.add(releasable.from, releasable.to, CellState.FreeReleasable)
  writer.add(releasable.to, to, CellState.FreePinned)
}

/** By BlockState; free blocks are split by page and do not come here. */
export const CELL_OF_STATE: readonly CellState[] = [CellState.Busy, CellState.FreePinned, CellState.Cached, CellState.Internal, CellState.Uncommitted]

/** The part of a free block on pages that hold nothing busy or internal (W_rel of fragmentation metric M11); empty as [to, to). */
export function releasablePart(blocks: BlockTable, row: RowIndex, pageBytes: Bytes): { from: Address; to: Address } {
  const from = blocks.address.at(row)
  const to = from + blocks.size.at(row)
  const pageOfStart = roundDown(from, pageBytes)
  const pageAfterEnd = roundUp(to, pageBytes)
  const low = from > pageOfStart && occupiedBefore(blocks, row, pageOfStart) ? pageOfStart + pageBytes : from
  const high = to < pageAfterEnd && occupiedAfter(blocks, row, pageAfterEnd) ? pageAfterEnd - pageBytes : to
  return low < high ? { from: low, to: high } : { from: to, to }
}

export const isOccupied = (state: number): boolean => state === BlockState.Busy || state === BlockState.Internal

function occupiedBefore(blocks: BlockTable, row: RowIndex, pageStart: Address): boolean {
  for (let r = row - 1; r >= 0 && blocks.address.at(r) + blocks.size.at(r) > pageStart; r--) {
    if (isOccupied(blocks.state.at(r))) return true
  }
  return false
}

function occupiedAfter(blocks: BlockTable, row: RowIndex, pageEnd: Address): boolean {
  for (let r = row + 1; r < blocks.length && blocks.address.at(r) < pageEnd; r++) {
    if (isOccupied(blocks.state.at(r))) return true
  }
  return false
}
