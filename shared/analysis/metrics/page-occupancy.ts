import { CHUNK_LENGTH } from '../../base/column'
import type { Bytes } from '../../base/units'
import { BlockState, type Snapshot } from '../../model/snapshot'

/*
 * Pages under blocks; a block across a page border counts byte by byte on both:
 *
 *   page      |    0     |    1     |    2     |
 *   blocks    [busy][free    ][free      ][busy]     page 0 and 2 are pinned, page 1 is releasable
 *
 * The occupancy of a page is taken over its committed bytes, which is the whole page except where a heap that grows
 * byte by byte ends.
 */
export interface PageOccupancy {
  /** Pages with at least one committed byte. */
  readonly pages: number
  /** Sum over pages of (busy + internal bytes) / committed bytes of the page. */
  readonly occupancySum: number
  /** Pages with occupancy below 25 %. */
  readonly sparsePages: number
  /** Free bytes (cached ones included) on pages that also hold a busy or internal byte. */
  readonly pinnedFree: Bytes
  readonly releasableFree: Bytes
  /** Of these, cached bytes. */
  readonly pinnedCached: Bytes
  readonly releasableCached: Bytes
}

export function computePageOccupancy(snapshot: Snapshot): PageOccupancy {
  const { blocks, pageBytes } = snapshot
  const pages = new PageSums(pageBytes)
  let pageEnd = -Infinity
  let used = 0
  let free = 0
  let cached = 0
  // A block within the page at hand, the usual case, costs one comparison and one addition.
  for (let chunk = 0, left = blocks.length; left > 0; chunk++, left -= CHUNK_LENGTH) {
    const addresses = blocks.address.chunks[chunk]!
    const sizes = blocks.size.chunks[chunk]!
    const states = blocks.state.chunks[chunk]!
    const rows = Math.min(left, CHUNK_LENGTH)
    for (let i = 0; i < rows; i++) {
      const state = states[i]!
      if (state === BlockState.Uncommitted) continue
      const isUsed = state === BlockState.Busy || state === BlockState.Internal
      const isCached = state === BlockState.Cached
      let at = addresses[i]!
      const end = at + sizes[i]!
      while (at < end) {
        if (at >= pageEnd) {
          pages.close(used, free, cached)
          used = free = cached = 0
          const whole = Math.floor((end - at) / pageBytes)
          if (whole > 0 && at % pageBytes === 0) {
            pages.addWhole(whole, isUsed, isCached)
            at += whole * pageBytes
            pageEnd = at
            continue
          }
          pageEnd = (Math.floor(at / pageBytes) + 1) * pageBytes
        }
        const here = (end < pageEnd ? end : pageEnd) - at
        if (isUsed) used += here
        else {
          free += here
          if (isCached) cached += here
        }
        at += here
      }
    }
  }
  pages.close(used, free, cached)
  return pages
}

class PageSums implements PageOccupancy {
  pages = 0
  occupancySum = 0
  sparsePages = 0
  pinnedFree = 0
  releasableFree = 0
  pinnedCached = 0
  releasableCached = 0
  readonly #pageBytes: Bytes

  constructor(pageBytes: Bytes) {
    this.#pageBytes = pageBytes
  }

  close(used: Bytes, free: Bytes, cached: Bytes): void {
    const committed = used + free
    if (committed === 0) return
    this.pages++
    this.occupancySum += used / committed
    if (4 * used < committed) this.sparsePages++
    if (used > 0) {
      this.pinnedFree += free
      this.pinnedCached += cached
    } else {
      this.releasableFree += free
      this.releasableCached += cached
    }
  }

  /** Pages that one block covers entirely. */
  addWhole(pages: number, isUsed: boolean, isCached: boolean): void {
    this.pages += pages
    if (isUsed) {
      this.occupancySum += pages
      return
    }
    this.sparsePages += pages
    this.releasableFree += pages * this.#pageBytes
    if (isCached) this.releasableCached += pages * this.#pageBytes
  }
}
