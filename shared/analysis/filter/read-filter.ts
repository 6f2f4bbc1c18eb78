import type { HeapscapeError } from '../../base/errors'
import { BLOCK_COLUMNS, columnFacts, columnNamed, NEVER, type BlockColumn } from '../block-columns'
import { SafePattern } from '../sites/safe-pattern'
import { COMPARISONS, type BlockCondition, type Comparison, type ValueRange } from './block-condition'
import { filterProblem, readTokens, type Token } from './filter-tokens'

/*
 *   any   = all { "or" all }
 *   all   = part { "and" part }
 *   part  = "not" part | "(" any ")" | column comparison value | column ["not"] "in" values | column "is" ("known" | "unknown")
 *   values = value ".." value | "(" value [".." value] { "," value [".." value] } ")"
 *
 * Words and names are known by any case. Columns of text take `= "whole text"`, `~ "part"`, `~ /regular expression/`.
 */

/** What may stand at a place, for completion and for messages. */
export type Expected =
  | { readonly type: 'part' }
  | { readonly type: 'operator'; readonly column: BlockColumn }
  | { readonly type: 'value'; readonly column: BlockColumn }
  | { readonly type: 'connective'; readonly closes: boolean }
  | { readonly type: 'words'; readonly words: readonly string[] }

/** Parentheses and `not` within one another. */
const DEEPEST = 64

/**
 * The condition a text states; undefined for an empty text.
 * @throws HeapscapeError `pattern-invalid` with the place (from 1), what was expected there and what was found.
 */
export function readFilter(text: string): BlockCondition | undefined {
  const reader = new FilterReader(text)
  return reader.read()
}

/** What may follow the text; null when the text is wrong before its end. */
export function expectedAtEnd(text: string): Expected | null {
  const reader = new FilterReader(text)
  try {
    reader.read()
    return reader.isEmpty ? { type: 'part' } : { type: 'connective', closes: false }
  } catch (error) {
    if (reader.expectedAtEnd === null) return null
    if ((error as HeapscapeError).code !== 'pattern-invalid') throw error
    return reader.expectedAtEnd
  }
}

class FilterReader {
  readonly #text: string
  #tokens: readonly Token[] = []
  #next = 0
  #depth = 0
  #openParentheses = 0
  /** What was missing when the text ended too soon. */
  expectedAtEnd: Expected | null = null

  constructor(text: string) {
    this.#text = text
  }

  get isEmpty(): boolean {
    return this.#tokens.length <= 1
  }

  read(): BlockCondition | undefined {
    this.#tokens = readTokens(this.#text)
    if (this.isEmpty) return undefined
    const condition = this.#chain('any')
    if (this.#token.type !== 'end') throw this.#problem({ type: 'connective', closes: false })
    return condition
  }

  get #token(): Token {
    return this.#tokens[this.#next]!
  }

