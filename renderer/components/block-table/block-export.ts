import type { BlockPage, BlockQuery } from '../../../shared/analysis/block-query'
import type { ShownColumn, ShownTable, ShownValue } from '../../../shared/base/shown-table'
import { UNKNOWN_SIZE } from '../../../shared/base/units'
import { BlockState } from '../../../shared/model/snapshot'
import { NOT_AVAILABLE } from '../format'
import type { SaveOptions } from '../export/saving'
import type { BlockSource } from '../moment-session'
import { columnsFor } from './block-columns'
import { blockRowTexts, type BlockTableColumn } from './block-row'

/** Rows asked at once: few enough that making their texts does not hold the window up. */
const PAGE_ROWS = 2000
/** More rows than fit one text. */
const MOST_ROWS = 2_000_000

const BYTE_COLUMNS: readonly BlockTableColumn[] = ['requested', 'size', 'overhead', 'pins']

export interface BlockExport {
  readonly title: string
  readonly notes: readonly string[]
  readonly shows: readonly BlockTableColumn[]
  readonly heapNames: readonly string[]
}

/** All rows of a query in its order, with the columns shown; says so when there are more than a file takes. */
export async function exportBlocks(source: Pick<BlockSource, 'page'>, query: BlockQuery, { title, notes, shows, heapNames }: BlockExport, { signal, onRows }: SaveOptions): Promise<ShownTable> {
  const rows: ShownValue[][] = []
  for (let total = 1; rows.length < Math.min(total, MOST_ROWS); ) {
    const page = await source.page(query, rows.length, PAGE_ROWS, { signal })
    total = page.total
    if (page.address.length === 0) break
    for (let i = 0; i < page.address.length; i++) rows.push(blockRowValues(page, i, shows, heapNames))
    onRows(rows.length, total)
    if (rows.length >= MOST_ROWS && total > rows.length) return { title, notes: [...notes, `The first ${rows.length} of ${total} rows; filter to get the others.`], columns: columns(shows), rows }
  }
  return { title, notes, columns: columns(shows), rows }
}

const columns = (shows: readonly BlockTableColumn[]): ShownColumn[] =>
  columnsFor(shows).map(({ key, label, hint }) => ({ key, label, ...(BYTE_COLUMNS.includes(key) ? { unit: 'bytes' } : {}), ...(hint === undefined ? {} : { definition: hint }) }))

/** A row with exact numbers; addresses as `0x2145C70`, what is unknown or does not apply as null. */
export function blockRowValues(page: BlockPage, index: number, shows: readonly BlockTableColumn[], heapNames: readonly string[] = []): ShownValue[] {
  const texts = blockRowTexts(page, index, heapNames)
  const isBusy = page.state[index] === BlockState.Busy
  const requested = page.requested[index]!
  const isAsked = isBusy && requested !== UNKNOWN_SIZE
  const numbers: Partial<Record<BlockTableColumn, ShownValue>> = {
    address: `0x${page.address[index]!.toString(16).toUpperCase()}`,
    requested: isAsked ? requested : null,
    size: page.size[index]!,
    overhead: isAsked ? page.size[index]! - requested : null,
    segment: page.segment[index]! < 0 ? null : page.segment[index]! + 1,
    birth: page.birth[index]! < 0 ? null : page.birth[index]!,
    pins: isBusy ? page.pins[index]! : null,
  }
  return shows.map((column) => {
    const value = numbers[column]
    if (value !== undefined) return value
    return texts[column] === NOT_AVAILABLE ? null : texts[column]
  })
}
