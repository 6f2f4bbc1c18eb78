import { PAGE_BYTES, roundUp, type Address, type Bytes } from '../../base/units'
import { BlockKind, BlockState } from '../../model/snapshot'
import { layoutOf } from '../layouts/choose-layout'
import type { Bits, BuildKey } from '../layouts/structure-table'
import { type NtLayout, ntLayoutOf } from '../nt/nt-layout'
import type { ImageMarks } from './image-marks'
import { ImageWriter } from './image-writer'
import type { LaidBlock } from './laid-block'
import { containerBytes, type LfhPlan, LfhImage } from './lfh-image'

/** A block to be placed: `units` of the heap's granule; busy ones with the bytes nobody asked for. */
export interface PlannedBlock {
  readonly units: number
  readonly busy: boolean
  readonly unused?: number
  /** Stands in the first four bytes of a busy block, so that a reader of the bytes knows it again. */
  readonly stamp?: number
  /** What a busy block is for the heap itself: its own structures, or a container of the front end that waits for reuse. */
  readonly own?: 'structure' | 'cached-container'
}

/** A container; its block has as many units as the slots need when not told, and is described where the front end's structure ends. */
export interface PlannedContainer {
  readonly lfh: LfhPlan
  readonly units?: number
  readonly subSegment?: Address
}

/** What follows in a segment: a block, a container of the low-fragmentation front end, or pages given back. */
export type NtItem = PlannedBlock | PlannedContainer | { readonly uncommittedPages: number }

export interface NtSegmentPlan {
  readonly address: Address
  readonly items: readonly NtItem[]
  /** At least this many; more when the items need it. */
  readonly reservedPages: number
  /** Pages committed at the least up to the end of the last item. */
  readonly committedPages?: number
  /** From the segment's start to its first entry; what its structures need when not told. */
  readonly headerBytes?: Bytes
  /** The items fill the committed runs to the last byte but for the markers, and the segment ends at its last reserved page. */
  readonly isExact?: boolean
}

export interface NtHeapPlan {
  readonly bits: Bits
  readonly build: BuildKey
  /** 8 bytes every entry header is XORed with. */
  readonly key: readonly number[]
  /** The first one is the heap itself. */
  readonly segments: readonly NtSegmentPlan[]
  /** Blocks with reservations of their own, each at a page. */
  readonly virtualBlocks?: readonly { readonly address: Address; readonly requested: Bytes }[]
  /** Variable of ntdll that the front end encodes offsets with; 32 bits. */
  readonly lfhKey?: number
  /** Structure of the front end where the plan places it: in a block of its own among the items, or in the memory told here. */
  readonly frontEnd?: { readonly address: Address; readonly ownMemory?: { readonly bytes: Bytes; readonly reservedBehind: Bytes } }
  /** `_HEAP.Flags`; growable when not told. */
  readonly flags?: number
  /** Is told which bytes are the heap's own; the rest of blocks with reservations of their own is then left out. */
  readonly marks?: ImageMarks
}

export interface NtHeapImage {
  readonly layout: NtLayout
  /** Committed runs, and how many reserved bytes follow each. */
  readonly memory: readonly { readonly address: Address; readonly bytes: Uint8Array; readonly reservedBehind: Bytes }[]
  /** Every block a walk must find, in the order they were laid, headers of heap and segments left out. */
  readonly laid: readonly LaidBlock[]
  /** Address of every entry of the back end, in order. */
  readonly entries: readonly Address[]
}

const SEGMENT_SIGNATURE = 0xffeeffee
const HEAP_SIGNATURE = 0xeeffeeff
const ENCODED = 0x00100000
const BUSY = 1
const INTERNAL = 8
const LAST = 0x10
const FRONT_END_LFH = 2
/** Real headers are followed by a lock and the first table of sizes (nt-heap.md 1); the walk goes by FirstEntry. */
const UNITS_BEHIND_HEADER = 4

/**
 * The bytes of an NT heap as Windows lays it out: header, segments, encoded entries, uncommitted ranges with their
 * descriptors, free lists by size, containers of the front end, blocks with own reservations, and every counter.
 * Entries follow one another as planned; each committed run is filled up with one free block.
 */
export function materialiseNtHeap(plan: NtHeapPlan): NtHeapImage {
  return new NtHeapMaterialiser(plan).make()
}

/** With the block the front end keeps its own structures in. */
type LaidItem = NtItem | { readonly structureUnits: number }

interface Run {
  readonly from: Address
  readonly to: Address
}

