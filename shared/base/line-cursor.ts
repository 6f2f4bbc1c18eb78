/** What a number reader answers when the line ends before a number, and when something else stands there. */
export const NO_NUMBER = -1
export const BAD_NUMBER = -2

const SPACE = 32
const TAB = 9
const CARRIAGE_RETURN = 13
/** More digits cannot be exact as a double. */
const MOST_HEX_DIGITS = 14

/** Reads the fields of one line of bytes from left to right; makes no strings unless asked for one. */
export class LineCursor {
  bytes: Uint8Array = new Uint8Array(0)
  /** The next byte to look at, and the end of the line (its line feed and a carriage return before it are outside). */
  at = 0
  end = 0
  readonly #decoder = new TextDecoder()

  /** Takes bytes [start, end) as the line. */
  set(bytes: Uint8Array, start: number, end: number): void {
    this.bytes = bytes
    this.at = start
    this.end = end > start && bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end
  }

  /** True when only blanks are left. */
  get atEnd(): boolean {
    this.skipBlanks()
    return this.at >= this.end
  }

  skipBlanks(): void {
    const bytes = this.bytes
    while (this.at < this.end && (bytes[this.at] === SPACE || bytes[this.at] === TAB)) this.at++
  }

  /** Hexadecimal digits of either case, with or without "0x", up to a blank or the end; NO_NUMBER or BAD_NUMBER. */
  hex(): number {
    const { bytes, end } = this
    let at = this.at
    while (at < end && (bytes[at] === SPACE || bytes[at] === TAB)) at++
    this.at = at
    if (at >= end) return NO_NUMBER
    if (bytes[at] === 48 && at + 1 < end && (bytes[at + 1]! | 32) === 120) at += 2
    // Leading zeros count no digit: addresses are often written with 16.
    const first = at
    while (at < end && bytes[at] === 48) at++
    const significant = at
    // Two 32-bit halves: whole-number arithmetic, at most one multiplication of doubles.
    let high = 0
    let low = 0
    for (; at < end; at++) {
      const byte = bytes[at]!
      if (byte === SPACE || byte === TAB) break
      const digit = byte <= 57 ? byte - 48 : (byte | 32) - 87
      if (digit < 0 || digit > 15 || (digit < 10 && byte > 57)) return BAD_NUMBER
      high = (high << 4) | (low >>> 28)
      low = (low << 4) | digit
    }
    this.at = at
    if (at === first || at - significant > MOST_HEX_DIGITS) return BAD_NUMBER
    const value = (high >>> 0) * 4294967296 + (low >>> 0)
    return value <= Number.MAX_SAFE_INTEGER ? value : BAD_NUMBER
  }

  /** Decimal digits up to the first byte that is none; NO_NUMBER or BAD_NUMBER. */
  decimal(): number {
    const { bytes, end } = this
    let at = this.at
    while (at < end && (bytes[at] === SPACE || bytes[at] === TAB)) at++
    this.at = at
    if (at >= end) return NO_NUMBER
    const first = at
    let value = 0
    for (; at < end; at++) {
      const digit = bytes[at]! - 48
      if (digit < 0 || digit > 9) break
      value = value * 10 + digit
    }
    this.at = at
    return at === first || value > Number.MAX_SAFE_INTEGER ? BAD_NUMBER : value
  }

  /** Goes past `text` (ASCII) when it stands here. */
  take(text: string): boolean {
    if (this.at + text.length > this.end) return false
    for (let i = 0; i < text.length; i++) if (this.bytes[this.at + i] !== text.charCodeAt(i)) return false
    this.at += text.length
    return true
  }

  /** Everything up to the end of the line as UTF-8, which is then used up. */
  rest(): string {
    const text = this.#decoder.decode(this.bytes.subarray(this.at, this.end))
    this.at = this.end
    return text
  }

  /** Bytes up to the next blank as UTF-8. */
  word(): string {
    this.skipBlanks()
    const start = this.at
    while (this.at < this.end && this.bytes[this.at] !== SPACE && this.bytes[this.at] !== TAB) this.at++
    return this.#decoder.decode(this.bytes.subarray(start, this.at))
  }
}
