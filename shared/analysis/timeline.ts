import { CHUNK_LENGTH } from '../base/column'
import { HeapscapeError } from '../base/errors'
import { finish, type Steps } from '../base/steps'
import { STILL_ALIVE, UNKNOWN_SIZE, type Bytes, type EventNumber } from '../base/units'
import { PageMap } from '../model/page-map'
import { Occupant, type Run } from '../model/run'
import { Op, type Trace } from '../model/trace'

/*
 * Values over the events of a run or trace; index = event number, 0 = before anything.
 *
 *   dense   5 5 9 9 4 4 ...          one value per event (live, consumed): 4 bytes each while all fit
 *   steps   (0, 4096) (7, 8192) ...  only where it changes (footprint, reserved): heaps ask for pages rarely
 */
export type Series = DenseSeries | StepSeries

export interface DenseSeries {
  readonly kind: 'dense'
  /** Number of events; one value more than that. */
  readonly events: EventNumber
  readonly values: Uint32Array | Float64Array
}

export interface StepSeries {
  readonly kind: 'steps'
  readonly events: EventNumber
  /** Events at which a new value begins, ascending; the first is 0. */
  readonly starts: Uint32Array
  readonly values: Float64Array
}

/** Bytes after every event of a run. `live` is undefined where the source does not tell requested sizes. */
export interface RunSeries {
  readonly live: DenseSeries | undefined
  readonly consumed: DenseSeries
  readonly footprint: StepSeries
  readonly reserved: StepSeries
}

/** What figures need: `consumed` matters only where `live` is not known. */
export type FigureSeries = Omit<RunSeries, 'consumed'> & Partial<Pick<RunSeries, 'consumed'>>

/** Full-resolution series of a run, 8 bytes per event; the caller keeps them as long as it shows the run. */
export const computeRunSeries = (run: Run): RunSeries => finish(runSeriesSteps(run))

export function* runSeriesSteps(run: Run, pages?: PageSeries): Steps<RunSeries> {
  const { footprint, reserved } = pages ?? (yield* pageSeriesSteps(run))
  return { live: yield* lifetimeSeries(run, 'requested'), consumed: (yield* lifetimeSeries(run, 'size'))!, footprint, reserved }
}

/** The same where `consumed` may never be asked for: it is made when it is. */
export function lazyRunSeries(run: Run): RunSeries {
  const { footprint, reserved } = computePageSeries(run)
  let consumed: DenseSeries | undefined
  return {
    live: finish(lifetimeSeries(run, 'requested')),
    get consumed() {
      return (consumed ??= finish(lifetimeSeries(run, 'size'))!)
    },
    footprint,
    reserved,
  }
}

/** Sum over living busy rows after every event; undefined when the column is not known for all of them. */
function* lifetimeSeries(run: Run, columnName: 'requested' | 'size'): Steps<DenseSeries | undefined> {
  const { birth, death, occupant } = run.lifetimes
  const column = run.lifetimes[columnName]
  const changes = new Float64Array(run.events + 1)
  for (let chunk = 0, left = run.lifetimes.length; left > 0; chunk++, left -= CHUNK_LENGTH) {
    const births = birth.chunks[chunk]!
    const deaths = death.chunks[chunk]!
    const occupants = occupant.chunks[chunk]!
    const sizes = column.chunks[chunk]!
    const rows = Math.min(left, CHUNK_LENGTH)
    for (let i = 0; i < rows; i++) {
      if (occupants[i] !== Occupant.Busy) continue
      const bytes = sizes[i]!
      if (columnName === 'requested' && bytes === UNKNOWN_SIZE) return undefined
      changes[births[i]!]! += bytes
      if (deaths[i] !== STILL_ALIVE) changes[deaths[i]!]! -= bytes
    }
    yield
  }
  return yield* denseSteps(changes)
}

/** Running sums of changes per event; in 4 bytes a value when all fit. */
export const denseFromChanges = (changes: Float64Array): DenseSeries => finish(denseSteps(changes))

export function* denseSteps(changes: Float64Array): Steps<DenseSeries> {
  let sum = 0
  let most = 0
  for (let from = 0; from < changes.length; from += CHUNK_LENGTH) {
    const to = Math.min(changes.length, from + CHUNK_LENGTH)
    for (let event = from; event < to; event++) {
      sum += changes[event]!
      if (sum > most) most = sum
    }
    yield
  }
  const values = most > 0xffffffff ? new Float64Array(changes.length) : new Uint32Array(changes.length)
  sum = 0
  for (let from = 0; from < changes.length; from += CHUNK_LENGTH) {
    sum = sumInto(values, changes, sum, from, Math.min(changes.length, from + CHUNK_LENGTH))
    yield
  }
  return { kind: 'dense', events: changes.length - 1, values }
}

