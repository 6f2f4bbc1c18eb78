import type { Address, Bytes } from '../../base/units'
import type { WindowsVersion } from '../profiles/windows-versions'
import type { BlockKind } from '../../model/snapshot'
import type { OverlayField } from '../../model/process-memory'
import type { StepResult, Variable } from '../console/console-types'
import type { HandleTableSummary, HeapSummary, ProcessCounters } from '../win32/process-types'

/** `script`: a console without a heap of its own, as lessons and script files are. */
export type WorkspaceDocumentKind = 'console' | 'simulate' | 'script'

/** A document of the workspace with the heap that was made for it; handle 0: it has none. */
export interface WorkspaceDocument {
  readonly id: string
  readonly kind: WorkspaceDocumentKind
  readonly title: string
  readonly heap: Address
  readonly initialBytes: Bytes
  /** 0 = growable. */
  readonly maximumBytes: Bytes
}

/** Of which Windows a process is. */
export type ProcessVersion = Pick<WindowsVersion, 'id' | 'title' | 'manager' | 'bits' | 'noBytes'>

/** Something that came out differently when a process was made anew as another Windows. */
export interface RepeatDifference {
  /** Title of the document. */
  readonly document: string
  /** 1-based line of its script; 0: its heap, or the trace it carried out. */
  readonly line: number
  /** What it was: the line, or words for the heap or trace. */
  readonly text: string
  /** How it ends now that it did not before, or no longer. */
  readonly outcome: 'fails now' | 'succeeds now'
  readonly reason: string
}

/** What carrying everything out again in another Windows gave. */
export interface VersionSwitch {
  readonly version: ProcessVersion
  /** Lines carried out again, and how many of them gave other results (addresses are results too). */
  readonly lines: number
  readonly otherResults: number
  /** At most 20 of them. */
  readonly differences: readonly RepeatDifference[]
  readonly differenceCount: number
}

export interface WorkspaceState {
  readonly version: ProcessVersion
  /** Grows with every change of the process; equal numbers, equal bytes. */
  readonly revision: number
  readonly documents: readonly WorkspaceDocument[]
  readonly heaps: readonly HeapSummary[]
  readonly handleTable: HandleTableSummary
  readonly counters: ProcessCounters
}

/** What HeapDestroy took away with a document. */
export interface ClosedDocument {
  readonly destroyed: boolean
  readonly liveBlocks: number
  readonly liveBytes: Bytes
}

export interface ScriptLine {
  /** 1-based. */
  readonly line: number
  readonly text: string
  /** null: not carried out (yet, or undone). */
  readonly result: StepResult | null
}

/** A console's script: the lines before `position` are carried out, the others wait (typed ahead, or undone). */
export interface ConsoleState {
  readonly id: string
  readonly title: string
  readonly heap: Address
  readonly position: number
  readonly lineCount: number
  readonly revision: number
  /** Lines [fromLine, fromLine + lines.length), 0-based. */
  readonly fromLine: number
  readonly lines: readonly ScriptLine[]
  /** At most 500, in order of first assignment. */
  readonly variables: readonly Variable[]
  readonly variableCount: number
  /** Other documents whose results changed because this one's undone or redone calls used what they share. */
  readonly disturbed: readonly string[]
  /** A `windows` line made the process anew with this answer; null otherwise. */
  readonly switched: VersionSwitch | null
}

/** Since the last refresh of the viewer. */
export const Change = { None: 0, New: 1, Changed: 2, Vanished: 3 } as const
export type Change = (typeof Change)[keyof typeof Change]

export type WalkRow =
  | {
      readonly kind: 'region'
      readonly address: Address
      readonly bytes: Bytes
      /** RegionState. */
      readonly state: number
      /** PAGE_*, 0 unless committed. */
      readonly protect: number
      /** For instance `default heap, segment 2`, `handle table`, `console 'sqlite' heap`; "" for free space. */
      readonly owner: string
      /** Handle of the heap whose segment the region is in, else 0. */
      readonly heap: Address
      readonly change: Change
      readonly changedBytes: Bytes
    }
  | {
      readonly kind: 'heap'
      readonly address: Address
      readonly bytes: Bytes
      readonly owner: string
      readonly summary: HeapSummary
      readonly change: Change
    }
  | {
      readonly kind: 'block'
      readonly address: Address
      readonly bytes: Bytes
      /** `busy`, `free`, `cached` (free, kept by a front end), `internal` (the heap's own), `uncommitted` or `region` (a segment). */
      readonly entry: string
      /** What it is inside its heap. */
      readonly inside: BlockKind
      readonly heap: Address
      readonly data: Address
      readonly requestedBytes: Bytes
      /** Handle of a movable block, else 0. */
      readonly handle: Address
      readonly change: Change
    }

export interface WalkPage {
  readonly total: number
  readonly offset: number
  readonly rows: readonly WalkRow[]
}

/** Outcome of a refresh. */
export interface WalkState {
  readonly viewerId: string
  /** Revision the viewer now shows; another one in WorkspaceState means that a refresh would show something new. */
  readonly revision: number
  readonly newRegions: number
  readonly vanishedRegions: number
  readonly changedRegions: number
  readonly changedBytes: Bytes
  readonly changedLines: number
  /** False: more is committed than a viewer compares byte by byte; the rest is compared by region only. */
  readonly bytesComplete: boolean
  /** Kept moments of the process, of all viewers. */
  readonly moments: readonly { readonly id: string; readonly title: string }[]
  /** Kept moment that is shown; null = the process at the last refresh. */
  readonly shown: string | null
  /** Kept moment it is compared with; null = the refresh before (a kept moment: nothing). */
  readonly against: string | null
}

/** A piece of the hex view, as of the viewer's last refresh. */
export interface BytesPage {
  readonly address: Address
  /** Ends early where memory that cannot be read begins. */
  readonly bytes: Uint8Array
  /** 1 for each byte that differs from the refresh before; bytes of new regions are not marked, their region is. */
  readonly changed: Uint8Array
  readonly fields: readonly OverlayField[]
}

/** A block or entry an address or handle leads to. */
export interface WalkTarget {
  readonly address: Address
  readonly bytes: Bytes
  readonly heap: Address
  readonly entry: string
  readonly data: Address
  readonly handle: Address
}
