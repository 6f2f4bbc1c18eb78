import { CHUNK_LENGTH, Column } from '../base/column'
import type { ByteSource } from '../base/byte-source'
import { HeapscapeError } from '../base/errors'
import type { JobContext } from '../base/job-context'
import { UNKNOWN_SIZE } from '../base/units'
import { FailureTable, LifetimeTable, PageChangeTable, Run, type AnyDocument } from '../model/run'
import type { Profile } from '../model/profile'
import { REGION_MEASURES, RegionTable } from '../model/region-table'
import { BLOCK_COVERAGES, BlockTable, Snapshot, type SegmentRecord } from '../model/snapshot'
import { ResidentTable, Trace, type Note, type Origin, type TraceSites } from '../model/trace'
import { checkCalls, readCalls, type FileTables } from './call-tables'
import { booleanAt, choiceAt, integerAt, optionalAt, stringAt } from './json-check'
import { tableLayout } from './layout'
import type { TableMeta } from './meta'
import { openOwnFile, type OpenOptions, type OwnFile } from './open-own-file'
import { checkRunRanges, checkSnapshotRanges, checkTraceRanges } from './own-file-checks'
import { parseHeapReports } from './heap-report-scalars'
import { parseHeapStatements, parseRegionTotals } from './statement-scalars'
import { parseOrigin } from './origin-scalars'
import { readProfile } from './profile-tables'
import { parseAddressSpace, parseContention, parseHeaps, parsePageBytes, parseRequest, parseSource } from './scalars'

/**
 * Reads a whole document. A file with damage is read as far as that is sound, and marked partial with a note each:
 * optional columns and names are left out, and a trace ends before the first damaged row group (a prefix of a trace is
 * a trace; a part of a snapshot or a run is not). Nothing is made up.
 * Throws format-corrupt (facts table, expected, got; offset where known), format-too-new, cancelled.
 */
export async function readOwnFile(source: ByteSource, job: JobContext, options: OpenOptions = {}): Promise<AnyDocument> {
  const file = openOwnFile(source, options)
  try {
    return await new DocumentReader(file, job).read()
  } finally {
    file.close()
  }
}

const partialNote = (code: string, text: string, firstOffset?: number): Note =>
  firstOffset === undefined ? { code, count: 1, text } : { code, count: 1, text, firstOffset }

class DocumentReader {
  readonly #file: OwnFile
  readonly #job: JobContext
  readonly #damage: Note[] = []
  readonly #totalRows: number
  #doneRows = 0

  constructor(file: OwnFile, job: JobContext) {
    this.#file = file
    this.#job = job
    this.#totalRows = file.meta.tables.reduce((sum, table) => sum + table.rows * table.columns.length, 0)
    if (file.cutShort) {
      this.#damage.push(partialNote('file-cut-short', 'The directory at the end of the file is missing or damaged; the tables were found without it.'))
    }
  }

  read(): Promise<AnyDocument> {
    switch (this.#file.meta.kind) {
      case 'trace':
        return this.#readTrace()
      case 'snapshot':
        return this.#readSnapshot()
      case 'run':
        return this.#readRun()
      case 'profile':
        return this.#readProfile()
    }
  }

  async #readTrace(): Promise<Trace> {
    const scalars = this.#file.meta.document
    const required = await this.#soundPrefix('events', ['op', 'object', 'size'])
    const rows = required['op']!.length
    const whole = rows === this.#table('events')!.rows
    const names = await this.#names('sites')
    const columns = {
      ...required,
      address: await this.#optional('events', 'address', rows),
      site: await this.#sites('events', names, rows),
      thread: await this.#optional('events', 'thread', rows),
      time: await this.#optional('events', 'time', rows),
    }
    const calls = await this.#calls(names)
    const objects = integerAt(scalars['objects'], 'objects', 0, this.#table('events')!.rows)
    const recordsPerRealloc = choiceAt(String(scalars['recordsPerRealloc']), 'recordsPerRealloc', ['1', '2'] as const)
    const trace = Object.assign(new Trace(parseOrigin(scalars['origin'])), columns, {
      sites: calls === undefined ? { names: names ?? [] } : { names: names ?? [], calls },
      resident: await this.#resident(),
      objects: whole ? objects : countObjects(required['object']!),
      recordsPerRealloc: recordsPerRealloc === '1' ? (1 as const) : (2 as const),
      // The hash spoke of all events.
      hash: whole ? stringAt(scalars['hash'], 'hash') : '',
    })
    trace.origin = this.#marked(trace.origin)
    checkTraceRanges(trace)
    return trace
  }

