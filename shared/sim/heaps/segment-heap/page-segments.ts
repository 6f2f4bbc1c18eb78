import { NONE, PAGE_BYTES, type Address, type Bytes } from '../../../base/units'
import { SegmentGrown } from '../../profiles/reasons/segment-reasons'
import type { HeapObserver } from '../heap'
import type { CommittedBytes } from './committed-bytes'
import { RangeIndex, UNITS } from './range-index'
import { RangeUse, type SegmentRules } from './segment-rules'

/*
 * One context of a segment heap's back end: segments of 256 units, cut into ranges.
 *
 *   segment 0   [header][VS sub-segment 17 units ][pages 40][free 12     ][LFH 1]...
 *   units        2       17 . . . . . . . . . 17   40 . . 40 12 . . . . 12 1         on the first and the last unit
 *   use          -       Vs                        Pages     Free          Lfh       on the first
 *   committed    11      11110000000000000         111...    110000000000  1         one byte a page
 *
 * A range is the number of its first descriptor: segment * 256 + unit. Best fit by size, then most committed; a new
 * segment when nothing fits; freed ranges merge with their free neighbours.
 */
export class PageSegments {
  readonly unitBytes: Bytes
  readonly firstUnit: number
  /** Base of each segment, NONE where one was released. */
  readonly bases: Address[] = []
  /** Committed pages in free ranges. */
  freePages = 0
  committedPages = 0
  readonly #pagesPerUnit: number
  readonly #rules: SegmentRules
  readonly #committed: CommittedBytes
  readonly #observer: HeapObserver
  readonly #index = new RangeIndex()
  readonly #vacant: number[] = []
  #units = new Uint16Array(UNITS)
  #use = new Uint8Array(UNITS)
  /** Of each segment, a byte a page. */
  readonly #pages: Uint8Array[] = []

  constructor(rules: SegmentRules, unitShift: 12 | 16, committed: CommittedBytes, observer: HeapObserver) {
    this.#rules = rules
    this.unitBytes = 2 ** unitShift
    this.#pagesPerUnit = this.unitBytes / PAGE_BYTES
    this.firstUnit = unitShift === 12 ? rules.headerPages : 1
    this.#committed = committed
    this.#observer = observer
  }

  get segmentCount(): number {
    return this.bases.length - this.#vacant.length
  }

  get segmentBytes(): Bytes {
    return UNITS * this.unitBytes
  }

  addressOf(range: number): Address {
    return this.bases[range >>> 8]! + (range & (UNITS - 1)) * this.unitBytes
  }

  unitsOf(range: number): number {
    return this.#units[range]!
  }

  useOf(range: number): RangeUse {
    return this.#use[range] as RangeUse
  }

  /** Committed pages of each segment, a byte a page. */
  pagesOf(range: number): Uint8Array {
    return this.#pages[range >>> 8]!
  }

  /** Index of a range's first page among its segment's. */
  firstPageOf(range: number): number {
    return (range & (UNITS - 1)) * this.#pagesPerUnit
  }

