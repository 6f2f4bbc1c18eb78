import { compareSides, type SidesComparison, type SidesOptions } from '../analysis/compare/compare-sides'
import { explainChange, explainPeaks, type ChangeExplanation } from '../analysis/compare/explain-change'
import { viewsOfRun, viewsOfSnapshot, type MemberViews } from '../analysis/compare/member-views'
import { isSnapshot, measureRun, measureSnapshot, measureStatistics, primaryFiguresOf, type RunFigures } from '../analysis/compare/run-figures'
import { computeRunParts } from '../analysis/compare/run-parts'
import { HeapscapeError } from '../base/errors'
import type { JobContext } from '../base/job-context'
import { RECORDED_HEAP } from '../model/recorded-run'
import type { AnyDocument, Run } from '../model/run'
import type { Snapshot } from '../model/snapshot'
import { runSimulation, simulateStatistics, type SimulationChoice } from './run-simulation'

/*
 * Members of a comparison: saved runs as they are, traces replayed in the chosen heap, snapshots and dumps.
 *
 *   open one -> measure it -> keep its figures, let it go        so that only one is in memory, however many there are
 *   compare the figures -> open the two nearest the medians again to explain the change
 */
export type ComparedContent = Run | Snapshot

/** Heap in which traces are replayed when none is named. */
export const DEFAULT_HEAP = 'first-fit'

/** @throws HeapscapeError `document-wrong-kind`, and those of runSimulation */
export async function comparableContent(document: AnyDocument, title: string, choice: SimulationChoice, job: JobContext): Promise<ComparedContent> {
  if (document.kind === 'run' || document.kind === 'snapshot') return document
  if (document.kind === 'trace') return runSimulation(document, choice, job)
  throw new HeapscapeError('document-wrong-kind', { expected: 'a run, a trace or a snapshot', got: `a ${document.kind}` }, { file: title })
}

/** Figures of what `comparableContent` gives; a trace is replayed without keeping the rows that figures do not need. @throws as comparableContent */
export async function measureDocument(document: AnyDocument, title: string, choice: SimulationChoice, job: JobContext): Promise<RunFigures> {
  if (document.kind === 'trace' && choice.heap !== RECORDED_HEAP) return measureStatistics(await simulateStatistics(document, choice, job), title)
  const content = await comparableContent(document, title, choice, job)
  return content.kind === 'run' ? measureRun(content, title) : measureSnapshot(content, title)
}

export interface ChartedContent {
  readonly figures: RunFigures
  /** What charts need of it beside its figures; some 300 KB. */
  readonly views: MemberViews
}

/** Figures and charts out of one pass over the content. */
export async function chartContent(content: ComparedContent, title: string, job: JobContext): Promise<ChartedContent> {
  if (content.kind === 'snapshot') return { figures: measureSnapshot(content, title), views: viewsOfSnapshot(content) }
  const parts = computeRunParts(content)
  await job.checkpoint()
  const figures = measureRun(content, title, parts)
  await job.checkpoint()
  return { figures, views: viewsOfRun(content, parts) }
}

/** Figures of a member; `content` is null where it cannot be opened again, as with baseline files. */
export interface MeasuredMember {
  readonly figures: RunFigures
  readonly open: (() => Promise<ComparedContent>) | null
}

export interface MeasuredSide<M extends MeasuredMember = MeasuredMember> {
  readonly name: string
  readonly members: readonly M[]
}

export interface MembersComparison {
  readonly comparison: SidesComparison
  /** null when a side has nothing to open, or a source does not list all blocks. */
  readonly explanation: ChangeExplanation | null
}

/** The member whose first primary figure is nearest the median of its side; undefined when none can be opened again. */
export function representative<M extends MeasuredMember>(members: readonly M[]): M | undefined {
  const [price] = primaryFiguresOf(members.map(({ figures }) => figures))
  const value = ({ figures }: M): number => figures.values[price ?? ''] ?? 0
  const sorted = members.filter(({ open }) => open !== null).sort((a, b) => value(a) - value(b))
  return sorted[(sorted.length - 1) >>> 1]
}

/** @throws HeapscapeError `not-comparable` */
export async function compareMembers(a: MeasuredSide, b: MeasuredSide, options: SidesOptions = {}): Promise<MembersComparison> {
  const side = ({ name, members }: MeasuredSide) => ({ name, runs: members.map(({ figures }) => figures) })
  const comparison = compareSides(side(a), side(b), options)
  return { comparison, explanation: await explainMembers(a.members, b.members) }
}

/** Between the members nearest the medians: runs at their peaks, snapshots as they are. */
export async function explainMembers(a: readonly MeasuredMember[], b: readonly MeasuredMember[]): Promise<ChangeExplanation | null> {
  const [nearestA, nearestB] = [representative(a), representative(b)]
  if (nearestA === undefined || nearestB === undefined || isSnapshot(nearestA.figures) !== isSnapshot(nearestB.figures)) return null
  return explainContents(await nearestA.open!(), await nearestB.open!())
}

export function explainContents(a: ComparedContent, b: ComparedContent): ChangeExplanation | null {
  if (a.kind === 'run' && b.kind === 'run') return explainPeaks(a, b)
  if (a.kind !== 'snapshot' || b.kind !== 'snapshot' || a.coverage !== 'all' || b.coverage !== 'all') return null
  return explainChange(a, b)
}
