import { ScriptMistake } from './syntax'

export interface Token {
  readonly kind: 'number' | 'name' | 'text' | 'data' | 'sign' | 'end'
  /** As written; of a text or data its content. */
  readonly text: string
  /** 0-based column of the first character, and the one past the last. */
  readonly at: number
  readonly end: number
  readonly value: number
}

const BLANK = /[ \t\r]+/y
const COMMENT = /(#|\/\/).*/y
const NUMBER = /0x[\da-f]+|\d+\.\d+|\d+/iy
const NAME = /[A-Za-z_]\w*/y
const TEXT = /"([^"]*)"/y
const DATA = /hex"([^"]*)"/y
const SIGN = /\.\.|!=|<=|>=|==|[=<>|&+\-*/%~()[\],;:.]/y

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}

/**
 * Tokens of one line, without comment, closed by an `end`.
 * @throws ScriptMistake `syntax`
 */
export function tokenize(line: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < line.length) {
    const skipped = match(BLANK, line, at) ?? match(COMMENT, line, at)
    if (skipped !== null) {
      at += skipped[0].length
      continue
    }
    const token = tokenAt(line, at)
    tokens.push(token)
    at = token.end
  }
  tokens.push({ kind: 'end', text: '', at: line.length, end: line.length, value: 0 })
  return tokens
}

function tokenAt(line: string, at: number): Token {
  const token = (kind: Token['kind'], found: RegExpExecArray, text: string, value = 0): Token => ({ kind, text, at, end: at + found[0].length, value })
  const data = match(DATA, line, at)
  if (data !== null) return token('data', data, data[1]!)
  const number = match(NUMBER, line, at)
  if (number !== null) return numberToken(line, number, token)
  const name = match(NAME, line, at)
  if (name !== null) return token('name', name, name[0])
  const text = match(TEXT, line, at)
  if (text !== null) return token('text', text, text[1]!)
  const sign = match(SIGN, line, at)
  if (sign !== null) return token('sign', sign, sign[0] === '==' ? '=' : sign[0])
  if (line[at] === '"') throw new ScriptMistake('syntax', at, 'The text has no closing ".')
  throw new ScriptMistake('syntax', at, `"${line[at]!}" has no meaning here.`)
}

function numberToken(line: string, found: RegExpExecArray, token: (kind: 'number', found: RegExpExecArray, text: string, value: number) => Token): Token {
  const value = Number(found[0])
  const past = found.index + found[0].length
  if (/\w/.test(line[past] ?? '')) throw new ScriptMistake('syntax', past, `"${line.slice(found.index).match(/^\w+/)![0]}" is no number.`)
  if (value > Number.MAX_SAFE_INTEGER) throw new ScriptMistake('syntax', found.index, `${found[0]} is too large a number.`)
  return token('number', found, found[0], value)
}