  async #readSnapshot(): Promise<Snapshot> {
    const scalars = this.#file.meta.document
    const regions = Object.assign(new RegionTable(), await this.#required('regions'))
    for (const name of ['protect', 'kind', ...REGION_MEASURES] as const) regions[name] = await this.#optional('regions', name, regions.length)
    const segmentColumns = await this.#required('segments')
    const blocks = Object.assign(new BlockTable(), await this.#required('blocks'))
    blocks.birth = await this.#optional('blocks', 'birth', blocks.length)
    const owners = await this.#names('owners')
    if (owners === undefined) regions.owner.chunks = regions.owner.chunks.map((chunk) => new Int32Array(chunk.length).fill(-1))
    const siteNames = await this.#names('sites')
    blocks.site = await this.#sites('blocks', siteNames, blocks.length)
    blocks.kind = await this.#optional('blocks', 'kind', blocks.length)
    blocks.confidence = await this.#optional('blocks', 'confidence', blocks.length)
    const heaps = parseHeaps(scalars['heaps'])
    const snapshot = new Snapshot({
      origin: this.#marked(parseOrigin(scalars['origin'])),
      pageBytes: parsePageBytes(scalars['pageBytes']),
      addressSpace: parseAddressSpace(scalars['addressSpace']),
      heaps,
      heapReports: parseHeapReports(scalars['heapReports'], heaps.length),
      coverage: optionalAt(scalars['coverage'], 'coverage', (value, path) => choiceAt(value, path, BLOCK_COVERAGES)),
      heapStatements: parseHeapStatements(scalars['heapStatements'], heaps.length),
      regionTotals: parseRegionTotals(scalars['regionTotals']),
      regionsComplete: optionalAt(scalars['regionsComplete'], 'regionsComplete', booleanAt),
      segments: segmentRecords(segmentColumns),
      owners: owners ?? [],
      regions,
      blocks,
      event: optionalAt(scalars['event'], 'event', (value, path) => integerAt(value, path)),
      siteNames: siteNames ?? [],
    })
    checkSnapshotRanges(snapshot)
    return snapshot
  }

  async #readRun(): Promise<Run> {
    const scalars = this.#file.meta.document
    const lifetimes = Object.assign(new LifetimeTable(), await this.#required('lifetimes'))
    const pages = Object.assign(new PageChangeTable(), await this.#required('pages'))
    const failures = Object.assign(new FailureTable(), await this.#required('failures'))
    const siteNames = await this.#names('sites')
    lifetimes.site = await this.#sites('lifetimes', siteNames, lifetimes.length)
    const run = new Run({
      origin: this.#marked(parseOrigin(scalars['origin'])),
      request: parseRequest(scalars['request']),
      source: parseSource(scalars['source']),
      events: integerAt(scalars['events'], 'events', 0, UNKNOWN_SIZE),
      timeAxis: choiceAt(scalars['timeAxis'], 'timeAxis', ['operations', 'ns'] as const),
      pageBytes: parsePageBytes(scalars['pageBytes']),
      addressSpace: parseAddressSpace(scalars['addressSpace']),
      heaps: parseHeaps(scalars['heaps']),
      lifetimes,
      pages,
      failures,
      siteNames: siteNames ?? [],
      calls: await this.#calls(siteNames),
      contention: optionalAt(scalars['contention'], 'contention', parseContention),
    })
    checkRunRanges(run)
    return run
  }

  async #readProfile(): Promise<Profile> {
    const scalars = this.#file.meta.document
    const profile = await readProfile(scalars, parseOrigin(scalars['origin']), this.#fileTables)
    profile.origin = this.#marked(profile.origin)
    return profile
  }

  readonly #fileTables: FileTables = {
    required: async (table) => {
      const { columns, damage } = await this.#wholeTable(table)
      if (damage !== undefined) throw damage
      return columns
    },
    optional: async (table) => {
      if (this.#table(table) === undefined) return undefined
      const { columns, damage } = await this.#wholeTable(table)
      if (damage === undefined) return columns
      this.#damaged(`The table ${table} is left out. ${damage.message}`, damage)
      return undefined
    },
  }

  /** The paths behind the sites named; they mean nothing without the sites. */
  async #calls(names: readonly string[] | undefined): Promise<TraceSites['calls'] | undefined> {
    if (names === undefined || names.length === 0) return undefined
    const calls = await readCalls(this.#fileTables, await this.#optional('sites', 'stack', names.length))
    checkCalls(calls)
    return calls
  }

  async #resident(): Promise<ResidentTable | undefined> {
    const columns = await this.#fileTables.optional('resident')
    return columns === undefined ? undefined : Object.assign(new ResidentTable(), columns)
  }

  /** Every column a table has, numbers and texts, up to the first damage. */
  async #wholeTable(table: string): Promise<{ columns: Record<string, Column | readonly string[]>; damage: HeapscapeError | undefined }> {
    const columns: Record<string, Column | readonly string[]> = {}
    for (const { name } of this.#table(table)!.columns) {
      const { values, damage } = await this.#file.readSoundRows(table, name, this.#job)
      this.#advance(table, 1)
      if (damage !== undefined) return { columns, damage }
      columns[name] = values
    }
    return { columns, damage: undefined }
  }

  #table(name: string): TableMeta | undefined {
    return this.#file.meta.tables.find((table) => table.name === name)
  }

