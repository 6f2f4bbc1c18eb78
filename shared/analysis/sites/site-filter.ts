import { HeapscapeError } from '../../base/errors'
import { SafePattern } from './safe-pattern'

/*
 * The text of a site filter: words, all of which one frame of a call path must fulfil.
 *
 *   readLine                  module, function or file contains it
 *   "read"                    one of them is exactly this
 *   module:libc function:get  the named part contains it; `file:` likewise; quotes for exactly this
 *   /^std::(map|set)/         regular expression over `function`, `module` and `file:line` (safe-pattern.ts)
 *   -module:libc              leaves out paths in which any frame fulfils it
 *
 * Case does not count. A path is kept when a frame of it fulfils all words that are not negated, and no frame a negated one.
 */
export const LONGEST_FILTER = 400

export interface FrameText {
  readonly module: string
  readonly function: string
  readonly file: string
  /** From 1; 0 unknown. */
  readonly line: number
}

interface FilterWord {
  readonly isNegated: boolean
  readonly test: (frame: FrameText) => boolean
}

const PARTS = ['module', 'function', 'file'] as const
type Part = (typeof PARTS)[number]

export class SiteFilter {
  readonly text: string
  readonly #wanted: readonly FilterWord[]
  readonly #unwanted: readonly FilterWord[]

  /** @throws HeapscapeError `pattern-invalid` */
  constructor(text: string) {
    if (text.length > LONGEST_FILTER) throw invalid(text, LONGEST_FILTER, `expected at most ${LONGEST_FILTER} characters, got ${text.length}`)
    this.text = text.trim()
    const words = readWords(this.text)
    this.#wanted = words.filter((word) => !word.isNegated)
    this.#unwanted = words.filter((word) => word.isNegated)
  }

  get isEmpty(): boolean {
    return this.#wanted.length === 0 && this.#unwanted.length === 0
  }

  /** False when paths are only left out: every other path is kept. */
  get needsMatch(): boolean {
    return this.#wanted.length > 0
  }

  /** Whether the frame fulfils every word that is not negated; false without such words. */
  matches(frame: FrameText): boolean {
    return this.#wanted.length > 0 && this.#wanted.every((word) => word.test(frame))
  }

  /** Whether a path with this frame is left out. */
  refuses(frame: FrameText): boolean {
    return this.#unwanted.some((word) => word.test(frame))
  }
}

const invalid = (pattern: string, at: number, detail: string): HeapscapeError => new HeapscapeError('pattern-invalid', { pattern, at: at + 1, detail })

function readWords(text: string): FilterWord[] {
  const words: FilterWord[] = []
  let at = 0
  while (at < text.length) {
    if (/\s/.test(text[at]!)) {
      at++
      continue
    }
    const isNegated = text[at] === '-'
    if (isNegated) at++
    const part = PARTS.find((name) => text.startsWith(`${name}:`, at))
    if (part !== undefined) at += part.length + 1
    const value = readValue(text, at)
    words.push({ isNegated, test: testOf(value, part) })
    at = value.end
  }
  return words
}

type Value = { readonly end: number } & ({ readonly pattern: SafePattern } | { readonly text: string; readonly isWhole: boolean })

function readValue(text: string, at: number): Value {
  const mark = text[at]
  if (mark === '/') {
    const end = closing(text, at, '/', 'this / opens a regular expression that is never closed; write "/..." in quotes for the character itself')
    return { end: end + 1, pattern: new SafePattern(text.slice(at + 1, end).replaceAll('\\/', '/')) }
  }
  if (mark === '"') {
    const end = closing(text, at, '"', 'this quote is never closed')
    if (end === at + 1) throw invalid(text, at, 'a name is expected between the quotes')
    return { end: end + 1, text: text.slice(at + 1, end).replaceAll('\\"', '"').toLowerCase(), isWhole: true }
  }
  let end = at
  while (end < text.length && !/\s/.test(text[end]!)) end++
  if (end === at) throw invalid(text, at, 'a name is expected here')
  return { end, text: text.slice(at, end).toLowerCase(), isWhole: false }
}

function closing(text: string, opened: number, mark: string, problem: string): number {
  for (let at = opened + 1; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === mark) return at
  }
  throw invalid(text, opened, problem)
}

function testOf(value: Value, part: Part | undefined): (frame: FrameText) => boolean {
  const parts = part === undefined ? PARTS : [part]
  if ('pattern' in value) {
    return (frame) => parts.some((name) => frame[name] !== '' && value.pattern.test(name === 'file' && frame.line > 0 ? `${frame.file}:${frame.line}` : frame[name]))
  }
  if (!value.isWhole) return (frame) => parts.some((name) => frame[name].toLowerCase().includes(value.text))
  return (frame) => parts.some((name) => {
    const whole = frame[name].toLowerCase()
    // A module or file is as well known by its last part as by its path.
    return whole === value.text || (name !== 'function' && whole.slice(whole.search(/[^/\\]*$/)) === value.text)
  })
}

/** A word that picks one frame, for instance `function:"read" module:"libc.so.6"`; "" for a frame without any name. */
export function filterTextOf(frame: FrameText): string {
  const quoted = (name: string): string => `"${name.replaceAll('"', '\\"')}"`
  const module = frame.module.slice(frame.module.search(/[^/\\]*$/))
  const parts = [frame.function === '' ? '' : `function:${quoted(frame.function)}`, module === '' ? '' : `module:${quoted(module)}`]
  return parts.filter((part) => part !== '').join(' ')
}
