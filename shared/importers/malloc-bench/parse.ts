import type { ByteSource } from '../../base/byte-source'
import { HeapscapeError } from '../../base/errors'
import type { JobContext } from '../../base/job-context'
import { ProtobufCursor, WireType } from '../../base/protobuf'
import { CallEvents } from '../../model/call-events'
import { NoteList } from '../../model/note-list'
import { Op, type Trace, TraceBuilder } from '../../model/trace'
import type { ImportOptions } from '../importer'

/*
 * A protobuf message; field 1 repeats, once per call, and holds one of:
 *
 *   1 malloc   {1 id, 2 size, 3 alignment}       4 calloc  {1 id, 2 number, 3 size}
 *   2 free     {1 id}, empty for the null pointer  3 realloc {1 new id, 2 old id, 3 size}
 *
 * Field 2, the last one, is the largest number of blocks alive at once.
 */
const FIELD_CALL = 1
const FIELD_MOST_BLOCKS = 2
const MALLOC = 1
const FREE = 2
const REALLOC = 3
const CALLOC = 4
const WINDOW_BYTES = 256 * 1024
/** A call takes some 30 bytes at most; a longer one is damage. */
const LONGEST_FIELD_BYTES = 1024
const ABSENT = -1
/** Calls that detection wants to see. */
const SNIFFED_CALLS = 8

/** Some calls, each of which holds together, up to the end of what can be seen. */
export function looksLikeMallocBench(head: Uint8Array): boolean {
  const field = new ProtobufCursor()
  const call = new ProtobufCursor()
  field.set(head, 0, head.length)
  let calls = 0
  while (calls < SNIFFED_CALLS && field.next() && field.field === FIELD_CALL && field.wireType === WireType.Bytes) {
    call.set(head, field.start, field.stop)
    if (!call.next() || call.field > CALLOC || call.wireType !== WireType.Bytes || call.at !== call.end) return false
    calls++
  }
  return calls === SNIFFED_CALLS || (calls > 0 && (field.damaged || (field.field === FIELD_MOST_BLOCKS && field.wireType === WireType.Varint)))
}

export async function parseMallocBench(source: ByteSource, options: ImportOptions, job: JobContext): Promise<Trace> {
  const reader = new MallocBenchReader(source.name, options)
  for (let offset = 0; offset < source.size && !reader.stopped && !reader.isComplete; ) {
    const window = source.read(offset, WINDOW_BYTES)
    offset += reader.readWindow(window, offset, offset + window.length >= source.size)
    job.progress({ done: offset, total: source.size, unit: 'bytes' })
    await job.checkpoint()
  }
  return reader.finish(source.size)
}

class MallocBenchReader {
  stopped = false
  readonly #file: string
  readonly #strict: boolean
  readonly #builder: TraceBuilder
  readonly #events: CallEvents
  readonly #field = new ProtobufCursor()
  readonly #call = new ProtobufCursor()
  readonly #operands = new ProtobufCursor()
  readonly #list = new NoteList()
  readonly #note = declareNotes(this.#list)
  #mostBlocks = ABSENT
  #liveBlocks = 0
  #liveBlocksPeak = 0
  #partial = false

  constructor(file: string, { mode, range }: ImportOptions) {
    this.#file = file
    this.#strict = mode === 'strict'
    this.#builder = new TraceBuilder({ file, format: 'malloc-bench', partial: true, notes: [] }, { range })
    this.#events = new CallEvents(this.#builder, this.#list, () => {})
  }

  get isComplete(): boolean {
    return this.#builder.isComplete
  }

  /** Returns how many bytes were used up: a field cut by the window's end is read again with the next one. */
  readWindow(bytes: Uint8Array, offset: number, isLast: boolean): number {
    const field = this.#field
    field.set(bytes, 0, bytes.length)
    for (;;) {
      const start = field.at
      if (!field.next()) {
        if (!field.damaged) return bytes.length
        if (!isLast && bytes.length - start < LONGEST_FIELD_BYTES) return start
        this.#damaged(offset + start)
        return bytes.length
      }
      this.#events.line++
      if (field.field === FIELD_CALL && field.wireType === WireType.Bytes) {
        if (!this.#readCall(bytes, field.start, field.stop)) {
          this.#damaged(offset + start)
          return bytes.length
        }
      } else if (field.field === FIELD_MOST_BLOCKS && field.wireType === WireType.Varint) this.#mostBlocks = field.value
      else this.#note.unknownField.hit(this.#events.line)
    }
  }

