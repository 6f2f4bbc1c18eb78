import { NONE, PAGE_BYTES, roundUp, type Address, type Bytes } from '../../../base/units'
import { SlabGrown, SlabPlaced } from '../../profiles/reasons/slab-reasons'
import type { HeapMemory } from '../../vm/heap-memory'
import { BlockSlots, SlotState } from '../block-slots'
import { EqualPages } from '../equal-pages/equal-pages'
import { PageLists } from '../equal-pages/page-lists'
import type { Explainer } from '../explain'
import { NO_BLOCK, type Heap, type HeapObserver } from '../heap'
import { PageSupply } from './page-supply'
import { classTable, slabClasses, type SlabClass, type SlabClassRules } from './slab-classes'

export interface SlabRules extends SlabClassRules {
  /** Slabs without objects a cache keeps; further ones go back to the system. */
  readonly emptyKept: number
  /** Successive slabs of a cache begin this much later, as far as what is left over allows; 0 = all alike. */
  readonly colour: Bytes
  readonly realloc: 'copy' | 'in-place-forward'
  readonly capacity: Bytes
}

/*
 * Slabs: runs of pages cut into objects of one size, in three lists for each cache.
 *
 *   cache 64   full     slab 1                          in no list
 *              partial  slab 5 -> slab 2                the first one serves, so that others can run empty
 *              empty    slab 7                          serves when no slab is partial
 *
 *   slab 5     | colour | object | object | ... | left over and record |
 */
export class SlabHeap implements Heap {
  readonly blocks = new BlockSlots()
  readonly base: Address
  readonly headerBytes = 0
  readonly granularityBytes = 8
  readonly #rules: SlabRules
  readonly #explain: Explainer | undefined
  readonly #observer: HeapObserver
  readonly #supply: PageSupply
  readonly #classes: readonly SlabClass[]
  readonly #classOf: Uint8Array
  readonly #pages = new EqualPages(this.blocks)
  /** Partial slabs of cache i in list 2i, empty ones in 2i + 1. */
  readonly #lists: PageLists
  readonly #empty: Int32Array
  readonly #colours: Float64Array

  constructor(rules: SlabRules, space: HeapMemory, observer: HeapObserver) {
    this.#rules = rules
    this.#explain = observer.explain
    this.#observer = observer
    this.#supply = new PageSupply(space, rules.capacity)
    this.#classes = slabClasses(rules)
    this.#classOf = classTable(this.#classes)
    this.#lists = new PageLists(this.#pages, 2 * this.#classes.length)
    this.#empty = new Int32Array(this.#classes.length)
    this.#colours = new Float64Array(this.#classes.length)
    this.base = space.low
  }

  alloc(bytes: Bytes): number {
    if (bytes > this.#largest) return this.#allocPages(bytes)
    const cache = this.#classOf[(bytes + 7) >>> 3]!
    const pages = this.#pages
    const partial = this.#lists.first(2 * cache)
    const slab = partial || this.#takeEmpty(cache) || this.#makeSlab(cache)
    if (slab === 0) return NO_BLOCK
    if (partial !== 0) this.#explain?.placed(SlabPlaced.Partial, pages.blockBytes[slab]!, pages.used[slab]!)
    const block = pages.take(slab)
    if (pages.free[slab] === 0) this.#lists.remove(2 * cache, slab)
    return block
  }

  free(block: number): void {
    const { linkA, linkB, state } = this.blocks
    const pages = this.#pages
    const slab = linkB[block]!
    const cache = pages.tag[slab]!
    if (cache === PAGES) {
      this.#freePages(block, slab)
      return
    }
    if (pages.free[slab] === 0) this.#lists.pushFront(2 * cache, slab)
    state[block] = SlotState.Free
    linkA[block] = pages.free[slab]!
    pages.free[slab] = block
    pages.used[slab]!--
    if (pages.used[slab] === 0) this.#retire(cache, slab)
  }

  realloc(block: number, bytes: Bytes): number {
    const size = this.blocks.size[block]!
    if (this.#rules.realloc === 'in-place-forward' && this.#consumed(bytes) === size) {
      this.#explain?.placed(SlabPlaced.Kept, size, bytes)
      return block
    }
    const moved = this.alloc(bytes)
    if (moved !== NO_BLOCK) this.free(block)
    return moved
  }

  walkFree(visit: (address: Address, bytes: Bytes) => void): void {
    this.#pages.walkFree(visit)
  }

  get #largest(): Bytes {
    return this.#classes[this.#classes.length - 1]!.objectBytes
  }