/** A plain loop: an array's own `set` and constructor convert value by value through a slow path (4.9 and 3.2 ns a value, the loop 0.9). */
function sumInto(values: Uint32Array | Float64Array, changes: Float64Array, before: number, from: number, to: number): number {
  let sum = before
  for (let event = from; event < to; event++) {
    sum += changes[event]!
    values[event] = sum
  }
  return sum
}

const PAGE_CHANGES_PER_STEP = 1 << 14

/** The part of a run's series that comes from its pages alone: a few rows, where the others read every lifetime. */
export const computePageSeries = (run: Run): PageSeries => finish(pageSeriesSteps(run))
export type PageSeries = Pick<RunSeries, 'footprint' | 'reserved'>

export function* pageSeriesSteps(run: Run): Steps<PageSeries> {
  const { event, base, size, state } = run.pages
  const map = new PageMap()
  const footprint = new StepWriter(run.events)
  const reserved = new StepWriter(run.events)
  for (let row = 0; row < run.pages.length; row++) {
    map.apply(base.at(row), size.at(row), state.at(row))
    footprint.put(event.at(row), map.committedBytes)
    reserved.put(event.at(row), map.reservedBytes)
    if (row % PAGE_CHANGES_PER_STEP === PAGE_CHANGES_PER_STEP - 1) yield
  }
  return { footprint: footprint.finish(), reserved: reserved.finish() }
}

class StepWriter {
  readonly #events: EventNumber
  readonly #starts: number[] = [0]
  readonly #values: number[] = [0]

  constructor(events: EventNumber) {
    this.#events = events
  }

