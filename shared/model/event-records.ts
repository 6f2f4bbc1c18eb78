import { NONE } from '../base/units'
import { CallEvents } from './call-events'
import type { NoteList } from './note-list'
import { type Trace, TraceBuilder, type TraceOptions } from './trace'

export const OPERATIONS = ['alloc', 'free', 'realloc'] as const

/** One event of the plain formats (docs/recording.md); -1 where a number is not given. Reused for every event. */
export class EventRecord {
  /** Index into OPERATIONS. */
  operation = NONE
  /** Pointer or id. */
  at = NONE
  size = NONE
  /** Pointer or id before a realloc; as `at` when not given. */
  from = NONE
  /** Nanoseconds. */
  time = NONE
  thread = NONE
  /** Number of the call site's text. */
  site = NONE
}

/** Writes the events of the plain formats and counts what does not fit together. */
export class EventRecords {
  readonly trace: Trace
  readonly #builder: TraceBuilder
  readonly #events: CallEvents
  readonly #note
  #record = new EventRecord()
  #time = 0

  constructor(builder: TraceBuilder, list: NoteList) {
    this.#builder = builder
    this.trace = builder.trace
    this.#events = new CallEvents(builder, list, (key) => this.#place(key))
    this.#note = {
      timeBackwards: list.kind('time-backwards', 'Times before the time already reached were taken as that time.'),
      lateField: list.kind('late-field', 'Fields that the first event does not have were left out.'),
    }
  }

  /** True when what follows lies behind the range that is to be opened. */
  get isComplete(): boolean {
    return this.#builder.isComplete
  }

  static builder(file: string, format: string, options: TraceOptions): TraceBuilder {
    return new TraceBuilder({ file, format, partial: true, notes: [] }, options)
  }

  /** False when the record lacks what its operation needs. */
  add(record: EventRecord, line: number): boolean {
    const events = this.#events
    events.line = line
    this.#record = record
    if (record.at < 0) return false
    if (record.time >= 0) {
      if (record.time < this.#time) this.#note.timeBackwards.hit(line)
      else this.#time = record.time
    }
    const { time, thread, site } = this.trace
    if ((time === undefined && record.time >= 0) || (thread === undefined && record.thread >= 0) || (site === undefined && record.site >= 0)) {
      this.#note.lateField.hit(line)
    }
    const hasAddress = this.trace.address !== undefined
    if (record.operation === 1) {
      if (record.at === 0 && hasAddress) events.freeNull()
      else events.free(record.at)
      return true
    }
    if (record.size < 0) return false
    if (record.operation === 0) {
      if (record.at === 0 && hasAddress) events.allocFailed()
      else events.alloc(record.at, record.size)
      return true
    }
    return this.#realloc(record, hasAddress)
  }

  finish(partial: boolean, list: NoteList, names: readonly string[], facts: { producer?: string; version?: string }): Trace {
    const { file, format } = this.trace.origin
    const trace = this.#builder.finish({ file, format, partial, notes: list.toNotes(), ...facts })
    trace.sites = { names }
    return trace
  }

  /** As the C library has it: from the null pointer it allocates, to size 0 it frees, and to the null pointer it failed. */
  #realloc({ at, from, size }: EventRecord, hasAddress: boolean): boolean {
    const events = this.#events
    const isNull = hasAddress && at === 0
    if (isNull && from < 0) return false
    if (hasAddress && from === 0) {
      if (isNull) events.allocFailed()
      else events.alloc(at, size)
    } else if (isNull) {
      if (size === 0) events.free(from)
      else events.reallocFailed()
    } else events.realloc(from < 0 ? at : from, at, size)
    return true
  }

  #place(key: number): void {
    const { address, site, thread, time } = this.trace
    address?.push(key)
    site?.push(this.#record.site)
    thread?.push(Math.max(this.#record.thread, 0))
    time?.push(this.#time)
  }
}
