import type { Address, Bytes } from '../base/units'
import { UNKNOWN_SIZE } from '../base/units'
import { BlockState, type Snapshot } from '../model/snapshot'
import { firstRowEndingAfter } from './block-search'

/*
 * Inside of busy blocks, as far as the source tells it:
 *
 *   [header][payload.............][rounding]      header: HeapRecord.headerBytes; a trailer is counted in it and drawn in front
 *   [header][payload or rounding          ]       where no request is known
 */
export const BlockPart = { Header: 0, Payload: 1, Rounding: 2, Rest: 3 } as const
export type BlockPart = (typeof BlockPart)[keyof typeof BlockPart]
export const BLOCK_PART_NAMES = ['header', 'payload', 'rounding', 'payload or rounding'] as const

export interface BlockStructure {
  readonly address: Float64Array
  readonly bytes: Float64Array
  /** BlockPart. */
  readonly part: Uint8Array
}

/** A screen of single bytes has some thousand blocks at most. */
const MOST_PARTS = 12_000

/** Parts of the busy blocks that reach into [from, to), in order of address. */
export function structureIn({ blocks, heaps }: Snapshot, from: Address, to: Address): BlockStructure {
  const address: number[] = []
  const bytes: number[] = []
  const part: number[] = []
  const put = (at: Address, length: Bytes, kind: BlockPart): void => {
    if (length <= 0) return
    address.push(at)
    bytes.push(length)
    part.push(kind)
  }
  for (let row = firstRowEndingAfter(blocks, from); row < blocks.length && address.length < MOST_PARTS; row++) {
    const start = blocks.address.at(row)
    if (start >= to) break
    if (blocks.state.at(row) !== BlockState.Busy) continue
    const size = blocks.size.at(row)
    const header = Math.min(size, heaps[blocks.heap.at(row)]?.headerBytes ?? 0)
    const requested = blocks.requested.at(row)
    put(start, header, BlockPart.Header)
    if (requested === UNKNOWN_SIZE) put(start + header, size - header, BlockPart.Rest)
    else {
      const payload = Math.min(size - header, requested)
      put(start + header, payload, BlockPart.Payload)
      put(start + header + payload, size - header - payload, BlockPart.Rounding)
    }
  }
  return { address: Float64Array.from(address), bytes: Float64Array.from(bytes), part: Uint8Array.from(part) }
}
