import { defineStore } from 'pinia'
import { computed, shallowReactive } from 'vue'
import { HeapscapeError, type Failure } from '../../shared/base/errors'
import type { ComparisonEdit, ComparisonSet, MemberId, NewMember, SideId } from '../../shared/ipc/comparison-api'
import type { OpenedSource } from '../../shared/ipc/host-api'
import { engine } from '../client/engine-client'
import { failureOf, isCancelled } from '../client/failure'
import { partsOfEdit } from './comparison-edits'
import { useJobs } from './jobs'

/*
 * Comparison sets by the panel that shows each. The engine holds members and figures; here is what it told last.
 *
 *   edit -> the set as it is now -> measure what waits (a job) -> the set with figures
 */
export interface OpenComparison {
  readonly panelId: string
  /** null until the engine answered. */
  readonly set: ComparisonSet | null
  /** While members are measured. */
  readonly jobId: number | null
  /** Why the last edit or measurement did not happen. */
  readonly failure: Failure | null
  /** Files of a folder that wait to be sorted into sides. */
  readonly folder: { readonly name: string; readonly sources: readonly OpenedSource[]; readonly leftOut: number } | null
}

/** `data-drop-target` of a panel, or of one of its sides; `new` makes a side. */
export const DROP_PREFIX = 'comparison:'
export const dropTargetOf = (panelId: string, side: SideId | 'new'): string => `${DROP_PREFIX}${panelId}:${side}`

/** What a drag within the page carries: the id of an open document, and ids of members. */
export const DOCUMENT_DRAG = 'application/x-heapscape-document'
export const MEMBER_DRAG = 'application/x-heapscape-member'

export const useComparisons = defineStore('comparisons', () => {
  const open = shallowReactive(new Map<string, OpenComparison>())
  const jobs = useJobs()

  const change = (panelId: string, patch: Partial<OpenComparison>): void => {
    const entry = open.get(panelId)
    if (entry !== undefined) open.set(panelId, { ...entry, ...patch })
  }

  async function start(panelId: string): Promise<void> {
    if (open.has(panelId)) return
    open.set(panelId, { panelId, set: null, jobId: null, failure: null, folder: null })
    await renew(panelId, null)
  }

  async function renew(panelId: string, failure: Failure | null): Promise<void> {
    try {
      const set = await engine.request('comparisonNew', {})
      if (open.has(panelId)) change(panelId, { set, jobId: null, failure })
      else await engine.request('comparisonClose', { comparisonId: set.id })
    } catch (error) {
      change(panelId, { failure: failureOf(error) })
    }
  }

  async function edit(panelId: string, wish: ComparisonEdit): Promise<void> {
    const entry = open.get(panelId)
    if (entry === undefined || entry.set === null) return
    try {
      let { set } = entry
      for (const part of partsOfEdit(wish)) {
        // Of a new side the first part makes it.
        const onto = part.kind === 'add' && part.sideId === null && part !== wish && set !== entry.set ? { ...part, sideId: set.sides.at(-1)!.id } : part
        set = await engine.request('comparisonEdit', { comparisonId: set.id, edit: onto })
        change(panelId, { set, failure: null })
      }
      await measure(panelId)
    } catch (error) {
      change(panelId, { failure: failureOf(error) })
    }
  }

  /** Measures what waits, until nothing does; one job at a time. */
  async function measure(panelId: string): Promise<void> {
    const entry = open.get(panelId)
    if (entry === undefined || entry.set === null || entry.jobId !== null) return
    const waiting = entry.set.members.filter(({ state }) => state === 'waiting').length
    if (waiting === 0) return
    const { id: comparisonId } = entry.set
    const { jobId, result } = jobs.start(`Measuring ${waiting === 1 ? '1 member' : `${waiting} members`}`, (options) => engine.request('comparisonMeasure', { comparisonId }, options))
    change(panelId, { jobId, failure: null })
    try {
      const set = await result
      // An edit may have been answered meanwhile.
      const now = open.get(panelId)?.set
      change(panelId, { jobId: null, ...(now === undefined || now === null || now.revision <= set.revision ? { set } : {}) })
      await measure(panelId)
    } catch (error) {
      change(panelId, { jobId: null, failure: isCancelled(error) ? null : failureOf(error) })
    }
  }

  const add = (panelId: string, members: readonly NewMember[], sideId: SideId | null): Promise<void> => edit(panelId, { kind: 'add', sideId, members })
  const move = (panelId: string, members: readonly MemberId[], sideId: SideId | null): Promise<void> => edit(panelId, { kind: 'move', members, sideId })

  /** Files that were dropped on a place of the page; true when a comparison took them. */
  function takeDrop(target: string, sources: readonly OpenedSource[]): boolean {
    const [panelId, side] = target.slice(DROP_PREFIX.length).split(':')
    if (!target.startsWith(DROP_PREFIX) || panelId === undefined || !open.has(panelId)) return false
    // A folder's files are sorted into sides by whoever dropped it. Very many come in several calls.
    if (sources.some(({ below }) => below !== undefined)) {
      const before = open.get(panelId)?.folder ?? { name: sources[0]!.below?.split('/')[0] ?? '', sources: [], leftOut: 0 }
      change(panelId, { folder: { ...before, sources: [...before.sources, ...sources] } })
    }
    else void add(panelId, sources.map(({ sourceId }) => ({ sourceId })), side === 'new' ? null : Number(side))
    return true
  }

  function close(panelId: string): void {
    const entry = open.get(panelId)
    if (entry === undefined) return
    open.delete(panelId)
    if (entry.jobId !== null) jobs.cancel(entry.jobId)
    if (entry.set !== null) void engine.request('comparisonClose', { comparisonId: entry.set.id }).catch(() => undefined)
  }

  engine.onRestart(() => {
    const failure = new HeapscapeError('engine-stopped', { detail: 'the members of this set are gone; add them again' }).toFailure()
    for (const panelId of [...open.keys()]) void renew(panelId, failure)
  })

  return {
    all: computed<readonly OpenComparison[]>(() => [...open.values()]),
    find: (panelId: string) => open.get(panelId),
    start, edit, add, move, measure, takeDrop, close,
    askFolder: (panelId: string, folder: OpenComparison['folder']) => change(panelId, { folder }),
    dismiss: (panelId: string) => change(panelId, { failure: null }),
  }
})
