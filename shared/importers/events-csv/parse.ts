import type { ByteSource } from '../../base/byte-source'
import { HeapscapeError } from '../../base/errors'
import type { JobContext } from '../../base/job-context'
import { LineBlocks } from '../../base/line-blocks'
import { NONE, UNKNOWN_SIZE } from '../../base/units'
import { TextTable } from '../../base/text-table'
import { EventRecord, EventRecords, OPERATIONS } from '../../model/event-records'
import { NoteList } from '../../model/note-list'
import type { Trace } from '../../model/trace'
import type { ImportOptions } from '../importer'
import { type CsvHeader, type Field, readCsvHeader } from './header'

/*
 *   op,at,size,from,time,thread,site
 *   alloc,0x5600,64,,1200,3,reader.c:62
 *   realloc,0x5700,128,0x5600,1300,3,"reader.c:70, grow"
 *   free,0x5700,,,1400,3,
 */
const LINE_FEED = 10
const CARRIAGE_RETURN = 13
const QUOTE = 34
const BAD = -2

export async function parseCsvEvents(source: ByteSource, options: ImportOptions, job: JobContext): Promise<Trace> {
  const reader = new CsvEventsReader(source.name, options)
  const blocks = new LineBlocks(source)
  while (!reader.isComplete && blocks.next()) {
    reader.readBlock(blocks.bytes)
    job.progress({ done: blocks.offset + blocks.bytes.length, total: source.size, unit: 'bytes' })
    await job.checkpoint()
  }
  return reader.finish()
}

