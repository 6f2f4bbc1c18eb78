/**
 * Order of rows by address: `order[k]` is the index into `addresses` of the k-th lowest; equal addresses keep their order.
 *
 * A radix sort of 11-bit digits, because a comparator call per step makes the built-in sort of row numbers about ten
 * times slower at a million rows. Digits that all rows share are skipped, so heaps within 4 GiB take three passes.
 * Addresses are exact integers from 0 to 2^53.
 */
export function addressOrder(addresses: Float64Array): Uint32Array {
  const rows = addresses.length
  let order = new Uint32Array(rows)
  let lowest = Infinity
  let highest = -Infinity
  let sorted = true
  for (let row = 0; row < rows; row++) {
    const address = addresses[row]!
    if (address < highest) sorted = false
    if (address < lowest) lowest = address
    if (address > highest) highest = address
    order[row] = row
  }
  if (sorted) return order
  const low = new Uint32Array(rows)
  const high = new Uint32Array(rows)
  for (let row = 0; row < rows; row++) {
    const distance = addresses[row]! - lowest
    high[row] = distance / TWO_32
    low[row] = distance - high[row]! * TWO_32
  }
  let spare = new Uint32Array(rows)
  const span = highest - lowest
  for (let bit = 0; 2 ** bit <= span; bit += DIGIT_BITS) {
    const next = sortByDigit(order, spare, bit < LOW_BITS ? low : high, bit < LOW_BITS ? bit : bit - LOW_BITS)
    spare = next === spare ? order : spare
    order = next
    // 32 bits are three digits of 11, 11 and 10 bits; the high word starts afresh.
    if (bit === 2 * DIGIT_BITS) bit = LOW_BITS - DIGIT_BITS
  }
  return order
}

const TWO_32 = 4294967296
const LOW_BITS = 32
const DIGIT_BITS = 11
const DIGITS = 1 << DIGIT_BITS

/** One stable counting pass; returns the array that holds the result (`order` itself when all digits are equal). */
function sortByDigit(order: Uint32Array<ArrayBuffer>, target: Uint32Array<ArrayBuffer>, words: Uint32Array, shift: number): Uint32Array<ArrayBuffer> {
  const rows = order.length
  const next = new Uint32Array(DIGITS)
  const mask = DIGITS - 1
  for (let row = 0; row < rows; row++) next[(words[row]! >>> shift) & mask]!++
  if (next[(words[0]! >>> shift) & mask] === rows) return order
  let start = 0
  for (let digit = 0; digit < DIGITS; digit++) {
    const count = next[digit]!
    next[digit] = start
    start += count
  }
  for (let k = 0; k < rows; k++) {
    const row = order[k]!
    target[next[(words[row]! >>> shift) & mask]!++] = row
  }
  return target
}
