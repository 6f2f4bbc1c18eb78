import { RESERVATION_BYTES, roundDown, roundUp, type Bytes } from '../../base/units'
import { RegionState } from '../../model/region-table'
import type { Snapshot } from '../../model/snapshot'

export interface FreeAddressSpace {
  readonly totalBytes: Bytes
  readonly largestBytes: Bytes
  /** Largest range that begins and ends at multiples of the 64 KiB reservation granularity. */
  readonly largestReservableBytes: Bytes
}

/** What lies between the regions of the snapshot, within its address space. */
export function measureFreeAddressSpace({ regions, addressSpace }: Snapshot): FreeAddressSpace {
  let totalBytes = 0
  let largestBytes = 0
  let largestReservableBytes = 0
  let from = addressSpace.low
  const gap = (to: number): void => {
    if (to <= from) return
    totalBytes += to - from
    largestBytes = Math.max(largestBytes, to - from)
    largestReservableBytes = Math.max(largestReservableBytes, roundDown(to, RESERVATION_BYTES) - roundUp(from, RESERVATION_BYTES))
  }
  for (let row = 0; row < regions.length; row++) {
    if (regions.state.at(row) === RegionState.Free) continue
    gap(Math.min(regions.base.at(row), addressSpace.high))
    from = Math.max(from, regions.base.at(row) + regions.size.at(row))
  }
  gap(addressSpace.high)
  return { totalBytes, largestBytes, largestReservableBytes }
}
