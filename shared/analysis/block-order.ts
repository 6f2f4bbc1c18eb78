import type { JobContext } from '../base/job-context'
import { NONE, STILL_ALIVE } from '../base/units'
import { addressOrder } from '../model/address-order'
import { columnFacts, type BlockColumn } from './block-columns'
import { BATCH_ROWS, type BlockValues } from './block-values'
import type { KeptRows } from './filter/evaluate-filter'
import { orderInBuckets, type LazyOrder } from './lazy-order'

/*
 * Rows in the order of a column. Values become whole keys first: less their least value, less the low bits in which none of
 * them differ (sizes are multiples of 8 or 16), so that a radix sort needs few passes; unknown values come before all others.
 *
 *   size     64  32  48  1024       key   (size - 32) / 16:   2  0  1  62      6 bits: one pass
 */

/** Of columns with fractions so small a part is kept: of Shapley shares a 4096th of a byte; pages of 4 KiB never differ by less than theirs. */
const FRACTION_SCALES: Partial<Readonly<Record<BlockColumn, number>>> = { pins: 4096, occupancy: 2 ** 20 }
/** Wider digits need more places to write to than the processor keeps addresses of. */
const WIDEST_DIGIT = 12
const TWO_32 = 2 ** 32
/** Comes before all values, which are 0 or more. */
const UNKNOWN = -1

/**
 * Rows that are kept, ordered by the column; equal values stay in order of address, in both directions. undefined: the
 * rows as they stand. Throws `cancelled`.
 */
export async function orderRows(values: BlockValues, kept: KeptRows, order: { readonly column: BlockColumn; readonly descending: boolean }, job: JobContext): Promise<Uint32Array | LazyOrder | undefined> {
  const rows = kept.mask === undefined ? undefined : await compactRows(kept, job)
  if (order.column === 'address') return order.descending ? reversed(rows, kept.count) : rows
  const keys = new KeyReader(values, kept, order.column)
  const scale = await measureKeys(keys, values.rows, job)
  if (scale.span >= TWO_32) return orderWide(await wideKeys(keys, scale, order.descending, job), rows)
  const narrow = await narrowKeys(keys, scale, order.descending, job)
  const unknownKey = scale.least === UNKNOWN ? (order.descending ? scale.span : 0) : NONE
  const lazy = await orderInBuckets({ keys: narrow, unknownKey, span: scale.span, rows, keyOf: (row) => keys.keyAt(row, scale, order.descending) }, job)
  return lazy ?? radixSort(await countAllDigits(narrow, scale.span, job), rows, job)
}

/** Numbers of the rows whose mask is 1. */
async function compactRows({ mask, count }: KeptRows, job: JobContext): Promise<Uint32Array> {
  const rows = new Uint32Array(count)
  let next = 0
  for (let from = 0; from < mask!.length; from += BATCH_ROWS) {
    const to = Math.min(mask!.length, from + BATCH_ROWS)
    for (let row = from; row < to && next < count; row++) {
      rows[next] = row
      next += mask![row]!
    }
    await job.checkpoint()
  }
  return rows
}

function reversed(rows: Uint32Array | undefined, count: number): Uint32Array {
  if (rows !== undefined) return rows.reverse()
  const all = new Uint32Array(count)
  for (let k = 0; k < count; k++) all[k] = count - 1 - k
  return all
}

/** Numbers from 0 the kept rows are ordered by, a batch at a time, close together in `numbers`; UNKNOWN for unknown values. */
class KeyReader {
  readonly numbers = new Float64Array(BATCH_ROWS)
  readonly count: number
  readonly #values: BlockValues
  readonly #mask: Uint8Array | undefined
  readonly #column: BlockColumn
  /** Place of each text in order of the alphabet; undefined for numbers. */
  readonly #ranks: Float64Array | undefined

  constructor(values: BlockValues, { mask, count }: KeptRows, column: BlockColumn) {
    this.#values = values
    this.#mask = mask
    this.count = count
    this.#column = column
    this.#ranks = columnFacts(column).unit === 'text' ? ranksOf(values.snapshot.siteNames) : undefined
  }

  get rows(): number {
    return this.#values.rows
  }

