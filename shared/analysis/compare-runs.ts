import { HeapscapeError } from '../base/errors'
import { finish, type Steps } from '../base/steps'
import type { Bytes, EventNumber } from '../base/units'
import { UNKNOWN_SIZE } from '../base/units'
import { CHUNK_LENGTH } from '../base/column'
import { Occupant, type Run, type RunRequest } from '../model/run'
import { SnapshotCutter } from '../model/snapshot-at'
import { metricDefinitions } from './metrics/definitions'
import { runMetricsSteps } from './metrics/run-metrics'
import { sizeClassSteps, type SizeClassTable } from './metrics/size-classes'
import { metricsOf, momentSumsSteps } from './metrics/snapshot-metrics'
import { splitOf } from './metrics/tiling-split'
import type { TilingSplit } from './metrics/types'
import { runSeriesSteps } from './timeline'

/*
 * Two runs side by side:   A ----peak----end      B ----peak----end
 *
 * Metrics are taken over each whole run, at each run's own footprint peak and at its end. With the same trace both
 * sides did the same operations, so every difference is a fact about the heaps; otherwise the notes say what differs.
 */
export interface ComparedSide {
  readonly title: string
  readonly request: RunRequest
  readonly source: string
  readonly events: EventNumber
  readonly peakFootprintBytes: Bytes
  readonly peakFootprintEvent: EventNumber
  /** null when requested sizes are unknown. */
  readonly peakLiveBytes: Bytes | null
}

/** Something the reader of a comparison must know. */
export interface ComparisonNote {
  readonly code: 'other-trace' | 'workload-drift' | 'failed-requests' | 'partial' | 'requested-unknown'
  readonly text: string
}

export type ComparedMoment = 'run' | 'peak' | 'end'

export interface MetricDifference {
  readonly moment: ComparedMoment
  /** JSON key, for instance `M3_overheadRatio`. */
  readonly key: string
  readonly a: number | null
  readonly b: number | null
  /** b - a; null when one is not available. */
  readonly difference: number | null
  /** b / a; null when one is not available or a is 0. */
  readonly ratio: number | null
  /** What the difference means for memory: `worse` = B costs more. `neutral` for figures that are neither good nor bad. */
  readonly reading: 'better' | 'worse' | 'equal' | 'neutral' | 'unknown'
}

/** One term of the exact additive split of the footprint (compare-runs: residual is 0). */
export interface SplitDifference {
  readonly term: keyof TilingSplit
  readonly a: Bytes
  readonly b: Bytes
  readonly difference: Bytes
}

export interface SizeClassDifference {
  readonly upperBytes: Float64Array
  readonly blocksA: Float64Array
  readonly blocksB: Float64Array
  readonly requestedA: Float64Array
  readonly requestedB: Float64Array
  readonly consumedA: Float64Array
  readonly consumedB: Float64Array
  readonly pinnedA: Float64Array
  readonly pinnedB: Float64Array
}

export interface Comparison {
  readonly a: ComparedSide
  readonly b: ComparedSide
  /** `operations`: same trace, event n of A is event n of B. `progress`: different traces, aligned at their peaks and ends only. */
  readonly pairing: 'operations' | 'progress'
  readonly headline: string
  readonly notes: readonly ComparisonNote[]
  readonly metrics: readonly MetricDifference[]
  /** At each side's footprint peak; the terms' differences sum to the footprint's difference. */
  readonly peakSplit: readonly SplitDifference[]
  readonly endSplit: readonly SplitDifference[]
  /** At each side's footprint peak. */
  readonly sizeClasses: SizeClassDifference
}

export interface ComparisonInput {
  readonly run: Run
  readonly title: string
}

/** @throws HeapscapeError `not-comparable` when page size, time axis or knowledge of requested sizes differ. */
export const compareRuns = (a: ComparisonInput, b: ComparisonInput): Comparison => finish(compareSteps(a, b))

/** `tell` hears how many of the PASSES are done. @throws as compareRuns */
export function* compareSteps(a: ComparisonInput, b: ComparisonInput, tell: (passes: number) => void = () => undefined): Steps<Comparison> {
  refuseUnequal(a.run, b.run)
  const sideA = yield* measureSide(a, tell)
  const sideB = yield* measureSide(b, (passes) => tell(PASSES / 2 + passes))
  return {
    a: sideA.side,
    b: sideB.side,
    pairing: sameTrace(a.run, b.run) ? 'operations' : 'progress',
    headline: headlineOf(sideA.side, sideB.side),
    notes: notesOf(a.run, b.run, sideA, sideB),
    metrics: MOMENTS.flatMap((moment) => compareMetrics(moment, sideA[moment], sideB[moment])),
    peakSplit: compareSplits(sideA.peakSplit, sideB.peakSplit),
    endSplit: compareSplits(sideA.endSplit, sideB.endSplit),
    sizeClasses: compareSizeClasses(sideA.sizeClasses, sideB.sizeClasses),
  }
}

