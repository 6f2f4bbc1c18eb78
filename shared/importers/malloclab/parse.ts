import { type ByteSource, SliceSource } from '../../base/byte-source'
import { HeapscapeError } from '../../base/errors'
import type { JobContext } from '../../base/job-context'
import { LineBlocks } from '../../base/line-blocks'
import { NoteList } from '../../model/note-list'
import { type Trace, TraceBuilder } from '../../model/trace'
import type { ImportOptions } from '../importer'
import { type RepHeader, readRepHeader } from './header'
import { IdTable } from './id-table'

/*
 *   20000      heap size wished for, or the weight
 *   6          number of ids
 *   12         number of operations: what follows them is not part of the trace
 *   1          weight, or the heap size
 *   a 0 2040   allocate id 0 with 2040 bytes; without a size: see README.md
 *   r 0 4096   reallocate
 *   f 0        free
 */
const LINE_FEED = 10
const ZERO = 48
const MINUS = 45
const LETTER_A = 97
const LETTER_F = 102
const LETTER_R = 114
const MAX_NUMBER = Number.MAX_SAFE_INTEGER
/** What `#number` answers when no number stands there, or one that is no size or id. */
const ABSENT = -2
const BAD = -3
/** The id that stands for the null pointer. */
const NULL_ID = -1

export async function parseMalloclab(source: ByteSource, options: ImportOptions, job: JobContext): Promise<Trace> {
  const header = readRepHeader(source)
  const reader = new RepReader(source, header, options)
  const blocks = new LineBlocks(new SliceSource(source, header.endOffset, source.size - header.endOffset))
  while (reader.wantsMore && blocks.next()) {
    reader.readBlock(blocks.bytes)
    job.progress({ done: header.endOffset + blocks.offset + blocks.bytes.length, total: source.size, unit: 'bytes' })
    await job.checkpoint()
  }
  return reader.finish()
}

class RepReader {
  readonly #strict: boolean
  readonly #file: string
  readonly #header: RepHeader
  readonly #builder: TraceBuilder
  readonly #objectOfId: IdTable
  readonly #list = new NoteList()
  readonly #note = declareNotes(this.#list)
  #operations = 0
  #previousSize = 0
  #line: number
  #partial = false
  #stopped = false
  // The line being read: bytes from #at up to #end.
  #bytes: Uint8Array = new Uint8Array(0)
  #at = 0
  #end = 0

  constructor(source: ByteSource, header: RepHeader, { mode, range }: ImportOptions) {
    this.#file = source.name
    this.#objectOfId = new IdTable(header.ids, source.size)
    this.#header = header
    this.#strict = mode === 'strict'
    this.#line = header.lines
    this.#builder = new TraceBuilder({ file: source.name, format: 'malloclab', partial: true, notes: [] }, { range })
  }

  get wantsMore(): boolean {
    return !this.#stopped && !this.#builder.isComplete
  }

