import { Column } from '../../../shared/base/column'
import type { Address, Bytes } from '../../../shared/base/units'
import { RegionKind, RegionState, RegionTable } from '../../../shared/model/region-table'
import type { RegionRecord } from '../live-system'
import { MemoryState, MemoryType, Protection } from '../windows/constants'

/** What names a reservation: a file, a stack, the system's own blocks. */
export interface RegionOwner {
  readonly name: string
  readonly kind: RegionKind
}

/** Committed memory that reading does no harm to: a guard page read by anyone loses its guard. */
export const isReadable = ({ state, protection }: RegionRecord): boolean => state === MemoryState.Commit && (protection & (Protection.NoAccess | Protection.Guard)) === 0

export const isPrivate = ({ type }: RegionRecord): boolean => type === MemoryType.Private

/** Runs of memory that touch, as one. */
export interface Run {
  readonly address: Address
  readonly bytes: Bytes
}

export function readableRuns(regions: readonly RegionRecord[], isWanted: (region: RegionRecord) => boolean = () => true): Run[] {
  const runs: { address: Address; bytes: Bytes }[] = []
  for (const region of regions) {
    if (!isReadable(region) || !isWanted(region)) continue
    const last = runs.at(-1)
    if (last !== undefined && last.address + last.bytes === region.base) last.bytes += region.bytes
    else runs.push({ address: region.base, bytes: region.bytes })
  }
  return runs
}

/**
 * A clone holds no views that were mapped as not to be inherited: what the process itself has mapped there stands in for
 * them. Where the clone has something, the clone is right.
 */
export function withMappedOf(clone: readonly RegionRecord[], original: readonly RegionRecord[]): RegionRecord[] {
  const taken = clone.filter(({ state }) => state !== MemoryState.Free)
  const isTaken = ({ base, bytes }: RegionRecord): boolean => {
    let low = 0
    let high = taken.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (taken[middle]!.base + taken[middle]!.bytes <= base) low = middle + 1
      else high = middle
    }
    return low < taken.length && taken[low]!.base < base + bytes
  }
  const missing = original.filter((region) => region.type !== MemoryType.Private && region.state !== MemoryState.Free && !isTaken(region))
  return missing.length === 0 ? [...clone] : [...taken, ...missing].sort((a, b) => a.base - b.base)
}

const KIND_OF_TYPE: Readonly<Record<number, RegionKind>> = { [MemoryType.Private]: RegionKind.Private, [MemoryType.Mapped]: RegionKind.Mapped, [MemoryType.Image]: RegionKind.Image }

/** The address space between `low` and `high` as a table, free ranges included. Owners are looked up by reservation. */
export function toRegionTable(regions: readonly RegionRecord[], ownerOf: (region: RegionRecord) => RegionOwner | undefined, { low, high }: { readonly low: Address; readonly high: Address }): { readonly table: RegionTable; readonly owners: readonly string[] } {
  const table = new RegionTable()
  table.kind = new Column('u8')
  table.protect = new Column('u32')
  const owners: string[] = []
  const indexOf = new Map<string, number>()
  const push = (base: Address, end: Address, state: RegionState, kind: RegionKind, protect: number, owner: string): void => {
    let index = -1
    if (owner !== '') {
      index = indexOf.get(owner) ?? owners.push(owner) - 1
      indexOf.set(owner, index)
    }
    table.base.push(base)
    table.size.push(end - base)
    table.state.push(state)
    table.owner.push(index)
    table.kind!.push(kind)
    table.protect!.push(protect)
  }
  let at = low
  for (const region of regions) {
    const base = Math.max(at, region.base)
    const end = Math.min(high, region.base + region.bytes)
    if (end <= base || region.state === MemoryState.Free) continue
    if (base > at) push(at, base, RegionState.Free, RegionKind.Unknown, 0, '')
    const owner = ownerOf(region)
    const isCommitted = region.state === MemoryState.Commit
    push(base, end, isCommitted ? RegionState.Committed : RegionState.Reserved, owner?.kind ?? KIND_OF_TYPE[region.type] ?? RegionKind.Unknown, isCommitted ? region.protection : 0, owner?.name ?? '')
    at = end
  }
  if (at < high) push(at, high, RegionState.Free, RegionKind.Unknown, 0, '')
  return { table, owners }
}
