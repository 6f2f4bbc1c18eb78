import { defineStore } from 'pinia'
import { computed, shallowReactive } from 'vue'
import type { Failure } from '../../shared/base/errors'
import { HeapscapeError } from '../../shared/base/errors'
import type { DocumentId, DocumentSummary, OpenPart, RunDocument, RunFigures, SimulationRequest, SnapshotDocument } from '../../shared/ipc/engine-api'
import type { OpenedSource, SaveTarget } from '../../shared/ipc/host-api'
import { engine, type RequestOptions } from '../client/engine-client'
import { failureOf, RemoteError } from '../client/failure'
import { useDocumentViews, viewIdOf, type LeftView, type ViewId } from './document-view'
import { useJobs, type StartedJob } from './jobs'

/*
 * Everything that has, or will have, a tab of its own:
 *
 *   opening --> open --> (engine stopped) failed
 *        \--> failed     a file that cannot be opened stays, with what went wrong
 *
 * An entry keeps its id while its state changes, so its tab stays where the reader put it.
 */
export type DocumentOrigin =
  | { readonly kind: 'source'; readonly source: OpenedSource; readonly part?: OpenPart }
  | { readonly kind: 'workload'; readonly workload: string }
  | {
      readonly kind: 'simulation'
      readonly request: SimulationRequest
      /** The trace's entry, and how it came to be, for making the run again when the trace is a new document or was closed; null for workloads. */
      readonly input: { readonly entryId: string; readonly origin: DocumentOrigin } | null
    }
  /** Made by the engine out of something else: a console's calls, a capture, or (to be had again at any time) a lesson. */
  | { readonly kind: 'made'; readonly title: string; readonly isRepeatable?: true; readonly make: (options: RequestOptions) => Promise<DocumentSummary> }

export interface DocumentEntry {
  readonly id: string
  readonly title: string
  readonly origin: DocumentOrigin
  readonly state: 'opening' | 'open' | 'failed'
  /** While opening. */
  readonly jobId: number | null
  /** While open. */
  readonly summary: DocumentSummary | null
  readonly failure: Failure | null
  /** Runs only: 0, 1, 2, ... in the order they were asked for; gives the letter and colour that mark the run everywhere. */
  readonly mark: number | null
  /** Captures of a running process, in order; empty for everything else. `summary` is the one that is shown. */
  readonly captures: readonly SnapshotDocument[]
  /** Where it was saved last in this window. */
  readonly target: SaveTarget | null
  /** Views it had when the engine stopped, or the program; it opens with them. */
  readonly left: readonly LeftView[]
}

/** Ids of comparisons begin with it. */
export const COMPARISON_PREFIX = 'compare-'

export interface Comparison {
  readonly id: string
  readonly a: DocumentId
  readonly b: DocumentId
}

/** A, B, ... Z, A2, ... */
export const markLetter = (mark: number): string => String.fromCharCode(65 + (mark % 26)) + (mark >= 26 ? String(Math.floor(mark / 26) + 1) : '')

const blank = (id: string, origin: DocumentOrigin, mark: number | null, left: readonly LeftView[] = []): DocumentEntry =>
  ({ id, title: titleOf(origin), origin, state: 'opening', jobId: null, summary: null, failure: null, mark, captures: [], target: null, left })

const titleOf = (origin: DocumentOrigin): string => {
  if (origin.kind === 'source') return origin.source.name
  if (origin.kind === 'made') return origin.title
  return origin.kind === 'workload' ? origin.workload : origin.request.heap
}

