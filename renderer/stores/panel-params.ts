import type { IDockviewPanelProps } from 'dockview-vue'
import type { DocumentId } from '../../shared/ipc/engine-api'

/*
 * What the panels of the dock are given. A view's component gets dockview's panel props under ONE prop named `params`:
 *
 *   const props = defineProps<{ params: PanelProps<RunPanelParams> }>()
 *   props.params.params.documentId   what to show
 *   props.params.api                 the panel: isActive, onDidActiveChange, onDidDimensionsChange, getWindow(), location
 *   props.params.containerApi        the dock
 */
export type PanelProps<P extends object> = IDockviewPanelProps<P & Record<string, unknown>>

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

/** Of the panel that shows one entry (stores/documents.ts) through its life. */
export interface EntryPanelParams {
  readonly entryId: string
}
