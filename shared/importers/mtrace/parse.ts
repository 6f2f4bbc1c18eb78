import type { ByteSource } from '../../base/byte-source'
import { HeapscapeError } from '../../base/errors'
import type { JobContext } from '../../base/job-context'
import { LineBlocks } from '../../base/line-blocks'
import { NumberMap } from '../../base/number-map'
import { TextTable } from '../../base/text-table'
import { NoteList } from '../../model/note-list'
import { type Trace, TraceBuilder } from '../../model/trace'
import type { ImportOptions } from '../importer'
import { MtraceRecord, Operator } from './record'

const LINE_FEED = 10
const EQUALS = 61
const NO_SITE = -1
const NO_POINTER = -1

export async function parseMtrace(source: ByteSource, options: ImportOptions, job: JobContext): Promise<Trace> {
  const reader = new MtraceReader(source.name, options)
  const blocks = new LineBlocks(source)
  while (!reader.isComplete && blocks.next()) {
    reader.readBlock(blocks.bytes)
    job.progress({ done: blocks.offset + blocks.bytes.length, total: source.size, unit: 'bytes' })
    await job.checkpoint()
  }
  return reader.finish()
}

class MtraceReader {
  readonly #file: string
  readonly #strict: boolean
  readonly #builder: TraceBuilder
  readonly #record = new MtraceRecord()
  readonly #sites = new TextTable()
  /** Object of each live block, by address. */
  readonly #objectAt = new NumberMap()
  readonly #list = new NoteList()
  readonly #note = declareNotes(this.#list)
  /** The block being read, for words of four bytes. */
  #view: DataView = new DataView(new ArrayBuffer(0))
  #line = 0
  #partial = false
  /** Pointer of a `<` whose `>` has not come yet. */
  #oldPointer = NO_POINTER
  #oldLine = 0
  #oldSite = NO_SITE

  constructor(file: string, { mode, range }: ImportOptions) {
    this.#file = file
    this.#strict = mode === 'strict'
    this.#builder = new TraceBuilder({ file, format: 'mtrace', partial: true, notes: [] }, { address: true, site: true, range })
    this.#builder.trace.recordsPerRealloc = 2
  }

  get isComplete(): boolean {
    return this.#builder.isComplete
  }

