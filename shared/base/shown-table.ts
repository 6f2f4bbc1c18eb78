/*
 * A table as somebody sees it, for other programs: the rows and columns shown, in their order, with exact values in
 * place of rounded texts. `null` is what is not available; it is never written as 0.
 */
export type ShownValue = number | string | boolean | null

export interface ShownColumn {
  /** Name of the member in JSON. */
  readonly key: string
  /** Heading in CSV. */
  readonly label: string
  /** Of numbers, for instance `bytes`; goes into the heading. */
  readonly unit?: string
  readonly definition?: string
}

export interface ShownTable {
  readonly title: string
  /** What limits or explains the rows: filter, event, method; one sentence each. */
  readonly notes: readonly string[]
  readonly columns: readonly ShownColumn[]
  /** By row, then by column. */
  readonly rows: readonly (readonly ShownValue[])[]
}

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

/** Numbers in full, dots as decimal points; not available is an empty field. */
export const csvField = (value: ShownValue): string => (value === null || (typeof value === 'number' && !Number.isFinite(value)) ? '' : typeof value === 'string' ? quoted(value) : String(value))

/** Some ten milliseconds of work. */
const ROWS_AT_A_TIME = 2000

/** Comma-separated lines as RFC 4180 has them: a line of headings, then one per row. Title and notes have no place in it. */
export const tableCsv = (table: ShownTable): string => [...tableCsvParts(table)].join('')

/** The same text in pieces of a few thousand rows: a table of millions never is one text. */
export function* tableCsvParts({ columns, rows }: ShownTable): Generator<string, void> {
  const heading = columns.map(({ label, unit }) => quoted(unit === undefined ? label : `${label} (${unit})`)).join(',')
  yield `${heading}\r\n`
  for (let from = 0; from < rows.length; from += ROWS_AT_A_TIME) {
    yield rows.slice(from, from + ROWS_AT_A_TIME).map((row) => `${columns.map((_, i) => csvField(row[i] ?? null)).join(',')}\r\n`).join('')
  }
}

/** Version of the form below; another number when a member changes its meaning. */
const JSON_VERSION = 1

/** One object with title, notes, columns and one object per row, a row a line. */
export const tableJson = (table: ShownTable): string => [...tableJsonParts(table)].join('')

export function* tableJsonParts({ title, notes, columns, rows }: ShownTable): Generator<string, void> {
  const head = JSON.stringify({ format: 'heapscape-table', version: JSON_VERSION, title, notes, columns }).slice(0, -1)
  const keys = columns.map(({ key }) => JSON.stringify(key))
  yield `${head},"rows":[${rows.length > 0 ? '\n' : ''}`
  for (let from = 0; from < rows.length; from += ROWS_AT_A_TIME) {
    const lines = rows.slice(from, from + ROWS_AT_A_TIME).map((row) => `{${keys.map((key, i) => `${key}:${JSON.stringify(finite(row[i] ?? null))}`).join(',')}}`)
    yield `${lines.join(',\n')}${from + ROWS_AT_A_TIME < rows.length ? ',' : ''}\n`
  }
  yield ']}\n'
}

const finite = (value: ShownValue): ShownValue => (typeof value === 'number' && !Number.isFinite(value) ? null : value)
