import type { Bytes, Address, EventNumber } from '../base/units'
import type { HeapReport } from '../model/heap-report'
import type { HeapStatement } from '../model/heap-statement'
import type { CaptureFacts } from '../model/live-capture'
import type { RegionMeasure, RegionTotal } from '../model/region-table'
import type { BlockCoverage, HeapRecord, SegmentRecord } from '../model/snapshot'
import type { ArchiveFile } from '../jobs/list-archive'
import type { EventRange, Note } from '../model/trace'
import type { ParameterValue, RunRequest, RunSource } from '../model/run'
import type { Comparison } from '../analysis/compare-runs'
import type { RegionSum } from '../analysis/region-summary'
import type { FreeSizeTable, UnusableFreeCurve } from '../analysis/metrics/holes'
import type { SizeClassTable } from '../analysis/metrics/size-classes'
import type { RunMetrics, SnapshotMetrics, TilingSplit } from '../analysis/metrics/types'
import type { RunJumps } from '../analysis/timeline'
import type { ProfileSummary } from '../analysis/profile-summary'
import type { TraceSummary } from '../analysis/trace-summary'
import type { ChartMethods } from './charts-api'
import type { ComparisonMethods } from './comparison-api'
import type { BlockFilter } from '../analysis/block-query'
import type { AddressTimeMethods } from './address-time-api'
import type { BlockMethods, OfMoment } from './blocks-api'
import type { DumpMethods } from './dump-api'
import type { LiveMethods } from './live-api'
import type { LargestMessage } from './message-size'
import type { ProfileMethods } from './profile-api'
import type { QueryMethods } from './query-api'
import type { SeriesPage } from './series-page'
import type { ExplainMethods } from './explain-api'
import type { ExportMethods } from './export-api'
import type { SiteMethods } from './sites-api'
import type { SweepMethods } from './sweep-api'
import type { TimelineMethods } from './timeline-api'
import type { ViewState } from './view-state'
import type { WorkspaceMethods } from './workspace-api'

/*
 * The contract between a window and the engine process. Methods take one plain object and answer one plain object
 * of numbers, texts and typed arrays (copied, so answers stay below 4 MB: pages, tiles and aggregates, no whole columns).
 */
export type DocumentId = string

interface DocumentBase {
  readonly id: DocumentId
  /** Shown on the tab. */
  readonly title: string
  /** File name without folder, or `workload:G1`. */
  readonly file: string
  readonly format: string
  readonly partial: boolean
  readonly notes: readonly Note[]
  /** True when the document's content stands in a .heapscape file. */
  readonly saved: boolean
  /** What the window stored with the file, if anything. */
  readonly view: ViewState | null
}

export interface TraceDocument extends DocumentBase {
  readonly kind: 'trace'
  readonly events: EventNumber
  readonly summary: TraceSummary
}

export interface RunDocument extends DocumentBase {
  readonly kind: 'run'
  readonly events: EventNumber
  readonly request: RunRequest
  readonly source: RunSource
  readonly heaps: readonly HeapRecord[]
  readonly peakFootprintBytes: Bytes
  /** null: not added up yet, for it takes reading every lifetime of a large run; `runFigures` does. */
  readonly metrics: RunMetrics | null
  readonly jumps: KnownJumps
}

/** Where the footprint peaks and the first request fails is known at once, the others with the metrics. */
export type KnownJumps = Pick<RunJumps, 'peakFootprint' | 'firstFailure'> & { readonly [Name in Exclude<keyof RunJumps, 'peakFootprint' | 'firstFailure'>]: EventNumber | null }

export interface RunFigures {
  readonly metrics: RunMetrics
  readonly jumps: RunJumps
}

export interface SnapshotDocument extends DocumentBase {
  readonly kind: 'snapshot'
  readonly heaps: readonly HeapRecord[]
  /** What walks of the heaps found, one per heap; [] when the source was not walked. */
  readonly heapReports: readonly HeapReport[]
  /** The bytes behind the blocks can be read. */
  readonly hasBytes: boolean
  readonly coverage: BlockCoverage
  /** What the source states of each heap of `heaps`; [] when nothing. */
  readonly heapStatements: readonly HeapStatement[]
  /** How it was captured from a running process; absent for everything else, and once it was saved and opened again. */
  readonly live?: CaptureFacts
  readonly regions: { readonly count: number; readonly complete: boolean; readonly byKind: readonly RegionSum[]; readonly stated: readonly RegionTotal[] }
}

/** One region of a snapshot; null: the source does not tell. */
export interface RegionRow extends Readonly<Record<RegionMeasure, Bytes | null>> {
  readonly base: Address
  readonly sizeBytes: Bytes
  /** RegionState. */
  readonly state: number
  /** RegionKind. */
  readonly kind: number
  /** PAGE_*, 0 not told. */
  readonly protect: number
  readonly owner: string
}

export interface RegionPage {
  readonly total: number
  readonly rows: readonly RegionRow[]
}

export interface ProfileDocument extends DocumentBase {
  readonly kind: 'profile'
  readonly summary: ProfileSummary
}

