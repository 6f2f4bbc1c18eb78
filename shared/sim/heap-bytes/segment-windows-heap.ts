import { NONE, PAGE_BYTES, RESERVATION_BYTES, roundUp, type Address, type Bytes } from '../../base/units'
import type { BuildKey } from '../../heapwalk/layouts/structure-table'
import type { ImageMarks } from '../../heapwalk/materialise/image-marks'
import { METADATA_NODE_BYTES } from '../../heapwalk/materialise/segment-heap-image'
import { STRUCTURE_BYTES } from '../../heapwalk/materialise/segment-heap-plan'
import { BlockKind, BlockState } from '../../model/snapshot'
import { SlotState } from '../heaps/block-slots'
import type { PageSegments } from '../heaps/segment-heap/page-segments'
import type { SegmentHeap } from '../heaps/segment-heap/segment-heap'
import { RangeUse } from '../heaps/segment-heap/segment-rules'
import type { HeapMemory } from '../vm/heap-memory'
import type { HeapPart, HeapPiece } from './heap-parts'
import { segmentHeapBytes } from './segment-heap-bytes'
import type { FrontEnd, HeapImage, HeapKeys, WindowsHeap } from './windows-heap'

/** Address space for the records of large blocks: 16,384 of them. In Windows they lie in a heap of their own. */
const METADATA_RESERVE: Bytes = 0x100000
const LOW_FRAGMENTATION = 2

/** A Segment Heap in a simulated process. */
export class SegmentWindowsHeap implements WindowsHeap {
  readonly heap: SegmentHeap
  readonly build: BuildKey | undefined
  readonly flavour = 'segment-heap'
  readonly #seed: number
  readonly #isMade: boolean
  readonly #requested: (block: number) => Bytes
  #metadataAt: Address = NONE
  #metadataBytes: Bytes = 0

  /** `requestedOf` tells the bytes asked for by block number. */
  constructor(heap: SegmentHeap, build: BuildKey | undefined, keys: HeapKeys, isMade: boolean, requestedOf: (block: number) => Bytes) {
    this.heap = heap
    this.build = build
    this.#seed = keys.processSeed
    this.#isMade = isMade
    this.#requested = requestedOf
  }

  get frontEnd(): FrontEnd {
    return this.heap.rules.lfh ? LOW_FRAGMENTATION : 0
  }

  isMade(): boolean {
    return this.#isMade
  }

  /** Chunks begin with their header, slots and pages with the data. */
  dataOf(block: number): Address {
    const { address, linkC } = this.heap.blocks
    return address[block]! + (linkC[block]! > 0 ? this.heap.rules.bits / 4 : 0)
  }

  requestedOf(block: number): Bytes {
    return this.#requested(block)
  }

  resizeInPlace(block: number, bytes: Bytes): boolean {
    return this.heap.resizeInPlace(block, bytes)
  }

