import { HeapscapeError } from '../../base/errors'

/*
 * The pieces of a filter text: `size`, `>`, `4k`, `(`, `"sqlite"`, `/^std::/`.
 */
export type Token = { readonly at: number; readonly end: number } & (
  | { readonly type: 'word'; readonly text: string }
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'string'; readonly text: string }
  | { readonly type: 'pattern'; readonly text: string }
  | { readonly type: 'mark'; readonly text: Mark }
  | { readonly type: 'end' }
)
const MARKS = ['..', '!=', '!~', '<=', '>=', '=', '<', '>', '~', '(', ')', ','] as const
type Mark = (typeof MARKS)[number]
/** What programmers write without thinking, and what it means here. */
const OTHER_MARKS: Readonly<Record<string, { readonly type: 'mark'; readonly text: Mark } | { readonly type: 'word'; readonly text: string }>> = {
  '==': { type: 'mark', text: '=' }, '<>': { type: 'mark', text: '!=' }, '&&': { type: 'word', text: 'and' }, '||': { type: 'word', text: 'or' },
}

export const LONGEST_FILTER = 2000

/** `at` is from 0. */
export const filterProblem = (pattern: string, at: number, detail: string): HeapscapeError => new HeapscapeError('pattern-invalid', { pattern, at: at + 1, detail })

/**
 * All tokens, the last one `end`.
 * @throws HeapscapeError `pattern-invalid` with the place (from 1) and what was expected there.
 */
export function readTokens(text: string): Token[] {
  if (text.length > LONGEST_FILTER) throw filterProblem(text, LONGEST_FILTER, `expected at most ${LONGEST_FILTER} characters, got ${text.length}`)
  const tokens: Token[] = []
  let at = 0
  for (;;) {
    while (at < text.length && /\s/.test(text[at]!)) at++
    if (at >= text.length) return [...tokens, { type: 'end', at: text.length, end: text.length }]
    const token = readToken(text, at)
    tokens.push(token)
    at = token.end
  }
}

function readToken(text: string, at: number): Token {
  const first = text[at]!
  if (/[0-9]/.test(first)) return readNumber(text, at)
  if (/[a-z_]/i.test(first)) {
    const word = /[a-z0-9_-]+/iy
    word.lastIndex = at
    const found = word.exec(text)![0]
    return { type: 'word', text: found, at, end: at + found.length }
  }
  if (first === '"' || first === '/') return readQuoted(text, at, first)
  const other = Object.keys(OTHER_MARKS).find((mark) => text.startsWith(mark, at))
  if (other !== undefined) return { ...OTHER_MARKS[other]!, at, end: at + other.length }
  const mark = MARKS.find((one) => text.startsWith(one, at))
  if (mark !== undefined) return { type: 'mark', text: mark, at, end: at + mark.length }
  if (first === '!') return { type: 'word', text: 'not', at, end: at + 1 }
  throw filterProblem(text, at, `"${first}" means nothing here; texts stand in double quotes`)
}

const POWERS = ['k', 'm', 'g', 't']
/** Hexadecimal with ' ` _ between digits as debuggers print it; decimal with _ and a binary unit, which may stand apart. */
const HEXADECIMAL = /0x([0-9a-f'`_]+)/iy
const DECIMAL = /(\d[\d_]*(?:\.\d+)?)(?:(?: ?([kmgt])(?:i?b)?|(?: ?(?:bytes|b)))(?![a-z0-9_]))?/iy

function readNumber(text: string, at: number): Token {
  HEXADECIMAL.lastIndex = at
  DECIMAL.lastIndex = at
  const hex = HEXADECIMAL.exec(text)
  const [whole, value] = hex === null ? decimalOf(DECIMAL.exec(text)!) : [hex[0], parseInt(hex[1]!.replace(/['`_]/g, ''), 16)]
  const end = at + whole.length
  if (end < text.length && /[a-z0-9_.]/i.test(text[end]!) && !text.startsWith('..', end)) throw filterProblem(text, at, 'expected a number such as 4096, 4k, 1.5 MiB or 0x2145C70')
  if (!(value <= Number.MAX_SAFE_INTEGER)) throw filterProblem(text, at, 'expected a number up to 2^53')
  return { type: 'number', value, at, end }
}

function decimalOf(match: RegExpExecArray): [whole: string, value: number] {
  const [whole, digits, unit] = match
  const plain = Number(digits!.replaceAll('_', ''))
  // A fraction of a byte means nothing, a fraction of a figure does: six digits are kept.
  return [whole, unit === undefined ? Number(plain.toFixed(6)) : Math.round(plain * 1024 ** (1 + POWERS.indexOf(unit.toLowerCase())))]
}

function readQuoted(text: string, at: number, mark: '"' | '/'): Token {
  let content = ''
  for (let i = at + 1; i < text.length; i++) {
    const next = text[i + 1]
    // A pattern keeps its own escapes; only its closing mark is ours.
    if (text[i] === '\\' && (next === mark || (mark === '"' && next === '\\'))) content += text[++i]!
    else if (text[i] === '\\' && mark === '/') content += text[i]! + (text[++i] ?? '')
    else if (text[i] === mark) return { type: mark === '"' ? 'string' : 'pattern', text: content, at, end: i + 1 }
    else content += text[i]!
  }
  throw filterProblem(text, at, mark === '"' ? 'this quote is never closed' : 'this / opens a regular expression that is never closed')
}
