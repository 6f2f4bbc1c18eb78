import type { Address } from '../../../shared/base/units'
import { RegionState } from '../../../shared/model/region-table'
import type { WalkRow } from '../../../shared/sim/workspace/workspace-types'
import { engine } from '../../client/engine-client'

export type RegionRow = Extract<WalkRow, { readonly kind: 'region' }>

/** More regions than that no map shows; the list has them all. */
export const MOST_REGIONS = 5000
const PAGE_ROWS = 1000

/** Regions of a viewer's moment in address order, vanished ones among them, at most MOST_REGIONS. */
export async function fetchRegions(viewer: { readonly workspaceId: string; readonly viewerId: string }): Promise<{ readonly regions: readonly RegionRow[]; readonly isCut: boolean }> {
  const regions: RegionRow[] = []
  let offset = 0
  let total = 1
  while (offset < total && regions.length < MOST_REGIONS) {
    const page = await engine.request('walkRows', { ...viewer, expanded: [], onlyChanged: false, offset, count: PAGE_ROWS })
    for (const row of page.rows) if (row.kind === 'region') regions.push(row)
    total = page.total
    offset += PAGE_ROWS
  }
  return { regions, isCut: offset < total }
}

export const isCommittedAt = (regions: readonly RegionRow[], address: Address): boolean =>
  regions.some((region) => region.state === RegionState.Committed && address >= region.address && address < region.address + region.bytes)
