import { CHUNK_LENGTH, CHUNK_SHIFT } from '../../base/column'
import type { JobContext } from '../../base/job-context'
import { NumberMap } from '../../base/number-map'
import { UNKNOWN_SIZE, type Bytes } from '../../base/units'
import { BlockState, type Snapshot } from '../../model/snapshot'
import { BATCH_ROWS } from '../block-values'
import { sizeClassOf, sizeClassUpper } from '../metrics/size-classes'

/*
 * How many blocks there are of each size, and how many bytes they are: all of them, and those a filter keeps.
 *
 *   measure    requested        consumed       free          cached
 *   of         busy blocks      busy blocks    free blocks   blocks a front end keeps
 *   size       the request      whole block    whole block   whole block
 *
 * Every size is counted by itself; classes and the list of single sizes are added up from that, so they cannot differ.
 */
export const SIZE_MEASURES = ['requested', 'consumed', 'free', 'cached'] as const
export type SizeMeasure = (typeof SIZE_MEASURES)[number]

/** Single sizes that are listed of a measure; what is left is `others`. */
export const MOST_SIZES = 120

/** Columns of one row per size or class; `kept` of those that a filter keeps. */
export interface SizeColumns {
  readonly blocks: Float64Array
  readonly bytes: Float64Array
  readonly keptBlocks: Float64Array
  readonly keptBytes: Float64Array
}

export interface SizeSums {
  readonly blocks: number
  readonly bytes: Bytes
  readonly keptBlocks: number
  readonly keptBytes: Bytes
}

export interface SizeHistogram {
  /** Sizes in (lowerBytes, upperBytes], powers of two in four steps (metrics/size-classes.ts), from the first class that has blocks to the last. */
  readonly classes: SizeColumns & { readonly lowerBytes: Float64Array; readonly upperBytes: Float64Array }
  /** Sizes with the largest share of the blocks or of the bytes, at most MOST_SIZES, in order of size. */
  readonly exact: SizeColumns & { readonly sizeBytes: Float64Array }
  /** All sizes that `exact` leaves out. */
  readonly others: SizeSums & { readonly sizes: number }
  readonly total: SizeSums
}

export interface SizeHistograms {
  readonly measures: Readonly<Record<SizeMeasure, SizeHistogram>>
  /** Busy blocks whose request the source does not tell: they are not among `requested`. */
  readonly unknownRequests: number
}

/** One pass over the blocks; `mask` is 1 for rows that are kept, absent when all are. Throws `cancelled`. */
export async function sizeHistograms({ blocks }: Snapshot, mask: Uint8Array | undefined, job: JobContext): Promise<SizeHistograms> {
  const counts = { requested: new SizeCounts(), consumed: new SizeCounts(), free: new SizeCounts(), cached: new SizeCounts() }
  const { requested, consumed, free, cached } = counts
  let unknownRequests = 0
  for (let from = 0; from < blocks.length; from += BATCH_ROWS) {
    const chunk = from >>> CHUNK_SHIFT
    const first = from & (CHUNK_LENGTH - 1)
    const rows = Math.min(BATCH_ROWS, blocks.length - from)
    const sizes = blocks.size.chunks[chunk]!
    const requests = blocks.requested.chunks[chunk]!
    const states = blocks.state.chunks[chunk]!
    for (let i = 0; i < rows; i++) {
      const state = states[first + i]!
      if (state > BlockState.Cached) continue
      const kept = mask === undefined ? 1 : mask[from + i]!
      const size = sizes[first + i]!
      if (state === BlockState.Busy) {
        consumed.add(size, kept)
        const request = requests[first + i]!
        if (request === UNKNOWN_SIZE) unknownRequests++
        else requested.add(request, kept)
      } else if (state === BlockState.Free) free.add(size, kept)
      else cached.add(size, kept)
    }
    job.progress({ done: from + rows, total: blocks.length, unit: 'blocks' })
    await job.checkpoint()
  }
  const measures = Object.fromEntries(SIZE_MEASURES.map((measure) => [measure, histogramOf(counts[measure])])) as Record<SizeMeasure, SizeHistogram>
  return { measures, unknownRequests }
}

/** Sizes below this have a place of their own; larger ones are looked up. */
const SMALL_SIZES = 1 << 16

/** Blocks of each single size. */
class SizeCounts {
  readonly #small = new Float64Array(SMALL_SIZES)
  readonly #smallKept = new Float64Array(SMALL_SIZES)
  readonly #places = new NumberMap()
  #sizes = new Float64Array(256)
  #large = new Float64Array(256)
  #largeKept = new Float64Array(256)
  #count = 0

  add(size: Bytes, kept: number): void {
    if (size < SMALL_SIZES) {
      this.#small[size]!++
      this.#smallKept[size]! += kept
      return
    }
    let place = this.#places.get(size)
    if (place < 0) place = this.#placeFor(size)
    this.#large[place]!++
    this.#largeKept[place]! += kept
  }