const MOMENTS = ['run', 'peak', 'end'] as const

type MetricRecord = Readonly<Record<string, unknown>>

interface MeasuredSide {
  readonly side: ComparedSide
  readonly failedRequests: number
  readonly run: MetricRecord
  readonly peak: MetricRecord
  readonly end: MetricRecord
  readonly peakSplit: TilingSplit
  readonly endSplit: TilingSplit
  readonly sizeClasses: SizeClassTable
}

/** Series and metrics, two cuts, and the sums of each, of either side. */
export const PASSES = 10

function* measureSide({ run, title }: ComparisonInput, tell: (passes: number) => void): Steps<MeasuredSide> {
  const metrics = yield* runMetricsSteps(run, yield* runSeriesSteps(run))
  tell(1)
  const cutter = new SnapshotCutter(run)
  const peak = yield* cutter.cutSteps(metrics.peakFootprintEvent)
  tell(2)
  const peakSums = yield* momentSumsSteps(peak)
  tell(3)
  const sizeClasses = yield* sizeClassSteps(peak)
  tell(4)
  // A cutter that cuts twice copies the run in address order, which takes longer than it saves for one more cut.
  const end = yield* new SnapshotCutter(run).cutSteps(run.events)
  const endSums = yield* momentSumsSteps(end)
  tell(PASSES / 2)
  return {
    side: {
      title,
      request: run.request,
      source: run.source.name,
      events: run.events,
      peakFootprintBytes: metrics.peakFootprintBytes,
      peakFootprintEvent: metrics.peakFootprintEvent,
      peakLiveBytes: metrics.peakLiveBytes,
    },
    failedRequests: metrics.failedRequests,
    run: { ...metrics },
    peak: { ...metricsOf(peak, peakSums) },
    end: { ...metricsOf(end, endSums) },
    peakSplit: splitOf(peakSums.totals, peakSums.pages),
    endSplit: splitOf(endSums.totals, endSums.pages),
    sizeClasses,
  }
}

const sameTrace = (a: Run, b: Run): boolean => a.source.traceHash !== '' && a.source.traceHash === b.source.traceHash

function refuseUnequal(a: Run, b: Run): void {
  const refuse = (detail: string): never => {
    throw new HeapscapeError('not-comparable', { detail })
  }
  if (a.pageBytes !== b.pageBytes) refuse(`A has pages of ${a.pageBytes} bytes, B of ${b.pageBytes}.`)
  if (a.timeAxis !== b.timeAxis) refuse(`A counts time in ${a.timeAxis}, B in ${b.timeAxis}.`)
  const known = requestsKnown(a)
  if (known !== requestsKnown(b)) refuse(`requested sizes are known only for ${known ? 'A' : 'B'}.`)
}

/** True when every busy row has a requested size. */
export function requestsKnown(run: Run): boolean {
  const { requested, occupant } = run.lifetimes
  for (let chunk = 0; chunk < requested.chunks.length; chunk++) {
    const sizes = requested.chunks[chunk]!
    const kinds = occupant.chunks[chunk]!
    const rows = Math.min(CHUNK_LENGTH, run.lifetimes.length - chunk * CHUNK_LENGTH)
    for (let i = 0; i < rows; i++) if (sizes[i] === UNKNOWN_SIZE && kinds[i] === Occupant.Busy) return false
  }
  return true
}

/** Live growth above which a comparison leads with the workload, not the heap (compare-runs, section 1). */
const WORKLOAD_DRIFT = 0.05

