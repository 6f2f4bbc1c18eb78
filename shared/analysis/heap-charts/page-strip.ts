import { CHUNK_LENGTH, CHUNK_SHIFT } from '../../base/column'
import type { JobContext } from '../../base/job-context'
import type { Address, Bytes } from '../../base/units'
import { BlockState, type Snapshot } from '../../model/snapshot'
import { BATCH_ROWS } from '../block-values'

/*
 * The committed pages of a moment in order of address, one after another (M11):
 *
 *   page        0     1     2     3  |  4      a gap in the addresses takes no place
 *   used     4096  1024     0  4000  | 64
 *   free        0  3072  4096    96  | 4032    page 1 and 4 are sparse: less than a quarter used, and nothing goes back
 *
 * A strip shows a stretch of them, each cell one page or, where they are too many, 2, 4, 8 ... of them. Kept per moment and
 * filter: 17 bytes a page.
 */

/** Bars of the occupancy histogram: nothing used, tenths, all used. */
export const OCCUPANCY_BARS = 12

export interface OccupancyBars {
  /** Bar 0: pages with nothing used; bar i of 1..10: more than (i − 1) tenths up to i tenths, but not all; bar 11: all used. */
  readonly pages: Float64Array
  /** Free bytes on them that cannot be given back: something on the page is used. */
  readonly strandedBytes: Float64Array
  readonly keptPages: Float64Array
}

export interface PageStrip {
  readonly pages: number
  readonly pageBytes: Bytes
  /** First page and number of pages the cells show. */
  readonly first: number
  readonly count: number
  readonly pagesPerCell: number
  /** By cell: address of its first page, and first address behind its last one. */
  readonly from: Float64Array
  readonly to: Float64Array
  /** Used bytes of committed bytes, 0..1. */
  readonly used: Float32Array
  /** Free bytes that cannot be given back. */
  readonly stranded: Float64Array
  /** Pages less than a quarter used, yet not empty. */
  readonly sparse: Uint32Array
  /** Pages that hold a block the filter keeps. */
  readonly kept: Uint32Array
  readonly bars: OccupancyBars
  readonly meanOccupancy: number | null
  readonly sparsePages: number
  readonly strandedBytes: Bytes
  readonly releasableBytes: Bytes
}

export interface StripWish {
  readonly first: number
  /** Pages to show; all from `first` on when there are fewer. */
  readonly count: number
  /** At most this many cells. */
  readonly cells: number
}

export class PageTable {
  readonly [Symbol.toStringTag] = 'PageTable'
  readonly pageBytes: Bytes
  length = 0
  /** Page numbers: address / pageBytes. */
  #number = new Float64Array(1024)
  #used = new Uint32Array(1024)
  #free = new Uint32Array(1024)
  #kept = new Uint8Array(1024)
  #bars: OccupancyBars | undefined

  private constructor(pageBytes: Bytes) {
    this.pageBytes = pageBytes
  }

  /** `mask` is 1 for block rows that are kept, absent when all are. Throws `cancelled`. */
  static async make({ blocks, pageBytes }: Snapshot, mask: Uint8Array | undefined, job: JobContext): Promise<PageTable> {
    const table = new PageTable(pageBytes)
    for (let from = 0; from < blocks.length; from += BATCH_ROWS) {
      const chunk = from >>> CHUNK_SHIFT
      const first = from & (CHUNK_LENGTH - 1)
      const rows = Math.min(BATCH_ROWS, blocks.length - from)
      const addresses = blocks.address.chunks[chunk]!
      const sizes = blocks.size.chunks[chunk]!
      const states = blocks.state.chunks[chunk]!
      for (let i = 0; i < rows; i++) {
        const state = states[first + i]!
        if (state === BlockState.Uncommitted) continue
        table.#add(addresses[first + i]!, sizes[first + i]!, state === BlockState.Busy || state === BlockState.Internal, mask === undefined ? 1 : mask[from + i]!)
      }
      job.progress({ done: from + rows, total: blocks.length, unit: 'blocks' })
      await job.checkpoint()
    }
    return table
  }

