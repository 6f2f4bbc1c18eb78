import type { Failure } from '../base/errors'
import type { Bytes, EventNumber } from '../base/units'
import type { AlignedLane, AlignedTile, LaneRange } from '../analysis/compare/aligned-maps'
import type { AlignedSeriesName } from '../analysis/compare/aligned-series'
import type { AlignmentMode } from '../analysis/compare/alignment'
import type { SidesComparison } from '../analysis/compare/compare-sides'
import type { CostDifference } from '../analysis/compare/cost-differences'
import type { ChangeExplanation } from '../analysis/compare/explain-change'
import type { FreeCurve } from '../analysis/compare/free-curves'
import type { MatchConfidence, MatchGroup, MatchKey } from '../analysis/compare/match-blocks'
import type { BlockSelection } from '../analysis/compare/select-blocks'
import type { AgeUnit, SurvivalCurve } from '../analysis/compare/survival'
import type { MapRange } from '../analysis/cell-writer'
import type { MapTile } from '../analysis/map-tiles'
import type { ParameterValue } from '../model/run'

/*
 * A comparison set: members on sides, kept by the engine under an id. The window edits it, has it measured (a job) and
 * then asks for results; all answers are aggregates or pages.
 *
 *   side A   m1 m2 m3      a member is an open document or a file; traces are replayed in the set's heap
 *   side B   m4 m5 m6      the first side is what the others are held against
 */
export type ComparisonId = string
export type SideId = number
export type MemberId = string

export interface ComparisonSide {
  readonly id: SideId
  readonly name: string
}

export interface ComparisonMember {
  readonly id: MemberId
  readonly sideId: SideId
  /** File name or the document's title. */
  readonly title: string
  /** Pairs with the same label of other sides; '' for none. */
  readonly label: string
  readonly state: 'waiting' | 'measured' | 'failed'
  /** What it is once it was opened; a trace becomes a run when it is replayed. */
  readonly kind: 'run' | 'snapshot' | null
  readonly isReplayed: boolean
  readonly events: EventNumber | null
  /** Committed bytes at the peak, or of the snapshot; null before it is measured or when not told. */
  readonly footprintBytes: Bytes | null
  readonly failure: Failure | null
}

export interface ReplayChoice {
  readonly heap: string
  readonly profile?: string
  readonly overrides: Readonly<Record<string, ParameterValue>>
}

export interface ComparisonSet {
  readonly id: ComparisonId
  /** Grows with each change; an answer to an older one is stale. */
  readonly revision: number
  readonly sides: readonly ComparisonSide[]
  /** In the order of their sides, within a side as they were added. */
  readonly members: readonly ComparisonMember[]
  /** The heap that traces are replayed in. */
  readonly choice: ReplayChoice
}

export type NewMember =
  | { readonly documentId: string; readonly label?: string }
  /** A file that main has registered. */
  | { readonly sourceId: string; readonly label?: string }

/** New members and sides of one edit; larger edits are made in several. */
export const MOST_NEW_MEMBERS = 2000
export const MOST_NEW_SIDES = 200

export type ComparisonEdit =
  /** Without a side: onto a new one. */
  | { readonly kind: 'add'; readonly sideId: SideId | null; readonly members: readonly NewMember[] }
  /** Sides of a folder; a side of the same name takes the members. */
  | { readonly kind: 'add-sides'; readonly sides: readonly { readonly name: string; readonly members: readonly NewMember[] }[] }
  | { readonly kind: 'move'; readonly members: readonly MemberId[]; readonly sideId: SideId | null }
  | { readonly kind: 'remove'; readonly members: readonly MemberId[] }
  | { readonly kind: 'remove-side'; readonly sideId: SideId }
  | { readonly kind: 'rename-side'; readonly sideId: SideId; readonly name: string }
  /** Puts the side first: the others are held against it. */
  | { readonly kind: 'reference'; readonly sideId: SideId }
  | { readonly kind: 'label'; readonly memberId: MemberId; readonly label: string }
  | { readonly kind: 'choice'; readonly choice: ReplayChoice }
  /** Measures failed members anew. */
  | { readonly kind: 'retry' }

/** Which two sides, and how. */
export interface ComparisonQuestion {
  readonly comparisonId: ComparisonId
  readonly a: SideId
  readonly b: SideId
  /** Only members with this label; null: all. */
  readonly label: string | null
  /** Compares what both sides answer alike instead of refusing. */
  readonly commonOnly: boolean
  readonly seed: number
}

export interface GateOutcome {
  readonly verdict: 'pass' | 'fail' | 'suspect' | 'improved'
  readonly mode: 'replay' | 'sampled'
  readonly statuses: readonly { readonly id: string; readonly status: string }[]
}

export interface ComparisonResult {
  readonly comparison: SidesComparison
  readonly explanation: ChangeExplanation | null
  /** Members nearest the medians, which the explanation is about; null when there is nothing to open. */
  readonly nearest: { readonly a: MemberId; readonly b: MemberId } | null
  /** What `gate` says of A as baseline and B as candidate; with its refusal where it gives none. */
  readonly gate: GateOutcome | { readonly refusal: Failure }
  /** Labels that only one of the two sides has. */
  readonly unpaired: { readonly a: readonly string[]; readonly b: readonly string[] }
}

