import { Activity, Binary, Boxes, ChartNoAxesCombined, Cpu, Database, FileSearch, Flame, GitCompareArrows, GraduationCap, House, Play, Rows3, Scale, SquareTerminal } from 'lucide-vue-next'
import { defineAsyncComponent, type Component } from 'vue'
import type { DocumentSummary } from '../../shared/ipc/engine-api'

/*
 * The views that can stand in a tab. To add one: a folder here and one line below.
 *
 * A view's component gets its panel under one prop named `params` (stores/panel-params.ts).
 *
 * A view of a document (accepts() says which kinds) is mounted when its document is open and keyed by the document's
 * id, so params do not change while it lives. Progress while opening, and failures, are shown by shell/DocumentPanel.
 * A view may be moved between windows (pop-out): use element.ownerDocument, never the global document, for listeners.
 */
export const VIEW_IDS = ['start', 'simulate', 'console', 'walker', 'live', 'lessons', 'trace', 'profile', 'dump', 'space', 'run', 'compare', 'dumpCompare', 'comparison', 'whatIf', 'query'] as const
export type ViewId = (typeof VIEW_IDS)[number]

export interface DocumentView {
  readonly id: ViewId
  /** Tab title where no document gives one. */
  readonly title: string
  readonly icon: Component
  readonly component: Component
  /** Documents the view shows; none for views that are not of one document. The first that accepts shows it. */
  readonly accepts: (document: DocumentSummary) => boolean
}

const showsNone = (): boolean => false
/** Heaps read out of a process's memory; a dump without any is shown as one too, with what it lacks. */
const isDump = (document: DocumentSummary): boolean => document.kind === 'snapshot' && (document.heapReports.length > 0 || document.hasBytes || document.live !== undefined)

/** A snapshot whose source lists no block: regions, and what is stated of heaps. */
const isAddressSpace = (document: DocumentSummary): boolean => document.kind === 'snapshot' && document.coverage === 'none'

export const documentViews: readonly DocumentView[] = [
  { id: 'start', title: 'Start', icon: House, component: defineAsyncComponent(() => import('./start/StartView.vue')), accepts: showsNone },
  { id: 'simulate', title: 'Simulate', icon: Play, component: defineAsyncComponent(() => import('./simulate/SimulateView.vue')), accepts: showsNone },
  { id: 'console', title: 'Console', icon: SquareTerminal, component: defineAsyncComponent(() => import('./console/ConsoleView.vue')), accepts: showsNone },
  { id: 'walker', title: 'ProcessWalker', icon: Binary, component: defineAsyncComponent(() => import('./process-walker/WalkerView.vue')), accepts: showsNone },
  { id: 'live', title: 'Running processes', icon: Cpu, component: defineAsyncComponent(() => import('./live/LiveView.vue')), accepts: showsNone },
  { id: 'lessons', title: 'Lessons', icon: GraduationCap, component: defineAsyncComponent(() => import('./lesson/LessonsView.vue')), accepts: showsNone },
  { id: 'trace', title: 'Trace', icon: Activity, component: defineAsyncComponent(() => import('./trace/TraceView.vue')), accepts: ({ kind }) => kind === 'trace' },
  { id: 'profile', title: 'Profile', icon: Flame, component: defineAsyncComponent(() => import('./profile/ProfileView.vue')), accepts: ({ kind }) => kind === 'profile' },
  { id: 'dump', title: 'Dump', icon: FileSearch, component: defineAsyncComponent(() => import('./dump/DumpView.vue')), accepts: isDump },
  { id: 'space', title: 'Address space', icon: Rows3, component: defineAsyncComponent(() => import('./address-space/AddressSpaceView.vue')), accepts: isAddressSpace },
  { id: 'run', title: 'Run', icon: Boxes, component: defineAsyncComponent(() => import('./run/RunView.vue')), accepts: ({ kind }) => kind === 'run' || kind === 'snapshot' },
  { id: 'compare', title: 'Compare', icon: GitCompareArrows, component: defineAsyncComponent(() => import('./compare/CompareView.vue')), accepts: showsNone },
  { id: 'dumpCompare', title: 'Compare dumps', icon: GitCompareArrows, component: defineAsyncComponent(() => import('./dump-compare/DumpCompareView.vue')), accepts: showsNone },
  { id: 'comparison', title: 'Comparison set', icon: Scale, component: defineAsyncComponent(() => import('./comparison/ComparisonView.vue')), accepts: showsNone },
  { id: 'whatIf', title: 'What if', icon: ChartNoAxesCombined, component: defineAsyncComponent(() => import('./what-if/WhatIfView.vue')), accepts: showsNone },
  { id: 'query', title: 'Query', icon: Database, component: defineAsyncComponent(() => import('./query/QueryView.vue')), accepts: showsNone },
]

export const findView = (id: ViewId): DocumentView => documentViews.find((view) => view.id === id)!

export const viewOf = (document: DocumentSummary): DocumentView => documentViews.find((view) => view.accepts(document))!
