import type { Address } from '../../base/units'
import { HeapscapeError } from '../../base/errors'
import { findApiFunction, type ApiFunction } from '../win32/api-catalog'
import { describeError, RaisedException, statusName } from '../win32/error-codes'
import type { HeapGrowth } from '../win32/heap-reasons'
import type { ProcessApi } from '../win32/process-api'
import type { ApiArgument, ApiOutput } from '../win32/process-types'
import { checkArguments, suggestCall, type Value } from './arguments'
import type { Answer, AssertResult, CallResult, ScriptError, StepResult, ValueKind, Variable } from './console-types'
import { findConstant } from './constants'
import { takeMark, type ProcessMark } from './mark'
import { measureProcess, measureRoots, measureValue } from './measures'
import type { ParsedLine } from './parse'
import { ScriptMistake, type BinaryOperator, type Comparison, type Expression, type Statement } from './syntax'
import { argumentText, dataText, outputText, valueText } from './value-text'

/** Calls of a line that its result lists: the first and the last of them. */
export const CALLS_SHOWN = 64
/** Keeps a mistyped loop from taking the machine: twice the largest handle table. */
const MOST_CALLS = 1 << 17

const NUMBER_KIND: ValueKind = 'number'

/**
 * Carries out lines of a script in a simulated process and keeps the script's variables. Same lines, same process
 * options, same results. A failing call is a result; a mistake in the script ends its line, and the calls before it
 * stay done.
 */
export class Interpreter {
  readonly process: ProcessApi
  readonly #callsKept: number
  readonly #variables = new Map<string, Value>()
  #marked: ProcessMark | undefined
  #lastResult = 0
  #line: LineRecord

  /** `given` are variables the script finds, such as `heap`; `callsKept` is how many calls the result of a line lists. */
  constructor(process: ProcessApi, given: Readonly<Record<string, Value>> = {}, callsKept = CALLS_SHOWN) {
    this.process = process
    this.#callsKept = callsKept
    this.#line = new LineRecord(0, callsKept)
    for (const [name, value] of Object.entries(given)) this.#variables.set(name, value)
  }

  /** Carries out one line; `line` is its 1-based number. */
  run(parsed: ParsedLine, line: number): StepResult {
    const record = new LineRecord(line, this.#callsKept)
    this.#line = record
    let error: ScriptError | null = parsed.mistake?.toError(line) ?? null
    try {
      for (const statement of parsed.statements) if (!this.#carryOut(statement)) break
    } catch (thrown) {
      if (!(thrown instanceof ScriptMistake)) throw thrown
      error = thrown.toError(line)
    }
    return record.finish(parsed.text, error)
  }

  /** In order of first assignment. */
  variables(offset: number, count: number): Variable[] {
    const shown: Variable[] = []
    let index = 0
    for (const [name, { kind, value }] of this.#variables) {
      if (index >= offset + count) break
      if (index++ < offset) continue
      shown.push({ name, kind, value: value instanceof Uint8Array ? dataText(value) : value, text: valueText(kind, value) })
    }
    return shown
  }

  /** Equal numbers: the line before gave the same results, as far as one number can tell. */
  get fingerprint(): number {
    return this.#line.fingerprint
  }

  get variableCount(): number {
    return this.#variables.size
  }

  valueOf(name: string): Value | undefined {
    return this.#variables.get(name)
  }

  /** False when a raised exception ended the line. */
  #carryOut(statement: Statement): boolean {
    switch (statement.kind) {
      case 'mark':
        this.#marked = takeMark(this.process)
        return true
      case 'windows':
        this.#checkVersion(statement)
        return true
      case 'assert':
        this.#assert(statement)
        return true
      case 'why':
        this.#why(statement)
        return true
      case 'for':
        return this.#loop(statement)
      case 'evaluate':
        return this.#evaluateStatement(statement)
    }
  }

  /** A process cannot change its Windows: who carries lines out makes it anew before, where that can be done. */
  #checkVersion({ version, at }: Statement & { kind: 'windows' }): void {
    const now = this.process.version
    if (now.id !== version) throw new ScriptMistake('unknown-version', at, `This process is one of ${now.title}: a later choice holds, or its version is fixed.`)
    this.#line.note = [`${now.title}: ${now.manager}`, now.noBytes].filter((part) => part !== undefined).join('; ')
  }

  #loop({ name, from, to, body }: Statement & { kind: 'for' }): boolean {
    const last = this.#number(to)
    for (let i = this.#number(from); i <= last; i++) {
      this.#variables.set(name, { kind: NUMBER_KIND, value: i })
      for (const statement of body) if (!this.#carryOut(statement)) return false
    }
    return true
  }

  #evaluateStatement({ name, index, value, at }: Statement & { kind: 'evaluate' }): boolean {
    const target = name === null ? null : this.#targetName(name, index, at)
    const raisedBefore = this.#line.raised
    const got = value.kind === 'call' ? this.#call(value, target) : this.#value(value)
    if (this.#line.raised > raisedBefore) return false
    if (target !== null) this.#variables.set(target, got)
    return true
  }

