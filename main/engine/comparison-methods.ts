import { alignLabels, alignRuns } from '../../shared/analysis/compare/alignment'
import type { SidesOptions } from '../../shared/analysis/compare/compare-sides'
import { costDifferences, type CostDifference } from '../../shared/analysis/compare/cost-differences'
import { tallyCosts } from '../../shared/analysis/compare/cost-table'
import { explainChange } from '../../shared/analysis/compare/explain-change'
import { MATCH_KEYS, matchBlocks, strongestKey, type MatchKey, type SnapshotKinship } from '../../shared/analysis/compare/match-blocks'

import { selectBusy } from '../../shared/analysis/compare/select-blocks'
import { buildMapTile } from '../../shared/analysis/map-tiles'
import { judgeGate } from '../../shared/analysis/gate/gate'
import { HeapscapeError, toFailure } from '../../shared/base/errors'
import type { JobContext } from '../../shared/base/job-context'
import type { Run } from '../../shared/model/run'
import type { Snapshot } from '../../shared/model/snapshot'
import type { AlignedPair, ComparisonMethods, ComparisonQuestion, ComparisonResult, CostOrder, CostPage, MatchPage, MomentPair } from '../../shared/ipc/comparison-api'
import type { DocumentSummary } from '../../shared/ipc/engine-api'
import { chartContent, compareMembers, representative, type MeasuredMember } from '../../shared/jobs/compare-members'
import { sidesFile } from '../../shared/report/sides-file'
import { writeFileAtomically } from '../files/atomic-write'
import { chartHandlers } from './comparison-charts'
import { ComparisonContents, type Cut } from './comparison-contents'
import { EditedSet, type MemberOrigin, type SetMember } from './comparison-set'
import type { Documents } from './documents'
import type { Handlers } from './handlers'
import { JobPart } from './job-part'
import type { PathTable } from './path-table'

interface World {
  /** Absent: sets that only these handlers know. */
  readonly comparisons?: ComparisonSets
  readonly documents: Documents
  readonly sources: PathTable
  readonly targets: PathTable
}

interface OpenSet {
  readonly set: EditedSet
  readonly contents: ComparisonContents
}

/** All comparison sets by id. */
export class ComparisonSets {
  readonly #world: Pick<World, 'documents' | 'sources'>
  readonly #open = new Map<string, OpenSet>()
  #nextNumber = 1

  constructor(world: Pick<World, 'documents' | 'sources'>) {
    this.#world = world
  }

  add(): OpenSet {
    const { documents, sources } = this.#world
    const titleOf = (origin: MemberOrigin): string => ('documentId' in origin ? documents.get(origin.documentId).summary.title : sources.get(origin.sourceId).name)
    const set = new EditedSet(`c${this.#nextNumber++}`, titleOf)
    const open = { set, contents: new ComparisonContents(documents, sources, set) }
    this.#open.set(set.id, open)
    return open
  }

  /** @throws HeapscapeError `document-unknown` */
  get(id: string): OpenSet {
    const found = this.#open.get(id)
    if (found === undefined) throw new HeapscapeError('document-unknown', { id })
    return found
  }

  close(id: string): void {
    this.get(id).contents.close()
    this.#open.delete(id)
  }

