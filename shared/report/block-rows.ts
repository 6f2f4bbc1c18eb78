import { UNKNOWN_SIZE } from '../base/units'
import { CONFIDENCES } from '../model/confidence'
import { BLOCK_KIND_NAMES, BLOCK_STATE_NAMES, type Snapshot } from '../model/snapshot'

/** One block as the command line lists it. */
export interface BlockRow {
  /** Base of the heap the block belongs to. */
  readonly heap: number
  readonly address: number
  readonly size: number
  /** null when the source does not tell. */
  readonly requested: number | null
  readonly state: string
  /** What the block is inside its heap; null when the source knows no inside. */
  readonly kind: string | null
  readonly confidence: string
}

export const BLOCK_COLUMNS = ['heap', 'address', 'size', 'requested', 'state', 'kind', 'confidence'] as const satisfies readonly (keyof BlockRow)[]

/** The blocks of one heap (its index), or of all, in order of address. */
export function* blockRows(snapshot: Snapshot, heap: number | undefined): Generator<BlockRow> {
  const { blocks, heaps } = snapshot
  for (let row = 0; row < blocks.length; row++) {
    const index = blocks.heap.at(row)
    if (heap !== undefined && index !== heap) continue
    const requested = blocks.requested.at(row)
    yield {
      heap: heaps[index]!.base,
      address: blocks.address.at(row),
      size: blocks.size.at(row),
      requested: requested === UNKNOWN_SIZE ? null : requested,
      state: BLOCK_STATE_NAMES[blocks.state.at(row)]!,
      kind: blocks.kind === undefined ? null : BLOCK_KIND_NAMES[blocks.kind.at(row)]!,
      confidence: blocks.confidence === undefined ? heaps[index]!.confidence : CONFIDENCES[blocks.confidence.at(row)]!,
    }
  }
}

/** A row as text fields, addresses hexadecimal, what is not known empty. */
export function blockFields(row: BlockRow): string[] {
  const hex = (address: number): string => `0x${address.toString(16)}`
  return [hex(row.heap), hex(row.address), String(row.size), String(row.requested ?? ''), row.state, row.kind ?? '', row.confidence]
}
