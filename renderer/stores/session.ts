import { defineStore } from 'pinia'
import { shallowRef, watch } from 'vue'
import type { LastSession, SessionItem } from '../../shared/ipc/session-items'
import type { OpenedSource } from '../../shared/ipc/host-api'
import { host } from '../client/host-client'
import { useDock } from './dock'
import { useDocumentViews } from './document-view'
import { useDocuments, type DocumentEntry, type DocumentOrigin } from './documents'
import { sessionItems, unkeptTitles } from './session-items'

/** Documents open and close in bursts; one record per burst. */
const KEEP_AFTER_MS = 300
/** Views of a document that are kept. */
const MOST_VIEWS = 16
/** Titles of what cannot be made again, and characters of one; the question at closing names a few. */
const MOST_UNKEPT = 1000
const LONGEST_TITLE = 200

/** What is open, kept so that it can be made again after a crash, and what was open before. */
export const useSession = defineStore('session', () => {
  const documents = useDocuments()
  const dock = useDock()
  const documentViews = useDocumentViews()
  const last = shallowRef<LastSession | null>(null)
  let timer: ReturnType<typeof setTimeout> | null = null

  const viewsOf = ({ summary, left }: DocumentEntry) => (summary === null ? left : documentViews.leftOf(summary.id)).slice(0, MOST_VIEWS).map(({ state }) => state)
  const load = async (): Promise<void> => void (last.value = await host.lastSession())

  /** Keeps a record from now on. */
  function keep(): void {
    const now = () => ({ items: sessionItems(documents.all, viewsOf), unkept: unkeptTitles(documents.all).slice(0, MOST_UNKEPT).map((title) => title.slice(0, LONGEST_TITLE)) })
    watch(() => JSON.stringify(now()), () => {
      if (timer !== null) clearTimeout(timer)
      // A record that cannot be written is told by main, and stops nothing here.
      timer = setTimeout(() => void host.keepSession(now()).catch(() => undefined), KEEP_AFTER_MS)
    })
  }

  /** Opens what was open before; each in its tab, which says so where a file is gone. */
  async function restore(): Promise<void> {
    last.value = null
    const items = await host.restoreSession()
    const opened: { readonly entryId: string; readonly origin: DocumentOrigin }[] = []
    const loads: Promise<void>[] = []
    for (const item of items) {
      const origin = originOf(item, opened)
      const left = (item.views ?? []).map((state, at) => ({ number: at + 1, state }))
      const { entryId, loaded } = documents.open(origin, left)
      opened.push({ entryId, origin })
      loads.push(loaded)
      const entry = documents.find(entryId)!
      dock.showEntry(entry)
      for (const { number } of left.slice(1)) dock.showView(entry, number)
    }
    await Promise.all(loads)
  }

  return { last, load, keep, restore }
})

function originOf(item: SessionItem<OpenedSource>, opened: readonly { readonly entryId: string; readonly origin: DocumentOrigin }[]): DocumentOrigin {
  if (item.kind === 'workload') return { kind: item.kind, workload: item.workload }
  if (item.kind === 'source') {
    const { source, kind, views: _, ...part } = item
    return { kind, source, part }
  }
  const { kind, input, views: _, ...request } = item
  if ('workload' in input) return { kind, request: { ...request, input }, input: null }
  const made = opened[input.item]!
  // Its document gets an id when it is open; documents.ts puts it in then.
  return { kind, request: { ...request, input: { documentId: '' } }, input: made }
}
