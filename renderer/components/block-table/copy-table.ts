import type { BlockQuery } from '../../../shared/analysis/block-query'
import type { BlockSource, GroupWish } from '../moment-session'
import { rowValues, type RowSpec } from '../row-list/row-spec'
import { blockRowLine, type BlockTableColumn } from './block-row'

/** More rows than a clipboard serves anybody; a file takes all. */
export const MOST_COPIED = 10_000

export interface CopiedTable {
  readonly text: string
  readonly rows: number
  readonly total: number
}

/** The first rows as they are shown, tab separated, under the names of their columns; plain numbers. */
export async function blocksText(source: BlockSource, query: BlockQuery, shows: readonly BlockTableColumn[], heapNames: readonly string[]): Promise<CopiedTable> {
  const page = await source.page(query, 0, MOST_COPIED, { signal: new AbortController().signal })
  const lines = Array.from(page.address, (_, index) => blockRowLine(page, index, shows, heapNames))
  return { text: `${[shows.join('\t'), ...lines].join('\n')}\n`, rows: lines.length, total: page.total }
}

export async function groupsText(source: BlockSource, wish: GroupWish, spec: RowSpec): Promise<CopiedTable> {
  const page = await source.groups(wish, 0, MOST_COPIED, {})
  const count = page.texts['name']?.length ?? 0
  const lines = Array.from({ length: count }, (_, index) => {
    const row = rowValues(page, index)
    return spec.columns.map((column) => column.text(row, []).replace(/[,']/g, '')).join('\t')
  })
  return { text: `${[spec.columns.map(({ label }) => label).join('\t'), ...lines].join('\n')}\n`, rows: count, total: page.total }
}
