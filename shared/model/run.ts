import { Column, sizeColumn } from '../base/column'
import type { Address, Bytes, EventNumber } from '../base/units'
import type { HeapRecord } from './snapshot'
import type { Origin, TraceSites } from './trace'

/*
 * Run: a trace carried out by a heap manager (or recorded with addresses).
 *
 *   lifetimes  one row per stay of something at an address: [birth, death) in event numbers
 *   pages      one row per change of address space: event, base, size, state
 *   failures   requests that got no memory
 *
 * A row with birth b exists after event b; with death d it is gone after event d. Everything free at event e is
 * what the pages say is committed and no living row covers: it is derived, never stored (snapshot-at.ts).
 * A realloc that moves or resizes ends one row and begins another at the same event.
 */
export const Occupant = { Busy: 0, Internal: 1, Cached: 2 } as const
export type Occupant = (typeof Occupant)[keyof typeof Occupant]

export class LifetimeTable {
  readonly [Symbol.toStringTag] = 'LifetimeTable'
  /** Start of the consumed range (the header, where there is one). */
  readonly address = new Column('f64')
  /** Consumed bytes. */
  readonly size = sizeColumn()
  /** Requested bytes (Busy rows), else 0. */
  readonly requested = sizeColumn()
  /** Event number after which the row exists; 0 = from the start. */
  readonly birth = new Column('u32')
  /** Event number after which the row is gone; STILL_ALIVE at the end. */
  readonly death = new Column('u32')
  /** Occupant. */
  readonly occupant = new Column('u8')
  /** Object number in the trace; 0xffffffff for rows that are not the program's. */
  readonly object = new Column('u32')
  /** Index into Run.siteNames, -1 unknown; absent without sites. */
  site: Column | undefined

  get length(): number {
    return this.address.length
  }
}

/** Change of address space, in order of events. `state` is a RegionState: Reserved also means decommitted, Free means released. */
export class PageChangeTable {
  readonly [Symbol.toStringTag] = 'PageChangeTable'
  readonly event = new Column('u32')
  readonly base = new Column('f64')
  readonly size = new Column('f64')
  readonly state = new Column('u8')

  get length(): number {
    return this.event.length
  }
}

export class FailureTable {
  readonly [Symbol.toStringTag] = 'FailureTable'
  readonly event = new Column('u32')
  readonly size = sizeColumn()

  get length(): number {
    return this.event.length
  }
}

/**
 * Why each block lies where it does, and why the heap took memory or gave it back: codes of the manager, each with two
 * numbers (texts: sim/profiles/reasons). Made on request, and not kept in files: the same trace and request make it again.
 */
export class RunReasons {
  readonly [Symbol.toStringTag] = 'RunReasons'
  /** By row of the lifetimes; code 0 = none told. */
  readonly code = new Column('u8')
  readonly a = sizeColumn()
  readonly b = sizeColumn()
  /** One row for each change of memory, in order of events. */
  readonly grownEvent = new Column('u32')
  readonly grownCode = new Column('u8')
  readonly grownA = sizeColumn()
  readonly grownB = sizeColumn()
}

/** How often threads met at one place of the heap; an estimate whose model replay/contention.ts states. */
export interface ContentionFigures {
  /** Events back within which a call of another thread counts. */
  readonly window: number
  readonly threads: number
  readonly calls: number
  readonly contendedCalls: number
}

export type ParameterValue = number | boolean | string

/** Everything needed to make the same run again. */
export interface RunRequest {
  /** Heap manager id (shared/sim/profiles). */
  readonly heap: string
  readonly profile: string
  /** Effective value of every parameter, defaults included. */
  readonly parameters: Readonly<Record<string, ParameterValue>>
}

export interface RunSource {
  /** File name of the trace, or `workload:G1`. */
  readonly name: string
  readonly format: string
  /** Trace.hash. */
  readonly traceHash: string
}

type RunFields = Omit<Run, 'kind' | 'calls' | 'reasons' | 'contention' | typeof Symbol.toStringTag> & {
  readonly calls?: Run['calls'] | undefined
  readonly reasons?: Run['reasons'] | undefined
  readonly contention?: Run['contention'] | undefined
}

export class Run {
  readonly [Symbol.toStringTag] = 'Run'
  readonly kind = 'run'
  origin: Origin
  readonly request: RunRequest
  readonly source: RunSource
  /** Number of trace events carried out. */
  readonly events: EventNumber
  /** Unit of the time axis; operations unless the trace is stamped. */
  readonly timeAxis: 'operations' | 'ns'
  readonly pageBytes: Bytes
  readonly addressSpace: { readonly low: Address; readonly high: Address }
  /** Index 0 is the heap all lifetimes belong to. */
  readonly heaps: readonly HeapRecord[]
  readonly lifetimes: LifetimeTable
  readonly pages: PageChangeTable
  readonly failures: FailureTable
  readonly siteNames: readonly string[]
  /** Frames and paths behind the sites, as in TraceSites; undefined when sites are mere texts. */
  readonly calls: TraceSites['calls'] | undefined
  /** Undefined unless they were asked for. */
  readonly reasons: RunReasons | undefined
  /** Undefined when the trace does not tell threads. */
  readonly contention: ContentionFigures | undefined

  constructor(fields: RunFields) {
    this.origin = fields.origin
    this.request = fields.request
    this.source = fields.source
    this.events = fields.events
    this.timeAxis = fields.timeAxis
    this.pageBytes = fields.pageBytes
    this.addressSpace = fields.addressSpace
    this.heaps = fields.heaps
    this.lifetimes = fields.lifetimes
    this.pages = fields.pages
    this.failures = fields.failures
    this.siteNames = fields.siteNames
    this.calls = fields.calls
    this.reasons = fields.reasons
    this.contention = fields.contention
  }
}

export type AnyDocument = import('./trace').Trace | import('./snapshot').Snapshot | import('./profile').Profile | Run
