import type { Address, Bytes } from '../../../base/units'
import { SlotState, type BlockSlots } from '../block-slots'

const FIRST_PAGES = 64

/*
 * Pages of equal blocks, by page number from 1; blocks are cut from the low end as they are needed.
 *
 *   page 3   | head | #7 busy | #9 free | #12 busy | not cut yet ..... | tail |
 *            base   start               cut = 3 of reserved            end
 *
 * A block knows its page (linkB); free blocks of a page are a list of its own (linkA). The arrays are replaced when they
 * grow: fetch them again after `make`. Head and tail are told as the heap's own bytes by whoever makes the page.
 */
export class EqualPages {
  base = new Float64Array(FIRST_PAGES)
  bytes = new Float64Array(FIRST_PAGES)
  /** First block, and the size of each; 0 = no page has this number. */
  start = new Float64Array(FIRST_PAGES)
  blockBytes = new Float64Array(FIRST_PAGES)
  /** Blocks the page has room for, has cut and has given out. */
  reserved = new Int32Array(FIRST_PAGES)
  cut = new Int32Array(FIRST_PAGES)
  used = new Int32Array(FIRST_PAGES)
  /** Newest free block, 0 when there is none. */
  free = new Int32Array(FIRST_PAGES)
  /** Neighbours in the list the page is in, and a number for its owner. */
  next = new Int32Array(FIRST_PAGES)
  previous = new Int32Array(FIRST_PAGES)
  tag = new Int32Array(FIRST_PAGES)
  readonly #blocks: BlockSlots
  #first = new Int32Array(FIRST_PAGES)
  #last = new Int32Array(FIRST_PAGES)
  #past = 1
  #recycled = 0

  constructor(blocks: BlockSlots) {
    this.#blocks = blocks
  }

  make(base: Address, bytes: Bytes, start: Address, blockBytes: Bytes, reserved: number): number {
    let page = this.#recycled
    if (page !== 0) this.#recycled = this.next[page]!
    else {
      page = this.#past++
      if (page >= this.base.length) this.#grow()
    }
    this.base[page] = base
    this.bytes[page] = bytes
    this.start[page] = start
    this.blockBytes[page] = blockBytes
    this.reserved[page] = reserved
    this.cut[page] = 0
    this.used[page] = 0
    this.free[page] = 0
    this.next[page] = 0
    this.previous[page] = 0
    this.#first[page] = 0
    this.#last[page] = 0
    return page
  }

  /** All its blocks must be free; the page must be in no list. */
  drop(page: number): void {
    const blocks = this.#blocks
    for (let slot = this.#first[page]!; slot !== 0; ) {
      const after = blocks.after[slot]!
      blocks.drop(slot)
      slot = after
    }
    this.blockBytes[page] = 0
    this.next[page] = this.#recycled
    this.#recycled = page
  }

  /** Cuts further blocks; the list of free ones, which must be empty, begins with the lowest. */
  cutBlocks(page: number, count: number): void {
    const blocks = this.#blocks
    const size = this.blockBytes[page]!
    let at = this.start[page]! + this.cut[page]! * size
    let last = this.#last[page]!
    for (let i = 0; i < count; i++, at += size) {
      const slot = blocks.make(at, size, SlotState.Free)
      blocks.linkB[slot] = page
      blocks.linkA[slot] = 0
      if (i === 0) this.free[page] = slot
      else blocks.linkA[last] = slot
      if (last === 0) this.#first[page] = slot
      else blocks.chainAfter(last, slot)
      last = slot
    }
    this.#last[page] = last
    this.cut[page] = this.cut[page]! + count
  }

  /** Gives out the newest free block; there must be one. */
  take(page: number): number {
    const { linkA, state } = this.#blocks
    const slot = this.free[page]!
    this.free[page] = linkA[slot]!
    this.used[page]!++
    state[slot] = SlotState.Busy
    return slot
  }

  /** Free ranges of all pages in address order: free blocks, and what is not cut yet. */
  walkFree(visit: (address: Address, bytes: Bytes) => void): void {
    for (const page of this.inOrder()) this.#walkPage(page, visit)
  }

  /** Numbers of the pages in address order. */
  inOrder(): number[] {
    const pages: number[] = []
    for (let page = 1; page < this.#past; page++) if (this.blockBytes[page] !== 0) pages.push(page)
    return pages.sort((a, b) => this.base[a]! - this.base[b]!)
  }

  #walkPage(page: number, visit: (address: Address, bytes: Bytes) => void): void {
    const { address, size, state, after } = this.#blocks
    for (let slot = this.#first[page]!; slot !== 0; slot = after[slot]!) {
      if (state[slot] === SlotState.Free) visit(address[slot]!, size[slot]!)
    }
    const left = this.reserved[page]! - this.cut[page]!
    if (left > 0) visit(this.start[page]! + this.cut[page]! * this.blockBytes[page]!, left * this.blockBytes[page]!)
  }

  #grow(): void {
    const length = this.base.length * 2
    const wide = (old: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> => resized(old, new Float64Array(length))
    const whole = (old: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> => resized(old, new Int32Array(length))
    this.base = wide(this.base)
    this.bytes = wide(this.bytes)
    this.start = wide(this.start)
    this.blockBytes = wide(this.blockBytes)
    this.reserved = whole(this.reserved)
    this.cut = whole(this.cut)
    this.used = whole(this.used)
    this.free = whole(this.free)
    this.next = whole(this.next)
    this.previous = whole(this.previous)
    this.tag = whole(this.tag)
    this.#first = whole(this.#first)
    this.#last = whole(this.#last)
  }
}

function resized<T extends Float64Array | Int32Array>(old: T, fresh: T): T {
  fresh.set(old)
  return fresh
}