function notesOf(a: Run, b: Run, sideA: MeasuredSide, sideB: MeasuredSide): ComparisonNote[] {
  const notes: ComparisonNote[] = []
  if (!sameTrace(a, b)) {
    notes.push({ code: 'other-trace', text: 'The two runs replay different traces: differences come from the program, the heap, or both.' })
  }
  const drift = (sideB.side.peakLiveBytes ?? NaN) / (sideA.side.peakLiveBytes ?? NaN) - 1
  if (Number.isFinite(drift) && Math.abs(drift) > WORKLOAD_DRIFT) {
    notes.push({ code: 'workload-drift', text: `Peak live bytes differ by ${percent(drift)}: the program itself asks for another amount.` })
  }
  if (sideA.failedRequests > 0 || sideB.failedRequests > 0) {
    notes.push({ code: 'failed-requests', text: `Failed requests: A ${sideA.failedRequests}, B ${sideB.failedRequests}; a side that serves less also needs less.` })
  }
  if (a.origin.partial || b.origin.partial) {
    notes.push({ code: 'partial', text: `Opened only in part: ${[a.origin.partial ? 'A' : '', b.origin.partial ? 'B' : ''].filter(Boolean).join(' and ')}.` })
  }
  if (!requestsKnown(a)) notes.push({ code: 'requested-unknown', text: 'Requested sizes are unknown: metrics that need them are not available.' })
  return notes
}

const percent = (share: number): string => `${share >= 0 ? '+' : '−'}${Math.abs(share * 100).toFixed(1)} %`

function headlineOf(a: ComparedSide, b: ComparedSide): string {
  const difference = b.peakFootprintBytes - a.peakFootprintBytes
  const text = `Peak footprint ${groupDigits(a.peakFootprintBytes)} → ${groupDigits(b.peakFootprintBytes)} bytes`
  if (difference === 0) return `${text}: equal.`
  const share = a.peakFootprintBytes > 0 ? ` (${percent(difference / a.peakFootprintBytes)})` : ''
  return `${text}: B needs ${groupDigits(Math.abs(difference))} bytes ${difference > 0 ? 'more' : 'less'}${share}.`
}

const groupDigits = (value: number): string => String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ',')

function compareMetrics(moment: ComparedMoment, a: MetricRecord, b: MetricRecord): MetricDifference[] {
  const differences: MetricDifference[] = []
  for (const definition of metricDefinitions) {
    for (const { key, direction } of definition.values) {
      const valueA = numberOrNull(a[key])
      const valueB = numberOrNull(b[key])
      if (valueA === undefined || valueB === undefined) continue
      differences.push({ moment, key, a: valueA, b: valueB, ...differenceOf(valueA, valueB, direction) })
    }
  }
  return differences
}

/** undefined: the record has no such figure (or it is no number); null: not available. */
const numberOrNull = (value: unknown): number | null | undefined => (value === null || typeof value === 'number' ? value : undefined)

function differenceOf(a: number | null, b: number | null, direction: 'lower' | 'higher' | 'neutral'): Pick<MetricDifference, 'difference' | 'ratio' | 'reading'> {
  if (a === null || b === null) return { difference: null, ratio: null, reading: 'unknown' }
  const difference = b - a
  const ratio = a === 0 ? null : b / a
  if (difference === 0) return { difference, ratio, reading: 'equal' }
  if (direction === 'neutral') return { difference, ratio, reading: 'neutral' }
  return { difference, ratio, reading: difference < 0 === (direction === 'lower') ? 'better' : 'worse' }
}

/** The terms of the footprint, then what is reserved beyond it. */
const SPLIT_TERMS = ['live', 'header', 'rounding', 'internal', 'pinnedFree', 'releasableFree', 'cachedFree', 'committed', 'uncommitted', 'reserved'] as const

/** Term by term; the differences of the terms sum to the differences of committed and reserved. */
export function compareSplits(a: TilingSplit, b: TilingSplit): SplitDifference[] {
  return SPLIT_TERMS.map((term) => ({ term, a: a[term], b: b[term], difference: b[term] - a[term] }))
}

function compareSizeClasses(a: SizeClassTable, b: SizeClassTable): SizeClassDifference {
  const upperBytes = Float64Array.from(new Set([...a.upperBytes, ...b.upperBytes])).sort()
  const align = (table: SizeClassTable, column: Exclude<keyof SizeClassTable, 'upperBytes'>): Float64Array => {
    const aligned = new Float64Array(upperBytes.length)
    table.upperBytes.forEach((upper, row) => (aligned[upperBytes.indexOf(upper)] = table[column][row]!))
    return aligned
  }
  return {
    upperBytes,
    blocksA: align(a, 'busyBlocks'),
    blocksB: align(b, 'busyBlocks'),
    requestedA: align(a, 'requestedBytes'),
    requestedB: align(b, 'requestedBytes'),
    consumedA: align(a, 'consumedBytes'),
    consumedB: align(b, 'consumedBytes'),
    pinnedA: align(a, 'pinnedBytes'),
    pinnedB: align(b, 'pinnedBytes'),
  }
}
