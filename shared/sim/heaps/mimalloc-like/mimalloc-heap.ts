import type { Address, Bytes } from '../../../base/units'
import { MimallocPlaced } from '../../profiles/reasons/mimalloc-reasons'
import type { HeapMemory } from '../../vm/heap-memory'
import { BlockSlots, SlotState } from '../block-slots'
import { EqualPages } from '../equal-pages/equal-pages'
import { PageLists } from '../equal-pages/page-lists'
import type { Explainer } from '../explain'
import { NO_BLOCK, type Heap, type HeapObserver } from '../heap'
import { Segments, type Segment, type SegmentRules } from './segments'
import { classBytes, sizeClass } from './size-bins'

export interface MimallocRules extends SegmentRules {
  readonly smallPage: Bytes
  readonly mediumPage: Bytes
  /** Largest blocks of small and medium pages, and of pages that are a whole segment; above: a segment of their own. */
  readonly smallMost: Bytes
  readonly mediumMost: Bytes
  readonly largeMost: Bytes
  /** Most bytes of blocks that are cut from a page at a time. */
  readonly extend: Bytes
}

/*
 * One thread's heap of a mimalloc-like allocator: pages of equal blocks, each with two lists of free ones.
 *
 *   class 40   page 3 -> page 9 -> page 1        the first page serves while its list lasts
 *   page 3     free   #7 -> #9                   given out from here
 *              freed  #4 -> #2                   freed since; becomes the free list when that has run out
 *
 * So blocks allocated after one another lie near one another, and no list is longer than a page.
 */
export class MimallocHeap implements Heap {
  readonly blocks = new BlockSlots()
  readonly base: Address
  readonly headerBytes = 0
  readonly granularityBytes = 8
  readonly #rules: MimallocRules
  readonly #explain: Explainer | undefined
  readonly #observer: HeapObserver
  readonly #segments: Segments
  readonly #pages = new EqualPages(this.blocks)
  readonly #lists: PageLists
  /** By page: newest block freed since the free list was taken over, its place in its segment, and 1 when out of its list. */
  #freed = new Int32Array(64)
  #isFull = new Uint8Array(64)
  readonly #homes: (Segment | undefined)[] = []
  readonly #places: number[] = []

  constructor(rules: MimallocRules, space: HeapMemory, observer: HeapObserver) {
    this.#rules = rules
    this.#explain = observer.explain
    this.#observer = observer
    this.#segments = new Segments(rules, space, observer)
    this.#lists = new PageLists(this.#pages, sizeClass(rules.largeMost) + 1)
    this.base = space.low
  }

  alloc(bytes: Bytes): number {
    if (bytes > this.#rules.largeMost) return this.#allocHuge(bytes)
    const list = sizeClass(bytes)
    const page = this.#lists.first(list)
    if (page !== 0 && this.#pages.free[page] !== 0) {
      this.#explain?.placed(MimallocPlaced.Free, this.#pages.blockBytes[page]!, this.#pages.used[page]!)
      return this.#pages.take(page)
    }
    const found = this.#findPage(list) || this.#freshPage(list)
    return found === 0 ? NO_BLOCK : this.#pages.take(found)
  }

  free(block: number): void {
    const { linkA, linkB, state } = this.blocks
    const page = linkB[block]!
    state[block] = SlotState.Free
    linkA[block] = this.#freed[page]!
    this.#freed[page] = block
    const pages = this.#pages
    pages.used[page]!--
    const list = pages.tag[page]!
    if (list === HUGE) this.#giveBack(page)
    else if (this.#isFull[page] !== 0) {
      this.#isFull[page] = 0
      this.#lists.pushBack(list, page)
    }
    if (pages.used[page] === 0 && list !== HUGE) this.#retire(list, page)
  }

  /** Gives an empty page back. The only one of a small or medium class stays, lest the next request makes it anew. */
  #retire(list: number, page: number): void {
    if (this.#pages.blockBytes[page]! <= this.#rules.mediumMost && this.#lists.isOnly(list, page)) return
    this.#lists.remove(list, page)
    this.#giveBack(page)
  }

  /** A block stays while the new size fits and uses at least half of it. */
  realloc(block: number, bytes: Bytes): number {
    const size = this.blocks.size[block]!
    if (bytes <= size && bytes >= size - Math.floor(size / 2)) {
      this.#explain?.placed(MimallocPlaced.Kept, size, bytes)
      return block
    }
    const moved = this.alloc(bytes)
    if (moved !== NO_BLOCK) this.free(block)
    return moved
  }

  walkFree(visit: (address: Address, bytes: Bytes) => void): void {
    const ranges: [Address, Bytes][] = []
    this.#pages.walkFree((address, bytes) => ranges.push([address, bytes]))
    this.#segments.walkUnused((address, bytes) => ranges.push([address, bytes]))
    ranges.sort((a, b) => a[0] - b[0])
    for (const [address, bytes] of ranges) visit(address, bytes)
  }

  /** First page of the class that has a block, after taking over what was freed or cutting more; full ones leave the list. */
  #findPage(list: number): number {
    const pages = this.#pages
    for (let page = this.#lists.first(list); page !== 0; page = this.#lists.first(list)) {
      if (pages.free[page] !== 0) {
        this.#explain?.placed(MimallocPlaced.Free, pages.blockBytes[page]!, pages.used[page]!)
        return page
      }
      if (this.#freed[page] !== 0) {
        pages.free[page] = this.#freed[page]!
        this.#freed[page] = 0
        this.#explain?.placed(MimallocPlaced.Freed, pages.blockBytes[page]!, pages.used[page]!)
        return page
      }
      if (pages.cut[page]! < pages.reserved[page]!) {
        this.#extend(page)
        this.#explain?.placed(MimallocPlaced.Cut, pages.blockBytes[page]!, pages.reserved[page]! - pages.cut[page]!)
        return page
      }
      this.#isFull[page] = 1
      this.#lists.remove(list, page)
    }
    return 0
  }

