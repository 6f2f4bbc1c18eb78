import { HeapscapeError } from '../../base/errors'
import type { Address, Bytes } from '../../base/units'
import { Op, type Trace } from '../../model/trace'
import type { ScriptFile } from '../console/script-file'
import { CALLS_SHOWN, Interpreter } from '../console/interpreter'
import { versionOf } from '../console/parse'
import { traceOfHeap } from '../console/script-trace'
import type { ProcessApi } from '../win32/process-api'
import { HeapDocument, type ConsoleLine } from './heap-document'
import { HeapReplay } from './heap-replay'
import { Moments } from './moments'
import { Viewer } from './viewer'
import { compareOutcomes, describeVersion, heapOutcome, lineOutcome, replayOutcome, type Outcome } from './version-switch'
import type { BytesPage, ClosedDocument, ConsoleState, VersionSwitch, WalkState, WorkspaceDocument, WorkspaceState } from './workspace-types'

/*
 * One simulated process, and the documents that work in it:
 *
 *   log       open A   open B   A: h = ..   B: p = ..   A: q = ..   close B
 *   undone                                              ^ left out when the process is made again
 *
 * The log is the truth: process, variables and results follow from it. Undoing carries out everything again but the
 * undone lines, at the places in the order where they were first done. What only concerns the heap of one document
 * therefore never changes another's; what goes through things they share (default heap, handle table, free address
 * space) may, and then the other documents are named as disturbed. Which Windows the process is one of, the log says too:
 * the last choice of a version in it, or line `windows ...`, holds for all of it.
 */
type Entry =
  | { readonly kind: 'open' | 'close'; readonly document: HeapDocument }
  | { readonly kind: 'line'; readonly document: HeapDocument; readonly line: ConsoleLine; active: boolean }
  | { readonly kind: 'replay'; readonly document: HeapDocument; readonly trace: Trace; failedRequests: number }
  | { readonly kind: 'version'; readonly document: null; readonly version: string }

/** A replay is carried out again with each undo, and each call stays in the process's log. */
export const MOST_REPLAY_EVENTS = 200_000
const MOST_VIEWERS = 64
/** Lines of a console an answer holds unless asked for others. */
export const LINES_SHOWN = 100

/** Makes a process; of the version given, else as it is made usually. */
export type MakeProcess = (version: string | undefined) => ProcessApi

export class Workspace {
  #makeProcess: MakeProcess
  #process: ProcessApi
  #log: Entry[] = []
  #revision = 1
  readonly #documents = new Map<string, HeapDocument>()
  readonly #viewers = new Map<string, Viewer>()
  readonly #moments = new Moments()
  #nextDocument = 1
  #nextViewer = 1
  /** Of the lines carried out last. */
  #switched: VersionSwitch | null = null
  readonly #callsKept: number

  /** `callsKept`: how many calls the result of a line lists. */
  constructor(makeProcess: MakeProcess, callsKept = CALLS_SHOWN) {
    this.#makeProcess = makeProcess
    this.#callsKept = callsKept
    this.#process = makeProcess(undefined)
  }

  get process(): ProcessApi {
    return this.#process
  }

  get revision(): number {
    return this.#revision
  }

