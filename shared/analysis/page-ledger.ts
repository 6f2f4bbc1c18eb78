import { HeapscapeError } from '../base/errors'
import type { Address, Bytes } from '../base/units'
import { addressOrder } from '../model/address-order'
import { PageMap } from '../model/page-map'
import { RegionState } from '../model/region-table'
import type { Run } from '../model/run'

/*
 * Free bytes that cannot be given back, kept up to date while a run passes:
 *
 *   page      |  busy  |        |  busy  |
 *   free        +2000    4096     +1000      pinned: 3000, what is free on pages that hold a used byte
 *
 * Pages that are ever committed get a row each; a page's row is found by halving among the ranges of such pages.
 */
export class PageLedger {
  readonly #run: Run
  readonly #map = new PageMap()
  readonly #pageBytes: Bytes
  /** By range of pages: first page, end, and the row of its first page; ascending. */
  readonly #first: number[] = []
  readonly #end: number[] = []
  readonly #row: number[] = []
  /** Range asked for last: neighbours mostly lie in the same. */
  #range = 0
  /** By page, in bytes: committed, busy or internal, cached. */
  readonly #committed: Float64Array
  readonly #used: Float64Array
  readonly #cached: Float64Array
  /** Free bytes but cached ones on pages that hold a busy or internal byte. */
  pinnedBytes: Bytes = 0

  constructor(run: Run) {
    this.#run = run
    this.#pageBytes = run.pageBytes
    const pages = this.#findRanges()
    this.#committed = new Float64Array(pages)
    this.#used = new Float64Array(pages)
    this.#cached = new Float64Array(pages)
  }

  get committedBytes(): Bytes {
    return this.#map.committedBytes
  }

  get reservedBytes(): Bytes {
    return this.#map.reservedBytes
  }

  /** Carries out the page changes [from, to). */
  apply(from: number, to: number): void {
    const { base, size, state } = this.#run.pages
    for (let change = from; change < to; change++) {
      const start = base.at(change)
      const end = start + size.at(change)
      this.#map.apply(start, end - start, state.at(change))
      this.#recount(start, end, state.at(change) === RegionState.Committed)
    }
  }

  /** A block comes (1) or goes (-1). @throws HeapscapeError `format-corrupt` outside pages that are ever committed. */
  use(address: Address, size: Bytes, isCached: boolean, sign: 1 | -1): void {
    const pageBytes = this.#pageBytes
    const column = isCached ? this.#cached : this.#used
    for (let at = address, end = address + size; at < end; ) {
      const page = Math.floor(at / pageBytes)
      const next = Math.min(end, (page + 1) * pageBytes)
      const row = this.#rowOf(page)
      const before = this.#pinnedOf(row)
      column[row]! += sign * (next - at)
      this.pinnedBytes += this.#pinnedOf(row) - before
      at = next
    }
  }

  #pinnedOf(row: number): Bytes {
    return this.#used[row]! > 0 ? this.#committed[row]! - this.#used[row]! - this.#cached[row]! : 0
  }

  /** Committed bytes of the pages of a change anew; pages it covers in part are looked up in the map. */
  #recount(start: Address, end: Address, isCommitted: boolean): void {
    const pageBytes = this.#pageBytes
    const firstPage = Math.floor(start / pageBytes)
    const endPage = Math.ceil(end / pageBytes)
    for (let range = this.#rangeEndingAfter(firstPage); range < this.#first.length && this.#first[range]! < endPage; range++) {
      const last = Math.min(endPage, this.#end[range]!)
      for (let page = Math.max(firstPage, this.#first[range]!); page < last; page++) {
        const row = this.#row[range]! + page - this.#first[range]!
        const isWhole = page * pageBytes >= start && (page + 1) * pageBytes <= end
        const bytes = isWhole ? (isCommitted ? pageBytes : 0) : this.#committedOn(page)
        const before = this.#pinnedOf(row)
        this.#committed[row] = bytes
        this.pinnedBytes += this.#pinnedOf(row) - before
      }
    }
  }

  #committedOn(page: number): Bytes {
    const { base, end, state } = this.#map
    const from = page * this.#pageBytes
    const to = from + this.#pageBytes
    let bytes = 0
    for (let i = this.#map.find(from); i < base.length && base[i]! < to; i++) {
      if (state[i] === RegionState.Committed) bytes += Math.min(to, end[i]!) - Math.max(from, base[i]!)
    }
    return bytes
  }

  #rowOf(page: number): number {
    if (!(page >= this.#first[this.#range]! && page < this.#end[this.#range]!)) {
      this.#range = this.#rangeEndingAfter(page)
      if (!(page >= this.#first[this.#range]!)) {
        throw new HeapscapeError('format-corrupt', { expected: 'blocks on committed pages', got: `a block on page 0x${(page * this.#pageBytes).toString(16)}` })
      }
    }
    return this.#row[this.#range]! + page - this.#first[this.#range]!
  }

  #rangeEndingAfter(page: number): number {
    let low = 0
    let high = this.#end.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#end[middle]! > page) high = middle
      else low = middle + 1
    }
    return low
  }

  /** Ranges of pages that are ever committed; answers the number of pages. */
  #findRanges(): number {
    const { base, size, state, length } = this.#run.pages
    const starts = new Float64Array(length)
    for (let change = 0; change < length; change++) starts[change] = base.at(change)
    let pages = 0
    for (const change of addressOrder(starts)) {
      if (state.at(change) !== RegionState.Committed || size.at(change) === 0) continue
      const first = Math.floor(starts[change]! / this.#pageBytes)
      const end = Math.ceil((starts[change]! + size.at(change)) / this.#pageBytes)
      const last = this.#end.length - 1
      if (last < 0 || first > this.#end[last]!) {
        this.#first.push(first)
        this.#end.push(end)
        this.#row.push(pages)
        pages += end - first
      } else if (end > this.#end[last]!) {
        pages += end - this.#end[last]!
        this.#end[last] = end
      }
    }
    return pages
  }
}
