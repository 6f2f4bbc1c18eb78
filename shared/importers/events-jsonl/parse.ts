import type { ByteSource } from '../../base/byte-source'
import { HeapscapeError } from '../../base/errors'
import type { JobContext } from '../../base/job-context'
import { LineBlocks } from '../../base/line-blocks'
import { NONE, UNKNOWN_SIZE } from '../../base/units'
import { EventRecord, EventRecords, OPERATIONS } from '../../model/event-records'
import { NoteList } from '../../model/note-list'
import type { Trace } from '../../model/trace'
import type { ImportOptions } from '../importer'

/*
 *   {"heapscape":"events","version":1,"producer":"my recorder 2.1"}
 *   {"op":"alloc","at":"0x5600","size":64,"time":1200,"thread":3,"site":"reader.c:62"}
 *   {"op":"realloc","from":"0x5600","at":"0x5700","size":128}
 *   {"op":"free","at":"0x5700"}
 */
const VERSION = 1
const LINE_FEED = 10

type JsonRecord = Readonly<Record<string, unknown>>

export function looksLikeJsonEvents(head: Uint8Array): boolean {
  return /^\uFEFF?\{\s*"heapscape"\s*:\s*"events"/.test(new TextDecoder('utf-8').decode(head))
}

export async function parseJsonEvents(source: ByteSource, options: ImportOptions, job: JobContext): Promise<Trace> {
  const reader = new JsonEventsReader(source.name, options)
  const blocks = new LineBlocks(source)
  while (!reader.isComplete && blocks.next()) {
    const atEnd = blocks.offset + blocks.bytes.length >= source.size
    reader.readBlock(blocks.bytes, atEnd)
    job.progress({ done: blocks.offset + blocks.bytes.length, total: source.size, unit: 'bytes' })
    await job.checkpoint()
  }
  return reader.finish()
}

class JsonEventsReader {
  readonly #file: string
  readonly #strict: boolean
  readonly #range: ImportOptions['range']
  readonly #decoder = new TextDecoder()
  readonly #list = new NoteList()
  readonly #note = {
    unreadable: this.#list.kind('unreadable-line', 'Lines that are no events were skipped.'),
    cutLine: this.#list.kind('cut-line', 'The last line is cut and was ignored.'),
  }
  readonly #record = new EventRecord()
  readonly #sites = new Map<string, number>()
  readonly #names: string[] = []
  #records: EventRecords | undefined
  #producer: string | undefined
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

  readBlock(bytes: Uint8Array, isLast: boolean): void {
    const text = this.#decoder.decode(bytes)
    const lines = text.split('\n')
    // After the last line feed there is nothing, or a line that was cut or only lacks its feed.
    const tail = lines.pop()!
    const parsed = this.#line === 0 ? undefined : parseTogether(text, bytes, lines.length)
    for (let i = 0; i < lines.length; i++) {
      this.#line++
      // A line that says null is no event; null from parseLine is an empty line.
      const value = parsed === undefined ? parseLine(lines[i]!) : (parsed[i] ?? undefined)
      if (value !== null) this.#readValue(value)
    }
    if (isLast && tail.trim() !== '') this.#readTail(tail)
  }

  finish(): Trace {
    const facts = { version: String(VERSION), ...(this.#producer === undefined ? {} : { producer: this.#producer }) }
    return (this.#records ?? this.#start({})).finish(this.#partial, this.#list, this.#names, facts)
  }

  #readTail(tail: string): void {
    this.#line++
    const value = parseLine(tail)
    if (value !== undefined) {
      if (value !== null) this.#readValue(value)
      return
    }
    if (this.#strict) this.#refuse('a whole line', 'the end of the file inside a line')
    this.#note.cutLine.hit(this.#line)
    this.#partial = true
  }

  #readValue(value: unknown): void {
    if (this.#line === 1) this.#readHeader(value)
    else if (typeof value !== 'object' || value === null || !this.#readEvent(value as JsonRecord)) this.#unreadable()
  }

  #readHeader(value: unknown): void {
    const header = (value ?? {}) as JsonRecord
    const version = header['version']
    if (typeof version === 'number' && version > VERSION) throw new HeapscapeError('format-too-new', { expected: VERSION, got: version }, { line: 1 })
    if (header['heapscape'] !== 'events' || version !== VERSION) this.#refuse('{"heapscape":"events","version":1}', 'another line')
    if (typeof header['producer'] === 'string') this.#producer = header['producer']
  }

  #readEvent(value: JsonRecord): boolean {
    const record = this.#record
    record.operation = OPERATIONS.indexOf(value['op'] as 'alloc')
    record.at = numberOf(value['at'])
    record.size = numberOf(value['size'])
    record.from = numberOf(value['from'])
    record.time = numberOf(value['time'])
    record.thread = numberOf(value['thread'])
    if (record.thread >= UNKNOWN_SIZE) return false
    record.site = typeof value['site'] === 'string' ? this.#siteOf(value['site']) : NONE
    if (record.operation < 0 || record.at < 0) return false
    return (this.#records ?? this.#start(value)).add(record, this.#line)
  }

  #siteOf(text: string): number {
    const known = this.#sites.get(text)
    if (known !== undefined) return known
    this.#sites.set(text, this.#names.length)
    return this.#names.push(text) - 1
  }

  /** The first event tells which columns the trace has. */
  #start(first: JsonRecord): EventRecords {
    const has = (key: string): boolean => first[key] !== undefined
    const columns = { address: typeof first['at'] === 'string', site: has('site'), thread: has('thread'), time: has('time'), range: this.#range }
    this.#records = new EventRecords(EventRecords.builder(this.#file, 'events-jsonl', columns), this.#list)
    return this.#records
  }

  #unreadable(): void {
    if (this.#strict) this.#refuse('an event', 'another line')
    this.#note.unreadable.hit(this.#line)
  }

  #refuse(expected: string, got: string): never {
    throw new HeapscapeError('format-malformed', { expected, got }, { line: this.#line })
  }
}

/** All lines of a block at once, which takes a third of the time; undefined when that does not work out. */
function parseTogether(text: string, bytes: Uint8Array, lines: number): unknown[] | undefined {
  if (bytes.length === 0 || bytes[bytes.length - 1] !== LINE_FEED) return undefined
  try {
    const values = JSON.parse(`[${text.slice(0, -1).replaceAll('\n', ',')}]`) as unknown[]
    return values.length === lines ? values : undefined
  } catch {
    return undefined
  }
}

/** The value; null for an empty line, undefined for one that is no JSON. */
function parseLine(line: string): unknown {
  const text = line.startsWith('\uFEFF') ? line.slice(1).trim() : line.trim()
  if (text === '') return null
  try {
    return JSON.parse(text) ?? undefined
  } catch {
    return undefined
  }
}

/** A whole number from 0, or a text in hexadecimal with 0x; -1 for anything else. */
function numberOf(value: unknown): number {
  const number = typeof value === 'string' && /^0x[0-9a-fA-F]{1,16}$/.test(value) ? parseInt(value, 16) : value
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : NONE
}