class CsvEventsReader {
  readonly #file: string
  readonly #strict: boolean
  readonly #range: ImportOptions['range']
  readonly #list = new NoteList()
  readonly #note = {
    unreadable: this.#list.kind('unreadable-line', 'Lines that are no events were skipped.'),
    cutLine: this.#list.kind('cut-line', 'The last line is cut and was ignored.'),
  }
  readonly #record = new EventRecord()
  readonly #sites = new TextTable()
  readonly #decoder = new TextDecoder()
  #header: CsvHeader = { separator: 44, columns: [] }
  #records: EventRecords | undefined
  #view: DataView = new DataView(new ArrayBuffer(0))
  #hexAt = false
  #line = 0
  #partial = false

  constructor(file: string, { mode, range }: ImportOptions) {
    this.#file = file
    this.#strict = mode === 'strict'
    this.#range = range
  }

  get isComplete(): boolean {
    return this.#records?.isComplete === true
  }

  readBlock(bytes: Uint8Array): void {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const length = bytes.length
    for (let start = 0; start < length; ) {
      let end = start
      while (end < length && bytes[end] !== LINE_FEED) end++
      const isTail = end === length
      this.#line++
      let stop = end
      if (stop > start && bytes[stop - 1] === CARRIAGE_RETURN) stop--
      if (this.#line === 1) this.#readHeader(bytes, start, stop)
      // A line without its feed may lack digits, which would make another number of it.
      else if (isTail) this.#cutLine()
      else if (stop > start && !this.#readLine(bytes, start, stop)) this.#unreadable()
      start = end + 1
    }
  }

  finish(): Trace {
    return (this.#records ?? this.#start()).finish(this.#partial, this.#list, this.#sites.toNames(), { version: '1' })
  }

  #readHeader(bytes: Uint8Array, start: number, stop: number): void {
    const header = readCsvHeader(this.#decoder.decode(bytes.subarray(start, stop)))
    if (header === undefined) this.#refuse('a header with op, at and size', 'another line')
    this.#header = header
  }

  #readLine(bytes: Uint8Array, start: number, stop: number): boolean {
    const record = this.#record
    record.operation = record.at = record.size = record.from = record.time = record.thread = record.site = NONE
    const { separator, columns } = this.#header
    let at = start
    for (let column = 0; at <= stop; column++) {
      let end = at
      if (bytes[at] === QUOTE) {
        const close = closingQuote(bytes, at + 1, stop)
        end = close + 1
        if (close < 0 || (end < stop && bytes[end] !== separator)) return false
        if (!this.#setField(columns[column], bytes, at + 1, close)) return false
      } else {
        while (end < stop && bytes[end] !== separator) end++
        if (!this.#setField(columns[column], bytes, at, end)) return false
      }
      at = end + 1
    }
    if (record.operation < 0 || record.at < 0 || record.thread >= UNKNOWN_SIZE) return false
    return (this.#records ?? this.#start()).add(record, this.#line)
  }

  /** An empty field is one that is not given. */
  #setField(field: Field | undefined, bytes: Uint8Array, start: number, end: number): boolean {
    if (field === undefined || start === end) return true
    const record = this.#record
    if (field === 'op') record.operation = operationOf(bytes, start, end)
    else if (field === 'site') record.site = this.#siteOf(bytes, start, end)
    else {
      const value = numberOf(bytes, start, end)
      if (value === BAD) return false
      record[field] = value
      if (field === 'at') this.#hexAt = bytes[start + 1] === 120
    }
    return true
  }

  /** A quote inside a quoted field is doubled. */
  #siteOf(bytes: Uint8Array, start: number, end: number): number {
    if (bytes[start - 1] !== QUOTE || !hasQuote(bytes, start, end)) return this.#sites.intern(this.#view, start, end)
    const text = new TextEncoder().encode(this.#decoder.decode(bytes.subarray(start, end)).replaceAll('""', '"'))
    return this.#sites.intern(new DataView(text.buffer), 0, text.length)
  }

  /** The header tells which columns the trace has; the first event, whether `at` is an address or an id. */
  #start(): EventRecords {
    const { columns } = this.#header
    const options = { address: this.#hexAt, site: columns.includes('site'), thread: columns.includes('thread'), time: columns.includes('time'), range: this.#range }
    this.#records = new EventRecords(EventRecords.builder(this.#file, 'events-csv', options), this.#list)
    return this.#records
  }

  #unreadable(): void {
    if (this.#strict) this.#refuse('an event', 'another line')
    this.#note.unreadable.hit(this.#line)
  }

  #cutLine(): void {
    if (this.#strict) this.#refuse('a line feed', 'the end of the file inside a line')
    this.#note.cutLine.hit(this.#line)
    this.#partial = true
  }

  #refuse(expected: string, got: string): never {
    throw new HeapscapeError('format-malformed', { expected, got }, { line: this.#line })
  }
}

/** The quote that ends the field; a doubled one does not. -1 when there is none. */
function closingQuote(bytes: Uint8Array, start: number, stop: number): number {
  for (let at = start; at < stop; at++) {
    if (bytes[at] !== QUOTE) continue
    if (bytes[at + 1] !== QUOTE || at + 1 >= stop) return at
    at++
  }
  return NONE
}

function hasQuote(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] === QUOTE) return true
  return false
}

function operationOf(bytes: Uint8Array, start: number, end: number): number {
  // Told apart by their lengths; the letters are compared all the same.
  const operation = end - start === 5 ? 0 : end - start === 4 ? 1 : end - start === 7 ? 2 : NONE
  if (operation === NONE) return NONE
  const name = OPERATIONS[operation]!
  for (let i = 0; i < name.length; i++) if (bytes[start + i] !== name.charCodeAt(i)) return NONE
  return operation
}

/** Decimal, or hexadecimal with 0x; BAD for anything else. */
function numberOf(bytes: Uint8Array, start: number, end: number): number {
  const isHex = end - start > 2 && bytes[start] === 48 && bytes[start + 1] === 120
  const base = isHex ? 16 : 10
  let value = 0
  for (let at = isHex ? start + 2 : start; at < end; at++) {
    const byte = bytes[at]!
    const digit = byte <= 57 ? byte - 48 : (byte | 32) - 87
    if (digit < 0 || digit >= base || (digit < 10 && byte > 57)) return BAD
    value = value * base + digit
  }
  return value <= Number.MAX_SAFE_INTEGER ? value : BAD
}