  finish(size: number): Trace {
    if (this.#mostBlocks === ABSENT && !this.stopped && !this.isComplete) {
      if (this.#strict) throw new HeapscapeError('format-truncated', { expected: 'the number of living blocks at the end', got: 'the end of the file' }, { offset: size })
      this.#note.noTotal.hit(this.#events.line)
      this.#partial = true
    } else if (this.#mostBlocks !== ABSENT && this.#mostBlocks !== this.#liveBlocksPeak) this.#note.otherTotal.hit(this.#events.line)
    return this.#builder.finish({ file: this.#file, format: 'malloc-bench', partial: this.#partial, notes: this.#list.toNotes() })
  }

  /** False when it makes no sense. */
  #readCall(bytes: Uint8Array, start: number, stop: number): boolean {
    const call = this.#call
    call.set(bytes, start, stop)
    if (!call.next() || call.wireType !== WireType.Bytes || call.at !== stop) return false
    const operands = this.#operands
    operands.set(bytes, call.start, call.stop)
    let first = ABSENT
    let second = ABSENT
    let third = ABSENT
    while (operands.next()) {
      if (operands.wireType !== WireType.Varint || Number.isNaN(operands.value)) return false
      if (operands.field === 1) first = operands.value
      else if (operands.field === 2) second = operands.value
      else if (operands.field === 3) third = operands.value
    }
    return !operands.damaged && this.#carryOut(call.field, first, second, third)
  }

  #carryOut(call: number, first: number, second: number, third: number): boolean {
    const events = this.#events
    const objectsBefore = this.#builder.trace.objects
    const eventsBefore = this.#builder.trace.events
    if (call === MALLOC) {
      if (third > 0) this.#note.alignment.hit(events.line)
      this.#alloc(first, Math.max(second, 0))
    } else if (call === FREE) {
      if (first === ABSENT) events.freeNull()
      else events.free(first)
    } else if (call === CALLOC) {
      const size = Math.max(second, 0) * Math.max(third, 0)
      // What calloc(number, size) cannot give out, no program got.
      if (!Number.isSafeInteger(size)) return false
      this.#alloc(first, size)
    } else if (call === REALLOC) this.#realloc(first, second, Math.max(third, 0))
    else return false
    this.#countBlocks(objectsBefore, eventsBefore)
    return true
  }

  #alloc(id: number, size: number): void {
    if (id === ABSENT) this.#events.allocFailed()
    else this.#events.alloc(id, size)
  }

  #realloc(newId: number, oldId: number, size: number): void {
    if (oldId === ABSENT) this.#alloc(newId, size)
    else if (newId !== ABSENT) this.#events.realloc(oldId, newId, size)
    else if (size === 0) this.#events.free(oldId)
    else this.#events.reallocFailed()
  }

  /** From what the call did to the trace: one new object is one block more, a lone free one less. */
  #countBlocks(objectsBefore: number, eventsBefore: number): void {
    const { trace } = this.#builder
    for (let row = eventsBefore; row < trace.events; row++) if (trace.op.at(row) === Op.Free) this.#liveBlocks--
    this.#liveBlocks += trace.objects - objectsBefore
    if (this.#liveBlocks > this.#liveBlocksPeak) this.#liveBlocksPeak = this.#liveBlocks
  }

  /** What was read before is kept; a file without any sense is refused. */
  #damaged(offset: number): void {
    if (this.#strict || this.#builder.trace.events === 0) {
      throw new HeapscapeError('format-malformed', { expected: 'a call of malloc, free, realloc or calloc', got: 'other bytes' }, { offset })
    }
    this.#note.unreadableRest.hit(this.#events.line)
    this.#partial = true
    this.stopped = true
  }
}

function declareNotes(list: NoteList) {
  return {
    alignment: list.kind('alignment', 'Allocations with an alignment of their own; it is not kept.'),
    unknownField: list.kind('unknown-field', 'Fields of an unknown meaning were skipped.'),
    otherTotal: list.kind('other-total', 'The file states another largest number of living blocks than its calls give.'),
    noTotal: list.kind('no-total', 'The number of living blocks, which ends every file, is missing: the file was cut.'),
    unreadableRest: list.kind('unreadable-rest', 'A record makes no sense; it and everything after it were ignored.'),
  }
}
