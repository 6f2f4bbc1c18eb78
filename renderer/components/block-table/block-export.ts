import { columnFacts, type BlockColumn } from '../../../shared/analysis/block-columns'
import type { BlockQuery } from '../../../shared/analysis/block-query'
import type { ShownColumn, ShownTable, ShownValue } from '../../../shared/base/shown-table'
import type { SaveOptions } from '../export/saving'
import type { BlockSource } from '../moment-session'
import { columnsFor } from './block-columns'
import { blockRowValues } from './block-row'

/** Rows asked at once: few enough that making their texts does not hold the window up. */
const PAGE_ROWS = 2000
/** More rows than fit one text. */
const MOST_ROWS = 2_000_000

export interface BlockExport {
  readonly title: string
  readonly notes: readonly string[]
  readonly shows: readonly BlockColumn[]
}

/** All rows of a query in its order, with the columns shown; says so when there are more than a file takes. */
export async function exportBlocks(source: Pick<BlockSource, 'page'>, query: BlockQuery, { title, notes, shows }: BlockExport, { signal, onRows }: SaveOptions): Promise<ShownTable> {
  const rows: ShownValue[][] = []
  for (let total = 1; rows.length < Math.min(total, MOST_ROWS); ) {
    const page = await source.page(query, shows, rows.length, PAGE_ROWS, { signal })
    total = page.total
    if (page.address.length === 0) break
    for (let i = 0; i < page.address.length; i++) rows.push(blockRowValues(page, i, shows))
    onRows(rows.length, total)
    if (rows.length >= MOST_ROWS && total > rows.length) return { title, notes: [...notes, `The first ${rows.length} of ${total} rows; filter to get the others.`], columns: columns(shows), rows }
  }
  return { title, notes, columns: columns(shows), rows }
}

const unitOf = (key: BlockColumn): { readonly unit?: string } => {
  const { unit } = columnFacts(key)
  return unit === 'bytes' || unit === 'percent' ? { unit } : {}
}
const columns = (shows: readonly BlockColumn[]): ShownColumn[] =>
  columnsFor(shows).map(({ key, label, hint }) => ({ key, label, ...unitOf(key), definition: hint }))
