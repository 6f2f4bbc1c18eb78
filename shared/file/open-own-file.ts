import { Column, type ColumnKind } from '../base/column'
import type { ByteSource } from '../base/byte-source'
import { HeapscapeError } from '../base/errors'
import type { JobContext } from '../base/job-context'
import { CheckedMember } from './container/checked-member'
import { crc32 } from './container/crc32'
import { readZipDirectory, type ZipDirectory } from './container/zip-reader'
import { corrupt, objectAt, type JsonObject, type JsonValue } from './json-check'
import { checkVersion, FORMAT_VERSION, memberName, META_NAME, parseMeta, parseTables, type ColumnMeta, type OwnFileMeta, type TableMeta, type View } from './meta'
import { ParquetReader, ROWS_PER_GROUP } from './parquet-codec'
import { UPGRADE_STEPS } from './upgrade/steps'
import { upgradeFile, type ReadColumn, type UpgradeStep, type VersionedFile } from './upgrade/upgrade'

/** meta.json names the tables and carries their checksums; one of this size would describe 10^11 rows. */
const MAX_META_BYTES = 256 * 1024 * 1024

/** An opened file: what it says of itself, and its columns one by one. */
export interface OwnFile {
  readonly meta: OwnFileMeta
  /** What the window left behind when it saved; undefined when nothing. */
  readonly view: View | undefined
  /** True when the directory at the file's end is missing or damaged, as after an interrupted copy. */
  readonly cutShort: boolean
  /** Number columns by name, in the order asked for. Reads nothing else of the file. Throws format-corrupt. */
  readColumns(table: string, names: readonly string[], job: JobContext): Promise<Column[]>
  /** Like one column of readColumns, but damage gives the rows before it. Texts come as a list. */
  readSoundRows(table: string, column: string, job: JobContext): Promise<ReadColumn>
  /** Frees the decoder's memory; the source stays open. */
  close(): void
}

export interface OpenOptions {
  /** For tests of the upgrade mechanism. */
  readonly version?: number
  readonly steps?: readonly UpgradeStep[]
}

/**
 * Opens a .heapscape file of any version up to the current one; reads only the directory and meta.json.
 * Throws format-corrupt, format-too-new.
 */
export function openOwnFile(source: ByteSource, options: OpenOptions = {}): OwnFile {
  const newest = options.version ?? FORMAT_VERSION
  const directory = readZipDirectory(source)
  const rawMeta = readMeta(source, directory)
  const version = checkVersion(rawMeta, newest)
  const tables = new TableReader(source, directory, parseTables(rawMeta))
  const raw: VersionedFile = { meta: rawMeta, readColumn: (table, column, job) => tables.readColumn(table, column, job) }
  const file = upgradeFile(raw, version, newest, options.steps ?? UPGRADE_STEPS)
  const meta = parseMeta(file.meta)
  return {
    meta,
    view: meta.view,
    cutShort: !directory.complete,
    readSoundRows: (table, column, job) => file.readColumn(table, column, job),
    async readColumns(table, names, job) {
      const columns: Column[] = []
      for (const name of names) {
        const { values, damage } = await file.readColumn(table, name, job)
        if (damage !== undefined) throw damage
        if (!(values instanceof Column)) throw corrupt(`tables.${table}.${name}`, 'a column of numbers', 'text')
        columns.push(values)
      }
      return columns
    },
    close: () => tables.close(),
  }
}

function readMeta(source: ByteSource, directory: ZipDirectory): JsonObject {
  const member = directory.members.get(META_NAME)
  const place = { file: source.name, offset: member?.offset ?? 0 }
  if (member === undefined) throw new HeapscapeError('format-corrupt', { table: META_NAME, expected: META_NAME, got: 'no such member' }, place)
  if (member.size > MAX_META_BYTES || member.offset + member.size > source.size) {
    throw new HeapscapeError('format-corrupt', { table: META_NAME, expected: `${member.size} bytes`, got: Math.max(0, source.size - member.offset) }, place)
  }
  const bytes = source.read(member.offset, member.size)
  const crc = crc32(bytes)
  if (crc !== member.crc) throw new HeapscapeError('format-corrupt', { table: META_NAME, expected: `checksum ${member.crc}`, got: crc }, place)
  let parsed: JsonValue
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as JsonValue
  } catch (error) {
    const got = error instanceof Error ? error.message : String(error)
    throw new HeapscapeError('format-corrupt', { table: META_NAME, expected: 'JSON', got }, place)
  }
  return objectAt(parsed, 'meta')
}

/** Tables of one file, of whatever version, by the names the file itself uses. */
class TableReader {
  readonly #source: ByteSource
  readonly #directory: ZipDirectory
  readonly #tables: readonly TableMeta[]
  readonly #readers = new Map<string, Promise<ParquetReader>>()

  constructor(source: ByteSource, directory: ZipDirectory, tables: readonly TableMeta[]) {
    this.#source = source
    this.#directory = directory
    this.#tables = tables
  }

  async readColumn(tableName: string, columnName: string, job: JobContext): Promise<ReadColumn> {
    const table = this.#tables.find((found) => found.name === tableName)
    const column = table?.columns.find((found) => found.name === columnName)
    if (table === undefined || column === undefined) {
      throw new HeapscapeError('format-corrupt', { table: tableName, expected: `a column "${columnName}"`, got: 'none' })
    }
    const values = column.kind === 'text' ? [] : emptyColumn(column.kind)
    try {
      await this.#fill(table, column, values, job)
      return { values, damage: undefined }
    } catch (error) {
      if (error instanceof HeapscapeError && error.code === 'format-corrupt') return { values, damage: error }
      throw error
    }
  }

  close(): void {
    for (const reader of this.#readers.values()) {
      reader.then(
        (open) => open.close(),
        () => undefined, // told to whoever asked for the table
      )
    }
    this.#readers.clear()
  }

  async #fill(table: TableMeta, column: ColumnMeta, values: Column | string[], job: JobContext): Promise<void> {
    const reader = table.rows === 0 ? undefined : await this.#reader(table)
    for (let group = 0; reader !== undefined && group * ROWS_PER_GROUP < table.rows; group++) {
      await job.checkpoint()
      const rows = Math.min(ROWS_PER_GROUP, table.rows - group * ROWS_PER_GROUP)
      if (values instanceof Column) {
        values.chunks.push(await reader.readNumbers(column.name, column.type, group, rows))
        values.length += rows
      } else {
        for (const text of await reader.readStrings(column.name, group, rows)) values.push(text)
      }
    }
  }

  #reader(table: TableMeta): Promise<ParquetReader> {
    let reader = this.#readers.get(table.name)
    if (reader === undefined) {
      reader = this.#open(table)
      this.#readers.set(table.name, reader)
    }
    return reader
  }

  async #open(table: TableMeta): Promise<ParquetReader> {
    const member = this.#directory.members.get(memberName(table.name))
    if (member === undefined || member.size !== table.bytes) {
      throw new HeapscapeError('format-corrupt', { table: table.name, expected: `${table.bytes} bytes`, got: member?.size ?? 'no such member' })
    }
    return ParquetReader.open(new CheckedMember(this.#source, member, table.crc32, table.name), table.name)
  }
}

/** Row groups become chunks as they are: both hold 1 Mi rows. */
function emptyColumn(kind: ColumnKind): Column {
  if (kind === 'u32') return new Column('u32', { widen: true })
  return new Column(kind)
}