  /**
   * A range of `units`, or of fewer down to `leastUnits` when only that is to be had without a new segment. Its first
   * `commitPages` pages are committed (all but the last `guardUnits` units of it when that is Infinity). NONE when there
   * is no memory.
   */
  take(units: number, leastUnits: number, use: RangeUse, commitPages: number, guardUnits: number): number {
    let range = this.#index.find(units)
    if (range === NONE && leastUnits < units) range = this.#index.findLargest(leastUnits)
    const isFresh = range === NONE
    if (isFresh) range = this.#addSegment(units)
    if (range === NONE) return NONE
    const taken = Math.min(units, this.#units[range]!)
    const pages = Math.min(commitPages, (taken - guardUnits) * this.#pagesPerUnit)
    if (!this.commitPages(range, 0, pages)) {
      if (isFresh) this.#releaseSegment(range >>> 8)
      return NONE
    }
    this.#carve(range, taken, use)
    return range
  }

  free(range: number): void {
    const committed = this.#countCommitted(range, this.#units[range]!)
    this.freePages += committed
    this.#insertMerged(range, committed)
  }

  /** Gives back the units of a range behind the first `units`. */
  shrink(range: number, units: number): void {
    const rest = this.#units[range]! - units
    if (rest === 0) return
    this.#mark(range, units, this.#use[range]! as RangeUse)
    this.#mark(range + units, rest, RangeUse.Free)
    this.free(range + units)
  }

  /** Commits pages [from, to) of a range; false, and nothing changed, when there is no memory. */
  commitPages(range: number, from: number, to: number): boolean {
    const pages = this.#pages[range >>> 8]!
    const first = this.firstPageOf(range)
    let fresh = 0
    for (let page = first + from; page < first + to; page++) fresh += 1 - pages[page]!
    if (fresh === 0) return true
    const start = this.bases[range >>> 8]! + (first + from) * PAGE_BYTES
    if (!this.#committed.commit(start, (to - from) * PAGE_BYTES, fresh * PAGE_BYTES)) return false
    pages.fill(1, first + from, first + to)
    this.committedPages += fresh
    if (this.#use[range] === RangeUse.Free) this.freePages += fresh
    return true
  }

  /** Takes pages [from, to) of a range out of memory; returns how many were committed. */
  decommitPages(range: number, from: number, to: number): number {
    const pages = this.#pages[range >>> 8]!
    const first = this.firstPageOf(range)
    let count = 0
    for (let page = first + from; page < first + to; page++) count += pages[page]!
    if (count === 0) return 0
    pages.fill(0, first + from, first + to)
    this.#committed.decommit(this.bases[range >>> 8]! + (first + from) * PAGE_BYTES, (to - from) * PAGE_BYTES, count * PAGE_BYTES)
    this.committedPages -= count
    return count
  }

  /** Visits the ranges of a segment in order. */
  walkSegment(segment: number, visit: (range: number, units: number, use: RangeUse) => void): void {
    for (let range = segment * UNITS + this.firstUnit; range < (segment + 1) * UNITS; range += this.#units[range]!) visit(range, this.#units[range]!, this.#use[range]! as RangeUse)
  }

  /** Visits the runs of committed pages of a range. */
  walkCommitted(range: number, units: number, visit: (address: Address, bytes: Bytes) => void): void {
    const pages = this.#pages[range >>> 8]!
    const past = this.firstPageOf(range) + units * this.#pagesPerUnit
    for (let page = this.firstPageOf(range); page < past; page++) {
      const from = page
      while (page < past && pages[page] === 1) page++
      if (page > from) visit(this.bases[range >>> 8]! + from * PAGE_BYTES, (page - from) * PAGE_BYTES)
    }
  }

  /** Takes the first `taken` units of a free range; their committed pages are no longer free ones. */
  #carve(range: number, taken: number, use: RangeUse): void {
    const units = this.#units[range]!
    const committed = this.#index.committedOf(range)
    this.#index.remove(range)
    const now = this.#countCommitted(range, taken)
    this.freePages -= now
    this.#mark(range, taken, use)
    if (taken === units) return
    const rest = range + taken
    this.#mark(rest, units - taken, RangeUse.Free)
    this.#index.add(rest, units - taken, committed === 0 ? 0 : this.#countCommitted(rest, units - taken))
  }

  #insertMerged(range: number, committed: number): void {
    let first = range
    let units = this.#units[range]!
    let pages = committed
    const segment = range & ~(UNITS - 1)
    const behind = range + units
    if (behind < segment + UNITS && this.#use[behind] === RangeUse.Free) {
      pages += this.#index.committedOf(behind)
      this.#index.remove(behind)
      units += this.#units[behind]!
    }
    const before = range > segment + this.firstUnit ? range - this.#units[range - 1]! : NONE
    if (before !== NONE && this.#use[before] === RangeUse.Free) {
      pages += this.#index.committedOf(before)
      this.#index.remove(before)
      units += this.#units[before]!
      first = before
    }
    this.#mark(first, units, RangeUse.Free)
    if (this.freePages > this.#kept) {
      const kept = this.#kept * PAGE_BYTES
      pages = this.decommitPages(first, 0, units * this.#pagesPerUnit)
      this.freePages -= pages
      if (pages > 0) this.#observer.explain?.grew(SegmentGrown.RangeDecommitted, pages * PAGE_BYTES, kept)
      pages = 0
    }
    this.#index.add(first, units, pages)
    if (units === UNITS - this.firstUnit && this.segmentCount > 1) this.#releaseSegment(segment >>> 8)
  }

  get #kept(): number {
    return Math.max(this.#rules.keepPages, this.committedPages >>> this.#rules.keepShift)
  }

  #mark(range: number, units: number, use: RangeUse): void {
    this.#units[range] = units
    this.#units[range + units - 1] = units
    this.#use[range] = use
  }

  #countCommitted(range: number, units: number): number {
    const pages = this.#pages[range >>> 8]!
    const first = this.firstPageOf(range)
    let count = 0
    for (let page = first; page < first + units * this.#pagesPerUnit; page++) count += pages[page]!
    return count
  }

  /** The free range of a new segment, NONE when there is no memory for one. */
  #addSegment(units: number): number {
    const base = this.#committed.space.reserve(this.segmentBytes, this.segmentBytes)
    if (base === NONE) return NONE
    const { headerPages } = this.#rules
    const headerBytes = headerPages * PAGE_BYTES
    if (!this.#committed.commit(base, headerBytes, headerBytes)) {
      this.#committed.space.release(base)
      return NONE
    }
    const segment = this.#vacant.pop() ?? this.bases.length
    this.bases[segment] = base
    this.#pages[segment] = new Uint8Array(UNITS * this.#pagesPerUnit)
    this.#pages[segment].fill(1, 0, headerPages)
    this.#observer.internal(base, headerBytes)
    this.#observer.explain?.grew(SegmentGrown.Segment, this.segmentBytes, units * this.unitBytes)
    this.committedPages += headerPages
    this.#growTo(segment + 1)
    const range = segment * UNITS + this.firstUnit
    this.#mark(range, UNITS - this.firstUnit, RangeUse.Free)
    this.#index.add(range, UNITS - this.firstUnit, 0)
    return range
  }

  #releaseSegment(segment: number): void {
    const range = segment * UNITS + this.firstUnit
    this.freePages -= this.#index.committedOf(range)
    this.#index.remove(range)
    const pages = this.#pages[segment]!
    const committed = pages.reduce((sum, page) => sum + page, 0)
    this.committedPages -= committed
    this.#observer.internalEnd?.(this.bases[segment]!)
    this.#committed.release(this.bases[segment]!, committed * PAGE_BYTES)
    this.#observer.explain?.grew(SegmentGrown.SegmentReleased, this.segmentBytes, 0)
    this.bases[segment] = NONE
    this.#vacant.push(segment)
  }

  #growTo(segments: number): void {
    this.#index.grow(segments)
    if (segments * UNITS <= this.#units.length) return
    const length = Math.max(segments * UNITS, this.#units.length * 2)
    const units = new Uint16Array(length)
    units.set(this.#units)
    this.#units = units
    const use = new Uint8Array(length)
    use.set(this.#use)
    this.#use = use
  }
}