  /** All columns of a table but the optional ones; damage in one is an error. */
  async #required(table: string): Promise<Record<string, Column>> {
    const layout = tableLayout(this.#file.meta.kind, table)!
    const names = layout.columns.filter((column) => column.optional !== true).map((column) => column.name)
    const columns = await this.#file.readColumns(table, names, this.#job)
    this.#advance(table, names.length)
    return Object.fromEntries(names.map((name, i) => [name, columns[i]!]))
  }

  /** Columns up to the first damaged row group of any of them; with no sound row at all, the damage is an error. */
  async #soundPrefix(table: string, names: readonly string[]): Promise<Record<string, Column>> {
    const columns: Record<string, Column> = {}
    let rows = this.#table(table)!.rows
    let firstDamage: HeapscapeError | undefined
    for (const name of names) {
      const { values, damage } = await this.#file.readSoundRows(table, name, this.#job)
      columns[name] = values as Column
      rows = Math.min(rows, values.length)
      firstDamage ??= damage
      this.#advance(table, 1)
    }
    if (firstDamage === undefined) return columns
    if (rows === 0) throw firstDamage
    for (const column of Object.values(columns)) cut(column, rows)
    this.#damaged(`The table ${table} is damaged; the first ${rows} of ${this.#table(table)!.rows} rows were read. ${firstDamage.message}`, firstDamage)
    return columns
  }

  /** An optional column cut to `rows`, or undefined when the file has none, or a damaged one. */
  async #optional(table: string, name: string, rows: number): Promise<Column | undefined> {
    if (!this.#table(table)!.columns.some((column) => column.name === name)) return undefined
    const { values, damage } = await this.#file.readSoundRows(table, name, this.#job)
    this.#advance(table, 1)
    if (values.length < rows) {
      this.#damaged(`The column ${table}.${name} is left out. ${damage?.message ?? ''}`, damage)
      return undefined
    }
    const column = values as Column
    cut(column, rows)
    return column
  }

  /** Call sites; without their names the numbers say nothing, so they go together. */
  async #sites(table: string, names: readonly string[] | undefined, rows: number): Promise<Column | undefined> {
    return names === undefined ? undefined : this.#optional(table, 'site', rows)
  }

  /** Texts of a name table; [] when the document has none, undefined when they are damaged. */
  async #names(table: string): Promise<readonly string[] | undefined> {
    if (this.#table(table) === undefined) return []
    const { values, damage } = await this.#file.readSoundRows(table, 'name', this.#job)
    this.#advance(table, 1)
    if (damage === undefined) return values as readonly string[]
    this.#damaged(`The names in ${table} are left out. ${damage.message}`, damage)
    return undefined
  }

  #advance(table: string, columns: number): void {
    this.#doneRows += this.#table(table)!.rows * columns
    this.#job.progress({ done: this.#doneRows, total: this.#totalRows, unit: 'values' })
  }

  #damaged(text: string, damage: HeapscapeError | undefined): void {
    this.#damage.push(partialNote('file-damaged', text.trim(), damage?.where?.offset))
  }

  #marked(origin: Origin): Origin {
    return this.#damage.length === 0 ? origin : { ...origin, partial: true, notes: [...origin.notes, ...this.#damage] }
  }
}

function cut(column: Column, rows: number): void {
  column.chunks.length = Math.ceil(rows / CHUNK_LENGTH)
  column.length = rows
}

/** Objects are numbered densely in order of first allocation, so a prefix of the events knows the lowest numbers. */
function countObjects(objects: Column): number {
  let count = 0
  for (const chunk of objects.chunks) {
    for (let i = 0; i < chunk.length; i++) if (chunk[i]! >= count && chunk[i] !== UNKNOWN_SIZE) count = chunk[i]! + 1
  }
  return count
}

function segmentRecords(columns: Record<string, Column>): SegmentRecord[] {
  const { heap, base, reservedBytes } = columns as Record<'heap' | 'base' | 'reservedBytes', Column>
  return Array.from({ length: heap.length }, (_, row) => ({ heap: heap.at(row), base: base.at(row), reservedBytes: reservedBytes.at(row) }))
}