  readBlock(bytes: Uint8Array): void {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const length = bytes.length
    for (let start = 0; start < length; ) {
      // A plain loop: calling the built-in search once per line of 80 bytes took a quarter of the whole time.
      let end = start
      while (end < length && bytes[end] !== LINE_FEED) end++
      this.#line++
      if (end === length) this.#readLastLine(bytes[start]!)
      else if (end > start && !this.#readLine(bytes, start, end)) this.#unknownLine()
      start = end + 1
    }
  }

  finish(): Trace {
    if (this.#oldPointer !== NO_POINTER && !this.isComplete) {
      this.#leaveOldHalf()
      this.#partial = true
    }
    const trace = this.#builder.finish({ file: this.#file, format: 'mtrace', partial: this.#partial, notes: this.#list.toNotes(), lacking: ['earlier-blocks'] })
    trace.sites = { names: this.#sites.toNames() }
    return trace
  }

  /** The recorder ends every line, so a line without its feed was cut: its last number may lack digits. */
  #readLastLine(firstByte: number): void {
    if (firstByte === EQUALS) return
    if (this.#strict) this.#refuse('a line feed', 'the end of the file inside a line')
    this.#note.cutLine.hit(this.#line)
    this.#partial = true
  }

  /** False when the line is none of ours. */
  #readLine(bytes: Uint8Array, start: number, end: number): boolean {
    // "= Start" and "= End"
    if (bytes[start] === EQUALS) return true
    const record = this.#record
    if (!record.read(bytes, start, end)) return false
    const site = record.siteEnd > record.siteStart ? this.#sites.intern(this.#view, record.siteStart, record.siteEnd) : NO_SITE
    if (this.#oldPointer !== NO_POINTER && record.operator !== Operator.ReallocNew) this.#leaveOldHalf()
    switch (record.operator) {
      case Operator.Alloc:
        this.#alloc(record.pointer, record.size, site)
        break
      case Operator.Free:
        this.#free(record.pointer, site)
        break
      case Operator.ReallocOld:
        this.#oldPointer = record.pointer
        this.#oldLine = this.#line
        this.#oldSite = site
        break
      case Operator.ReallocNew:
        this.#realloc(record.pointer, record.size, site)
        break
      default:
        this.#note.reallocFailed.hit(this.#line)
    }
    return true
  }

  #alloc(pointer: number, size: number, site: number): void {
    if (pointer === 0) {
      this.#note.allocFailed.hit(this.#line)
      return
    }
    if (this.#objectAt.get(pointer) >= 0) this.#freeMissed(pointer)
    this.#objectAt.set(pointer, this.#builder.alloc(size))
    this.#place(pointer, site)
  }

  #free(pointer: number, site: number): void {
    const object = this.#objectAt.take(pointer)
    if (object >= 0) this.#builder.free(object)
    else {
      this.#note.orphanFree.hit(this.#line)
      this.#builder.orphanFree()
    }
    this.#place(pointer, site)
  }

  #realloc(pointer: number, size: number, site: number): void {
    const oldPointer = this.#oldPointer
    this.#oldPointer = NO_POINTER
    const object = oldPointer === NO_POINTER ? -1 : this.#objectAt.take(oldPointer)
    if (object < 0) {
      if (oldPointer === NO_POINTER) this.#note.reallocHalf.hit(this.#line)
      else this.#note.reallocUnknown.hit(this.#line)
      this.#alloc(pointer, size, site)
      return
    }
    if (this.#objectAt.get(pointer) >= 0) this.#freeMissed(pointer)
    this.#objectAt.set(pointer, object)
    this.#builder.realloc(object, size)
    this.#place(pointer, site)
  }

  /** The recorder missed the free of what lay here: the heap gave the address out again. */
  #freeMissed(pointer: number): void {
    this.#note.missedFree.hit(this.#line)
    this.#builder.free(this.#objectAt.take(pointer))
    this.#place(pointer, NO_SITE)
  }

  /** A `<` without its `>`: the block is gone, what became of it is not told. */
  #leaveOldHalf(): void {
    const pointer = this.#oldPointer
    this.#oldPointer = NO_POINTER
    this.#note.reallocHalf.hit(this.#oldLine)
    const object = this.#objectAt.take(pointer)
    if (object >= 0) this.#builder.free(object)
    else this.#builder.orphanFree()
    this.#place(pointer, this.#oldSite)
  }

  #place(pointer: number, site: number): void {
    this.#builder.trace.address!.push(pointer)
    this.#builder.trace.site!.push(site)
  }

  #unknownLine(): void {
    if (this.#strict) this.#refuse('a record of mtrace', 'another line')
    this.#note.unknownLine.hit(this.#line)
  }

  #refuse(expected: string, got: string): never {
    throw new HeapscapeError('format-malformed', { expected, got }, { line: this.#line })
  }
}

function declareNotes(list: NoteList) {
  return {
    orphanFree: list.kind('orphan-free', 'Frees of blocks whose allocation is not in the log; they have no effect.'),
    missedFree: list.kind('missed-free', 'Addresses given out again while in use: the missing free was put in.'),
    reallocUnknown: list.kind('realloc-unknown', 'Reallocations of blocks whose allocation is not in the log act as allocations.'),
    reallocHalf: list.kind('realloc-half', 'Reallocations of which only one of the two lines is there: an old half frees, a new half allocates.'),
    reallocFailed: list.kind('realloc-failed', 'Reallocations that got no memory; the block stays as it was.'),
    allocFailed: list.kind('alloc-failed', 'Allocations that got no memory; they make no event.'),
    unknownLine: list.kind('unknown-line', 'Lines that are no records were skipped.'),
    cutLine: list.kind('cut-line', 'The last line is cut and was ignored.'),
  }
}
