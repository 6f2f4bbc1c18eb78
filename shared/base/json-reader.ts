import type { ByteSource } from './byte-source'
import { HeapscapeError } from './errors'

/*
 * JSON of any size, one token after the other, a piece of the source in memory at a time:
 *
 *   {"pps":[{"tb":8,"fs":[1,2]}]}    { key pps [ { key tb number 8 key fs [ number 1 number 2 ] } ] } end
 *
 * JSON.parse needs the whole text as one string, which the runtime limits to half a gigabyte.
 */
export type JsonToken = '{' | '}' | '[' | ']' | 'key' | 'string' | 'number' | 'true' | 'false' | 'null' | 'end'
/** What may come next. */
type Expected = 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'comma-or-end' | 'nothing'

const WINDOW_BYTES = 256 * 1024
/** Longest text or number; ours hold names. */
const LONGEST_TOKEN_BYTES = 1024 * 1024
/** More digits cannot be exact as a double. */
const EXACT_DIGITS = 15
const SHORT_TEXT_BYTES = 64
const MOST_DEPTH = 256
const QUOTE = 34
const COMMA = 44
const COLON = 58
const BACKSLASH = 92
const WORDS = { t: 'true', f: 'false', n: 'null' } as const

export class JsonReader {
  token: JsonToken = 'null'
  /** Of a key or string. */
  text = ''
  /** Of a number. */
  number = 0
  readonly #source: ByteSource
  readonly #decoder = new TextDecoder()
  readonly #containers: ('{' | '[')[] = []
  #window: Uint8Array = new Uint8Array(0)
  #windowStart = 0
  #at = 0
  #expected: Expected = 'value'