  #placeFor(size: Bytes): number {
    const place = this.#count++
    this.#places.set(size, place)
    if (place === this.#sizes.length) {
      this.#sizes = doubled(this.#sizes)
      this.#large = doubled(this.#large)
      this.#largeKept = doubled(this.#largeKept)
    }
    this.#sizes[place] = size
    return place
  }

  /** Calls `visit` for every size that occurs, in no order. */
  each(visit: (size: Bytes, blocks: number, kept: number) => void): void {
    for (let size = 0; size < SMALL_SIZES; size++) if (this.#small[size]! > 0) visit(size, this.#small[size]!, this.#smallKept[size]!)
    for (let place = 0; place < this.#count; place++) visit(this.#sizes[place]!, this.#large[place]!, this.#largeKept[place]!)
  }
}

function doubled(values: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(values.length * 2)
  larger.set(values)
  return larger
}

function histogramOf(counts: SizeCounts): SizeHistogram {
  const total = { blocks: 0, bytes: 0, keptBlocks: 0, keptBytes: 0, sizes: 0 }
  let firstClass = Infinity
  let lastClass = -1
  counts.each((size, blocks, kept) => {
    total.sizes++
    total.blocks += blocks
    total.bytes += blocks * size
    total.keptBlocks += kept
    total.keptBytes += kept * size
    const sizeClass = sizeClassOf(size)
    if (sizeClass < firstClass) firstClass = sizeClass
    if (sizeClass > lastClass) lastClass = sizeClass
  })
  const { sizes, ...sums } = total
  const exact = exactOf(counts, total)
  const others = { sizes: sizes - exact.sizeBytes.length, blocks: sums.blocks - sumOf(exact.blocks), bytes: sums.bytes - sumOf(exact.bytes), keptBlocks: sums.keptBlocks - sumOf(exact.keptBlocks), keptBytes: sums.keptBytes - sumOf(exact.keptBytes) }
  return { classes: classesOf(counts, firstClass, lastClass), exact, others, total: sums }
}

const sumOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0)

const emptyColumns = (rows: number): SizeColumns => ({ blocks: new Float64Array(rows), bytes: new Float64Array(rows), keptBlocks: new Float64Array(rows), keptBytes: new Float64Array(rows) })

function addTo(columns: SizeColumns, row: number, size: Bytes, blocks: number, kept: number): void {
  columns.blocks[row]! += blocks
  columns.bytes[row]! += blocks * size
  columns.keptBlocks[row]! += kept
  columns.keptBytes[row]! += kept * size
}

function classesOf(counts: SizeCounts, first: number, last: number): SizeHistogram['classes'] {
  const rows = last < 0 ? 0 : last - first + 1
  const columns = emptyColumns(rows)
  counts.each((size, blocks, kept) => addTo(columns, sizeClassOf(size) - first, size, blocks, kept))
  return {
    lowerBytes: Float64Array.from({ length: rows }, (_, row) => (first + row === 0 ? 0 : sizeClassUpper(first + row - 1))),
    upperBytes: Float64Array.from({ length: rows }, (_, row) => sizeClassUpper(first + row)),
    ...columns,
  }
}

function exactOf(counts: SizeCounts, total: SizeSums): SizeHistogram['exact'] {
  const found: { readonly size: Bytes; readonly blocks: number; readonly kept: number; readonly share: number }[] = []
  let least = 0
  counts.each((size, blocks, kept) => {
    const share = Math.max(blocks / total.blocks, total.bytes === 0 ? 0 : (blocks * size) / total.bytes)
    if (share <= least && found.length >= MOST_SIZES) return
    found.push({ size, blocks, kept, share })
    // Sorted only now and then, so that a million sizes cost no more than a few sorts of a short list.
    if (found.length >= 8 * MOST_SIZES) least = keepLargest(found)
  })
  keepLargest(found)
  found.sort((a, b) => a.size - b.size)
  const columns = emptyColumns(found.length)
  found.forEach(({ size, blocks, kept }, row) => addTo(columns, row, size, blocks, kept))
  return { sizeBytes: Float64Array.from(found, ({ size }) => size), ...columns }
}

/** Cuts the list to those with the largest share and returns the least of them. Of equal ones the smaller size stays. */
function keepLargest(found: { readonly size: Bytes; readonly share: number }[]): number {
  found.sort((a, b) => b.share - a.share || a.size - b.size)
  found.length = Math.min(found.length, MOST_SIZES)
  return found.length < MOST_SIZES ? 0 : found.at(-1)!.share
}

/** Scales a histogram can be drawn on. */
export const SIZE_SCALES = ['doubling', 'classes', 'exact'] as const
export type SizeScale = (typeof SIZE_SCALES)[number]

/** Rows of a histogram on one scale; sizes in (lowerBytes, upperBytes], with both equal to the size less and including 1 for single ones. */
export interface SizeRows extends SizeColumns {
  readonly lowerBytes: Float64Array
  readonly upperBytes: Float64Array
}

const STEPS = 4

export function sizeRows(histogram: SizeHistogram, scale: SizeScale): SizeRows {
  if (scale === 'classes') return histogram.classes
  if (scale === 'exact') return { ...histogram.exact, lowerBytes: histogram.exact.sizeBytes.map((size) => size - 1), upperBytes: histogram.exact.sizeBytes }
  const { classes } = histogram
  if (classes.upperBytes.length === 0) return classes
  const powerOf = (row: number): number => Math.ceil(Math.log2(classes.upperBytes[row]!))
  const first = powerOf(0)
  const rows = powerOf(classes.upperBytes.length - 1) - first + 1
  const columns = emptyColumns(rows)
  for (let row = 0; row < classes.upperBytes.length; row++) {
    const at = powerOf(row) - first
    for (const key of ['blocks', 'bytes', 'keptBlocks', 'keptBytes'] as const) columns[key][at]! += classes[key][row]!
  }
  const lower = (row: number): Bytes => (2 ** (first + row) <= 2 * STEPS ? 0 : 2 ** (first + row - 1))
  return { lowerBytes: Float64Array.from({ length: rows }, (_, row) => lower(row)), upperBytes: Float64Array.from({ length: rows }, (_, row) => 2 ** (first + row)), ...columns }
}
