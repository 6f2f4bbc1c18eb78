import { apiFunctions, type ApiFunction, type ApiParameter, type ParameterKind } from '../win32/api-catalog'
import type { ApiArgument } from '../win32/process-types'
import type { ValueKind } from './console-types'
import { findConstant, setsOf } from './constants'
import { ScriptMistake, type Expression } from './syntax'

/** A value with what it stands for. */
export interface Value {
  readonly kind: ValueKind
  readonly value: ApiArgument
}

/** How a parameter's type is written in help and errors. */
export const TYPE_NAMES: Record<ParameterKind, string> = {
  address: 'address',
  heap: 'heap handle',
  pointer: 'pointer',
  'memory-handle': 'memory handle',
  section: 'section handle',
  bytes: 'bytes',
  count: 'number',
  flags: 'flags',
  byte: 'byte',
  text: 'text',
  data: 'bytes to write',
}

/**
 * Values for a call's parameters. Which handle or pointer is valid is the process's business; here a text cannot stand
 * for a number, and a named flag must be one of the parameter's.
 * @throws ScriptMistake `wrong-count`, `wrong-type`, `wrong-flag`
 */
export function checkArguments(call: ApiFunction, at: number, given: readonly Expression[], valueOf: (expression: Expression) => Value): ApiArgument[] {
  const { parameters } = call
  const required = parameters.filter((parameter) => parameter.otherwise === undefined).length
  if (given.length < required || given.length > parameters.length) {
    const expected = required === parameters.length ? String(required) : `${required} to ${parameters.length}`
    throw new ScriptMistake('wrong-count', at, `${call.name} takes ${expected} ${parameters.length === 1 ? 'argument' : 'arguments'}, got ${given.length}.`)
  }
  return given.map((expression, index) => {
    const parameter = parameters[index]!
    if (parameter.set !== undefined) checkFlags(parameter.set, parameter, expression)
    return fit(call, parameter, expression, valueOf(expression).value)
  })
}

function fit(call: ApiFunction, parameter: ApiParameter, { at }: Expression, value: ApiArgument): ApiArgument {
  const { kind, name } = parameter
  const isText = typeof value === 'string'
  if (kind === 'data') {
    if (isText) return asciiBytes(value, at)
    if (typeof value !== 'number') return value
  } else if (kind === 'text') {
    if (isText) return value
  } else if (typeof value === 'number') {
    return value
  }
  const got = isText ? 'a text' : typeof value === 'number' ? 'a number' : 'bytes'
  throw new ScriptMistake('wrong-type', at, `${name} of ${call.name} is ${TYPE_NAMES[kind]}, got ${got}.`)
}

function asciiBytes(text: string, at: number): Uint8Array {
  return Uint8Array.from(text, (character) => {
    const code = character.codePointAt(0)!
    if (code < 0x80) return code
    throw new ScriptMistake('wrong-type', at, `"${character}" is no ASCII character; write its bytes as hex"...".`)
  })
}

/** Looks at the names in a flags argument that are written out, not at what variables hold. */
function checkFlags(set: string, parameter: ApiParameter, expression: Expression): void {
  if (expression.kind === 'binary') {
    checkFlags(set, parameter, expression.left)
    checkFlags(set, parameter, expression.right)
    return
  }
  if (expression.kind !== 'name') return
  const constant = findConstant(expression.name)
  if (constant === undefined || constant.sets.length === 0) return
  if (constant.sets.some((own) => setsOf(set).includes(own))) return
  throw new ScriptMistake('wrong-flag', expression.at, `${expression.name} is no flag of ${parameter.name}.`)
}

/** ` Did you mean HeapAlloc?` for a name that is close to a call's, else "". */
export function suggestCall(name: string): string {
  const near = apiFunctions.find((known) => distance(known.name.toLowerCase(), name.toLowerCase()) <= 2)
  return near === undefined ? '' : ` Did you mean ${near.name}?`
}

/** Edits that turn one word into the other (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1))
    row = next
  }
  return row[b.length]!
}
