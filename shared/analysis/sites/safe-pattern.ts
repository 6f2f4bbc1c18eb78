import { HeapscapeError } from '../../base/errors'

/*
 * Regular expressions whose time is bounded: the pattern becomes a small program, and all its threads step through the
 * text together, so that a match costs at most (length of the text) x (length of the program), whatever the pattern.
 * The built-in engine backtracks: `(a+)+b` on thirty letters keeps it busy for minutes.
 *
 * Known: literals, `.`, `[a-z]`, `[^a-z]`, `\d \w \s \D \W \S`, `\b`, `^ $`, groups, `|`, `* + ? {m} {m,} {m,n}` and their
 * lazy forms (the same here: only whether it matches is asked). Case does not count.
 */
export const LONGEST_PATTERN = 256
const LARGEST_PROGRAM = 4000
const LARGEST_REPEAT = 200
/** Names longer than this are matched by their beginning. */
const LONGEST_TEXT = 4096

const Code = { Set: 0, Split: 1, Jump: 2, Match: 3, Start: 4, End: 5, Boundary: 6, NotBoundary: 7 } as const
type Code = (typeof Code)[keyof typeof Code]

/** Ranges of character codes, ends included. */
interface CharacterSet {
  readonly ranges: readonly (readonly [from: number, to: number])[]
  readonly negated: boolean
}

type Node =
  | { readonly type: 'set'; readonly set: CharacterSet }
  | { readonly type: 'assert'; readonly code: Code }
  | { readonly type: 'sequence'; readonly parts: readonly Node[] }
  | { readonly type: 'choice'; readonly parts: readonly Node[] }
  | { readonly type: 'repeat'; readonly part: Node; readonly least: number; readonly most: number }

const DIGITS = [[48, 57]] as const
const WORD = [[48, 57], [65, 90], [95, 95], [97, 122]] as const
const SPACE = [[9, 13], [32, 32], [160, 160]] as const
const CLASSES: Readonly<Record<string, CharacterSet>> = {
  d: { ranges: DIGITS, negated: false },
  D: { ranges: DIGITS, negated: true },
  w: { ranges: WORD, negated: false },
  W: { ranges: WORD, negated: true },
  s: { ranges: SPACE, negated: false },
  S: { ranges: SPACE, negated: true },
}
const ESCAPES: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9 }
const ANY: CharacterSet = { ranges: [], negated: true }

export class SafePattern {
  readonly source: string
  readonly #codes: Uint8Array
  readonly #first: Int32Array
  readonly #second: Int32Array
  readonly #sets: readonly CharacterSet[]

  /** @throws HeapscapeError `pattern-invalid` with the place (from 1) and what was expected there. */
  constructor(source: string) {
    this.source = source
    const program = new Assembler(source)
    program.add(new PatternReader(source).read())
    program.emit(Code.Match)
    this.#codes = Uint8Array.from(program.codes)
    this.#first = Int32Array.from(program.first)
    this.#second = Int32Array.from(program.second)
    this.#sets = program.sets
  }

