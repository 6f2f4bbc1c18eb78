import { HeapscapeError } from '../../base/errors'
import { CHUNK_LENGTH } from '../../base/column'
import { UNKNOWN_SIZE, type EventNumber } from '../../base/units'
import { Occupant, type Run } from '../../model/run'
import { computeRunSeries, firstPeak, firstStepPeak, type RunSeries } from '../timeline'

/*
 * Moments of several runs that belong together. Never by warping time: that would hide what got slower or larger.
 *
 *   labels      k-th occurrence of a label with k-th            operations  same event number (one trace)
 *   progress    same share of all bytes allocated               time        same share of the time axis
 *   anchors     peak live, peak footprint, end
 */
export type AlignmentMode = 'operations' | 'progress' | 'time' | 'anchors'

/** Points of a normalised axis, both ends included. */
export const PROGRESS_POINTS = 101

export interface AlignedMoments {
  /** One name per moment, the same for all runs. */
  readonly names: readonly string[]
  /** By run, then by moment. */
  readonly events: readonly Float64Array[]
}

/** @throws HeapscapeError `not-comparable` for `operations` over unlike traces and for `progress` without requested sizes. */
export function alignRuns(runs: readonly Run[], mode: AlignmentMode): AlignedMoments {
  switch (mode) {
    case 'operations':
      return alignOperations(runs)
    case 'progress':
      return { names: percentNames(), events: runs.map(progressEvents) }
    case 'time':
      return { names: percentNames(), events: runs.map((run) => Float64Array.from({ length: PROGRESS_POINTS }, (_, i) => Math.round((run.events * i) / (PROGRESS_POINTS - 1)))) }
    case 'anchors':
      return { names: ['peak live', 'peak footprint', 'end'], events: runs.map((run) => Float64Array.from(anchorEvents(run))) }
  }
}

const percentNames = (): string[] => Array.from({ length: PROGRESS_POINTS }, (_, i) => `${i} %`)

function alignOperations(runs: readonly Run[]): AlignedMoments {
  const [first] = runs
  if (first === undefined) return { names: [], events: [] }
  if (runs.some((run) => run.source.traceHash === '' || run.source.traceHash !== first.source.traceHash)) {
    throw new HeapscapeError('not-comparable', { detail: 'operations pair only runs of one trace; align by progress instead.' })
  }
  const points = Math.min(PROGRESS_POINTS, first.events + 1)
  const events = Float64Array.from({ length: points }, (_, i) => (points === 1 ? 0 : Math.round((first.events * i) / (points - 1))))
  return { names: Array.from(events, (event) => `event ${event}`), events: runs.map(() => events) }
}

/** The last event at which the share of all bytes ever allocated is still at most 0 %, 1 %, ... 100 %: the last value carries forward. */
export function progressEvents(run: Run): Float64Array {
  const allocated = allocatedBytes(run)
  const total = allocated[run.events]!
  const events = new Float64Array(PROGRESS_POINTS)
  let event: EventNumber = 0
  for (let point = 0; point < PROGRESS_POINTS; point++) {
    const bytes = (total * point) / (PROGRESS_POINTS - 1)
    while (event < run.events && allocated[event + 1]! <= bytes) event++
    events[point] = event
  }
  return events
}

/** Requested bytes of everything that came to life up to each event; throws `not-comparable` when a request is unknown. */
export function allocatedBytes(run: Run): Float64Array {
  const { birth, requested, occupant } = run.lifetimes
  const bytes = new Float64Array(run.events + 1)
  for (let chunk = 0, left = run.lifetimes.length; left > 0; chunk++, left -= CHUNK_LENGTH) {
    const births = birth.chunks[chunk]!
    const sizes = requested.chunks[chunk]!
    const kinds = occupant.chunks[chunk]!
    for (let i = 0; i < Math.min(left, CHUNK_LENGTH); i++) {
      if (kinds[i] !== Occupant.Busy) continue
      if (sizes[i] === UNKNOWN_SIZE) throw new HeapscapeError('not-comparable', { detail: 'progress counts requested bytes, which are unknown; align by operations or anchors.' })
      bytes[births[i]!]! += sizes[i]!
    }
  }
  for (let event = 1; event < bytes.length; event++) bytes[event]! += bytes[event - 1]!
  return bytes
}

/** Peak of live (consumed where requests are unknown), peak of the footprint, end. */
export function anchorEvents(run: Run, series: RunSeries = computeRunSeries(run)): [EventNumber, EventNumber, EventNumber] {
  return [firstPeak((series.live ?? series.consumed).values).event, firstStepPeak(series.footprint).event, run.events]
}

export interface LabelPair {
  readonly label: string
  /** 0 for the first time the label occurs. */
  readonly occurrence: number
  /** Index into the labels of each side. */
  readonly a: number
  readonly b: number
}

export interface LabelAlignment {
  readonly pairs: readonly LabelPair[]
  /** `label` or `label #2`: what the other side does not have. */
  readonly onlyA: readonly string[]
  readonly onlyB: readonly string[]
}

/** Pairs the k-th occurrence of a label with the k-th of the other side; what has no partner is listed. */
export function alignLabels(a: readonly string[], b: readonly string[]): LabelAlignment {
  const placesB = placesOf(b)
  const pairs: LabelPair[] = []
  const onlyA: string[] = []
  for (const [label, places] of placesOf(a)) {
    places.forEach((place, occurrence) => {
      const partner = placesB.get(label)?.[occurrence]
      if (partner === undefined) onlyA.push(occurrenceName(label, occurrence))
      else pairs.push({ label, occurrence, a: place, b: partner })
    })
  }
  const countsA = placesOf(a)
  const onlyB = [...placesB].flatMap(([label, places]) => places.flatMap((_, occurrence) => (occurrence < (countsA.get(label)?.length ?? 0) ? [] : [occurrenceName(label, occurrence)])))
  return { pairs: pairs.sort((one, other) => one.a - other.a), onlyA, onlyB }
}

const occurrenceName = (label: string, occurrence: number): string => (occurrence === 0 ? label : `${label} #${occurrence + 1}`)

function placesOf(labels: readonly string[]): Map<string, number[]> {
  const places = new Map<string, number[]>()
  labels.forEach((label, index) => {
    const known = places.get(label)
    if (known === undefined) places.set(label, [index])
    else known.push(index)
  })
  return places
}
