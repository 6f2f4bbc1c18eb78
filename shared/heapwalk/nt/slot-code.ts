import type { Address } from '../../base/units'
import type { NtLayout } from './nt-layout'

/** A front-end slot and what its header leads to. */
export interface SlotPlace {
  readonly heap: Address
  readonly userBlocks: Address
  readonly subSegment: Address
  /** Of the slot's entry; its header stands there, with 64 bits 8 bytes behind. */
  readonly entry: Address
}

const low32 = (value: number): number => value % 0x100000000 >>> 0

/**
 * The first four bytes of a slot's header, but for the key of the process, which is XORed to them.
 *
 * Windows 8 and later: the heap, the entry in granules, and the distance to the container in its upper bits (published
 * decompilations of RtlpValidateLFHBlock for both bitnesses, radare2's reader for 1809 x64, a write-up of Windows 10 x64).
 * Windows 7: the heap, the entry in granules and the sub-segment (checked on the slots of a real process).
 */
export function slotCode({ layout, unit }: NtLayout, { heap, userBlocks, subSegment, entry }: SlotPlace): number {
  const granules = low32(Math.floor(entry / unit))
  if (!hasDistances(layout)) return (low32(heap) ^ granules ^ low32(subSegment)) >>> 0
  // A distance is a multiple of the granule, so the lower 16 bits stay free: whoever writes over a header spoils them.
  return (low32(heap) ^ granules ^ low32((entry - userBlocks) * (0x10000 / unit))) >>> 0
}

/** Since Windows 8 a header leads to the container and names the slot's number; before, to the sub-segment. */
export const hasDistances = (layout: NtLayout['layout']): boolean => layout.optionalOffset('HEAP_USERDATA_HEADER', 'BusyBitmap') !== undefined