export type DocumentSummary = TraceDocument | RunDocument | SnapshotDocument | ProfileDocument

/** Most regions of a page, each with a path. */
export const MOST_REGION_ROWS = 4000

/** Segments that come with a moment, and most of a page of them: about 1 MB. */
export const MOST_SEGMENTS_TOLD = 20_000

/** One moment of a run, or a snapshot (then `event` is null). */
export interface Moment {
  readonly event: EventNumber | null
  readonly blocks: number
  /** The first MOST_SEGMENTS_TOLD of `segmentCount`, in the source's order; `segmentPage` tells the others. */
  readonly segments: readonly SegmentRecord[]
  readonly segmentCount: number
  /** null when the source does not list all blocks. */
  readonly committedBytes: Bytes | null
  /** null: of very many blocks; `momentMeasures` tells them. */
  readonly measures: MomentMeasures | null
}

/** Sums over all blocks of a moment. */
export interface MomentMeasures {
  readonly metrics: SnapshotMetrics
  /** null when the source does not list all blocks. */
  readonly split: TilingSplit | null
  readonly sizeClasses: SizeClassTable
  readonly freeSizes: FreeSizeTable
  readonly unusableFree: UnusableFreeCurve
  /** Largest request that succeeds without growth: the largest free block's payload; null when nothing is free. */
  readonly largestFreeBytes: Bytes | null
}

export interface BlockDetail {
  readonly address: Address
  readonly sizeBytes: Bytes
  readonly requestedBytes: Bytes | null
  readonly state: number
  readonly segment: number
  readonly birth: EventNumber | null
  readonly death: EventNumber | null
  readonly pinnedBytes: Bytes
  readonly site: string | null
}

export interface SimulationRequest {
  readonly input: { readonly documentId: DocumentId } | { readonly workload: string }
  readonly heap: string
  readonly profile?: string
  readonly overrides: Readonly<Record<string, ParameterValue>>
}

/** What of a source is opened; all of it where absent. */
export interface OpenPart {
  /** Of a trace. */
  readonly range?: EventRange
  /** File of an archive that holds several. */
  readonly member?: string
}

export interface EngineUse {
  readonly memoryBytes: Bytes
  readonly documents: number
  /** Largest answer so far; null before any. */
  readonly largestMessage: LargestMessage | null
}

/**
 * Method -> [parameters, answer]; those of the simulated process are in workspace-api.ts, those of dumps in dump-api.ts.
 * `heap`, an index into a snapshot's heaps, narrows the answer to that heap.
 */
export interface EngineMethods extends WorkspaceMethods<TraceDocument, RunDocument>, SiteMethods, ProfileMethods, DumpMethods, BlockMethods, ChartMethods, AddressTimeMethods, ExportMethods, ComparisonMethods<DocumentSummary>, LiveMethods<SnapshotDocument>, SweepMethods, QueryMethods, TimelineMethods {
  open: [{ readonly sourceId: string } & OpenPart, DocumentSummary]
  /** Files of an archive; [] when the source is none. */
  archiveFiles: [{ readonly sourceId: string }, readonly ArchiveFile[]]
  openWorkload: [{ readonly workload: string }, TraceDocument]
  close: [{ readonly documentId: DocumentId }, null]
  simulate: [SimulationRequest, RunDocument]
  /** `sites` or `filter` (of a run) choose blocks, whose live bytes are told beside the others. */
  series: [{ readonly documentId: DocumentId; readonly fromEvent: EventNumber; readonly toEvent: EventNumber; readonly points: number; readonly sites?: string; readonly filter?: BlockFilter }, SeriesPage]
  moment: [{ readonly documentId: DocumentId; readonly event: EventNumber | null; readonly heap?: number }, Moment]
  /** What `moment` tells of moments with fewer blocks at once. */
  momentMeasures: [OfMoment, MomentMeasures]
  /** Of a run whose summary has none yet; from then on its summary has them. */
  runFigures: [{ readonly documentId: DocumentId }, RunFigures]
  /** Segments [offset, offset + count) of a moment. */
  segmentPage: [OfMoment & { readonly offset: number; readonly count: number }, { readonly segments: readonly SegmentRecord[] }]
  /** Regions of a snapshot in order of address. */
  regionPage: [{ readonly documentId: DocumentId; readonly offset: number; readonly count: number }, RegionPage]
  blockAt: [{ readonly documentId: DocumentId; readonly event: EventNumber | null; readonly heap?: number; readonly address: Address }, BlockDetail | null]
  explain: ExplainMethods['explain']
  compare: [{ readonly a: DocumentId; readonly b: DocumentId }, Comparison]
  save: [{ readonly documentId: DocumentId; readonly targetId: string; readonly view: ViewState }, DocumentSummary]
  use: [Record<string, never>, EngineUse]
}

export type EngineMethod = keyof EngineMethods
export type EngineParams<M extends EngineMethod> = EngineMethods[M][0]
export type EngineAnswer<M extends EngineMethod> = EngineMethods[M][1]
