import type { Bytes } from '../../base/units'
import type { CostGrouping, CostTable } from './cost-table'

/*
 * Two cost tables of one grouping as one list of groups, for tables, histograms and blame:
 *
 *   up to 512 bytes    A: 300 blocks, 90 KB live, 12 KB pinned     B: 450 blocks, ...
 */
export interface GroupCost {
  readonly blocks: number
  readonly live: Bytes
  readonly header: Bytes
  readonly rounding: Bytes
  /** Free bytes the group keeps from being given back (Shapley share). */
  readonly pinned: Bytes
}

export interface CostDifference {
  readonly key: string
  /** As in CostTable. */
  readonly upper: number
  readonly a: GroupCost
  readonly b: GroupCost
  /** What the group adds to the footprint of B over that of A. */
  readonly change: Bytes
}

export interface CostDifferences {
  readonly grouping: CostGrouping
  /** Largest change first. */
  readonly rows: readonly CostDifference[]
  /** Of the rows together. */
  readonly total: CostDifference
}

const NOTHING: GroupCost = { blocks: 0, live: 0, header: 0, rounding: 0, pinned: 0 }

export function costDifferences(a: CostTable, b: CostTable): CostDifferences {
  const rowsA = new Map(a.keys.map((key, row) => [key, row]))
  const rowsB = new Map(b.keys.map((key, row) => [key, row]))
  const rows = [...new Set([...a.keys, ...b.keys])].map((key): CostDifference => {
    const [rowA, rowB] = [rowsA.get(key), rowsB.get(key)]
    return differenceOf(key, rowA === undefined ? b.uppers[rowB!]! : a.uppers[rowA]!, costAt(a, rowA), costAt(b, rowB))
  })
  rows.sort((one, other) => Math.abs(other.change) - Math.abs(one.change) || one.upper - other.upper)
  const total = differenceOf('all', 0, rows.reduce((sum, row) => add(sum, row.a), NOTHING), rows.reduce((sum, row) => add(sum, row.b), NOTHING))
  return { grouping: a.grouping, rows, total }
}

const differenceOf = (key: string, upper: number, a: GroupCost, b: GroupCost): CostDifference => ({ key, upper, a, b, change: footprint(b) - footprint(a) })

const footprint = ({ live, header, rounding, pinned }: GroupCost): Bytes => live + header + rounding + pinned

const add = (one: GroupCost, other: GroupCost): GroupCost => ({
  blocks: one.blocks + other.blocks,
  live: one.live + other.live,
  header: one.header + other.header,
  rounding: one.rounding + other.rounding,
  pinned: one.pinned + other.pinned,
})

function costAt(table: CostTable, row: number | undefined): GroupCost {
  if (row === undefined) return NOTHING
  return { blocks: table.blocks[row]!, live: table.live[row]!, header: table.header[row]!, rounding: table.rounding[row]!, pinned: table.pinned[row]! }
}
