import { defineStore } from 'pinia'
import { computed, shallowReactive } from 'vue'
import type { Address } from '../../shared/base/units'
import { HeapscapeError, type Failure } from '../../shared/base/errors'
import type { HeapSummary } from '../../shared/sim/win32/process-types'
import type { VersionSwitch, WorkspaceDocument, WorkspaceDocumentKind, WorkspaceState } from '../../shared/sim/workspace/workspace-types'
import { engine } from '../client/engine-client'
import { failureOf } from '../client/failure'
import type { HeapSizes } from './panel-params'

/*
 * The simulated processes as the window knows them, and which tab works in which heap:
 *
 *   tab opens --> open()  --> HeapCreate  --> holder { heap }        (an article's WM_CREATE)
 *   tab closes -> close() --> HeapDestroy     whatever lives in it   (WM_DESTROY)
 *
 * The engine tells nothing by itself; whoever changes a process calls `refresh`, and every list of heaps follows.
 */
export const MAIN_WORKSPACE = 'main'

/** Growable, as the article's window procedure makes it: a page at first, and 64 KB reserved. */
export const USUAL_SIZES: HeapSizes = { initialBytes: 0x1000, maximumBytes: 0 }

/** A tab in a simulated process. Viewers and lessons' scripts have no heap. */
export interface Holder {
  readonly panelId: string
  readonly workspaceId: string
  readonly kind: WorkspaceDocumentKind | 'viewer'
  readonly title: string
  /** 1, 2, 3, ... in its process: with its colour the mark of its heap everywhere. */
  readonly mark: number
  readonly sizes: HeapSizes
  /** The engine's id; null while it opens, and for viewers. */
  readonly documentId: string | null
  readonly failure: Failure | null
}

/** One heap of a process, with the tab it belongs to, if any. */
export interface ProcessHeap {
  readonly summary: HeapSummary
  readonly holder: Holder | null
  readonly mark: number
  readonly letter: string
  readonly title: string
}

export type HolderFields = Pick<Holder, 'panelId' | 'workspaceId' | 'kind' | 'title' | 'sizes'>

/** Grey among the mark colours (theme/tokens.css): heaps that belong to no document. */
const NEUTRAL_MARK = 4
/** The colours but grey, by number of the document. */
const COLOURED_MARKS = [0, 1, 2, 3, 5] as const
export const markColour = (mark: number): number => COLOURED_MARKS[(mark - 1) % COLOURED_MARKS.length]!

