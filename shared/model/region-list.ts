import { Column } from '../base/column'
import { NONE, type Address, type Bytes } from '../base/units'
import { addressOrder } from './address-order'
import { REGION_MEASURES, type RegionKind, type RegionMeasure, type RegionState, RegionTable } from './region-table'

export interface ListedRegion {
  readonly base: Address
  readonly end: Address
  readonly state: RegionState
  readonly kind: RegionKind
  /** PAGE_*; 0 not told. */
  readonly protect: number
  /** '' none. */
  readonly owner: string
  readonly measures?: Readonly<Partial<Record<RegionMeasure, Bytes>>>
}

export interface ListedRegions {
  readonly regions: RegionTable
  readonly owners: string[]
  /** Regions left out because one at a lower address, or told earlier, reaches into them. */
  readonly overlapping: readonly Address[]
}

/** Regions as a source lists them, in any order, made into the table of a snapshot: sorted, disjoint, owners by number. */
export class RegionList {
  readonly #rows: ListedRegion[] = []

  get length(): number {
    return this.#rows.length
  }

  push(region: ListedRegion): void {
    this.#rows.push(region)
  }

  toTable(): ListedRegions {
    const regions = new RegionTable()
    regions.kind = new Column('u8')
    if (this.#rows.some(({ protect }) => protect !== 0)) regions.protect = new Column('u32')
    const measures = REGION_MEASURES.filter((name) => this.#rows.some((row) => row.measures?.[name] !== undefined))
    for (const name of measures) regions[name] = new Column('f64')
    const owners: string[] = []
    const numberOf = new Map<string, number>([['', NONE]])
    const overlapping: Address[] = []
    let at = 0
    for (const index of addressOrder(Float64Array.from(this.#rows, ({ base }) => base))) {
      const row = this.#rows[index]!
      if (row.base < at) {
        overlapping.push(row.base)
        continue
      }
      at = row.end
      const owner = numberOf.get(row.owner) ?? owners.push(row.owner) - 1
      numberOf.set(row.owner, owner)
      regions.base.push(row.base)
      regions.size.push(row.end - row.base)
      regions.state.push(row.state)
      regions.owner.push(owner)
      regions.kind.push(row.kind)
      regions.protect?.push(row.protect)
      for (const name of measures) regions[name]!.push(row.measures?.[name] ?? NONE)
    }
    return { regions, owners, overlapping }
  }
}