  state(): WorkspaceState {
    const { handleTable, counters } = this.#process
    return { version: describeVersion(this.#process.version), revision: this.#revision, documents: [...this.#documents.values()].map((document) => document.describe()), heaps: this.#process.heaps(), handleTable, counters }
  }

  /** Makes the process anew, with other options, and carries out again what was done. */
  restart(makeProcess: MakeProcess): void {
    const usual = this.#makeProcess
    this.#makeProcess = makeProcess
    try {
      this.#carryOutAgain()
    } catch (error) {
      this.#makeProcess = usual
      this.#carryOutAgain()
      throw error
    }
  }

  /**
   * Makes the process anew as another Windows and carries out again what was done; tells what then came out differently.
   * @throws HeapscapeError `parameter-invalid` for an unknown version
   */
  switchVersion(version: string): VersionSwitch {
    // An unknown one is refused before anything is lost.
    this.#makeProcess(version)
    this.#log = this.#log.filter(({ kind }) => kind !== 'version')
    this.#log.push({ kind: 'version', document: null, version })
    return this.#carryOutElsewhere()
  }

  /** HeapCreate for a document; its heap is 0 when that fails. */
  open(fields: Pick<WorkspaceDocument, 'kind' | 'title' | 'initialBytes' | 'maximumBytes'>): WorkspaceDocument {
    const document = new HeapDocument(`h${this.#nextDocument++}`, fields)
    this.#documents.set(document.id, document)
    this.#append({ kind: 'open', document })
    return document.describe()
  }

  /**
   * HeapDestroy, whatever lives in the heap. What the document holds elsewhere in the process stays, as in Windows.
   * @throws HeapscapeError `document-unknown`
   */
  close(id: string): ClosedDocument {
    const document = this.#document(id)
    const heap = this.#process.heaps().find((known) => known.handle === document.heap && document.heap !== 0)
    this.#append({ kind: 'close', document })
    this.#documents.delete(id)
    // What was undone in it can no longer be redone.
    this.#log = this.#log.filter((entry) => entry.kind !== 'line' || entry.document !== document || entry.active)
    const destroyed = heap !== undefined && !this.#process.heaps().some((known) => known.handle === heap.handle)
    return { destroyed, liveBlocks: heap?.busyBlocks ?? 0, liveBytes: heap?.requestedBytes ?? 0 }
  }

  /**
   * Carries out a trace in the document's heap.
   * @throws HeapscapeError `input-too-large`, `trace-empty`
   */
  replay(id: string, trace: Trace): { events: number; failedRequests: number } {
    const document = this.#document(id)
    if (trace.events > MOST_REPLAY_EVENTS) throw new HeapscapeError('input-too-large', { expected: `at most ${MOST_REPLAY_EVENTS} events`, got: trace.events })
    if (!hasRequest(trace)) throw new HeapscapeError('trace-empty')
    const entry = { kind: 'replay' as const, document, trace, failedRequests: 0 }
    this.#append(entry)
    return { events: trace.events, failedRequests: entry.failedRequests }
  }

  console(id: string, fromLine: number, count: number): ConsoleState {
    return this.#document(id).state(fromLine, count, this.#revision, [], null)
  }

  /** Replaces the lines that are not carried out by these, and carries them out if told to. */
  enter(id: string, text: string, run: boolean, isAfter = false): ConsoleState {
    const document = this.#document(id)
    const dropped = new Set(isAfter ? [] : document.lines.slice(document.position))
    if (dropped.size > 0) this.#log = this.#log.filter((entry) => entry.kind !== 'line' || !dropped.has(entry.line))
    const from = document.position
    document.enter(text, isAfter)
    this.#switched = null
    if (run) this.#forward(document, document.lines.length)
    return document.state(from, LINES_SHOWN, this.#revision, [], this.#switched)
  }

  /** Undoes or carries out lines until `position` lines are done. */
  goTo(id: string, position: number): ConsoleState {
    const document = this.#document(id)
    const target = Math.min(position, document.lines.length)
    this.#switched = null
    const disturbed = target < document.position ? this.#back(document, target) : this.#forward(document, target)
    return document.state(Math.max(0, target - LINES_SHOWN), LINES_SHOWN, this.#revision, disturbed, this.#switched)
  }

  script(id: string): string {
    return this.#document(id).script
  }

  /** The script with the sizes of the console's heap. */
  scriptFile(id: string): ScriptFile {
    const { script, initialBytes, maximumBytes } = this.#document(id)
    return { text: script, initialBytes, maximumBytes }
  }

  complete(id: string, text: string, column: number): ReturnType<HeapDocument['complete']> {
    return this.#document(id).complete(text, column)
  }

  /** The calls on a heap, the document's own unless told, as a trace. */
  trace(id: string, heap: Address | null): Trace {
    const document = this.#document(id)
    return traceOfHeap(this.#process, heap ?? document.heap, `Calls of ${document.title}`)
  }

  /** @throws HeapscapeError `input-too-large` */
  openViewer(): Viewer {
    if (this.#viewers.size >= MOST_VIEWERS) throw new HeapscapeError('input-too-large', { expected: `at most ${MOST_VIEWERS} viewers`, got: this.#viewers.size + 1 })
    const viewer = new Viewer(`v${this.#nextViewer++}`, this.#process, this.#revision)
    this.#viewers.set(viewer.id, viewer)
    return viewer
  }

  /** @throws HeapscapeError `document-unknown` */
  viewer(id: string): Viewer {
    const found = this.#viewers.get(id)
    if (found === undefined) throw new HeapscapeError('document-unknown', { id })
    return found
  }

  closeViewer(id: string): void {
    this.viewer(id)
    this.#viewers.delete(id)
  }

  refresh(viewerId: string): Viewer {
    const viewer = this.viewer(viewerId)
    viewer.refresh(this.#process, this.#revision)
    return viewer
  }

  walkState(viewerId: string): WalkState {
    return this.viewer(viewerId).state(this.#moments.list())
  }

  /**
   * Keeps what the viewer shows as a moment that can be shown and compared later.
   * @throws HeapscapeError `input-too-large`
   */
  keepMoment(viewerId: string): WalkState {
    this.#moments.keep(this.viewer(viewerId).moment)
    return this.walkState(viewerId)
  }

  /** @throws HeapscapeError `document-unknown` */
  forgetMoment(viewerId: string, momentId: string): WalkState {
    const moment = this.#moments.get(momentId)
    this.#moments.forget(momentId)
    for (const viewer of this.#viewers.values()) viewer.leave(moment)
    return this.walkState(viewerId)
  }

  /**
   * Shows one kept moment against another; null: the last refresh, and the refresh before it.
   * @throws HeapscapeError `document-unknown`
   */
  compareMoments(viewerId: string, shown: string | null, against: string | null): WalkState {
    const momentOf = (id: string | null) => (id === null ? undefined : this.#moments.get(id))
    this.viewer(viewerId).compare(momentOf(shown), momentOf(against))
    return this.walkState(viewerId)
  }

  /** Bytes of a viewer's moment; structure fields only while the process has not moved on. */
  bytes(viewerId: string, address: Address, length: Bytes): BytesPage {
    const viewer = this.viewer(viewerId)
    const isCurrent = viewer.moment.revision === this.#revision
    return viewer.bytes(address, length, (from, count) => (isCurrent ? this.#process.overlay(from, count) : []))
  }

  #document(id: string): HeapDocument {
    const found = this.#documents.get(id)
    if (found === undefined) throw new HeapscapeError('document-unknown', { id })
    return found
  }

  /** Undoes lines; returns the ids of other documents whose results changed. */
  #back(document: HeapDocument, position: number): string[] {
    const undone = new Set(document.lines.slice(position, document.position))
    for (const line of undone) line.result = null
    for (const entry of this.#log) if (entry.kind === 'line' && undone.has(entry.line)) entry.active = false
    document.position = position
    return this.#carryOutAgain(document)
  }

  /** Redoes lines where they were in the order, then carries out the ones that never were. */
  #forward(document: HeapDocument, position: number): string[] {
    const wanted = new Set(document.lines.slice(document.position, position))
    const first = this.#log.findIndex((entry) => entry.kind === 'line' && wanted.has(entry.line))
    let disturbed: string[] = []
    if (first >= 0) disturbed = this.#redo(document, wanted, first)
    for (const line of wanted) if (line.result === null) this.#append({ kind: 'line', document, line, active: true })
    document.position = Math.max(document.position, position)
    return disturbed
  }

  #redo(document: HeapDocument, wanted: ReadonlySet<ConsoleLine>, first: number): string[] {
    const redone: Entry[] = []
    // When nothing else happened since, the undone lines are simply done again.
    let isLast = true
    for (const entry of this.#log.slice(first)) {
      if (entry.kind === 'line' && wanted.has(entry.line)) redone.push(entry)
      else if (entry.kind !== 'line' || entry.active) isLast = false
    }
    for (const entry of redone) if (entry.kind === 'line') entry.active = true
    document.position += redone.length
    if (!isLast) return this.#carryOutAgain(document)
    if (this.#versionOfLog() !== this.#process.version.id) {
      this.#switched = this.#carryOutElsewhere()
      return []
    }
    for (const entry of redone) this.#carryOut(entry)
    this.#revision++
    return []
  }

  #append(entry: Entry): void {
    this.#log.push(entry)
    const version = entry.kind === 'line' ? versionOf(entry.line.parsed) : undefined
    if (version !== undefined && version !== this.#process.version.id) this.#switched = this.#carryOutElsewhere()
    else {
      this.#carryOut(entry)
      this.#revision++
    }
  }

  /** Undefined: nothing in the log chooses one. */
  #versionOfLog(): string | undefined {
    let found: string | undefined
    for (const entry of this.#log) {
      if (entry.kind === 'version') found = entry.version
      else if (entry.kind === 'line' && entry.active) found = versionOf(entry.line.parsed) ?? found
    }
    return found
  }

  /** Carries everything out again as the Windows the log now chooses, and compares. */
  #carryOutElsewhere(): VersionSwitch {
    const before = this.#outcomes()
    this.#carryOutAgain()
    return { version: describeVersion(this.#process.version), ...compareOutcomes(before, this.#outcomes()) }
  }

  /** How everything carried out so far ended. */
  #outcomes(): Outcome[] {
    return this.#log.flatMap((entry): Outcome[] => {
      if (entry.kind === 'line') return entry.active && entry.line.result !== null ? [lineOutcome(entry.document.title, entry.line)] : []
      if (entry.kind === 'open') return entry.document.kind === 'script' ? [] : [heapOutcome(entry.document)]
      return entry.kind === 'replay' ? [replayOutcome(entry.document.title, entry.failedRequests)] : []
    })
  }

  /** A fresh process, and everything in the log again; returns the ids of documents other than `by` with other results. */
  #carryOutAgain(by?: HeapDocument): string[] {
    this.#process = this.#makeProcess(this.#versionOfLog())
    this.#revision++
    const disturbed = new Set<string>()
    for (const entry of this.#log) {
      if (entry.kind === 'line' && !entry.active) continue
      const before = entry.kind === 'line' ? entry.line.fingerprint : 0
      this.#carryOut(entry)
      if (entry.kind === 'line' && entry.document !== by && entry.line.fingerprint !== before) disturbed.add(entry.document.id)
    }
    return [...disturbed].filter((id) => this.#documents.has(id))
  }

  #carryOut(entry: Entry): void {
    if (entry.kind === 'version') return
    const { document } = entry
    const process = this.#process
    switch (entry.kind) {
      case 'open':
        if (document.kind === 'script') {
          document.interpreter = new Interpreter(process, {}, this.#callsKept)
          return
        }
        document.heap = process.heapCreate(0, document.initialBytes, document.maximumBytes, `${document.kind} '${document.title}'`)
        document.interpreter = new Interpreter(process, { heap: { kind: 'heap', value: document.heap } }, this.#callsKept)
        return
      case 'close':
        if (document.heap !== 0) process.heapDestroy(document.heap)
        return
      case 'line': {
        const { line } = entry
        line.result = document.interpreter.run(line.parsed, line.line)
        line.fingerprint = document.interpreter.fingerprint
        return
      }
      case 'replay': {
        const replay = new HeapReplay(process, document.heap, entry.trace)
        replay.run()
        entry.failedRequests = replay.failedRequests
      }
    }
  }
}

function hasRequest(trace: Trace): boolean {
  for (let row = 0; row < trace.events; row++) {
    const op = trace.op.at(row)
    if (op === Op.Alloc || op === Op.Realloc) return true
  }
  return false
}