  readBlock(bytes: Uint8Array): void {
    this.#bytes = bytes
    for (let start = 0; start < bytes.length && !this.#stopped; ) {
      // A plain loop: lines are shorter than what calling the built-in search costs.
      let end = start
      while (end < bytes.length && bytes[end] !== LINE_FEED) end++
      this.#line++
      this.#at = start
      this.#end = end
      this.#skipBlanks()
      if (this.#at < end) this.#readLine(end === bytes.length)
      start = end + 1
    }
  }

  finish(): Trace {
    const { operations } = this.#header
    if (this.#operations < operations && this.wantsMore) {
      const facts = { expected: `${operations} operations`, got: this.#operations }
      if (this.#strict) throw new HeapscapeError('format-truncated', facts, { line: this.#line })
      this.#note.fewerOperations.hit(this.#line)
      this.#partial = true
    }
    return this.#builder.finish({ file: this.#file, format: 'malloclab', partial: this.#partial, notes: this.#list.toNotes() })
  }

  #readLine(lacksFeed: boolean): void {
    if (this.#operations >= this.#header.operations) {
      if (this.#strict) this.#refuse(`the end after ${this.#header.operations} operations`, 'a further line')
      this.#note.extraLine.hit(this.#line)
      return
    }
    // A file short of operations was cut, and its last line with it: "a 7 20" may have been "a 7 2040".
    if (lacksFeed && this.#operations + 1 < this.#header.operations && !this.#strict) {
      this.#note.cutLine.hit(this.#line)
      return
    }
    const letter = this.#bytes[this.#at++]!
    const id = this.#number()
    const size = this.#number()
    const known = letter === LETTER_A || letter === LETTER_R || letter === LETTER_F
    if (!known || id === ABSENT || id === BAD || size === BAD || size === NULL_ID || !this.#atLineEnd()) {
      this.#malformed()
      return
    }
    if (id >= this.#header.ids) this.#tolerate(this.#note.idBeyondHeader, `ids below ${this.#header.ids}`, id)
    this.#operations++
    if (letter === LETTER_F) this.#free(id)
    else this.#request(letter, id, size)
  }

  #request(letter: number, id: number, writtenSize: number): void {
    if (id === NULL_ID) {
      this.#operations--
      this.#malformed()
      return
    }
    if (writtenSize === ABSENT) this.#tolerate(this.#note.sizeMissing, 'a size', 'the end of the line')
    const size = writtenSize === ABSENT ? this.#previousSize : writtenSize
    this.#previousSize = size
    const object = this.#objectOfId.get(id)
    if (letter === LETTER_R && object >= 0) {
      if (size > 0) this.#builder.realloc(object, size)
      else this.#freeByRealloc(id, object)
      return
    }
    if (letter === LETTER_R) this.#note.reallocAsAlloc.hit(this.#line)
    else if (object >= 0) this.#tolerate(this.#note.idReusedLive, 'an id that is not in use', id)
    this.#objectOfId.set(id, this.#builder.alloc(size))
  }

  #freeByRealloc(id: number, object: number): void {
    this.#note.reallocToZero.hit(this.#line)
    this.#objectOfId.take(id)
    this.#builder.free(object)
  }

  #free(id: number): void {
    const object = id === NULL_ID ? -1 : this.#objectOfId.take(id)
    if (object >= 0) {
      this.#builder.free(object)
      return
    }
    if (id === NULL_ID) this.#note.freeNull.hit(this.#line)
    else this.#tolerate(this.#note.orphanFree, 'an id in use', id)
    this.#builder.orphanFree()
  }

  /** Strict: refuses; compatible: counts it and goes on. */
  #tolerate(note: { hit(line: number): void }, expected: string, got: string | number): void {
    if (this.#strict) this.#refuse(expected, got)
    note.hit(this.#line)
  }

  #refuse(expected: string, got: string | number): never {
    throw new HeapscapeError('format-malformed', { expected, got }, { line: this.#line })
  }

  /** What was read before a line that makes no sense is kept; a file without any sense is refused. */
  #malformed(): void {
    if (this.#strict || this.#operations === 0) this.#refuse('"a id size", "r id size" or "f id"', 'another line')
    this.#note.unreadableRest.hit(this.#line)
    this.#partial = true
    this.#stopped = true
  }

  #skipBlanks(): void {
    while (this.#at < this.#end && isBlank(this.#bytes[this.#at]!)) this.#at++
  }

  #atLineEnd(): boolean {
    this.#skipBlanks()
    return this.#at >= this.#end
  }

  /** The next number of the line; -1 only when it is written so. In locals: fields would be stored anew at every byte. */
  #number(): number {
    const bytes = this.#bytes
    const end = this.#end
    const before = this.#at
    let at = before
    while (at < end && isBlank(bytes[at]!)) at++
    this.#at = at
    if (at >= end) return ABSENT
    if (at === before) return BAD
    const negative = bytes[at] === MINUS
    if (negative) at++
    const first = at
    let value = 0
    for (; at < end; at++) {
      const digit = bytes[at]! - ZERO
      if (digit < 0 || digit > 9) break
      value = value * 10 + digit
    }
    this.#at = at
    if (at === first || value > MAX_NUMBER) return BAD
    if (!negative) return value
    return value === 1 ? NULL_ID : BAD
  }
}

/** Space, tab, carriage return (files with CRLF ends). */
function isBlank(byte: number): boolean {
  return byte === 32 || byte === 9 || byte === 13
}

function declareNotes(list: NoteList) {
  return {
    sizeMissing: list.kind('size-missing', 'Allocations without a size took the size of the request before, as the usual driver does.'),
    extraLine: list.kind('extra-line', 'Lines after the number of operations in the header were ignored.'),
    fewerOperations: list.kind('fewer-operations', 'The file holds fewer operations than its header says.'),
    cutLine: list.kind('cut-line', 'The last line is cut and was ignored.'),
    unreadableRest: list.kind('unreadable-rest', 'A line makes no sense; it and everything after it were ignored.'),
    reallocAsAlloc: list.kind('realloc-as-alloc', 'Reallocations of an unused id act as allocations.'),
    reallocToZero: list.kind('realloc-to-zero', 'Reallocations to size 0 act as frees.'),
    idReusedLive: list.kind('id-reused-live', 'An id was allocated again while still in use; its old block is never freed.'),
    idBeyondHeader: list.kind('id-beyond-header', 'Ids at or above the number of ids in the header.'),
    orphanFree: list.kind('orphan-free', 'Frees of an id that is not in use; they have no effect.'),
    freeNull: list.kind('free-null', 'Frees of the null pointer (id -1); they have no effect.'),
  }
}
