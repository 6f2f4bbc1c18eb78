import { roundDown, roundUp, type Address, type Bytes } from '../base/units'
import type { Snapshot } from '../model/snapshot'
import type { MapRange } from './cell-writer'
import { MOST_PAGES_SUMMED, sharePages } from './map-colors/colorings'

/*
 * Numbers every page of every segment, with one border more than pages in each segment:
 *
 *   segment 0   |page 0|page 1|page 2|      segment 1   |page 0|page 1|
 *   border      0      1      2      3                  4      5      6
 */
export interface SegmentPages {
  readonly base: Address
  readonly pages: number
  /** First border among those of all segments. */
  readonly first: number
}

/** Adds up cells; called in order of the cells, each between `begin` and `end`. */
export interface CellAdder {
  begin(): void
  /** The cell holds the pages between two borders of one segment. */
  add(low: number, high: number): void
  end(cell: number): void
}

export class PageIndex {
  readonly pageBytes: Bytes
  readonly segments: readonly SegmentPages[]
  readonly borders: number

  private constructor(pageBytes: Bytes, segments: readonly SegmentPages[], borders: number) {
    this.pageBytes = pageBytes
    this.segments = segments
    this.borders = borders
  }

  /** Pages that segments reach into; undefined where two segments share one, or there are too many. */
  static of({ pageBytes, segments }: Snapshot): PageIndex | undefined {
    if (sharePages(segments, pageBytes)) return undefined
    const own: SegmentPages[] = []
    let borders = 0
    for (const { base, reservedBytes } of segments) {
      const start = roundDown(base, pageBytes)
      const pages = (roundUp(base + reservedBytes, pageBytes) - start) / pageBytes
      own.push({ base: start, pages, first: borders })
      borders += pages + 1
    }
    return borders > MOST_PAGES_SUMMED + segments.length ? undefined : new PageIndex(pageBytes, own, borders)
  }

  /** Whether tiles of such cells can be answered from pages: cells of whole pages that begin at a page. */
  fits(ranges: readonly MapRange[], bytesPerCell: Bytes): boolean {
    return bytesPerCell >= this.pageBytes && bytesPerCell % this.pageBytes === 0 && ranges.every(({ address }) => address % this.pageBytes === 0)
  }

  /** The cells of a range that fits. A cell may hold several small segments, and a segment many cells. */
  addCells({ address, cells }: MapRange, bytesPerCell: Bytes, adder: CellAdder): void {
    const { segments, pageBytes } = this
    const pagesPerCell = bytesPerCell / pageBytes
    let next = this.segmentFrom(address)
    for (let cell = 0; cell < cells; cell++) {
      const from = address + cell * bytesPerCell
      adder.begin()
      for (let index = next; index < segments.length; index++) {
        const segment = segments[index]!
        const firstPage = (from - segment.base) / pageBytes
        if (firstPage + pagesPerCell <= 0) break
        if (firstPage >= segment.pages) {
          next = index + 1
          continue
        }
        adder.add(segment.first + Math.max(0, firstPage), segment.first + Math.min(segment.pages, firstPage + pagesPerCell))
      }
      adder.end(cell)
    }
  }

  /** Borders around the pages that [from, to) reaches into, as far as they belong to the first segment it meets; null for none. */
  pagesIn(from: Address, to: Address): { readonly low: number; readonly high: number } | null {
    const segment = this.segments[this.segmentFrom(from)]
    if (segment === undefined || to <= segment.base) return null
    const low = Math.max(0, Math.floor((from - segment.base) / this.pageBytes))
    const high = Math.min(segment.pages, Math.ceil((to - segment.base) / this.pageBytes))
    return { low: segment.first + low, high: segment.first + high }
  }

  /** Index of the first segment that ends after `address`. */
  segmentFrom(address: Address): number {
    let low = 0
    let high = this.segments.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const { base, pages } = this.segments[middle]!
      if (base + pages * this.pageBytes > address) high = middle
      else low = middle + 1
    }
    return low
  }
}
