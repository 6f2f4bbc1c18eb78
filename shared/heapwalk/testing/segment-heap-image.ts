import { mulberry32 } from '../../base/random'
import { PAGE_BYTES, type Address, type Bytes } from '../../base/units'
import { bucketBlockSize } from '../../model/lfh-buckets'
import { BlockKind, BlockState } from '../../model/snapshot'
import { type Layout, layoutOf } from '../layouts/choose-layout'
import type { Bits, BuildKey } from '../layouts/structure-table'
import { type Word64, word64, xor64 } from '../segment/word64'
import { ImageWriter } from '../materialise/image-writer'
import { SparseMemory } from './sparse-memory'

/** A block as the walk must give it back. */
export interface PlacedSlot {
  readonly address: Address
  readonly size: Bytes
  readonly state: BlockState
  readonly kind: BlockKind
  readonly requested: Bytes
}

export interface SegmentHeapImage {
  readonly layout: Layout
  readonly subLayout: Layout
  readonly memory: SparseMemory
  /** Bytes of each piece of memory, to be damaged in place. */
  readonly pieces: readonly { readonly address: Address; readonly bytes: Uint8Array }[]
  /** Blocks and slots in order of address, structures left out. */
  readonly placed: readonly PlacedSlot[]
  /** Where each sub-segment and page range lies, in order. */
  readonly ranges: readonly { readonly use: 'vs' | 'lfh' | 'pages'; readonly address: Address; readonly bytes: Bytes; readonly descriptor: Address }[]
  readonly segments: readonly Address[]
}

export interface SegmentHeapPlan {
  readonly bits: Bits
  readonly build: BuildKey
  readonly address: Address
  /** First address of the page segments, a multiple of 16 MB. */
  readonly segmentsAt: Address
  readonly seed: number
  readonly heapKey: Word64
  readonly lfhKey: number
}

const CONSTANT: Word64 = { low: 0xa2e64ead, high: 0xa2e64ead }
const DESCRIPTORS = 256
/** Owners of low-fragmentation sub-segments lie behind the heap's own structure. */
const OWNERS_AT = 0x2000
const HEAP_BYTES = 0x4000
const PAGES_OF_VS = 16
const UNITS_USED = 200

/**
 * A segment heap as memory: two page segments of the first context, one of the second where the build has one, all three
 * kinds of ranges in them in turn, and two large blocks. Sizes, states and unused bytes are drawn with the plan's seed.
 */
export function buildSegmentHeap(plan: SegmentHeapPlan): SegmentHeapImage {
  return new SegmentHeapBuilder(plan).build()
}

class SegmentHeapBuilder {
  readonly #plan: SegmentHeapPlan
  readonly #layout: Layout
  readonly #sub: Layout
  readonly #random: () => number
  readonly #placed: PlacedSlot[] = []
  readonly #ranges: SegmentHeapImage['ranges'][number][] = []
  readonly #pieces: { address: Address; bytes: Uint8Array; reservedBehind: Bytes }[] = []
  readonly #heap: ImageWriter
  readonly #word: number
  readonly #hasContexts: boolean

  constructor(plan: SegmentHeapPlan) {
    this.#plan = plan
    this.#layout = layoutOf(plan.bits, plan.build)
    this.#sub = this.#layout.has('HEAP_LFH_SUBSEGMENT') ? this.#layout : layoutOf(plan.bits, 'win11_21H2')
    this.#random = mulberry32(plan.seed)
    this.#word = plan.bits / 8
    this.#hasContexts = this.#layout.optionalOffset('SEGMENT_HEAP', 'SegContexts') !== undefined
    this.#heap = this.#piece(plan.address, HEAP_BYTES, 0)
  }

