import { CHUNK_LENGTH } from '../../base/column'
import { finish, type Steps } from '../../base/steps'
import type { Bytes } from '../../base/units'
import { BLOCK_STATE_NAMES, BlockState, type Snapshot } from '../../model/snapshot'

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

export const computePageOccupancy = (snapshot: Snapshot): PageOccupancy => finish(pageOccupancySteps(snapshot))

export function* pageOccupancySteps(snapshot: Snapshot): Steps<PageOccupancy> {
  const { blocks, pageBytes } = snapshot
  const pages = new PageSums(pageBytes)
  let pageEnd = -Infinity
  // Bytes of the page at hand by block state: states follow no pattern, so adding to a slot beats branching on them.
  const here = new Float64Array(BLOCK_STATE_NAMES.length)
  for (let chunk = 0, left = blocks.length; left > 0; chunk++, left -= CHUNK_LENGTH) {
    const addresses = blocks.address.chunks[chunk]!
    const sizes = blocks.size.chunks[chunk]!
    const states = blocks.state.chunks[chunk]!
    const rows = Math.min(left, CHUNK_LENGTH)
    for (let i = 0; i < rows; i++) {
      const state = states[i]!
      let at = addresses[i]!
      const end = at + sizes[i]!
      if (at < pageEnd && end <= pageEnd) {
        here[state]! += end - at
        continue
      }
      if (state === BlockState.Uncommitted) continue
      while (at < end) {
        if (at >= pageEnd) {
          pages.close(here)
          const whole = at % pageBytes === 0 ? Math.floor((end - at) / pageBytes) : 0
          if (whole > 0) {
            pages.addWhole(whole, state)
            at += whole * pageBytes
            pageEnd = at
            continue
          }
          pageEnd = (Math.floor(at / pageBytes) + 1) * pageBytes
        }
        const part = (end < pageEnd ? end : pageEnd) - at
        here[state]! += part
        at += part
      }
    }
    yield
  }
  pages.close(here)
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

  /** Counts the page whose bytes by block state are given, and clears them for the next. */
  close(here: Float64Array): void {
    const used = here[BlockState.Busy]! + here[BlockState.Internal]!
    const cached = here[BlockState.Cached]!
    const free = here[BlockState.Free]! + cached
    here.fill(0)
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

  /** Pages that one block of `state` covers entirely. */
  addWhole(pages: number, state: number): void {
    this.pages += pages
    if (state === BlockState.Busy || state === BlockState.Internal) {
      this.occupancySum += pages
      return
    }
    this.sparsePages += pages
    this.releasableFree += pages * this.#pageBytes
    if (state === BlockState.Cached) this.releasableCached += pages * this.#pageBytes
  }
}
