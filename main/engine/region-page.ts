import type { RegionPage, RegionRow } from '../../shared/ipc/engine-api'
import { NONE } from '../../shared/base/units'
import type { RegionMeasure } from '../../shared/model/region-table'
import type { Snapshot } from '../../shared/model/snapshot'

/** Regions [offset, offset + count) of a snapshot. */
export function regionPage({ regions, owners }: Snapshot, offset: number, count: number): RegionPage {
  const measure = (name: RegionMeasure, row: number): number | null => {
    const bytes = regions[name]?.at(row) ?? NONE
    return bytes === NONE ? null : bytes
  }
  const rows: RegionRow[] = []
  for (let row = offset; row < Math.min(regions.length, offset + count); row++) {
    rows.push({
      base: regions.base.at(row),
      sizeBytes: regions.size.at(row),
      state: regions.state.at(row),
      kind: regions.kind?.at(row) ?? 0,
      protect: regions.protect?.at(row) ?? 0,
      owner: owners[regions.owner.at(row)] ?? '',
      resident: measure('resident', row),
      proportional: measure('proportional', row),
      private: measure('private', row),
      swapped: measure('swapped', row),
    })
  }
  return { total: regions.length, rows }
}
