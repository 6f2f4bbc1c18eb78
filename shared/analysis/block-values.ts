import { CHUNK_LENGTH, CHUNK_SHIFT, type Column } from '../base/column'
import { STILL_ALIVE, UNKNOWN_SIZE, type EventNumber, type RowIndex } from '../base/units'
import { CONFIDENCES } from '../model/confidence'
import { BlockState, NO_EVENT, type Snapshot } from '../model/snapshot'
import type { BlockColumn } from './block-columns'
import { segmentAtAddress } from './block-search'
import { pageUseOf } from './metrics/page-use'
import { pinBlameOf } from './metrics/pin-blame'
import { sizeClassOf, sizeClassUpper } from './metrics/size-classes'

/** Rows read at a time: their numbers stay in the processor's second cache. */
export const BATCH_ROWS = 1 << 16

/**
 * Values of a snapshot's blocks by column, a batch of rows at a time, so that filter, order, groups and files mean the
 * same by a column. What is not known or does not apply is NaN; the death of a block that is never freed is Infinity.
 */
export class BlockValues {
  readonly [Symbol.toStringTag] = 'BlockValues'
  readonly snapshot: Snapshot
  readonly #pins: Float64Array | undefined
  readonly #deathsOf: (() => Column) | undefined
  readonly #deathOf: ((row: RowIndex) => EventNumber | undefined) | undefined
  readonly #heapBases: Float64Array
  readonly #heapTrust: Float64Array

  /**
   * `pins`: a value of that column for each row, where they are not those of the snapshot's pages. `deathsOf` gives, when it is first
   * needed, the event that ends each block or STILL_ALIVE (block-deaths.ts); `deathOf` that of one block, undefined where only all of them
   * can be told.
   */
  constructor(snapshot: Snapshot, pins?: Float64Array, deathsOf?: () => Column, deathOf?: (row: RowIndex) => EventNumber | undefined) {
    this.snapshot = snapshot
    this.#pins = pins
    this.#deathsOf = deathsOf
    this.#deathOf = deathOf
    this.#heapBases = Float64Array.from(snapshot.heaps, ({ base }) => base)
    this.#heapTrust = Float64Array.from(snapshot.heaps, ({ confidence }) => CONFIDENCES.indexOf(confidence))
  }

  get rows(): number {
    return this.snapshot.blocks.length
  }

  get knowsDeaths(): boolean {
    return this.#deathsOf !== undefined
  }

