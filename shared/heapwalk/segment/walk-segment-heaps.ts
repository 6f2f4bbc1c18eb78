import { PAGE_BYTES, UNKNOWN_SIZE, type Address, type Bytes } from '../../base/units'
import { RegionState } from '../../model/region-table'
import type { CounterCheck } from '../../model/heap-report'
import { BlockKind, BlockState } from '../../model/snapshot'
import type { HeapPlace } from '../discovery'
import { hex, hexBytes } from '../finding-list'
import type { HeapWalk, WalkContext } from '../heap-walk'
import type { Bits } from '../layouts/structure-table'
import type { MemoryView } from '../memory-view'
import { flagNames } from '../nt/flag-names'
import { Trust, WalkedBlocks, type WalkedSegment } from '../walked-blocks'
import { readLargeBlocks } from './large-blocks'
import { type AddressShift, firstBlockOffset, lfhKeyOf, readSegmentLfh, unusedOf, type SegmentLfh } from './lfh-slots'
import { type PageRange, type PageSegment, readRanges, readSegmentHeap, type SegmentHeap, structureEnd } from './segment-heap'
import { readVsSubSegment, VsChain } from './vs-chunks'
import { mostVoted, word64, type Word64, xor64 } from './word64'

/** Chunks that confirm one another before a key is believed (walk.md 5.5). */
const CONFIRMING_CHUNKS = 4
/** From this length on no chain is looked for that is longer. */
const ENOUGH_CHUNKS = 64

interface KnownSegment {
  readonly segment: PageSegment
  readonly ranges: readonly PageRange[]
  readonly lfh: ReadonlyMap<PageRange, SegmentLfh>
}

interface KnownHeap {
  readonly heap: SegmentHeap
  readonly segments: readonly KnownSegment[]
}

/** Keys of the process, recovered from what every segment and sub-segment stores. */
interface Keys {
  readonly heap: Word64 | undefined
  readonly lfh: { readonly key: number; readonly shift: AddressShift } | undefined
}

/** Walks the segment heaps of one bitness and process together, since they share their keys. */
export async function walkSegmentHeaps(view: MemoryView, places: readonly HeapPlace[], context: WalkContext): Promise<ReadonlyMap<HeapPlace, HeapWalk>> {
  const known = new Map<HeapPlace, KnownHeap>()
  for (const place of places) {
    const heap = readSegmentHeap(view, place.address, place.bits, context.build)
    if (heap !== undefined) known.set(place, { heap, segments: heap.segments.map((segment) => readKnown(view, heap, segment)) })
    await context.job.checkpoint()
  }
  const keys = recoverKeys(view, [...known.values()])
  const walks = new Map<HeapPlace, HeapWalk>()
  for (const [place, heap] of known) walks.set(place, await new SegmentHeapWalk(view, heap, keys).walk(context))
  return walks
}

/** The key of a heap's chunks by what its own segments store; undefined when no chunks confirm it. */
export function heapKeyOf(view: MemoryView, address: Address, bits: Bits, build: number): Word64 | undefined {
  const heap = readSegmentHeap(view, address, bits, build)
  return heap === undefined ? undefined : recoverKeys(view, [{ heap, segments: heap.segments.map((segment) => readKnown(view, heap, segment)) }]).heap
}

function readKnown(view: MemoryView, heap: SegmentHeap, segment: PageSegment): KnownSegment {
  const ranges = readRanges(view, segment, heap.layout, heap.findings)
  const lfh = new Map<PageRange, SegmentLfh>()
  for (const range of ranges) {
    const address = segment.address + range.firstUnit * segment.unitBytes
    const found = range.use === 'lfh' ? readSegmentLfh(view, address, address + range.units * segment.unitBytes, heap.subLayout) : undefined
    if (found !== undefined) lfh.set(range, found)
  }
  return { segment, ranges, lfh }
}

function recoverKeys(view: MemoryView, heaps: readonly KnownHeap[]): Keys {
  const segments = heaps.flatMap(({ heap, segments: of }) => of.map((known) => ({ heap, ...known })))
  // With or without the constant: the one whose chains of chunks hold.
  const candidates = [0, 1].flatMap((way) => mostVoted(segments.map(({ segment }) => segment.keys[way]!), ({ low, high }) => `${high} ${low}`)?.value ?? [])
  const lengths = candidates.map((key) => ({ key, chunks: confirmedChunks(view, segments, key) }))
  const best = lengths.reduce<{ key: Word64; chunks: number } | undefined>((found, one) => (found === undefined || one.chunks > found.chunks ? one : found), undefined)
  return { heap: best !== undefined && best.chunks >= CONFIRMING_CHUNKS ? best.key : undefined, lfh: recoverLfhKey(heaps) }
}