  #extend(page: number): void {
    const { cut, reserved, blockBytes } = this.#pages
    const most = Math.max(1, Math.floor(this.#rules.extend / blockBytes[page]!))
    this.#pages.cutBlocks(page, Math.min(most, reserved[page]! - cut[page]!))
  }

  #freshPage(list: number): number {
    const size = classBytes(list)
    const taken = this.#segments.takePage(this.#pageBytesFor(size))
    if (taken === undefined) return 0
    const { segment, place } = taken
    const page = this.#addPage(list, segment, place, size)
    this.#lists.pushFront(list, page)
    this.#extend(page)
    this.#explain?.placed(MimallocPlaced.FreshPage, size, this.#pages.reserved[page]!)
    return page
  }

  #pageBytesFor(size: Bytes): Bytes {
    const { smallMost, smallPage, mediumMost, mediumPage, segmentBytes } = this.#rules
    return size <= smallMost ? smallPage : size <= mediumMost ? mediumPage : segmentBytes
  }

  #addPage(list: number, segment: Segment, place: number, size: Bytes): number {
    const start = this.#segments.startOf(segment, place)
    const end = this.#segments.endOf(segment, place)
    const count = Math.floor((end - start) / size)
    const page = this.#pages.make(start, end - start, start, size, count)
    if (page >= this.#freed.length) this.#grow()
    this.#freed[page] = 0
    this.#isFull[page] = 0
    this.#pages.tag[page] = list
    this.#homes[page] = segment
    this.#places[page] = place
    const tail = start + count * size
    if (tail < end) this.#observer.internal(tail, end - tail)
    return page
  }

  #allocHuge(bytes: Bytes): number {
    const segment = bytes > this.#rules.capacity ? this.#segments.refuse(bytes) : this.#segments.takeHuge(bytes)
    if (segment === undefined) return NO_BLOCK
    const size = this.#segments.endOf(segment, 0) - this.#segments.startOf(segment, 0)
    const page = this.#addPage(HUGE, segment, 0, size)
    this.#pages.cutBlocks(page, 1)
    this.#explain?.placed(MimallocPlaced.Huge, size, 0)
    return this.#pages.take(page)
  }

  #giveBack(page: number): void {
    const { start, reserved, blockBytes, base, bytes } = this.#pages
    const tail = start[page]! + reserved[page]! * blockBytes[page]!
    if (tail < base[page]! + bytes[page]!) this.#observer.internalEnd?.(tail)
    this.#pages.drop(page)
    this.#segments.givePage(this.#homes[page]!, this.#places[page]!)
    this.#homes[page] = undefined
  }

  #grow(): void {
    const freed = new Int32Array(this.#freed.length * 2)
    const isFull = new Uint8Array(freed.length)
    freed.set(this.#freed)
    isFull.set(this.#isFull)
    this.#freed = freed
    this.#isFull = isFull
  }
}

/** List number of pages that hold one huge block and are in no list. */
const HUGE = 0
