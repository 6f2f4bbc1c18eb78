import type { ColumnArray } from '../base/column'

/*
 * Float64 integers and Parquet's signed 64-bit ones. Each value goes through its two 32-bit halves: a BigInt per value
 * costs ten times as much (and would be garbage at once).
 */
const TWO_32 = 4294967296
/** High half of the largest exact integer, 2^53 - 1, plus one. */
const HIGH_LIMIT = 1 << 21

/** True when the first `length` values are integers that survive the way there and back (-0 does not). */
export function fitsInt64(values: ColumnArray, length: number): boolean {
  for (let i = 0; i < length; i++) {
    const value = values[i]!
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) return false
  }
  return true
}

export function toInt64(values: ColumnArray, length: number): BigInt64Array {
  const halves = new Int32Array(length * 2)
  for (let i = 0; i < length; i++) {
    const value = values[i]!
    const high = Math.floor(value / TWO_32)
    halves[2 * i] = value - high * TWO_32
    halves[2 * i + 1] = high
  }
  return new BigInt64Array(halves.buffer)
}

/** The numbers of several arrays, one after the other; undefined when one is not exact in a Float64. */
export function fromInt64(parts: readonly BigInt64Array[], length: number): Float64Array | undefined {
  const out = new Float64Array(length)
  let row = 0
  for (const part of parts) {
    const halves = new Int32Array(part.buffer, part.byteOffset, part.length * 2)
    const count = Math.min(part.length, length - row)
    for (let i = 0; i < count; i++) {
      const high = halves[2 * i + 1]!
      if (high >= HIGH_LIMIT || high < -HIGH_LIMIT) return undefined
      out[row++] = (halves[2 * i]! >>> 0) + high * TWO_32
    }
  }
  return out
}
