import type { Address, RowIndex } from '../base/units'
import { NONE } from '../base/units'
import type { Column } from '../base/column'
import type { BlockTable, SegmentRecord } from '../model/snapshot'

/** First row whose end lies above `address`; `length` when there is none. Blocks are sorted by address. */
export function firstRowEndingAfter(blocks: { readonly address: Column; readonly size: Column; readonly length: number }, address: Address): RowIndex {
  let low = 0
  let high = blocks.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (blocks.address.at(middle) + blocks.size.at(middle) > address) high = middle
    else low = middle + 1
  }
  return low
}

/** Row of the block that covers `address`, or NONE. */
export function rowAtAddress(blocks: BlockTable, address: Address): RowIndex {
  const row = firstRowEndingAfter(blocks, address)
  return row < blocks.length && blocks.address.at(row) <= address ? row : NONE
}

/** Index of the segment that covers `address`, or NONE. Segments are sorted by base. */
export function segmentAtAddress(segments: readonly SegmentRecord[], address: Address): number {
  let low = 0
  let high = segments.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const segment = segments[middle]!
    if (segment.base + segment.reservedBytes > address) high = middle
    else low = middle + 1
  }
  const found = segments[low]
  return found !== undefined && found.base <= address ? low : NONE
}