/** The key most sub-segments give, by the way of shifting their addresses that most of them agree under. */
function recoverLfhKey(heaps: readonly KnownHeap[]): Keys['lfh'] {
  const subSegments = heaps.flatMap(({ segments }) => segments.flatMap(({ lfh }) => [...lfh.values()]))
  const isLate = heaps.some(({ heap }) => heap.layout.key === 'win11_24H2')
  const shifts: readonly AddressShift[] = isLate ? ['wide', 'narrow'] : ['narrow', 'wide']
  let best: { readonly key: number; readonly shift: AddressShift; readonly votes: number } | undefined
  for (const shift of shifts) {
    const found = mostVoted(subSegments.map((sub) => lfhKeyOf(sub, shift)), String)
    if (found !== undefined && (best === undefined || found.votes > best.votes)) best = { key: found.value, shift, votes: found.votes }
  }
  return best
}

function confirmedChunks(view: MemoryView, segments: readonly (KnownSegment & { readonly heap: SegmentHeap })[], key: Word64): number {
  let longest = 0
  for (const { heap, segment, ranges } of segments) {
    for (const range of ranges) {
      if (range.use !== 'vs') continue
      const address = segment.address + range.firstUnit * segment.unitBytes
      const sub = readVsSubSegment(view, address, address + range.units * segment.unitBytes, heap.subLayout)
      if (sub !== undefined) longest = Math.max(longest, new VsChain(view, sub, key, heap.subLayout).confirmed(sub.firstChunk, ENOUGH_CHUNKS))
      if (longest === ENOUGH_CHUNKS) return longest
    }
  }
  return longest
}

class SegmentHeapWalk {
  readonly #view: MemoryView
  readonly #known: KnownHeap
  readonly #keys: Keys
  readonly #blocks = new WalkedBlocks()
  readonly #sums = { busyRanges: 0, busyBytes: 0, freeRanges: 0, freeBytes: 0, userBlocks: 0, userBytes: 0, subSegments: 0, lfhBusy: 0, lfhFree: 0, lfhFreeStored: 0, lfhAgreeing: 0, vsChunks: 0, vsBreaks: 0, large: 0, largePages: 0 }

  constructor(view: MemoryView, known: KnownHeap, keys: Keys) {
    this.#view = view
    this.#known = known
    this.#keys = keys
  }

