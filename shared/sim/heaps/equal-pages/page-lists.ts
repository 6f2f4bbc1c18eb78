import type { EqualPages } from './equal-pages'

/** Doubly linked lists of pages, by list number; a page is in one list at most. */
export class PageLists {
  readonly #pages: EqualPages
  readonly #heads: Int32Array
  readonly #tails: Int32Array

  constructor(pages: EqualPages, lists: number) {
    this.#pages = pages
    this.#heads = new Int32Array(lists)
    this.#tails = new Int32Array(lists)
  }

  first(list: number): number {
    return this.#heads[list]!
  }

  isOnly(list: number, page: number): boolean {
    return this.#heads[list] === page && this.#tails[list] === page
  }

  pushFront(list: number, page: number): void {
    const { next, previous } = this.#pages
    const head = this.#heads[list]!
    next[page] = head
    previous[page] = 0
    if (head === 0) this.#tails[list] = page
    else previous[head] = page
    this.#heads[list] = page
  }

  pushBack(list: number, page: number): void {
    const { next, previous } = this.#pages
    const tail = this.#tails[list]!
    previous[page] = tail
    next[page] = 0
    if (tail === 0) this.#heads[list] = page
    else next[tail] = page
    this.#tails[list] = page
  }

  remove(list: number, page: number): void {
    const { next, previous } = this.#pages
    const behind = next[page]!
    const before = previous[page]!
    if (before === 0) this.#heads[list] = behind
    else next[before] = behind
    if (behind === 0) this.#tails[list] = before
    else previous[behind] = before
  }
}
