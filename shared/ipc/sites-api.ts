import type { EventNumber } from '../base/units'
import type { FlamePage, SiteRowPage } from '../analysis/sites/site-pages'
import type { SiteMeasure } from '../analysis/sites/site-measures'
import type { SiteTreeQuery } from '../analysis/sites/site-study'

/*
 * Questions about the call sites of a document: trees and flame graphs by page. Nodes are named by the frame keys on
 * the way from the root, so that a place is found again under another measure or event of the same document.
 */
export type SitePath = readonly number[]

/** The document, the one it is held against (null: none), and what to add up. */
export interface SiteQuery extends SiteTreeQuery {
  readonly documentId: string
  readonly against: string | null
}

export interface SiteFacts {
  readonly sites: number
  /** Frames and call paths are known; else a site is one text. */
  readonly hasPaths: boolean
  readonly measures: readonly SiteMeasure[]
  /** Last event a measure can be taken at; null when the document has no events. */
  readonly lastEvent: EventNumber | null
}

interface FlameParams {
  readonly query: SiteQuery
  readonly root: SitePath
  /** Width in pixels: narrower boxes than one are left out. */
  readonly parts: number
  readonly mostDepth: number
  readonly search: string
}

interface RowParams {
  readonly query: SiteQuery
  readonly root: SitePath
  readonly open: readonly SitePath[]
  readonly search: string
}

export const SITE_EXPORTS = ['svg', 'csv'] as const
export type SiteExport = (typeof SITE_EXPORTS)[number]

/** Method -> [parameters, answer]. */
export interface SiteMethods {
  siteFacts: [{ readonly documentId: string }, SiteFacts]
  siteFlame: [FlameParams, FlamePage]
  siteRows: [RowParams & { readonly offset: number; readonly count: number }, SiteRowPage]
  /** Writes what is shown: the flame graph as a picture, or the boxes or rows as a table. */
  siteExport: [RowParams & { readonly form: SiteExport; readonly isFlame: boolean; readonly isIcicle: boolean; readonly title: string; readonly targetId: string }, { readonly name: string }]
}
