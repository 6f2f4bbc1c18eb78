import type { Address } from '../../base/units'
import type { LastError } from '../win32/process-types'

/*
 * What a console says of a script. A line is a step: it is carried out whole, undone whole and redone whole.
 *
 *   1  h = HeapCreate(0, 0x2000, 0x100000)      # one call, its result kept under a name
 *   2  for i in 0..15: g[i] = GlobalAlloc(GMEM_MOVEABLE, 1)
 *   3  assert handles.initialisations = 1
 */

/** Why a line cannot be carried out; the process is untouched by the part that fails. */
export type ScriptErrorCode =
  | 'syntax'
  | 'unknown-call'
  | 'unknown-name'
  | 'unknown-measure'
  | 'unknown-version'
  | 'wrong-count'
  | 'wrong-type'
  | 'wrong-flag'
  | 'too-many-calls'

export interface ScriptError {
  readonly code: ScriptErrorCode
  /** 1-based line of the script and column in it. */
  readonly line: number
  readonly column: number
  readonly text: string
  /** What Windows itself would say to such a call (GetProcAddress, or a refused parameter); null when no call is concerned. */
  readonly lastError: LastError | null
}

/** A value a script can hold: a number with what it stands for, or a text. */
export type ValueKind = 'number' | 'pointer' | 'heap' | 'memory-handle' | 'section' | 'bool' | 'bytes' | 'count' | 'flags' | 'none' | 'text' | 'data'

export interface CallResult {
  /** 1-based line of the script. */
  readonly line: number
  /** Win32 name, for instance `HeapAlloc`. */
  readonly call: string
  /** As evaluated: numbers, texts, and bytes as hexadecimal digits. */
  readonly arguments: readonly (number | string)[]
  /** As people read them: `0x00030000`, `HEAP_ZERO_MEMORY`, `100`. */
  readonly argumentTexts: readonly string[]
  readonly result: number
  readonly resultKind: ValueKind
  /** The result as people read it: `0x00030010`, `TRUE`, `4,096 bytes`. */
  readonly resultText: string
  /** The error this call set; null when it succeeded. */
  readonly lastError: LastError | null
  /** A structured exception the call raised instead of returning. */
  readonly exception: { readonly code: number; readonly name: string; readonly address: Address } | null
  /** What the call handed back beside its result, in words. */
  readonly output: string | null
  /** Variable that keeps the result, for instance `g[3]`. */
  readonly name: string | null
}

export interface AssertResult {
  readonly line: number
  readonly text: string
  readonly expected: string
  readonly got: string
  readonly ok: boolean
}

/** A question of the line (`why p`) and what the heap's manager says to it. */
export interface Answer {
  readonly line: number
  readonly question: string
  readonly text: string
}

export interface StepResult {
  /** 1-based line of the script. */
  readonly line: number
  readonly text: string
  /** The first and the last calls of the line, at most CALLS_SHOWN. */
  readonly calls: readonly CallResult[]
  /** All calls of the line. */
  readonly callCount: number
  readonly failedCalls: number
  readonly asserts: readonly AssertResult[]
  /** What a line that makes no call did, in words; null for the others. */
  readonly note: string | null
  readonly answers: readonly Answer[]
  /** Ends the line where it stands; the calls before it have happened. */
  readonly error: ScriptError | null
}

export interface Variable {
  /** `h`, or `g[3]`. */
  readonly name: string
  readonly kind: ValueKind
  readonly value: number | string
  readonly text: string
}

/** What may stand where the caret is. */
export interface CompletionItem {
  readonly text: string
  readonly kind: 'call' | 'flag' | 'variable' | 'keyword' | 'measure' | 'version'
  readonly detail: string
}

/** The call whose arguments the caret is in. */
export interface ArgumentHelp {
  readonly call: string
  readonly summary: string
  readonly result: string
  readonly parameters: readonly { readonly name: string; readonly type: string; readonly help: string; readonly otherwise: string | null }[]
  /** Index of the parameter at the caret; the number of parameters when there is none. */
  readonly active: number
}

export interface Completion {
  /** Columns [from, to), 0-based, that an item replaces. */
  readonly from: number
  readonly to: number
  readonly items: readonly CompletionItem[]
  readonly help: ArgumentHelp | null
}
