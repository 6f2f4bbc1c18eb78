import { Column, sizeColumn } from '../base/column'
import { RESERVATION_BYTES, type Address, type Bytes } from '../base/units'
import { addressOrder } from './address-order'
import { CONFIDENCES } from './confidence'
import { BlockKind, BlockState, BlockTable, type SegmentRecord } from './snapshot'

/*
 * Blocks somebody listed, in any order, made into rows that tile segments:
 *
 *   listed     [busy]      [busy][free]                    [busy]
 *   segment    [busy][ ?? ][busy][free]        segment     [busy]
 *
 * Bytes between two listed blocks of a heap are opaque: nothing is known of them. A gap of 64 KiB, the smallest distance
 * of two reservations (vm.md), begins a new segment.
 */
export interface KnownSegment {
  readonly heap: number
  readonly base: Address
  readonly end: Address
}

/** A row that was left out because another, told earlier or at a lower address, holds its bytes already. */
export interface Overlap {
  readonly heap: number
  readonly address: Address
}

export interface TiledBlocks {
  readonly blocks: BlockTable
  readonly segments: SegmentRecord[]
  /** Bytes of the segments nothing is known of. */
  readonly opaqueBytes: Bytes
  readonly overlaps: readonly Overlap[]
  /** How many rows overlapped; `overlaps` holds the first thousand. */
  readonly overlapping: number
}

const MOST_OVERLAPS = 1000
const OPAQUE = CONFIDENCES.indexOf('opaque')

export class ListedBlocks {
  readonly #address = new Column('f64')
  readonly #size = sizeColumn()
  readonly #requested = sizeColumn()
  readonly #state = new Column('u8')
  readonly #heap = new Column('u16')
  readonly #kind = new Column('u8')
  readonly #confidence = new Column('u8')
  readonly #site = new Column('i32')
  #hasSites = false

  get length(): number {
    return this.#address.length
  }

  /** `size` consumed bytes, above 0; `requested` UNKNOWN_SIZE when not told and 0 unless busy; `confidence` an index into CONFIDENCES; `site` -1 unknown. */
  push(heap: number, address: Address, size: Bytes, requested: Bytes, state: BlockState, kind: BlockKind, confidence: number, site = -1): void {
    this.#address.push(address)
    this.#size.push(size)
    this.#requested.push(requested)
    this.#state.push(state)
    this.#heap.push(heap)
    this.#kind.push(kind)
    this.#confidence.push(confidence)
    this.#site.push(site)
    if (site >= 0) this.#hasSites = true
  }