  /** A block, split by page. Blocks come in order of address, so its first page is the last one there is or a new one. */
  #add(address: Address, bytes: Bytes, isUsed: boolean, kept: number): void {
    const { pageBytes } = this
    const end = address + bytes
    let page = Math.floor(address / pageBytes)
    for (let at = address; at < end; page++) {
      const next = Math.min(end, (page + 1) * pageBytes)
      if (this.length === 0 || this.#number[this.length - 1] !== page) this.#open(page)
      const last = this.length - 1
      if (isUsed) this.#used[last]! += next - at
      else this.#free[last]! += next - at
      if (kept === 1) this.#kept[last] = 1
      at = next
    }
  }

  #open(page: number): void {
    if (this.length === this.#number.length) {
      this.#number = grown(this.#number, new Float64Array(this.length * 2))
      this.#used = grown(this.#used, new Uint32Array(this.length * 2))
      this.#free = grown(this.#free, new Uint32Array(this.length * 2))
      this.#kept = grown(this.#kept, new Uint8Array(this.length * 2))
    }
    this.#number[this.length++] = page
  }

  /** Place of the page that holds the address, or of the first one behind it. */
  placeOf(address: Address): number {
    const wanted = Math.floor(address / this.pageBytes)
    let low = 0
    let high = this.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#number[middle]! < wanted) low = middle + 1
      else high = middle
    }
    return low
  }

  strip(wish: StripWish): PageStrip {
    const first = Math.min(Math.max(0, wish.first), Math.max(0, this.length - 1))
    const count = Math.min(wish.count, this.length - first)
    let pagesPerCell = 1
    while (Math.ceil(count / pagesPerCell) > wish.cells) pagesPerCell *= 2
    const cells = Math.ceil(count / pagesPerCell)
    const strip = { from: new Float64Array(cells), to: new Float64Array(cells), used: new Float32Array(cells), stranded: new Float64Array(cells), sparse: new Uint32Array(cells), kept: new Uint32Array(cells) }
    for (let cell = 0; cell < cells; cell++) {
      const start = first + cell * pagesPerCell
      const end = Math.min(first + count, start + pagesPerCell)
      let usedBytes = 0
      let committed = 0
      for (let page = start; page < end; page++) {
        const used = this.#used[page]!
        const free = this.#free[page]!
        usedBytes += used
        committed += used + free
        if (used > 0) strip.stranded[cell]! += free
        if (used > 0 && 4 * used < used + free) strip.sparse[cell]!++
        strip.kept[cell]! += this.#kept[page]!
      }
      strip.used[cell] = usedBytes / committed
      strip.from[cell] = this.#number[start]! * this.pageBytes
      strip.to[cell] = (this.#number[end - 1]! + 1) * this.pageBytes
    }
    return { pages: this.length, pageBytes: this.pageBytes, first, count, pagesPerCell, ...strip, bars: this.bars(), ...this.#totals() }
  }

  bars(): OccupancyBars {
    if (this.#bars !== undefined) return this.#bars
    const bars = { pages: new Float64Array(OCCUPANCY_BARS), strandedBytes: new Float64Array(OCCUPANCY_BARS), keptPages: new Float64Array(OCCUPANCY_BARS) }
    for (let page = 0; page < this.length; page++) {
      const used = this.#used[page]!
      const free = this.#free[page]!
      const bar = free === 0 ? OCCUPANCY_BARS - 1 : Math.ceil((10 * used) / (used + free))
      bars.pages[bar]!++
      if (used > 0) bars.strandedBytes[bar]! += free
      bars.keptPages[bar]! += this.#kept[page]!
    }
    return (this.#bars = bars)
  }

  #sums: Pick<PageStrip, 'meanOccupancy' | 'sparsePages' | 'strandedBytes' | 'releasableBytes'> | undefined

  #totals(): Pick<PageStrip, 'meanOccupancy' | 'sparsePages' | 'strandedBytes' | 'releasableBytes'> {
    if (this.#sums !== undefined) return this.#sums
    let occupancy = 0
    let sparsePages = 0
    let strandedBytes = 0
    let releasableBytes = 0
    for (let page = 0; page < this.length; page++) {
      const used = this.#used[page]!
      const free = this.#free[page]!
      occupancy += used / (used + free)
      if (used === 0) releasableBytes += free
      else {
        strandedBytes += free
        if (4 * used < used + free) sparsePages++
      }
    }
    return (this.#sums = { meanOccupancy: this.length === 0 ? null : occupancy / this.length, sparsePages, strandedBytes, releasableBytes })
  }
}

function grown<T extends Float64Array | Uint32Array | Uint8Array>(from: T, to: T): T {
  to.set(from)
  return to
}
