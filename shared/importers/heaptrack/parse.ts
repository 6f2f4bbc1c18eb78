import type { ByteSource } from '../../base/byte-source'
import { Column, sizeColumn } from '../../base/column'
import { HeapscapeError } from '../../base/errors'
import type { JobContext } from '../../base/job-context'
import { LineBlocks } from '../../base/line-blocks'
import { BAD_NUMBER, LineCursor } from '../../base/line-cursor'
import { NumberMap } from '../../base/number-map'
import { NONE } from '../../base/units'
import { type NoteCounter, NoteList } from '../../model/note-list'
import { type Origin, ResidentTable, type Trace, TraceBuilder } from '../../model/trace'
import type { ImportOptions } from '../importer'
import { CallRecords } from './call-records'
import { declareNotes } from './notes'

/*
 * All numbers are hexadecimal. Interpreted files:          Raw files:
 *
 *   v 10400 3       writer 1.4.0, version 3                  v 10400 3
 *   s, i, t         call-records.ts                          x, m, t
 *   a 8 4           number 0: 8 bytes asked for at step 4
 *   + 0             an allocation of that kind               + 8 4 55d8ea2941d0    8 bytes at step 4, pointer
 *   - 0             one of that kind was freed               - 55d8ea2941d0
 *   c 6c            milliseconds since the start             the same
 *   R 6a3           resident pages                           the same
 */
const LINE_FEED = 10
const CARRIAGE_RETURN = 13
const PLUS = 43
const MINUS = 45
const HASH = 35
const NS_PER_MS = 1e6
const OLDEST_VERSION = 1
const NEWEST_VERSION = 3
const SIZED_STRINGS_VERSION = 3
const FIRST_LINE_BYTES = 64

interface Header {
  readonly producer: string
  readonly version: number
  readonly raw: boolean
}

export async function parseHeaptrack(source: ByteSource, options: ImportOptions, job: JobContext): Promise<Trace> {
  const reader = new HeaptrackReader(source.name, readHeader(source), options)
  const blocks = new LineBlocks(source)
  while (!reader.isComplete && blocks.next()) {
    reader.readBlock(blocks.bytes)
    job.progress({ done: blocks.offset + blocks.bytes.length, total: source.size, unit: 'bytes' })
    await job.checkpoint()
  }
  return reader.finish()
}

/** Raw files begin with the program's path (`x`), which interpreted ones have among their texts. */
function readHeader(source: ByteSource): Header {
  const text = new TextDecoder('latin1').decode(source.read(0, FIRST_LINE_BYTES))
  const [, writer, version, letter] = /^v ([0-9a-f]+) ([0-9a-f]+)\r?\n(.)/.exec(text) ?? []
  if (writer === undefined) throw new HeapscapeError('format-malformed', { expected: '"v WRITER VERSION"', got: 'another line' }, { line: 1 })
  const number = parseInt(version!, 16)
  if (number > NEWEST_VERSION) throw new HeapscapeError('format-too-new', { expected: NEWEST_VERSION, got: number }, { line: 1 })
  if (number < OLDEST_VERSION) {
    throw new HeapscapeError('format-malformed', { expected: `version ${OLDEST_VERSION} to ${NEWEST_VERSION}`, got: number }, { line: 1 })
  }
  const release = parseInt(writer, 16)
  return { producer: `heaptrack ${release >>> 16}.${(release >>> 8) & 255}.${release & 255}`, version: number, raw: letter === 'x' || letter === 'm' }
}

class HeaptrackReader {
  readonly #file: string
  readonly #header: Header
  readonly #strict: boolean
  readonly #sized: boolean
  readonly #builder: TraceBuilder
  readonly #calls = new CallRecords()
  readonly #cursor = new LineCursor()
  readonly #list = new NoteList()
  readonly #note = declareNotes(this.#list)
  readonly #resident = new ResidentTable()
  /** Raw: object of each live block, by address. */
  readonly #objectAt = new NumberMap()
  // Interpreted: size and site of each kind of allocation, and its live blocks as a list, youngest first (object + 1).
  readonly #sizeOfKind = sizeColumn()
  readonly #siteOfKind = new Column('i32')
  readonly #youngest = new Column('u32')
  readonly #nextOlder = new Column('u32')
  #pageBytes = 4096
  #timeNs = 0
  #line = 0
  #partial = false

  constructor(file: string, header: Header, { mode, range }: ImportOptions) {
    this.#file = file
    this.#header = header
    this.#strict = mode === 'strict'
    this.#sized = header.version >= SIZED_STRINGS_VERSION
    this.#builder = new TraceBuilder({ file, format: 'heaptrack', partial: true, notes: [] }, { address: header.raw, site: true, time: true, range })
  }

  get isComplete(): boolean {
    return this.#builder.isComplete
  }