  /** Whether the pattern matches anywhere in the text. */
  test(text: string): boolean {
    const end = Math.min(text.length, LONGEST_TEXT)
    const marks = new Int32Array(this.#codes.length).fill(-1)
    let threads: number[] = []
    for (let at = 0; at <= end; at++) {
      const next: number[] = []
      // A match may begin at every place.
      if (this.#follow(0, at, { text, end, marks, into: threads })) return true
      if (at === end) return false
      const code = text.charCodeAt(at)
      for (const thread of threads) {
        if (!contains(this.#sets[this.#first[thread]!]!, code)) continue
        if (this.#follow(thread + 1, at + 1, { text, end, marks, into: next })) return true
      }
      threads = next
    }
    return false
  }

  /** Adds the threads that wait for a character from `start` on; true when the match is reached. */
  #follow(start: number, at: number, world: { text: string; end: number; marks: Int32Array; into: number[] }): boolean {
    const { marks, into } = world
    const open = [start]
    while (open.length > 0) {
      const place = open.pop()!
      if (marks[place] === at) continue
      marks[place] = at
      switch (this.#codes[place] as Code) {
        case Code.Match:
          return true
        case Code.Set:
          into.push(place)
          break
        case Code.Jump:
          open.push(this.#first[place]!)
          break
        case Code.Split:
          open.push(this.#second[place]!, this.#first[place]!)
          break
        default:
          if (holds(this.#codes[place] as Code, world.text, at, world.end)) open.push(place + 1)
      }
    }
    return false
  }
}

const isWord = (text: string, at: number, end: number): boolean => at >= 0 && at < end && inRanges(WORD, text.charCodeAt(at))

function holds(code: Code, text: string, at: number, end: number): boolean {
  if (code === Code.Start) return at === 0
  if (code === Code.End) return at === end
  return (isWord(text, at - 1, end) !== isWord(text, at, end)) === (code === Code.Boundary)
}

function inRanges(ranges: CharacterSet['ranges'], code: number): boolean {
  for (const [from, to] of ranges) if (code >= from && code <= to) return true
  return false
}

function contains({ ranges, negated }: CharacterSet, code: number): boolean {
  if (ranges.length === 0) return negated
  const letter = String.fromCharCode(code)
  const found = inRanges(ranges, code) || inRanges(ranges, letter.toLowerCase().charCodeAt(0)) || inRanges(ranges, letter.toUpperCase().charCodeAt(0))
  return found !== negated
}

/** Turns a parsed pattern into the program; `first` and `second` are places, or the number of a set. */
class Assembler {
  readonly codes: number[] = []
  readonly first: number[] = []
  readonly second: number[] = []
  readonly sets: CharacterSet[] = []
  readonly #source: string

  constructor(source: string) {
    this.#source = source
  }

  emit(code: Code, first = 0, second = 0): number {
    if (this.codes.length >= LARGEST_PROGRAM) throw invalid(this.#source, 0, `its repetitions unfold to more than ${LARGEST_PROGRAM} steps`)
    this.codes.push(code)
    this.first.push(first)
    this.second.push(second)
    return this.codes.length - 1
  }

  add(node: Node): void {
    switch (node.type) {
      case 'set':
        this.emit(Code.Set, this.sets.push(node.set) - 1)
        break
      case 'assert':
        this.emit(node.code)
        break
      case 'sequence':
        for (const part of node.parts) this.add(part)
        break
      case 'choice':
        this.#addChoice(node.parts)
        break
      case 'repeat':
        this.#addRepeat(node.part, node.least, node.most)
    }
  }

  #addChoice(parts: readonly Node[]): void {
    const ends: number[] = []
    parts.forEach((part, i) => {
      const split = i < parts.length - 1 ? this.emit(Code.Split) : -1
      if (split >= 0) this.first[split] = split + 1
      this.add(part)
      if (split < 0) return
      ends.push(this.emit(Code.Jump))
      this.second[split] = this.codes.length
    })
    for (const jump of ends) this.first[jump] = this.codes.length
  }

  #addRepeat(part: Node, least: number, most: number): void {
    for (let i = 0; i < least; i++) this.add(part)
    if (most === Infinity) {
      const split = this.emit(Code.Split)
      this.first[split] = split + 1
      this.add(part)
      this.emit(Code.Jump, split)
      this.second[split] = this.codes.length
      return
    }
    const splits: number[] = []
    for (let i = least; i < most; i++) {
      const split = this.emit(Code.Split)
      this.first[split] = split + 1
      splits.push(split)
      this.add(part)
    }
    for (const split of splits) this.second[split] = this.codes.length
  }
}

function invalid(pattern: string, at: number, detail: string): HeapscapeError {
  return new HeapscapeError('pattern-invalid', { pattern, at: at + 1, detail })
}

/** Recursive descent; groups nest no deeper than the pattern is long. */
class PatternReader {
  readonly #source: string
  #at = 0

  constructor(source: string) {
    this.#source = source
  }

  read(): Node {
    if (this.#source.length > LONGEST_PATTERN) throw invalid(this.#source, LONGEST_PATTERN, `expected at most ${LONGEST_PATTERN} characters, got ${this.#source.length}`)
    const node = this.#choice()
    if (this.#at < this.#source.length) throw this.#error('this ) closes no group')
    return node
  }

  #error(detail: string): HeapscapeError {
    return invalid(this.#source, this.#at, detail)
  }

  #peek(): string {
    return this.#source[this.#at] ?? ''
  }

  #choice(): Node {
    const parts = [this.#sequence()]
    while (this.#peek() === '|') {
      this.#at++
      parts.push(this.#sequence())
    }
    return parts.length === 1 ? parts[0]! : { type: 'choice', parts }
  }

  #sequence(): Node {
    const parts: Node[] = []
    while (this.#at < this.#source.length && this.#peek() !== '|' && this.#peek() !== ')') parts.push(this.#repeated())
    return { type: 'sequence', parts }
  }

  #repeated(): Node {
    const isRepeat = /^(?:[*+?]|\{\d+(?:,\d*)?\})/
    if (isRepeat.test(this.#source.slice(this.#at))) throw this.#error(`nothing stands before "${this.#peek()}" to repeat; write \\${this.#peek()} for the character itself`)
    let part = this.#atom()
    for (;;) {
      const found = isRepeat.exec(this.#source.slice(this.#at))
      if (found === null) return part
      const [least, most] = this.#bounds(found[0])
      this.#at += found[0].length
      if (this.#peek() === '?') this.#at++
      part = { type: 'repeat', part, least, most }
    }
  }

  #bounds(text: string): [number, number] {
    if (text === '*') return [0, Infinity]
    if (text === '+') return [1, Infinity]
    if (text === '?') return [0, 1]
    const [least, most] = text.slice(1, -1).split(',')
    const from = Number(least)
    const to = most === undefined ? from : most === '' ? Infinity : Number(most)
    if (from > LARGEST_REPEAT || (to !== Infinity && to > LARGEST_REPEAT)) throw this.#error(`expected at most ${LARGEST_REPEAT} repetitions, got ${text}`)
    if (to < from) throw this.#error(`${text} has its numbers out of order`)
    return [from, to]
  }

  #atom(): Node {
    const letter = this.#peek()
    if (letter === '(') return this.#group()
    if (letter === '[') return { type: 'set', set: this.#characterSet() }
    this.#at++
    if (letter === '.') return { type: 'set', set: ANY }
    if (letter === '^') return { type: 'assert', code: Code.Start }
    if (letter === '$') return { type: 'assert', code: Code.End }
    if (letter !== '\\') return { type: 'set', set: single(letter.charCodeAt(0)) }
    if (this.#peek() === 'b' || this.#peek() === 'B') return { type: 'assert', code: this.#source[this.#at++] === 'b' ? Code.Boundary : Code.NotBoundary }
    return { type: 'set', set: this.#escape() }
  }

  #group(): Node {
    const opened = this.#at++
    if (this.#peek() === '?') {
      if (!this.#source.startsWith('?:', this.#at)) throw this.#error('looking ahead or behind and named groups are not known here; use ( ) or (?: )')
      this.#at += 2
    }
    const node = this.#choice()
    if (this.#peek() !== ')') throw invalid(this.#source, opened, 'this ( is never closed; write \\( for the character itself')
    this.#at++
    return node
  }

  /** After the backslash. */
  #escape(): CharacterSet {
    const letter = this.#peek()
    if (letter === '') throw this.#error('a character is expected after \\')
    if (CLASSES[letter] === undefined && ESCAPES[letter] === undefined && /[0-9a-z]/i.test(letter)) throw this.#error(`\\${letter} is not known here`)
    this.#at++
    return CLASSES[letter] ?? single(ESCAPES[letter] ?? letter.charCodeAt(0))
  }

  #characterSet(): CharacterSet {
    const opened = this.#at++
    const negated = this.#peek() === '^'
    if (negated) this.#at++
    const ranges: (readonly [number, number])[] = []
    for (let first = true; first || this.#peek() !== ']'; first = false) {
      if (this.#at >= this.#source.length) throw invalid(this.#source, opened, 'this [ is never closed; write \\[ for the character itself')
      const from = this.#member()
      if (from.negated) throw this.#error('\\D, \\W and \\S are not known inside [ ]')
      const isRange = this.#peek() === '-' && this.#source[this.#at + 1] !== ']' && this.#at + 1 < this.#source.length
      if (!isRange) {
        ranges.push(...from.ranges)
        continue
      }
      this.#at++
      const to = this.#member()
      const [low, high] = [from.ranges[0]![0], to.ranges[0]![1]]
      if (from.ranges.length > 1 || to.ranges.length > 1 || low > high) throw this.#error('a range needs two characters in order, for instance a-z')
      ranges.push([low, high])
    }
    this.#at++
    return { ranges, negated }
  }

  #member(): CharacterSet {
    const letter = this.#source[this.#at++] ?? ''
    return letter === '\\' ? this.#escape() : single(letter.charCodeAt(0))
  }
}

const single = (code: number): CharacterSet => ({ ranges: [[code, code]], negated: false })
