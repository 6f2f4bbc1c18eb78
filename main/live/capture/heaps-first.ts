import type { Address } from '../../../shared/base/units'
import type { LiveSystem, ProcessHandle, RegionRecord, TargetFacts } from '../live-system'
import { isPrivate, isReadable, type Run } from './target-regions'

const NT_OR_WINE = 0xffeeffee
const SEGMENT_HEAP = 0xddeeddee
/** Of a heap or segment, in its first bytes: x64 and x86 (walk.md 1). */
const SIGNATURE_AT = [0x10, 0x8] as const
const HEAD_BYTES = 0x20

/**
 * Private memory in the order in which a copy that cannot hold all of it should take it: the process's own blocks, then
 * reservations that begin with a heap's signature, then the rest from small to large, since the one region that does not
 * fit is seldom a heap.
 */
export function heapsFirst(system: LiveSystem, source: ProcessHandle, regions: readonly RegionRecord[], { pebs }: TargetFacts): Run[] {
  const head = new Uint8Array(HEAD_BYTES)
  const view = new DataView(head.buffer)
  const heapReservations = new Set<Address>()
  for (const region of regions) {
    if (region.base !== region.allocationBase || !isPrivate(region) || !isReadable(region)) continue
    if (system.read(source, region.base, head) < HEAD_BYTES) continue
    if (SIGNATURE_AT.some((at) => view.getUint32(at, true) === NT_OR_WINE || view.getUint32(at, true) === SEGMENT_HEAP)) heapReservations.add(region.allocationBase)
  }
  const rank = (region: RegionRecord): number => {
    if (pebs.some(({ address }) => address >= region.base && address < region.base + region.bytes)) return 0
    return heapReservations.has(region.allocationBase) ? 1 : 2
  }
  return regions
    .filter((region) => isPrivate(region) && isReadable(region))
    .map((region) => ({ address: region.base, bytes: region.bytes, rank: rank(region) }))
    .sort((a, b) => a.rank - b.rank || (a.rank === 2 ? a.bytes - b.bytes : 0) || a.address - b.address)
}