  keepRecords(memory: HeapMemory): boolean {
    let count = 0
    this.heap.walkLarge(() => count++)
    const needed = roundUp(count * METADATA_NODE_BYTES, PAGE_BYTES)
    if (needed <= this.#metadataBytes) return true
    if (needed > METADATA_RESERVE) return false
    if (this.#metadataAt === NONE) this.#metadataAt = memory.reserve(METADATA_RESERVE)
    if (this.#metadataAt === NONE || !memory.commit(this.#metadataAt, needed)) return false
    this.#metadataBytes = needed
    return true
  }

  enableFrontEnd(): boolean {
    return this.frontEnd === LOW_FRAGMENTATION
  }

  /** What the heap keeps of committed free pages follows its own rule; nothing is told of this call's effect on it. */
  optimise(): void {}

  image(marks: ImageMarks): HeapImage | undefined {
    if (this.build === undefined) return undefined
    const place = this.#metadataAt === NONE ? {} : { metadataAt: this.#metadataAt }
    return segmentHeapBytes(this.heap, this.#requested, { build: this.build, moveBytes: 0, seed: this.#seed, marks, ...place })
  }

  parts(): HeapPart[] {
    const { base, narrow, wide, blocks } = this.heap
    const structure = [piece(base, STRUCTURE_BYTES, BlockState.Internal, BlockKind.HeapStructure), piece(base + STRUCTURE_BYTES, RESERVATION_BYTES - STRUCTURE_BYTES, BlockState.Uncommitted, BlockKind.Uncommitted)]
    const parts: HeapPart[] = [{ base, bytes: RESERVATION_BYTES, isHidden: true, pieces: structure }]
    const inside = new SegmentParts(this.heap)
    for (const segments of [narrow, wide]) {
      segments.bases.forEach((at, segment) => {
        if (at !== NONE) parts.push({ base: at, bytes: segments.segmentBytes, isHidden: false, pieces: inside.ofSegment(segments, segment) })
      })
    }
    this.heap.walkLarge((block) => {
      const [address, bytes] = [blocks.address[block]!, blocks.size[block]!]
      parts.push({ base: address, bytes, isHidden: false, pieces: [{ address, bytes, state: BlockState.Busy, kind: BlockKind.VirtualAlloc, headerBytes: 0, block }] })
    })
    if (this.#metadataAt !== NONE) parts.push(this.#metadataPart())
    return parts
  }

  #metadataPart(): HeapPart {
    const at = this.#metadataAt
    const bytes = this.#metadataBytes
    const rest = piece(at + bytes, METADATA_RESERVE - bytes, BlockState.Uncommitted, BlockKind.Uncommitted)
    return { base: at, bytes: METADATA_RESERVE, isHidden: true, pieces: bytes === 0 ? [rest] : [piece(at, bytes, BlockState.Internal, BlockKind.Opaque), ...(rest.bytes > 0 ? [rest] : [])] }
  }
}

const piece = (address: Address, bytes: Bytes, state: BlockState, kind: BlockKind): HeapPiece => ({ address, bytes, state, kind, headerBytes: 0, block: 0 })

/** Pieces of the segments, by what their page ranges are used for. */
class SegmentParts {
  readonly #heap: SegmentHeap
  readonly #chunks: ReadonlyMap<number, SegmentHeap['chunks']['subSegments'][number]>
  readonly #slots: ReadonlyMap<number, SegmentHeap['slots']['subSegments'][number]>
  readonly #pages = new Map<Address, number>()
  /** Of the segment at work. */
  #base: Address = 0
  #committed: Uint8Array = new Uint8Array(0)
  #pieces: HeapPiece[] = []

  constructor(heap: SegmentHeap) {
    this.#heap = heap
    this.#chunks = new Map(heap.chunks.subSegments.flatMap((sub) => (sub === undefined ? [] : [[sub.range, sub]])))
    this.#slots = new Map(heap.slots.subSegments.flatMap((sub) => (sub === undefined ? [] : [[sub.range, sub]])))
    heap.walkPages((block) => this.#pages.set(heap.blocks.address[block]!, block))
  }

  ofSegment(segments: PageSegments, segment: number): HeapPiece[] {
    this.#base = segments.bases[segment]!
    this.#committed = segments.pagesOf(segment * 256)
    this.#pieces = []
    this.#split(this.#base, segments.firstUnit * segments.unitBytes, BlockState.Internal, BlockKind.HeapStructure)
    segments.walkSegment(segment, (range, units, use) => {
      const [address, bytes] = [segments.addressOf(range), units * segments.unitBytes]
      const isNarrow = segments === this.#heap.narrow
      if (use === RangeUse.Free) this.#split(address, bytes, BlockState.Free, BlockKind.PageRange)
      else if (use === RangeUse.Pages) this.#busy(address, bytes, BlockKind.PageRange, this.#pages.get(address)!, 0)
      else if (isNarrow && use === RangeUse.Vs) this.#chunkRange(range, address + bytes)
      else this.#slotRange(range, address + bytes)
    })
    return this.#pieces
  }

  #chunkRange(range: number, end: Address): void {
    const sub = this.#chunks.get(range)!
    const { address, size, state, after } = this.#heap.blocks
    const headerBytes = this.#heap.rules.bits / 4
    this.#split(sub.address, address[sub.first]! - sub.address, BlockState.Internal, BlockKind.VsChunk)
    let at = sub.address
    for (let chunk = sub.first; chunk !== 0; chunk = after[chunk]!) {
      if (state[chunk] === SlotState.Busy) this.#busy(address[chunk]!, size[chunk]!, BlockKind.VsChunk, chunk, headerBytes)
      else this.#split(address[chunk]!, size[chunk]!, BlockState.Free, BlockKind.VsChunk, headerBytes)
      at = address[chunk]! + size[chunk]!
    }
    this.#split(at, end - at, BlockState.Internal, BlockKind.Opaque)
  }

  #slotRange(range: number, end: Address): void {
    const sub = this.#slots.get(range)!
    this.#split(sub.address, sub.firstOffset, BlockState.Internal, BlockKind.LfhContainer)
    let at = sub.address + sub.firstOffset
    sub.blocks.forEach((block, place) => {
      if (sub.isBusy(place)) this.#busy(at, sub.slotBytes, BlockKind.LfhSlot, block, 0)
      else this.#split(at, sub.slotBytes, BlockState.Cached, BlockKind.LfhSlot)
      at += sub.slotBytes
    })
    this.#split(at, end - at, BlockState.Internal, BlockKind.Opaque)
  }

  #busy(address: Address, bytes: Bytes, kind: BlockKind, block: number, headerBytes: Bytes): void {
    this.#pieces.push({ address, bytes, state: BlockState.Busy, kind, headerBytes, block })
  }

  /** A run of bytes, cut where committed pages end and begin. */
  #split(address: Address, bytes: Bytes, state: BlockState, kind: BlockKind, headerBytes: Bytes = 0): void {
    const end = address + bytes
    for (let at = address; at < end; ) {
      const isCommitted = this.#committed[Math.floor((at - this.#base) / PAGE_BYTES)] === 1
      let past = at
      do past = Math.min(end, (Math.floor(past / PAGE_BYTES) + 1) * PAGE_BYTES)
      while (past < end && (this.#committed[(past - this.#base) / PAGE_BYTES] === 1) === isCommitted)
      const rest = { address: at, bytes: past - at, block: 0 }
      this.#pieces.push(isCommitted ? { ...rest, state, kind, headerBytes: at === address && rest.bytes > headerBytes ? headerBytes : 0 } : { ...rest, state: BlockState.Uncommitted, kind: BlockKind.Uncommitted, headerBytes: 0 })
      at = past
    }
  }
}
