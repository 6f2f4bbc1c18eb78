import type { Bytes } from '../base/units'
import { NONE } from '../base/units'
import { REGION_KIND_NAMES, REGION_MEASURES, type RegionMeasure, RegionState } from '../model/region-table'
import type { Snapshot } from '../model/snapshot'

/** Regions of one kind together. A measure is null when the source does not tell it of every one of them. */
export interface RegionSum extends Readonly<Record<RegionMeasure, Bytes | null>> {
  readonly kind: string
  readonly regions: number
  readonly reservedBytes: Bytes
  readonly committedBytes: Bytes
}

/** Sums by kind, largest committed first; free regions are left out. `reservedBytes` includes the committed ones. */
export function summariseRegions({ regions }: Snapshot): RegionSum[] {
  const sums = REGION_KIND_NAMES.map((kind) => ({ kind, regions: 0, reservedBytes: 0, committedBytes: 0, resident: 0, proportional: 0, private: 0, swapped: 0 }) as Record<RegionMeasure, number | null> & { kind: string; regions: number; reservedBytes: number; committedBytes: number })
  for (let row = 0; row < regions.length; row++) {
    const state = regions.state.at(row)
    if (state === RegionState.Free) continue
    const sum = sums[regions.kind?.at(row) ?? 0]!
    sum.regions++
    sum.reservedBytes += regions.size.at(row)
    if (state === RegionState.Committed) sum.committedBytes += regions.size.at(row)
    for (const name of REGION_MEASURES) {
      const bytes = regions[name]?.at(row) ?? NONE
      sum[name] = sum[name] === null || bytes === NONE ? null : sum[name] + bytes
    }
  }
  return sums.filter((sum) => sum.regions > 0).sort((a, b) => b.committedBytes - a.committedBytes || b.reservedBytes - a.reservedBytes)
}
