import { describeError, Win32Error } from '../win32/error-codes'
import type { ScriptError, ScriptErrorCode } from './console-types'

/*
 *   line        [statement {; statement}] [# comment]
 *   statement   name [ '[' sum ']' ] = value | value | for name in sum .. sum : statement {; statement}
 *               | windows VERSION      alone on its line: of which Windows the process is
 *               | assert value (= | != | < | <= | > | >=) value | mark | why value | why grew [value]
 *   value       sums joined by |, & ; sum, product, unary minus and ~ as usual
 *   atom        0x1F  31  "text"  hex"41 42"  NAME  name[sum]  Call(value, ...)  ( value )  atom.measure
 */
export type BinaryOperator = '|' | '&' | '+' | '-' | '*' | '/' | '%'
export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>='

/** `at` is the 0-based column of the expression's first character. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number; readonly at: number }
  | { readonly kind: 'text'; readonly value: string; readonly at: number }
  | { readonly kind: 'data'; readonly value: Uint8Array; readonly at: number }
  | { readonly kind: 'name'; readonly name: string; readonly index: Expression | null; readonly at: number }
  | { readonly kind: 'member'; readonly of: Expression; readonly field: string; readonly at: number }
  | { readonly kind: 'call'; readonly name: string; readonly arguments: readonly Expression[]; readonly at: number }
  | { readonly kind: 'unary'; readonly operator: '-' | '~'; readonly operand: Expression; readonly at: number }
  | { readonly kind: 'binary'; readonly operator: BinaryOperator; readonly left: Expression; readonly right: Expression; readonly at: number }

export type Statement =
  | { readonly kind: 'evaluate'; readonly name: string | null; readonly index: Expression | null; readonly value: Expression; readonly at: number }
  | { readonly kind: 'for'; readonly name: string; readonly from: Expression; readonly to: Expression; readonly body: readonly Statement[]; readonly at: number }
  | { readonly kind: 'assert'; readonly left: Expression; readonly comparison: Comparison; readonly right: Expression; readonly text: string; readonly at: number }
  | { readonly kind: 'mark'; readonly at: number }
  | { readonly kind: 'windows'; readonly version: string; readonly at: number }
  /** Of a block by the address of its data; with `grew` of a heap, the default heap when none is named. */
  | { readonly kind: 'why'; readonly grew: boolean; readonly of: Expression | null; readonly at: number }

/** A mistake in the script, with its column; its line is added by who knows it. */
export class ScriptMistake extends Error {
  override name = 'ScriptMistake'
  readonly code: ScriptErrorCode
  readonly at: number

  constructor(code: ScriptErrorCode, at: number, text: string) {
    super(text)
    this.code = code
    this.at = at
  }

  /** `line` is 1-based. */
  toError(line: number): ScriptError {
    return { code: this.code, line, column: this.at + 1, text: this.message, lastError: LAST_ERRORS[this.code] }
  }
}

/** ERROR_PROC_NOT_FOUND of GetProcAddress (winerror.h); the simulated calls themselves never set it. */
const PROC_NOT_FOUND = { code: 127, name: 'ERROR_PROC_NOT_FOUND' }
const REFUSED = describeError(Win32Error.ERROR_INVALID_PARAMETER)

const LAST_ERRORS: Record<ScriptErrorCode, ScriptError['lastError']> = {
  syntax: null,
  'unknown-call': PROC_NOT_FOUND,
  'unknown-name': null,
  'unknown-measure': null,
  'unknown-version': null,
  'wrong-count': REFUSED,
  'wrong-type': REFUSED,
  'wrong-flag': REFUSED,
  'too-many-calls': null,
}
