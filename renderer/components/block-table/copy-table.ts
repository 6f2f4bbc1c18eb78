import type { BlockColumn } from '../../../shared/analysis/block-columns'
import { UNKNOWN_GROUP } from '../../../shared/analysis/block-groups'
import type { BlockQuery } from '../../../shared/analysis/block-query'
import type { ShownTable, ShownValue } from '../../../shared/base/shown-table'
import type { SaveOptions } from '../export/saving'
import type { BlockSource, GroupWish } from '../moment-session'
import { rowValues, type RowSpec } from '../row-list/row-spec'
import { blockRowLine } from './block-row'

/** More rows than a clipboard serves anybody; a file takes all. */
export const MOST_COPIED = 10_000

export interface CopiedTable {
  readonly text: string
  readonly rows: number
  readonly total: number
}

/** The first rows as they are shown, tab separated, under the names of their columns; plain numbers. */
export async function blocksText(source: BlockSource, query: BlockQuery, shows: readonly BlockColumn[]): Promise<CopiedTable> {
  const page = await source.page(query, shows, 0, MOST_COPIED, { signal: new AbortController().signal })
  const lines = Array.from(page.address, (_, index) => blockRowLine(page, index, shows))
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

export interface GroupExport {
  readonly title: string
  readonly notes: readonly string[]
  readonly spec: RowSpec
}

/** All groups in the order shown, with exact sums; an unknown group is null. */
export async function exportGroups(source: BlockSource, wish: GroupWish, { title, notes, spec }: GroupExport, { signal, onRows }: SaveOptions): Promise<ShownTable> {
  const rows: ShownValue[][] = []
  for (let total = 1; rows.length < total; ) {
    const page = await source.groups(wish, rows.length, MOST_COPIED, { signal })
    const count = page.texts['name']?.length ?? 0
    if (count === 0) break
    total = page.total
    for (let index = 0; index < count; index++) {
      const row = rowValues(page, index)
      rows.push(spec.columns.map(({ key }, i) => (i > 0 ? row.number(key) : row.number('key') === UNKNOWN_GROUP ? null : row.text('name'))))
    }
    onRows(rows.length, total)
  }
  const columns = spec.columns.map(({ key, label, hint }) => ({ key, label, ...(BYTE_FIGURES.includes(key) ? { unit: 'bytes' } : {}), ...(hint === undefined ? {} : { definition: hint }) }))
  return { title, notes, columns, rows }
}

const BYTE_FIGURES: readonly string[] = ['bytes', 'requested', 'free', 'pins']