  #consumed(bytes: Bytes): Bytes {
    return bytes > this.#largest ? roundUp(bytes, PAGE_BYTES) : this.#classes[this.#classOf[(bytes + 7) >>> 3]!]!.objectBytes
  }

  #takeEmpty(cache: number): number {
    const slab = this.#lists.first(2 * cache + 1)
    if (slab === 0) return 0
    this.#lists.remove(2 * cache + 1, slab)
    this.#empty[cache]!--
    this.#lists.pushFront(2 * cache, slab)
    this.#explain?.placed(SlabPlaced.Empty, this.#pages.blockBytes[slab]!, this.#pages.reserved[slab]!)
    return slab
  }

  #makeSlab(cache: number): number {
    const { objectBytes, slabBytes, objects } = this.#classes[cache]!
    const base = this.#take(slabBytes)
    if (base === NONE) return 0
    const start = base + this.#nextColour(cache)
    const slab = this.#pages.make(base, slabBytes, start, objectBytes, objects)
    this.#pages.tag[slab] = cache
    this.#pages.cutBlocks(slab, objects)
    this.#own(base, start - base)
    this.#own(start + objects * objectBytes, base + slabBytes - start - objects * objectBytes)
    this.#lists.pushFront(2 * cache, slab)
    this.#explain?.grew(SlabGrown.Slab, objectBytes, slabBytes)
    this.#explain?.placed(SlabPlaced.Fresh, objectBytes, objects)
    return slab
  }

  #take(bytes: Bytes): Address {
    const base = this.#supply.take(bytes)
    if (base === NONE) this.#explain?.grew(SlabGrown.Refused, bytes, this.#supply.committedBytes)
    return base
  }

  /** Where the next slab's first object begins. */
  #nextColour(cache: number): Bytes {
    const { colour, slabHeader } = this.#rules
    const { objectBytes, slabBytes, objects } = this.#classes[cache]!
    const now = this.#colours[cache]!
    const next = now + colour
    this.#colours[cache] = next > slabBytes - slabHeader - objects * objectBytes ? 0 : next
    return now
  }

  #own(address: Address, bytes: Bytes): void {
    if (bytes > 0) this.#observer.internal(address, bytes)
  }

  /** A slab whose last object was freed is kept as an empty one, or goes. */
  #retire(cache: number, slab: number): void {
    this.#lists.remove(2 * cache, slab)
    if (this.#empty[cache]! < this.#rules.emptyKept) {
      this.#lists.pushFront(2 * cache + 1, slab)
      this.#empty[cache]!++
      return
    }
    const { base, bytes, start, reserved, blockBytes } = this.#pages
    const [from, first, size] = [base[slab]!, start[slab]!, bytes[slab]!]
    const past = first + reserved[slab]! * blockBytes[slab]!
    if (first > from) this.#observer.internalEnd?.(from)
    if (past < from + size) this.#observer.internalEnd?.(past)
    this.#explain?.grew(SlabGrown.SlabGiven, blockBytes[slab]!, size)
    this.#pages.drop(slab)
    this.#supply.give(from, size)
  }

  #allocPages(bytes: Bytes): number {
    const size = roundUp(bytes, PAGE_BYTES)
    const base = this.#take(size)
    if (base === NONE) return NO_BLOCK
    const run = this.#pages.make(base, size, base, size, 1)
    this.#pages.tag[run] = PAGES
    this.#pages.cutBlocks(run, 1)
    this.#explain?.grew(SlabGrown.Pages, bytes, size)
    this.#explain?.placed(SlabPlaced.Pages, size, 0)
    return this.#pages.take(run)
  }

  #freePages(block: number, run: number): void {
    const { address, size } = this.blocks
    const [from, bytes] = [address[block]!, size[block]!]
    this.#explain?.grew(SlabGrown.PagesGiven, bytes, 0)
    this.#pages.drop(run)
    this.#supply.give(from, bytes)
  }
}

/** Tag of runs of pages that hold one large block. */
const PAGES = -1