  put(event: EventNumber, value: number): void {
    const last = this.#starts.length - 1
    if (this.#starts[last] === event) this.#values[last] = value
    else if (this.#values[last] !== value) {
      this.#starts.push(event)
      this.#values.push(value)
    }
  }

  finish(): StepSeries {
    return { kind: 'steps', events: this.#events, starts: Uint32Array.from(this.#starts), values: Float64Array.from(this.#values) }
  }
}

/** What a trace's program holds after every event: requested bytes and number of blocks. */
export interface TraceSeries {
  readonly live: DenseSeries
  readonly liveBlocks: DenseSeries
}

export const computeTraceSeries = (trace: Trace): TraceSeries => finish(traceSeriesSteps(trace))

export function* traceSeriesSteps(trace: Trace): Steps<TraceSeries> {
  const live = new Float64Array(trace.events + 1)
  const liveBlocks = new Float64Array(trace.events + 1)
  const sizeOfObject = new Float64Array(trace.objects)
  let event = 1
  for (let chunk = 0, left = trace.events; left > 0; chunk++, left -= CHUNK_LENGTH) {
    const ops = trace.op.chunks[chunk]!
    const objects = trace.object.chunks[chunk]!
    const sizes = trace.size.chunks[chunk]!
    const rows = Math.min(left, CHUNK_LENGTH)
    for (let i = 0; i < rows; i++, event++) {
      const op = ops[i]!
      if (op === Op.OrphanFree) continue
      const object = objects[i]!
      const size = sizes[i]!
      live[event] = size - sizeOfObject[object]!
      liveBlocks[event] = op === Op.Alloc ? 1 : op === Op.Free ? -1 : 0
      sizeOfObject[object] = size
    }
    yield
  }
  return { live: yield* denseSteps(live), liveBlocks: yield* denseSteps(liveBlocks) }
}

/** Value after `event`. */
export function valueAt(series: Series, event: EventNumber): number {
  return series.kind === 'dense' ? series.values[event]! : series.values[stepAt(series.starts, event)]!
}

/** Index of the step that holds at `event`. */
function stepAt(starts: Uint32Array, event: EventNumber): number {
  let low = 0
  let high = starts.length
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    if (starts[middle]! <= event) low = middle
    else high = middle
  }
  return low
}

/** Smallest, largest and last value of each bucket. */
export interface Buckets {
  readonly min: Float64Array
  readonly max: Float64Array
  readonly last: Float64Array
}

/**
 * Last event of each bucket when the events `from` to `to` (both included) are cut into `points` buckets of equal length
 * (as nearly as whole events allow); fewer when there are fewer events.
 *
 * @throws HeapscapeError `event-out-of-range` unless 0 <= from <= to and points >= 1.
 */
export function bucketEnds(from: EventNumber, to: EventNumber, points: number): Float64Array {
  if (!(from >= 0 && to >= from && points >= 1)) {
    throw new HeapscapeError('event-out-of-range', { expected: '0 <= from <= to and at least 1 point', got: `${from} to ${to} in ${points} points` })
  }
  const events = to - from + 1
  const buckets = Math.min(Math.floor(points), events)
  return Float64Array.from({ length: buckets }, (_, i) => from + Math.floor(((i + 1) * events) / buckets) - 1)
}

/** The series between two events, cut at bucketEnds; nothing is averaged away, each bucket keeps its extremes. */
export function downsample(series: Series, from: EventNumber, to: EventNumber, points: number): Buckets {
  if (to > series.events) throw new HeapscapeError('event-out-of-range', { expected: `events up to ${series.events}`, got: to })
  const ends = bucketEnds(from, to, points)
  const buckets = { min: new Float64Array(ends.length), max: new Float64Array(ends.length), last: new Float64Array(ends.length) }
  if (series.kind === 'dense') fillFromDense(series, from, ends, buckets)
  else fillFromSteps(series, from, ends, buckets)
  return buckets
}

function fillFromDense({ values }: DenseSeries, from: EventNumber, ends: Float64Array, { min, max, last }: Buckets): void {
  let event = from
  for (let bucket = 0; bucket < ends.length; bucket++) {
    const end = ends[bucket]!
    let least = Infinity
    let most = -Infinity
    for (; event <= end; event++) {
      const value = values[event]!
      if (value < least) least = value
      if (value > most) most = value
    }
    min[bucket] = least
    max[bucket] = most
    last[bucket] = values[end]!
  }
}

function fillFromSteps({ starts, values }: StepSeries, from: EventNumber, ends: Float64Array, { min, max, last }: Buckets): void {
  let step = stepAt(starts, from)
  let value = values[step]!
  for (let bucket = 0; bucket < ends.length; bucket++) {
    // A step that begins with the bucket replaces the value carried over before anyone saw it there.
    const begin = bucket === 0 ? from : ends[bucket - 1]! + 1
    if (step + 1 < starts.length && starts[step + 1] === begin) value = values[++step]!
    let least = value
    let most = value
    for (; step + 1 < starts.length && starts[step + 1]! <= ends[bucket]!; step++) {
      value = values[step + 1]!
      if (value < least) least = value
      if (value > most) most = value
    }
    min[bucket] = least
    max[bucket] = most
    last[bucket] = value
  }
}

/** Events of a run worth jumping to, each the first of its kind; null where there is none. */
export interface RunJumps {
  readonly peakLive: EventNumber
  readonly peakFootprint: EventNumber
  /** Most bytes committed beyond what is live (beyond consumed bytes where live is not known). */
  readonly worstOverhead: EventNumber
  readonly firstFailure: EventNumber | null
}

export const findRunJumps = (run: Run, series: RunSeries): RunJumps => finish(runJumpsSteps(run, series))

export function* runJumpsSteps(run: Run, series: RunSeries): Steps<RunJumps> {
  const demand = series.live ?? series.consumed
  return {
    peakLive: (yield* firstPeakSteps(demand.values)).event,
    peakFootprint: firstStepPeak(series.footprint).event,
    worstOverhead: yield* worstOverhead(demand, series.footprint),
    firstFailure: run.failures.length > 0 ? run.failures.event.at(0) : null,
  }
}

export interface Peak {
  readonly event: EventNumber
  readonly bytes: Bytes
}

/** First event with the largest value of a dense series. */
export const firstPeak = (values: Uint32Array | Float64Array): Peak => finish(firstPeakSteps(values))

export function* firstPeakSteps(values: Uint32Array | Float64Array): Steps<Peak> {
  let event = 0
  for (let from = 0; from < values.length; from += CHUNK_LENGTH) {
    const to = Math.min(values.length, from + CHUNK_LENGTH)
    for (let i = from; i < to; i++) if (values[i]! > values[event]!) event = i
    yield
  }
  return { event, bytes: values[event]! }
}

export function firstStepPeak({ starts, values }: StepSeries): Peak {
  const { event: step, bytes } = firstPeak(values)
  return { event: starts[step]!, bytes }
}

function* worstOverhead({ values: demand }: DenseSeries, { starts, values }: StepSeries): Steps<EventNumber> {
  let worst = 0
  let most = -Infinity
  let step = 0
  for (let event = 0; event < demand.length; event++) {
    if (event % CHUNK_LENGTH === CHUNK_LENGTH - 1) yield
    if (step + 1 < starts.length && starts[step + 1]! <= event) step++
    const overhead = values[step]! - demand[event]!
    if (overhead > most) {
      most = overhead
      worst = event
    }
  }
  return worst
}
