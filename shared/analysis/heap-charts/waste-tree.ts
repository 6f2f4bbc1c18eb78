import { CHUNK_LENGTH, CHUNK_SHIFT } from '../../base/column'
import type { JobContext } from '../../base/job-context'
import { UNKNOWN_SIZE, type Bytes } from '../../base/units'
import { BlockState, type Snapshot } from '../../model/snapshot'
import { BATCH_ROWS } from '../block-values'
import { sizeClassOf } from '../metrics/size-classes'

/*
 * What the committed bytes beyond those asked for are lost to, by size class (each doubling of the request one class):
 *
 *   class 17..32 B      header    headers and trailers of its busy blocks
 *                       rounding  consumed less requested less header
 *                       cached    its slots that a front end keeps for it: free, but for this size only
 *                       stranded  free bytes on pages that its busy blocks keep from being given back
 *   the heap itself     internal, stranded (by its own bytes), releasable
 *
 * All of it adds up to committed − requested, exactly. A page's free bytes are shared out evenly among the busy blocks on it
 * and, when it holds bytes of the heap, the heap as one more (pin-blame.ts); cached bytes are not shared out, they stand apart.
 * Of blocks whose request is not known nothing is taken for rounding, and their class is that of the whole block.
 */
export const WASTE_KINDS = ['header', 'rounding', 'cached', 'stranded'] as const
export type WasteKind = (typeof WASTE_KINDS)[number]

export interface WasteColumns {
  readonly header: Float64Array
  readonly rounding: Float64Array
  readonly cached: Float64Array
  readonly stranded: Float64Array
}

export interface WasteTree {
  /** Classes in (lowerBytes, upperBytes], each a doubling; the first begins at 0. All up to the largest that occurs. */
  readonly lowerBytes: Float64Array
  readonly upperBytes: Float64Array
  readonly all: WasteColumns
  /** Of the blocks a filter keeps. */
  readonly kept: WasteColumns
  readonly internalBytes: Bytes
  /** Free bytes on pages that only the heap's own bytes, or shared with busy blocks, hold: its share. */
  readonly ownStrandedBytes: Bytes
  /** Free bytes on entirely free pages, cached ones left out. */
  readonly releasableBytes: Bytes
  /** Busy blocks whose request is not known. */
  readonly unknownRequests: number
}

const FIRST_POWER = 3
/** Doublings from 8 bytes to 2^53. */
const MOST_DOUBLINGS = 51
const STEPS = 4

/** Doubling a size belongs to: 0 up to 8 bytes, 1 up to 16, ... */
export const doublingOf = (bytes: Bytes): number => Math.ceil(sizeClassOf(bytes) / STEPS)

/** `mask` is 1 for rows that are kept, absent when all are. Throws `cancelled`. */
export async function wasteTree(snapshot: Snapshot, mask: Uint8Array | undefined, job: JobContext): Promise<WasteTree> {
  const sums = new WasteSums(snapshot, mask)
  const { blocks } = snapshot
  for (let from = 0; from < blocks.length; from += BATCH_ROWS) {
    const rows = Math.min(BATCH_ROWS, blocks.length - from)
    sums.add(from, rows)
    job.progress({ done: from + rows, total: blocks.length, unit: 'blocks' })
    await job.checkpoint()
  }
  return sums.finish()
}

const columns = (): { [K in WasteKind]: Float64Array } => ({ header: new Float64Array(MOST_DOUBLINGS), rounding: new Float64Array(MOST_DOUBLINGS), cached: new Float64Array(MOST_DOUBLINGS), stranded: new Float64Array(MOST_DOUBLINGS) })

class WasteSums {
  readonly #snapshot: Snapshot
  readonly #mask: Uint8Array | undefined
  readonly #all = columns()
  readonly #kept = columns()
  #internal = 0
  #ownStranded = 0
  #releasable = 0
  #unknown = 0
  #classes = 0
  /** The page at hand: its end, its free bytes (cached ones left out), its busy blocks by doubling, whether the heap itself is on it. */
  #pageEnd = -Infinity
  #free = 0
  #busy = 0
  #isOwn = false
  readonly #busyOf = new Uint32Array(MOST_DOUBLINGS)
  readonly #keptOf = new Uint32Array(MOST_DOUBLINGS)

  constructor(snapshot: Snapshot, mask: Uint8Array | undefined) {
    this.#snapshot = snapshot
    this.#mask = mask
  }

