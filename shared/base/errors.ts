/**
 * Every expected failure has a code. The text says what was expected, what was got and where;
 * advice for the reader is added by the face that shows it (window or command line), see ADVICE.
 */
export type ErrorCode =
  | 'cancelled'
  | 'internal'
  | 'usage'
  | 'file-unreadable'
  | 'file-unwritable'
  | 'format-unknown'
  | 'format-foreign'
  | 'format-truncated'
  | 'format-malformed'
  | 'format-too-new'
  | 'format-corrupt'
  | 'compression-failed'
  | 'archive-ambiguous'
  | 'member-unknown'
  | 'input-too-large'
  | 'range-invalid'
  | 'trace-empty'
  | 'document-unknown'
  | 'document-wrong-kind'
  | 'heap-unknown'
  | 'profile-unknown'
  | 'parameter-unknown'
  | 'parameter-invalid'
  | 'workload-unknown'
  | 'lesson-unknown'
  | 'pattern-invalid'
  | 'view-text-invalid'
  | 'sites-unknown'
  | 'reasons-unavailable'
  | 'layout-undecided'
  | 'table-unavailable'
  | 'measure-unknown'
  | 'event-out-of-range'
  | 'not-comparable'
  | 'query-unavailable'
  | 'query-failed'
  | 'engine-stopped'
  | 'live-unavailable'
  | 'live-call-failed'
  | 'live-access-denied'
  | 'live-process-protected'
  | 'live-process-ended'
  | 'live-clone-unavailable'
  | 'live-over-budget'
  | 'live-stopped'
  | 'message-invalid'
  | 'message-too-large'

export type Fact = string | number | boolean | null

/** Place in the input: a byte offset, or a line (1-based), and what stands there. */
export interface ErrorPlace {
  readonly file?: string
  readonly offset?: number
  readonly line?: number
}

/** An error as data: crosses process borders and JSON unchanged. */
export interface Failure {
  readonly code: ErrorCode
  readonly text: string
  readonly facts: Readonly<Record<string, Fact>>
  readonly where?: ErrorPlace
}

type Facts = Readonly<Record<string, Fact>>
const got = (f: Facts): string => `expected ${String(f['expected'])}, got ${String(f['got'])}`

