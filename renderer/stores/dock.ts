import { defineStore } from 'pinia'
import type { DockviewApi, IDockviewPanel } from 'dockview-vue'
import { computed, ref, shallowRef, watch } from 'vue'
import { useDocumentViews, viewIdOf, type ViewId } from './document-view'
import type { DocumentId } from '../../shared/ipc/engine-api'
import { COMPARISON_PREFIX, useDocuments, type DocumentEntry } from './documents'
import { useComparisons } from './comparisons'
import { describeComparison } from './document-titles'
import type { ComparePanelParams, ConsolePanelParams, LessonsPanelParams, QueryPanelParams, SimulatePanelParams, WalkerPanelParams, WhatIfPanelParams } from './panel-params'
import { MAIN_WORKSPACE, useWorkspace } from './workspace'

/*
 * Which tabs there are and where. Panel ids: `start`, `lessons`, an entry's id, a comparison's id, and `simulate-1`,
 * `console-2`, `walker-3`, ...: each is a document of its own. `entry-1/2` shows the second view of what `entry-1` shows.
 * Panel components (shell/DockArea.vue): those names, `document` (params: entryId, viewNumber), `compare` (params: a, b).
 */
export const entryIdOf = (panelId: string): string => panelId.split('/')[0]!
export const viewNumberOf = (panelId: string): number => Number(panelId.split('/')[1] ?? 1)
const panelIdOf = (entryId: string, number: number): string => viewIdOf(entryId, number)

/** Behind the title; '' for the view a document opens with. */
export const viewText = (number: number): string => (number === 1 ? '' : ` (view ${number})`)
export const panelTitle = ({ title }: DocumentEntry, number: number): string => `${title}${viewText(number)}`

const FLOAT = { width: 760, height: 520 }
const POPOUT_PAGE = '/popout.html'

