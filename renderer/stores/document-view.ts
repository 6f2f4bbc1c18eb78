import { defineStore } from 'pinia'
import { reactive } from 'vue'
import type { BlockColumn } from '../../shared/analysis/block-columns'
import { bookmarkAt, noteLine, orderedBookmarks, reversed, withChange, type Bookmark, type BookmarkChange } from '../../shared/analysis/bookmarks'
import { readViewText, viewText, type ViewChoices } from '../../shared/analysis/view-text'
import type { BlockFilter, BlockQuery } from '../../shared/analysis/block-query'
import type { Address, EventNumber } from '../../shared/base/units'
import type { DocumentId, DocumentSummary } from '../../shared/ipc/engine-api'
import type { ViewState } from '../../shared/ipc/view-state'

/** A document may be looked at in several tabs, each with a view of its own. The first view has its document's id. */
export type ViewId = string

/** A view as it was when its document closed under it, or when the program ended. */
export interface LeftView {
  readonly number: number
  readonly state: ViewState
}

/** Number 1 is the view a document opens with. */
export const viewIdOf = (documentId: DocumentId, number: number): ViewId => (number === 1 ? documentId : `${documentId}/${number}`)

/*
 * What one tab of a run or snapshot is looking at: the one truth that its timeline, map, table, inspector and chips show.
 * Views read these fields and change them only through the functions below.
 */
export interface DocumentView {
  readonly id: ViewId
  readonly number: number
  readonly documentId: DocumentId
  /** Number of events of the run; null for a snapshot. */
  readonly events: EventNumber | null
  /** Event shown, 0..events; null for a snapshot. */
  event: EventNumber | null
  selectedAddress: Address | null
  filter: BlockFilter
  sort: BlockColumn
  descending: boolean
  /** Columns of the block table; null: those it begins with. */
  columns: readonly BlockColumn[] | null
  map: ViewChoices
  /** Tab of the lists, and kind of the timeline; null: the first there is. */
  list: string | null
  timeline: string | null
  /** What all views of the document have in common. */
  readonly shared: DocumentNotes
  /** Views to go back to, and forward again to. */
  past: readonly ViewStep[]
  future: readonly ViewStep[]
  /** Places left by a jump, and those left by going back. */
  back: readonly Place[]
  ahead: readonly Place[]
}

export interface DocumentNotes {
  /** In order of events. */
  bookmarks: readonly Bookmark[]
}

type Place = Pick<DocumentView, 'event' | 'selectedAddress'>

/** What undo brings back: the view before a change, and what the change did to the bookmarks, which other views may have changed since. */
type ViewStep = Pick<DocumentView, 'event' | 'selectedAddress' | 'filter' | 'sort' | 'descending'> & { readonly marks: readonly BookmarkChange[] }

const MOST_STEPS = 100

/** A move only passes by: a step, a drag, playing. What a jump leaves can be gone back to. */
export type Movement = 'jump' | 'move'

export interface DocumentViewActions {
  readonly view: Readonly<DocumentView>
  /** Clamps to the run. */
  setEvent(event: EventNumber, movement?: Movement): void
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
  /** Goes to the place the last jump left, or forward again; false when there is none. */
  goBack(): boolean
  goAhead(): boolean
  /** Sets or changes the bookmark at an event; the note becomes one line. */
  setBookmark(event: EventNumber, note: string): void
  removeBookmark(event: EventNumber): void
  /** Changes some choices of the map; null forgets one. */
  chooseMap(choices: Readonly<Record<string, string | number | boolean | null>>): void
  /** Columns of the block table; null: those it begins with. */
  chooseColumns(columns: readonly BlockColumn[] | null): void
  showList(list: string): void
  showTimeline(timeline: string): void
  /** The view as text that `show` understands, here and in another window. */
  text(): string
  /** Shows what a text says. @throws HeapscapeError `view-text-invalid`, `pattern-invalid` */
  show(text: string): void
}

const firstView = (number: number, documentId: DocumentId, shared: DocumentNotes): DocumentView => ({
  id: viewIdOf(documentId, number), number, documentId, events: null, event: null, selectedAddress: null, filter: {}, sort: 'address', descending: false, columns: null, map: {}, list: null, timeline: null,
  shared, past: [], future: [], back: [], ahead: [],
})

