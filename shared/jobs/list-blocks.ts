import { columnFacts, isNumberUnit, NEVER, type BlockColumn, type BlockGrouping, type BlockListForm } from '../analysis/block-columns'
import { groupBlocks, GROUP_FIGURES } from '../analysis/block-groups'
import { BlockView, keepFiltered, type BlockFilter, type BlockQuery } from '../analysis/block-query'
import type { BlockValues } from '../analysis/block-values'
import { RowView, type RowOrder } from '../analysis/dump/row-table'
import { plainNumber } from '../analysis/filter/block-condition'
import type { SiteMask } from '../analysis/sites/site-study'
import type { JobContext } from '../base/job-context'

/*
 * The block table as text, exactly the rows, order and columns of a query, or its groups:
 *
 *   csv    a header line, plain numbers, hexadecimal addresses; what is not known is empty, an event that never comes is `never`
 *   json   one array, an object a line, addresses as numbers; what is not known is null
 *   text   columns one below another, for people
 */
export type ListForm = BlockListForm | 'text'
export type WriteText = (text: string) => void

export interface BlockList {
  readonly query: BlockQuery
  readonly columns: readonly BlockColumn[]
}

export interface GroupList {
  readonly filter: BlockFilter
  readonly by: BlockGrouping
  readonly order: RowOrder | null
}

/** Rows written at a time: millions of blocks do not fit one string. */
const ROWS_AT_A_TIME = 20_000

/** Calls `write` with piece after piece of whole lines; throws `pattern-invalid`, `cancelled` and what `write` throws. */
export async function listBlocks(values: BlockValues, { query, columns }: BlockList, form: ListForm, sites: SiteMask | undefined, write: WriteText, job: JobContext): Promise<void> {
  const view = await BlockView.make(values, query, await keepFiltered(values, query.filter, sites, job), job)
  const lineOf = lineMakers(values, columns)[form]
  if (form !== 'json') write(`${form === 'csv' ? columns.join(',') : alignedLine(columns, columns)}\n`)
  for (let from = 0; from < view.total; from += ROWS_AT_A_TIME) {
    let text = ''
    for (let place = from; place < Math.min(view.total, from + ROWS_AT_A_TIME); place++) text += `${form !== 'json' ? '' : place === 0 ? '[' : ','}${lineOf(view.rowAt(place))}\n`
    write(text)
    job.progress({ done: from, total: view.total, unit: 'blocks' })
    await job.checkpoint()
  }
  if (form === 'json') write(view.total === 0 ? '[]\n' : ']\n')
}

const lineMakers = (values: BlockValues, columns: readonly BlockColumn[]): Record<ListForm, (row: number) => string> => ({
  csv: (row) => columns.map((column) => csvField(blockField(values, column, row))).join(','),
  json: (row) => JSON.stringify(Object.fromEntries(columns.map((column) => [column, blockCell(values, column, row)]))),
  text: (row) => alignedLine(columns, columns.map((column) => blockField(values, column, row))),
})

/** The groups of the blocks a filter keeps, as listBlocks writes blocks. */
export async function listGroups(values: BlockValues, { filter, by, order }: GroupList, form: ListForm, sites: SiteMask | undefined, write: WriteText, job: JobContext): Promise<void> {
  const table = await groupBlocks(values, await keepFiltered(values, filter, sites, job), by, job)
  const view = new RowView(table, order ?? undefined)
  const { numbers, texts } = view.page(0, table.rows)
  const rows = texts['name']!.map((name, i) => [name, ...GROUP_FIGURES.map((figure) => Math.round(numbers[figure]![i]!))])
  if (form === 'json') return write(`${JSON.stringify(rows.map((row) => Object.fromEntries([by, ...GROUP_FIGURES].map((name, i) => [name, row[i]]))))}\n`)
  const lines = [[by, ...GROUP_FIGURES], ...rows].map((row) => row.map(String))
  write(`${lines.map((line) => (form === 'csv' ? line.map(csvField).join(',') : line.map((text, i) => (i === 0 ? text.padEnd(28) : text.padStart(13))).join(' '))).join('\n')}\n`)
}

/** A value as JSON has it; null when it is not known. */
function blockCell(values: BlockValues, column: BlockColumn, row: number): number | string | null {
  const value = values.at(column, row)
  if (Number.isNaN(value)) return null
  const { unit, names } = columnFacts(column)
  if (value === Infinity) return NEVER
  if (unit === 'name') return names![value]!
  return unit === 'text' ? values.snapshot.siteNames[value]! : value
}

/** A value as a field of plain text; empty when it is not known. */
function blockField(values: BlockValues, column: BlockColumn, row: number): string {
  const cell = blockCell(values, column, row)
  if (cell === null) return ''
  if (typeof cell === 'string') return cell
  return columnFacts(column).unit === 'address' ? `0x${cell.toString(16)}` : plainNumber(cell)
}

const csvField = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

const LEAST_WIDTH: Partial<Record<BlockColumn, number>> = { heap: 18, address: 18, end: 18, page: 18, kind: 18, site: 24 }

function alignedLine(columns: readonly BlockColumn[], fields: readonly string[]): string {
  const padded = columns.map((column, i) => {
    const width = LEAST_WIDTH[column] ?? 12
    const { unit } = columnFacts(column)
    return isNumberUnit(unit) ? fields[i]!.padStart(width) : fields[i]!.padEnd(width)
  })
  return padded.join(' ').trimEnd()
}
