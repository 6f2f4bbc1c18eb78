import { HeapscapeError } from '../../base/errors'
import { CHUNK_LENGTH, CHUNK_SHIFT } from '../../base/column'
import type { JobContext } from '../../base/job-context'
import { PAGE_BYTES, type EventNumber } from '../../base/units'
import { FailureTable, PageChangeTable, Run, type LifetimeTable, type RunReasons, type RunRequest } from '../../model/run'
import type { RunStatistics } from '../../model/run-statistics'
import type { HeapRecord } from '../../model/snapshot'
import { Op, type Note, type Origin, type Trace } from '../../model/trace'
import { createHeap, limitsOf } from '../heaps'
import { ReasonRecorder } from '../heaps/explain'
import { NO_BLOCK, type Heap } from '../heaps/heap'
import { heapDefinitions } from '../profiles'
import { reasonsOf } from '../profiles/reasons'
import { AddressSpace } from '../vm/address-space'
import { ContentionMeter, ThreadNumbers } from './contention'
import { livingPlaces, type ObjectPlaces } from './living-places'
import { ObjectPart, type ReplayRecorder } from './replay-recorder'
import { RowRecorder } from './row-recorder'
import { StatisticsRecorder } from './statistics-recorder'

const CHUNK_MASK = CHUNK_LENGTH - 1
/** Events between two looks at the clock and the mailbox: 5 to 30 ms of work. */
const EVENTS_PER_TURN = 65536

/** Calls back within which another thread's counts as near in time: as many as a machine of eight processors has under way. */
const CONTENTION_WINDOW = 8

export interface ReplayOptions {
  readonly explain?: boolean
}

/**
 * Carries out a trace in a fresh simulated heap. Same trace and request, same run, on every machine.
 *
 * - Event i of the trace is event number i + 1 of the run; 0 is the empty heap with its initial memory.
 * - alloc of an object that is alive, or realloc of one that is not (its alloc failed, or it was freed): the object
 *   gets a new block; a block it still has stays in the heap as lost, as in the program.
 * - realloc allocates, copies, then frees unless the heap resizes in place; when it fails the old block stays, as in C.
 *   realloc to 0 keeps a block of size 0: programs whose realloc to 0 frees are recorded with a free (mtrace).
 * - free of an object without a block (its alloc failed) and free of something never allocated do nothing.
 *
 * With `explain` the run tells why (Run.reasons), where the heap does; nothing else changes.
 *
 * Throws `trace-empty` for a trace without any request, `cancelled` when the job is.
 */
export async function replayTrace(trace: Trace, request: RunRequest, job: JobContext, { explain = false }: ReplayOptions = {}): Promise<Run> {
  const requests = someRequests(trace)
  const makeReasons = explain && reasonsOf(request.heap) !== undefined ? (eventNow: () => EventNumber) => new ReasonRecorder(eventNow) : undefined
  const recorder = new RowRecorder(requests + 1, trace.site !== undefined, makeReasons)
  // Rows name their objects, so each keeps its own number.
  const replayer = await carryOut(trace, { chunks: trace.object.chunks, count: trace.objects }, request, recorder, job)
  const { lifetimes, reasons } = recorder.finish()
  return replayer.finish(lifetimes, reasons)
}

/**
 * The same replay for those who want figures and no rows: the same loop with a recorder that keeps less. Which one it is a
 * process settles for long stretches (helpers of sweeps never keep rows), so the loop's calls stay those of one kind of
 * recorder, which the JIT puts in their place; where both take turns it looks which of two it is, once a call.
 *
 * Throws as replayTrace.
 */
export async function replayStatistics(trace: Trace, request: RunRequest, job: JobContext): Promise<RunStatistics> {
  someRequests(trace)
  const recorder = new StatisticsRecorder()
  const replayer = await carryOut(trace, await livingPlaces(trace, job), request, recorder, job)
  const { lifetimes, peakEvent } = recorder.finish(replayer.objects)
  return { [Symbol.toStringTag]: 'RunStatistics', trace, peakEvent, moments: replayer.finish(lifetimes, undefined) }
}

async function carryOut(trace: Trace, places: ObjectPlaces, request: RunRequest, recorder: ReplayRecorder, job: JobContext): Promise<Replayer> {
  const replayer = new Replayer(trace, places, request, recorder)
  const events = trace.events
  for (let event = 0; event < events; event += EVENTS_PER_TURN) {
    job.progress({ done: event, total: events, unit: 'events' })
    await job.checkpoint()
    replayer.carryOut(event, Math.min(events, event + EVENTS_PER_TURN))
  }
  job.progress({ done: events, total: events, unit: 'events' })
  return replayer
}

/** How many, at least one. */
function someRequests(trace: Trace): number {
  let requests = 0
  for (let from = 0; from < trace.events; from += CHUNK_LENGTH) {
    const ops = trace.op.chunks[from >>> CHUNK_SHIFT]!
    const count = Math.min(CHUNK_LENGTH, trace.events - from)
    for (let i = 0; i < count; i++) if (ops[i] === Op.Alloc || ops[i] === Op.Realloc) requests++
  }
  if (requests === 0) throw new HeapscapeError('trace-empty')
  return requests
}

class Replayer {
  readonly #trace: Trace
  readonly #places: ObjectPlaces
  readonly #request: RunRequest
  readonly #heap: Heap
  readonly #space: AddressSpace
  readonly #recorder: ReplayRecorder
  readonly #pages = new PageChangeTable()
  readonly #failures = new FailureTable()
  /** By place: ObjectPart. */
  readonly objects: Uint32Array
  readonly #threadNumbers = new ThreadNumbers()
  readonly #contention = new ContentionMeter(CONTENTION_WINDOW)
  #thread = 0
  #lost = 0