  /** How many of the rows [from, to) are kept: so many numbers are there. */
  read(from: number, to: number): number {
    const numbers = this.numbers
    this.#values.read(this.#column, from, to, numbers)
    const count = this.#compact(from, to)
    const ranks = this.#ranks
    // The loops that follow compute with every number: NaN would send each of them on a slow path.
    for (let i = 0; i < count; i++) if (numbers[i] !== numbers[i]) numbers[i] = UNKNOWN
    if (columnFacts(this.#column).isEndless === true) for (let i = 0; i < count; i++) if (numbers[i] === Infinity) numbers[i] = STILL_ALIVE
    if (ranks !== undefined) for (let i = 0; i < count; i++) if (numbers[i]! >= 0) numbers[i] = ranks[numbers[i]!]!
    const scale = FRACTION_SCALES[this.#column]
    if (scale !== undefined) for (let i = 0; i < count; i++) if (numbers[i]! > 0) numbers[i] = Math.round(numbers[i]! * scale)
    return count
  }

  /** Key of one row, as narrowKeys has it. */
  keyAt(row: number, { least, shift, span }: KeyScale, descending: boolean): number {
    const key = Math.floor((this.#numberOf(this.#values.at(this.#column, row)) - least) / 2 ** shift)
    return descending ? span - key : key
  }

  /** What `read` makes of a value. */
  #numberOf(value: number): number {
    if (Number.isNaN(value)) return UNKNOWN
    if (value === Infinity) return STILL_ALIVE
    const scale = FRACTION_SCALES[this.#column]
    return this.#ranks !== undefined ? this.#ranks[value]! : scale === undefined ? value : Math.round(value * scale)
  }

  #compact(from: number, to: number): number {
    const mask = this.#mask
    const numbers = this.numbers
    if (mask === undefined) return to - from
    let count = 0
    for (let i = 0; i < to - from; i++) {
      numbers[count] = numbers[i]!
      count += mask[from + i]!
    }
    return count
  }
}

interface KeyScale {
  readonly least: number
  /** Low bits in which no two values differ. */
  readonly shift: number
  /** Shifted distance of the largest value from the least. */
  readonly span: number
}

async function measureKeys(keys: KeyReader, rows: number, job: JobContext): Promise<KeyScale> {
  const found = { least: Infinity, most: -Infinity, first: NaN, differing: 0 }
  for (let from = 0; from < rows; from += BATCH_ROWS) {
    measureBatch(keys.numbers, keys.read(from, Math.min(rows, from + BATCH_ROWS)), found)
    await job.checkpoint()
  }
  const { least, most, differing } = found
  if (least > most) return { least: 0, shift: 0, span: 0 }
  const shift = differing === 0 ? 0 : 31 - Math.clz32(differing & -differing)
  return { least, shift, span: (most - least) / 2 ** shift }
}

function measureBatch(numbers: Float64Array, count: number, found: { least: number; most: number; first: number; differing: number }): void {
  let { least, most, differing } = found
  const first = Number.isNaN(found.first) ? (numbers[0] ?? 0) : found.first
  for (let i = 0; i < count; i++) {
    const value = numbers[i]!
    if (value < least) least = value
    if (value > most) most = value
    differing |= value ^ first
  }
  found.least = least
  found.most = most
  found.first = first
  found.differing = differing
}

interface NarrowKeys {
  readonly keys: Uint32Array
  readonly digitBits: number
  /** How often each digit occurs, one table after another from the lowest digit on. */
  readonly digits: readonly Uint32Array[]
}

async function narrowKeys(reader: KeyReader, scale: KeyScale, descending: boolean, job: JobContext): Promise<Uint32Array> {
  const keys = new Uint32Array(reader.count)
  let next = 0
  for (let from = 0; from < reader.rows; from += BATCH_ROWS) {
    const count = reader.read(from, Math.min(reader.rows, from + BATCH_ROWS))
    writeKeys(reader.numbers, keys.subarray(next, next + count), scale, descending ? scale.span : -1)
    next += count
    await job.checkpoint()
  }
  return keys
}

async function countAllDigits(keys: Uint32Array, span: number, job: JobContext): Promise<NarrowKeys> {
  const bits = Math.max(1, 32 - Math.clz32(span))
  const passes = Math.ceil(bits / WIDEST_DIGIT)
  const digitBits = Math.ceil(bits / passes)
  const digits = Array.from({ length: passes }, () => new Uint32Array(1 << digitBits))
  for (let from = 0; from < keys.length; from += BATCH_ROWS) {
    const part = keys.subarray(from, from + BATCH_ROWS)
    digits.forEach((table, pass) => countDigits(part, table, pass * digitBits))
    await job.checkpoint()
  }
  return { keys, digitBits, digits }
}

/** `top`: keys count down from it; -1: they count up. */
function writeKeys(numbers: Float64Array, keys: Uint32Array, { least, shift }: KeyScale, top: number): void {
  const scale = 1 / 2 ** shift
  if (top < 0) for (let i = 0; i < keys.length; i++) keys[i] = (numbers[i]! - least) * scale
  else for (let i = 0; i < keys.length; i++) keys[i] = top - (numbers[i]! - least) * scale
}

function countDigits(keys: Uint32Array, table: Uint32Array, shift: number): void {
  const mask = table.length - 1
  for (let i = 0; i < keys.length; i++) table[(keys[i]! >>> shift) & mask]!++
}

async function wideKeys(reader: KeyReader, { least, shift, span }: KeyScale, descending: boolean, job: JobContext): Promise<Float64Array> {
  const { numbers } = reader
  const top = span * 2 ** shift
  const keys = new Float64Array(reader.count)
  let next = 0
  for (let from = 0; from < reader.rows; from += BATCH_ROWS) {
    const count = reader.read(from, Math.min(reader.rows, from + BATCH_ROWS))
    for (let i = 0; i < count; i++) {
      const key = numbers[i]! - least
      keys[next++] = descending ? top - key : key
    }
    await job.checkpoint()
  }
  return keys
}

function orderWide(keys: Float64Array, rows: Uint32Array | undefined): Uint32Array {
  const order = addressOrder(keys)
  if (rows !== undefined) for (let k = 0; k < order.length; k++) order[k] = rows[order[k]!]!
  return order
}

/** Rows (undefined: 0, 1, 2 ...) by their keys, stable; overwrites both arrays. */
async function radixSort({ keys, digitBits, digits }: NarrowKeys, rows: Uint32Array | undefined, job: JobContext): Promise<Uint32Array> {
  const count = keys.length
  let from: { keys: Uint32Array; rows: Uint32Array | undefined } = { keys, rows }
  // A digit all rows share moves nothing.
  const passes = digits.flatMap((table, pass) => (count > 0 && table[(keys[0]! >>> (pass * digitBits)) & (table.length - 1)] === count ? [] : [pass]))
  if (passes.length === 0) return rows ?? Uint32Array.from({ length: count }, (_, row) => row)
  let spare: { keys: Uint32Array; rows: Uint32Array } = { keys: new Uint32Array(passes.length > 1 ? count : 0), rows: new Uint32Array(count) }
  for (const pass of passes) {
    const next = startsOf(digits[pass]!)
    const isLast = pass === passes.at(-1)
    for (let start = 0; start < count; start += BATCH_ROWS) {
      scatter(from, spare, next, { shift: pass * digitBits, start, end: Math.min(count, start + BATCH_ROWS), keepsKeys: !isLast })
      await job.checkpoint()
    }
    const freed = { keys: from.keys, rows: from.rows ?? new Uint32Array(isLast ? 0 : count) }
    from = spare
    spare = freed
  }
  return from.rows!
}

/** Where the rows of each digit begin. */
function startsOf(counts: Uint32Array): Uint32Array {
  let start = 0
  return counts.map((length) => {
    const here = start
    start += length
    return here
  })
}

interface ScatterPart {
  readonly shift: number
  readonly start: number
  readonly end: number
  readonly keepsKeys: boolean
}

/** Keys move along with their rows, because looking them up by row would miss the cache once a row and pass. */
function scatter(from: { keys: Uint32Array; rows: Uint32Array | undefined }, to: { keys: Uint32Array; rows: Uint32Array }, next: Uint32Array, { shift, start, end, keepsKeys }: ScatterPart): void {
  const { keys, rows } = from
  const { keys: keysTo, rows: rowsTo } = to
  const mask = next.length - 1
  for (let k = start; k < end; k++) {
    const key = keys[k]!
    const place = next[(key >>> shift) & mask]!++
    rowsTo[place] = rows === undefined ? k : rows[k]!
    if (keepsKeys) keysTo[place] = key
  }
}

/** Place of each text in order of the alphabet; equal texts share one. */
function ranksOf(texts: readonly string[]): Float64Array {
  const order = texts.map((_, index) => index).sort((a, b) => compareTexts(texts[a]!, texts[b]!))
  const ranks = new Float64Array(texts.length)
  let rank = NONE
  order.forEach((index, k) => {
    if (k === 0 || texts[index] !== texts[order[k - 1]!]) rank++
    ranks[index] = rank
  })
  return ranks
}

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
