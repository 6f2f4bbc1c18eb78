import { Column, sizeColumn } from '../base/column'
import type { Address, Bytes } from '../base/units'

/** What a walk puts down, one row per block, before blocks are fitted into their segments. */
export class WalkedBlocks {
  readonly address = new Column('f64')
  readonly size = sizeColumn()
  readonly requested = sizeColumn()
  readonly state = new Column('u8')
  readonly kind = new Column('u8')
  readonly confidence = new Column('u8')

  get length(): number {
    return this.address.length
  }

  push(address: Address, size: Bytes, requested: Bytes, state: number, kind: number, confidence: number): void {
    this.address.push(address)
    this.size.push(size)
    this.requested.push(requested)
    this.state.push(state)
    this.kind.push(kind)
    this.confidence.push(confidence)
  }
}

/** Reserved memory of a heap, with the rows of `WalkedBlocks` that lie in it, ascending; they need not fill it. */
export interface WalkedSegment {
  readonly base: Address
  readonly reservedBytes: Bytes
  readonly firstRow: number
  readonly endRow: number
}

/** Index into CONFIDENCES. */
export const Trust = { Verified: 0, Inferred: 1, Uncertain: 2, Opaque: 3 } as const
