import type { IDockviewPanelProps } from 'dockview-vue'
import { Activity, Boxes, GitCompareArrows, House, Play } from 'lucide-vue-next'
import { defineAsyncComponent, type Component } from 'vue'
import type { DocumentId, DocumentSummary } from '../../shared/ipc/engine-api'

/*
 * The views that can stand in a tab. To add one: a folder here and one line below.
 *
 * A view's component gets the props of a dockview panel under ONE prop named `params`:
 *
 *   const props = defineProps<{ params: PanelProps<RunPanelParams> }>()
 *   props.params.params.documentId   what to show
 *   props.params.api                 the panel: isActive, onDidActiveChange, onDidDimensionsChange, getWindow(), location
 *   props.params.containerApi        the dock
 *
 * A view of a document (accepts() says which kinds) is mounted when its document is open and keyed by the document's
 * id, so params do not change while it lives. Progress while opening, and failures, are shown by shell/DocumentPanel.
 * A view may be moved between windows (pop-out): use element.ownerDocument, never the global document, for listeners.
 */
export interface DocumentPanelParams {
  readonly documentId: DocumentId
}
export type RunPanelParams = DocumentPanelParams
export type TracePanelParams = DocumentPanelParams

/** Documents to compare, both runs. */
export interface ComparePanelParams {
  readonly a: DocumentId
  readonly b: DocumentId
}

export interface SimulatePanelParams {
  /** What the form starts with; absent = the first choice. */
  readonly documentId?: DocumentId
  readonly workload?: string
}

export type PanelProps<P extends object> = IDockviewPanelProps<P & Record<string, unknown>>

export const VIEW_IDS = ['start', 'simulate', 'trace', 'run', 'compare'] as const
export type ViewId = (typeof VIEW_IDS)[number]

export interface DocumentView {
  readonly id: ViewId
  /** Tab title where no document gives one. */
  readonly title: string
  readonly icon: Component
  readonly component: Component
  /** Kinds of documents the view shows; none for views that are not of one document. */
  readonly accepts: (kind: DocumentSummary['kind']) => boolean
}

const showsNone = (): boolean => false

export const documentViews: readonly DocumentView[] = [
  { id: 'start', title: 'Start', icon: House, component: defineAsyncComponent(() => import('./start/StartView.vue')), accepts: showsNone },
  { id: 'simulate', title: 'Simulate', icon: Play, component: defineAsyncComponent(() => import('./simulate/SimulateView.vue')), accepts: showsNone },
  { id: 'trace', title: 'Trace', icon: Activity, component: defineAsyncComponent(() => import('./trace/TraceView.vue')), accepts: (kind) => kind === 'trace' },
  { id: 'run', title: 'Run', icon: Boxes, component: defineAsyncComponent(() => import('./run/RunView.vue')), accepts: (kind) => kind === 'run' || kind === 'snapshot' },
  { id: 'compare', title: 'Compare', icon: GitCompareArrows, component: defineAsyncComponent(() => import('./compare/CompareView.vue')), accepts: showsNone },
]

export const findView = (id: ViewId): DocumentView => documentViews.find((view) => view.id === id)!

export const viewOf = (kind: DocumentSummary['kind']): DocumentView => documentViews.find((view) => view.accepts(kind))!
