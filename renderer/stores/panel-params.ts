import type { IDockviewPanelProps } from 'dockview-vue'
import type { Address, Bytes } from '../../shared/base/units'
import type { ViewId } from './document-view'
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
  /** The document may stand in several tabs, each with a view of its own (stores/document-view.ts). */
  readonly viewId: ViewId
}
export type RunPanelParams = DocumentPanelParams
export type TracePanelParams = DocumentPanelParams
export type ProfilePanelParams = DocumentPanelParams

/** Documents to compare, both runs. */
export interface ComparePanelParams {
  readonly a: DocumentId
  readonly b: DocumentId
}

/** The heap that HeapCreate makes when the document opens. */
export interface HeapSizes {
  readonly initialBytes: Bytes
  /** 0 = growable. */
  readonly maximumBytes: Bytes
}

export interface SimulatePanelParams extends Partial<HeapSizes> {
  /** What the form starts with; absent = the first choice. */
  readonly documentId?: DocumentId
  readonly workload?: string
}

/** Of the panel that shows one entry (stores/documents.ts) through its life. */
export interface EntryPanelParams {
  readonly entryId: string
  /** 1 for the first view of the document. */
  readonly viewNumber: number
}

export interface ConsolePanelParams extends Partial<HeapSizes> {
  readonly workspaceId: string
  /** The engine's id of a console that is there already, of a lesson. */
  readonly consoleId?: string
  /** Lines that wait in a new console, of a script file. */
  readonly script?: string
}

export interface WalkerPanelParams {
  readonly workspaceId: string
  /** Where the hex window begins. */
  readonly address?: Address
}

export type LivePanelParams = Record<string, never>

export interface LessonsPanelParams {
  readonly lesson?: string
}

export interface WhatIfPanelParams {
  /** Trace that is chosen at first; absent = the one opened last. */
  readonly documentId?: DocumentId
}

export interface QueryPanelParams {
  /** Dataset that is opened at first; absent = none. */
  readonly sourceId?: string
  readonly name?: string
}
