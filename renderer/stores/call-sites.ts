import { computed, type ComputedRef, type Ref } from 'vue'
import type { Failure } from '../../shared/base/errors'
import type { DocumentId } from '../../shared/ipc/engine-api'
import { failureOf, isCancelled } from '../client/failure'
import { engineSites } from '../client/sites'
import type { Command } from './commands'
import { useDialogs } from './dialogs'
import { useDocumentView, type ViewId } from './document-view'
import { useDocuments } from './documents'

/** The part of a call-sites panel that commands need; null while it is not shown. */
export interface SitePanelHandle {
  focus(): void
  search(): void
  show(shape: 'flame' | 'tree'): void
  flip(): void
  turn(): void
  whole(): void
  filterBySelected(): void
  save(form: 'svg' | 'csv'): Promise<void>
}

/** What every document binds its panel of call sites to: `props` and `listeners` of CallSites.vue, and the commands. */
export interface CallSitesBinding {
  readonly props: ComputedRef<{
    readonly source: ReturnType<typeof engineSites>
    readonly event: number | null
    readonly filter: string
    readonly title: string
    readonly others: readonly { readonly id: string; readonly title: string }[]
    readonly failureOf: (error: unknown) => Failure | null
  }>
  readonly listeners: {
    readonly filter: (text: string) => void
    readonly copy: (text: string) => void
    readonly failed: (error: unknown) => void
  }
  /** `open` brings the panel to the front. */
  commands(open: () => void): Command[]
}

const shownFailure = (error: unknown): Failure | null => (error === null || isCancelled(error) ? null : failureOf(error))

export function useCallSites({ documentId, viewId }: { readonly documentId: DocumentId; readonly viewId: ViewId }, panel: Ref<SitePanelHandle | undefined>, event: () => number | null): CallSitesBinding {
  const documents = useDocuments()
  const dialogs = useDialogs()
  const actions = useDocumentView(viewId)
  const source = engineSites(documentId)
  const setFilter = (text: string): void => (text === '' ? actions.clearFilter('sites') : actions.setFilter({ ...actions.view.filter, sites: text }))
  const props = computed(() => ({
    source,
    event: event(),
    filter: actions.view.filter.sites ?? '',
    title: documents.byDocument(documentId)?.title ?? '',
    others: documents.opened.flatMap(({ title, summary }) => (summary === null || summary.id === documentId ? [] : [{ id: summary.id, title }])),
    failureOf: shownFailure,
  }))

  function commands(open: () => void): Command[] {
    const hasPanel = (): boolean => panel.value !== undefined
    const command = (id: string, title: string, run: () => unknown, keys?: string): Command => ({ id, title, group: 'Call sites', enabled: hasPanel, run, ...(keys === undefined ? {} : { keys: [keys] }) })
    return [
      { id: 'sites.show', title: 'Show the call sites', group: 'Call sites', keys: ['$mod+Shift+KeyF'], run: open },
      command('sites.flame', 'Show call sites as a flame graph', () => panel.value?.show('flame')),
      command('sites.tree', 'Show call sites as a tree', () => panel.value?.show('tree')),
      command('sites.turn', 'Turn between top-down and bottom-up', () => panel.value?.turn(), '$mod+Shift+KeyU'),
      command('sites.flip', 'Put the root at the foot, or at the top', () => panel.value?.flip()),
      command('sites.whole', 'Zoom out to all call sites', () => panel.value?.whole()),
      command('sites.search', 'Search functions', () => panel.value?.search(), '$mod+KeyF'),
      command('sites.filterSelected', 'Only paths through the selected function', () => panel.value?.filterBySelected(), '$mod+Shift+KeyO'),
      { id: 'sites.clearFilter', title: 'Remove the site filter', group: 'Call sites', enabled: () => actions.view.filter.sites !== undefined, run: () => setFilter('') },
      command('sites.saveSvg', 'Save the flame graph as SVG', () => panel.value?.save('svg')),
      command('sites.saveCsv', 'Save the call sites shown as CSV', () => panel.value?.save('csv')),
    ]
  }

  return {
    props,
    listeners: {
      filter: setFilter,
      copy: (text) => void navigator.clipboard.writeText(text),
      failed: (error) => dialogs.report('The call sites were not saved', failureOf(error)),
    },
    commands,
  }
}