  #targetName(name: string, index: Expression | null, at: number): string {
    if (findConstant(name) !== undefined) throw new ScriptMistake('wrong-type', at, `${name} is a constant; it cannot be given a value.`)
    if (findApiFunction(name) !== undefined || measureRoots.has(name)) throw new ScriptMistake('wrong-type', at, `"${name}" already means something else; choose another name.`)
    return index === null ? name : `${name}[${this.#number(index)}]`
  }

  #assert({ left, comparison, right, text }: Statement & { kind: 'assert' }): void {
    const [got, expected] = [this.#value(left), this.#value(right)]
    const ok = compare(got.value, comparison, expected.value)
    // Both sides are shown alike: as addresses when one of them is one.
    const kind = got.kind === NUMBER_KIND ? expected.kind : got.kind
    this.#line.assert({ text, expected: `${comparison} ${valueText(kind, expected.value)}`, got: valueText(kind, got.value), ok })
  }

  #why({ grew, of }: Statement & { kind: 'why' }): void {
    if (grew) {
      const heap = of === null ? this.#defaultHeap() : this.#number(of)
      this.#line.answer(`why grew ${valueText('heap', heap)}`, growthText(this.process.whyGrew(heap)))
      return
    }
    const pointer = this.#number(of!)
    this.#line.answer(`why ${valueText('pointer', pointer)}`, this.process.why(pointer)?.text ?? 'No block of a heap has its data there: a pointer that HeapAlloc or a like call gave is asked for.')
  }

  /** Of the process; 0, which no heap has, when it has none. */
  #defaultHeap(): Address {
    return this.process.heaps().find(({ isDefault }) => isDefault)?.handle ?? 0
  }

  #number(expression: Expression): number {
    const { value } = this.#value(expression)
    if (typeof value === 'number') return value
    throw new ScriptMistake('wrong-type', expression.at, 'Expected a number, got a text.')
  }

  #value(expression: Expression): Value {
    switch (expression.kind) {
      case 'number':
        return { kind: NUMBER_KIND, value: expression.value }
      case 'text':
        return { kind: 'text', value: expression.value }
      case 'data':
        return { kind: 'data', value: expression.value }
      case 'name':
        return this.#named(expression)
      case 'member':
        return this.#member(expression)
      case 'call':
        return this.#call(expression, null)
      case 'unary': {
        const value = this.#number(expression.operand)
        return { kind: NUMBER_KIND, value: expression.operator === '-' ? -value : ~value >>> 0 }
      }
      case 'binary':
        return this.#binary(expression)
    }
  }

  #named({ name, index, at }: Expression & { kind: 'name' }): Value {
    const key = index === null ? name : `${name}[${this.#number(index)}]`
    const known = this.#variables.get(key)
    if (known !== undefined) return known
    const constant = index === null ? findConstant(name) : undefined
    if (constant !== undefined) return { kind: constant.sets.length > 0 ? 'flags' : NUMBER_KIND, value: constant.value }
    if (findApiFunction(name) !== undefined) throw new ScriptMistake('syntax', at, `${name} is a call; its arguments go into parentheses.`)
    throw new ScriptMistake('unknown-name', at, `There is no variable or constant "${key}".`)
  }

  #member({ of, field, at }: Expression & { kind: 'member' }): Value {
    const root = of.kind === 'name' && of.index === null && !this.#variables.has(of.name) ? of.name : undefined
    if (root !== undefined && measureRoots.has(root)) {
      const value = measureProcess({ process: this.process, lastResult: this.#lastResult, marked: this.#marked }, `${root}.${field}`)
      if (value !== undefined) return { kind: NUMBER_KIND, value }
      throw new ScriptMistake('unknown-measure', at, `There is no measure "${root}.${field}".`)
    }
    const value = measureValue(this.process, this.#number(of), field)
    if (value !== undefined) return { kind: field === 'address' ? 'pointer' : NUMBER_KIND, value }
    throw new ScriptMistake('unknown-measure', at, `"${field}" is no measure of this value: heaps and movable blocks have measures.`)
  }

  #binary({ operator, left, right, at }: Expression & { kind: 'binary' }): Value {
    const a = this.#value(left)
    if (typeof a.value !== 'number') throw new ScriptMistake('wrong-type', at, 'Expected a number, got a text.')
    const value = calculate(operator, a.value, this.#number(right))
    if (!Number.isFinite(value)) throw new ScriptMistake('wrong-type', at, 'A number cannot be divided by 0.')
    // A pointer with an offset is still a pointer.
    return { kind: (operator === '+' || operator === '-') && a.kind === 'pointer' ? 'pointer' : NUMBER_KIND, value }
  }

  #call({ name, arguments: given, at }: Expression & { kind: 'call' }, target: string | null): Value {
    const known = findApiFunction(name)
    if (known === undefined) throw new ScriptMistake('unknown-call', at, `There is no call "${name}".${suggestCall(name)}`)
    const values = checkArguments(known, at, given, (expression) => this.#value(expression))
    if (this.#line.callCount >= MOST_CALLS) throw new ScriptMistake('too-many-calls', at, `A line makes at most ${MOST_CALLS.toLocaleString('en-US')} calls.`)
    const { result, exception } = this.#carryOutCall(name, values, at)
    const { process } = this
    const { error } = process.callAt(process.callCount - 1)
    this.#lastResult = result
    this.#line.call({ known, values, result, error, exception, output: exception === null ? process.output : undefined, target })
    return { kind: known.result, value: result }
  }

  #carryOutCall(name: string, values: readonly ApiArgument[], at: number): Pick<CallResult, 'result' | 'exception'> {
    try {
      return { result: this.process.call(name, ...values), exception: null }
    } catch (error) {
      if (error instanceof RaisedException) return { result: 0, exception: { code: error.code, name: statusName(error.code), address: error.address } }
      if (error instanceof HeapscapeError && error.code === 'usage') throw new ScriptMistake('wrong-type', at, error.message)
      throw error
    }
  }
}

/** A call as it was carried out; it becomes text only when it is among those a line lists. */
interface DoneCall {
  readonly known: ApiFunction
  readonly values: readonly ApiArgument[]
  readonly result: number
  /** 0 when it succeeded. */
  readonly error: number
  readonly exception: CallResult['exception']
  readonly output: ApiOutput | undefined
  readonly target: string | null
}

function describeCall(line: number, { known, values, result, error, exception, output, target }: DoneCall): CallResult {
  return {
    line,
    call: known.name,
    arguments: values.map((value) => (value instanceof Uint8Array ? dataText(value) : value)),
    argumentTexts: values.map((value, index) => argumentText(known.parameters[index]!, value)),
    result,
    resultKind: known.result,
    resultText: known.result === 'none' || exception !== null ? '' : valueText(known.result, result),
    lastError: error === 0 || exception !== null ? null : describeError(error),
    exception,
    output: output === undefined ? null : outputText(output),
    name: target,
  }
}

/** What a line did, with its calls cut to the first and last ones. */
class LineRecord {
  readonly #line: number
  readonly #half: number
  readonly #first: DoneCall[] = []
  readonly #last: DoneCall[] = []
  readonly #asserts: AssertResult[] = []
  note: string | null = null
  readonly #answers: Answer[] = []
  callCount = 0
  raised = 0
  /** Of all results, the ones that are not listed too. */
  fingerprint = 0
  #failed = 0

  constructor(line: number, callsKept: number) {
    this.#line = line
    this.#half = callsKept / 2
  }

  call(done: DoneCall): void {
    const { result, error, exception } = done
    this.callCount++
    this.fingerprint = (Math.imul(this.fingerprint, 31) + (result | 0) + error + (exception?.code ?? 0)) | 0
    if (exception !== null) this.raised++
    if (exception !== null || error !== 0) this.#failed++
    const kept = this.#first.length < this.#half ? this.#first : this.#last
    if (this.#last.length === this.#half) this.#last.shift()
    kept.push(done)
  }

  answer(question: string, text: string): void {
    this.#answers.push({ line: this.#line, question, text })
  }

  assert(result: Omit<AssertResult, 'line'>): void {
    this.#asserts.push({ line: this.#line, ...result })
  }

  finish(text: string, error: ScriptError | null): StepResult {
    const calls = [...this.#first, ...this.#last].map((done) => describeCall(this.#line, done))
    return { line: this.#line, text, calls, callCount: this.callCount, failedCalls: this.#failed, asserts: this.#asserts, answers: this.#answers, note: this.note, error }
  }
}

function growthText(growth: HeapGrowth | null): string {
  if (growth === null) return 'No heap has this handle.'
  const when = growth.call === 0 ? 'when the process was made' : `by call ${growth.call.toLocaleString('en-US')}`
  return `Change ${growth.number.toLocaleString('en-US')} of its memory, ${when}: ${growth.text}`
}

/** Bits as unsigned 32-bit words, as in C's DWORD. */
function calculate(operator: BinaryOperator, x: number, y: number): number {
  switch (operator) {
    case '|':
      return (x | y) >>> 0
    case '&':
      return (x & y) >>> 0
    case '+':
      return x + y
    case '-':
      return x - y
    case '*':
      return x * y
    case '/':
      return Math.trunc(x / y)
    case '%':
      return x % y
  }
}

/** Shares are compared to six decimals, as they are shown. */
const CLOSE = 5e-7

export function compare(got: Value['value'], comparison: Comparison, expected: Value['value']): boolean {
  if (typeof got !== 'number' || typeof expected !== 'number') {
    const equal = String(got) === String(expected)
    return comparison === '=' ? equal : comparison === '!=' && !equal
  }
  const equal = got === expected || (!Number.isInteger(expected) && Math.abs(got - expected) <= CLOSE)
  switch (comparison) {
    case '=':
      return equal
    case '!=':
      return !equal
    case '<':
      return got < expected
    case '<=':
      return got <= expected
    case '>':
      return got > expected
    case '>=':
      return got >= expected
  }
}
