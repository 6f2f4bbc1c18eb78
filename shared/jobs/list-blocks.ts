import { columnFacts, type BlockColumn } from '../analysis/block-columns'
import { BlockView, type BlockQuery } from '../analysis/block-query'
import type { BlockValues } from '../analysis/block-values'
import { plainNumber } from '../analysis/filter/block-condition'
import type { SiteMask } from '../analysis/sites/site-study'
import type { JobContext } from '../base/job-context'

/*
 * The block table as a file: exactly the rows, order and columns of a query. Numbers are plain, addresses hexadecimal in
 * CSV and numbers in JSON, what is not known is empty in CSV and null in JSON.
 */
export const BLOCK_LIST_FORMS = ['csv', 'json'] as const
export type BlockListForm = (typeof BLOCK_LIST_FORMS)[number]

export interface BlockList {
  readonly query: BlockQuery
  readonly columns: readonly BlockColumn[]
  readonly form: BlockListForm
}

/** Rows written at a time: millions of blocks do not fit one string. */
const ROWS_AT_A_TIME = 20_000

/** Calls `write` with piece after piece of text; throws `pattern-invalid`, `cancelled` and what `write` throws. */
export async function listBlocks(values: BlockValues, { query, columns, form }: BlockList, sites: SiteMask | undefined, write: (text: string) => void | Promise<void>, job: JobContext): Promise<void> {
  const view = await BlockView.make(values, query, sites, job)
  if (form === 'csv') await write(`${columns.join(',')}\n`)
  const lineOf = form === 'csv' ? csvLine : jsonLine
  for (let from = 0; from < view.total; from += ROWS_AT_A_TIME) {
    let text = ''
    for (let place = from; place < Math.min(view.total, from + ROWS_AT_A_TIME); place++) {
      const line = lineOf(values, columns, view.rowAt(place))
      text += form === 'csv' ? `${line}\n` : `${place === 0 ? '[' : ','}${line}\n`
    }
    await write(text)
    job.progress({ done: from, total: view.total, unit: 'blocks' })
    await job.checkpoint()
  }
  if (form === 'json') await write(view.total === 0 ? '[]\n' : ']\n')
}

/** A value as JSON has it; null when it is not known. */
export function blockCell(values: BlockValues, column: BlockColumn, row: number): number | string | null {
  const value = values.at(column, row)
  if (Number.isNaN(value)) return null
  const { unit, names } = columnFacts(column)
  if (unit === 'name') return names![value]!
  return unit === 'text' ? values.snapshot.siteNames[value]! : value
}

/** A value as a field of plain text; empty when it is not known. */
export function blockField(values: BlockValues, column: BlockColumn, row: number): string {
  const cell = blockCell(values, column, row)
  if (cell === null) return ''
  if (typeof cell === 'string') return cell
  return columnFacts(column).unit === 'address' ? `0x${cell.toString(16)}` : plainNumber(cell)
}

const csvLine = (values: BlockValues, columns: readonly BlockColumn[], row: number): string => columns.map((column) => csvField(blockField(values, column, row))).join(',')
const csvField = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
const jsonLine = (values: BlockValues, columns: readonly BlockColumn[], row: number): string => JSON.stringify(Object.fromEntries(columns.map((column) => [column, blockCell(values, column, row)])))
