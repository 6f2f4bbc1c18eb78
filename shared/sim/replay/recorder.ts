import { CHUNK_LENGTH, CHUNK_SHIFT, Column, type ColumnArray } from '../../base/column'
import { STILL_ALIVE } from '../../base/units'
import { LifetimeTable, Occupant } from '../../model/run'
import type { Explainer } from '../heaps/explain'
import type { BlockSlots } from '../heaps/block-slots'
import type { HeapObserver } from '../heaps/heap'

const CHUNK_MASK = CHUNK_LENGTH - 1
const U32_MAX = 0xffffffff
export const NO_OBJECT = 0xffffffff

class RowOfBlock {
  #rows = new Uint32Array(64)

  at(block: number): number {
    return this.#rows[block]!
  }

  set(block: number, row: number): void {
    if (block >= this.#rows.length) this.#grow(block)
    this.#rows[block] = row
  }

  #grow(block: number): void {
    const longer = new Uint32Array(Math.max(block + 1, this.#rows.length * 2))
    longer.set(this.#rows)
    this.#rows = longer
  }
}

/**
 * Writes lifetimes. Rows come one per event, so the current chunk of every column is held here instead of being looked
 * up by each Column.push: measured 3 times as fast for the eight columns.
 */
export class LifetimeRecorder {
  readonly table = new LifetimeTable()
  #rows = 0
  /** First row past the chunks at hand. */
  #end = 0
  #address!: ColumnArray
  #size!: ColumnArray
  #requested!: ColumnArray
  #birth!: ColumnArray
  #death!: ColumnArray
  #occupant!: ColumnArray
  #object!: ColumnArray
  #site: ColumnArray | undefined
  readonly #expectedRows: number

  /** `expectedRows` bounds the memory taken ahead; more rows are possible. */
  constructor(expectedRows: number, withSites: boolean) {
    this.#expectedRows = expectedRows
    if (withSites) this.table.site = new Column('i32')
  }

  /** Returns the row. */
  begin(address: number, size: number, requested: number, birth: number, object: number): number {
    const row = this.#open(birth, object)
    this.#address[row & CHUNK_MASK] = address
    this.#putSizes(row, size, requested)
    return row
  }

  /** As `begin`, for a block of the program's. Where it lies is read here: numbers beyond 31 bits may cost an object each when passed. */
  beginBusy(blocks: BlockSlots, block: number, requested: number, birth: number, object: number, site: number): number {
    const row = this.#open(birth, object)
    this.#address[row & CHUNK_MASK] = blocks.address[block]!
    this.#putSizes(row, blocks.size[block]!, requested)
    this.setSite(row, site)
    return row
  }

  end(row: number, death: number): void {
    // Rows die far from where rows are born, hence through the chunks.
    this.table.death.chunks[row >>> CHUNK_SHIFT]![row & CHUNK_MASK] = death
  }

  setSite(row: number, site: number): void {
    if (this.#site !== undefined) this.#site[row & CHUNK_MASK] = site
  }

  /** Bytes a heap keeps for itself; returns the row. */
  internal(address: number, size: number, birth: number): number {
    return this.#ofHeap(address, size, birth, Occupant.Internal)
  }

  /** A block a front end keeps; returns the row. */
  cached(blocks: BlockSlots, block: number, birth: number): number {
    return this.#ofHeap(blocks.address[block]!, blocks.size[block]!, birth, Occupant.Cached)
  }

  finish(): LifetimeTable {
    for (const column of this.#columns()) {
      column.length = this.#rows
      column.trim()
    }
    return this.table
  }

  #open(birth: number, object: number): number {
    const row = this.#rows
    if (row === this.#end) this.#nextChunk()
    const i = row & CHUNK_MASK
    this.#birth[i] = birth
    this.#death[i] = STILL_ALIVE
    this.#object[i] = object
    this.#rows = row + 1
    return row
  }

  #putSizes(row: number, size: number, requested: number): void {
    if (size <= U32_MAX && requested <= U32_MAX) {
      this.#size[row & CHUNK_MASK] = size
      this.#requested[row & CHUNK_MASK] = requested
    } else {
      this.#widen(row, size, requested)
    }
  }

  #ofHeap(address: number, size: number, birth: number, occupant: Occupant): number {
    const row = this.begin(address, size, 0, birth, NO_OBJECT)
    this.#occupant[row & CHUNK_MASK] = occupant
    this.setSite(row, -1)
    return row
  }

  #columns(): Column[] {
    const { address, size, requested, birth, death, occupant, object, site } = this.table
    const columns = [address, size, requested, birth, death, occupant, object]
    return site === undefined ? columns : [...columns, site]
  }

  #nextChunk(): void {
    const index = this.#rows >>> CHUNK_SHIFT
    const length = Math.max(1024, Math.min(CHUNK_LENGTH, this.#expectedRows - this.#rows))
    const start = this.#rows & CHUNK_MASK
    for (const column of this.#columns()) {
      const Type = column.kind === 'f64' ? Float64Array : column.kind === 'u8' ? Uint8Array : column.kind === 'i32' ? Int32Array : Uint32Array
      const chunk = new Type(start === 0 ? length : CHUNK_LENGTH)
      if (start > 0) chunk.set(column.chunks[index]!)
      column.chunks[index] = chunk
    }
    this.#end = this.#rows - start + this.table.address.chunks[index]!.length
    this.#takeChunks(index)
  }

  #takeChunks(index: number): void {
    const table = this.table
    this.#address = table.address.chunks[index]!
    this.#size = table.size.chunks[index]!
    this.#requested = table.requested.chunks[index]!
    this.#birth = table.birth.chunks[index]!
    this.#death = table.death.chunks[index]!
    this.#occupant = table.occupant.chunks[index]!
    this.#object = table.object.chunks[index]!
    this.#site = table.site?.chunks[index]
  }

  /** A size beyond 4 GiB: the column changes its kind, and with it its chunks. */
  #widen(row: number, size: number, requested: number): void {
    this.table.size.set(row, size)
    this.table.requested.set(row, requested)
    this.#takeChunks(row >>> CHUNK_SHIFT)
  }
}

/** Writes what a heap tells of itself; `eventNow` is the event it happens in. */
export function observeInto(recorder: LifetimeRecorder, eventNow: () => number, blocksNow: () => BlockSlots, explain?: Explainer): HeapObserver {
  /** Row of each block a front end keeps; several heaps in one number them apart from the program's blocks. */
  const rows = new RowOfBlock()
  /** Row of each of the heap's own ranges, by address: there are few, and they change once per mapping or page. */
  const ownRows = new Map<number, number>()
  return {
    internal: (address, bytes) => {
      ownRows.set(address, recorder.internal(address, bytes, eventNow()))
    },
    internalEnd: (address) => {
      recorder.end(ownRows.get(address)!, eventNow())
      ownRows.delete(address)
    },
    cached: (block) => {
      rows.set(block, recorder.cached(blocksNow(), block, eventNow()))
    },
    uncached: (block) => recorder.end(rows.at(block), eventNow()),
    explain,
  }
}
