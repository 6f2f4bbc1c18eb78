import type { ColumnKind } from '../base/column'
import { HeapscapeError } from '../base/errors'
import { CHECK_BLOCK_BYTES } from './container/checked-member'
import { choiceAt, corrupt, integerAt, listAt, objectAt, optionalAt, stringAt, type JsonObject, type JsonValue } from './json-check'
import { LAYOUTS, tableLayout, type ColumnLayout, type DocumentKind } from './layout'
import type { StoredType } from './parquet-codec'

/*
 * meta.json, the first member:
 *
 *   { "format": "heapscape", "version": 1, "kind": "run", "tool": "...", "document": {scalars}, "tables": [...], "view": ... }
 */
export const META_NAME = 'meta.json'
export const FORMAT_NAME = 'heapscape'
export const FORMAT_VERSION = 1
export const memberName = (table: string): string => `${table}.parquet`

/** Plain JSON data the window keeps with a document. */
export type View = Readonly<Record<string, unknown>>

export interface ColumnMeta {
  readonly name: string
  /** Kind in memory; `text` for names. */
  readonly kind: ColumnKind | 'text'
  /** Type in the Parquet file. */
  readonly type: StoredType
}

export interface TableMeta {
  readonly name: string
  readonly rows: number
  readonly columns: readonly ColumnMeta[]
  /** Length of the table's member. */
  readonly bytes: number
  /** CRC-32 of each 64 KiB block of the member. */
  readonly crc32: readonly number[]
}

export interface OwnFileMeta {
  readonly version: number
  readonly kind: DocumentKind
  /** Program that wrote the file. */
  readonly tool: string
  /** Scalar fields of the document, checked by read-own-file. */
  readonly document: JsonObject
  readonly tables: readonly TableMeta[]
  readonly view: View | undefined
}

/**
 * Rows one byte of a member can stand for at most. A column of one value takes about 1 byte per 300 rows; a header that
 * claims more than this is a lie, and believing it would let a small file ask for any amount of memory.
 */
const MAX_ROWS_PER_BYTE = 4096
/** Column.at addresses rows with 32 bits. */
const MAX_ROWS = 0xffffffff

const TYPES_OF_KIND: Readonly<Record<ColumnMeta['kind'], readonly StoredType[]>> = {
  u8: ['uint8'],
  u16: ['uint16'],
  u32: ['uint32'],
  i32: ['int32'],
  f64: ['int64', 'double'],
  text: ['utf8'],
}
const COLUMN_KINDS = ['u8', 'u16', 'u32', 'i32', 'f64', 'text'] as const

/** Version of a parsed meta.json of any version. Throws format-corrupt, or format-too-new. */
export function checkVersion(meta: JsonObject, newest: number): number {
  if (meta['format'] !== FORMAT_NAME) throw corrupt('format', `"${FORMAT_NAME}"`, meta['format'])
  const version = integerAt(meta['version'], 'version', 1)
  if (version > newest) throw new HeapscapeError('format-too-new', { expected: newest, got: version })
  return version
}

/** The tables as `meta.json` of any version lists them: what it takes to find and read a column. Throws format-corrupt. */
export function parseTables(meta: JsonObject): TableMeta[] {
  const tables = listAt(meta['tables'], 'tables', parseTable)
  if (new Set(tables.map((table) => table.name)).size !== tables.length) throw corrupt('tables', 'each name once', tables.map((t) => t.name))
  return tables
}

/** Checks meta.json of the current version. Throws format-corrupt with the path of what is wrong. */
export function parseMeta(meta: JsonObject): OwnFileMeta {
  const kind = choiceAt(meta['kind'], 'kind', ['trace', 'snapshot', 'run', 'profile'] as const)
  const tables = parseTables(meta)
  checkLayout(tables, kind)
  return {
    version: integerAt(meta['version'], 'version'),
    kind,
    tool: stringAt(meta['tool'], 'tool'),
    document: objectAt(meta['document'], 'document'),
    tables,
    view: optionalAt(meta['view'], 'view', objectAt),
  }
}

function parseTable(value: JsonValue, path: string): TableMeta {
  const table = objectAt(value, path)
  const name = stringAt(table['name'], `${path}.name`)
  const bytes = integerAt(table['bytes'], `${path}.bytes`)
  const rows = integerAt(table['rows'], `${path}.rows`, 0, Math.min(MAX_ROWS, bytes * MAX_ROWS_PER_BYTE))
  const columns = listAt(table['columns'], `${path}.columns`, parseColumn)
  if (new Set(columns.map((column) => column.name)).size !== columns.length) throw corrupt(`${path}.columns`, 'each name once', columns)
  const crc32 = listAt(table['crc32'], `${path}.crc32`, (item, at) => integerAt(item, at, 0, 0xffffffff))
  if (crc32.length !== Math.ceil(bytes / CHECK_BLOCK_BYTES)) throw corrupt(`${path}.crc32`, 'one checksum per block', crc32.length)
  return { name, rows, columns, bytes, crc32 }
}

function parseColumn(value: JsonValue, path: string): ColumnMeta {
  const column = objectAt(value, path)
  const kind = choiceAt(column['kind'], `${path}.kind`, COLUMN_KINDS)
  return { name: stringAt(column['name'], `${path}.name`), kind, type: choiceAt(column['type'], `${path}.type`, TYPES_OF_KIND[kind]) }
}

function checkLayout(tables: readonly TableMeta[], kind: DocumentKind): void {
  for (const layout of LAYOUTS[kind]) {
    const table = tables.find((found) => found.name === layout.name)
    if (table !== undefined) checkColumns(table, layout.columns)
    else if (layout.optional !== true) throw corrupt('tables', `a table "${layout.name}"`, undefined)
  }
  const stranger = tables.find((table) => tableLayout(kind, table.name) === undefined)
  if (stranger !== undefined) throw corrupt('tables', `tables of a ${kind}`, stranger.name)
}

function checkColumns(table: TableMeta, layouts: readonly ColumnLayout[]): void {
  const path = `tables.${table.name}`
  for (const layout of layouts) {
    const column = table.columns.find((found) => found.name === layout.name)
    const kinds: readonly ColumnMeta['kind'][] = layout.kinds.length === 0 ? ['text'] : layout.kinds
    if (column !== undefined) choiceAt(column.kind, `${path}.${layout.name}`, kinds)
    else if (layout.optional !== true) throw corrupt(path, `a column "${layout.name}"`, undefined)
  }
  const stranger = table.columns.find((column) => !layouts.some((layout) => layout.name === column.name))
  if (stranger !== undefined) throw corrupt(path, 'known columns', stranger.name)
}
