import type { Address, Bytes } from '../base/units'
import type { AssertResult, Completion, ScriptError } from '../sim/console/console-types'
import type { ScriptFile } from '../sim/console/script-file'
import type { LessonResult, LessonText } from '../sim/lessons/lesson-types'
import type { ApiFunction } from '../sim/win32/api-catalog'
import type { ProcessOptions } from '../sim/win32/process-types'
import type {
  BytesPage,
  VersionSwitch,
  ClosedDocument,
  ConsoleState,
  WalkPage,
  WalkState,
  WalkTarget,
  WorkspaceDocument,
  WorkspaceDocumentKind,
  WorkspaceState,
} from '../sim/workspace/workspace-types'

/*
 * The simulated process behind the documents. `main` is the workspace that always exists; a lesson opens one of its own.
 * Console and Simulate documents have a heap in it from open to close; viewers (ProcessWalker documents) look at it.
 */
export type WorkspaceId = string

/** Letters of a script that one request brings; a longer one comes in several. */
export const MOST_SCRIPT_PART = 1_000_000

/** Linker text and model choices of the workspace's process. */
export type WorkspaceOptions = Pick<ProcessOptions, 'shape' | 'linkerText' | 'betaLinker' | 'lockMaximum' | 'strictLocks' | 'handleLimit' | 'compaction' | 'fillLetters'>

/** For menus and help: calls by group, names of constants, measures. */
export interface ConsoleApi {
  readonly functions: readonly ApiFunction[]
  readonly constants: readonly { readonly name: string; readonly value: number; readonly sets: readonly string[] }[]
  /** Names `assert` understands. */
  readonly measures: readonly { readonly name: string; readonly meaning: string }[]
}

/** A part of a lesson opened to be stepped through. */
export type LessonSession<RunDocument> =
  | { readonly kind: 'run'; readonly document: RunDocument; readonly stops: readonly LessonStop[]; readonly asserts: readonly AssertResult[] }
  | { readonly kind: 'console'; readonly workspaceId: WorkspaceId; readonly console: ConsoleState; readonly stops: readonly LessonStop[] }
  | { readonly kind: 'threads'; readonly asserts: readonly AssertResult[]; readonly stops: readonly LessonStop[] }

export interface LessonStop {
  /** 1-based line of the script. */
  readonly line: number
  /** Event of the run, position of the console, or line of the threads' script, that shows the stop. */
  readonly at: number
  readonly lookAt: string
}

interface InConsole {
  readonly workspaceId: WorkspaceId
  readonly id: string
}
interface InViewer {
  readonly workspaceId: WorkspaceId
  readonly viewerId: string
}

/** Method -> [parameters, answer]; engine-api.ts puts in the documents they answer. */
export interface WorkspaceMethods<TraceDocument, RunDocument> {
  workspaceState: [{ readonly workspaceId: WorkspaceId }, WorkspaceState]
  /** Starts the process anew with other options and carries out again what the documents did. */
  workspaceRestart: [{ readonly workspaceId: WorkspaceId; readonly options: WorkspaceOptions }, WorkspaceState]
  /** Makes the process anew as another Windows, and carries out again what the documents did. */
  workspaceVersion: [{ readonly workspaceId: WorkspaceId; readonly version: string }, VersionSwitch]
  /** Ends a lesson's workspace; `main` cannot be ended. */
  workspaceEnd: [{ readonly workspaceId: WorkspaceId }, null]
  /** HeapCreate for a document: maximum 0 = growable. */
  heapDocumentOpen: [
    { readonly workspaceId: WorkspaceId; readonly kind: Exclude<WorkspaceDocumentKind, 'script'>; readonly title: string; readonly initialBytes: Bytes; readonly maximumBytes: Bytes },
    WorkspaceDocument,
  ]
  /** HeapDestroy, whatever still lives in the heap. */
  heapDocumentClose: [InConsole, ClosedDocument]
  /** Carries out a trace in the document's heap; events beyond 200,000 are refused. */
  heapDocumentReplay: [InConsole & { readonly traceId: string }, { readonly events: number; readonly failedRequests: number }]

  consoleApi: [Record<string, never>, ConsoleApi]
  consoleState: [InConsole & { readonly fromLine: number; readonly count: number }, ConsoleState]
  /**
   * Replaces the lines from the position on by these, carried out or not; `after` puts them behind the lines that wait. The answer
   * holds the first lines of those that are carried out or wait.
   */
  consoleEnter: [InConsole & { readonly text: string; readonly run: boolean; readonly after?: boolean }, ConsoleState]
  /** Undoes or carries out lines until `position` lines are done. The answer holds the last 100 lines done. */
  consoleGoTo: [InConsole & { readonly position: number }, ConsoleState]
  consoleScript: [InConsole, { readonly text: string }]
  /** What a script file holds; null when the source is none (then `open` reads it). */
  consoleReadFile: [{ readonly sourceId: string }, (ScriptFile & { readonly name: string }) | null]
  /** Writes the whole script, the waiting lines too, with the console's heap in its first line. */
  consoleSave: [InConsole & { readonly targetId: string }, { readonly name: string }]
  consoleCheck: [{ readonly text: string }, { readonly errors: readonly ScriptError[] }]
  /** `column` is the caret's, 0-based. */
  consoleComplete: [InConsole & { readonly text: string; readonly column: number }, Completion]
  /** The calls on one heap (the console's own when null) as a trace document. */
  consoleTrace: [InConsole & { readonly heap: Address | null }, TraceDocument]

  walkOpen: [{ readonly workspaceId: WorkspaceId }, WalkState]
  walkClose: [InViewer, null]
  walkRefresh: [InViewer, WalkState]
  /** Keeps what the viewer shows as a moment of the process, for all viewers. */
  walkKeep: [InViewer, WalkState]
  walkForget: [InViewer & { readonly momentId: string }, WalkState]
  /** Shows a kept moment (null = the last refresh) and marks what differs from another one (null = the refresh before). */
  walkCompare: [InViewer & { readonly shown: string | null; readonly against: string | null }, WalkState]
  /** Regions in address order; those of the heaps in `expanded` (handles) followed by their entries. */
  walkRows: [InViewer & { readonly expanded: readonly Address[]; readonly onlyChanged: boolean; readonly offset: number; readonly count: number }, WalkPage]
  /** Row of the region, or the entry of an expanded heap, that holds the address; -1 when filtered out. */
  walkRowAt: [InViewer & { readonly expanded: readonly Address[]; readonly onlyChanged: boolean; readonly address: Address }, { readonly row: number }]
  walkBytes: [InViewer & { readonly address: Address; readonly length: number }, BytesPage]
  /** Addresses of 16-byte lines with a changed byte in [from, to), at most `count`. */
  walkChangedLines: [InViewer & { readonly from: Address; readonly to: Address; readonly count: number }, { readonly lines: Float64Array; readonly total: number }]
  /** First changed byte at or after `from` (before it, going back); null when there is none. */
  walkNextChange: [InViewer & { readonly from: Address; readonly backwards: boolean }, { readonly address: Address | null }]
  walkSearch: [InViewer & { readonly pattern: Uint8Array; readonly from: Address }, { readonly address: Address | null }]
  /** Block, handle entry or region behind an address or handle value. */
  walkFollow: [InViewer & { readonly address: Address }, WalkTarget | null]

  lessonList: [Record<string, never>, readonly LessonText[]]
  lessonRun: [{ readonly lesson: string }, LessonResult]
  lessonOpen: [{ readonly lesson: string; readonly part: number }, LessonSession<RunDocument>]
}