  /** Rows [from, to) of a column into `out`; at most BATCH_ROWS, and not across a multiple of them. */
  read(column: BlockColumn, from: RowIndex, to: RowIndex, out: Float64Array): void {
    const { blocks, pageBytes, event } = this.snapshot
    const count = to - from
    switch (column) {
      case 'address':
        return copyOf(blocks.address, from, to, out)
      case 'size':
        return copyOf(blocks.size, from, to, out)
      case 'end': {
        copyOf(blocks.address, from, to, out)
        const sizes = part(blocks.size, from, to)
        for (let i = 0; i < count; i++) out[i]! += sizes[i]!
        return
      }
      case 'page':
        copyOf(blocks.address, from, to, out)
        for (let i = 0; i < count; i++) out[i] = Math.floor(out[i]! / pageBytes) * pageBytes
        return
      case 'occupancy':
        return pageUseOf(this.snapshot, from, to, out)
      case 'requested':
        return this.#requested(from, to, out)
      case 'overhead': {
        this.#requested(from, to, out)
        const sizes = part(blocks.size, from, to)
        for (let i = 0; i < count; i++) out[i] = sizes[i]! - out[i]!
        return
      }
      case 'class': {
        this.#requested(from, to, out)
        const sizes = part(blocks.size, from, to)
        for (let i = 0; i < count; i++) out[i] = sizeClassUpper(sizeClassOf(Number.isNaN(out[i]!) ? sizes[i]! : out[i]!))
        return
      }
      case 'state':
        return copyOf(blocks.state, from, to, out)
      case 'kind':
        return blocks.kind === undefined ? void out.fill(NaN, 0, count) : copyOf(blocks.kind, from, to, out)
      case 'heap':
        copyOf(blocks.heap, from, to, out)
        for (let i = 0; i < count; i++) out[i] = this.#heapBases[out[i]!]!
        return
      case 'segment':
        return this.#segments(from, to, out)
      case 'confidence':
        if (blocks.confidence !== undefined) return copyOf(blocks.confidence, from, to, out)
        copyOf(blocks.heap, from, to, out)
        for (let i = 0; i < count; i++) out[i] = this.#heapTrust[out[i]!]!
        return
      case 'birth':
        return this.#births(from, to, out)
      case 'age':
        if (event === undefined) return void out.fill(NaN, 0, count)
        this.#births(from, to, out)
        for (let i = 0; i < count; i++) out[i] = event - out[i]!
        return
      case 'why':
        return this.#reasons(from, to, out)
      case 'death':
        return this.#deaths(from, to, out)
      case 'lifetime':
        return this.#lifetimes(from, to, out)
      case 'pins': {
        const states = part(blocks.state, from, to)
        // Found anew each time: kept, they would take as much memory as the addresses.
        if (this.#pins === undefined) pinBlameOf(this.snapshot, from, to, out)
        else out.set(this.#pins.subarray(from, to))
        for (let i = 0; i < count; i++) if (states[i] !== BlockState.Busy) out[i] = NaN
        return
      }
      case 'site':
        if (blocks.site === undefined) return void out.fill(NaN, 0, count)
        copyOf(blocks.site, from, to, out)
        for (let i = 0; i < count; i++) if (out[i]! < 0) out[i] = NaN
    }
  }

  /** One value; for single rows of a page, whose deaths do not make those of all blocks. */
  at(column: BlockColumn, row: RowIndex): number {
    if (this.#deathOf !== undefined && (column === 'death' || column === 'lifetime')) {
      const birth = this.at('birth', row)
      const death = Number.isNaN(birth) ? NaN : this.#deathOf(row)
      if (death !== undefined) return (death === STILL_ALIVE ? Infinity : death) - (column === 'death' ? 0 : birth)
    }
    this.read(column, row, row + 1, this.#one)
    return this.#one[0]!
  }

  readonly #one = new Float64Array(1)
  /** Births of a batch while its deaths are read; made when a lifetime is first asked for. */
  #spare: Float64Array | undefined

  #requested(from: RowIndex, to: RowIndex, out: Float64Array): void {
    const { blocks } = this.snapshot
    copyOf(blocks.requested, from, to, out)
    const states = part(blocks.state, from, to)
    for (let i = 0; i < to - from; i++) if (states[i] !== BlockState.Busy || out[i] === UNKNOWN_SIZE) out[i] = NaN
  }

  #births(from: RowIndex, to: RowIndex, out: Float64Array): void {
    const { birth } = this.snapshot.blocks
    if (birth === undefined) return void out.fill(NaN, 0, to - from)
    copyOf(birth, from, to, out)
    for (let i = 0; i < to - from; i++) if (out[i] === NO_EVENT) out[i] = NaN
  }

  /** Only busy blocks were placed; 0 is no reason. */
  #reasons(from: RowIndex, to: RowIndex, out: Float64Array): void {
    const { why, state } = this.snapshot.blocks
    if (why === undefined) return void out.fill(NaN, 0, to - from)
    copyOf(why, from, to, out)
    const states = part(state, from, to)
    for (let i = 0; i < to - from; i++) out[i] = states[i] === BlockState.Busy && out[i]! > 0 ? out[i]! - 1 : NaN
  }

  #deaths(from: RowIndex, to: RowIndex, out: Float64Array): void {
    if (this.#deathsOf === undefined) return void out.fill(NaN, 0, to - from)
    this.#births(from, to, out)
    const deaths = part(this.#deathsOf(), from, to)
    for (let i = 0; i < to - from; i++) {
      const death = deaths[i]!
      if (out[i] === out[i]) out[i] = death === STILL_ALIVE ? Infinity : death
    }
  }

  #lifetimes(from: RowIndex, to: RowIndex, out: Float64Array): void {
    const births = (this.#spare ??= new Float64Array(BATCH_ROWS))
    this.#births(from, to, births)
    this.#deaths(from, to, out)
    for (let i = 0; i < to - from; i++) out[i]! -= births[i]!
  }

  /** Blocks and segments are both in order of address, so that one search serves the whole batch. */
  #segments(from: RowIndex, to: RowIndex, out: Float64Array): void {
    const { blocks, segments } = this.snapshot
    copyOf(blocks.address, from, to, out)
    let segment = 0
    let end = -1
    for (let i = 0; i < to - from; i++) {
      const address = out[i]!
      if (address >= end) {
        segment = segmentAtAddress(segments, address)
        const found = segments[segment]
        end = found === undefined ? address + 1 : found.base + found.reservedBytes
      }
      out[i] = segment < 0 ? NaN : segment + 1
    }
  }
}

/** The rows as they lie in their chunk; batches never cross chunks. */
function part(column: Column, from: RowIndex, to: RowIndex): Column['chunks'][number] {
  const start = from & (CHUNK_LENGTH - 1)
  return column.chunks[from >>> CHUNK_SHIFT]!.subarray(start, start + to - from)
}

const copyOf = (column: Column, from: RowIndex, to: RowIndex, out: Float64Array): void => out.set(part(column, from, to))
