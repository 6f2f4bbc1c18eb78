import type { Bytes } from '../../../base/units'

/** Figures of the back end; profiles give values, sources and confidence (shared/sim/profiles/nt). */
export interface NtBackEndRules {
  /** Unit of block sizes: 8 (x86) or 16 (x64). */
  readonly granule: Bytes
  /** From the base to the first entry of the heap. */
  readonly heapHeader: Bytes
  /** The same for later segments. */
  readonly segmentHeader: Bytes
  /** Block at the end of each committed run that describes the uncommitted range behind; 0 = described elsewhere. */
  readonly marker: Bytes
  /** Address range reserved at first. */
  readonly reserve: Bytes
  /** Bytes at the end of the first reservation that the heap leaves alone. */
  readonly spare: Bytes
  /** Committed at first. */
  readonly commit: Bytes
  /** Least size of the second segment; it doubles with each further one. */
  readonly segmentReserve: Bytes
  /** Size at which the doubling ends. */
  readonly segmentLimit: Bytes
  /** Least bytes committed at a time. */
  readonly commitStep: Bytes
  /** Most segments, 0 = no limit. */
  readonly maxSegments: number
  readonly growable: boolean
  /** Calls are serialized; a heap without has no front end. */
  readonly serialized: boolean
  /** Freed blocks merge with free neighbours. */
  readonly mergeFreed: boolean
  /** Largest request; larger ones fail. */
  readonly maximumAllocation: Bytes
  /** Largest block of the segments; larger requests get a reservation of their own. */
  readonly virtualThreshold: Bytes
  /** Header of such a block. */
  readonly virtualHeader: Bytes
  /** A free block of at least this size is decommitted ... */
  readonly decommitBlock: Bytes
  /** ... when the free blocks then have at least this many bytes. */
  readonly decommitTotal: Bytes
  /** A segment all of whose blocks are free is released instead. */
  readonly releaseSegments: boolean
  /** Bound of all committed bytes. */
  readonly capacity: Bytes
}

/** Bytes of a busy block that the program cannot use. On x64 the header has 16, but 8 of them are lent to the block before (nt-heap.md 1). */
export const NT_HEADER_BYTES = 8
/** A rest of one unit is never split off. */
export const LEAST_UNITS = 2

/** What a slot of BlockSlots is for the heap; kept in `linkC`. */
export const NtKind = {
  /** Busy or free block of the back end. */
  Block: 0,
  /** Slot of a container of the low-fragmentation front end. */
  LfhSlot: 1,
  /** Block with a reservation of its own. */
  Virtual: 2,
  /** Header of the heap or of a segment. */
  Header: 3,
  /** Last block of a committed run. */
  Marker: 4,
  /** Range of pages given back, behind a marker. */
  Uncommitted: 5,
  /** Block cut into slots by the front end. */
  Container: 6,
  /** Block the front end keeps structures in. */
  Structure: 7,
} as const
export type NtKind = (typeof NtKind)[keyof typeof NtKind]

/** Units of the block for a request (nt-heap.md 1): on x64 the data may run 8 bytes into the next entry. */
export function unitsOfRequest(bytes: Bytes, granule: Bytes): number {
  return Math.max(LEAST_UNITS, Math.ceil((Math.max(bytes, 1) + NT_HEADER_BYTES) / granule))
}
