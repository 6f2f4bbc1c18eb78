import type { Address, Bytes } from '../base/units'
import type { CaptureWay, ProcessListing } from '../model/live-capture'

/*
 * Running processes. They are looked at by a process of its own, which is started when first asked for; names and paths of
 * other programs are texts and nothing else.
 */

export interface LiveCaptureRequest {
  readonly pid: number
  /** Of the list: a process that took the id over meanwhile is refused. */
  readonly startedAt: string
  readonly way: CaptureWay
  readonly keepBytes: boolean
  readonly budgetBytes: Bytes
  /** Captures of the same series can be compared page by page without their bytes; null: no checksums. */
  readonly series: string | null
}

/** What became of a region between two captures. */
export const REGION_CHANGES = ['new', 'gone', 'resized', 'committed', 'pages'] as const
export type RegionChange = (typeof REGION_CHANGES)[number]

export interface ChangedRegion {
  readonly address: Address
  /** null where the capture has no such region. */
  readonly bytes: Bytes | null
  readonly bytesBefore: Bytes | null
  readonly committedBytes: Bytes | null
  readonly committedBytesBefore: Bytes | null
  readonly owner: string
  readonly change: RegionChange
  /** Pages whose checksums both captures know, and those that differ; null when checksums were not taken. */
  readonly comparedPages: number | null
  readonly changedPages: number | null
  /** First changed page; null when none is known. */
  readonly firstChange: Address | null
}

export interface LiveChanges {
  /** In order of address; regions are runs of one owner. */
  readonly regions: readonly ChangedRegion[]
  readonly comparedPages: number | null
  readonly changedPages: number | null
}

/** Method -> [parameters, answer]; engine-api.ts puts in the document. */
export interface LiveMethods<SnapshotDocument> {
  liveList: [Record<string, never>, ProcessListing]
  liveCapture: [LiveCaptureRequest, SnapshotDocument]
  /** A full-memory dump as the system writes it. */
  liveDump: [{ readonly pid: number; readonly startedAt: string; readonly targetId: string }, { readonly name: string }]
  /** What changed from capture `a` to capture `b` of one process. */
  liveChanges: [{ readonly a: string; readonly b: string }, LiveChanges]
}