  readBlock(bytes: Uint8Array): void {
    const length = bytes.length
    const cursor = this.#cursor
    for (let start = 0; start < length; ) {
      // A plain loop: most lines have three to twelve bytes.
      let end = start
      while (end < length && bytes[end] !== LINE_FEED) end++
      this.#line++
      if (end === length) this.#cutLine()
      else if (end > start && !(bytes[start] === CARRIAGE_RETURN && end === start + 1)) {
        cursor.set(bytes, start, end)
        cursor.at = start + 1
        const letter = bytes[start]!
        if (letter === PLUS) this.#alloc()
        else if (letter === MINUS) this.#free()
        else if (letter !== HASH && !this.#readRecord(String.fromCharCode(letter))) this.#unreadable(letter)
      }
      start = end + 1
    }
  }

  finish(): Trace {
    const { producer, version, raw } = this.#header
    if (!raw) this.#note.interpreted.hit(1)
    const origin: Origin = {
      file: this.#file,
      format: 'heaptrack',
      partial: this.#partial,
      notes: this.#list.toNotes(),
      producer,
      version: raw ? `${version} raw` : String(version),
      units: { sizes: 'bytes', times: 'ms' },
      lacking: raw ? ['symbols', 'reallocs'] : ['reallocs', 'identity-of-frees'],
    }
    const trace = this.#builder.finish(origin)
    trace.sites = this.#calls.toSites()
    if (this.#resident.length > 0) trace.resident = this.#resident
    return trace
  }

  /** False when the record makes no sense. */
  #readRecord(letter: string): boolean {
    const cursor = this.#cursor
    switch (letter) {
      case 's':
        return this.#calls.text(cursor, this.#sized)
      case 'i':
        return this.#calls.instruction(cursor)
      case 't':
        return this.#calls.step(cursor, this.#header.raw)
      case 'a':
        return this.#kindOfAllocation()
      case 'x':
        return this.#calls.program(cursor, this.#sized)
      case 'm':
        return this.#calls.module(cursor, this.#sized)
      case 'c':
        return this.#time()
      case 'R':
        return this.#residentPages()
      case 'I':
        return this.#system()
      case 'S':
        this.#note.suppression.hit(this.#line)
        return true
      case 'A':
        this.#note.attached.hit(this.#line)
        return true
      // The program's command line, and the version that the header has told.
      case 'X':
      case 'v':
        return true
      default:
        return false
    }
  }

  #kindOfAllocation(): boolean {
    const size = this.#cursor.hex()
    const site = this.#calls.siteOf(this.#cursor.hex())
    if (size < 0 || site < NONE) return false
    this.#sizeOfKind.push(size)
    this.#siteOfKind.push(site)
    this.#youngest.push(0)
    return true
  }

  #alloc(): void {
    const first = this.#cursor.hex()
    if (this.#header.raw) {
      const step = this.#cursor.hex()
      const pointer = this.#cursor.hex()
      const site = this.#calls.siteOf(step)
      if (first < 0 || pointer < 0 || site < NONE) this.#unreadable(PLUS)
      else this.#allocAt(pointer, first, site)
    } else if (first < 0 || first >= this.#sizeOfKind.length || this.#siteOfKind.at(first) === BAD_NUMBER) this.#unreadable(PLUS)
    else {
      const object = this.#builder.alloc(this.#sizeOfKind.at(first))
      this.#nextOlder.push(this.#youngest.at(first))
      this.#youngest.set(first, object + 1)
      this.#place(NONE, this.#siteOfKind.at(first))
    }
  }

  #allocAt(pointer: number, size: number, site: number): void {
    const before = this.#objectAt.take(pointer)
    if (before >= 0) {
      this.#note.missedFree.hit(this.#line)
      this.#builder.free(before)
      this.#place(pointer, NONE)
    }
    this.#objectAt.set(pointer, this.#builder.alloc(size))
    this.#place(pointer, site)
  }

  #free(): void {
    const which = this.#cursor.hex()
    if (which < 0 || (!this.#header.raw && which >= this.#youngest.length)) {
      this.#unreadable(MINUS)
      return
    }
    const object = this.#header.raw ? this.#objectAt.take(which) : this.#takeYoungest(which)
    if (object >= 0) this.#builder.free(object)
    else {
      this.#note.orphanFree.hit(this.#line)
      this.#builder.orphanFree()
    }
    this.#place(which, NONE)
  }

  /** The rule for frees that only tell the kind: the youngest goes first. */
  #takeYoungest(kind: number): number {
    const object = this.#youngest.at(kind) - 1
    if (object < 0) return NONE
    const older = this.#nextOlder.at(object)
    this.#youngest.set(kind, older)
    if (older !== 0) this.#note.ambiguousFree.hit(this.#line)
    return object
  }

  #place(pointer: number, site: number): void {
    const { address, site: sites, time } = this.#builder.trace
    address?.push(pointer)
    sites!.push(site)
    time!.push(this.#timeNs)
  }

  #time(): boolean {
    const milliseconds = this.#cursor.hex()
    if (milliseconds < 0) return false
    if (milliseconds * NS_PER_MS < this.#timeNs) this.#note.timeBackwards.hit(this.#line)
    else this.#timeNs = milliseconds * NS_PER_MS
    return true
  }

  #residentPages(): boolean {
    const pages = this.#cursor.hex()
    if (pages < 0) return false
    this.#resident.event.push(this.#builder.seenEvents)
    this.#resident.bytes.push(pages * this.#pageBytes)
    return true
  }

  #system(): boolean {
    const pageBytes = this.#cursor.hex()
    if (pageBytes <= 0) return false
    this.#pageBytes = pageBytes
    return true
  }

  #unreadable(letter: number): void {
    this.#tolerate(this.#note.unreadable, 'a record of heaptrack', 'another line')
    const name = String.fromCharCode(letter)
    this.#calls.keepNumber(name)
    if (name !== 'a') return
    this.#sizeOfKind.push(0)
    // Its size or its site is not known: allocations of it are not made up.
    this.#siteOfKind.push(BAD_NUMBER)
    this.#youngest.push(0)
  }

  /** The recorder ends every line, so a line without its feed was cut: its last number may lack digits. */
  #cutLine(): void {
    this.#tolerate(this.#note.cutLine, 'a line feed', 'the end of the file inside a line')
    this.#partial = true
  }

  #tolerate(note: NoteCounter, expected: string, got: string): void {
    if (this.#strict) throw new HeapscapeError('format-malformed', { expected, got }, { line: this.#line })
    note.hit(this.#line)
  }
}
