import type { Address, Bytes } from '../../base/units'
import type { BlockKind, BlockState } from '../../model/snapshot'

/** A run of bytes of a heap that is one thing; the pieces of a part touch, in order of address. */
export interface HeapPiece {
  readonly address: Address
  readonly bytes: Bytes
  readonly state: BlockState
  readonly kind: BlockKind
  /** From the start to the data, of what can hold data. */
  readonly headerBytes: Bytes
  /** Number of the program's block; 0 for everything else. */
  readonly block: number
}

/** One reservation of a heap. */
export interface HeapPart {
  readonly base: Address
  /** What the heap uses of it; the pieces fill it. */
  readonly bytes: Bytes
  /** The heap keeps it for itself: HeapWalk tells nothing of it. */
  readonly isHidden: boolean
  readonly pieces: readonly HeapPiece[]
}
