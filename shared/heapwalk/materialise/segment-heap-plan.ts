import type { Address, Bytes } from '../../base/units'
import type { Bits, BuildKey } from '../layouts/structure-table'
import type { Word64 } from '../segment/word64'
import type { ImageMarks } from './image-marks'

/** A chunk of variable size, header included. */
export interface ChunkPlan {
  readonly bytes: Bytes
  readonly isBusy: boolean
  /** Bytes asked for; 0 for a free chunk. */
  readonly requested: Bytes
  /** Pages a free chunk touches that are not committed. */
  readonly cost: number
}

/** A slot; `requested` is 0 for a free one. */
export interface SlotPlan {
  readonly isBusy: boolean
  readonly requested: Bytes
}

interface RangePlanBase {
  readonly units: number
}

export type RangePlan =
  | (RangePlanBase & { readonly use: 'free' })
  | (RangePlanBase & { readonly use: 'pages'; readonly requested: Bytes })
  /** Chunks fill the range but for its header and, with a guard page, its last page. */
  | (RangePlanBase & { readonly use: 'vs'; readonly isGuarded: boolean; readonly chunks: readonly ChunkPlan[] })
  | (RangePlanBase & { readonly use: 'lfh'; readonly bucket: number; readonly firstFreeWord: number; readonly slots: readonly SlotPlan[] })

/** A segment of 256 units. */
export interface PageSegmentPlan {
  readonly address: Address
  /** 12: pages, 16: units of 64 KB, the second context. */
  readonly unitShift: 12 | 16
  /** From the first unit behind the header to the last. */
  readonly ranges: readonly RangePlan[]
  /** 1 for each committed page of the segment. */
  readonly pages: Uint8Array
}

export interface LargeBlockPlan {
  readonly address: Address
  readonly bytes: Bytes
  readonly requested: Bytes
  readonly reservedBehind: Bytes
}

/** Buckets that are not active yet count. */
export interface BucketUsage {
  readonly bucket: number
  readonly living: number
  readonly requests: number
}

export interface SegmentHeapPlan {
  readonly bits: Bits
  readonly build: BuildKey
  readonly address: Address
  /** Reserved bytes behind the heap's structure. */
  readonly reservedBehind: Bytes
  readonly segments: readonly PageSegmentPlan[]
  readonly large: readonly LargeBlockPlan[]
  /** Where the records of large blocks lie: memory of another heap. */
  readonly metadataAt: Address
  readonly usage: readonly BucketUsage[]
  /** Largest block of each context; 0: there is none. */
  readonly largestOfContext: readonly Bytes[]
  /** Keys of the process. */
  readonly heapKey: Word64
  readonly lfhKey: number
  /** Whether the root of the tree of large blocks is stored XORed with the tree's address (since 1703). */
  readonly encodesRoot: boolean
  /** Is told which bytes are the heap's own; large blocks, which have none of them, are then left out of the memory. */
  readonly marks?: ImageMarks
}

/** Committed bytes of the heap's structure with the owners of its buckets. */
export const STRUCTURE_BYTES: Bytes = 0x4000