  /** Slots of front ends (kind LfhSlot) lie inside busy blocks or containers, which become their surroundings. `known` need not be sorted. */
  tile(known: readonly KnownSegment[] = []): TiledBlocks {
    const order = addressOrder(this.#address.slice() as Float64Array)
    const tiler = new Tiler(this.#hasSites, separate(known))
    // Two walks in order of address: blocks, and the slots inside them.
    const slots: number[] = []
    for (const row of order) if (this.#kind.at(row) === BlockKind.LfhSlot) slots.push(row)
    let slot = 0
    const pushSlotsBelow = (limit: Address): void => {
      for (; slot < slots.length && this.#address.at(slots[slot]!) < limit; slot++) this.#put(tiler, slots[slot]!, this.#address.at(slots[slot]!), this.#size.at(slots[slot]!))
    }
    for (const row of order) {
      if (this.#kind.at(row) === BlockKind.LfhSlot) continue
      const address = this.#address.at(row)
      const end = address + this.#size.at(row)
      pushSlotsBelow(address)
      const mayHoldSlots = this.#state.at(row) === BlockState.Busy || this.#kind.at(row) === BlockKind.LfhContainer
      if (slot >= slots.length || this.#address.at(slots[slot]!) >= end || !mayHoldSlots) {
        this.#put(tiler, row, address, end - address)
        continue
      }
      let at = address
      for (; slot < slots.length && this.#address.at(slots[slot]!) < end; slot++) {
        const start = this.#address.at(slots[slot]!)
        const bytes = Math.min(this.#size.at(slots[slot]!), end - start)
        if (start > at) tiler.push(this.#heap.at(row), at, start - at, 0, BlockState.Internal, BlockKind.LfhContainer, this.#confidence.at(row), -1)
        if (start >= at) this.#put(tiler, slots[slot]!, start, bytes)
        at = Math.max(at, start + bytes)
      }
      if (at < end) tiler.push(this.#heap.at(row), at, end - at, 0, BlockState.Internal, BlockKind.LfhContainer, this.#confidence.at(row), -1)
    }
    pushSlotsBelow(Infinity)
    return tiler.finish()
  }

  #put(tiler: Tiler, row: number, address: Address, size: Bytes): void {
    tiler.push(this.#heap.at(row), address, size, this.#requested.at(row), this.#state.at(row) as BlockState, this.#kind.at(row) as BlockKind, this.#confidence.at(row), this.#site.at(row))
  }
}

/** Sorted and disjoint; of segments that overlap the lower keeps its bytes. */
function separate(known: readonly KnownSegment[]): KnownSegment[] {
  const apart: KnownSegment[] = []
  let at = -Infinity
  for (const { heap, base, end } of [...known].sort((a, b) => a.base - b.base)) {
    if (end <= Math.max(at, base)) continue
    apart.push({ heap, base: Math.max(at, base), end })
    at = end
  }
  return apart
}

/** Takes blocks by address and puts out rows that touch. */
class Tiler {
  readonly #blocks = new BlockTable({ address: new Column('f64'), size: sizeColumn(), requested: sizeColumn(), state: new Column('u8'), heap: new Column('u16') })
  readonly #segments: SegmentRecord[] = []
  readonly #known: readonly KnownSegment[]
  #nextKnown = 0
  #base = 0
  /** End of the last row, or of nothing. */
  #at = -Infinity
  /** -1 before the first. */
  #heap = -1
  /** End of the known segment being filled, 0 in one of our own making. */
  #limit = 0
  #opaqueBytes = 0
  #overlapping = 0
  readonly #overlaps: Overlap[] = []

  constructor(hasSites: boolean, known: readonly KnownSegment[]) {
    this.#known = known
    this.#blocks.kind = new Column('u8')
    this.#blocks.confidence = new Column('u8')
    if (hasSites) this.#blocks.site = new Column('i32')
  }

  push(heap: number, address: Address, size: Bytes, requested: Bytes, state: BlockState, kind: BlockKind, confidence: number, site: number): void {
    this.#passKnown(address)
    const end = this.#limit > 0 ? Math.min(address + size, this.#limit) : address + size
    const next = this.#limit > 0 ? undefined : this.#known[this.#nextKnown]
    if (address < this.#at || end <= address || end < address + size || (next !== undefined && address + size > next.base) || (this.#limit > 0 && heap !== this.#heap)) {
      if (this.#overlapping++ < MOST_OVERLAPS) this.#overlaps.push({ heap, address })
      return
    }
    if (this.#limit === 0 && (heap !== this.#heap || address - this.#at >= RESERVATION_BYTES)) {
      this.#close()
      this.#open(heap, address, 0)
    }
    if (address > this.#at) this.#opaque(address)
    this.#row(heap, address, size, requested, state, kind, confidence, site)
    this.#at = end
  }

  finish(): TiledBlocks {
    this.#passKnown(Infinity)
    this.#close()
    return { blocks: this.#blocks, segments: this.#segments, opaqueBytes: this.#opaqueBytes, overlaps: this.#overlaps, overlapping: this.#overlapping }
  }

  /** Finishes the known segments that end at or below `address` and opens the one that holds it. */
  #passKnown(address: Address): void {
    if (this.#limit > 0 && address >= this.#limit) this.#close()
    for (; this.#nextKnown < this.#known.length && this.#known[this.#nextKnown]!.base <= address && this.#limit === 0; ) {
      const { heap, base, end } = this.#known[this.#nextKnown++]!
      this.#close()
      this.#open(heap, base, end)
      if (address >= end) this.#close()
    }
  }

  #open(heap: number, base: Address, limit: Address): void {
    this.#heap = heap
    this.#base = base
    this.#at = base
    this.#limit = limit
  }

  #close(): void {
    if (this.#heap < 0) return
    if (this.#limit > this.#at) this.#opaque(this.#limit)
    this.#segments.push({ heap: this.#heap, base: this.#base, reservedBytes: this.#at - this.#base })
    this.#heap = -1
    this.#limit = 0
  }

  #opaque(end: Address): void {
    this.#opaqueBytes += end - this.#at
    this.#row(this.#heap, this.#at, end - this.#at, 0, BlockState.Internal, BlockKind.Opaque, OPAQUE, -1)
    this.#at = end
  }

  #row(heap: number, address: Address, size: Bytes, requested: Bytes, state: BlockState, kind: BlockKind, confidence: number, site: number): void {
    const blocks = this.#blocks
    blocks.address.push(address)
    blocks.size.push(size)
    blocks.requested.push(requested)
    blocks.state.push(state)
    blocks.heap.push(heap)
    blocks.kind!.push(kind)
    blocks.confidence!.push(confidence)
    blocks.site?.push(site)
  }
}