/** Where a document opens: where it was left, else the moment its footprint is largest (what fragmentation costs shows there). */
export function initialView(summary: DocumentSummary, number = 1, shared: DocumentNotes = { bookmarks: [] }, state: ViewState | null = summary.view): DocumentView {
  const view: DocumentView = {
    ...firstView(number, summary.id, shared),
    selectedAddress: state?.selectedAddress ?? null, filter: state?.filter ?? {}, sort: state?.sort ?? 'address', descending: state?.descending ?? false,
    columns: state?.columns ?? null, map: state?.map ?? {}, list: state?.list ?? null, timeline: state?.timeline ?? null,
  }
  if (summary.kind !== 'run') return view
  return { ...view, events: summary.events, event: clamp(state?.event ?? summary.jumps.peakFootprint, summary.events) }
}

const clamp = (event: EventNumber, events: EventNumber): EventNumber => Math.min(events, Math.max(0, Math.round(event)))

/** What is worth keeping of a view; what is as in a new one is left out. */
function stateOfView({ event, selectedAddress, filter, sort, descending, columns, map, list, timeline, shared }: DocumentView): ViewState {
  return {
    ...(event === null ? {} : { event }),
    selectedAddress,
    ...(Object.keys(filter).length === 0 ? {} : { filter: { ...filter } }),
    ...(sort === 'address' && !descending ? {} : { sort, descending }),
    ...(columns === null ? {} : { columns: [...columns] }),
    ...(Object.keys(map).length === 0 ? {} : { map: { ...map } }),
    ...(list === null ? {} : { list }),
    ...(timeline === null ? {} : { timeline }),
    ...(shared.bookmarks.length === 0 ? {} : { bookmarks: shared.bookmarks.map((mark) => ({ ...mark })) }),
  }
}

export const useDocumentViews = defineStore('document-views', () => {
  const views = reactive(new Map<ViewId, DocumentView>())
  const notes = new Map<DocumentId, DocumentNotes>()

  function notesOf(documentId: DocumentId): DocumentNotes {
    if (!notes.has(documentId)) notes.set(documentId, reactive({ bookmarks: [] }))
    return notes.get(documentId)!
  }

  /** Makes the view of that number, unless it is there; it begins with `state`. */
  function open(summary: DocumentSummary, number = 1, state: ViewState | null = summary.view): void {
    const id = viewIdOf(summary.id, number)
    if (views.has(id)) return
    const shared = notesOf(summary.id)
    shared.bookmarks = orderedBookmarks([...(state?.bookmarks ?? []).filter(({ event }) => summary.kind === 'run' && event <= summary.events), ...shared.bookmarks])
    views.set(id, initialView(summary, number, shared, state))
  }

  /** Also makes a view for an id never opened, so that a component never has to deal with its absence. */
  function of(id: ViewId): DocumentView {
    if (!views.has(id)) {
      const [documentId, number] = id.split('/')
      views.set(id, firstView(Number(number ?? 1), documentId!, notesOf(documentId!)))
    }
    return views.get(id)!
  }

  function stateOf(id: ViewId): ViewState {
    const view = views.get(id)
    return view === undefined ? { selectedAddress: null } : stateOfView(view)
  }

  /** All views of a document, in order of their numbers. */
  const leftOf = (documentId: DocumentId): readonly LeftView[] => [...views.values()].filter((view) => view.documentId === documentId)
    .sort((a, b) => a.number - b.number).map((view) => ({ number: view.number, state: stateOfView(view) }))

  /** Forgets one view, and all of a document with the document. */
  const closeView = (id: ViewId): void => void views.delete(id)
  function close(documentId: DocumentId): void {
    for (const view of [...views.values()]) if (view.documentId === documentId) views.delete(view.id)
    notes.delete(documentId)
  }

  return { open, of, stateOf, leftOf, closeView, close }
})

function withoutMembers(filter: BlockFilter, members: readonly (keyof BlockFilter)[]): BlockFilter {
  return Object.fromEntries(Object.entries(filter).filter(([name]) => !members.includes(name as keyof BlockFilter)))
}

