import { Column, sizeColumn } from '../base/column'
import { UNKNOWN_SIZE, type Bytes, type EventNumber } from '../base/units'
import type { CallStacks } from './call-stacks'
import type { Lacking, SourceUnits } from './lacking'

/*
 * Trace: what a program asked for, one row per event, in order.
 *
 *   op       object   size     address   site   thread   time
 *   alloc    0        184      0x5646..  12     0        0
 *   realloc  0        256      0x5646..  13     0        0
 *   free     0        -        -         ...
 *
 * `object` numbers the program's blocks densely from 0 in order of first allocation; a realloc keeps its object;
 * an id or address used again by the program is a new object.
 */
export const Op = { Alloc: 0, Free: 1, Realloc: 2, OrphanFree: 3 } as const
export type Op = (typeof Op)[keyof typeof Op]

/** Something the reader must be told about the input; counted, never dropped. */
export interface Note {
  /** Stable kebab-case code, for instance `orphan-free`. */
  readonly code: string
  readonly count: number
  readonly text: string
  /** Line (1-based) or byte offset of the first occurrence. */
  readonly firstLine?: number
  readonly firstOffset?: number
}

/** Where a document comes from; goes into every saved file and report. */
export interface Origin {
  /** File name without folders. */
  readonly file: string
  /** Importer id, or `workload`, or `simulation`. */
  readonly format: string
  /** True when only a part of the input could be read. */
  readonly partial: boolean
  readonly notes: readonly Note[]
  /** Program that wrote the file, as the file says it (name, version, command); absent when it does not. */
  readonly producer?: string
  /** Version of the format, as the file says it; absent when the format has none. */
  readonly version?: string
  /** What the source does not tell beyond what the tables show; `lackingOf` joins both. */
  readonly lacking?: readonly Lacking[]
  /** Units of the source's figures; bytes and nanoseconds when absent (`unitsOf`). */
  readonly units?: SourceUnits
}

export interface TraceSites {
  /** Text of call site i, as the source gives it. */
  readonly names: readonly string[]
  /** Frames and stacks, and for each site the row of its path in `stacks` (-1 unknown); absent when sites are mere texts. */
  readonly calls?: { readonly tables: CallStacks; readonly stackOf: Column }
}

/** What the recorded process had in memory, in order of events; the source's own measure. */
export class ResidentTable {
  readonly [Symbol.toStringTag] = 'ResidentTable'
  /** Measured after this many events. */
  readonly event = new Column('u32')
  readonly bytes = new Column('f64')

  get length(): number {
    return this.event.length
  }
}

/** A part of a trace: events by number, from 1 and both included, or nanoseconds since start, both included. */
export type EventRange =
  | { readonly by: 'events'; readonly from: number; readonly to: number }
  | { readonly by: 'time'; readonly from: number; readonly to: number }

export interface TraceOptions {
  readonly address?: boolean
  readonly site?: boolean
  readonly thread?: boolean
  readonly time?: boolean
  /** Builders drop what lies before it as they go, so that only the part asked for needs memory; `cutTrace` does the rest. */
  readonly range?: EventRange | undefined
}

export class Trace {
  readonly [Symbol.toStringTag] = 'Trace'
  readonly kind = 'trace'
  origin: Origin
  /** Op codes (u8). */
  readonly op: Column
  /** Object number (u32); OrphanFree rows carry 0xffffffff. */
  readonly object: Column
  /** Requested bytes for alloc and realloc; 0 on frees. */
  readonly size: Column
  /** Address the recorded program got (alloc, realloc) or gave (free, orphan free); absent when the source has none. */
  readonly address: Column | undefined
  /** Index into `sites.names`, -1 unknown. */
  readonly site: Column | undefined
  readonly thread: Column | undefined
  /** Nanoseconds since start. */
  readonly time: Column | undefined
  sites: TraceSites = { names: [] }
  /** Absent when the source does not measure it. */
  resident: ResidentTable | undefined
  /** Number of distinct objects. */
  objects = 0
  /** Events that were read and dropped before row 0; 0 in every finished trace. */
  skippedEvents = 0
  /** Source records one realloc event took: 2 for mtrace's `<` `>` pair. Source record numbers are derived from it. */
  recordsPerRealloc: 1 | 2 = 1
  /** 32 hex digits over op, object and size of all events (trace-hash.ts), "" until known; equal traces replay comparably. */
  hash = ''

  constructor(origin: Origin, options: TraceOptions = {}) {
    this.origin = origin
    this.op = new Column('u8')
    this.object = new Column('u32')
    this.size = sizeColumn()
    this.address = options.address ? new Column('f64') : undefined
    this.site = options.site ? new Column('i32') : undefined
    this.thread = options.thread ? new Column('u32') : undefined
    this.time = options.time ? new Column('f64') : undefined
  }

  get events(): EventNumber {
    return this.op.length
  }
}

/** Rows that are gathered before those outside the range are dropped. */
const DROP_ROWS = 64 * 1024

/** Writes events and gives out object numbers; optional columns are filled in step with `op` by the caller. */
export class TraceBuilder {
  readonly trace: Trace
  readonly #range: EventRange | undefined

  constructor(origin: Origin, options: TraceOptions = {}) {
    this.trace = new Trace(origin, options)
    this.#range = options.range
  }

  /** Events so far, with those already dropped. */
  get seenEvents(): EventNumber {
    return this.trace.skippedEvents + this.trace.events
  }

  /** True when the end of the range is passed: nothing that follows will be kept. */
  get isComplete(): boolean {
    const range = this.#range
    if (range === undefined) return false
    if (range.by === 'events') return this.seenEvents >= range.to
    const { time } = this.trace
    return time !== undefined && time.length > 0 && time.at(time.length - 1) > range.to
  }

  /** Returns the new object's number. */
  alloc(size: Bytes): number {
    const object = this.trace.objects++
    this.#push(Op.Alloc, object, size)
    return object
  }

  realloc(object: number, size: Bytes): void {
    this.#push(Op.Realloc, object, size)
  }

  free(object: number): void {
    this.#push(Op.Free, object, 0)
  }

  /** A free of something never seen allocated: kept in order, without effect on any heap. */
  orphanFree(): void {
    this.#push(Op.OrphanFree, UNKNOWN_SIZE, 0)
  }

  finish(origin: Origin): Trace {
    const trace = this.trace
    trace.origin = origin
    for (const column of [trace.op, trace.object, trace.size, trace.address, trace.site, trace.thread, trace.time]) column?.trim()
    return trace
  }

  #push(op: Op, object: number, size: Bytes): void {
    if (this.#range !== undefined && this.trace.events >= DROP_ROWS) this.#dropEarlier(this.#range)
    this.trace.op.push(op)
    this.trace.object.push(object)
    this.trace.size.push(size)
  }

  /** All rows, when all of them lie before the range. */
  #dropEarlier(range: EventRange): void {
    const { trace } = this
    const { op, object, size, address, site, thread, time } = trace
    const isEarlier = range.by === 'events' ? this.seenEvents < range.from : time !== undefined && time.at(time.length - 1) < range.from
    if (!isEarlier) return
    trace.skippedEvents += trace.events
    for (const column of [op, object, size, address, site, thread, time]) column?.keep(0, 0)
  }
}