  closeAll(): void {
    for (const id of this.#open.keys()) this.close(id)
  }
}

/** Sets of runs, traces, snapshots and dumps, compared by the same job as `heapscape compare --a ... --b ...`. */
export function comparisonHandlers(world: World): Handlers<keyof ComparisonMethods<DocumentSummary>> {
  const sets = world.comparisons ?? new ComparisonSets(world)
  return {
    comparisonNew: () => sets.add().set.describe(),
    comparisonEdit: ({ comparisonId, edit }) => {
      const { set } = sets.get(comparisonId)
      set.edit(edit)
      return set.describe()
    },
    comparisonMeasure: async ({ comparisonId }, job) => measureAll(sets.get(comparisonId), job),
    comparisonResult: async (question, job) => resultOf(sets.get(question.comparisonId), question, job),
    comparisonAlign: async ({ comparisonId, a, b, mode }, job) => {
      const { set, contents } = sets.get(comparisonId)
      const runs = [asRun((await contents.open(set.member(a), job)).content), asRun((await contents.open(set.member(b), job)).content)]
      const { names, events } = alignRuns(runs, mode)
      return { names, a: events[0]!, b: events[1]!, peak: peakPlace(events[0]!, mode === 'anchors' ? null : alignRuns(runs.slice(0, 1), 'anchors').events[0]![1]!) } satisfies AlignedPair
    },
    comparisonChange: async (pair, job) => {
      const [a, b] = await cutsOf(sets, pair, job)
      return isWhole(a.snapshot) && isWhole(b.snapshot) ? explainChange(a.snapshot, b.snapshot) : null
    },
    comparisonCosts: async (params, job) => costPage(await cutsOf(sets, params, job), params),
    comparisonMatch: async (params, job) => matchPage(await cutsOf(sets, params, job), kinshipOf(sets, params), params),
    ...chartHandlers((id) => sets.get(id).set, (pair, job) => cutsOf(sets, pair, job)),
    comparisonMapTile: async ({ comparisonId, at, selection, bytesPerCell, ranges }, job) => {
      const { set, contents } = sets.get(comparisonId)
      const { snapshot } = await contents.cut(set.member(at.memberId), at.event, job)
      return buildMapTile(snapshot, ranges, bytesPerCell, selectBusy(snapshot, selection))
    },
    comparisonShow: async ({ comparisonId, members }, job) => {
      const { set, contents } = sets.get(comparisonId)
      return contents.show(members.map((id) => set.member(id)), job)
    },
    comparisonExport: async ({ form, anonymous, targetId, ...question }, job) => {
      const { comparison, explanation } = await resultOf(sets.get(question.comparisonId), question, job)
      const { path, name } = world.targets.get(targetId)
      await writeFileAtomically(path, (sink) => sink.write(new TextEncoder().encode(sidesFile(form, comparison, explanation, anonymous))))
      return { name }
    },
    comparisonClose: ({ comparisonId }) => {
      sets.close(comparisonId)
      return null
    },
  }
}

/** One after another, so that only a few are in memory; what cannot be opened says why, and the others go on. */
async function measureAll({ set, contents }: OpenSet, job: JobContext): Promise<ReturnType<EditedSet['describe']>> {
  for (let member = set.waiting; member !== undefined; member = set.waiting) {
    const { measured, all } = set.counts
    const { choice } = set
    try {
      const { content, isReplayed } = await contents.open(member, new JobPart(job, measured, all, 'members'))
      // Another heap was chosen meanwhile: these figures are of the one before.
      if (set.choice !== choice && isReplayed) continue
      set.settle(member, { ...(await chartContent(content, member.title, job)), isReplayed })
    } catch (error) {
      const failure = toFailure(error)
      if (failure.code === 'cancelled') throw error
      set.settle(member, { failure })
    }
    await job.checkpoint()
  }
  return set.describe()
}

type CandidateMember = MeasuredMember & { readonly member: SetMember }

async function resultOf({ set, contents }: OpenSet, question: ComparisonQuestion, job: JobContext): Promise<ComparisonResult> {
  const sideOf = (sideId: number) => ({
    name: set.side(sideId).name,
    members: set.measured(sideId, question.label).map((member): CandidateMember => ({ member, figures: member.figures, open: async () => (await contents.open(member, job)).content })),
  })
  const [a, b] = [sideOf(question.a), sideOf(question.b)]
  const options: SidesOptions = { commonOnly: question.commonOnly, seed: question.seed }
  const { comparison, explanation } = await compareMembers(a, b, options)
  const [nearestA, nearestB] = [representative(a.members), representative(b.members)]
  const { onlyA, onlyB } = alignLabels(set.labels(question.a), set.labels(question.b))
  return {
    comparison,
    explanation,
    nearest: nearestA === undefined || nearestB === undefined ? null : { a: nearestA.member.id, b: nearestB.member.id },
    gate: gateOf(a.members, b.members),
    unpaired: { a: onlyA, b: onlyB },
  }
}

function gateOf(a: readonly MeasuredMember[], b: readonly MeasuredMember[]): ComparisonResult['gate'] {
  const figures = (members: readonly MeasuredMember[]) => members.map((member) => member.figures)
  try {
    const { verdict, mode, figures: judged } = judgeGate({ baseline: figures(a), candidate: figures(b) }, null)
    return { verdict, mode, statuses: judged.map(({ status, first }) => ({ id: first.figure.id, status })) }
  } catch (error) {
    return { refusal: toFailure(error) }
  }
}

function asRun(content: Run | Snapshot): Run {
  if (content.kind === 'run') return content
  throw new HeapscapeError('document-wrong-kind', { expected: 'a run', got: 'a snapshot' })
}

const ANCHOR_OF_PEAK = 1

/** Index of the moment nearest `event`; null: of the footprint's peak among the anchors. */
function peakPlace(events: Float64Array, event: number | null): number {
  if (event === null) return ANCHOR_OF_PEAK
  let nearest = 0
  for (let i = 1; i < events.length; i++) if (Math.abs(events[i]! - event) < Math.abs(events[nearest]! - event)) nearest = i
  return nearest
}

const isWhole = ({ coverage }: Snapshot): boolean => coverage === 'all'

async function cutsOf(sets: ComparisonSets, { comparisonId, a, b }: MomentPair, job: JobContext): Promise<[Cut, Cut]> {
  const { set, contents } = sets.get(comparisonId)
  return [await contents.cut(set.member(a.memberId), a.event, job), await contents.cut(set.member(b.memberId), b.event, job)]
}

type CostParams = Parameters<Handlers<'comparisonCosts'>['comparisonCosts']>[0]

function costPage([a, b]: readonly [Cut, Cut], { grouping, selection, order, descending, offset, count }: CostParams): CostPage {
  const { rows, total } = costDifferences(
    tallyCosts(a.snapshot, grouping, a.pins, selectBusy(a.snapshot, selection)),
    tallyCosts(b.snapshot, grouping, b.pins, selectBusy(b.snapshot, selection)),
  )
  const sign = descending ? -1 : 1
  const sorted = [...rows].sort((one, other) => sign * byOrder(order, one, other))
  return { total: rows.length, sum: total, rows: sorted.slice(offset, offset + count) }
}

function byOrder(order: CostOrder, one: CostDifference, other: CostDifference): number {
  if (order === 'key') return one.upper - other.upper || one.key.localeCompare(other.key, 'en')
  const value = ({ a, b, change }: CostDifference): number => {
    if (order === 'change') return Math.abs(change)
    if (order === 'overhead') return b.header + b.rounding - a.header - a.rounding
    return b[order] - a[order]
  }
  return value(one) - value(other)
}

/** Moments of one member are of one process; runs of one trace share its allocations. */
function kinshipOf(sets: ComparisonSets, { comparisonId, a, b }: MomentPair): SnapshotKinship {
  const { set } = sets.get(comparisonId)
  if (a.memberId === b.memberId) return 'same-process'
  const [hashA, hashB] = [a, b].map(({ memberId }) => set.member(memberId).figures?.source.traceHash ?? '')
  return hashA !== '' && hashA === hashB ? 'same-trace' : 'other'
}

type MatchParams = Parameters<Handlers<'comparisonMatch'>['comparisonMatch']>[0]

function matchPage([a, b]: readonly [Cut, Cut], kinship: SnapshotKinship, { key, selection, offset, count }: MatchParams): MatchPage {
  const chosen = { a: selectBusy(a.snapshot, selection), b: selectBusy(b.snapshot, selection) }
  const keys = keysOf(a.snapshot, b.snapshot, kinship)
  const { groups, ...match } = matchBlocks(a.snapshot, b.snapshot, key ?? strongestKey(a.snapshot, b.snapshot, kinship), chosen)
  return { ...match, keys, total: groups.length, rows: groups.slice(offset, offset + count) }
}

function keysOf(a: Snapshot, b: Snapshot, kinship: SnapshotKinship): MatchKey[] {
  const bySite = a.blocks.site !== undefined && b.blocks.site !== undefined
  const strongest = strongestKey(a, b, kinship)
  return MATCH_KEYS.filter((key) => key === strongest || key === 'size' || key === 'class' || (bySite && (key === 'site-size' || key === 'site-class')))
}
