import { CHUNK_LENGTH, type ColumnArray } from '../../base/column'
import type { Steps } from '../../base/steps'
import { NONE, type EventNumber } from '../../base/units'
import { Op, type Trace } from '../../model/trace'
import { checkEvent, emptyValues, findMeasure, TRACE_MEASURES, type SiteSource, type SiteValues } from './site-measures'

const NO_OBJECT = -1

/** Call sites of a trace: what its program asked for, before any heap had a say. */
export class TraceSiteSource implements SiteSource {
  readonly measures = TRACE_MEASURES
  readonly #trace: Trace
  readonly #peakEvent: () => EventNumber

  /** `peakEvent` gives the first event with most live bytes (trace-summary.ts). */
  constructor(trace: Trace, peakEvent: () => EventNumber) {
    this.#trace = trace
    this.#peakEvent = peakEvent
  }

  get sites(): Trace['sites'] {
    return this.#trace.sites
  }

  get lastEvent(): EventNumber {
    return this.#trace.events
  }

  *valueSteps(measure: string, event: EventNumber | null): Steps<SiteValues> {
    switch (findMeasure(this.measures, measure).id) {
      case 'live':
        return yield* liveValues(this.#trace, checkEvent(event, this.#trace.events))
      case 'peak':
        return yield* liveValues(this.#trace, this.#peakEvent())
      case 'temporary':
        return yield* temporaryValues(this.#trace)
      default:
        return yield* allocatedValues(this.#trace)
    }
  }
}

/** Rows of one chunk of all columns of a trace. */
interface TraceChunk {
  readonly ops: ColumnArray
  readonly objects: ColumnArray
  readonly sizes: ColumnArray
  readonly sites: ColumnArray | undefined
  readonly rows: number
}

/** Chunk by chunk over plain arrays up to `events`: about 10 ns per event. */
function* chunksOf(trace: Trace, events: EventNumber): Generator<TraceChunk> {
  for (let chunk = 0, left = events; left > 0; chunk++, left -= CHUNK_LENGTH) {
    yield {
      ops: trace.op.chunks[chunk]!,
      objects: trace.object.chunks[chunk]!,
      sizes: trace.size.chunks[chunk]!,
      sites: trace.site?.chunks[chunk],
      rows: Math.min(left, CHUNK_LENGTH),
    }
  }
}

function* liveValues(trace: Trace, events: EventNumber): Steps<SiteValues> {
  const values = emptyValues(trace.sites)
  const sizeOf = new Float64Array(trace.objects)
  const siteOf = new Int32Array(trace.objects)
  const isLive = new Uint8Array(trace.objects)
  for (const { ops, objects, sizes, sites, rows } of chunksOf(trace, events)) {
    for (let i = 0; i < rows; i++) {
      const op = ops[i]!
      if (op === Op.OrphanFree) continue
      const object = objects[i]!
      isLive[object] = op === Op.Free ? 0 : 1
      sizeOf[object] = sizes[i]!
      siteOf[object] = sites === undefined ? NONE : sites[i]!
    }
    yield
  }
  for (let object = 0; object < isLive.length; object++) {
    if (isLive[object] === 0) continue
    values.bytes[siteOf[object]! + 1]! += sizeOf[object]!
    values.count[siteOf[object]! + 1]!++
  }
  return { ...values, heapBytes: 0 }
}

function* allocatedValues(trace: Trace): Steps<SiteValues> {
  const { bytes, count } = emptyValues(trace.sites)
  for (const { ops, sizes, sites, rows } of chunksOf(trace, trace.events)) {
    for (let i = 0; i < rows; i++) {
      if (ops[i] !== Op.Alloc && ops[i] !== Op.Realloc) continue
      const slot = sites === undefined ? 0 : sites[i]! + 1
      bytes[slot]! += sizes[i]!
      count[slot]!++
    }
    yield
  }
  return { bytes, count, heapBytes: 0 }
}

/** The same rule as TraceSummary.temporaryAllocs. */
function* temporaryValues(trace: Trace): Steps<SiteValues> {
  const { bytes, count } = emptyValues(trace.sites)
  let justAllocated = NO_OBJECT
  let slot = 0
  let size = 0
  for (const { ops, objects, sizes, sites, rows } of chunksOf(trace, trace.events)) {
    for (let i = 0; i < rows; i++) {
      const op = ops[i]!
      if (op === Op.Free && objects[i] === justAllocated) {
        bytes[slot]! += size
        count[slot]!++
      }
      justAllocated = NO_OBJECT
      if (op !== Op.Alloc) continue
      justAllocated = objects[i]!
      slot = sites === undefined ? 0 : sites[i]! + 1
      size = sizes[i]!
    }
    yield
  }
  return { bytes, count, heapBytes: 0 }
}
