/** Columns by name, in any order; others are skipped. */
export const FIELDS = ['op', 'at', 'size', 'from', 'time', 'thread', 'site'] as const
export type Field = (typeof FIELDS)[number]

export interface CsvHeader {
  /** Byte between two fields: comma, semicolon or tab. */
  readonly separator: number
  /** Field of each column; undefined for columns of other names. */
  readonly columns: readonly (Field | undefined)[]
}

/** undefined when the line names no events: `op`, `at` and `size` must be among the columns. */
export function readCsvHeader(line: string): CsvHeader | undefined {
  const text = line.replace(/^\uFEFF/, '').replace(/\r$/, '')
  const separator = [',', ';', '\t'].find((candidate) => text.includes(candidate))
  if (separator === undefined) return undefined
  const names = text.split(separator).map((name) => name.trim().replace(/^"(.*)"$/, '$1'))
  if (!['op', 'at', 'size'].every((name) => names.includes(name))) return undefined
  if (new Set(names).size !== names.length) return undefined
  return { separator: separator.charCodeAt(0), columns: names.map((name) => FIELDS.find((field) => field === name)) }
}

export function looksLikeCsvEvents(head: Uint8Array): boolean {
  const text = new TextDecoder().decode(head)
  const end = text.indexOf('\n')
  return end > 0 && readCsvHeader(text.slice(0, end)) !== undefined
}
