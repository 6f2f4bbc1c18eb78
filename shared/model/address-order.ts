import { CHUNK_LENGTH } from '../base/column'
import { finish, type Steps } from '../base/steps'

/**
 * Order of rows by address: `order[k]` is the index into `addresses` of the k-th lowest; equal addresses keep their order.
 *
 * A radix sort of 11-bit digits, because a comparator call per step makes the built-in sort of row numbers about ten
 * times slower at a million rows. Keys move along with their rows: looking them up by row costs a cache miss per row and
 * pass. Digits that all rows share are skipped, so heaps within 4 GiB take three passes.
 * Addresses are exact integers from 0 to 2^53.
 */
export const addressOrder = (addresses: Float64Array): Uint32Array => finish(addressOrderSteps(addresses))

export function* addressOrderSteps(addresses: Float64Array): Steps<Uint32Array> {
  const rows = addresses.length
  const order = new Uint32Array(rows)
  let lowest = Infinity
  let highest = -Infinity
  let sorted = true
  for (let from = 0; from < rows; from += CHUNK_LENGTH) {
    const to = Math.min(rows, from + CHUNK_LENGTH)
    for (let row = from; row < to; row++) {
      const address = addresses[row]!
      if (address < highest) sorted = false
      if (address < lowest) lowest = address
      if (address > highest) highest = address
      order[row] = row
    }
    yield
  }
  if (sorted) return order
  const wide = highest - lowest >= TWO_32
  const low = new Uint32Array(rows)
  const high = new Uint32Array(wide ? rows : 0)
  for (let from = 0; from < rows; from += CHUNK_LENGTH) {
    const to = Math.min(rows, from + CHUNK_LENGTH)
    for (let row = from; row < to; row++) {
      const distance = addresses[row]! - lowest
      if (wide) {
        high[row] = distance / TWO_32
        low[row] = distance - high[row]! * TWO_32
      } else low[row] = distance
    }
    yield
  }
  const byLow = (yield* sortByWord(low, order)).rows
  if (!wide) return byLow
  const highInOrder = new Uint32Array(rows)
  for (let from = 0; from < rows; from += CHUNK_LENGTH) {
    const to = Math.min(rows, from + CHUNK_LENGTH)
    for (let k = from; k < to; k++) highInOrder[k] = high[byLow[k]!]!
    yield
  }
  return (yield* sortByWord(highInOrder, byLow)).rows
}

const TWO_32 = 4294967296
const DIGIT_BITS = 11
const DIGITS = 1 << DIGIT_BITS
const DIGIT_MASK = DIGITS - 1

export interface KeyedRows {
  readonly keys: Uint32Array<ArrayBuffer>
  readonly rows: Uint32Array<ArrayBuffer>
}

/** Rows (or any numbers of 32 bits) sorted by the key beside each, stable; overwrites both arrays. */
export function* sortByWord(keys: Uint32Array<ArrayBuffer>, rows: Uint32Array<ArrayBuffer>): Steps<KeyedRows> {
  const count = rows.length
  let spareKeys = new Uint32Array(count)
  let spareRows = new Uint32Array(count)
  for (let shift = 0; shift < 32; shift += DIGIT_BITS) {
    const next = new Uint32Array(DIGITS)
    for (let from = 0; from < count; from += CHUNK_LENGTH) {
      const to = Math.min(count, from + CHUNK_LENGTH)
      for (let k = from; k < to; k++) next[(keys[k]! >>> shift) & DIGIT_MASK]!++
      yield
    }
    if (next[(keys[0]! >>> shift) & DIGIT_MASK] === count) continue
    let start = 0
    for (let digit = 0; digit < DIGITS; digit++) {
      const length = next[digit]!
      next[digit] = start
      start += length
    }
    for (let from = 0; from < count; from += CHUNK_LENGTH) {
      scatter(keys, rows, spareKeys, spareRows, next, { shift, from, to: Math.min(count, from + CHUNK_LENGTH) })
      yield
    }
    ;[keys, spareKeys] = [spareKeys, keys]
    ;[rows, spareRows] = [spareRows, rows]
  }
  return { keys, rows }
}

interface ScatterPart {
  readonly shift: number
  readonly from: number
  readonly to: number
}

function scatter(keys: Uint32Array, rows: Uint32Array, keysTo: Uint32Array, rowsTo: Uint32Array, next: Uint32Array, { shift, from, to }: ScatterPart): void {
  for (let k = from; k < to; k++) {
    const key = keys[k]!
    const place = next[(key >>> shift) & DIGIT_MASK]!++
    keysTo[place] = key
    rowsTo[place] = rows[k]!
  }
}
