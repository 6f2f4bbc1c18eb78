import type { Address, Bytes } from '../../base/units'

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
