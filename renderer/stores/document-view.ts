import { defineStore } from 'pinia'
import { reactive } from 'vue'
import type { BlockColumn } from '../../shared/analysis/block-columns'
import { readViewText, viewText } from '../../shared/analysis/view-text'
import type { BlockFilter, BlockQuery } from '../../shared/analysis/block-query'
import type { Address, EventNumber } from '../../shared/base/units'
import type { DocumentId, DocumentSummary, ViewState } from '../../shared/ipc/engine-api'

/*
 * What a run or snapshot document is looking at: the one truth that its timeline, map, table, inspector and chips show.
 * Views read these fields and change them only through the functions below.
 */
export interface DocumentView {
  readonly documentId: DocumentId
  /** Number of events of the run; null for a snapshot. */
  readonly events: EventNumber | null
  /** Event shown, 0..events; null for a snapshot. */
  event: EventNumber | null
  selectedAddress: Address | null
  filter: BlockFilter
  sort: BlockColumn
  descending: boolean
  /** Views to go back to, and forward again to. */
  past: readonly ViewStep[]
  future: readonly ViewStep[]
}

/** What undo brings back. */
type ViewStep = Pick<DocumentView, 'event' | 'selectedAddress' | 'filter' | 'sort' | 'descending'>

const MOST_STEPS = 100

export interface DocumentViewActions {
  readonly view: Readonly<DocumentView>
  /** Clamps to the run. */
  setEvent(event: EventNumber): void
  stepEvent(by: number): void
  select(address: Address | null): void
  /** Replaces the whole filter. */
  setFilter(filter: BlockFilter): void
  /** Removes members of the filter, for instance both ends of a size range. */
  clearFilter(...members: (keyof BlockFilter)[]): void
  /** Keeps or drops one BlockState; dropping the last shows all states again. */
  toggleState(state: number, allStates: readonly number[]): void
  /** Sorts by the column, or turns the direction when it is sorted by it already. */
  sortBy(column: BlockColumn, descending?: boolean): void
  /** The query of the current filter and order, as a plain object. */
  query(): BlockQuery
  /** Goes back to the view before the last change of filter or order; false when there is none. */
  undo(): boolean
  redo(): boolean
  /** The view as text that `show` understands, here and in another window. */
  text(): string
  /** Shows what a text says. @throws HeapscapeError `view-text-invalid`, `pattern-invalid` */
  show(text: string): void
}

const firstView = (documentId: DocumentId): DocumentView => ({
  documentId, events: null, event: null, selectedAddress: null, filter: {}, sort: 'address', descending: false, past: [], future: [],
})

/** Where a document opens: where it was left, else the moment its footprint is largest (what fragmentation costs shows there). */
export function initialView(summary: DocumentSummary): DocumentView {
  const view = firstView(summary.id)
  if (summary.kind !== 'run') return { ...view, selectedAddress: summary.view?.selectedAddress ?? null }
  const event = clamp(summary.view?.event ?? summary.jumps.peakFootprint, summary.events)
  return { ...view, events: summary.events, event, selectedAddress: summary.view?.selectedAddress ?? null }
}

const clamp = (event: EventNumber, events: EventNumber): EventNumber => Math.min(events, Math.max(0, Math.round(event)))

export const useDocumentViews = defineStore('document-views', () => {
  const views = reactive(new Map<DocumentId, DocumentView>())

  function open(summary: DocumentSummary): void {
    if (!views.has(summary.id)) views.set(summary.id, initialView(summary))
  }

  /** Also makes a view for an id never opened, so that a component never has to deal with its absence. */
  function of(documentId: DocumentId): DocumentView {
    if (!views.has(documentId)) views.set(documentId, firstView(documentId))
    return views.get(documentId)!
  }

  function stateOf(documentId: DocumentId): ViewState {
    const view = views.get(documentId)
    if (view === undefined || view.event === null) return { selectedAddress: view?.selectedAddress ?? null }
    return { event: view.event, selectedAddress: view.selectedAddress }
  }

  return { open, of, stateOf, close: (documentId: DocumentId) => void views.delete(documentId) }
})

function withoutMembers(filter: BlockFilter, members: readonly (keyof BlockFilter)[]): BlockFilter {
  return Object.fromEntries(Object.entries(filter).filter(([name]) => !members.includes(name as keyof BlockFilter)))
}

/** The view of one document; `view` is reactive. */
export function useDocumentView(documentId: DocumentId): DocumentViewActions {
  const view = useDocumentViews().of(documentId)
  const setEvent = (event: EventNumber): void => {
    if (view.events !== null) view.event = clamp(event, view.events)
  }
  const step = (): ViewStep => ({ event: view.event, selectedAddress: view.selectedAddress, filter: view.filter, sort: view.sort, descending: view.descending })
  /** Filter and order change only here, so that every change can be undone. */
  const change = (next: Partial<Pick<DocumentView, 'filter' | 'sort' | 'descending'>>): void => {
    view.past = [...view.past, step()].slice(-MOST_STEPS)
    view.future = []
    Object.assign(view, next)
  }
  const travel = (from: 'past' | 'future', to: 'past' | 'future'): boolean => {
    const target = view[from].at(-1)
    if (target === undefined) return false
    view[to] = [...view[to], step()]
    view[from] = view[from].slice(0, -1)
    Object.assign(view, target)
    return true
  }
  const setFilter = (filter: BlockFilter): void => {
    if (JSON.stringify(filter) !== JSON.stringify(view.filter)) change({ filter })
  }
  return {
    view,
    setEvent,
    stepEvent: (by) => setEvent((view.event ?? 0) + by),
    select: (address) => (view.selectedAddress = address),
    setFilter,
    clearFilter: (...members) => setFilter(withoutMembers(view.filter, members)),
    toggleState: (state, allStates) => {
      const shown = view.filter.states ?? allStates
      const next = shown.includes(state) ? shown.filter((other) => other !== state) : [...shown, state].sort((a, b) => a - b)
      const isAll = next.length === 0 || next.length === allStates.length
      setFilter(isAll ? withoutMembers(view.filter, ['states']) : { ...view.filter, states: next })
    },
    sortBy: (column, descending) => change({ sort: column, descending: descending ?? (view.sort === column ? !view.descending : column !== 'address') }),
    query: () => ({ sort: view.sort, descending: view.descending, filter: { ...view.filter } }),
    undo: () => travel('past', 'future'),
    redo: () => travel('future', 'past'),
    text: () => viewText({ ...(view.event === null ? {} : { event: view.event }), selectedAddress: view.selectedAddress, sort: view.sort, descending: view.descending, filter: view.filter }),
    show: (text) => {
      const { event, selectedAddress, sort, descending, filter } = readViewText(text)
      change({ filter, sort, descending })
      view.selectedAddress = selectedAddress
      if (event !== undefined) setEvent(event)
    },
  }
}
