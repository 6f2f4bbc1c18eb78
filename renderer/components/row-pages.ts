import { onScopeDispose, shallowRef, triggerRef, type ShallowRef } from 'vue'
import { isCancelled } from '../client/failure'

/*
 * Pages of a long list, fetched when rows become visible and kept as long as the query stands; when those are there, so
 * are their neighbours, for scrolling goes there next. Pages that scroll out of sight before they were answered are cancelled.
 */
export const PAGE_ROWS = 256
const PAGES_KEPT = 64

export type FetchPage<Page> = (offset: number, count: number, options: { readonly signal: AbortSignal }) => Promise<Page>

export interface RowPages<Page> {
  /** null before the first page of the first query. */
  readonly total: Readonly<ShallowRef<number | null>>
  readonly pending: Readonly<ShallowRef<boolean>>
  readonly error: Readonly<ShallowRef<unknown>>
  /** How many queries were begun when the one whose rows are there was; 0 before the first rows. */
  readonly shownQuery: Readonly<ShallowRef<number>>
  /** Page and place in it of a row, null while it is not there. Reactive. */
  find(row: number): { readonly page: Page; readonly index: number } | null
  /** Starts anew with another query; old rows stay until the new first page is there. */
  restart(fetch: FetchPage<Page>): void
  need(from: number, to: number): void
}

function abandoned(underWay: ReadonlyMap<number, AbortController>): Map<number, AbortController> {
  for (const controller of underWay.values()) controller.abort()
  return new Map()
}

/** `rowsOf` counts the rows of a page; `accepted` is told of each page that came. */
export function useRowPages<Page extends { readonly total: number }>(rowsOf: (page: Page) => number, accepted: (page: Page) => void = () => undefined): RowPages<Page> {
  const pages = shallowRef(new Map<number, Page>())
  const total = shallowRef<number | null>(null)
  const pending = shallowRef(false)
  const error = shallowRef<unknown>(null)
  const shownQuery = shallowRef(0)
  let queries = 0
  let fetchPage: FetchPage<Page> | null = null
  let underWay = new Map<number, AbortController>()
  let visible = { from: 0, to: PAGE_ROWS }
  /** Pages still belong to the query before. */
  let stale = false

  function restart(fetch: FetchPage<Page>): void {
    fetchPage = fetch
    queries++
    underWay = abandoned(underWay)
    stale = true
    request()
  }

  function need(from: number, to: number): void {
    visible = { from, to: Math.max(to, from + 1) }
    request()
  }

  function request(): void {
    if (fetchPage === null) return
    const first = Math.floor(visible.from / PAGE_ROWS)
    const last = Math.floor((visible.to - 1) / PAGE_ROWS)
    for (const [index, controller] of underWay) {
      if (index >= first - 1 && index <= last + 1) continue
      controller.abort()
      underWay.delete(index)
    }
    const before = underWay.size
    for (let index = first; index <= last; index++) {
      if (!underWay.has(index) && (stale || !pages.value.has(index))) void load(index, fetchPage)
    }
    pending.value = underWay.size > before || isAwaited(first, last)
    if (pending.value || stale || total.value === null) return
    for (const index of [last + 1, first - 1]) {
      if (index >= 0 && index * PAGE_ROWS < total.value && !underWay.has(index) && !pages.value.has(index)) void load(index, fetchPage)
    }
  }

  const isAwaited = (first: number, last: number): boolean => [...underWay.keys()].some((index) => index >= first && index <= last)

  async function load(index: number, fetch: FetchPage<Page>): Promise<void> {
    const controller = new AbortController()
    underWay.set(index, controller)
    try {
      const page = await fetch(index * PAGE_ROWS, PAGE_ROWS, { signal: controller.signal })
      if (underWay.get(index) === controller) accept(index, page)
    } catch (failure) {
      if (underWay.get(index) === controller && !isCancelled(failure)) error.value = failure
    } finally {
      if (underWay.get(index) === controller) {
        underWay.delete(index)
        // Also brings the neighbours of what has come.
        if (!stale && error.value === null) request()
        else pending.value = underWay.size > 0
      }
    }
  }

  function accept(index: number, page: Page): void {
    if (stale) pages.value = new Map()
    stale = false
    shownQuery.value = queries
    error.value = null
    pages.value.set(index, page)
    for (const old of pages.value.keys()) {
      if (pages.value.size <= PAGES_KEPT) break
      if (Math.abs(old - index) > 2) pages.value.delete(old)
    }
    total.value = page.total
    accepted(page)
    triggerRef(pages)
  }

  function find(row: number): { page: Page; index: number } | null {
    const page = pages.value.get(Math.floor(row / PAGE_ROWS))
    const index = row % PAGE_ROWS
    return page === undefined || index >= rowsOf(page) ? null : { page, index }
  }

  onScopeDispose(() => (underWay = abandoned(underWay)))
  return { total, pending, error, shownQuery, find, restart, need }
}