  build(): SegmentHeapImage {
    const { address, segmentsAt } = this.#plan
    const at = (member: string): Address => address + this.#layout.offset('SEGMENT_HEAP', member)
    this.#heap.u32(at('Signature'), 0xddeeddee)
    this.#heap.u32(at('GlobalFlags'), 2)
    this.#heap.word(at('ReservedLimit'), address + HEAP_BYTES)
    const first = [segmentsAt, segmentsAt + 0x300000]
    const second = this.#hasContexts ? [segmentsAt + 0x1000000] : []
    for (const segment of first) this.#segment(segment, 12)
    for (const segment of second) this.#segment(segment, 16)
    this.#largeBlocks(segmentsAt + 0x3000000)
    this.#linkSegments(first, second)
    const memory = new SparseMemory()
    for (const piece of this.#pieces) memory.add(piece.address, piece.bytes, piece.reservedBehind)
    this.#placed.sort((a, b) => a.address - b.address)
    return { layout: this.#layout, subLayout: this.#sub, memory, pieces: this.#pieces, placed: this.#placed, ranges: this.#ranges, segments: [...first, ...second] }
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit)
  }

  #piece(address: Address, length: Bytes, reservedBehind: Bytes): ImageWriter {
    const bytes = new Uint8Array(length)
    this.#pieces.push({ address, bytes, reservedBehind })
    return new ImageWriter(bytes, address, this.#plan.bits)
  }

  #context(index: number): Address {
    return this.#hasContexts ? this.#plan.address + this.#layout.offset('SEGMENT_HEAP', 'SegContexts') + index * this.#layout.size('HEAP_SEG_CONTEXT') : this.#plan.address
  }

  #linkSegments(first: readonly Address[], second: readonly Address[]): void {
    const structure = this.#hasContexts ? 'HEAP_SEG_CONTEXT' : 'SEGMENT_HEAP'
    const all = [first, second].slice(0, this.#hasContexts ? 2 : 1)
    all.forEach((segments, index) => {
      const context = this.#context(index)
      const at = (member: string): Address => context + this.#layout.offset(structure, member)
      this.#writeRing(at('SegmentListHead'), segments)
      this.#heap.word(at('SegmentCount'), segments.length)
      if (!this.#hasContexts) return
      this.#heap.u8(at('UnitShift'), index === 0 ? 12 : 16)
      this.#heap.u8(at('FirstDescriptorIndex'), index === 0 ? 2 : 1)
    })
  }

  /** Over several pieces of memory. */
  #writeRing(head: Address, nodes: readonly Address[]): void {
    const ring = [head, ...nodes]
    ring.forEach((node, i) => {
      const put = this.#writerAt(node)
      put.word(node, ring[(i + 1) % ring.length]!)
      put.word(node + this.#word, ring[(i + ring.length - 1) % ring.length]!)
    })
  }

  #writerAt(address: Address): ImageWriter {
    const piece = this.#pieces.find((candidate) => address >= candidate.address && address < candidate.address + candidate.bytes.length)!
    return new ImageWriter(piece.bytes, piece.address, this.#plan.bits)
  }

  #segment(address: Address, unitShift: 12 | 16): void {
    const unitBytes = 2 ** unitShift
    const firstUnit = unitShift === 12 ? 2 : 1
    const usedUnits = unitShift === 12 ? UNITS_USED : 12
    const put = this.#piece(address, usedUnits * unitBytes, (DESCRIPTORS - usedUnits) * unitBytes)
    const { low, high } = this.#signature(address, unitShift === 12 ? 0 : 1)
    const signatureAt = address + this.#layout.offset('HEAP_PAGE_SEGMENT', 'Signature')
    put.u32(signatureAt, low)
    if (this.#plan.bits === 64) put.u32(signatureAt + 4, high)
    let unit = firstUnit
    for (let turn = 0; unit + PAGES_OF_VS < usedUnits; turn++) {
      const use = unitShift === 16 ? 'pages' : (['vs', 'lfh', 'pages', 'free'] as const)[turn % 4]!
      const units = unitShift === 16 ? 1 + this.#below(3) : use === 'vs' ? PAGES_OF_VS : use === 'lfh' ? 2 + this.#below(3) : 1 + this.#below(4)
      this.#range(put, address, unit, units, unitBytes, use)
      unit += units
    }
    this.#range(put, address, unit, DESCRIPTORS - unit, unitBytes, 'free')
  }

  #signature(segment: Address, context: number): Word64 {
    const own = this.#hasContexts ? [word64(segment), word64(this.#context(context))] : [word64(Math.floor(segment / 0x100000)), word64(this.#plan.address)]
    return xor64(this.#plan.heapKey, ...own, ...(this.#plan.build === 'win11_24H2' ? [] : [CONSTANT]))
  }

  #range(put: ImageWriter, segment: Address, unit: number, units: number, unitBytes: Bytes, use: 'vs' | 'lfh' | 'pages' | 'free'): void {
    const size = this.#layout.size('HEAP_PAGE_RANGE_DESCRIPTOR')
    const flagsAt = this.#layout.offset('HEAP_PAGE_RANGE_DESCRIPTOR', 'RangeFlags')
    const unitsAt = this.#layout.optionalOffset('HEAP_PAGE_RANGE_DESCRIPTOR', 'UnitSize') ?? this.#layout.offset('HEAP_PAGE_RANGE_DESCRIPTOR', 'Key') + 1
    const flags = this.#hasContexts ? { vs: 15, lfh: 11, pages: 3, free: 2 }[use] : { vs: 0x2e, lfh: 0xf, pages: 0xe, free: 8 }[use]
    const first = this.#hasContexts ? 2 : 8
    const descriptor = segment + unit * size
    const address = segment + unit * unitBytes
    for (let i = 0; i < units; i++) {
      put.u8(descriptor + i * size + flagsAt, i === 0 ? flags : flags & ~first)
      put.u8(descriptor + i * size + unitsAt, i === 0 ? units : i)
    }
    const bytes = units * unitBytes
    if (use === 'free') {
      this.#put(address, bytes, BlockState.Free, BlockKind.PageRange, 0)
      return
    }
    this.#ranges.push({ use, address, bytes, descriptor })
    if (use === 'pages') {
      const unused = this.#below(PAGE_BYTES)
      put.u32(descriptor + 4, unused)
      this.#put(address, bytes, BlockState.Busy, BlockKind.PageRange, bytes - unused)
    } else if (use === 'vs') this.#vs(put, address, bytes)
    else this.#lfh(put, address, bytes)
  }

