import type { Bytes } from '../../../base/units'

/** Figures of a segment heap; profiles give values and sources (segment-heap.md). */
export interface SegmentRules {
  readonly bits: 32 | 64
  /** Pages of a 1 MB segment's header, its 256 descriptors: of 32 bytes with 64 bits, of 20 with 32, before 1709 of 16. */
  readonly headerPages: 1 | 2
  /** Bytes the heap adds to every request. */
  readonly padding: Bytes
  /** Largest request, padded, of the low-fragmentation front end, of variable-size chunks, and of each context's page ranges; 0: the heap has no second context. */
  readonly lfhLargest: Bytes
  readonly vsLargest: Bytes
  readonly pageLargest: Bytes
  readonly wideLargest: Bytes
  /** Whether frequent sizes are served from slots. */
  readonly lfh: boolean
  /** Living blocks of a bucket with the request at hand, and requests of it in all, from which on it is active. */
  readonly activeAt: number
  readonly activeAtTotal: number
  /** Sub-segments a bucket may fill at one time, each by threads of its own, and changes of thread that make it so. */
  readonly affinitySlots: number
  readonly affinityAt: number
  /** Whole free pages inside a chunk from which on they are decommitted. */
  readonly vsDecommitPages: number
  /** Whether sub-segments from 64 KB on and large blocks end with a page nobody may touch. */
  readonly guardPages: boolean
  /** Committed pages of free ranges a context keeps: this many, or its committed pages shifted right, whichever is more. */
  readonly keepPages: number
  readonly keepShift: number
  /** The heap begins at one of so many multiples of 64 KB. */
  readonly baseSpread: number
  readonly seed: number
  readonly realloc: 'copy' | 'in-place-forward'
  /** Bound of all committed bytes. */
  readonly capacity: Bytes
}

/** What the page ranges of a segment are used for. */
export const RangeUse = { Free: 0, Pages: 1, Lfh: 2, Vs: 3 } as const
export type RangeUse = (typeof RangeUse)[keyof typeof RangeUse]

/** Sub-segments from this size on end with a guard page (segment-heap.md 7). */
export const GUARDED_BYTES: Bytes = 0x10000
