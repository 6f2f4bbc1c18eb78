import { Column } from '../base/column'
import { NONE, type Address, type RowIndex } from '../base/units'
import { RegionKind, RegionState, RegionTable } from '../model/region-table'
import type { SegmentRecord } from '../model/snapshot'

/**
 * Regions of a snapshot: the process's own without the free ones, cut at the borders of segments. Where a segment says
 * it reserved memory of which nothing is known, that memory is reserved. `ownerOf` names the heap of a segment, -1 none.
 * Where the source tells kinds, what segments lie in is of the kind heap; protections stay as they are told.
 */
export function fitRegions(regions: RegionTable, segments: readonly SegmentRecord[], ownerOf: (segment: SegmentRecord) => number): RegionTable {
  const out = new RegionTable()
  const { kind, protect } = regions
  if (kind !== undefined) out.kind = new Column('u8')
  if (protect !== undefined) out.protect = new Column('u32')
  /** `source` is the row the piece is cut from, NONE when no row tells of it. */
  const push = (base: Address, end: Address, state: number, owner: number, source: RowIndex, isHeap: boolean): void => {
    if (end <= base) return
    out.base.push(base)
    out.size.push(end - base)
    out.state.push(state)
    out.owner.push(owner)
    out.kind?.push(isHeap ? RegionKind.Heap : source === NONE ? RegionKind.Unknown : kind!.at(source))
    out.protect?.push(source === NONE ? 0 : protect!.at(source))
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
        if (base > at) push(at, base, RegionState.Reserved, owner, NONE, true)
        push(base, Math.min(end, limit), isFree ? RegionState.Reserved : state, owner, next, true)
      } else if (!isFree) push(base, Math.min(end, limit), state, regions.owner.at(next), next, false)
      at = Math.max(at, Math.min(end, limit))
      if (end > limit) return
    }
    if (owner !== undefined && at < limit) push(at, limit, RegionState.Reserved, owner, NONE, true)
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