  #isWord(word: string): boolean {
    const token = this.#token
    return token.type === 'word' && token.text.toLowerCase() === word
  }

  #isMark(mark: string): boolean {
    const token = this.#token
    return token.type === 'mark' && token.text === mark
  }

  #takeWord(word: string): boolean {
    const isThere = this.#isWord(word)
    if (isThere) this.#next++
    return isThere
  }

  #takeMark(mark: string): boolean {
    const isThere = this.#isMark(mark)
    if (isThere) this.#next++
    return isThere
  }

  #chain(type: 'any' | 'all'): BlockCondition {
    const part = (): BlockCondition => (type === 'any' ? this.#chain('all') : this.#part())
    const parts = [part()]
    while (this.#takeWord(type === 'any' ? 'or' : 'and')) parts.push(part())
    return parts.length === 1 ? parts[0]! : { type, parts }
  }

  #part(): BlockCondition {
    if (++this.#depth > DEEPEST) throw filterProblem(this.#text, this.#token.at, `expected at most ${DEEPEST} conditions within one another`)
    const part = this.#onePart()
    this.#depth--
    return part
  }

  #onePart(): BlockCondition {
    if (this.#takeWord('not')) return { type: 'not', part: this.#part() }
    if (this.#takeMark('(')) {
      this.#openParentheses++
      const inner = this.#chain('any')
      if (!this.#takeMark(')')) throw this.#problem({ type: 'connective', closes: true })
      this.#openParentheses--
      return inner
    }
    const column = this.#column()
    return this.#afterColumn(column)
  }

  #column(): BlockColumn {
    const token = this.#token
    if (token.type !== 'word') throw this.#problem({ type: 'part' })
    const column = columnNamed(token.text)
    if (column === undefined) throw filterProblem(this.#text, token.at, `there is no column ${token.text}; columns: ${BLOCK_COLUMNS.join(', ')}`)
    this.#next++
    return column
  }

  #afterColumn(column: BlockColumn): BlockCondition {
    if (this.#takeWord('is')) return { type: 'known', column, isKnown: this.#known() }
    if (columnFacts(column).unit === 'text') return this.#textCondition(column)
    if (this.#takeWord('in')) return { type: 'in', column, ranges: this.#ranges(column) }
    if (this.#isWord('not')) {
      this.#next++
      if (!this.#takeWord('in')) throw this.#problem({ type: 'words', words: ['in'] })
      return { type: 'not', part: { type: 'in', column, ranges: this.#ranges(column) } }
    }
    const token = this.#token
    const comparison = token.type === 'mark' ? COMPARISONS.find((one) => one === token.text) : undefined
    const isOrdered = columnFacts(column).unit !== 'name' || comparison === '=' || comparison === '!='
    if (comparison === undefined || !isOrdered) throw this.#problem({ type: 'operator', column })
    this.#next++
    return { type: 'compare', column, comparison, value: this.#value(column) }
  }

  #known(): boolean {
    if (this.#takeWord('known')) return true
    if (this.#takeWord('unknown')) return false
    throw this.#problem({ type: 'words', words: ['known', 'unknown'] })
  }

  #textCondition(column: BlockColumn): BlockCondition {
    const token = this.#token
    const mark = token.type === 'mark' ? token.text : ''
    if (!['=', '!=', '~', '!~'].includes(mark)) throw this.#problem({ type: 'operator', column })
    this.#next++
    const value = this.#token
    if (value.type === 'pattern' && mark.endsWith('~')) {
      this.#checkPattern(value.text, value.at)
      this.#next++
      return { type: 'matches', column, isNegated: mark === '!~', pattern: value.text }
    }
    if (value.type !== 'string') throw this.#problem({ type: 'value', column })
    this.#next++
    if (mark.endsWith('~')) return { type: 'contains', column, isNegated: mark === '!~', text: value.text }
    return { type: 'text', column, comparison: mark as Extract<Comparison, '=' | '!='>, text: value.text }
  }

  #checkPattern(pattern: string, at: number): void {
    try {
      new SafePattern(pattern)
    } catch (error) {
      const { facts } = error as HeapscapeError
      throw filterProblem(this.#text, at + Number(facts['at'] ?? 1), String(facts['detail']))
    }
  }

  #ranges(column: BlockColumn): ValueRange[] {
    if (!this.#takeMark('(')) return [this.#range(column, true)]
    const ranges: ValueRange[] = []
    do ranges.push(this.#range(column, false))
    while (this.#takeMark(','))
    if (!this.#takeMark(')')) throw this.#problem({ type: 'words', words: [',', '..', ')'] })
    return ranges
  }

  #range(column: BlockColumn, isAlone: boolean): ValueRange {
    const { at } = this.#token
    const from = this.#value(column)
    if (!this.#takeMark('..')) {
      if (isAlone) throw this.#problem({ type: 'words', words: ['..'] })
      return { from, to: from }
    }
    const to = this.#value(column)
    if (to < from) throw filterProblem(this.#text, at, 'expected a range that begins with its smaller end')
    return { from, to }
  }

  #value(column: BlockColumn): number {
    const { unit, names, isEndless } = columnFacts(column)
    const token = this.#token
    if (isEndless === true && this.#takeWord(NEVER)) return Infinity
    if (unit === 'name') {
      const name = token.type === 'word' || token.type === 'string' ? token.text.toLowerCase() : undefined
      const index = names!.findIndex((one) => one === name)
      if (index < 0) throw this.#problem({ type: 'value', column })
      this.#next++
      return index
    }
    if (token.type !== 'number') throw this.#problem({ type: 'value', column })
    if (unit === 'address' && !Number.isInteger(token.value)) throw filterProblem(this.#text, token.at, 'expected a whole address')
    this.#next++
    return token.value
  }

  #problem(expected: Expected): HeapscapeError {
    const token = this.#token
    const shown = expected.type === 'connective' && this.#openParentheses > 0 ? { ...expected, closes: true } : expected
    if (token.type === 'end') this.expectedAtEnd = shown
    const got = token.type === 'end' ? 'the end' : this.#text.slice(token.at, token.end)
    return filterProblem(this.#text, token.at, `expected ${expectedText(shown)}, got ${got}`)
  }
}

function expectedText(expected: Expected): string {
  switch (expected.type) {
    case 'part':
      return 'a condition such as size > 4k or state = free'
    case 'operator':
      return `after ${expected.column} one of ${operatorsOf(expected.column).join(' ')}`
    case 'value':
      return valueText(expected.column)
    case 'connective':
      return expected.closes ? 'and, or or )' : 'and or or'
    case 'words':
      return expected.words.join(' or ')
  }
}

function valueText(column: BlockColumn): string {
  const { unit, names, isEndless } = columnFacts(column)
  if (isEndless === true) return `an event number or ${NEVER}`
  if (unit === 'name') return `${names!.slice(0, -1).join(', ')} or ${names!.at(-1)!}`
  if (unit === 'text') return 'a text in double quotes, or after ~ a /regular expression/'
  return unit === 'address' ? 'an address such as 0x2145C70' : unit === 'bytes' ? 'a size such as 4096, 4k or 1.5 MiB' : 'a number'
}

export function operatorsOf(column: BlockColumn): readonly string[] {
  const { unit } = columnFacts(column)
  if (unit === 'text') return ['~', '!~', '=', '!=', 'is']
  return unit === 'name' ? ['=', '!=', 'in', 'not in', 'is'] : [...COMPARISONS, 'in', 'not in', 'is']
}
