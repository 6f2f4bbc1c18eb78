/*
 * One line, read from its end, because the module's name may hold anything:
 *
 *   @ /usr/lib/my lib.so:(grow+0x1c)[0x39221] + 0x55ec8a0c92a0 0x5
 *     |<- site                             ->| |        |        |
 *                                    operator  pointer  size     end
 *
 * Frees and the first half of a reallocation have no size.
 */
const SPACE = 32
const CARRIAGE_RETURN = 13
const AT = 64
const PLUS = 43
const MINUS = 45
const LESS = 60
const GREATER = 62
const EXCLAMATION = 33

export const Operator = { None: 0, Alloc: PLUS, Free: MINUS, ReallocOld: LESS, ReallocNew: GREATER, ReallocFailed: EXCLAMATION } as const
export type Operator = (typeof Operator)[keyof typeof Operator]

/** A parsed line; one object is used for all lines, so that events cost no memory. */
export class MtraceRecord {
  operator: Operator = Operator.None
  /** 0 for "(nil)". */
  pointer = 0
  size = 0
  /** The site's bytes, [siteStart, siteEnd); equal when the line has none. */
  siteStart = 0
  siteEnd = 0

  /** Reads bytes [start, end), a line without its line feed. False when it is no record. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (end > start && bytes[end - 1] === CARRIAGE_RETURN) end--
    const lastSpace = spaceBefore(bytes, start, end)
    const last = number(bytes, lastSpace + 1, end)
    if (last < 0 || lastSpace < start) return false
    if (this.#isOperator(bytes, start, lastSpace - 1, false)) {
      this.pointer = last
      this.size = 0
      return this.#site(bytes, start, lastSpace - 2)
    }
    const space = spaceBefore(bytes, start, lastSpace)
    if (space < start || !this.#isOperator(bytes, start, space - 1, true)) return false
    this.pointer = number(bytes, space + 1, lastSpace)
    this.size = last
    return this.pointer >= 0 && this.#site(bytes, start, space - 2)
  }

  #isOperator(bytes: Uint8Array, start: number, at: number, withSize: boolean): boolean {
    if (at < start || (at > start && bytes[at - 1] !== SPACE)) return false
    const byte = bytes[at]!
    const sized = byte === PLUS || byte === GREATER || byte === EXCLAMATION
    if (withSize ? !sized : byte !== MINUS && byte !== LESS) return false
    this.operator = byte as Operator
    return true
  }

  /** `end` is the space before the operator, or before the line's start when the line has no site. */
  #site(bytes: Uint8Array, start: number, end: number): boolean {
    this.siteStart = this.siteEnd = start
    if (end < start) return true
    if (end < start + 2 || bytes[start] !== AT || bytes[start + 1] !== SPACE) return false
    this.siteStart = start + 2
    this.siteEnd = Math.max(end, this.siteStart)
    return true
  }
}

function spaceBefore(bytes: Uint8Array, start: number, end: number): number {
  let at = end - 1
  while (at >= start && bytes[at] !== SPACE) at--
  return at
}

/** Hexadecimal after "0x", "0" (how C prints a zero with that prefix), or "(nil)"; -1 for anything else. */
function number(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start
  if (length === 5 && bytes[start] === 40 && bytes[start + 1] === 110 && bytes[end - 1] === 41) return 0
  if (length === 1 && bytes[start] === 48) return 0
  // At most 14 digits: what is not exact as a double is refused below.
  if (length < 3 || length > 16 || bytes[start] !== 48 || bytes[start + 1] !== 120) return -1
  // Two 32-bit halves: whole-number arithmetic, at most one multiplication of doubles.
  let high = 0
  let low = 0
  for (let at = start + 2; at < end; at++) {
    const byte = bytes[at]!
    // '0'..'9' are 48..57, 'a'..'f' 97..102 (capitals are 32 below).
    const digit = byte <= 57 ? byte - 48 : (byte | 32) - 87
    if (digit < 0 || digit > 15 || (digit < 10 && byte > 57)) return -1
    high = (high << 4) | (low >>> 28)
    low = (low << 4) | digit
  }
  const value = (high >>> 0) * 4294967296 + (low >>> 0)
  return value <= Number.MAX_SAFE_INTEGER ? value : -1
}
