import { PAGE_BYTES, type Address, type Bytes } from '../../base/units'

/**
 * Which bytes of an image the heap itself keeps: those a materialiser wrote. The others are the program's, or nobody's.
 * By page, so that a heap with few structures in much memory costs little.
 */
export class ImageMarks {
  /** Number of the page -> 1 for each byte that was written. */
  readonly pages = new Map<number, Uint8Array>()
  #last: Uint8Array = NO_PAGE
  #lastPage = -1

  mark(address: Address, length: Bytes): void {
    const number = Math.floor(address / PAGE_BYTES)
    const from = address - number * PAGE_BYTES
    const within = Math.min(length, PAGE_BYTES - from)
    if (number !== this.#lastPage) this.#open(number)
    this.#last.fill(1, from, from + within)
    if (within < length) this.mark(address + within, length - within)
  }

  #open(number: number): void {
    let page = this.pages.get(number)
    if (page === undefined) this.pages.set(number, (page = new Uint8Array(PAGE_BYTES)))
    this.#last = page
    this.#lastPage = number
  }
}

const NO_PAGE = new Uint8Array(0)
