import type { JobContext } from '../base/job-context'
import { CHUNK_LENGTH, CHUNK_SHIFT } from '../base/column'
import type { Address, Bytes } from '../base/units'
import type { Snapshot } from '../model/snapshot'
import { BlockState } from '../model/snapshot'
import { firstRowEndingAfter } from './block-search'
import { writeCell, type MapRange } from './cell-writer'
import { CELL_OF_STATE, CELL_STATE_NAMES, CellState, chosenShare, isOccupied, releasablePart, type MapTile } from './map-tiles'
import { PageIndex, type SegmentPages } from './page-index'

/*
 * Bytes of each state up to every page of every segment, so that a map cell of whole pages costs two look-ups and a
 * subtraction per state, however many blocks lie in it:
 *
 *   page        0      1      2      3      4
 *   busy sum    0   4000   6096   6096  10192      pages 1..2 hold 6096 - 4000 busy bytes
 *
 * Unlike halved pictures of pictures, the cells are exact, to the byte, at every zoom. Kept per moment: 7 numbers of 8 bytes
 * a page, which is 2.5 bytes a block at 184 bytes a block. The states are those of the map less "not reserved", and with them
 * the starts of blocks.
 */
const STATES = CELL_STATE_NAMES.length
/** Place 0 of a page's sums belongs to the map's "not reserved", which has no bytes: block starts are counted there. */
const STARTS = CellState.Gap
const ROWS_PER_CHECKPOINT = 1 << 16

export class PageSums {
  readonly [Symbol.toStringTag] = 'PageSums'
  readonly index: PageIndex
  /** STATES numbers for each page border. */
  readonly #sums: Float64Array

  private constructor(index: PageIndex, sums: Float64Array) {
    this.index = index
    this.#sums = sums
  }

  get byteLength(): Bytes {
    return this.#sums.byteLength
  }

  /** undefined where segments share pages, or have too many. Throws `cancelled`. */
  static async make(snapshot: Snapshot, job: JobContext): Promise<PageSums | undefined> {
    const index = PageIndex.of(snapshot)
    if (index === undefined) return undefined
    const sums = new Float64Array(index.borders * STATES)
    for (const [number, segment] of index.segments.entries()) {
      await addBlocks(snapshot, segment, sums, job)
      runSums(sums, segment)
      job.progress({ done: number + 1, total: index.segments.length, unit: 'segments' })
    }
    return new PageSums(index, sums)
  }

  /** Whether tiles of such cells can be answered: cells of whole pages that begin at a page. */
  fits(ranges: readonly MapRange[], bytesPerCell: Bytes): boolean {
    return this.index.fits(ranges, bytesPerCell)
  }

  /** Bytes of chosen blocks up to every page border, for `tile`; `rows` is 1 for each block row that is chosen. Throws `cancelled`. */
  async chosen({ blocks }: Snapshot, rows: Uint8Array, job: JobContext): Promise<Float64Array> {
    const { pageBytes, segments } = this.index
    const sums = new Float64Array(this.#sums.length / STATES)
    for (const { base, pages, first: firstPage } of segments) {
      const end = base + pages * pageBytes
      for (let row = firstRowEndingAfter(blocks, base); row < blocks.length; row++) {
        if (row % ROWS_PER_CHECKPOINT === 0) await job.checkpoint()
        if (rows[row] === 0) continue
        const from = blocks.address.chunks[row >>> CHUNK_SHIFT]![row & (CHUNK_LENGTH - 1)]!
        if (from >= end) break
        const to = Math.min(end, from + blocks.size.chunks[row >>> CHUNK_SHIFT]![row & (CHUNK_LENGTH - 1)]!)
        let page = Math.floor((from - base) / pageBytes)
        for (let at = from; at < to; page++) {
          const next = Math.min(to, base + (page + 1) * pageBytes)
          sums[firstPage + page + 1]! += next - at
          at = next
        }
      }
      for (let at = firstPage + 1; at <= firstPage + pages; at++) sums[at]! += sums[at - 1]!
    }
    return sums
  }

  /** The same as buildMapTile. Ranges must fit; `chosen` as `chosen` gives it. */
  tile(ranges: readonly MapRange[], bytesPerCell: Bytes, chosen?: Float64Array): MapTile {
    const cells = ranges.reduce((sum, range) => sum + range.cells, 0)
    const tile = { state: new Uint8Array(cells), share: new Uint8Array(cells), starts: new Uint8Array(cells), ...(chosen === undefined ? {} : { chosen: new Uint8Array(cells) }) }
    let first = 0
    for (const range of ranges) {
      this.#fill(range, bytesPerCell, { tile, chosen }, first)
      first += range.cells
    }
    return tile
  }

  #fill(range: MapRange, bytesPerCell: Bytes, { tile, chosen }: { readonly tile: MapTile; readonly chosen: Float64Array | undefined }, first: number): void {
    const sums = this.#sums
    const cells = { kind: tile.state, share: tile.share }
    const found = new Float64Array(STATES)
    let chosenBytes = 0
    this.index.addCells(range, bytesPerCell, {
      begin: () => {
        found.fill(0)
        chosenBytes = 0
      },
      add: (low, high) => {
        for (let state = 0; state < STATES; state++) found[state]! += sums[high * STATES + state]! - sums[low * STATES + state]!
        if (chosen !== undefined) chosenBytes += chosen[high]! - chosen[low]!
      },
      end: (cell) => {
        writeCell(cells, first + cell, found, bytesPerCell)
        tile.starts[first + cell] = found[STARTS]! > 0 ? 1 : 0
        if (tile.chosen !== undefined) tile.chosen[first + cell] = chosenShare(chosenBytes, bytesPerCell)
      },
    })
  }