/** One view; `view` is reactive. */
export function useDocumentView(id: ViewId): DocumentViewActions {
  const view = useDocumentViews().of(id)
  const { change, travel } = historyOf(view)
  const { setEvent, goBack, goAhead } = placesOf(view)
  const setFilter = (filter: BlockFilter): void => {
    if (JSON.stringify(filter) !== JSON.stringify(view.filter)) change({ filter })
  }
  const markChange = (event: EventNumber, after: Bookmark | null): BookmarkChange[] => {
    const before = bookmarkAt(view.shared.bookmarks, event)
    return before?.note === after?.note ? [] : [{ event, before, after }]
  }
  return {
    view,
    setEvent,
    stepEvent: (by) => setEvent((view.event ?? 0) + by, 'move'),
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
    goBack,
    goAhead,
    setBookmark: (event, note) => {
      if (view.events === null) return
      const at = clamp(event, view.events)
      change({}, markChange(at, { event: at, note: noteLine(note) }))
    },
    removeBookmark: (event) => change({}, markChange(event, null)),
    chooseMap: (choices) => (view.map = Object.fromEntries(Object.entries({ ...view.map, ...choices }).filter((entry): entry is [string, string | number | boolean] => entry[1] !== null))),
    chooseColumns: (columns) => (view.columns = columns),
    showList: (list) => (view.list = list),
    showTimeline: (timeline) => (view.timeline = timeline),
    text: () => viewText({ sort: 'address', descending: false, filter: {}, selectedAddress: null, ...stateOfView(view) }),
    show: (text) => {
      const { event, selectedAddress, sort, descending, filter, bookmarks, ...choices } = readViewText(text)
      const inside = (bookmarks ?? []).filter((mark) => view.events !== null && mark.event <= view.events)
      change({ filter, sort, descending }, inside.flatMap((mark) => markChange(mark.event, mark)))
      if (event !== undefined) setEvent(event)
      Object.assign(view, { selectedAddress, ...choices })
    },
  }
}

/** Filter, order and bookmarks change only here, so that every change can be undone. */
function historyOf(view: DocumentView): {
  change(next: Partial<Pick<DocumentView, 'filter' | 'sort' | 'descending'>>, marks?: readonly BookmarkChange[]): void
  travel(from: 'past' | 'future', to: 'past' | 'future'): boolean
} {
  const step = (marks: readonly BookmarkChange[]): ViewStep =>
    ({ event: view.event, selectedAddress: view.selectedAddress, filter: view.filter, sort: view.sort, descending: view.descending, marks })
  const mark = (changes: readonly BookmarkChange[]): void => {
    for (const one of changes) view.shared.bookmarks = withChange(view.shared.bookmarks, one)
  }
  return {
    change: (next, marks = []) => {
      if (marks.length === 0 && Object.keys(next).length === 0) return
      view.past = [...view.past, step(marks)].slice(-MOST_STEPS)
      view.future = []
      Object.assign(view, next)
      mark(marks)
    },
    travel: (from, to) => {
      const target = view[from].at(-1)
      if (target === undefined) return false
      const { marks, ...place } = target
      view[to] = [...view[to], step(marks)]
      view[from] = view[from].slice(0, -1)
      Object.assign(view, place)
      mark(from === 'past' ? marks.map(reversed).reverse() : marks)
      return true
    },
  }
}

/** Where the reader was: as in a browser, a jump leaves a place that can be gone back to. */
function placesOf(view: DocumentView): { setEvent(event: EventNumber, movement?: Movement): void; goBack(): boolean; goAhead(): boolean } {
  const place = (): Place => ({ event: view.event, selectedAddress: view.selectedAddress })
  const travel = (from: 'back' | 'ahead', to: 'back' | 'ahead'): boolean => {
    const target = view[from].at(-1)
    if (target === undefined) return false
    view[to] = [...view[to], place()]
    view[from] = view[from].slice(0, -1)
    Object.assign(view, target)
    return true
  }
  return {
    setEvent: (event, movement = 'jump') => {
      if (view.events === null) return
      const next = clamp(event, view.events)
      if (next === view.event) return
      if (movement === 'jump') {
        view.back = [...view.back, place()].slice(-MOST_STEPS)
        view.ahead = []
      }
      view.event = next
    },
    goBack: () => travel('back', 'ahead'),
    goAhead: () => travel('ahead', 'back'),
  }
}
