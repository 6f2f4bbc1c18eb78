import type { Address, Bytes } from '../../../base/units'
import type { AddressSpace } from '../../vm/address-space'
import { AddressIndex } from '../fit/address-index'
import { BreakHeap, type BreakRules } from '../fit/break-heap'
import { NO_BLOCK, type HeapObserver } from '../heap'
import { SlotState } from '../block-slots'

export interface LfhRules extends BreakRules {
  /** Back-end allocations of a size that arm its bucket. */
  readonly armAt: number
  /** Further allocations of armed sizes until the front end exists; they still come from the back end. */
  readonly creationDelay: number
  /** Largest consumed size that has a bucket. */
  readonly largest: Bytes
  /** Slots of a sub-segment. */
  readonly slots: number
}

/** A block of the back end, cut into equal slots; bit i of `taken` is slot i. */
interface SubSegment {
  /** Block numbers of its slots; consecutive in address. */
  readonly blocks: readonly number[]
  readonly taken: Uint8Array
  empty: number
  readonly containerBytes: Bytes
}

/*
 * A low-fragmentation front end before a first-fit back end, to teach when it wakes up and what it separates.
 *
 *   bucket 56   counter 17, armed   sub-segment [head][slot 0][slot 1]...[slot 15]   bitmap 1100000000000000
 *
 * Simplified: one bucket for each granule, the lowest empty slot first (Windows 8 and later choose at random), counters
 * that only grow, sub-segments of a fixed number of slots that are never given back.
 */
export class LfhHeap extends BreakHeap {
  readonly #lfh: LfhRules
  readonly #observer: HeapObserver
  /** By bucket. */
  readonly #allocations: Int32Array
  readonly #subSegments: SubSegment[][]
  /** By block number: its sub-segment, for slots of one. */
  readonly #home: (SubSegment | undefined)[] = []
  #exists = false
  #delayed = 0
  /** Slots that are the program's. */
  frontEndBlocks = 0

  constructor(rules: LfhRules, space: AddressSpace, observer: HeapObserver) {
    super(rules, (blocks, origin, span) => new AddressIndex(blocks, origin, span), space, observer)
    this.#lfh = rules
    this.#observer = observer
    const buckets = Math.floor(rules.largest / rules.align) + 1
    this.#allocations = new Int32Array(buckets)
    this.#subSegments = Array.from({ length: buckets }, () => [])
  }

  override alloc(bytes: Bytes): number {
    const consumed = this.consumedBytes(bytes)
    if (consumed > this.#lfh.largest) return super.alloc(bytes)
    const bucket = consumed / this.rules.align
    if (!this.#isServed(bucket)) return super.alloc(bytes)
    const slot = this.#takeSlot(bucket, consumed)
    return slot === NO_BLOCK ? super.alloc(bytes) : slot
  }

  override free(block: number): void {
    const home = this.#home[block]
    if (home === undefined) {
      super.free(block)
      return
    }
    home.taken[home.blocks.indexOf(block)] = 0
    home.empty++
    this.frontEndBlocks--
    this.#observer.cached?.(block)
  }

  /** Visits every sub-segment: bytes of a slot, slots, those that are the program's, bytes of its container. */
  walkSubSegments(visit: (slotBytes: Bytes, slots: number, busy: number, bytes: Bytes) => void): void {
    this.#subSegments.forEach((list, bucket) => {
      for (const { taken, empty, containerBytes } of list) visit(bucket * this.rules.align, taken.length, taken.length - empty, containerBytes)
    })
  }

  /** Counts the allocation; true when the front end serves it. */
  #isServed(bucket: number): boolean {
    const { armAt, creationDelay } = this.#lfh
    if (this.#allocations[bucket]! < armAt) {
      this.#allocations[bucket]!++
      return false
    }
    if (this.#exists) return true
    this.#delayed++
    this.#exists = this.#delayed >= creationDelay
    return false
  }

  #takeSlot(bucket: number, consumed: Bytes): number {
    const subSegment = this.#subSegments[bucket]!.find((known) => known.empty > 0) ?? this.#addSubSegment(bucket, consumed)
    if (subSegment === undefined) return NO_BLOCK
    const place = subSegment.taken.indexOf(0)
    subSegment.taken[place] = 1
    subSegment.empty--
    this.frontEndBlocks++
    const block = subSegment.blocks[place]!
    this.#observer.uncached?.(block)
    return block
  }

  #addSubSegment(bucket: number, consumed: Bytes): SubSegment | undefined {
    const { slots, header, align } = this.#lfh
    const container = super.alloc(slots * consumed)
    if (container === NO_BLOCK) return undefined
    const base = this.blocks.address[container]!
    const head = Math.ceil(header / align) * align
    this.#own(base, head)
    const numbers: number[] = []
    const subSegment = { blocks: numbers, taken: new Uint8Array(slots), empty: slots, containerBytes: this.blocks.size[container]! }
    for (let place = 0; place < slots; place++) {
      const slot = this.blocks.make(base + head + place * consumed, consumed, SlotState.Busy)
      numbers.push(slot)
      this.#home[slot] = subSegment
      this.#observer.cached?.(slot)
    }
    const past = base + head + slots * consumed
    this.#own(past, base + this.blocks.size[container]! - past)
    this.#subSegments[bucket]!.push(subSegment)
    return subSegment
  }

  /** Head and rest of a sub-segment stay the heap's own. */
  #own(address: Address, bytes: Bytes): void {
    if (bytes > 0) this.#observer.internal(address, bytes)
  }
}