  #vs(put: ImageWriter, address: Address, bytes: Bytes): void {
    const wide = this.#plan.bits === 64
    const unit = wide ? 16 : 8
    const header = wide ? 0x30 : 0x18
    const total = (bytes - header) / unit
    put.u16(address + this.#sub.offset('HEAP_VS_SUBSEGMENT', 'Size'), total)
    put.u16(address + this.#sub.offset('HEAP_VS_SUBSEGMENT', 'Signature'), ((total ^ 0x2bed) & 0x7fff) | 0x8000)
    let at = address + header
    let previous = 0
    for (let left = total; left > 0; ) {
      const drawn = 2 + this.#below(40)
      const units = left - drawn < 2 ? left : drawn
      this.#chunk(put, at, units, previous, this.#below(3) > 0)
      previous = units
      left -= units
      at += units * unit
    }
  }

  #chunk(put: ImageWriter, at: Address, units: number, previous: number, isBusy: boolean): void {
    const wide = this.#plan.bits === 64
    const { heapKey } = this.#plan
    const unit = wide ? 16 : 8
    const cost = this.#below(2)
    const low = wide ? cost | (units << 16) : cost | (units << 1) | (previous << 16) | (isBusy ? 0x80000000 : 0)
    const high = wide ? previous | (isBusy ? 0x10000 : 0) : 0
    put.u32(at, (low ^ at ^ heapKey.low) >>> 0)
    if (wide) put.u32(at + 4, (high ^ Math.floor(at / 0x100000000) ^ heapKey.high) >>> 0)
    const size = units * unit
    const unused = isBusy && size - unit > 16 ? this.#below(12) : 0
    if (unused > 0) {
      put.u32(at + (wide ? 8 : 4), 0x100 | this.#below(256))
      put.u16(at + size - 2, unused === 1 ? 0x8000 : unused)
    }
    this.#put(at, size, isBusy ? BlockState.Busy : BlockState.Free, BlockKind.VsChunk, isBusy ? size - unit - unused : 0)
  }

  #lfh(put: ImageWriter, address: Address, bytes: Bytes): void {
    const { bits, lfhKey, build } = this.#plan
    const at = (member: string): Address => address + this.#sub.offset('HEAP_LFH_SUBSEGMENT', member)
    const bucket = 1 + this.#below(40)
    const blockSize = bucketBlockSize(bucket, bits)
    const bitmapAt = this.#sub.offset('HEAP_LFH_SUBSEGMENT', 'BlockBitmap')
    const bitmapBytes = (blocks: number): number => this.#word * Math.ceil((2 * blocks) / bits)
    const firstFor = (blocks: number): Bytes => Math.ceil((bitmapAt + bitmapBytes(blocks)) / 16) * 16
    let count = Math.min(1000, Math.floor((bytes - 0x50) / blockSize))
    while (firstFor(count) + count * blockSize > bytes) count--
    const first = firstFor(count)
    const owner = this.#plan.address + OWNERS_AT + bucket * 64
    this.#heap.u8(owner + this.#sub.offset('HEAP_LFH_SUBSEGMENT_OWNER', 'BucketIndex'), bucket)
    const bitmap = new Uint8Array(bitmapBytes(count))
    let free = 0
    for (let i = 0; i < count; i++) {
      const block = address + first + i * blockSize
      const isBusy = this.#below(4) > 0
      const hasHalves = build === 'win11_24H2'
      const unused = isBusy && !hasHalves && blockSize > 8 ? this.#below(6) : 0
      if (!isBusy) free++
      if (hasHalves) bitmap[(i >> 5) * 8 + ((i & 31) >> 3)]! |= isBusy ? 1 << (i & 7) : 0
      else bitmap[i >> 2]! |= ((isBusy ? 1 : 0) | (unused > 0 ? 2 : 0)) << ((i & 3) * 2)
      if (unused > 0) put.u16(block + blockSize - 2, unused === 1 ? 0x8000 : unused)
      this.#put(block, blockSize, isBusy ? BlockState.Busy : BlockState.Cached, BlockKind.LfhSlot, isBusy ? (hasHalves ? NaN : blockSize - unused) : 0)
    }
    bitmap.forEach((byte, i) => put.u8(address + bitmapAt + i, byte))
    put.word(at('Owner'), owner)
    put.u16(at('FreeCount'), free)
    put.u16(at('BlockCount'), count)
    const shifted = Math.floor(address / 0x1000) % 0x100000000
    put.u32(at('BlockOffsets'), ((blockSize | (first << 16)) ^ lfhKey ^ shifted) >>> 0)
  }

