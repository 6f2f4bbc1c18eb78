import { CHUNK_LENGTH } from '../../base/column'
import { UNKNOWN_SIZE, type Bytes } from '../../base/units'
import { BlockState, type Snapshot } from '../../model/snapshot'

/** Sums over the blocks of a snapshot, in bytes unless named otherwise. */
export interface BlockTotals {
  /** Q over the blocks whose request is known. */
  requested: Bytes
  /** K: consumed by all busy blocks. */
  consumed: Bytes
  /** Headers and trailers of all busy blocks. */
  headers: Bytes
  /** Consumed less requested less header, over the blocks whose request is known. */
  rounding: Bytes
  busyBlocks: number
  /** Busy blocks whose requested size the source does not tell. */
  unknownBlocks: number
  internal: Bytes
  /** All free bytes, cached ones included. */
  free: Bytes
  cached: Bytes
  uncommitted: Bytes
  uncommittedRanges: number
}

export function sumBlockTotals(snapshot: Snapshot): BlockTotals {
  const { blocks, heaps } = snapshot
  const headerOfHeap = Float64Array.from(heaps, (heap) => heap.headerBytes)
  let requested = 0
  let consumed = 0
  let headers = 0
  let unknownConsumed = 0
  let unknownHeaders = 0
  let busyBlocks = 0
  let unknownBlocks = 0
  let internal = 0
  let free = 0
  let cached = 0
  let uncommitted = 0
  let uncommittedRanges = 0
  // Chunks and sums in locals: through columns and object fields this loop takes several times as long.
  for (let chunk = 0, left = blocks.length; left > 0; chunk++, left -= CHUNK_LENGTH) {
    const sizes = blocks.size.chunks[chunk]!
    const requests = blocks.requested.chunks[chunk]!
    const states = blocks.state.chunks[chunk]!
    const heapOf = blocks.heap.chunks[chunk]!
    const rows = Math.min(left, CHUNK_LENGTH)
    for (let i = 0; i < rows; i++) {
      const size = sizes[i]!
      const state = states[i]!
      if (state === BlockState.Busy) {
        const header = headerOfHeap[heapOf[i]!]!
        busyBlocks++
        consumed += size
        headers += header
        if (requests[i] === UNKNOWN_SIZE) {
          unknownBlocks++
          unknownConsumed += size
          unknownHeaders += header
        } else requested += requests[i]!
      } else if (state === BlockState.Free) free += size
      else if (state === BlockState.Internal) internal += size
      else if (state === BlockState.Cached) cached += size
      else {
        uncommitted += size
        uncommittedRanges++
      }
    }
  }
  const rounding = consumed - unknownConsumed - (headers - unknownHeaders) - requested
  return { requested, consumed, headers, rounding, busyBlocks, unknownBlocks, internal, free: free + cached, cached, uncommitted, uncommittedRanges }
}

/** C: committed bytes. */
export const committedBytes = (totals: BlockTotals): Bytes => totals.consumed + totals.internal + totals.free