  /** Busy and internal, and committed bytes between two borders of a segment. */
  occupied(low: number, high: number): { readonly used: Bytes; readonly committed: Bytes } {
    const sums = this.#sums
    const of = (state: CellState): Bytes => sums[high * STATES + state]! - sums[low * STATES + state]!
    const used = of(CellState.Busy) + of(CellState.Internal)
    return { used, committed: used + of(CellState.FreePinned) + of(CellState.FreeReleasable) + of(CellState.Cached) }
  }
}

/** Adds each block's bytes to the page border behind the page they lie on. */
async function addBlocks(snapshot: Snapshot, segment: SegmentPages, sums: Float64Array, job: JobContext): Promise<void> {
  const { blocks } = snapshot
  for (let row = firstRowEndingAfter(blocks, segment.base); row < blocks.length; ) {
    // Up to the next multiple, which is never beyond the end of a chunk.
    const to = Math.min(blocks.length, (Math.floor(row / ROWS_PER_CHECKPOINT) + 1) * ROWS_PER_CHECKPOINT)
    if (addRows(snapshot, segment, sums, row, to)) return
    row = to
    await job.checkpoint()
  }
}

/** Rows of one chunk; true when one of them lies behind the segment. */
function addRows({ blocks, pageBytes }: Snapshot, { base, pages, first: firstPage }: SegmentPages, sums: Float64Array, fromRow: number, toRow: number): boolean {
  const end = base + pages * pageBytes
  const chunk = fromRow >>> CHUNK_SHIFT
  const addresses = blocks.address.chunks[chunk]!
  const sizes = blocks.size.chunks[chunk]!
  const states = blocks.state.chunks[chunk]!
  const firstOfChunk = chunk * CHUNK_LENGTH
  for (let i = fromRow - firstOfChunk; i < toRow - firstOfChunk; i++) {
    const from = addresses[i]!
    if (from >= end) return true
    const blockEnd = from + sizes[i]!
    const state = states[i] as BlockState
    const page = Math.floor((from - base) / pageBytes)
    const place = (firstPage + page + 1) * STATES
    sums[place + STARTS]! += 1
    const pageStart = base + page * pageBytes
    const isWithinPage = blockEnd <= pageStart + pageBytes
    if (state !== BlockState.Free) {
      if (isWithinPage) sums[place + CELL_OF_STATE[state]!]! += blockEnd - from
      else addPages(sums, { base, pageBytes, firstPage }, from, Math.min(end, blockEnd), CELL_OF_STATE[state]!)
    } else if (isWithinPage && from > pageStart && i > 0 && isOccupied(states[i - 1]!) && addresses[i - 1]! + sizes[i - 1]! > pageStart) {
      // The block before holds its only page: so it is with nearly all free blocks, and releasablePart would find the same.
      sums[place + CellState.FreePinned]! += blockEnd - from
    } else {
      const to = Math.min(end, blockEnd)
      const releasable = releasablePart(blocks, firstOfChunk + i, pageBytes)
      const grid = { base, pageBytes, firstPage }
      addPages(sums, grid, from, Math.min(to, releasable.from), CellState.FreePinned)
      addPages(sums, grid, releasable.from, Math.min(to, releasable.to), CellState.FreeReleasable)
      addPages(sums, grid, releasable.to, to, CellState.FreePinned)
    }
  }
  return false
}

interface PageGrid {
  readonly base: Address
  readonly pageBytes: Bytes
  readonly firstPage: number
}

function addPages(sums: Float64Array, { base, pageBytes, firstPage }: PageGrid, from: Address, to: Address, state: number): void {
  let page = Math.floor((from - base) / pageBytes)
  for (let at = from; at < to; page++) {
    const next = Math.min(to, base + (page + 1) * pageBytes)
    sums[(firstPage + page + 1) * STATES + state]! += next - at
    at = next
  }
}

function runSums(sums: Float64Array, { pages, first: firstPage }: SegmentPages): void {
  const end = (firstPage + pages + 1) * STATES
  for (let at = (firstPage + 1) * STATES; at < end; at++) sums[at]! += sums[at - STATES]!
}
