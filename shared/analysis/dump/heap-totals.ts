import { CHUNK_LENGTH } from '../../base/column'
import type { Bytes } from '../../base/units'
import { CONFIDENCES } from '../../model/confidence'
import { BlockState, type Snapshot } from '../../model/snapshot'

/** What the blocks of one heap sum up to. */
export interface HeapTotals {
  /** Rows of the block table, those of no program included. */
  readonly blocks: number
  readonly busyBlocks: number
  readonly busyBytes: Bytes
  readonly freeBlocks: number
  readonly freeBytes: Bytes
  readonly largestFreeBytes: Bytes
  /** Kept busy for the back end and free for the program: free slots and waiting containers of a front end. */
  readonly cachedBytes: Bytes
  readonly internalBytes: Bytes
  readonly uncommittedBytes: Bytes
  /** All but what is uncommitted. */
  readonly committedBytes: Bytes
  readonly reservedBytes: Bytes
  /** M5 of fragmentation: free and cached share of what is committed; null when nothing is. */
  readonly freeShare: number | null
  /** M6: 1 less the largest hole's share of all free bytes; null when nothing is free. */
  readonly scatter: number | null
  /** Blocks by their confidence, in the order of CONFIDENCES. */
  readonly trust: readonly number[]
}

const SUMS = 5

/** One entry per heap of the snapshot, in their order. Cost: one pass over the blocks. */
export function sumHeaps({ heaps, blocks }: Snapshot): HeapTotals[] {
  const bytes = new Float64Array(heaps.length * SUMS)
  const counts = new Float64Array(heaps.length * SUMS)
  const largest = new Float64Array(heaps.length)
  const trust = heaps.map(() => CONFIDENCES.map(() => 0))
  for (let chunk = 0, left = blocks.length; left > 0; chunk++, left -= CHUNK_LENGTH) {
    const sizes = blocks.size.chunks[chunk]!
    const states = blocks.state.chunks[chunk]!
    const owners = blocks.heap.chunks[chunk]!
    const grades = blocks.confidence?.chunks[chunk]
    const rows = Math.min(left, CHUNK_LENGTH)
    for (let i = 0; i < rows; i++) {
      const state = states[i]!
      const heap = owners[i]!
      const slot = heap * SUMS + state
      bytes[slot]! += sizes[i]!
      counts[slot]!++
      trust[heap]![grades?.[i] ?? 0]!++
      if (state === BlockState.Free && sizes[i]! > largest[heap]!) largest[heap] = sizes[i]!
    }
  }
  return heaps.map((_, heap) => totalsOf(bytes.subarray(heap * SUMS, (heap + 1) * SUMS), counts.subarray(heap * SUMS, (heap + 1) * SUMS), largest[heap]!, trust[heap]!))
}

function totalsOf(bytes: Float64Array, counts: Float64Array, largestFreeBytes: Bytes, trust: readonly number[]): HeapTotals {
  const reservedBytes = bytes.reduce((sum, part) => sum + part, 0)
  const committedBytes = reservedBytes - bytes[BlockState.Uncommitted]!
  const freeBytes = bytes[BlockState.Free]!
  const cachedBytes = bytes[BlockState.Cached]!
  return {
    blocks: counts.reduce((sum, part) => sum + part, 0),
    busyBlocks: counts[BlockState.Busy]!,
    busyBytes: bytes[BlockState.Busy]!,
    freeBlocks: counts[BlockState.Free]!,
    freeBytes,
    largestFreeBytes,
    cachedBytes,
    internalBytes: bytes[BlockState.Internal]!,
    uncommittedBytes: bytes[BlockState.Uncommitted]!,
    committedBytes,
    reservedBytes,
    freeShare: committedBytes === 0 ? null : (freeBytes + cachedBytes) / committedBytes,
    scatter: freeBytes === 0 ? null : 1 - largestFreeBytes / freeBytes,
    trust,
  }
}
