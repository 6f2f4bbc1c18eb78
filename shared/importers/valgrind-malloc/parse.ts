import type { ByteSource } from '../../base/byte-source'
import { HeapscapeError } from '../../base/errors'
import type { JobContext } from '../../base/job-context'
import { LineBlocks } from '../../base/line-blocks'
import { LineCursor } from '../../base/line-cursor'
import { CallEvents } from '../../model/call-events'
import { NoteList } from '../../model/note-list'
import { type Trace, TraceBuilder } from '../../model/trace'
import type { ImportOptions } from '../importer'
import { CallKind, MallocCall } from './call'

/*
 *   ==17772== Using Valgrind-3.19.0 ...          the tool's own words: not read but for the version
 *   --17772-- malloc(48) = 0x4D2C090             sizes decimal, pointers hexadecimal
 *   --17772-- free(0x4D2C090)
 */
const LINE_FEED = 10
const MINUS = 45
const NO_PROCESS = -1

/** A line of the program's process with a call of the heap. */
export function looksLikeMallocTrace(head: Uint8Array): boolean {
  const text = new TextDecoder('latin1').decode(head)
  return /^(?:==\d+==|--\d+--)/.test(text) && /^--\d+-- (?:malloc|calloc|realloc|free|memalign|_Z[nd]\w*)\((?:0x|\d|al|size)/m.test(text)
}

export async function parseMallocTrace(source: ByteSource, options: ImportOptions, job: JobContext): Promise<Trace> {
  const reader = new MallocTraceReader(source.name, options)
  const blocks = new LineBlocks(source)
  while (!reader.isComplete && blocks.next()) {
    reader.readBlock(blocks.bytes)
    job.progress({ done: blocks.offset + blocks.bytes.length, total: source.size, unit: 'bytes' })
    await job.checkpoint()
  }
  return reader.finish()
}

class MallocTraceReader {
  readonly #file: string
  readonly #strict: boolean
  readonly #builder: TraceBuilder
  readonly #events: CallEvents
  readonly #cursor = new LineCursor()
  readonly #call = new MallocCall()
  readonly #list = new NoteList()
  readonly #note = declareNotes(this.#list)
  #process = NO_PROCESS
  #producer: string | undefined
  #line = 0
  #partial = false

  constructor(file: string, { mode, range }: ImportOptions) {
    this.#file = file
    this.#strict = mode === 'strict'
    this.#builder = new TraceBuilder({ file, format: 'valgrind-malloc', partial: true, notes: [] }, { address: true, range })
    const { address } = this.#builder.trace
    this.#events = new CallEvents(this.#builder, this.#list, (pointer) => address!.push(pointer))
  }

  get isComplete(): boolean {
    return this.#builder.isComplete
  }

  readBlock(bytes: Uint8Array): void {
    const length = bytes.length
    const cursor = this.#cursor
    for (let start = 0; start < length; ) {
      let end = start
      while (end < length && bytes[end] !== LINE_FEED) end++
      this.#line++
      if (end > start) {
        cursor.set(bytes, start, end)
        if (bytes[start] === MINUS) this.#readCall(end === length)
        else this.#readWords(end === length)
      }
      start = end + 1
    }
  }

  finish(): Trace {
    const origin = { file: this.#file, format: 'valgrind-malloc', partial: this.#partial, notes: this.#list.toNotes() }
    return this.#builder.finish(this.#producer === undefined ? origin : { ...origin, producer: this.#producer })
  }

  #readCall(lacksFeed: boolean): void {
    if (lacksFeed) return this.#cutLine()
    const cursor = this.#cursor
    const process = cursor.take('--') ? cursor.decimal() : NO_PROCESS
    if (process < 0 || !cursor.take('-- ')) return this.#unreadable()
    if (this.#process === NO_PROCESS) this.#process = process
    else if (process !== this.#process) {
      this.#note.otherProcess.hit(this.#line)
      return
    }
    const call = this.#call
    this.#events.line = this.#line
    switch (call.read(cursor)) {
      case CallKind.Alloc:
        if (call.result === 0) this.#events.allocFailed()
        else this.#events.alloc(call.result, call.size)
        break
      case CallKind.Free:
        if (call.pointer === 0) this.#events.freeNull()
        else this.#events.free(call.pointer)
        break
      case CallKind.Realloc:
        if (call.result === 0) this.#events.reallocFailed()
        else this.#events.realloc(call.pointer, call.result, call.size)
        break
      case CallKind.Other:
        this.#note.otherCall.hit(this.#line)
        break
      default:
        this.#unreadable()
    }
  }

  /** Anything but a call: the tool's words, or the program's own output. */
  #readWords(lacksFeed: boolean): void {
    const cursor = this.#cursor
    if (!cursor.take('==')) this.#note.programOutput.hit(this.#line)
    else if (this.#producer === undefined && this.#line < 16) this.#producer = /Using (Valgrind-[\w.]+)/.exec(cursor.rest())?.[1]?.replace('-', ' ')
    if (lacksFeed) this.#cutLine()
  }

  #unreadable(): void {
    if (this.#strict) throw new HeapscapeError('format-malformed', { expected: 'a call as Valgrind writes it', got: 'another line' }, { line: this.#line })
    this.#note.unreadable.hit(this.#line)
  }

  /** Valgrind ends every line: one without its feed was cut, and a pointer in it may lack digits. */
  #cutLine(): void {
    if (this.#strict) throw new HeapscapeError('format-malformed', { expected: 'a line feed', got: 'the end of the file inside a line' }, { line: this.#line })
    this.#note.cutLine.hit(this.#line)
    this.#partial = true
  }
}

function declareNotes(list: NoteList) {
  return {
    otherProcess: list.kind('other-process', 'Lines of other processes (children) were left out: their addresses are others.'),
    otherCall: list.kind('other-call', 'Calls and lines that change no block were left out.'),
    programOutput: list.kind('program-output', "Lines that are the program's own output were left out."),
    unreadable: list.kind('unreadable-line', 'Calls that make no sense were skipped.'),
    cutLine: list.kind('cut-line', 'The last line is cut and was ignored.'),
  }
}