/** One text per code; a missing one does not compile. */
const TEXTS: Record<ErrorCode, (facts: Facts) => string> = {
  cancelled: () => 'The work was cancelled.',
  internal: (f) => `Heapscape itself failed: ${String(f['detail'])}`,
  usage: (f) => String(f['detail']),
  'file-unreadable': (f) => `The file cannot be read: ${String(f['detail'])}`,
  'file-unwritable': (f) => `The file cannot be written: ${String(f['detail'])}`,
  'format-unknown': (f) => `The content is of no known format (first bytes: ${String(f['head'])}).`,
  'format-foreign': (f) => `This is ${String(f['title'])}. Open it in ${String(f['opensIn'])}.`,
  'format-truncated': (f) => `The file ends too early: ${got(f)}.`,
  'format-malformed': (f) => `The content is malformed: ${got(f)}.`,
  'format-too-new': (f) => `The file has version ${String(f['got'])}; this program reads up to ${String(f['expected'])}.`,
  'format-corrupt': (f) => `The file is damaged: ${got(f)}.`,
  'compression-failed': (f) => `The ${String(f['method'])} data cannot be unpacked: ${String(f['detail'])}`,
  'archive-ambiguous': (f) => `The archive holds ${String(f['count'])} files that can be opened: ${String(f['members'])}.`,
  'member-unknown': (f) => `The archive has no file ${String(f['got'])}; it holds: ${String(f['expected'])}.`,
  'input-too-large': (f) => `The input is too large: ${got(f)}.`,
  'range-invalid': (f) => `The range makes no sense: ${got(f)}.`,
  'trace-empty': () => 'The trace holds no allocation to replay.',
  'document-unknown': (f) => `There is no open document ${String(f['id'])}.`,
  'document-wrong-kind': (f) => `The document is of another kind: ${got(f)}.`,
  'heap-unknown': (f) => `There is no heap manager "${String(f['got'])}"; known: ${String(f['expected'])}.`,
  'profile-unknown': (f) => `The heap "${String(f['heap'])}" has no profile "${String(f['got'])}"; known: ${String(f['expected'])}.`,
  'parameter-unknown': (f) => `The heap "${String(f['heap'])}" has no parameter "${String(f['got'])}"; known: ${String(f['expected'])}.`,
  'parameter-invalid': (f) => `Parameter ${String(f['name'])}: ${got(f)}.`,
  'workload-unknown': (f) => `There is no workload "${String(f['got'])}"; known: ${String(f['expected'])}.`,
  'lesson-unknown': (f) => `There is no lesson "${String(f['got'])}"; known: ${String(f['expected'])}.`,
  'view-text-invalid': (f) => `This text describes no view: ${got(f)}.`,
  'pattern-invalid': (f) => `The filter cannot be used: ${String(f['detail'])} (character ${String(f['at'])} of "${String(f['pattern'])}").`,
  'reasons-unavailable': (f) => `Reasons are not available: ${String(f['why'])}.`,
  'layout-undecided': (f) =>
    `The run of ${String(f['heap'])} cannot be laid out again: threads decided where its blocks lie, which a run does not keep. Convert its trace ${String(f['trace'])} with --heap ${String(f['heap'])} --profile ${String(f['profile'])}, or name a --layout of another build for an NT heap with the same blocks.`,
  'table-unavailable': (f) => `The table "${String(f['table'])}" is not available: ${String(f['why'])}.`,
  'sites-unknown': (f) => `The document has no call sites: ${String(f['detail'])}`,
  'measure-unknown': (f) => `The document has no measure "${String(f['got'])}" of its call sites; it has: ${String(f['expected'])}.`,
  'event-out-of-range': (f) => `The event lies outside the run: ${got(f)}.`,
  'not-comparable': (f) => `The two cannot be compared: ${String(f['detail'])}`,
  'query-unavailable': (f) => `SQL queries need the optional package @duckdb/node-api, which cannot be loaded here: ${String(f['detail'])}`,
  'query-failed': (f) => `The query failed: ${String(f['detail'])}`,
  'engine-stopped': (f) => `The engine process stopped (${String(f['detail'])}).`,
  'live-unavailable': (f) => `Running processes cannot be looked at here: ${String(f['detail'])}`,
  'live-call-failed': (f) => `The call ${String(f['call'])} failed with ${String(f['error'])} (${String(f['number'])}).`,
  'live-access-denied': (f) => `Process ${String(f['pid'])} does not let itself be read: ${String(f['detail'])}`,
  'live-process-protected': (f) => `Process ${String(f['pid'])} is protected by Windows; no program may read its memory, with or without elevation.`,
  'live-process-ended': (f) => `Process ${String(f['pid'])} ended: ${String(f['detail'])}`,
  'live-clone-unavailable': (f) => `Process ${String(f['pid'])} cannot be cloned: ${String(f['detail'])}`,
  'live-over-budget': (f) => `The capture needs more memory than it may take: ${got(f)}.`,
  'live-stopped': (f) => `The process that captures stopped (${String(f['detail'])}).`,
  'message-too-large': (f) => `${String(f['what'])} does not fit into one message: ${got(f)} bytes.`,
  'message-invalid': (f) => `A message was refused: ${String(f['detail'])}`,
}

export class HeapscapeError extends Error {
  override name = 'HeapscapeError'
  readonly code: ErrorCode
  readonly facts: Facts
  readonly where: ErrorPlace | undefined

  constructor(code: ErrorCode, facts: Facts = {}, where?: ErrorPlace) {
    super(TEXTS[code](facts))
    this.code = code
    this.facts = facts
    this.where = where
  }

  toFailure(): Failure {
    const plain = { code: this.code, text: this.message, facts: this.facts }
    return this.where === undefined ? plain : { ...plain, where: this.where }
  }
}

/** Any thrown value as data; what is not ours becomes `internal` with its text. */
export function toFailure(error: unknown): Failure {
  if (error instanceof HeapscapeError) return error.toFailure()
  const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return new HeapscapeError('internal', { detail }).toFailure()
}
