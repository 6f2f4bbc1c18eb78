import type { Address, Bytes } from '../base/units'
import type { RegionTable } from './region-table'

/**
 * The one door to the bytes of an address space. A walker or a hex view reads through it and does not know whether a
 * simulated process, a dump or a live process stands behind.
 */
export interface ProcessMemory {
  /** Every region of the user address space in address order, the free ones included. */
  regions(): RegionTable
  /** Texts that RegionTable.owner indexes. */
  owners(): readonly string[]
  /**
   * Bytes from `address` on, at most `length`: it ends early where memory that cannot be read begins. Looking changes
   * nothing: no page becomes resident, no guard is spent.
   */
  read(address: Address, length: Bytes): Uint8Array
}

/** Names a run of bytes inside a structure, for the hex view. */
export interface OverlayField {
  readonly address: Address
  readonly bytes: Bytes
  /** Structure the field belongs to, for instance `block header`. */
  readonly structure: string
  readonly field: string
  /** The field's value in words or digits. */
  readonly text: string
  /** The value as stored, hexadecimal, where `text` tells a decoded one. */
  readonly raw?: string
  /** Address the field points to; absent when it is no pointer or null. */
  readonly target?: Address
}