  constructor(trace: Trace, places: ObjectPlaces, request: RunRequest, recorder: ReplayRecorder) {
    this.#trace = trace
    this.#places = places
    this.#request = request
    this.#recorder = recorder
    this.objects = new Uint32Array(places.count << recorder.objectShift)
    const pages = this.#pages
    const space = new AddressSpace((base, bytes, state) => {
      pages.event.push(recorder.event)
      pages.base.push(base)
      pages.size.push(bytes)
      pages.state.push(state)
      recorder.committed(space.committedBytes)
    }, limitsOf(request))
    this.#space = space
    this.#heap = createHeap(request, space, recorder.observer)
    recorder.attach(this.#heap)
  }

  /** Events [from, to), which lie in one chunk of the trace's columns. */
  carryOut(from: number, to: number): void {
    const chunk = from >>> CHUNK_SHIFT
    const ops = this.#trace.op.chunks[chunk]!
    const places = this.#places.chunks[chunk]!
    const sizes = this.#trace.size.chunks[chunk]!
    const sites = this.#trace.site?.chunks[chunk]
    const threads = this.#trace.thread?.chunks[chunk]
    const objects = this.objects
    const { objectShift } = this.#recorder
    const heap = this.#heap
    const recorder = this.#recorder
    for (let row = from; row < to; row++) {
      const i = row & CHUNK_MASK
      const op = ops[i]!
      recorder.event = row + 1
      if (op === Op.OrphanFree) continue
      const at = places[i]! << objectShift
      const block = objects[at + ObjectPart.Block]!
      if (op === Op.Free && block === NO_BLOCK) continue
      if (threads !== undefined) this.#enter(threads[i]!)
      if (op === Op.Free) {
        recorder.end(objects, at, block)
        heap.free(block)
        objects[at + ObjectPart.Block] = NO_BLOCK
      } else {
        const site = sites === undefined ? -1 : sites[i]!
        if (this.#heap.site !== undefined) this.#heap.site = site
        if (op === Op.Realloc && block !== NO_BLOCK) this.#realloc(at, sizes[i]!, site)
        else this.#alloc(at, sizes[i]!, site)
      }
      if (threads !== undefined) this.#contention.meet(row + 1, this.#thread, heap.lock ?? 0)
    }
  }

  #enter(thread: number): void {
    this.#thread = this.#threadNumbers.of(thread)
    if (this.#heap.thread !== undefined) this.#heap.thread = this.#thread
  }

  finish(lifetimes: LifetimeTable, reasons: RunReasons | undefined): Run {
    const { low, high } = this.#space
    const trace = this.#trace
    return new Run({
      origin: this.#origin(),
      request: this.#request,
      source: { name: trace.origin.file, format: trace.origin.format, traceHash: trace.hash },
      events: trace.events,
      timeAxis: 'operations',
      pageBytes: PAGE_BYTES,
      addressSpace: { low, high },
      heaps: [this.#heapRecord()],
      lifetimes,
      pages: this.#pages,
      failures: this.#failures,
      siteNames: trace.site === undefined ? [] : trace.sites.names,
      calls: trace.site === undefined ? undefined : trace.sites.calls,
      reasons,
      contention: trace.thread === undefined ? undefined : this.#contention.figures(this.#threadNumbers.count),
    })
  }

  #alloc(at: number, bytes: number, site: number): void {
    const heap = this.#heap
    const block = heap.alloc(bytes)
    if (block === NO_BLOCK) {
      this.#fail(bytes)
      return
    }
    if (this.objects[at + ObjectPart.Block] !== NO_BLOCK) {
      this.#lost++
      this.#recorder.lose(this.objects, at)
    }
    this.#begin(at, block, bytes, site)
  }

  #realloc(at: number, bytes: number, site: number): void {
    const old = this.objects[at + ObjectPart.Block]!
    this.#recorder.setAside(this.objects, at, old)
    const block = this.#heap.realloc(old, bytes)
    if (block === NO_BLOCK) {
      this.#recorder.keepAside()
      this.#fail(bytes)
      return
    }
    this.#recorder.endAside()
    this.#begin(at, block, bytes, site)
  }

  #begin(at: number, block: number, bytes: number, site: number): void {
    this.#recorder.begin(this.objects, at, block, bytes, site)
    this.objects[at + ObjectPart.Block] = block
  }

  #fail(bytes: number): void {
    this.#failures.event.push(this.#recorder.event)
    this.#failures.size.push(bytes)
  }

  #heapRecord(): HeapRecord {
    const heap = this.#heap
    const definition = heapDefinitions.find((known) => known.id === this.#request.heap)
    return {
      id: 0,
      name: definition?.title ?? this.#request.heap,
      flavour: this.#request.heap,
      base: heap.base,
      headerBytes: heap.headerBytes,
      granularity: heap.granularityBytes,
      confidence: 'verified',
    }
  }

  #origin(): Origin {
    const { file, partial } = this.#trace.origin
    const notes: Note[] = []
    if (this.#lost > 0) {
      notes.push({ code: 'block-lost', count: this.#lost, text: 'Objects were allocated again while they had a block; the old block stays busy.' })
    }
    const { heapPer } = this.#request.parameters
    const isTold = heapPer === 'thread' ? this.#trace.thread !== undefined : heapPer !== 'site' || this.#trace.site !== undefined
    if (!isTold) notes.push({ code: 'one-heap', count: 0, text: `The trace does not tell ${String(heapPer)}s: one heap served all requests.` })
    return { file, format: 'simulation', partial, notes }
  }
}
