import type { Address, Bytes } from '../../../base/units'
import { BlockSlots, SlotState } from '../block-slots'
import { NO_BLOCK, type Heap, type HeapObserver } from '../heap'

/** What decides which heap serves a request. */
export type HeapPer = 'thread' | 'site'

/** Heap number `number`, counted from 0. */
export type MakeHeap = (number: number, observer: HeapObserver) => Heap

/**
 * Several heaps of one kind in one address space, as a program has them that makes a heap for each thread, or for each call
 * site: requests of number n go to heap n modulo `most`, those whose thread or site is not told to heap 0. A heap is made
 * with its first request. Whoever frees or resizes a block, it stays with the heap it came from.
 *
 *   own block     1        2        3
 *   linkA         0        2        0        its heap
 *   linkB         1        1        2        its number there
 *
 * A block that a heap keeps has an own number too as long as it is kept, so that no two of all heaps are told of under one.
 */
export class RoutedHeap implements Heap {
  readonly blocks = new BlockSlots()
  readonly headerBytes: Bytes
  readonly granularityBytes: Bytes
  readonly base: Address
  thread = -1
  site = -1
  lock = 0
  readonly #per: HeapPer
  readonly #most: number
  readonly #make: MakeHeap
  readonly #observer: HeapObserver
  readonly #heaps: (Heap | undefined)[] = []

  constructor(per: HeapPer, most: number, make: MakeHeap, observer: HeapObserver) {
    this.#per = per
    this.#most = most
    this.#make = make
    this.#observer = observer
    const { headerBytes, granularityBytes, base } = this.#heapNumber(0)
    this.headerBytes = headerBytes
    this.granularityBytes = granularityBytes
    this.base = base
  }

  /** Heaps made so far. */
  get heapCount(): number {
    return this.#heaps.filter((heap) => heap !== undefined).length
  }

  /** Visits the heaps made so far. */
  walkHeaps(visit: (heap: Heap) => void): void {
    for (const heap of this.#heaps) if (heap !== undefined) visit(heap)
  }

  /** Number of the heap a busy block belongs to. */
  heapOf(block: number): number {
    return this.blocks.linkA[block]!
  }

  alloc(bytes: Bytes): number {
    const key = this.#per === 'thread' ? this.thread : this.site
    const number = key < 0 ? 0 : key % this.#most
    const heap = this.#enter(number)
    const inner = heap.alloc(bytes)
    this.#leave(heap, number)
    if (inner === NO_BLOCK) return NO_BLOCK
    const block = this.blocks.make(heap.blocks.address[inner]!, heap.blocks.size[inner]!, SlotState.Busy)
    this.blocks.linkA[block] = number
    this.blocks.linkB[block] = inner
    return block
  }

  free(block: number): void {
    const number = this.blocks.linkA[block]!
    const heap = this.#enter(number)
    heap.free(this.blocks.linkB[block]!)
    this.#leave(heap, number)
    this.blocks.drop(block)
  }

  realloc(block: number, bytes: Bytes): number {
    const number = this.blocks.linkA[block]!
    const heap = this.#enter(number)
    const inner = heap.realloc(this.blocks.linkB[block]!, bytes)
    this.#leave(heap, number)
    if (inner === NO_BLOCK) return NO_BLOCK
    this.blocks.address[block] = heap.blocks.address[inner]!
    this.blocks.size[block] = heap.blocks.size[inner]!
    this.blocks.linkB[block] = inner
    return block
  }

  walkFree(visit: (address: Address, bytes: Bytes) => void): void {
    const ranges: [Address, Bytes][] = []
    for (const heap of this.#heaps) heap?.walkFree((address, bytes) => ranges.push([address, bytes]))
    for (const [address, bytes] of ranges.sort((a, b) => a[0] - b[0])) visit(address, bytes)
  }

  #enter(number: number): Heap {
    const heap = this.#heaps[number] ?? this.#heapNumber(number)
    if (heap.thread !== undefined) heap.thread = this.thread
    return heap
  }

  /** No two heaps share a lock. */
  #leave(heap: Heap, number: number): void {
    const lock = heap.lock ?? 0
    this.lock = lock < 0 ? lock : lock * this.#most + number
  }

  #heapNumber(number: number): Heap {
    // No heap keeps blocks before it is made.
    const heap: Heap = this.#make(number, this.#observerOf(() => heap.blocks))
    this.#heaps[number] = heap
    return heap
  }

  /** What one heap tells, under own numbers for the blocks its front end keeps. */
  #observerOf(blocks: () => BlockSlots): HeapObserver {
    const { internal, internalEnd, cached, uncached, explain } = this.#observer
    const own: number[] = []
    return {
      internal,
      ...(internalEnd === undefined ? {} : { internalEnd }),
      ...(cached === undefined ? {} : { cached: (block) => cached((own[block] = this.blocks.make(blocks().address[block]!, blocks().size[block]!, SlotState.Busy))) }),
      ...(uncached === undefined ? {} : {
        uncached: (block) => {
          uncached(own[block]!)
          this.blocks.drop(own[block]!)
        },
      }),
      explain,
    }
  }
}
