import { assertNever } from '../base/assert'
import type { Address, Bytes, RowIndex } from '../base/units'
import { roundDown, roundUp } from '../base/units'
import { BlockState, type BlockTable, type Snapshot } from '../model/snapshot'
import { firstRowEndingAfter } from './block-search'

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
const STATES = CELL_STATE_NAMES.length

/** `cells` cells from `address` on. */
export interface MapRange {
  readonly address: Address
  readonly cells: number
}

/** Cells of all ranges one after another. */
export interface MapTile {
  /** CellState holding most bytes of the cell. */
  readonly state: Uint8Array
  /** Share of the cell's bytes in that state, 0..255. */
  readonly share: Uint8Array
  /** 1 where a block begins inside the cell. */
  readonly starts: Uint8Array
}

/** Cells of every range, each `bytesPerCell` bytes; bytes outside all segments are gaps. */
export function buildMapTile(snapshot: Snapshot, ranges: readonly MapRange[], bytesPerCell: Bytes): MapTile {
  const cells = ranges.reduce((sum, range) => sum + range.cells, 0)
  const tile: MapTile = { state: new Uint8Array(cells), share: new Uint8Array(cells), starts: new Uint8Array(cells) }
  let first = 0
  for (const range of ranges) {
    fillRange(snapshot, range, bytesPerCell, tile, first)
    first += range.cells
  }
  return tile
}

function fillRange(snapshot: Snapshot, range: MapRange, bytesPerCell: Bytes, tile: MapTile, first: number): void {
  const { blocks } = snapshot
  const end = range.address + range.cells * bytesPerCell
  const bytes = new Float64Array(range.cells * STATES)
  const add = (from: Address, to: Address, state: CellState): void => {
    const low = Math.max(from, range.address) - range.address
    const high = Math.min(to, end) - range.address
    for (let at = low; at < high; ) {
      const cell = Math.floor(at / bytesPerCell)
      const next = Math.min(high, (cell + 1) * bytesPerCell)
      bytes[cell * STATES + state]! += next - at
      at = next
    }
  }
  for (let row = firstRowEndingAfter(blocks, range.address); row < blocks.length; row++) {
    const address = blocks.address.at(row)
    if (address >= end) break
    if (address >= range.address) tile.starts[first + Math.floor((address - range.address) / bytesPerCell)] = 1
    addBlock(snapshot, row, add)
  }
  for (let cell = 0; cell < range.cells; cell++) {
    let best: number = CellState.Gap
    let most = 0
    for (let state = 1; state < STATES; state++) {
      const count = bytes[cell * STATES + state]!
      if (count > most) {
        most = count
        best = state
      }
    }
    tile.state[first + cell] = best
    tile.share[first + cell] = best === CellState.Gap ? 255 : Math.round((255 * most) / bytesPerCell)
  }
}

type AddPiece = (from: Address, to: Address, state: CellState) => void

function addBlock(snapshot: Snapshot, row: RowIndex, add: AddPiece): void {
  const { blocks } = snapshot
  const from = blocks.address.at(row)
  const to = from + blocks.size.at(row)
  const state = blocks.state.at(row) as BlockState
  switch (state) {
    case BlockState.Busy:
      return add(from, to, CellState.Busy)
    case BlockState.Internal:
      return add(from, to, CellState.Internal)
    case BlockState.Cached:
      return add(from, to, CellState.Cached)
    case BlockState.Uncommitted:
      return add(from, to, CellState.Uncommitted)
    case BlockState.Free: {
      const split = releasablePart(blocks, row, snapshot.pageBytes)
      add(from, split.from, CellState.FreePinned)
      add(split.from, split.to, CellState.FreeReleasable)
      return add(split.to, to, CellState.FreePinned)
    }
    default:
      return assertNever(state)
  }
}

/** The part of a free block on pages that hold nothing busy or internal (W_rel of fragmentation metric M11); empty as [to, to). */
export function releasablePart(blocks: BlockTable, row: RowIndex, pageBytes: Bytes): { from: Address; to: Address } {
  const from = blocks.address.at(row)
  const to = from + blocks.size.at(row)
  const low = occupiedBefore(blocks, row, roundDown(from, pageBytes)) ? roundUp(from, pageBytes) : from
  const high = occupiedAfter(blocks, row, roundUp(to, pageBytes)) ? roundDown(to, pageBytes) : to
  return low < high ? { from: low, to: high } : { from: to, to }
}

const isOccupied = (state: number): boolean => state === BlockState.Busy || state === BlockState.Internal

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
