import { Column, sizeColumn } from '../base/column'
import type { Address, Bytes, EventNumber } from '../base/units'
import type { Confidence } from './confidence'
import type { HeapReport } from './heap-report'
import type { HeapStatement } from './heap-statement'
import type { ProcessMemory } from './process-memory'
import type { RegionTable, RegionTotal } from './region-table'
import type { Origin } from './trace'

/*
 * Snapshot: an address space at one moment.
 *
 *   regions   [reserved........][committed....][free ..)         disjoint, sorted by base
 *   segments  [ segment 0 ......................]                 what one heap reserved in one go
 *   blocks    [int][busy ][free][busy][uncommitted ]              tile every segment exactly, sorted by address
 *
 * C (committed) = sum of all blocks but uncommitted ones; R (reserved) = sum of all blocks.
 */
export const BlockState = { Busy: 0, Free: 1, Cached: 2, Internal: 3, Uncommitted: 4 } as const
export type BlockState = (typeof BlockState)[keyof typeof BlockState]
export const BLOCK_STATE_NAMES = ['busy', 'free', 'cached', 'internal', 'uncommitted'] as const

/** What a block is inside its heap, for heaps whose inside is known. */
export const BlockKind = {
  /** An entry of the back end. */
  BackEnd: 0,
  /** A slot of a low-fragmentation container. */
  LfhSlot: 1,
  /** Header, bitmap and rest of such a container, or a whole container waiting for reuse. */
  LfhContainer: 2,
  /** A block with a reservation of its own. */
  VirtualAlloc: 3,
  /** The heap's or segment's own structures. */
  HeapStructure: 4,
  /** The entry before an uncommitted range that describes it. */
  UncommittedMarker: 5,
  Uncommitted: 6,
  /** A chunk of variable size in a segment heap. */
  VsChunk: 7,
  /** Whole pages of a segment heap. */
  PageRange: 8,
  /** Bytes no entry could be made out in. */
  Damaged: 9,
  /** Bytes whose inside is not known. */
  Opaque: 10,
  /** A block kept busy for the back end and free for the program. */
  LookAside: 11,
} as const
export type BlockKind = (typeof BlockKind)[keyof typeof BlockKind]
export const BLOCK_KIND_NAMES = [
  'back-end', 'lfh-slot', 'lfh-container', 'virtual-alloc', 'heap-structure', 'uncommitted-marker', 'uncommitted', 'vs-chunk', 'page-range', 'damaged', 'opaque', 'look-aside',
] as const

/**
 * How much of its heaps a snapshot's blocks are: `all` bytes of every segment, all `busy` blocks but not what lies between
 * them, `some` blocks somebody picked, or `none`. What cannot be summed from them is not available, never 0.
 */
export const BLOCK_COVERAGES = ['all', 'busy', 'some', 'none'] as const
export type BlockCoverage = (typeof BLOCK_COVERAGES)[number]

/** In a block's `birth`: no event made it, it is what the others left. */
export const NO_EVENT = 0xffffffff

export interface HeapRecord {
  readonly id: number
  readonly name: string
  /** Heap manager, for instance `first-fit` or `nt-heap`. */
  readonly flavour: string
  readonly base: Address
  /** Header plus trailer bytes inside every busy block's consumed size. */
  readonly headerBytes: Bytes
  /** Smallest distance of two block addresses. */
  readonly granularity: Bytes
  readonly confidence: Confidence
}

export interface SegmentRecord {
  readonly heap: number
  readonly base: Address
  readonly reservedBytes: Bytes
}

export interface BlockColumns {
  readonly address: Column
  readonly size: Column
  readonly requested: Column
  readonly state: Column
  readonly heap: Column
}

export class BlockTable {
  readonly [Symbol.toStringTag] = 'BlockTable'
  readonly address: Column
  /** Consumed bytes: header, payload, rounding. Blocks touch: address + size is the next block's address or the segment's end. */
  readonly size: Column
  /** Requested bytes of busy blocks; 0 for others; UNKNOWN_SIZE when the source does not tell. */
  readonly requested: Column
  /** BlockState. */
  readonly state: Column
  /** Index into Snapshot.heaps. */
  readonly heap: Column
  /** Event that made the block (event number as in Run), NO_EVENT for free and uncommitted blocks; absent when the source has no events. */
  birth: Column | undefined
  /** Index into Snapshot.siteNames, -1 unknown; absent when the source has no sites. */
  site: Column | undefined
  /** BlockKind; absent when the source knows no inside of heaps. */
  kind: Column | undefined
  /** Why the block lies where it does, numbers of placed-reasons.ts, 0 when nothing told it; absent when the source tells of none. */
  why: Column | undefined
  /** Index into CONFIDENCES; absent when every row is as sure as its heap. */
  confidence: Column | undefined

  /** Empty, to be filled row by row, or over columns that are already complete. */
  constructor(columns?: BlockColumns) {
    this.address = columns?.address ?? new Column('f64')
    this.size = columns?.size ?? sizeColumn()
    this.requested = columns?.requested ?? sizeColumn()
    this.state = columns?.state ?? new Column('u8')
    this.heap = columns?.heap ?? new Column('u8')
  }

  get length(): number {
    return this.address.length
  }
}

type OptionalFields = 'heapReports' | 'memory' | 'coverage' | 'heapStatements' | 'regionTotals' | 'regionsComplete'
type SnapshotFields = Omit<Snapshot, 'kind' | typeof Symbol.toStringTag | OptionalFields> & { [F in OptionalFields]?: Snapshot[F] | undefined }

export class Snapshot {
  readonly [Symbol.toStringTag] = 'Snapshot'
  readonly kind = 'snapshot'
  origin: Origin
  readonly pageBytes: Bytes
  /** Size of the user address space the free ranges are measured in, [lowest, highest). */
  readonly addressSpace: { readonly low: Address; readonly high: Address }
  readonly heaps: readonly HeapRecord[]
  readonly segments: readonly SegmentRecord[]
  readonly owners: readonly string[]
  readonly regions: RegionTable
  readonly blocks: BlockTable
  /** Event of a run this snapshot was cut at, or undefined. */
  readonly event: EventNumber | undefined
  readonly siteNames: readonly string[]
  /** One per heap of `heaps`, in the same order; [] when the source tells nothing of the kind. */
  readonly heapReports: readonly HeapReport[]
  readonly coverage: BlockCoverage
  /** What the source states of each heap of `heaps`, in the same order; [] when it states nothing. */
  readonly heapStatements: readonly HeapStatement[]
  readonly regionTotals: readonly RegionTotal[]
  /** False when the source lists only some regions: what lies between them need not be free. */
  readonly regionsComplete: boolean
  /** The bytes behind the blocks, as long as their source is open; never saved. */
  readonly memory: ProcessMemory | undefined

  constructor(fields: SnapshotFields) {
    this.origin = fields.origin
    this.pageBytes = fields.pageBytes
    this.addressSpace = fields.addressSpace
    this.heaps = fields.heaps
    this.segments = fields.segments
    this.owners = fields.owners
    this.regions = fields.regions
    this.blocks = fields.blocks
    this.event = fields.event
    this.siteNames = fields.siteNames
    this.heapReports = fields.heapReports ?? []
    this.memory = fields.memory
    this.coverage = fields.coverage ?? 'all'
    this.heapStatements = fields.heapStatements ?? []
    this.regionTotals = fields.regionTotals ?? []
    this.regionsComplete = fields.regionsComplete ?? true
  }
}
