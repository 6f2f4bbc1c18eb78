import { UNKNOWN_SIZE } from '../../base/units'
import type { Snapshot } from '../../model/snapshot'
import type { DumpComparison } from '../compare-dumps/compare-dumps'
import { PLACE_CHANGE_NAMES } from '../compare-dumps/match-by-place'
import { columnsOf, RowTable } from './row-table'

const NO_CHANGES = { kept: 'f64', changed: 'f64', reused: 'f64', vanished: 'f64', appeared: 'f64' } as const

/** Two moments of one process as tables; `only` keeps the places of one PlaceChange. Sizes and requests of -1 are not there. */
export function placeRows({ places }: DumpComparison, a: Snapshot, b: Snapshot, only: number | null): RowTable {
  const columns = columnsOf({ address: 'f64', bytes: 'f64', change: 'u8', heap: 'f64', sizeA: 'f64', sizeB: 'f64', requestedA: 'f64', requestedB: 'f64' })
  for (let i = 0; i < places.change.length; i++) {
    const change = places.change.at(i)
    if (only !== null && change !== only) continue
    const rowA = places.rowA.at(i)
    const rowB = places.rowB.at(i)
    const [last, row] = rowB >= 0 ? [b, rowB] : [a, rowA]
    columns.address.push(last.blocks.address.at(row))
    columns.bytes.push(last.blocks.size.at(row))
    columns.change.push(change)
    columns.heap.push(last.heaps[last.blocks.heap.at(row)]!.base)
    columns.sizeA.push(rowA < 0 ? -1 : a.blocks.size.at(rowA))
    columns.sizeB.push(rowB < 0 ? -1 : b.blocks.size.at(rowB))
    columns.requestedA.push(requested(a, rowA))
    columns.requestedB.push(requested(b, rowB))
  }
  return new RowTable(columns)
}

function requested({ blocks }: Snapshot, row: number): number {
  const bytes = row < 0 ? UNKNOWN_SIZE : blocks.requested.at(row)
  return bytes === UNKNOWN_SIZE ? -1 : bytes
}

export function sizeDifferenceRows({ sizes }: DumpComparison): RowTable {
  const columns = columnsOf({ size: 'f64', countA: 'f64', countB: 'f64', difference: 'f64', byteDifference: 'f64', ...NO_CHANGES })
  for (const { size, countA, countB, changes } of sizes) {
    columns.size.push(size)
    columns.countA.push(countA)
    columns.countB.push(countB)
    columns.difference.push(countB - countA)
    columns.byteDifference.push((countB - countA) * size)
    for (const name of PLACE_CHANGE_NAMES) columns[name].push(changes[name])
  }
  return new RowTable(columns)
}

export function pageDifferenceRows({ pages }: DumpComparison, pageBytes: number): RowTable {
  const columns = columnsOf({ address: 'f64', bytes: 'f64', ...NO_CHANGES })
  for (const { page, changes } of pages) {
    columns.address.push(page)
    columns.bytes.push(pageBytes)
    for (const name of PLACE_CHANGE_NAMES) columns[name].push(changes[name])
  }
  return new RowTable(columns)
}
