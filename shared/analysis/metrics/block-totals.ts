import { CHUNK_LENGTH } from '../../base/column'
import { finish, type Steps } from '../../base/steps'
import { UNKNOWN_SIZE, type Bytes } from '../../base/units'
import { BlockState, type Snapshot } from '../../model/snapshot'

const STATE_BITS = 3

/** Sums over the blocks of a snapshot, in bytes unless named otherwise. */
export interface BlockTotals {
  /** Q over the blocks whose request is known. */
  readonly requested: Bytes
  /** K: consumed by all busy blocks. */
  readonly consumed: Bytes
  /** Headers and trailers of all busy blocks. */
  readonly headers: Bytes
  /** Consumed less requested less header, over the blocks whose request is known. */
  readonly rounding: Bytes
  readonly busyBlocks: number
  /** Busy blocks whose requested size the source does not tell. */
  readonly unknownBlocks: number
  readonly internal: Bytes
  /** All free bytes, cached ones included. */
  readonly free: Bytes
  readonly cached: Bytes
  readonly uncommitted: Bytes
  readonly uncommittedRanges: number
}

export const sumBlockTotals = (snapshot: Snapshot): BlockTotals => finish(blockTotalsSteps(snapshot))

export function* blockTotalsSteps(snapshot: Snapshot): Steps<BlockTotals> {
  const { blocks, heaps } = snapshot
  // Bytes and counts by heap and state: states follow no pattern, so adding to a slot beats branching on them.
  const bytes = new Float64Array(heaps.length << STATE_BITS)
  const counts = new Float64Array(heaps.length << STATE_BITS)
  let requested = 0
  let unknownConsumed = 0
  let unknownHeaders = 0
  let unknownBlocks = 0
  for (let chunk = 0, left = blocks.length; left > 0; chunk++, left -= CHUNK_LENGTH) {
    const sizes = blocks.size.chunks[chunk]!
    const requests = blocks.requested.chunks[chunk]!
    const states = blocks.state.chunks[chunk]!
    const heapOf = blocks.heap.chunks[chunk]!
    const rows = Math.min(left, CHUNK_LENGTH)
    for (let i = 0; i < rows; i++) {
      const slot = (heapOf[i]! << STATE_BITS) | states[i]!
      bytes[slot]! += sizes[i]!
      counts[slot]!++
      if (requests[i] === UNKNOWN_SIZE) {
        unknownBlocks++
        unknownConsumed += sizes[i]!
        unknownHeaders += heaps[heapOf[i]!]!.headerBytes
      } else requested += requests[i]!
    }
    yield
  }
  const total = (of: Float64Array, state: number): number => heaps.reduce((sum, _, heap) => sum + of[(heap << STATE_BITS) | state]!, 0)
  const headers = heaps.reduce((sum, { headerBytes }, heap) => sum + headerBytes * counts[(heap << STATE_BITS) | BlockState.Busy]!, 0)
  const consumed = total(bytes, BlockState.Busy)
  const cached = total(bytes, BlockState.Cached)
  return {
    requested,
    consumed,
    headers,
    rounding: consumed - unknownConsumed - (headers - unknownHeaders) - requested,
    busyBlocks: total(counts, BlockState.Busy),
    unknownBlocks,
    internal: total(bytes, BlockState.Internal),
    free: total(bytes, BlockState.Free) + cached,
    cached,
    uncommitted: total(bytes, BlockState.Uncommitted),
    uncommittedRanges: total(counts, BlockState.Uncommitted),
  }
}

/** C: committed bytes. */
export const committedBytes = (totals: BlockTotals): Bytes => totals.consumed + totals.internal + totals.free