  /** A root and one child, whose records lie behind the owners. */
  #largeBlocks(from: Address): void {
    const { bits, address } = this.#plan
    const root = address + OWNERS_AT + 0x1800
    const nodes = [root, root + 64]
    const blocks = nodes.map((_, i) => ({ address: from + i * 0x400000, pages: 130 + this.#below(100), unused: this.#below(PAGE_BYTES) }))
    nodes.forEach((node, i) => {
      const block = blocks[i]!
      this.#heap.word(node + this.#layout.offset('HEAP_LARGE_ALLOC_DATA', 'VirtualAddress'), block.address + block.unused)
      this.#heap.word(node + this.#layout.offset('HEAP_LARGE_ALLOC_DATA', 'AllocatedPages'), block.pages * PAGE_BYTES)
      this.#piece(block.address, block.pages * PAGE_BYTES, PAGE_BYTES)
      this.#put(block.address, block.pages * PAGE_BYTES, BlockState.Busy, BlockKind.VirtualAlloc, block.pages * PAGE_BYTES - block.unused)
    })
    this.#heap.word(root + bits / 8, nodes[1]!)
    const tree = address + this.#layout.offset('SEGMENT_HEAP', 'LargeAllocMetadata')
    this.#heap.word(address + this.#layout.offset('SEGMENT_HEAP', 'LargeCommittedPages'), blocks.reduce((sum, { pages }) => sum + pages, 0))
    const isEncoded = this.#below(2) === 1
    this.#heap.u32(tree, isEncoded ? (root ^ tree) >>> 0 : root % 0x100000000)
    if (bits === 64) this.#heap.u32(tree + 4, isEncoded ? (Math.floor(root / 0x100000000) ^ Math.floor(tree / 0x100000000)) >>> 0 : Math.floor(root / 0x100000000))
    this.#heap.u32(tree + bits / 8, isEncoded ? 1 : 0)
  }

  #put(address: Address, size: Bytes, state: BlockState, kind: BlockKind, requested: Bytes): void {
    this.#placed.push({ address, size, state, kind, requested })
  }
}
