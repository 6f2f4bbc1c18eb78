import { CHUNK_LENGTH, CHUNK_SHIFT } from '../base/column'
import type { JobContext } from '../base/job-context'
import { NONE, UNKNOWN_SIZE, type Address, type Bytes } from '../base/units'
import { BLOCK_STATE_NAMES, BlockState, type Snapshot } from '../model/snapshot'
import { firstRowEndingAfter } from './block-search'

/** What lies in [from, to): a block counts where any byte of it does, bytes count only inside. */
export interface RangeSums {
  readonly from: Address
  readonly to: Address
  /** By BlockState. */
  readonly bytes: readonly Bytes[]
  readonly blocks: readonly number[]
  /** Requested by the busy blocks that lie wholly inside and whose request is known; null when it is known of none. */
  readonly requestedBytes: Bytes | null
  /** Bytes of no segment. */
  readonly notReservedBytes: Bytes
  /** Longest stretch of free bytes inside, whatever lies beyond the range. */
  readonly largestFreeBytes: Bytes
  /** Pages inside of which every byte is free. */
  readonly freePages: number
  readonly pageBytes: Bytes
}

const ROWS_PER_CHECKPOINT = 1 << 16

/** Takes as long as there are blocks in the range; throws `cancelled`. */
export async function sumRange({ blocks, segments, pageBytes }: Snapshot, from: Address, to: Address, job: JobContext): Promise<RangeSums> {
  const bytes = new Float64Array(BLOCK_STATE_NAMES.length)
  const count = new Float64Array(BLOCK_STATE_NAMES.length)
  let requested: Bytes | null = null
  let freeFrom: Address = NONE
  let freeTo: Address = NONE
  let largest = 0
  let freePages = 0
  const endOfFree = (): void => {
    largest = Math.max(largest, freeTo - freeFrom)
    freePages += Math.max(0, Math.floor(freeTo / pageBytes) - Math.ceil(freeFrom / pageBytes))
  }
  for (let row = firstRowEndingAfter(blocks, from); row < blocks.length; row++) {
    const chunk = row >>> CHUNK_SHIFT
    const i = row & (CHUNK_LENGTH - 1)
    const start = blocks.address.chunks[chunk]![i]!
    if (start >= to) break
    const size = blocks.size.chunks[chunk]![i]!
    const state = blocks.state.chunks[chunk]![i]!
    const low = Math.max(from, start)
    const high = Math.min(to, start + size)
    bytes[state]! += high - low
    count[state]! += 1
    if (state === BlockState.Free) {
      if (low !== freeTo) {
        endOfFree()
        freeFrom = low
      }
      freeTo = high
    } else if (state === BlockState.Busy && high - low === size) {
      const wanted = blocks.requested.chunks[chunk]![i]!
      if (wanted !== UNKNOWN_SIZE) requested = (requested ?? 0) + wanted
    }
    if (row % ROWS_PER_CHECKPOINT === 0) await job.checkpoint()
  }
  endOfFree()
  const reserved = segments.reduce((sum, { base, reservedBytes }) => sum + Math.max(0, Math.min(to, base + reservedBytes) - Math.max(from, base)), 0)
  return { from, to, bytes: [...bytes], blocks: [...count], requestedBytes: requested, notReservedBytes: to - from - reserved, largestFreeBytes: largest, freePages, pageBytes }
}