/** A moment of a member: an event of its run; null for a snapshot. */
export interface MemberMoment {
  readonly memberId: MemberId
  readonly event: EventNumber | null
}

export interface MomentPair {
  readonly comparisonId: ComparisonId
  readonly a: MemberMoment
  readonly b: MemberMoment
}

export interface AlignedPair {
  readonly names: readonly string[]
  readonly a: Float64Array
  readonly b: Float64Array
  /** Index of both footprint peaks among the moments of `anchors`, else of the nearest to A's. */
  readonly peak: number
}

export const COST_GROUPINGS = ['size-class', 'site', 'age'] as const
export const COST_ORDERS = ['change', 'key', 'blocks', 'live', 'overhead', 'pinned'] as const
export type CostOrder = (typeof COST_ORDERS)[number]

export interface CostPage {
  readonly total: number
  readonly sum: CostDifference
  readonly rows: readonly CostDifference[]
}

export interface MatchPage {
  readonly key: MatchKey
  readonly confidence: MatchConfidence
  /** Keys both moments can answer, the strongest first. */
  readonly keys: readonly MatchKey[]
  readonly matched: number
  readonly gone: number
  readonly added: number
  readonly reused: number
  readonly requestedChange: Bytes
  readonly total: number
  readonly rows: readonly MatchGroup[]
}

/** Members of some sides, with one label or all. */
export interface ComparisonPick {
  readonly comparisonId: ComparisonId
  readonly sides: readonly SideId[]
  readonly label: string | null
}

/** What a chart shows of each member of a side; members that were not measured are left out. */
export interface SideOf<T> {
  readonly sideId: SideId
  readonly members: readonly ({ readonly id: MemberId; readonly name: string } & T)[]
}

export interface SurvivalOfSides {
  readonly unit: AgeUnit
  /** All members of a side together; null where no member is a run, or units differ. */
  readonly curves: readonly { readonly sideId: SideId; readonly curve: SurvivalCurve | null }[]
}

export const REPORT_FORMS = ['html', 'markdown', 'json'] as const
export type ReportForm = (typeof REPORT_FORMS)[number]

/** Method -> [parameters, answer]. `Document` is what the engine tells of an open document. */
export interface ComparisonMethods<Document> {
  comparisonNew: [Record<string, never>, ComparisonSet]
  comparisonEdit: [{ readonly comparisonId: ComparisonId; readonly edit: ComparisonEdit }, ComparisonSet]
  /** Opens, replays and measures what waits, one after another. */
  comparisonMeasure: [{ readonly comparisonId: ComparisonId }, ComparisonSet]
  comparisonResult: [ComparisonQuestion, ComparisonResult]
  /** Moments of two runs that belong together. */
  comparisonAlign: [{ readonly comparisonId: ComparisonId; readonly a: MemberId; readonly b: MemberId; readonly mode: AlignmentMode }, AlignedPair]
  /** Why the footprint differs between two moments; null when a source does not list all blocks. */
  comparisonChange: [MomentPair, ChangeExplanation | null]
  /** What groups of blocks cost on both sides, pinned free bytes included. */
  comparisonCosts: [MomentPair & { readonly grouping: (typeof COST_GROUPINGS)[number]; readonly selection: BlockSelection; readonly order: CostOrder; readonly descending: boolean; readonly offset: number; readonly count: number }, CostPage]
  /** Blocks paired without their addresses; `key` null: by the strongest both can answer. */
  comparisonMatch: [MomentPair & { readonly key: MatchKey | null; readonly selection: BlockSelection; readonly offset: number; readonly count: number }, MatchPage]
  /** 101 values of each member over the axis; null where the source does not tell. */
  comparisonTimelines: [ComparisonPick & { readonly axis: 'progress' | 'events'; readonly series: AlignedSeriesName }, readonly SideOf<{ readonly values: Float64Array | null }>[]]
  comparisonCurves: [ComparisonPick & { readonly moment: 'peak' | 'end' }, readonly SideOf<{ readonly curve: FreeCurve }>[]]
  /** `sizeClass` as in SURVIVAL_CLASSES; null: all sizes. */
  comparisonSurvival: [ComparisonPick & { readonly weight: 'blocks' | 'bytes'; readonly sizeClass: number | null }, SurvivalOfSides]
  comparisonLanes: [MomentPair, readonly AlignedLane[]]
  /** One tile for each of the two. */
  comparisonLaneTiles: [MomentPair & { readonly ranges: readonly LaneRange[]; readonly bytesPerCell: number }, readonly AlignedTile[]]
  /** Cells of a member's map, as `mapTile`, with the share of the selected blocks in each. */
  comparisonMapTile: [{ readonly comparisonId: ComparisonId; readonly at: MemberMoment; readonly selection: BlockSelection; readonly bytesPerCell: number; readonly ranges: readonly MapRange[] }, MapTile]
  /** Opens members as documents for maps and timelines; those shown before and not named are closed. */
  comparisonShow: [{ readonly comparisonId: ComparisonId; readonly members: readonly MemberId[] }, readonly Document[]]
  comparisonExport: [ComparisonQuestion & { readonly form: ReportForm; readonly anonymous: boolean; readonly targetId: string }, { readonly name: string }]
  comparisonClose: [{ readonly comparisonId: ComparisonId }, null]
}
