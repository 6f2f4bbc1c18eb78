import type { Snapshot } from '../../model/snapshot'
import { committedBytes, sumBlockTotals, type BlockTotals } from './block-totals'
import { computePageOccupancy, type PageOccupancy } from './page-occupancy'
import type { TilingSplit } from './types'

export type { TilingSplit } from './types'

/** Where every reserved byte of the snapshot goes; exact, without remainder (types.ts states the sums). */
export function tilingSplit(snapshot: Snapshot): TilingSplit {
  return splitOf(sumBlockTotals(snapshot), computePageOccupancy(snapshot))
}

export function splitOf(totals: BlockTotals, pages: PageOccupancy): TilingSplit {
  const committed = committedBytes(totals)
  const known = totals.unknownBlocks === 0
  return {
    live: known ? totals.requested : totals.consumed - totals.headers,
    header: totals.headers,
    rounding: known ? totals.rounding : 0,
    internal: totals.internal,
    pinnedFree: pages.pinnedFree - pages.pinnedCached,
    releasableFree: pages.releasableFree - pages.releasableCached,
    cachedFree: totals.cached,
    uncommitted: totals.uncommitted,
    committed,
    reserved: committed + totals.uncommitted,
  }
}
