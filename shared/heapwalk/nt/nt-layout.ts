import type { Layout } from '../layouts/choose-layout'
import type { Bits } from '../layouts/structure-table'

/** Offsets the walk of an NT heap needs, as numbers; the same for every heap of a build and bitness. */
export interface NtLayout {
  readonly layout: Layout
  readonly bits: Bits
  /** Bytes of a pointer. */
  readonly word: 4 | 8
  /** Granule of blocks and bytes of an entry. */
  readonly unit: 8 | 16
  /** Place of the 8 header bytes inside an entry: on x64 the first 8 bytes belong to the block before. */
  readonly header: 0 | 8
  readonly heapSize: number
  readonly heap: Readonly<Record<HeapMember, number>>
  readonly segmentSize: number
  readonly segment: Readonly<Record<SegmentMember, number>>
  readonly counters: Readonly<Record<CounterMember, number>>
  readonly virtualAllocSize: number
  readonly virtualAlloc: Readonly<Record<'CommitSize' | 'ReserveSize' | 'BusyBlock', number>>
  readonly ucr: Readonly<Record<'SegmentEntry' | 'Address' | 'Size', number>>
}

const HEAP_MEMBERS = [
  'Flags', 'EncodeFlagMask', 'Encoding', 'Signature', 'TotalFreeSize', 'HeaderValidateLength', 'UCRList', 'VirtualAllocdBlocks', 'SegmentList', 'BlocksIndex',
  'FreeLists', 'FrontEndHeap', 'FrontEndHeapType', 'Counters', 'LockVariable',
] as const
const SEGMENT_MEMBERS = ['SegmentSignature', 'SegmentListEntry', 'Heap', 'BaseAddress', 'NumberOfPages', 'FirstEntry', 'LastValidEntry', 'NumberOfUnCommittedPages', 'NumberOfUnCommittedRanges', 'UCRSegmentList'] as const
const COUNTER_MEMBERS = ['TotalMemoryReserved', 'TotalMemoryCommitted', 'TotalSizeInVirtualBlocks', 'TotalSegments', 'TotalUCRs'] as const
type HeapMember = (typeof HEAP_MEMBERS)[number]
type SegmentMember = (typeof SEGMENT_MEMBERS)[number]
type CounterMember = (typeof COUNTER_MEMBERS)[number]

const cache = new Map<Layout, NtLayout>()

export function ntLayoutOf(layout: Layout): NtLayout {
  const known = cache.get(layout)
  if (known !== undefined) return known
  const wide = layout.bits === 64
  const made: NtLayout = {
    layout,
    bits: layout.bits,
    word: wide ? 8 : 4,
    unit: wide ? 16 : 8,
    header: wide ? 8 : 0,
    heapSize: layout.size('HEAP'),
    heap: members(layout, 'HEAP', HEAP_MEMBERS),
    segmentSize: layout.size('HEAP_SEGMENT'),
    segment: members(layout, 'HEAP_SEGMENT', SEGMENT_MEMBERS),
    counters: members(layout, 'HEAP_COUNTERS', COUNTER_MEMBERS),
    virtualAllocSize: layout.size('HEAP_VIRTUAL_ALLOC_ENTRY'),
    virtualAlloc: members(layout, 'HEAP_VIRTUAL_ALLOC_ENTRY', ['CommitSize', 'ReserveSize', 'BusyBlock'] as const),
    ucr: members(layout, 'HEAP_UCR_DESCRIPTOR', ['SegmentEntry', 'Address', 'Size'] as const),
  }
  cache.set(layout, made)
  return made
}

function members<M extends string>(layout: Layout, structure: string, names: readonly M[]): Record<M, number> {
  return Object.fromEntries(names.map((name) => [name, layout.offset(structure, name)])) as Record<M, number>
}
