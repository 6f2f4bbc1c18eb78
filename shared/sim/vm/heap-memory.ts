import type { Address, Bytes } from '../../base/units'

/** What a heap needs of the address space it lives in. */
export interface HeapMemory {
  /** The range addresses lie in, [low, high). */
  readonly low: Address
  readonly high: Address
  /** Reserves at least these bytes at a multiple of 64 KiB or of a larger power of two; the base, NONE when nothing fits. */
  reserve(bytes: Bytes, alignment?: Bytes): Address
  /** End of the reservation at `base`. */
  reservedEnd(base: Address): Address
  release(base: Address): boolean
  /** Commits the pages that touch the range; false when it is not reserved or cannot be backed. */
  commit(address: Address, bytes: Bytes): boolean
  /** Takes the pages that touch the range back out of memory; they stay reserved. False when it is not reserved. */
  decommit(address: Address, bytes: Bytes): boolean
}

/** Of managers that give pages back. */
export interface DecommitMemory extends HeapMemory {
  /** Gives the pages that touch the range back to the reservation. */
  decommit(address: Address, bytes: Bytes): boolean
}
