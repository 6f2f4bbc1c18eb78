import { summariseProfile, type ProfileSummary } from '../analysis/profile-summary'
import { summariseTrace, type TraceSummary } from '../analysis/trace-summary'
import { computeRunMetrics } from '../analysis/metrics/run-metrics'
import { computeSnapshotMetrics } from '../analysis/metrics/snapshot-metrics'
import { type RegionSum, summariseRegions } from '../analysis/region-summary'
import { assertNever } from '../base/assert'
import type { Bytes, EventNumber } from '../base/units'
import type { CounterCheck, HeapReport } from '../model/heap-report'
import type { HeapStatement } from '../model/heap-statement'
import type { RegionTotal } from '../model/region-table'
import type { Lacking, SourceUnits } from '../model/lacking'
import { lackingOf, unitsOf } from '../model/lacking-of'
import type { Profile } from '../model/profile'
import type { AnyDocument, ContentionFigures, ParameterValue, Run } from '../model/run'
import type { HeapRecord, Snapshot } from '../model/snapshot'
import { BLOCK_STATE_NAMES, type BlockCoverage } from '../model/snapshot'
import { snapshotAt } from '../model/snapshot-at'
import type { Note, Trace } from '../model/trace'

/*
 * What `info --json`, `simulate --json` and the window's summaries say about a document; docs/cli.md lists the keys.
 */
type MetricRecord = Readonly<Record<string, unknown>>

interface DescriptionBase {
  readonly file: string
  readonly format: string
  /** Program that wrote the file; null when the file does not say. */
  readonly producer: string | null
  /** Version of the format; null when it has none. */
  readonly version: string | null
  /** Of the source's own figures. */
  readonly units: SourceUnits
  readonly partial: boolean
  /** What the source does not tell (docs/cli.md). */
  readonly lacking: readonly Lacking[]
  readonly notes: readonly Pick<Note, 'code' | 'count' | 'text'>[]
}

export interface TraceDescription extends DescriptionBase, Omit<TraceSummary, 'peakEvent'> {
  readonly kind: 'trace'
}

/** A heap whose inside was walked; its counters by name. */
export type WalkedHeapDescription = Omit<HeapReport, 'counters'> & { readonly counters: Readonly<Record<string, Omit<CounterCheck, 'name'>>> }

export interface SnapshotDescription extends DescriptionBase {
  readonly kind: 'snapshot'
  /** Reports of the walk where there was one. */
  readonly heaps: readonly HeapRecord[] | readonly WalkedHeapDescription[]
  readonly segments: number
  /** How much of the heaps the blocks are. */
  readonly coverage: BlockCoverage
  /** Number of blocks by state; null when the source lists none. */
  readonly blocks: Readonly<Record<string, number>> | null
  /** What the source states of each heap itself; [] when nothing. */
  readonly statements: readonly ({ readonly heap: string } & HeapStatement)[]
  readonly regions: { readonly count: number; readonly complete: boolean; readonly byKind: readonly RegionSum[]; readonly stated: readonly RegionTotal[] }
  readonly metrics: MetricRecord
}

export interface SimulationDescription {
  readonly heap: string
  readonly profile: string
  readonly parameters: Readonly<Record<string, ParameterValue>>
  readonly events: EventNumber
  readonly failedRequests: number
  /** How often threads met at one place of the heap, an estimate; null when the trace does not tell threads. */
  readonly contention: ContentionFigures | null
  /** null when requested sizes are unknown. */
  readonly peakLiveBytes: Bytes | null
  readonly peakFootprintBytes: Bytes
  readonly endFootprintBytes: Bytes
  /** Peak live bytes over peak footprint; null when nothing was committed. */
  readonly utilisation: number | null
  /** At the first moment of the peak footprint, at the end, and over the whole run. */
  readonly metrics: { readonly peak: MetricRecord; readonly end: MetricRecord; readonly run: MetricRecord }
}

export interface RunDescription extends DescriptionBase, SimulationDescription {
  readonly kind: 'run'
  readonly source: { readonly name: string; readonly format: string; readonly traceHash: string }
  readonly heaps: readonly HeapRecord[]
}

