import type { Address } from '../base/units'
import { RegionState, RegionTable } from '../model/region-table'
import type { SegmentRecord } from '../model/snapshot'

/**
 * Regions of a snapshot: the process's own without the free ones, cut at the borders of segments. Where a segment says
 * it reserved memory of which nothing is known, that memory is reserved. `ownerOf` names the heap of a segment, -1 none.
 */
export function fitRegions(regions: RegionTable, segments: readonly SegmentRecord[], ownerOf: (segment: SegmentRecord) => number): RegionTable {
  const out = new RegionTable()
  const push = (base: Address, end: Address, state: number, owner: number): void => {
    if (end <= base) return
    out.base.push(base)
    out.size.push(end - base)
    out.state.push(state)
    out.owner.push(owner)
  }
  let next = 0
  /** End of what has been put out. */
  let at = 0
  const advanceTo = (limit: Address, owner: number | undefined): void => {
    for (; next < regions.length; next++) {
      const base = Math.max(at, regions.base.at(next))
      const end = regions.base.at(next) + regions.size.at(next)
      if (base >= limit) break
      const state = regions.state.at(next)
      const isFree = state === RegionState.Free
      if (owner !== undefined) {
        if (base > at) push(at, base, RegionState.Reserved, owner)
        push(base, Math.min(end, limit), isFree ? RegionState.Reserved : state, owner)
      } else if (!isFree) push(base, Math.min(end, limit), state, regions.owner.at(next))
      at = Math.max(at, Math.min(end, limit))
      if (end > limit) return
    }
    if (owner !== undefined && at < limit) push(at, limit, RegionState.Reserved, owner)
    at = Math.max(at, limit)
  }
  for (const segment of segments) {
    advanceTo(segment.base, undefined)
    at = segment.base
    advanceTo(segment.base + segment.reservedBytes, ownerOf(segment))
  }
  advanceTo(Infinity, undefined)
  return out
}
