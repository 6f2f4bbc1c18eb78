import type { Address, Bytes } from '../../base/units'
import type { HeapReport } from '../../model/heap-report'

/** What an overlay needs of a heap; reports of walks have it. */
export type OverlaidHeap = Pick<HeapReport, 'address' | 'flavour' | 'bits' | 'layout'>

/** A block of a walked heap, as the overlay needs it. */
export interface BlockPlace {
  readonly address: Address
  readonly size: Bytes
  /** UNKNOWN_SIZE when not told. */
  readonly requested: Bytes
  /** BlockState. */
  readonly state: number
  /** BlockKind. */
  readonly kind: number
}

/** The 8 bytes that describe a block, as stored and decoded. */
export interface EntryBytes {
  readonly address: Address
  readonly raw: Uint8Array
  readonly decoded: Uint8Array
}