export const useDock = defineStore('dock', () => {
  const documents = useDocuments()
  const workspace = useWorkspace()
  const comparisonSets = useComparisons()
  const views = useDocumentViews()
  const api = shallowRef<DockviewApi | null>(null)
  const activeId = ref<string | null>(null)
  const panelIds = ref<readonly string[]>([])

  const refresh = (): void => {
    activeId.value = api.value?.activePanel?.id ?? null
    panelIds.value = api.value?.panels.map((panel) => panel.id) ?? []
  }

  /** Takes the dock into use; called once it is ready. */
  function attach(dock: DockviewApi): void {
    api.value = dock
    dock.onDidActivePanelChange(refresh)
    dock.onDidAddPanel(refresh)
    dock.onDidRemovePanel((panel) => {
      refresh()
      // A panel that is moved between groups is not removed; this one is gone for good.
      closePanelOfEntry(panel.id)
      documents.closeComparison(panel.id)
      comparisonSets.close(panel.id)
      void workspace.close(panel.id)
    })
    watch(() => documents.comparisons, closeEndedComparisons)
    refresh()
  }

  const panelsOf = (entryId: string): IDockviewPanel[] => api.value?.panels.filter(({ id }) => entryIdOf(id) === entryId) ?? []

  /** The document ends with the last of its views. */
  function closePanelOfEntry(panelId: string): void {
    const entryId = entryIdOf(panelId)
    const summary = documents.find(entryId)?.summary ?? null
    if (panelsOf(entryId).length === 0) documents.close(entryId)
    else if (summary !== null) views.closeView(viewIdOf(summary.id, viewNumberOf(panelId)))
  }

  /** A comparison ends with either of its runs. */
  function closeEndedComparisons(): void {
    const ended = api.value?.panels.filter((panel) => panel.id.startsWith(COMPARISON_PREFIX) && !documents.comparisons.some(({ id }) => id === panel.id))
    ended?.forEach((panel) => panel.api.close())
  }

  /** A tab made in this window belongs into it, also while the group used last has a window of its own. */
  function groupHere(dock: DockviewApi) {
    if (dock.activeGroup?.api.location.type !== 'popout' || !document.hasFocus()) return {}
    const referenceGroup = dock.groups.find((group) => group.api.location.type === 'grid')
    return referenceGroup === undefined ? {} : { position: { referenceGroup } }
  }

  function show(id: string, component: string, title: string, params: Record<string, unknown>): void {
    const dock = api.value
    if (dock === null) return
    const panel = dock.getPanel(id)
    if (panel === undefined) dock.addPanel({ id, component, title, params, ...groupHere(dock) })
    else {
      panel.api.updateParameters(params)
      panel.api.setActive()
    }
  }

  const showStart = (): void => show('start', 'start', 'Start', {})
  /** The least number no tab of this kind has: layouts are restored with the numbers they had. */
  function free(kind: string): number {
    let number = 1
    while (api.value?.getPanel(`${kind}-${number}`) !== undefined) number++
    return number
  }

  function showNew(kind: 'simulate' | 'console' | 'walker' | 'comparison' | 'whatIf' | 'query', title: string, params: object): string {
    const number = free(kind)
    show(`${kind}-${number}`, kind, number === 1 && (kind === 'walker' || kind === 'whatIf' || kind === 'query') ? title : `${title} ${number}`, { ...params })
    return `${kind}-${number}`
  }

  const showSimulate = (params: SimulatePanelParams = {}): void => void showNew('simulate', 'Simulate', params)
  const showConsole = (params: ConsolePanelParams = { workspaceId: MAIN_WORKSPACE }): string => showNew('console', 'Console', params)
  /** A console under a name of its own: of a script file, of a lesson. */
  function showScript(title: string, params: ConsolePanelParams): string {
    const id = `console-${free('console')}`
    show(id, 'console', title, { ...params })
    return id
  }
  const showWalker = (params: WalkerPanelParams = { workspaceId: MAIN_WORKSPACE }): string => showNew('walker', 'ProcessWalker', params)
  const showLive = (): void => show('live', 'live', 'Running processes', {})
  const showWhatIf = (params: WhatIfPanelParams = {}): string => showNew('whatIf', 'What if', params)
  const showQuery = (params: QueryPanelParams = {}): string => showNew('query', 'Query', params)
  const showLessons = (params: LessonsPanelParams = {}): void => show('lessons', 'lessons', 'Lessons', { ...params })
  const showComparison = (): string => showNew('comparison', 'Comparison set', {})
  const showView = (entry: DocumentEntry, viewNumber: number): void => show(panelIdOf(entry.id, viewNumber), 'document', panelTitle(entry, viewNumber), { entryId: entry.id, viewNumber })
  /** One of its views, that in front where there is one. */
  function showEntry(entry: DocumentEntry): void {
    const panel = panelsOf(entry.id).sort((a, b) => Number(b.api.isVisible) - Number(a.api.isVisible))[0]
    showView(entry, panel === undefined ? 1 : viewNumberOf(panel.id))
  }

  /** Another tab of the document in front, which begins with what that one shows and then goes its own way. */
  function showAnotherView(): void {
    const entry = activeEntry.value
    if (!entry?.summary || activeViewId.value === null) return
    const taken = new Set(panelsOf(entry.id).map(({ id }) => viewNumberOf(id)))
    let number = 1
    while (taken.has(number)) number++
    views.open(entry.summary, number, views.stateOf(activeViewId.value))
    showView(entry, number)
  }

  function showDocument(documentId: DocumentId): void {
    const entry = documents.byDocument(documentId)
    if (entry !== undefined) showEntry(entry)
  }

  function showCompare(params: ComparePanelParams): void {
    const comparison = documents.compare(params.a, params.b)
    // What is no run is a dump: the engine refuses other pairs.
    const component = documents.run(params.a) === undefined ? 'dumpCompare' : 'compare'
    show(comparison.id, component, describeComparison(comparison, documents.run, (id) => documents.byDocument(id)?.title), { ...params })
  }

  const activePanel = (): IDockviewPanel | undefined => api.value?.activePanel

  function floatActive(): void {
    const panel = activePanel()
    if (panel === undefined) return
    if (panel.api.location.type === 'grid') api.value?.addFloatingGroup(panel, FLOAT)
    else dockBack(panel)
  }

  async function popOutActive(): Promise<void> {
    const panel = activePanel()
    if (panel === undefined) return
    if (panel.api.location.type === 'popout') dockBack(panel)
    else await api.value?.addPopoutGroup(panel, { popoutUrl: POPOUT_PAGE })
  }

  /** Back into the first group of the grid, or into a new one. */
  function dockBack(panel: IDockviewPanel): void {
    const dock = api.value
    if (dock === null) return
    const group = dock.groups.find((candidate) => candidate.api.location.type === 'grid') ?? dock.addGroup()
    panel.api.moveTo({ group })
  }

  /** The next (+1) or previous (-1) tab over all groups, in their order. */
  function step(by: 1 | -1): void {
    const panels = api.value?.panels ?? []
    if (panels.length === 0) return
    const at = panels.findIndex((panel) => panel.id === activeId.value)
    panels[(at + by + panels.length) % panels.length]?.api.setActive()
  }

  /** All tabs in one group again. */
  function resetLayout(): void {
    const dock = api.value
    if (dock === null) return
    const active = dock.activePanel
    for (const panel of dock.panels) if (panel.api.location.type !== 'grid') dockBack(panel)
    const first = dock.groups[0]
    for (const panel of dock.panels) if (first !== undefined && panel.group !== first) panel.api.moveTo({ group: first, skipSetActive: true })
    active?.api.setActive()
  }

  /** Brings a tab to the front, wherever it is. */
  const showPanel = (id: string): void => api.value?.getPanel(id)?.api.setActive()
  const titleOf = (id: string): string | null => api.value?.getPanel(id)?.title ?? null

  const activeEntry = computed(() => (activeId.value === null ? undefined : documents.find(entryIdOf(activeId.value))))
  /** View of the document in front; null where it is none. */
  const activeViewId = computed<ViewId | null>(() => {
    const summary = activeEntry.value?.summary ?? null
    return summary === null || activeId.value === null ? null : viewIdOf(summary.id, viewNumberOf(activeId.value))
  })
  const close = (id: string): void => api.value?.getPanel(id)?.api.close()
  const closeActive = (): void => activePanel()?.api.close()
  const focusActive = (): void => api.value?.focus()

  return {
    api, activeId, panelIds, activeEntry, activeViewId, attach, showStart, showSimulate, showConsole, showScript, showWalker, showLive, showWhatIf, showQuery, showLessons, showEntry, showView, showAnotherView, showDocument, showCompare, showComparison,
    showPanel, titleOf, floatActive, popOutActive, step, resetLayout, close, closeActive, focusActive,
  }
})
