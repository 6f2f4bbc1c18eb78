import type { Address, Bytes } from '../../base/units'
import type { BlockKind, BlockState } from '../../model/snapshot'

/** A block as it was laid down. */
export interface LaidBlock {
  readonly address: Address
  readonly size: Bytes
  readonly state: BlockState
  readonly kind: BlockKind
  readonly requested: Bytes
}
