import { HeapscapeError } from '../base/errors'
import { mulberry32 } from '../base/random'
import { PAGE_BYTES, roundUp, UNKNOWN_SIZE, type Address, type Bytes } from '../base/units'
import type { Bits, BuildKey } from '../heapwalk/layouts/structure-table'
import { materialiseNtHeap, type NtItem, type NtSegmentPlan } from '../heapwalk/materialise/nt-heap-image'
import { BlockState, NO_EVENT, type Snapshot } from '../model/snapshot'
import type { MemoryPiece } from './built-memory'
import { dumpOfHeaps } from './process-blocks'
import type { DumpSubject } from './write-minidump'

export interface ProcessPlan {
  readonly bits: Bits
  readonly build: BuildKey
  /** Heaps get random keys; the same seed gives the same bytes. */
  readonly seed: number
}

/** Reservations begin at multiples of this. */
const GRANULE = 0x10000
const FIRST_HEAP: Readonly<Record<Bits, Address>> = { 64: 0x1f4a0000000, 32: 0x500000 }
/** Heaps of a 32-bit process end below its process block; 64-bit ones have room for whatever fits in memory. */
const LAST_HEAP: Readonly<Record<Bits, Address>> = { 64: 2 ** 46, 32: 0x7ef00000 }
const MOST_HEAPS = 200
/** Requests above have reservations of their own: 508 KB and 1,020 KB (nt-heap.md 1, VirtualMemoryThreshold). */
const MOST_UNITS: Readonly<Record<Bits, number>> = { 64: 0xff00, 32: 0xfe00 }

/**
 * A Windows process whose NT heaps hold the blocks of a snapshot: each heap a heap, busy blocks with their requested
 * sizes and free ones between, in the same order; what the heap manager kept for itself is left to the NT heap's own
 * structures. Sizes become those the NT heap would use, so addresses move. Busy blocks begin with their event's number.
 *
 * Throws `usage` when the blocks do not fit the address space of the bitness.
 */
export function processOfSnapshot(snapshot: Snapshot, plan: ProcessPlan): DumpSubject {
  const { bits, build } = plan
  const random = mulberry32(plan.seed)
  const pieces: MemoryPiece[] = []
  const heaps: Address[] = []
  let next = FIRST_HEAP[bits]
  const planner = new HeapPlanner(snapshot, bits)
  for (let heap = 0; heap < Math.min(snapshot.heaps.length, MOST_HEAPS); heap++) {
    const planned = planner.plan(heap, next)
    if (planned.end > LAST_HEAP[bits]) throw new HeapscapeError('usage', { detail: `the blocks do not fit the address space of a ${bits}-bit process` })
    const key = Array.from({ length: 8 }, (_, i) => (i < 6 ? Math.floor(random() * 256) : 0))
    pieces.push(...materialiseNtHeap({ bits, build, key, segments: planned.segments, virtualBlocks: planned.virtualBlocks }).memory)
    heaps.push(planned.segments[0]!.address)
    next = planned.end
  }
  return dumpOfHeaps(pieces, heaps, plan, `Heaps simulated by Heapscape, laid out as ${build}.`)
}

interface PlannedHeap {
  readonly segments: NtSegmentPlan[]
  readonly virtualBlocks: { readonly address: Address; readonly requested: Bytes }[]
  readonly end: Address
}

class HeapPlanner {
  readonly #snapshot: Snapshot
  readonly #unit: 8 | 16
  readonly #mostUnits: number
  readonly #headerBytes: Bytes

  constructor(snapshot: Snapshot, bits: Bits) {
    this.#snapshot = snapshot
    this.#unit = bits === 64 ? 16 : 8
    this.#mostUnits = MOST_UNITS[bits]
    // An NT entry shows 8 bytes of header on either bitness: on x64 the rest lends its room to the block before.
    this.#headerBytes = 8
  }

  /** From `from` on, one segment after another. */
  plan(heap: number, from: Address): PlannedHeap {
    const segments: NtSegmentPlan[] = []
    const large: Bytes[] = []
    let at = from
    const ofHeap = this.#snapshot.segments.filter((segment) => segment.heap === heap)
    for (const { base, reservedBytes } of ofHeap.length === 0 ? [{ base: 0, reservedBytes: 0 }] : ofHeap) {
      const items = this.#items(base, base + reservedBytes, large)
      const reservedPages = this.#pagesOf(items)
      segments.push({ address: at, items, reservedPages })
      at = roundUp(at + reservedPages * PAGE_BYTES, GRANULE)
    }
    const virtualBlocks = large.map((requested) => {
      const address = at
      at = roundUp(at + requested + PAGE_BYTES, GRANULE)
      return { address, requested }
    })
    return { segments, virtualBlocks, end: at }
  }

  #items(from: Address, to: Address, large: Bytes[]): NtItem[] {
    const { blocks } = this.#snapshot
    const items: NtItem[] = []
    let freeBytes = 0
    const flushFree = (): void => {
      for (let units = Math.floor(freeBytes / this.#unit); units >= 2; units -= this.#mostUnits) items.push({ units: Math.min(units, this.#mostUnits), busy: false })
      freeBytes = 0
    }
    for (let row = this.#firstRow(from); row < blocks.length && blocks.address.at(row) < to; row++) {
      const state = blocks.state.at(row)
      const size = blocks.size.at(row)
      if (state === BlockState.Free || state === BlockState.Cached) freeBytes += size
      else if (state === BlockState.Uncommitted) {
        flushFree()
        const uncommittedPages = Math.floor(size / PAGE_BYTES)
        if (uncommittedPages > 0 && items.length > 0) items.push({ uncommittedPages })
      } else if (state === BlockState.Busy) {
        flushFree()
        const requested = blocks.requested.at(row)
        const bytes = requested === UNKNOWN_SIZE ? Math.max(1, size - this.#headerBytes) : requested
        const units = Math.max(2, Math.ceil((bytes + this.#headerBytes) / this.#unit))
        const birth = blocks.birth?.at(row) ?? NO_EVENT
        if (units > this.#mostUnits) large.push(bytes)
        else items.push({ units, busy: true, unused: units * this.#unit - bytes, ...(birth === NO_EVENT || bytes < 4 ? {} : { stamp: birth }) })
      }
    }
    flushFree()
    // The segment ends with pages given back anyway.
    while (items.length > 0 && 'uncommittedPages' in items.at(-1)!) items.pop()
    return items
  }

  #firstRow(address: Address): number {
    const column = this.#snapshot.blocks.address
    let low = 0
    let high = column.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (column.at(middle) < address) low = middle + 1
      else high = middle
    }
    return low
  }

  /** What the items need at the most, a page for the heap's header and two for each range given back among it. */
  #pagesOf(items: readonly NtItem[]): number {
    let bytes = 4 * PAGE_BYTES
    for (const item of items) {
      if ('uncommittedPages' in item) bytes += (item.uncommittedPages + 2) * PAGE_BYTES
      else if ('units' in item) bytes += item.units * this.#unit
    }
    return roundUp(bytes, GRANULE) / PAGE_BYTES
  }
}