export const useWorkspace = defineStore('workspace', () => {
  const holders = shallowReactive(new Map<string, Holder>())
  const states = shallowReactive(new Map<string, WorkspaceState>())
  const opening = new Map<string, Promise<void>>()

  const all = computed<readonly Holder[]>(() => [...holders.values()])
  const change = (panelId: string, patch: Partial<Holder>): void => {
    const holder = holders.get(panelId)
    if (holder !== undefined) holders.set(panelId, { ...holder, ...patch })
  }

  function nextMark(workspaceId: string): number {
    const taken = new Set(all.value.filter((holder) => holder.workspaceId === workspaceId && holder.kind !== 'viewer').map(({ mark }) => mark))
    let mark = 1
    while (taken.has(mark)) mark++
    return mark
  }

  /** Asks for heaps and figures of a process; the last answer stays when it cannot be told. */
  async function refresh(workspaceId: string): Promise<void> {
    try {
      states.set(workspaceId, await engine.request('workspaceState', { workspaceId }))
    } catch {
      // A lesson's process may have ended meanwhile.
    }
  }

  const add = (fields: HolderFields, documentId: string | null): void =>
    void holders.set(fields.panelId, { ...fields, mark: fields.kind === 'viewer' ? 0 : nextMark(fields.workspaceId), documentId, failure: null })

  /** The process anew as another Windows; every list of heaps follows. */
  async function switchVersion(workspaceId: string, version: string): Promise<VersionSwitch> {
    const report = await engine.request('workspaceVersion', { workspaceId, version })
    await refresh(workspaceId)
    return report
  }

  /** HeapCreate for a tab; does nothing when it has its heap already. Failures are in the holder. */
  function open(fields: HolderFields): Promise<void> {
    if (holders.has(fields.panelId)) return opening.get(fields.panelId) ?? Promise.resolve()
    add(fields, null)
    const work = create(fields).finally(() => opening.delete(fields.panelId))
    opening.set(fields.panelId, work)
    return work
  }

  async function create({ panelId, workspaceId, kind, title, sizes }: HolderFields): Promise<void> {
    if (kind === 'viewer' || kind === 'script') return refresh(workspaceId)
    try {
      const { id } = await engine.request('heapDocumentOpen', { workspaceId, kind, title, ...sizes })
      if (holders.has(panelId)) change(panelId, { documentId: id, failure: null })
      else await engine.request('heapDocumentClose', { workspaceId, id })
    } catch (error) {
      change(panelId, { failure: failureOf(error) })
    }
    await refresh(workspaceId)
  }

  /** A tab for a console that the engine has made, of a lesson. */
  async function adopt(fields: HolderFields, documentId: string): Promise<void> {
    if (!holders.has(fields.panelId)) add(fields, documentId)
    await refresh(fields.workspaceId)
  }

  /** HeapDestroy; a lesson's process ends with its last tab. */
  async function close(panelId: string): Promise<void> {
    const holder = holders.get(panelId)
    if (holder === undefined) return
    holders.delete(panelId)
    const { workspaceId, documentId } = holder
    try {
      if (workspaceId !== MAIN_WORKSPACE && !all.value.some((other) => other.workspaceId === workspaceId)) {
        states.delete(workspaceId)
        await engine.request('workspaceEnd', { workspaceId })
        return
      }
      if (documentId !== null) await engine.request('heapDocumentClose', { workspaceId, id: documentId })
    } catch {
      // The engine was started again: the process is gone, and its heaps with it.
    }
    await refresh(workspaceId)
  }

  /** HeapDestroy and HeapCreate with other sizes, or after a failure. */
  async function reopen(panelId: string, sizes: HeapSizes): Promise<void> {
    const holder = holders.get(panelId)
    if (holder === undefined || holder.kind === 'viewer' || holder.kind === 'script') return
    const { workspaceId, documentId } = holder
    if (documentId !== null) await engine.request('heapDocumentClose', { workspaceId, id: documentId })
    change(panelId, { documentId: null, sizes })
    await create({ ...holder, sizes })
  }

  engine.onRestart(() => {
    states.clear()
    const failure = new HeapscapeError('engine-stopped', { detail: 'its simulated process began anew' }).toFailure()
    for (const holder of all.value) change(holder.panelId, { documentId: null, failure })
  })

  const state = (workspaceId: string): WorkspaceState | null => states.get(workspaceId) ?? null
  /** As the engine sees it now: undoing may have moved the heap. */
  const documentOf = (panelId: string): WorkspaceDocument | null => {
    const holder = holders.get(panelId)
    return holder === undefined ? null : (state(holder.workspaceId)?.documents.find(({ id }) => id === holder.documentId) ?? null)
  }

  function heaps(workspaceId: string): readonly ProcessHeap[] {
    const known = state(workspaceId)
    if (known === null) return []
    return known.heaps.map((summary) => {
      const document = known.documents.find(({ heap }) => heap === summary.handle && heap !== 0)
      const holder = document === undefined ? null : (all.value.find((one) => one.workspaceId === workspaceId && one.documentId === document.id) ?? null)
      if (holder !== null) return { summary, holder, mark: markColour(holder.mark), letter: String(holder.mark), title: holder.title }
      return { summary, holder, mark: NEUTRAL_MARK, letter: summary.isDefault ? 'D' : 'H', title: summary.isDefault ? 'Default heap' : (document?.title ?? summary.name) }
    })
  }
  const heapOf = (workspaceId: string, handle: Address): ProcessHeap | null => heaps(workspaceId).find(({ summary }) => summary.handle === handle) ?? null

  return { all, find: (panelId: string) => holders.get(panelId), state, heaps, heapOf, documentOf, open, adopt, close, reopen, refresh, switchVersion }
})