  async walk({ job }: WalkContext): Promise<HeapWalk> {
    const { heap, segments } = this.#known
    const blocks = this.#blocks
    const walked: WalkedSegment[] = []
    for (const known of segments) {
      const { segment } = known
      const firstRow = blocks.length
      blocks.push(segment.address, segment.firstUnit * segment.unitBytes, 0, BlockState.Internal, BlockKind.HeapStructure, Trust.Inferred)
      for (const range of known.ranges) this.#walkRange(known, range)
      walked.push({ base: segment.address, reservedBytes: segment.reservedBytes, firstRow, endRow: blocks.length })
      await job.checkpoint()
    }
    const firstRow = blocks.length
    const structures = structureEnd(heap) - heap.address
    blocks.push(heap.address, structures, 0, BlockState.Internal, BlockKind.HeapStructure, Trust.Inferred)
    walked.push({ base: heap.address, reservedBytes: structures, firstRow, endRow: blocks.length })
    for (const block of readLargeBlocks(this.#view, heap.address, heap.layout, heap.findings)) {
      const row = blocks.length
      this.#user(block.address, block.size, block.requested, BlockKind.VirtualAlloc, Trust.Inferred)
      this.#sums.large++
      this.#sums.largePages += block.size / PAGE_BYTES
      walked.push({ base: block.address, reservedBytes: block.size, firstRow: row, endRow: row + 1 })
    }
    return this.#result(walked)
  }

  #walkRange({ segment, lfh }: KnownSegment, range: PageRange): void {
    const address = segment.address + range.firstUnit * segment.unitBytes
    const size = range.units * segment.unitBytes
    const sums = this.#sums
    if (range.use === 'free') {
      this.#blocks.push(address, size, 0, BlockState.Free, BlockKind.PageRange, Trust.Inferred)
      sums.freeRanges++
      sums.freeBytes += size
      return
    }
    sums.busyRanges++
    sums.busyBytes += size
    const sub = lfh.get(range)
    if (range.use === 'pages') {
      const known = range.unusedBytes < size
      this.#user(address, size, known ? size - range.unusedBytes : size, BlockKind.PageRange, known ? Trust.Inferred : Trust.Uncertain)
    } else if (sub !== undefined) this.#walkLfh(sub)
    else if (range.use === 'vs' && this.#walkVs(address, address + size)) return
    else {
      this.#known.heap.findings.add('range-opaque', 'warning', `The ${range.use} range at ${hex(address)} cannot be looked into.`, { address })
      this.#blocks.push(address, size, 0, BlockState.Internal, BlockKind.Opaque, Trust.Opaque)
    }
  }

  #walkLfh(sub: SegmentLfh): void {
    const blocks = this.#blocks
    const sums = this.#sums
    const { findings } = this.#known.heap
    const decoded = this.#keys.lfh === undefined ? undefined : firstBlockOffset(sub, this.#keys.lfh.key, this.#keys.lfh.shift)
    const agrees = decoded !== undefined && decoded.blockSize === sub.blockSize && decoded.first === sub.expectedFirst
    const trust = agrees ? Trust.Inferred : Trust.Uncertain
    if (agrees) sums.lfhAgreeing++
    else findings.add('lfh-offset-uncertain', 'warning', `The offsets of the sub-segment at ${hex(sub.address)} do not agree with the others'.`, { address: sub.address })
    if (sub.flags === undefined) {
      findings.add('lfh-bitmap', 'warning', `The bitmap of the sub-segment at ${hex(sub.address)} does not give its ${sub.count - sub.freeCount} busy blocks.`, { address: sub.address })
      blocks.push(sub.address, sub.end - sub.address, 0, BlockState.Internal, BlockKind.Opaque, Trust.Opaque)
      return
    }
    const first = sub.address + sub.expectedFirst
    blocks.push(sub.address, sub.expectedFirst, 0, BlockState.Internal, BlockKind.LfhContainer, trust)
    sums.subSegments++
    sums.lfhFreeStored += sub.freeCount
    for (let i = 0; i < sub.count; i++) {
      const at = first + i * sub.blockSize
      const flag = sub.flags[i]!
      if ((flag & 1) === 0) {
        blocks.push(at, sub.blockSize, 0, BlockState.Cached, BlockKind.LfhSlot, trust)
        sums.lfhFree++
      } else {
        const requested = sub.hidesUnused ? UNKNOWN_SIZE : sub.blockSize - ((flag & 2) === 0 ? 0 : unusedOf(this.#view, at, sub.blockSize))
        this.#user(at, sub.blockSize, requested, BlockKind.LfhSlot, trust)
        sums.lfhBusy++
      }
    }
    const end = first + sub.count * sub.blockSize
    if (end < sub.end) blocks.push(end, sub.end - end, 0, BlockState.Internal, BlockKind.LfhContainer, trust)
  }

  #walkVs(address: Address, end: Address): boolean {
    const { heap } = this.#known
    const sub = readVsSubSegment(this.#view, address, end, heap.subLayout)
    if (sub === undefined || this.#keys.heap === undefined) return false
    const blocks = this.#blocks
    blocks.push(address, sub.firstChunk - address, 0, BlockState.Internal, BlockKind.HeapStructure, Trust.Inferred)
    const chain = new VsChain(this.#view, sub, this.#keys.heap, heap.subLayout).walk(sub.firstChunk)
    this.#sums.vsChunks += chain.chunks.length
    for (const chunk of chain.chunks) {
      if (chunk.state === 'busy') this.#user(chunk.address, chunk.size, chunk.requested, BlockKind.VsChunk, Trust.Inferred)
      else if (chunk.state === 'free') blocks.push(chunk.address, chunk.size, 0, BlockState.Free, BlockKind.VsChunk, Trust.Inferred)
      else blocks.push(chunk.address, chunk.size, 0, BlockState.Internal, BlockKind.Damaged, Trust.Uncertain)
    }
    for (const { at, next, lastGood, why } of chain.breaks) {
      this.#sums.vsBreaks++
      const raw = this.#view.bytes(at, 8)
      const place = { address: at, ...(lastGood === undefined ? {} : { lastGood }), ...(raw === undefined ? {} : { raw: hexBytes(raw), decoded: hexBytes(this.#decoded(raw, at)) }) }
      heap.findings.add('vs-chain-broken', 'damage', `The chunk at ${hex(at)} ${why}${next > at ? `; the walk goes on at ${hex(next)}` : ''}.`, place)
    }
    if (sub.end < end) blocks.push(sub.end, end - sub.end, 0, BlockState.Internal, BlockKind.HeapStructure, Trust.Inferred)
    return true
  }

  #decoded(raw: Uint8Array, at: Address): Uint8Array {
    const key = xor64(this.#keys.heap ?? word64(0), word64(at))
    const half = (i: number): number => (i < 4 ? key.low : this.#known.heap.layout.bits === 64 ? key.high : 0)
    return raw.map((byte, i) => byte ^ (half(i) >>> ((i & 3) * 8)))
  }

  #user(address: Address, size: Bytes, requested: Bytes, kind: number, trust: number): void {
    this.#blocks.push(address, size, requested, BlockState.Busy, kind, trust)
    this.#sums.userBlocks++
    if (requested !== UNKNOWN_SIZE) this.#sums.userBytes += requested
  }

  #result(walked: readonly WalkedSegment[]): HeapWalk {
    const { heap, segments } = this.#known
    const sums = this.#sums
    const reservedBytes = segments.reduce((sum, { segment }) => sum + segment.reservedBytes, 0)
    return {
      segments: walked,
      blocks: this.#blocks,
      headerBytes: 0,
      granularity: heap.layout.bits === 64 ? 16 : 8,
      findings: heap.findings,
      // No key stands in the dump itself, and no counter of the heap covers its blocks.
      isInferred: true,
      report: {
        address: heap.address,
        flavour: 'segment-heap',
        bits: heap.layout.bits,
        layout: heap.layout.key,
        flags: { value: heap.flags, names: flagNames(heap.flags) },
        frontEnd: sums.subSegments > 0 ? 'lfh' : 'none',
        segments: segments.length,
        reservedBytes,
        committedBytes: committedIn(this.#view, segments.map(({ segment }) => segment)),
        backEnd: { busyBlocks: sums.busyRanges, busyBytes: sums.busyBytes, freeBlocks: sums.freeRanges, freeBytes: sums.freeBytes },
        userBlocks: sums.userBlocks,
        userBytes: sums.userBytes,
        uncommittedRanges: 0,
        virtualAllocBlocks: sums.large,
        lfh: { subSegments: sums.subSegments, busyBlocks: sums.lfhBusy, freeBlocks: sums.lfhFree },
        counters: this.#counters(),
      },
    }
  }

  /** What the heap stores beside what was walked; of keys and chains, how many places agree with all the others. */
  #counters(): CounterCheck[] {
    const { heap, segments } = this.#known
    const sums = this.#sums
    const { layout } = heap
    const largePages = this.#view.word(heap.address + layout.offset('SEGMENT_HEAP', 'LargeCommittedPages'), layout.bits)
    const heapKey = this.#keys.heap
    const agreeing = heapKey === undefined ? 0 : segments.filter(({ segment }) => segment.keys.some(({ low, high }) => low === heapKey.low && high === heapKey.high)).length
    const check = (name: string, stored: number, walked: number): CounterCheck => ({ name, stored: Number.isNaN(stored) ? -1 : stored, walked, equal: stored === walked })
    return [
      check('segments', heap.segmentCount, segments.length),
      check('segmentKeysAgreeing', segments.length, agreeing),
      check('lfhFreeSlots', sums.lfhFreeStored, sums.lfhFree),
      check('lfhKeysAgreeing', sums.subSegments, sums.lfhAgreeing),
      check('chunksRight', sums.vsChunks, sums.vsChunks - sums.vsBreaks),
      check('largeCommittedPages', largePages, sums.largePages),
    ]
  }
}

/** Committed bytes of the page segments by the process's regions. */
function committedIn(view: MemoryView, segments: readonly PageSegment[]): Bytes {
  const regions = view.memory.regions()
  let bytes = 0
  for (let row = 0; row < regions.length; row++) {
    if (regions.state.at(row) !== RegionState.Committed) continue
    const base = regions.base.at(row)
    const end = base + regions.size.at(row)
    for (const { address, reservedBytes } of segments) bytes += Math.max(0, Math.min(end, address + reservedBytes) - Math.max(base, address))
  }
  return bytes
}

