import type { RowOrder, RowPage } from '../../../shared/analysis/dump/row-table'
import type { ShownTable, ShownValue } from '../../../shared/base/shown-table'
import type { SaveOptions } from '../export/saving'
import { NOT_AVAILABLE } from '../format'
import { rowValues, type RowColumn, type RowSource, type RowSpec } from './row-spec'

const PAGE_ROWS = 4000
const MOST_ROWS = 2_000_000

/** All rows of a list in its order; numbers in full, addresses as `0x2145C70`. */
export async function exportRows(source: RowSource, { spec, order, heapNames }: { readonly spec: RowSpec; readonly order: RowOrder | null; readonly heapNames: readonly string[] }, { signal, onRows }: SaveOptions): Promise<ShownTable> {
  const rows: ShownValue[][] = []
  for (let total = 1; rows.length < Math.min(total, MOST_ROWS); ) {
    const page = await source.page(order, rows.length, PAGE_ROWS, { signal })
    const count = Object.values(page.numbers)[0]?.length ?? Object.values(page.texts)[0]?.length ?? 0
    total = page.total
    if (count === 0) break
    for (let i = 0; i < count; i++) rows.push(spec.columns.map((column) => valueOf(page, i, column, heapNames)))
    onRows(rows.length, total)
  }
  return { title: spec.label, notes: [], columns: spec.columns.map(({ key, label, hint }) => ({ key, label, ...(hint === undefined ? {} : { definition: hint }) })), rows }
}

/** The number behind a text that is one; the text where the list writes something else for it, such as a heap's name. */
function valueOf(page: RowPage, index: number, { key, text }: RowColumn, heapNames: readonly string[]): ShownValue {
  const shown = text(rowValues(page, index), heapNames)
  if (shown === NOT_AVAILABLE) return null
  const number = page.numbers[key]?.[index]
  if (number === undefined || !/\d/.test(shown)) return shown
  return /^0x/.test(shown) ? `0x${number.toString(16).toUpperCase()}` : number
}
