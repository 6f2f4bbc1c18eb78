import { PAGE_BYTES, type Address, type Bytes } from '../../base/units'
import { BlockKind, BlockState } from '../../model/snapshot'
import { type Layout, layoutOf } from '../layouts/choose-layout'
import { firstUnitOf } from '../segment/segment-heap'
import { type Word64, word64, xor64 } from '../segment/word64'
import { ImageWriter } from './image-writer'
import type { LaidBlock } from './laid-block'
import { type PageSegmentPlan, type RangePlan, type SegmentHeapPlan, STRUCTURE_BYTES } from './segment-heap-plan'
import { chunkRangeBytes, writeChunks, writeSlots } from './segment-sub-segments'

export interface SegmentHeapImage {
  readonly layout: Layout
  /** Structures of the sub-segments: those of the last build that has them when the heap's own has none. */
  readonly subLayout: Layout
  /** Committed runs, and how many reserved bytes follow each. */
  readonly memory: readonly { readonly address: Address; readonly bytes: Uint8Array; readonly reservedBehind: Bytes }[]
  /** Blocks, slots, free chunks and free ranges, in the order they were laid, structures left out; NaN: a size the bytes cannot tell. */
  readonly laid: readonly LaidBlock[]
  /** Where each range that is not free lies and its first descriptor, in order. */
  readonly ranges: readonly { readonly use: RangePlan['use']; readonly address: Address; readonly bytes: Bytes; readonly descriptor: Address }[]
}

const SIGNATURE = 0xddeeddee
const GROWABLE = 2
const CONSTANT: Word64 = { low: 0xa2e64ead, high: 0xa2e64ead }
const DESCRIPTORS = 256
/** Owners of the buckets' sub-segments lie behind the heap's own structure: our place for them, 64 bytes each. */
const OWNERS_AT = 0x2000
const OWNER_BYTES = 64
/** One record of a large block. */
export const METADATA_NODE_BYTES = 64

/**
 * The bytes of a Segment Heap as Windows lays it out: structure with contexts and counters, segments with their
 * descriptors, sub-segments of chunks and of slots, records of large blocks, all encoded with the keys of the plan.
 * Not written: the trees of free ranges and chunks, locks, and lists nobody needs to find the blocks.
 */
export function materialiseSegmentHeap(plan: SegmentHeapPlan): SegmentHeapImage {
  return new SegmentHeapMaterialiser(plan).make()
}

class SegmentHeapMaterialiser {
  readonly #plan: SegmentHeapPlan
  readonly #layout: Layout
  readonly #sub: Layout
  readonly #hasContexts: boolean
  readonly #heap: ImageWriter
  readonly #memory: SegmentHeapImage['memory'][number][] = []
  readonly #laid: LaidBlock[] = []
  readonly #ranges: SegmentHeapImage['ranges'][number][] = []
  readonly #writers = new Map<Address, ImageWriter>()

  constructor(plan: SegmentHeapPlan) {
    this.#plan = plan
    this.#layout = layoutOf(plan.bits, plan.build)
    this.#sub = this.#layout.has('HEAP_LFH_SUBSEGMENT') ? this.#layout : layoutOf(plan.bits, 'win11_21H2')
    this.#hasContexts = this.#layout.optionalOffset('SEGMENT_HEAP', 'SegContexts') !== undefined
    const bytes = new Uint8Array(STRUCTURE_BYTES)
    this.#memory.push({ address: plan.address, bytes, reservedBehind: plan.reservedBehind })
    this.#heap = new ImageWriter(bytes, plan.address, plan.bits, plan.marks)
  }

  make(): SegmentHeapImage {
    const { segments } = this.#plan
    for (const segment of segments) this.#segment(segment)
    this.#linkSegments(segments)
    this.#largeBlocks()
    this.#header()
    return { layout: this.#layout, subLayout: this.#sub, memory: this.#memory, laid: this.#laid, ranges: this.#ranges }
  }

  #at(member: string): Address {
    return this.#plan.address + this.#layout.offset('SEGMENT_HEAP', member)
  }

