import type { JobContext } from '../base/job-context'
import { NONE, type RowIndex } from '../base/units'

/*
 * An order of tens of millions of rows of which a screen is looked at. Rows are brought into a few thousand buckets of
 * neighbouring values in one pass; a bucket is put in order when somebody looks into it:
 *
 *   buckets   [ 7 1 9 | 4 2 | 8 0 3 | ... ]        values of one bucket lie below those of the next
 *   a look at place 3   ->   [ 7 1 9 | 2 4 | 8 0 3 | ... ]
 */
export class LazyOrder {
  readonly [Symbol.toStringTag] = 'LazyOrder'
  readonly #rows: Uint32Array
  /** First place of each bucket, and one more: the end of the last. */
  readonly #starts: Uint32Array
  readonly #isSorted: Uint8Array
  readonly #keyOf: (row: RowIndex) => number

  /** Within a bucket rows must lie in order of their numbers; `sorted` is the bucket that needs no order of its own. */
  constructor(rows: Uint32Array, starts: Uint32Array, keyOf: (row: RowIndex) => number, sorted: number) {
    this.#rows = rows
    this.#starts = starts
    this.#isSorted = new Uint8Array(starts.length - 1)
    this.#keyOf = keyOf
    if (sorted !== NONE) this.#isSorted[sorted] = 1
  }

  get length(): number {
    return this.#rows.length
  }

  rowAt(place: number): RowIndex {
    this.#sortAt(place)
    return this.#rows[place]!
  }

  /** NONE when it is not among them. */
  placeOf(row: RowIndex): number {
    const place = this.#rows.indexOf(row)
    if (place < 0) return NONE
    const bucket = this.#sortAt(place)
    return this.#rows.indexOf(row, this.#starts[bucket])
  }

  #sortAt(place: number): number {
    const bucket = this.#bucketOf(place)
    if (this.#isSorted[bucket] === 1) return bucket
    this.#isSorted[bucket] = 1
    const part = this.#rows.subarray(this.#starts[bucket], this.#starts[bucket + 1])
    const keys = Float64Array.from(part, this.#keyOf)
    const rows = part.slice()
    const order = Uint32Array.from(rows.keys()).sort((a, b) => keys[a]! - keys[b]! || a - b)
    for (let i = 0; i < part.length; i++) part[i] = rows[order[i]!]!
    return bucket
  }

  /** The last bucket that begins at the place or before it; empty ones begin where the next does. */
  #bucketOf(place: number): number {
    const starts = this.#starts
    let low = 0
    let high = starts.length - 1
    while (high - low > 1) {
      const middle = (low + high) >>> 1
      if (starts[middle]! <= place) low = middle
      else high = middle
    }
    return low
  }
}

/** Fewer rows are put in order at once. */
const LEAST_ROWS = 1 << 20
/** More places to write to than the processor keeps addresses of would slow the one pass down. */
const BUCKET_BITS = 10
/** More rows in one bucket would make a look into it slow. */
const MOST_IN_BUCKET = 1 << 16
const ROWS_PER_CHECKPOINT = 1 << 16

export interface KeyedRows {
  /** From 0 to `span`, one for each row; overwritten where an order is given. */
  readonly keys: Uint32Array
  readonly span: number
  /** Key of rows without a value, which are many and all alike; 0, `span`, or NONE where every row has one. */
  readonly unknownKey: number
  /** undefined: 0, 1, 2 ... */
  readonly rows: Uint32Array | undefined
  readonly keyOf: (row: RowIndex) => number
}

/** undefined where it saves nothing: few rows, few different values, or most of them in few buckets. Throws `cancelled`. */
export async function orderInBuckets({ keys, span, unknownKey, rows, keyOf }: KeyedRows, job: JobContext, leastRows = LEAST_ROWS): Promise<LazyOrder | undefined> {
  const bits = 32 - Math.clz32(span)
  if (keys.length < leastRows || bits <= BUCKET_BITS || bits > 31) return undefined
  const isDescending = unknownKey === span
  const shift = bits - BUCKET_BITS
  const last = (span + (1 << shift) - 1) >>> shift
  const unknownBucket = unknownKey === NONE ? NONE : isDescending ? last : 0
  const counts = new Uint32Array(last + 1)
  const bucketing = { shift, span, isDescending, last }
  for (let from = 0; from < keys.length; from += ROWS_PER_CHECKPOINT) {
    countBuckets(keys, from, Math.min(keys.length, from + ROWS_PER_CHECKPOINT), counts, bucketing)
    await job.checkpoint()
  }
  if (counts.some((count, bucket) => count > MOST_IN_BUCKET && bucket !== unknownBucket)) return undefined
  const starts = new Uint32Array(counts.length + 1)
  for (let bucket = 0; bucket < counts.length; bucket++) starts[bucket + 1] = starts[bucket]! + counts[bucket]!
  const next = starts.slice(0, counts.length)
  const ordered = new Uint32Array(keys.length)
  for (let from = 0; from < keys.length; from += ROWS_PER_CHECKPOINT) {
    const to = Math.min(keys.length, from + ROWS_PER_CHECKPOINT)
    intoBuckets(keys, from, to, next, bucketing)
    if (rows === undefined) for (let k = from; k < to; k++) ordered[keys[k]!] = k
    else for (let k = from; k < to; k++) ordered[keys[k]!] = rows[k]!
    await job.checkpoint()
  }
  return new LazyOrder(ordered, starts, keyOf, unknownBucket)
}

interface Bucketing {
  readonly shift: number
  readonly span: number
  readonly isDescending: boolean
  /** Last bucket. */
  readonly last: number
}

/*
 * The bucket of a key is its high digits, rounded up: so the key of rows without a value, the first or the last of all, has
 * a bucket of its own without a comparison, which in every third row would be a mispredicted jump.
 */
function countBuckets(keys: Uint32Array, from: number, to: number, counts: Uint32Array, { shift, span, isDescending, last }: Bucketing): void {
  const pad = (1 << shift) - 1
  if (isDescending) for (let k = from; k < to; k++) counts[last - ((span - keys[k]! + pad) >>> shift)]!++
  else for (let k = from; k < to; k++) counts[(keys[k]! + pad) >>> shift]!++
}

/** Puts the place of each row in its key's stead: keys are not needed any more. */
function intoBuckets(keys: Uint32Array, from: number, to: number, next: Uint32Array, { shift, span, isDescending, last }: Bucketing): void {
  const pad = (1 << shift) - 1
  if (isDescending) for (let k = from; k < to; k++) keys[k] = next[last - ((span - keys[k]! + pad) >>> shift)]!++
  else for (let k = from; k < to; k++) keys[k] = next[(keys[k]! + pad) >>> shift]!++
}