  add(from: number, rows: number): void {
    const { blocks, heaps, pageBytes } = this.#snapshot
    const chunk = from >>> CHUNK_SHIFT
    const first = from & (CHUNK_LENGTH - 1)
    const addresses = blocks.address.chunks[chunk]!
    const sizes = blocks.size.chunks[chunk]!
    const requests = blocks.requested.chunks[chunk]!
    const states = blocks.state.chunks[chunk]!
    const heapOf = blocks.heap.chunks[chunk]!
    const mask = this.#mask
    for (let i = first; i < first + rows; i++) {
      const state = states[i]!
      if (state === BlockState.Uncommitted) continue
      const size = sizes[i]!
      const kept = mask === undefined ? 1 : mask[from + i - first]!
      let doubling = 0
      if (state === BlockState.Busy) doubling = this.#addBusy(size, requests[i]!, heaps[heapOf[i]!]!.headerBytes, kept)
      else if (state === BlockState.Cached) this.#addCached(size, kept)
      else if (state === BlockState.Internal) this.#internal += size
      let at = addresses[i]!
      const end = at + size
      if (at >= this.#pageEnd) {
        this.#close()
        this.#pageEnd = (Math.floor(at / pageBytes) + 1) * pageBytes
      }
      for (;;) {
        if (state === BlockState.Busy) {
          this.#busy++
          this.#busyOf[doubling]!++
          this.#keptOf[doubling]! += kept
        } else if (state === BlockState.Internal) this.#isOwn = true
        else if (state === BlockState.Free) this.#free += Math.min(end, this.#pageEnd) - at
        if (end <= this.#pageEnd) break
        this.#close()
        // Pages that a block covers entirely are its own: nothing on them is anybody's to hold.
        const last = Math.max(this.#pageEnd, Math.floor((end - 1) / pageBytes) * pageBytes)
        if (state === BlockState.Free) this.#releasable += last - this.#pageEnd
        at = last
        this.#pageEnd = last + pageBytes
      }
    }
  }

  #addBusy(size: Bytes, request: Bytes, header: Bytes, kept: number): number {
    const isKnown = request !== UNKNOWN_SIZE
    if (!isKnown) this.#unknown++
    const doubling = this.#classFor(isKnown ? request : size)
    this.#all.header[doubling]! += header
    this.#kept.header[doubling]! += kept * header
    if (isKnown) {
      const rounding = size - request - header
      this.#all.rounding[doubling]! += rounding
      this.#kept.rounding[doubling]! += kept * rounding
    }
    return doubling
  }

  #addCached(size: Bytes, kept: number): void {
    const doubling = this.#classFor(size)
    this.#all.cached[doubling]! += size
    this.#kept.cached[doubling]! += kept * size
  }

  #classFor(bytes: Bytes): number {
    const doubling = doublingOf(bytes)
    if (doubling >= this.#classes) this.#classes = doubling + 1
    return doubling
  }

  #close(): void {
    const free = this.#free
    if (free > 0) {
      const players = this.#busy + (this.#isOwn ? 1 : 0)
      if (players === 0) this.#releasable += free
      else {
        const share = free / players
        if (this.#isOwn) this.#ownStranded += share
        if (this.#busy > 0) {
          for (let doubling = 0; doubling < this.#classes; doubling++) {
            this.#all.stranded[doubling]! += share * this.#busyOf[doubling]!
            this.#kept.stranded[doubling]! += share * this.#keptOf[doubling]!
          }
        }
      }
    }
    if (this.#busy > 0) {
      this.#busyOf.fill(0, 0, this.#classes)
      this.#keptOf.fill(0, 0, this.#classes)
    }
    this.#free = 0
    this.#busy = 0
    this.#isOwn = false
  }

  finish(): WasteTree {
    this.#close()
    const rows = this.#classes
    const cut = (from: { [K in WasteKind]: Float64Array }): WasteColumns => ({ header: from.header.slice(0, rows), rounding: from.rounding.slice(0, rows), cached: from.cached.slice(0, rows), stranded: from.stranded.slice(0, rows) })
    return {
      lowerBytes: Float64Array.from({ length: rows }, (_, row) => (row === 0 ? 0 : 2 ** (FIRST_POWER + row - 1))),
      upperBytes: Float64Array.from({ length: rows }, (_, row) => 2 ** (FIRST_POWER + row)),
      all: cut(this.#all),
      kept: cut(this.#kept),
      internalBytes: this.#internal,
      ownStrandedBytes: this.#ownStranded,
      releasableBytes: this.#releasable,
      unknownRequests: this.#unknown,
    }
  }
}

/** Bytes of all parts of a tree. */
export function wasteTotal({ all, internalBytes, ownStrandedBytes, releasableBytes }: WasteTree): Bytes {
  let sum = internalBytes + ownStrandedBytes + releasableBytes
  for (const kind of WASTE_KINDS) for (const bytes of all[kind]) sum += bytes
  return sum
}
