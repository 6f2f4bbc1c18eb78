import type { Address, Bytes } from '../../base/units'
import type { OverlayField } from '../../model/process-memory'
import type { HeapPart } from '../heap-bytes/heap-parts'
import type { FrontEnd } from '../heap-bytes/windows-heap'
import type { HeapReasons } from './heap-reasons'

/**
 * A heap as the calls of a simulated process use it, whatever Windows it is of. Blocks are numbers (NO_BLOCK: none) and
 * known to the program by the address of their data.
 */
export interface HeapOfProcess {
  readonly base: Address
  /** As in Snapshot.heaps. */
  readonly flavour: string
  readonly headerBytes: Bytes
  readonly granularityBytes: Bytes
  /** Thread of the call at work, from 0. */
  thread: number
  readonly busyBlocks: number
  readonly requestedBytes: Bytes
  /** Free blocks looked at by all requests so far; null where the manager does not search block by block. */
  readonly examinedBlocks: number | null
  readonly frontEnd: FrontEnd
  /** Why its blocks lie where they do, and why its memory changed. */
  readonly reasons: HeapReasons
  /** Address of the data of a new block, 0 when there is no memory. */
  alloc(bytes: Bytes): Address
  /** Busy block whose data begins at the address, NO_BLOCK when there is none. */
  find(data: Address): number
  free(block: number): void
  /** Address of the data afterwards, 0 when there is no room (the block is as it was); contents are kept up to the smaller size. */
  resize(block: number, bytes: Bytes, inPlaceOnly: boolean): Address
  dataOf(block: number): Address
  requestedOf(block: number): Bytes
  /** Handle of a movable block, 0 of a fixed one. */
  handleOf(block: number): Address
  setHandle(block: number, handle: Address): void
  /** Moves movable blocks together where the manager can; `moved` is told of each with its new data address. */
  compact(canMove: (block: number) => boolean, moved: (block: number, data: Address) => void): void
  /** Whether the bytes of the block that are the heap's are as the heap wrote them. */
  isIntact(block: number): boolean
  /** The same of all the heap's bytes. */
  isAllIntact(): boolean
  /** Its reservations: segments in the order they were made, then what lies outside them. */
  parts(): HeapPart[]
  /** Structure fields that touch [from, to). */
  fields(from: Address, to: Address): OverlayField[]
  /** Told before the program writes there. */
  programWrites(address: Address, bytes: Bytes): void
  /** Brings the heap's bytes in memory up to date; it may do so call by call or only here. */
  settle(): void
  /** Makes the low-fragmentation front end; false when the heap cannot have one. */
  enableFrontEnd(): boolean
  /** Gives memory kept for reuse back. */
  optimise(): void
}
