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

/** Comma-separated lines as RFC 4180 has them: a line of headings, then one per row. Title and notes have no place in it. */
export function tableCsv({ columns, rows }: ShownTable): string {
  const heading = columns.map(({ label, unit }) => quoted(unit === undefined ? label : `${label} (${unit})`)).join(',')
  const lines = [heading]
  for (const row of rows) lines.push(columns.map((_, i) => csvField(row[i] ?? null)).join(','))
  return `${lines.join('\r\n')}\r\n`
}

/** Version of the form below; another number when a member changes its meaning. */
const JSON_VERSION = 1

/** One object with title, notes, columns and one object per row, a row a line. */
export function tableJson({ title, notes, columns, rows }: ShownTable): string {
  const head = JSON.stringify({ format: 'heapscape-table', version: JSON_VERSION, title, notes, columns }).slice(0, -1)
  const keys = columns.map(({ key }) => JSON.stringify(key))
  const lines = rows.map((row) => `{${keys.map((key, i) => `${key}:${JSON.stringify(finite(row[i] ?? null))}`).join(',')}}`)
  return `${head},"rows":[${lines.length > 0 ? `\n${lines.join(',\n')}\n` : ''}]}\n`
}

const finite = (value: ShownValue): ShownValue => (typeof value === 'number' && !Number.isFinite(value) ? null : value)