  constructor(source: ByteSource) {
    this.#source = source
    const head = source.read(0, 3)
    if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) this.#windowStart = 3
  }

  /** Bytes read so far. */
  get offset(): number {
    return this.#windowStart + this.#at
  }

  /** Depth of containers around the token. */
  get depth(): number {
    return this.#containers.length
  }

  /** Moves to the next token. Throws format-malformed and format-truncated with the offset. */
  next(): JsonToken {
    let byte = this.#peek()
    if (this.#expected === 'comma-or-end' && byte === COMMA) {
      this.#at++
      this.#expected = this.#containers.at(-1) === '{' ? 'key' : 'value'
      byte = this.#peek()
    }
    if (byte < 0) {
      if (this.#expected !== 'nothing') throw new HeapscapeError('format-truncated', { expected: 'the end of the JSON text', got: 'the end of the file' }, { offset: this.offset })
      return (this.token = 'end')
    }
    const letter = String.fromCharCode(byte)
    if (letter === '}' || letter === ']') return this.#close(letter)
    if (this.#expected === 'key' || this.#expected === 'key-or-end') return this.#key()
    if (this.#expected === 'comma-or-end') throw this.#malformed('a comma or the end of the list or object')
    if (this.#expected === 'nothing') throw this.#malformed('nothing after the JSON text')
    return this.#value(letter)
  }

  /** Goes past the value at hand: to its end when it is an object or a list. */
  skip(): void {
    if (this.token !== '{' && this.token !== '[') return
    const depth = this.depth
    while (this.depth >= depth) this.next()
  }

  #value(letter: string): JsonToken {
    if (letter === '{' || letter === '[') return this.#open(letter)
    if (letter === '"') {
      this.#string()
      this.token = 'string'
    } else if (letter === 't' || letter === 'f' || letter === 'n') {
      this.#word(WORDS[letter])
    } else {
      this.#readNumber()
      this.token = 'number'
    }
    this.#expected = this.#containers.length === 0 ? 'nothing' : 'comma-or-end'
    return this.token
  }

  #open(letter: '{' | '['): JsonToken {
    if (this.#containers.length >= MOST_DEPTH) throw this.#malformed(`at most ${MOST_DEPTH} levels`)
    this.#containers.push(letter)
    this.#at++
    this.#expected = letter === '{' ? 'key-or-end' : 'value-or-end'
    return (this.token = letter)
  }

  #close(letter: '}' | ']'): JsonToken {
    const fits = this.#containers.at(-1) === (letter === '}' ? '{' : '[') && (this.#expected === 'comma-or-end' || this.#expected === (letter === '}' ? 'key-or-end' : 'value-or-end'))
    if (!fits) throw this.#malformed('a value')
    this.#containers.pop()
    this.#at++
    this.#expected = this.#containers.length === 0 ? 'nothing' : 'comma-or-end'
    return (this.token = letter)
  }

  #key(): JsonToken {
    if (this.#window[this.#at] !== QUOTE) throw this.#malformed('a key in quotes')
    this.#string()
    if (this.#peek() !== COLON) throw this.#malformed('a colon')
    this.#at++
    this.#expected = 'value'
    return (this.token = 'key')
  }

  #string(): void {
    let isPlain = true
    for (let isEscaped = false, at = this.#at + 1; ; at++) {
      if (at >= this.#window.length) {
        // Nothing is kept of the scan: the window begins with the string again.
        this.#moreFromHere()
        isEscaped = false
        at = this.#at
        continue
      }
      const byte = this.#window[at]!
      if (byte === BACKSLASH || byte >= 128) isPlain = false
      if (isEscaped) isEscaped = false
      else if (byte === BACKSLASH) isEscaped = true
      else if (byte === QUOTE) {
        this.text = this.#textOf(at, isPlain)
        this.#at = at + 1
        return
      }
    }
  }

  #textOf(end: number, isPlain: boolean): string {
    const bytes = this.#window.subarray(this.#at + 1, end)
    // Short names are nearly all there is: a call of the decoder costs more than the rest of a token.
    if (isPlain && bytes.length <= SHORT_TEXT_BYTES) return String.fromCharCode.apply(null, bytes as unknown as number[])
    const text = this.#decoder.decode(bytes)
    if (!bytes.includes(BACKSLASH)) return text
    try {
      // A raw control character is no JSON; the texts of others' programs have them, and JSON.parse would refuse.
      return JSON.parse(`"${text.replace(/[\u0000-\u001f]/g, ' ')}"`) as string
    } catch {
      throw this.#malformed('a text with sound escapes')
    }
  }

  #word(word: 'true' | 'false' | 'null'): void {
    for (let i = 0; i < word.length; i++) {
      if (this.#at + i >= this.#window.length) this.#moreFromHere()
      if (this.#window[this.#at + i] !== word.charCodeAt(i)) throw this.#malformed('a value')
    }
    this.#at += word.length
    this.token = word
  }

  #readNumber(): void {
    let at = this.#at
    // Counts, without a text in between: some digits and then what ends a value.
    let value = 0
    for (const limit = Math.min(this.#window.length, at + EXACT_DIGITS); at < limit; at++) {
      const digit = this.#window[at]! - 48
      if (digit < 0 || digit > 9) break
      value = value * 10 + digit
    }
    const end = at < this.#window.length ? this.#window[at]! : 0
    const isCount = at > this.#at && (end === COMMA || end === 93 || end === 125 || end === 10 || end === 32) && (this.#window[this.#at] !== 48 || at === this.#at + 1)
    if (isCount) {
      this.number = value
      this.#at = at
      return
    }
    at = this.#at
    for (; ; at++) {
      if (at >= this.#window.length) {
        if (this.#windowStart + at >= this.#source.size) break
        this.#moreFromHere()
        at = this.#at
      }
      const byte = this.#window[at]!
      const isPart = (byte >= 48 && byte <= 57) || byte === 45 || byte === 43 || byte === 46 || byte === 69 || byte === 101
      if (!isPart) break
    }
    const text = this.#decoder.decode(this.#window.subarray(this.#at, at))
    if (!/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text)) throw this.#malformed('a value')
    this.number = Number(text)
    this.#at = at
  }

  /** The next byte that is no white space, -1 at the end. */
  #peek(): number {
    for (;;) {
      for (; this.#at < this.#window.length; this.#at++) {
        const byte = this.#window[this.#at]!
        if (byte !== 32 && byte !== 10 && byte !== 13 && byte !== 9) return byte
      }
      if (this.offset >= this.#source.size) return -1
      this.#load(WINDOW_BYTES)
    }
  }

  /** Makes the window begin at `#at` and reach further than now; `#at` becomes 0. */
  #moreFromHere(): void {
    const held = this.#window.length - this.#at
    if (this.offset + held >= this.#source.size) throw new HeapscapeError('format-truncated', { expected: 'the end of a value', got: 'the end of the file' }, { offset: this.offset })
    if (held >= LONGEST_TOKEN_BYTES) throw this.#malformed(`texts of at most ${LONGEST_TOKEN_BYTES} bytes`)
    this.#load(Math.max(WINDOW_BYTES, held * 2))
  }

  #load(bytes: number): void {
    this.#windowStart += this.#at
    this.#at = 0
    // Sources may use their array again.
    this.#window = this.#source.read(this.#windowStart, bytes).slice()
  }

  #malformed(expected: string): HeapscapeError {
    const got = this.#decoder.decode(this.#window.subarray(this.#at, this.#at + 20))
    return new HeapscapeError('format-malformed', { expected, got: got === '' ? 'the end of the file' : got }, { offset: this.offset })
  }
}