export interface ProfileDescription extends DescriptionBase, Omit<ProfileSummary, 'statistics'> {
  readonly kind: 'profile'
  /** Figures the allocator gives of itself. */
  readonly statistics: readonly { readonly kind: string; readonly subject: string; readonly name: string; readonly value: number; readonly unit: string }[]
}

export type Description = TraceDescription | SnapshotDescription | RunDescription | ProfileDescription

/** `file` is the name of the opened file; a saved document keeps its first origin in `format` and `notes`. */
export function describe(document: AnyDocument, file: string): Description {
  switch (document.kind) {
    case 'trace':
      return describeTrace(document, file)
    case 'snapshot':
      return describeSnapshot(document, file)
    case 'run':
      return { kind: 'run', ...base(document, file), source: document.source, heaps: document.heaps, ...describeSimulation(document) }
    case 'profile':
      return { kind: 'profile', ...base(document, file), ...summariseProfile(document), statistics: describeStatistics(document) }
    default:
      return assertNever(document)
  }
}

function base(document: AnyDocument, file: string): DescriptionBase {
  const { format, partial, producer = null, version = null, notes } = document.origin
  return {
    file, format, producer, version, partial,
    units: unitsOf(document),
    lacking: lackingOf(document),
    notes: notes.map(({ code, count, text }) => ({ code, count, text })),
  }
}

function describeTrace(trace: Trace, file: string): TraceDescription {
  const { peakEvent: _modelEvent, ...summary } = summariseTrace(trace)
  return { ...base(trace, file), kind: 'trace', ...summary }
}

function describeSnapshot(snapshot: Snapshot, file: string): SnapshotDescription {
  const counts = new Array<number>(BLOCK_STATE_NAMES.length).fill(0)
  for (let row = 0; row < snapshot.blocks.length; row++) counts[snapshot.blocks.state.at(row)]!++
  return {
    ...base(snapshot, file),
    kind: 'snapshot',
    heaps: snapshot.heapReports.length > 0 ? snapshot.heapReports.map(describeWalk) : snapshot.heaps,
    segments: snapshot.segments.length,
    coverage: snapshot.coverage,
    blocks: snapshot.coverage === 'none' ? null : Object.fromEntries(BLOCK_STATE_NAMES.map((name, state) => [name, counts[state]!])),
    statements: snapshot.heapStatements.map((statement, i) => ({ heap: snapshot.heaps[i]!.name, ...statement })),
    regions: { count: snapshot.regions.length, complete: snapshot.regionsComplete, byKind: summariseRegions(snapshot), stated: snapshot.regionTotals },
    metrics: metricsOnly(computeSnapshotMetrics(snapshot)),
  }
}

function describeWalk({ counters, ...report }: HeapReport): WalkedHeapDescription {
  return { ...report, counters: Object.fromEntries(counters.map(({ name, ...check }) => [name, check])) }
}

function describeStatistics({ statistics }: Profile): ProfileDescription['statistics'] {
  const { kind, subject, name, value, unit } = statistics
  return name.map((_, row) => ({ kind: kind[row]!, subject: subject[row]!, name: name[row]!, value: value.at(row), unit: unit[row]! }))
}

export function describeSimulation(run: Run): SimulationDescription {
  const metrics = computeRunMetrics(run)
  return {
    heap: run.request.heap,
    profile: run.request.profile,
    parameters: run.request.parameters,
    events: run.events,
    failedRequests: metrics.failedRequests,
    contention: run.contention ?? null,
    peakLiveBytes: metrics.peakLiveBytes,
    peakFootprintBytes: metrics.peakFootprintBytes,
    endFootprintBytes: metrics.endFootprintBytes,
    utilisation: metrics.utilisation,
    metrics: {
      peak: metricsOnly(computeSnapshotMetrics(snapshotAt(run, metrics.peakFootprintEvent))),
      end: metricsOnly(computeSnapshotMetrics(snapshotAt(run, run.events))),
      run: metricsOnly(metrics),
    },
  }
}

/** Keys M1...M15 and the reasons of those that are null. */
export function metricsOnly(metrics: object): MetricRecord {
  return Object.fromEntries(Object.entries(metrics).filter(([key]) => /^M\d/.test(key) || key === 'reasons'))
}