  #context(index: number): Address {
    return this.#hasContexts ? this.#at('SegContexts') + index * this.#layout.size('HEAP_SEG_CONTEXT') : this.#plan.address
  }

  #segment(segment: PageSegmentPlan): void {
    const { address, unitShift, pages } = segment
    const unitBytes = 2 ** unitShift
    const bytes = new Uint8Array((pages.lastIndexOf(1) + 1) * PAGE_BYTES)
    const put = new ImageWriter(bytes, address, this.#plan.bits, this.#plan.marks)
    this.#writers.set(address, put)
    this.#addRuns(segment, bytes)
    const { low, high } = this.#signature(address, unitShift === 12 ? 0 : 1)
    const signatureAt = address + this.#layout.offset('HEAP_PAGE_SEGMENT', 'Signature')
    put.u32(signatureAt, low)
    if (this.#plan.bits === 64) put.u32(signatureAt + 4, high)
    let unit = firstUnitOf(this.#layout, unitBytes)
    for (const range of segment.ranges) {
      this.#descriptors(put, segment, unit, range)
      this.#range(put, segment, address + unit * unitBytes, unitBytes, range)
      unit += range.units
    }
  }

  #addRuns({ address, unitShift, pages }: PageSegmentPlan, bytes: Uint8Array): void {
    const past = (DESCRIPTORS * 2 ** unitShift) / PAGE_BYTES
    for (let page = 0; page < past; ) {
      const from = page
      while (page < past && pages[page] === 1) page++
      const to = page
      while (page < past && pages[page] !== 1) page++
      this.#memory.push({ address: address + from * PAGE_BYTES, bytes: bytes.subarray(from * PAGE_BYTES, to * PAGE_BYTES), reservedBehind: (page - to) * PAGE_BYTES })
    }
  }

  #signature(segment: Address, context: number): Word64 {
    const own = this.#hasContexts ? [word64(segment), word64(this.#context(context))] : [word64(Math.floor(segment / 0x100000)), word64(this.#plan.address)]
    return xor64(this.#plan.heapKey, ...own, ...(this.#plan.build === 'win11_24H2' ? [] : [CONSTANT]))
  }

  #descriptors(put: ImageWriter, { address, unitShift, pages }: PageSegmentPlan, unit: number, range: RangePlan): void {
    const layout = this.#layout
    const size = layout.size('HEAP_PAGE_RANGE_DESCRIPTOR')
    const flagsAt = layout.offset('HEAP_PAGE_RANGE_DESCRIPTOR', 'RangeFlags')
    const unitsAt = layout.offset('HEAP_PAGE_RANGE_DESCRIPTOR', 'UnitSize')
    const committedAt = layout.optionalOffset('HEAP_PAGE_RANGE_DESCRIPTOR', 'CommittedPageCount')
    const pagesPerUnit = 2 ** unitShift / PAGE_BYTES
    const flags = this.#hasContexts ? { vs: 15, lfh: 11, pages: 3, free: 2 }[range.use] : { vs: 0x2e, lfh: 0xf, pages: 0xe, free: 8 }[range.use]
    const isFirst = this.#hasContexts ? 2 : 8
    for (let i = 0; i < range.units; i++) {
      const descriptor = address + (unit + i) * size
      const from = (unit + i) * pagesPerUnit
      put.u8(descriptor + flagsAt, i === 0 ? flags : flags & ~isFirst)
      put.u8(descriptor + unitsAt, i === 0 ? range.units : i)
      if (committedAt !== undefined) put.u8(descriptor + committedAt, pages.subarray(from, from + pagesPerUnit).reduce((sum, page) => sum + page, 0))
    }
  }

  #range(put: ImageWriter, segment: PageSegmentPlan, address: Address, unitBytes: Bytes, range: RangePlan): void {
    const bytes = range.units * unitBytes
    if (range.use === 'free') {
      this.#lay({ address, size: bytes, state: BlockState.Free, kind: BlockKind.PageRange, requested: 0 })
      return
    }
    const descriptor = segment.address + ((address - segment.address) / unitBytes) * this.#layout.size('HEAP_PAGE_RANGE_DESCRIPTOR')
    this.#ranges.push({ use: range.use, address, bytes, descriptor })
    if (range.use === 'pages') {
      const unusedAt = descriptor + this.#layout.offset('HEAP_PAGE_RANGE_DESCRIPTOR', 'UnusedBytes')
      if (this.#hasContexts) put.u32(unusedAt, bytes - range.requested)
      else put.u16(unusedAt, bytes - range.requested)
      this.#lay({ address, size: bytes, state: BlockState.Busy, kind: BlockKind.PageRange, requested: range.requested })
      return
    }
    const pens = { put, layout: this.#sub, build: this.#plan.build, heapKey: this.#plan.heapKey, lfhKey: this.#plan.lfhKey }
    const firstPage = (address - segment.address) / PAGE_BYTES
    const laid = range.use === 'vs' ? writeChunks(pens, address, range, segment.pages.subarray(firstPage, firstPage + chunkRangeBytes(range) / PAGE_BYTES)) : writeSlots(pens, address, range, this.#owner(range.bucket))
    for (const block of laid) this.#lay(block)
  }

  #lay(block: LaidBlock): void {
    this.#laid.push(block)
  }

  /** Owner of a bucket's sub-segments; marks the bucket active. */
  #owner(bucket: number): Address {
    const owner = this.#plan.address + OWNERS_AT + (bucket - 1) * OWNER_BYTES
    this.#heap.u8(owner + this.#sub.offset('HEAP_LFH_SUBSEGMENT_OWNER', 'BucketIndex'), bucket)
    this.#bucketPointer(bucket, owner)
    return owner
  }

  /** The bucket's entry in the table of buckets, where the build's table has room for it. */
  #bucketPointer(bucket: number, value: number): void {
    const layout = this.#layout
    if (!layout.has('HEAP_LFH_CONTEXT')) return
    const first = layout.offset('HEAP_LFH_CONTEXT', 'Buckets')
    const end = layout.optionalOffset('HEAP_LFH_CONTEXT', 'SlotMaps') ?? layout.size('HEAP_LFH_CONTEXT')
    const at = first + bucket * (layout.bits / 8)
    if (at < end) this.#heap.word(this.#at('LfhContext') + at, value)
  }

  #linkSegments(segments: readonly PageSegmentPlan[]): void {
    const structure = this.#hasContexts ? 'HEAP_SEG_CONTEXT' : 'SEGMENT_HEAP'
    const shifts = this.#hasContexts ? ([12, 16] as const) : ([12] as const)
    shifts.forEach((unitShift, index) => {
      const context = this.#context(index)
      const at = (member: string): Address => context + this.#layout.offset(structure, member)
      const nodes = segments.filter((segment) => segment.unitShift === unitShift).map(({ address }) => address)
      this.#ring(at('SegmentListHead'), nodes)
      this.#heap.word(at('SegmentCount'), nodes.length)
      if (!this.#hasContexts) return
      this.#heap.u32(at('SegmentMask'), 2 ** 32 - DESCRIPTORS * 2 ** unitShift)
      if (this.#plan.bits === 64) this.#heap.u32(at('SegmentMask') + 4, 0xffffffff)
      this.#heap.u8(at('UnitShift'), unitShift)
      this.#heap.u8(at('PagesPerUnitShift'), unitShift - 12)
      this.#heap.u8(at('FirstDescriptorIndex'), firstUnitOf(this.#layout, 2 ** unitShift))
      this.#heap.word(at('MaxAllocationSize'), this.#plan.largestOfContext[index] ?? 0)
    })
  }

  /** A circular list over several pieces of memory. */
  #ring(head: Address, nodes: readonly Address[]): void {
    const ring = [head, ...nodes]
    ring.forEach((node, i) => {
      const put = this.#writers.get(node) ?? this.#heap
      put.word(node, ring[(i + 1) % ring.length]!)
      put.word(node + this.#plan.bits / 8, ring[(i + ring.length - 1) % ring.length]!)
    })
  }

  #header(): void {
    const { address, segments, large, usage } = this.#plan
    const heap = this.#heap
    heap.u32(this.#at('Signature'), SIGNATURE)
    heap.u32(this.#at('GlobalFlags'), GROWABLE)
    heap.word(this.#at('ReservedLimit'), address + STRUCTURE_BYTES)
    heap.word(this.#at('LargeCommittedPages'), large.reduce((sum, { bytes }) => sum + bytes / PAGE_BYTES, 0))
    heap.word(this.#at('LargeReservedPages'), large.reduce((sum, { bytes, reservedBehind }) => sum + (bytes + reservedBehind) / PAGE_BYTES, 0))
    const statistics = this.#hasContexts ? this.#at('MemStats') : address
    const structure = this.#hasContexts ? 'HEAP_RUNTIME_MEMORY_STATS' : 'SEGMENT_HEAP'
    const put = (member: string, pages: number): void => heap.word(statistics + this.#layout.offset(structure, member), pages)
    put('TotalReservedPages', segments.reduce((sum, { unitShift }) => sum + (DESCRIPTORS * 2 ** unitShift) / PAGE_BYTES, 0))
    put('TotalCommittedPages', segments.reduce((sum, { pages }) => sum + committedIn(pages), 0))
    put('FreeCommittedPages', segments.reduce((sum, segment) => sum + freeCommittedIn(segment, firstUnitOf(this.#layout, 2 ** segment.unitShift)), 0))
    for (const { bucket, living, requests } of usage) this.#bucketPointer(bucket, 1 + (((living & 31) | (Math.min(requests, 2047) << 5)) & 0xffff) * 0x10000)
  }

  /** A balanced tree of the large blocks' records, by address. */
  #largeBlocks(): void {
    const { bits, large, metadataAt, encodesRoot } = this.#plan
    const tree = this.#at('LargeAllocMetadata')
    if (large.length === 0) return
    const sorted = [...large].sort((a, b) => a.address - b.address)
    const bytes = new Uint8Array(Math.ceil((sorted.length * METADATA_NODE_BYTES) / PAGE_BYTES) * PAGE_BYTES)
    const put = new ImageWriter(bytes, metadataAt, bits, this.#plan.marks)
    this.#memory.push({ address: metadataAt, bytes, reservedBehind: 0 })
    const nodeOf = (index: number): Address => metadataAt + index * METADATA_NODE_BYTES
    const link = (from: number, to: number): Address => {
      if (from >= to) return 0
      const middle = (from + to) >> 1
      put.word(nodeOf(middle), link(from, middle))
      put.word(nodeOf(middle) + bits / 8, link(middle + 1, to))
      return nodeOf(middle)
    }
    const root = link(0, sorted.length)
    sorted.forEach((block, i) => {
      put.word(nodeOf(i) + this.#layout.offset('HEAP_LARGE_ALLOC_DATA', 'VirtualAddress'), block.address + block.bytes - block.requested)
      put.word(nodeOf(i) + this.#layout.offset('HEAP_LARGE_ALLOC_DATA', 'AllocatedPages'), block.bytes)
      if (this.#plan.marks === undefined) this.#memory.push({ address: block.address, bytes: new Uint8Array(block.bytes), reservedBehind: block.reservedBehind })
      this.#lay({ address: block.address, size: block.bytes, state: BlockState.Busy, kind: BlockKind.VirtualAlloc, requested: block.requested })
    })
    const mask = encodesRoot ? word64(tree) : word64(0)
    const stored = xor64(word64(root), mask)
    this.#heap.u32(tree, stored.low)
    if (bits === 64) this.#heap.u32(tree + 4, stored.high)
    this.#heap.u32(tree + bits / 8, encodesRoot ? 1 : 0)
  }
}

const committedIn = (pages: Uint8Array): number => pages.reduce((sum, page) => sum + page, 0)

function freeCommittedIn({ ranges, pages, unitShift }: PageSegmentPlan, firstUnit: number): number {
  const pagesPerUnit = 2 ** unitShift / PAGE_BYTES
  let unit = firstUnit
  let sum = 0
  for (const { use, units } of ranges) {
    if (use === 'free') sum += committedIn(pages.subarray(unit * pagesPerUnit, (unit + units) * pagesPerUnit))
    unit += units
  }
  return sum
}