export const useDocuments = defineStore('documents', () => {
  const entries = shallowReactive(new Map<string, DocumentEntry>())
  const comparisons = shallowReactive(new Map<string, Comparison>())
  const views = useDocumentViews()
  const jobs = useJobs()
  let lastEntry = 0
  let nextMark = 0
  const loading = new Map<string, Promise<void>>()
  const all = computed<readonly DocumentEntry[]>(() => [...entries.values()])
  const byDocument = (documentId: DocumentId): DocumentEntry | undefined => all.value.find((entry) => entry.summary?.id === documentId || entry.captures.some(({ id }) => id === documentId))

  const change = (id: string, patch: Partial<DocumentEntry>): void => {
    const entry = entries.get(id)
    if (entry !== undefined) entries.set(id, { ...entry, ...patch })
  }

  function accept(id: string, summary: DocumentSummary): void {
    const entry = entries.get(id)
    if (entry === undefined) return void engine.request('close', { documentId: summary.id }).catch(() => undefined)
    for (const { number, state } of entry.left) views.open(summary, number, state)
    views.open(summary)
    const mark = summary.kind === 'run' ? (entry.mark ?? nextMark++) : null
    const captures = summary.kind === 'snapshot' && summary.live !== undefined ? [summary] : []
    change(id, { state: 'open', title: summary.title, summary, failure: null, jobId: null, mark, captures, left: [] })
  }

  function add(origin: DocumentOrigin, mark: number | null = null, left: readonly LeftView[] = []): string {
    const id = `entry-${++lastEntry}`
    entries.set(id, blank(id, origin, mark, left))
    return id
  }

  /** How the run of a simulation comes to be, remembered with its trace. */
  function simulationOf(simulation: SimulationRequest): DocumentOrigin {
    const { input } = simulation
    const entry = 'documentId' in input ? byDocument(input.documentId) : undefined
    return { kind: 'simulation', request: simulation, input: entry === undefined ? null : { entryId: entry.id, origin: entry.origin } }
  }

  /** The open trace of a simulation; opened again when it is not, whether its entry is still there or not. */
  async function inputOf({ entryId, origin }: { readonly entryId: string; readonly origin: DocumentOrigin }): Promise<SimulationRequest['input']> {
    if (!entries.has(entryId)) entries.set(entryId, blank(entryId, origin, null))
    if (entries.get(entryId)!.state !== 'open') await (loading.get(entryId) ?? load(entryId))
    const input = entries.get(entryId)
    if (input?.summary?.kind === 'trace') return { documentId: input.summary.id }
    throw new RemoteError(input?.failure ?? new HeapscapeError('cancelled').toFailure())
  }

  const request = (origin: DocumentOrigin, options: RequestOptions): Promise<DocumentSummary> => {
    if (origin.kind === 'source') return engine.request('open', { sourceId: origin.source.sourceId, ...origin.part }, options)
    if (origin.kind === 'made') return origin.make(options)
    if (origin.kind === 'workload') return engine.request('openWorkload', { workload: origin.workload }, options)
    if (origin.input === null) return engine.request('simulate', origin.request, options)
    return inputOf(origin.input).then((input) => engine.request('simulate', { ...origin.request, input }, options))
  }

  /** Of an entry that is loading already, the loading under way. */
  function load(id: string): Promise<void> {
    const promise = loadNow(id).finally(() => loading.delete(id))
    loading.set(id, promise)
    return promise
  }

  async function loadNow(id: string): Promise<void> {
    const { origin, title } = entries.get(id)!
    const { jobId, result } = jobs.start(`Opening ${title}`, (options) => request(origin, options))
    change(id, { state: 'opening', jobId, failure: null })
    try {
      accept(id, await result)
    } catch (error) {
      change(id, { state: 'failed', jobId: null, summary: null, failure: failureOf(error) })
    }
  }

  /** The entry is there at once; `loaded` fulfils when it is open or failed. */
  function open(origin: DocumentOrigin, left: readonly LeftView[] = []): { readonly entryId: string; readonly loaded: Promise<void> } {
    const entryId = add(origin, null, left)
    return { entryId, loaded: load(entryId) }
  }

  /** Opens the same source again: after a failure, or when the engine was started again. */
  async function reopen(id: string): Promise<void> {
    const entry = entries.get(id)
    if (entry === undefined || entry.state === 'opening') return
    await load(id)
  }

  /** What the engine lost when it stopped. */
  const lost = computed(() => all.value.filter(({ failure }) => failure?.code === 'engine-stopped'))
  async function reopenLost(): Promise<void> {
    await Promise.all(lost.value.map(({ id }) => loading.get(id) ?? load(id)))
  }

  /** Opens another part of the entry's source in its place: a file of the archive that it turned out to be. */
  async function openMember(id: string, member: string): Promise<void> {
    const origin = entries.get(id)?.origin
    if (origin?.kind !== 'source') return
    change(id, { origin: { ...origin, part: { ...origin.part, member } } })
    await reopen(id)
  }

  /** A run gets its entry when it is there; until then it is a job of the form that asked for it. */
  function simulate(simulation: SimulationRequest, title: string): StartedJob<string> {
    const { jobId, result } = jobs.start(title, (options) => engine.request('simulate', simulation, options))
    // Given out now: of two runs under way the one asked for first is A, whichever ends first.
    const mark = nextMark++
    const takeBack = (): void => {
      if (mark === nextMark - 1) nextMark--
    }
    const accepted = result.then((summary) => {
      const id = add(simulationOf(simulation), mark)
      accept(id, summary)
      return id
    })
    accepted.catch(takeBack)
    return { jobId, result: accepted }
  }

  function compare(a: DocumentId, b: DocumentId): Comparison {
    const comparison = { id: `${COMPARISON_PREFIX}${a}-${b}`, a, b }
    comparisons.set(comparison.id, comparison)
    return comparison
  }

  function close(id: string): void {
    const entry = entries.get(id)
    if (entry === undefined) return
    entries.delete(id)
    if (entry.jobId !== null) jobs.cancel(entry.jobId)
    if (entry.summary === null) return
    const ids = new Set([entry.summary.id, ...entry.captures.map((capture) => capture.id)])
    for (const { id: comparisonId, a, b } of [...comparisons.values()]) {
      if (ids.has(a) || ids.has(b)) comparisons.delete(comparisonId)
    }
    for (const each of ids) {
      views.close(each)
      void engine.request('close', { documentId: each }).catch(() => undefined)
    }
  }

  /** Another capture of the entry's process; it is shown, where the one before was looked at. */
  function addCapture(id: string, capture: SnapshotDocument): void {
    const entry = entries.get(id)
    if (entry === undefined) return void engine.request('close', { documentId: capture.id }).catch(() => undefined)
    change(id, { captures: [...entry.captures, capture] })
    showCapture(id, capture.id)
  }

  /** Shows one of the entry's captures, with the selection of the one shown before. */
  function showCapture(id: string, documentId: DocumentId): void {
    const entry = entries.get(id)
    const capture = entry?.captures.find((candidate) => candidate.id === documentId)
    if (entry === undefined || capture === undefined || entry.summary?.id === documentId) return
    for (const { number, state } of entry.summary === null ? [] : views.leftOf(entry.summary.id)) views.open(capture, number, state)
    change(id, { summary: capture })
  }

  /** Figures of a run that did not come with it; from now on they are in its summary. */
  async function addUp(documentId: DocumentId, options: RequestOptions): Promise<RunFigures> {
    const figures = await engine.request('runFigures', { documentId }, options)
    const entry = byDocument(documentId)
    if (entry?.summary?.kind === 'run') change(entry.id, { summary: { ...entry.summary, ...figures } })
    return figures
  }

  /** With one of its views, the first where none is named. */
  async function save(id: string, target: SaveTarget, viewId?: ViewId): Promise<void> {
    const summary = entries.get(id)?.summary
    if (!summary) return
    const view = views.stateOf(viewId ?? viewIdOf(summary.id, 1))
    const { result } = jobs.start(`Saving ${target.name}`, (options) =>
      engine.request('save', { documentId: summary.id, targetId: target.targetId, view }, options))
    const saved = await result
    // The document keeps its id, so its views stay as they are.
    const captures = (entries.get(id)?.captures ?? []).map((capture) => (capture.id === saved.id ? (saved as SnapshotDocument) : capture))
    change(id, { summary: saved, title: saved.title, target, captures })
  }

  engine.onRestart(() => {
    const failure = new HeapscapeError('engine-stopped', { detail: 'its documents are closed; open them again' }).toFailure()
    comparisons.clear()
    for (const entry of [...entries.values()]) {
      if (entry.state !== 'open') continue
      change(entry.id, { state: 'failed', summary: null, captures: [], failure, left: views.leftOf(entry.summary!.id) })
      for (const { id } of [entry.summary!, ...entry.captures]) views.close(id)
    }
  })

  const opened = computed(() => all.value.filter((entry) => entry.state === 'open'))
  const runs = computed(() => opened.value.flatMap((entry) => (entry.summary?.kind === 'run' ? [entry.summary] : [])))
  /** Snapshots whose heaps were walked. */
  const dumps = computed(() => opened.value.flatMap((entry) => (entry.summary?.kind === 'snapshot' && entry.summary.heapReports.length > 0 ? [entry.summary] : [])))
  const run = (documentId: DocumentId): RunDocument | undefined => runs.value.find((summary) => summary.id === documentId)
  const allComparisons = computed<readonly Comparison[]>(() => [...comparisons.values()])

  return {
    all, opened, runs, dumps, comparisons: allComparisons,
    find: (id: string) => entries.get(id), byDocument, run,
    open, reopen, reopenLost, lost, openMember, simulationOf, simulate, compare, close, addCapture, showCapture, addUp, closeComparison: (id: string) => void comparisons.delete(id), save,
  }
})
