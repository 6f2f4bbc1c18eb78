import { findWindowsVersion, windowsVersions } from '../profiles/windows-versions'
import type { ScriptError } from './console-types'
import { ScriptMistake, type BinaryOperator, type Comparison, type Expression, type Statement } from './syntax'
import { tokenize, type Token } from './tokens'

export interface ParsedLine {
  readonly text: string
  readonly statements: readonly Statement[]
  readonly mistake: ScriptMistake | null
}

const KEYWORDS: readonly string[] = ['for', 'in', 'assert', 'mark', 'why']
const COMPARISONS: readonly string[] = ['=', '!=', '<', '<=', '>', '>=']
/** From loosest to tightest. */
const LEVELS: readonly (readonly string[])[] = [['|'], ['&'], ['+', '-'], ['*', '/', '%']]
const DEEPEST = 64

/** A line as statements; what is wrong with it is part of the result. */
export function parseLine(text: string): ParsedLine {
  try {
    return { text, statements: readVersion(text) ?? new LineParser(text).line(), mistake: null }
  } catch (error) {
    if (error instanceof ScriptMistake) return { text, statements: [], mistake: error }
    throw error
  }
}

/** `windows 10-x64`; ids have digits and dashes no other word has, so the line is taken as it stands. Undefined for other lines. */
const VERSION_LINE = /^(\s*windows\s+)([\w.-]+)\s*(?:#.*)?$/

function readVersion(text: string): Statement[] | undefined {
  const [, before, id] = VERSION_LINE.exec(text) ?? []
  if (before === undefined || id === undefined) return undefined
  const version = findWindowsVersion(id)
  if (version === undefined) throw new ScriptMistake('unknown-version', before.length, `There is no Windows "${id}". Versions: ${windowsVersions.map((known) => known.id).join(', ')}.`)
  return [{ kind: 'windows', version: version.id, at: before.indexOf('windows') }]
}

/** Version that a line asks for, if any. */
export const versionOf = ({ statements }: ParsedLine): string | undefined => statements.flatMap((statement) => (statement.kind === 'windows' ? [statement.version] : [])).at(-1)

/** Mistakes of a script that show without carrying it out. */
export function checkSyntax(script: string): ScriptError[] {
  return splitLines(script).flatMap((text, index) => parseLine(text).mistake?.toError(index + 1) ?? [])
}

export const splitLines = (script: string): string[] => script.split(/\r?\n/)

class LineParser {
  readonly #text: string
  readonly #tokens: readonly Token[]
  #next = 0
  #depth = 0

  constructor(text: string) {
    this.#text = text
    this.#tokens = tokenize(text)
  }

  line(): Statement[] {
    if (this.#atEnd()) return []
    const statements = this.#statements()
    if (!this.#atEnd()) throw this.#unexpected('the end of the line or ;')
    return statements
  }

  get #token(): Token {
    return this.#tokens[this.#next]!
  }

  #atEnd(): boolean {
    return this.#token.kind === 'end'
  }

  #statements(): Statement[] {
    const statements = [this.#statement()]
    while (this.#skip(';')) if (!this.#atEnd()) statements.push(this.#statement())
    return statements
  }

  #statement(): Statement {
    const { kind, text, at } = this.#token
    if (kind === 'name' && text === 'for') return this.#for(at)
    if (kind === 'name' && text === 'assert') return this.#assert(at)
    if (kind === 'name' && text === 'mark') {
      this.#next++
      return { kind: 'mark', at }
    }
    if (kind === 'name' && text === 'why') return this.#why(at)
    const value = this.#value()
    if (!this.#skip('=')) return { kind: 'evaluate', name: null, index: null, value, at }
    if (value.kind !== 'name') throw new ScriptMistake('syntax', at, 'Only a name can stand left of =.')
    return { kind: 'evaluate', name: value.name, index: value.index, value: this.#value(), at }
  }

  #why(at: number): Statement {
    this.#next++
    const { kind, text } = this.#token
    const grew = kind === 'name' && text === 'grew'
    if (!grew) return { kind: 'why', grew, of: this.#value(), at }
    this.#next++
    const isAlone = this.#atEnd() || (this.#token.kind === 'sign' && this.#token.text === ';')
    return { kind: 'why', grew, of: isAlone ? null : this.#value(), at }
  }

  #for(at: number): Statement {
    this.#next++
    const name = this.#name('a name')
    if (this.#token.text !== 'in') throw this.#unexpected('in')
    this.#next++
    const from = this.#value()
    this.#expect('..')
    const to = this.#value()
    this.#expect(':')
    return { kind: 'for', name, from, to, body: this.#statements(), at }
  }

  #assert(at: number): Statement {
    this.#next++
    const left = this.#value()
    const comparison = this.#token.text
    if (this.#token.kind !== 'sign' || !COMPARISONS.includes(comparison)) throw this.#unexpected('a comparison')
    this.#next++
    const right = this.#value()
    const text = this.#text.slice(at, this.#tokens[this.#next - 1]!.end)
    return { kind: 'assert', left, comparison: comparison as Comparison, right, text, at }
  }

  #value(level = 0): Expression {
    if (level === LEVELS.length) return this.#unary()
    let left = this.#value(level + 1)
    while (this.#token.kind === 'sign' && LEVELS[level]!.includes(this.#token.text)) {
      const operator = this.#token.text as BinaryOperator
      this.#next++
      left = { kind: 'binary', operator, left, right: this.#value(level + 1), at: left.at }
    }
    return left
  }

  #unary(): Expression {
    const { kind, text, at } = this.#token
    if (kind !== 'sign' || (text !== '-' && text !== '~')) return this.#members()
    this.#next++
    return { kind: 'unary', operator: text, operand: this.#nested(() => this.#unary()), at }
  }

  #members(): Expression {
    let value = this.#nested(() => this.#atom())
    while (this.#skip('.')) value = { kind: 'member', of: value, field: this.#name('the name of a measure'), at: value.at }
    return value
  }

  #atom(): Expression {
    const token = this.#token
    const { at } = token
    this.#next++
    switch (token.kind) {
      case 'number':
        return { kind: 'number', value: token.value, at }
      case 'text':
        return { kind: 'text', value: token.text, at }
      case 'data':
        return { kind: 'data', value: readHex(token), at }
      case 'name':
        return this.#named(token)
      default:
        if (token.text !== '(') {
          this.#next--
          throw this.#unexpected('a value')
        }
        return this.#enclosed(')')
    }
  }

  #named({ text: name, at }: Token): Expression {
    if (KEYWORDS.includes(name)) throw new ScriptMistake('syntax', at, `"${name}" cannot be used as a name.`)
    if (this.#skip('[')) return { kind: 'name', name, index: this.#enclosed(']'), at }
    if (!this.#skip('(')) return { kind: 'name', name, index: null, at }
    const given: Expression[] = []
    if (this.#skip(')')) return { kind: 'call', name, arguments: given, at }
    do given.push(this.#value())
    while (this.#skip(','))
    this.#expect(')')
    return { kind: 'call', name, arguments: given, at }
  }

  #enclosed(closing: string): Expression {
    const value = this.#value()
    this.#expect(closing)
    return value
  }

  /** Bounds the depth of nesting, so that no script can exhaust the stack. */
  #nested(read: () => Expression): Expression {
    if (++this.#depth > DEEPEST) throw new ScriptMistake('syntax', this.#token.at, `Values are nested deeper than ${DEEPEST}.`)
    const value = read()
    this.#depth--
    return value
  }

  #name(expected: string): string {
    const { kind, text } = this.#token
    if (kind !== 'name' || KEYWORDS.includes(text)) throw this.#unexpected(expected)
    this.#next++
    return text
  }

  #skip(sign: string): boolean {
    if (this.#token.kind !== 'sign' || this.#token.text !== sign) return false
    this.#next++
    return true
  }

  #expect(sign: string): void {
    if (!this.#skip(sign)) throw this.#unexpected(sign)
  }

  #unexpected(expected: string): ScriptMistake {
    const { kind, text, at } = this.#token
    return new ScriptMistake('syntax', at, `Expected ${expected}, got ${kind === 'end' ? 'the end of the line' : `"${text}"`}.`)
  }
}

function readHex({ text, at }: Token): Uint8Array {
  const digits = text.replace(/\s+/g, '')
  if (!/^([\da-f]{2})*$/i.test(digits)) throw new ScriptMistake('syntax', at, 'hex"..." takes pairs of hexadecimal digits.')
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16))
}