class NtHeapMaterialiser {
  readonly #plan: NtHeapPlan
  readonly #layout: NtLayout
  readonly #heap: Address
  readonly #lfh: LfhImage
  readonly #laid: LaidBlock[] = []
  readonly #entries: Address[] = []
  readonly #memory: NtHeapImage['memory'][number][] = []
  readonly #writers: { readonly from: Address; readonly to: Address; readonly put: ImageWriter }[] = []
  readonly #free: { readonly node: Address; readonly units: number }[] = []
  readonly #descriptors: Address[] = []
  readonly #totals = { reserved: 0, uncommitted: 0, freeUnits: 0, virtual: 0 }

  constructor(plan: NtHeapPlan) {
    this.#plan = plan
    this.#layout = ntLayoutOf(layoutOf(plan.bits, plan.build))
    this.#heap = plan.segments[0]!.address
    this.#lfh = new LfhImage(this.#layout, this.#heap, plan.lfhKey ?? 0)
  }

  make(): NtHeapImage {
    const { segments } = this.#plan
    segments.forEach((segment, i) => this.#segment(segment, i === 0 ? this.#itemsOfFirst(segment) : segment.items))
    this.#lfh.describe((address) => this.#writerAt(address))
    this.#virtualBlocks()
    this.#header()
    return { layout: this.#layout, memory: this.#memory, laid: this.#laid, entries: this.#entries }
  }

  /** The front end's own structures come first, as the first thing a heap allocates for itself. */
  #itemsOfFirst({ items }: NtSegmentPlan): readonly LaidItem[] {
    if (this.#plan.frontEnd !== undefined) {
      this.#placeFrontEnd(this.#plan.frontEnd)
      return items
    }
    const containers = this.#plan.segments.flatMap((segment) => segment.items.filter((item) => 'lfh' in item)).length
    return containers === 0 ? items : [{ structureUnits: Math.ceil((this.#lfh.structureBytes(containers) + this.#layout.unit) / this.#layout.unit) }, ...items]
  }

  #placeFrontEnd({ address, ownMemory }: NonNullable<NtHeapPlan['frontEnd']>): void {
    this.#lfh.address = address
    if (ownMemory !== undefined) this.#memory.push({ address, bytes: new Uint8Array(ownMemory.bytes), reservedBehind: ownMemory.reservedBehind })
  }

  #segment(segment: NtSegmentPlan, items: readonly LaidItem[]): void {
    const { unit } = this.#layout
    const isHeap = segment.address === this.#heap
    const leastUnits = Math.ceil((isHeap ? this.#layout.heapSize : this.#layout.segmentSize) / unit) + (isHeap ? UNITS_BEHIND_HEADER : 0)
    const headerUnits = segment.headerBytes === undefined ? leastUnits : segment.headerBytes / unit
    const { runs, end } = this.#measure(segment, items, headerUnits)
    const bytes = new Uint8Array(runs.at(-1)!.to - segment.address)
    const put = new ImageWriter(bytes, segment.address, this.#plan.bits, this.#plan.marks)
    this.#writers.push({ from: segment.address, to: segment.address + bytes.length, put })
    const pieces = joined(runs)
    pieces.forEach((run, i) => {
      const next = pieces[i + 1]?.from ?? end
      this.#memory.push({ address: run.from, bytes: bytes.subarray(run.from - segment.address, run.to - segment.address), reservedBehind: next - run.to })
    })
    this.#entry(put, segment.address, { units: headerUnits, busy: true, unused: 1 }, 0)
    const ucrs = this.#runs(put, segment.address + headerUnits * unit, headerUnits, items, runs, end)
    this.#segmentHeader(put, segment.address, headerUnits * unit, end, ucrs)
  }

  /** Where the committed runs lie: each ends at a page, with room for the marker when pages that are not follow. */
  #measure({ address, reservedPages, committedPages = 1, isExact = false }: NtSegmentPlan, items: readonly LaidItem[], headerUnits: number): { runs: Run[]; end: Address } {
    const { unit } = this.#layout
    const runs: Run[] = []
    let from = address
    let at = address + headerUnits * unit
    const close = (least: Address, hasMarker: boolean): Address => {
      const needed = at + (hasMarker ? this.#markerUnits * unit : 0)
      let to = Math.max(least, roundUp(needed, PAGE_BYTES))
      // A rest of one unit is no block.
      if (to - needed === unit) to += PAGE_BYTES
      runs.push({ from, to })
      return to
    }
    for (const item of items) {
      if (!('uncommittedPages' in item)) at += this.#unitsOf(item) * unit
      else {
        from = close(0, true) + item.uncommittedPages * PAGE_BYTES
        at = from
      }
    }
    const least = from === address ? address + committedPages * PAGE_BYTES : from + PAGE_BYTES
    const reservedEnd = address + reservedPages * PAGE_BYTES
    const to = close(isExact ? 0 : least, true)
    return { runs, end: isExact ? reservedEnd : Math.max(reservedEnd, to + PAGE_BYTES) }
  }

  get #markerUnits(): number {
    return (this.#plan.bits === 64 ? 0x40 : 0x20) / this.#layout.unit
  }

  #unitsOf(item: Exclude<LaidItem, { readonly uncommittedPages: number }>): number {
    if ('structureUnits' in item) return item.structureUnits
    if (!('lfh' in item)) return item.units
    return item.units ?? Math.ceil(containerBytes(this.#layout, item.lfh) / this.#layout.unit)
  }

  #runs(put: ImageWriter, firstEntry: Address, headerUnits: number, items: readonly LaidItem[], runs: readonly Run[], end: Address): Run[] {
    const { unit } = this.#layout
    const ucrs: Run[] = []
    let at = firstEntry
    let previous = headerUnits
    let run = 0
    const lay = (block: PlannedBlock, kind: BlockKind, flags = 0): Address => {
      const entry = at
      this.#entry(put, entry, block, previous, flags)
      this.#record(entry, block, kind)
      previous = block.units
      at += block.units * unit
      return entry
    }
    const closeRun = (): void => {
      const { to } = runs[run++]!
      const rest = (to - at) / unit - this.#markerUnits
      if (rest > 0) lay({ units: rest, busy: false }, BlockKind.BackEnd)
      const marker = lay({ units: this.#markerUnits, busy: true, unused: 3 }, BlockKind.UncommittedMarker, LAST)
      const ucr = { from: to, to: runs[run]?.from ?? end }
      this.#descriptor(put, marker + unit, ucr)
      this.#laid.push({ address: to, size: ucr.to - ucr.from, state: BlockState.Uncommitted, kind: BlockKind.Uncommitted, requested: 0 })
      ucrs.push(ucr)
      at = ucr.to
      // Behind an empty range the next block follows the marker.
      if (ucr.to > ucr.from) previous = 0
    }
    for (const item of items) {
      if ('uncommittedPages' in item) closeRun()
      else if ('structureUnits' in item) this.#lfh.address = lay({ units: item.structureUnits, busy: true, unused: 0 }, BlockKind.HeapStructure) + unit
      else if ('lfh' in item) {
        const entry = lay({ units: this.#unitsOf(item), busy: true, unused: 8 }, BlockKind.LfhContainer, INTERNAL)
        this.#laid.push(...this.#lfh.container(put, entry + unit, item.lfh, item.subSegment))
      } else if (item.own === 'structure') lay(item, BlockKind.HeapStructure, INTERNAL)
      else if (item.own === 'cached-container') {
        const entry = lay(item, BlockKind.LfhContainer, INTERNAL)
        this.#lfh.cachedContainer(put, entry + unit)
        this.#laid.push({ address: entry, size: item.units * unit, state: BlockState.Cached, kind: BlockKind.LfhContainer, requested: 0 })
      } else {
        const entry = lay(item, BlockKind.BackEnd)
        if (item.stamp !== undefined) put.u32(entry + unit, item.stamp)
      }
    }
    closeRun()
    return ucrs
  }

  #writerAt(address: Address): ImageWriter {
    return this.#writers.find(({ from, to }) => address >= from && address < to)!.put
  }

  #record(address: Address, block: PlannedBlock, kind: BlockKind): void {
    const { unit } = this.#layout
    const size = block.units * unit
    this.#entries.push(address)
    if (!block.busy) {
      this.#free.push({ node: address + unit, units: block.units })
      this.#totals.freeUnits += block.units
    }
    // Containers are told by their slots.
    if (kind === BlockKind.LfhContainer) return
    const isUser = block.busy && kind === BlockKind.BackEnd
    this.#laid.push({ address, size, state: isUser ? BlockState.Busy : block.busy ? BlockState.Internal : BlockState.Free, kind, requested: isUser ? size - (block.unused ?? 0) : 0 })
  }

  #entry(put: ImageWriter, at: Address, block: PlannedBlock, previous: number, more = 0): void {
    const flags = (block.busy ? BUSY : 0) | more
    const low = block.units & 0xff
    const high = block.units >>> 8
    const plain = [low, high, flags, low ^ high ^ flags, previous & 0xff, previous >>> 8, 0, block.unused ?? 0]
    plain.forEach((byte, i) => put.u8(at + this.#layout.header + i, byte ^ this.#plan.key[i]!))
  }

  #descriptor(put: ImageWriter, descriptor: Address, { from, to }: Run): void {
    const { ucr } = this.#layout
    put.word(descriptor + ucr.Address, from)
    put.word(descriptor + ucr.Size, to - from)
    this.#descriptors.push(descriptor)
    this.#totals.uncommitted += to - from
  }

  #segmentHeader(put: ImageWriter, address: Address, headerBytes: Bytes, end: Address, ucrs: readonly Run[]): void {
    const { segment, ucr } = this.#layout
    put.u32(address + segment.SegmentSignature, SEGMENT_SIGNATURE)
    put.word(address + segment.Heap, this.#heap)
    put.word(address + segment.BaseAddress, address)
    put.u32(address + segment.NumberOfPages, (end - address) / PAGE_BYTES)
    put.word(address + segment.FirstEntry, address + headerBytes)
    put.word(address + segment.LastValidEntry, end)
    put.u32(address + segment.NumberOfUnCommittedPages, ucrs.reduce((sum, { from, to }) => sum + (to - from) / PAGE_BYTES, 0))
    put.u32(address + segment.NumberOfUnCommittedRanges, ucrs.length)
    put.list(address + segment.UCRSegmentList, this.#descriptors.slice(-ucrs.length).map((descriptor) => descriptor + ucr.SegmentEntry))
    this.#totals.reserved += end - address
  }

  #virtualBlocks(): void {
    const { virtualAlloc, virtualAllocSize, unit } = this.#layout
    for (const { address, requested } of this.#plan.virtualBlocks ?? []) {
      const commitBytes = roundUp(requested + virtualAllocSize, PAGE_BYTES)
      const bytes = new Uint8Array(this.#plan.marks === undefined ? commitBytes : PAGE_BYTES)
      const put = new ImageWriter(bytes, address, this.#plan.bits, this.#plan.marks)
      this.#memory.push({ address, bytes, reservedBehind: 0 })
      this.#writers.push({ from: address, to: address + commitBytes, put })
      put.word(address + virtualAlloc.CommitSize, commitBytes)
      put.word(address + virtualAlloc.ReserveSize, commitBytes)
      // Its size field counts the bytes nobody asked for (walk.md 3.2).
      this.#entry(put, address + virtualAlloc.BusyBlock, { units: commitBytes - requested, busy: true, unused: unit }, 0, INTERNAL)
      this.#laid.push({ address, size: commitBytes, state: BlockState.Busy, kind: BlockKind.VirtualAlloc, requested })
      this.#totals.virtual += commitBytes
    }
  }

  #header(): void {
    const { heap, segment, counters, heapSize, header } = this.#layout
    const address = this.#heap
    const put = this.#writerAt(address)
    const totals = this.#totals
    put.u32(address + heap.Flags, this.#plan.flags ?? 2)
    put.u32(address + heap.EncodeFlagMask, ENCODED)
    this.#plan.key.forEach((byte, i) => put.u8(address + heap.Encoding + header + i, byte))
    put.u32(address + heap.Signature, HEAP_SIGNATURE)
    put.u16(address + heap.HeaderValidateLength, heapSize)
    put.word(address + heap.TotalFreeSize, totals.freeUnits)
    if (this.#lfh.address !== undefined) {
      put.word(address + heap.FrontEndHeap, this.#lfh.address)
      put.u8(address + heap.FrontEndHeapType, FRONT_END_LFH)
    }
    this.#ring(address + heap.SegmentList, this.#plan.segments.map((one) => one.address + segment.SegmentListEntry))
    this.#ring(address + heap.UCRList, this.#descriptors)
    this.#ring(address + heap.VirtualAllocdBlocks, (this.#plan.virtualBlocks ?? []).map((block) => block.address))
    const bySize = this.#free.sort((a, b) => a.units - b.units)
    this.#ring(address + heap.FreeLists, bySize.map(({ node }) => node))
    const at = address + heap.Counters
    put.word(at + counters.TotalMemoryReserved, totals.reserved)
    put.word(at + counters.TotalMemoryCommitted, totals.reserved - totals.uncommitted)
    put.word(at + counters.TotalSizeInVirtualBlocks, totals.virtual)
    put.u32(at + counters.TotalSegments, this.#plan.segments.length)
    put.u32(at + counters.TotalUCRs, this.#descriptors.length)
  }

  /** A circular list over several pieces of memory. */
  #ring(head: Address, nodes: readonly Address[]): void {
    const ring = [head, ...nodes]
    for (let i = 0; i < ring.length; i++) {
      const put = this.#writerAt(ring[i]!)
      put.word(ring[i]!, ring[(i + 1) % ring.length]!)
      put.word(ring[i]! + this.#layout.word, ring[(i + ring.length - 1) % ring.length]!)
    }
  }
}

/** Runs with nothing between them are one piece of memory. */
function joined(runs: readonly Run[]): Run[] {
  const pieces: { from: Address; to: Address }[] = []
  for (const { from, to } of runs) {
    const last = pieces[pieces.length - 1]
    if (last !== undefined && last.to === from) last.to = to
    else pieces.push({ from, to })
  }
  return pieces
}
