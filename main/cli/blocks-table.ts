import { readFilter } from '../../shared/analysis/filter/read-filter'
import { plainNumber } from '../../shared/analysis/filter/block-condition'
import { type HeapTable } from '../../shared/analysis/heap-charts/heap-tables'
import type { SizeMeasure, SizeScale } from '../../shared/analysis/heap-charts/size-histogram'
import { type ShownTable, type ShownValue, tableCsv, tableJson } from '../../shared/base/shown-table'
import { heapTable } from '../../shared/jobs/heap-table'
import type { AnyDocument } from '../../shared/model/run'
import type { Snapshot } from '../../shared/model/snapshot'
import { textTable } from '../../shared/report/text-table'
import { withJob } from './input'

export const TABLE_OPTIONS = { table: { type: 'string' }, measure: { type: 'string' }, scale: { type: 'string' } } as const
export const TABLE_USAGE = '[--table NAME [--measure NAME] [--scale NAME]]'

export interface PrintedTable {
  readonly table: HeapTable
  readonly measure: SizeMeasure
  readonly scale: SizeScale
  /** Text of a condition. */
  readonly filter: string | undefined
  readonly form: 'csv' | 'json' | 'text'
}

/** The numbers behind a picture of the window, as text in the form asked for. */
export async function blocksTable(document: AnyDocument, snapshot: Snapshot, { filter, form, ...wish }: PrintedTable): Promise<string> {
  const isEmpty = filter === undefined || readFilter(filter) === undefined
  const shown = await withJob('adding up blocks', (job) => heapTable(document, snapshot, { ...wish, filter: isEmpty ? {} : { where: filter } }, job))
  return (form === 'json' ? tableJson(shown) : form === 'csv' ? tableCsv(shown) : tableText(shown)).trimEnd()
}

/** Title, rows below one another, and what the numbers mean. */
function tableText({ title, notes, columns, rows }: ShownTable): string {
  const field = (value: ShownValue): string => (value === null ? '-' : typeof value === 'number' ? plainNumber(value) : String(value))
  const heading = columns.map(({ label, unit }) => (unit === undefined ? label : `${label} (${unit})`))
  return `${title}\n\n${textTable([heading, ...rows.map((row) => row.map(field))])}\n\n${notes.join('\n')}`
}
