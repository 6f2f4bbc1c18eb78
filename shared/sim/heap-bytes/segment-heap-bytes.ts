import { NONE, PAGE_BYTES, RESERVATION_BYTES, roundUp, type Address, type Bytes } from '../../base/units'
import { mulberry32 } from '../../base/random'
import type { BuildKey } from '../../heapwalk/layouts/structure-table'
import type { ImageMarks } from '../../heapwalk/materialise/image-marks'
import { materialiseSegmentHeap, type SegmentHeapImage } from '../../heapwalk/materialise/segment-heap-image'
import { type ChunkPlan, type PageSegmentPlan, type RangePlan, type SlotPlan, STRUCTURE_BYTES } from '../../heapwalk/materialise/segment-heap-plan'
import { SlotState } from '../heaps/block-slots'
import type { PageSegments } from '../heaps/segment-heap/page-segments'
import type { SegmentHeap } from '../heaps/segment-heap/segment-heap'
import { RangeUse } from '../heaps/segment-heap/segment-rules'
import type { ChunkSubSegment } from '../heaps/segment-heap/variable-size'
import type { SlotSubSegment } from '../heaps/segment-heap/slot-sub-segment'

export interface SegmentBytesOptions {
  readonly build: BuildKey
  /** Added to every simulated address, a multiple of 16 MB: simulated spaces begin low, real ones of 64 bits do not. */
  readonly moveBytes: Bytes
  /** Of the process's keys. */
  readonly seed: number
  /** Where the records of large blocks lie; behind all of the heap when not told. */
  readonly metadataAt?: Address
  readonly marks?: ImageMarks
}

/**
 * The state of a simulated Segment Heap as the bytes Windows would have: every block, slot, chunk, page range, segment
 * and counter. `requestedOf` tells the bytes asked for by block number.
 */
export function segmentHeapBytes(heap: SegmentHeap, requestedOf: (block: number) => Bytes, { build, moveBytes, seed, metadataAt, marks }: SegmentBytesOptions): SegmentHeapImage {
  const { bits, pageLargest, wideLargest } = heap.rules
  const random = mulberry32(seed)
  const word = (): number => Math.floor(random() * 0x100000000)
  const reader = new StateReader(heap, requestedOf, moveBytes)
  const large = reader.large()
  const usage = Array.from(heap.slots.living, (living, bucket) => ({ bucket, living, requests: heap.slots.requests[bucket]! })).filter(({ bucket, requests }) => requests > 0 && heap.slots.isActive[bucket] === 0)
  return materialiseSegmentHeap({
    bits,
    build,
    address: heap.base + moveBytes,
    reservedBehind: RESERVATION_BYTES - STRUCTURE_BYTES,
    segments: [...reader.segments(heap.narrow, 12), ...reader.segments(heap.wide, 16)],
    large,
    metadataAt: metadataAt ?? reader.pastEverything() + moveBytes,
    usage,
    largestOfContext: [pageLargest, wideLargest],
    heapKey: { low: word(), high: bits === 64 ? word() : 0 },
    lfhKey: word(),
    encodesRoot: build !== 'win10_1511' && build !== 'win10_1607',
    ...(marks === undefined ? {} : { marks }),
  })
}

class StateReader {
  readonly #heap: SegmentHeap
  readonly #requestedOf: (block: number) => Bytes
  readonly #moveBytes: Bytes
  readonly #chunks: ReadonlyMap<number, ChunkSubSegment>
  readonly #slots: ReadonlyMap<number, SlotSubSegment>
  readonly #blockOfPages: ReadonlyMap<Address, number>

  constructor(heap: SegmentHeap, requestedOf: (block: number) => Bytes, moveBytes: Bytes) {
    this.#heap = heap
    this.#requestedOf = requestedOf
    this.#moveBytes = moveBytes
    this.#chunks = new Map(heap.chunks.subSegments.flatMap((sub) => (sub === undefined ? [] : [[sub.range, sub]])))
    this.#slots = new Map(heap.slots.subSegments.flatMap((sub) => (sub === undefined ? [] : [[sub.range, sub]])))
    const ofPages = new Map<Address, number>()
    heap.walkPages((block) => ofPages.set(heap.blocks.address[block]!, block))
    this.#blockOfPages = ofPages
  }

  segments(of: PageSegments, unitShift: 12 | 16): PageSegmentPlan[] {
    return of.bases.flatMap((base, segment) => {
      if (base === NONE) return []
      const ranges: RangePlan[] = []
      of.walkSegment(segment, (range, units, use) => ranges.push(this.#range(of, range, units, use)))
      return [{ address: base + this.#moveBytes, unitShift, ranges, pages: of.pagesOf(segment * 256) }]
    })
  }

  large(): { address: Address; bytes: Bytes; requested: Bytes; reservedBehind: Bytes }[] {
    const { blocks, rules } = this.#heap
    const found: { address: Address; bytes: Bytes; requested: Bytes; reservedBehind: Bytes }[] = []
    this.#heap.walkLarge((block) => {
      const bytes = blocks.size[block]!
      const reserved = roundUp(bytes + (rules.guardPages ? PAGE_BYTES : 0), RESERVATION_BYTES)
      found.push({ address: blocks.address[block]! + this.#moveBytes, bytes, requested: this.#asked(block), reservedBehind: reserved - bytes })
    })
    return found
  }

  /** A simulated address, a multiple of 64 KB, behind all of the heap. */
  pastEverything(): Address {
    const { base, narrow, wide, blocks } = this.#heap
    let end = base + RESERVATION_BYTES
    for (const of of [narrow, wide]) for (const at of of.bases) if (at !== NONE) end = Math.max(end, at + of.segmentBytes)
    this.#heap.walkLarge((block) => (end = Math.max(end, blocks.address[block]! + blocks.size[block]! + PAGE_BYTES)))
    return roundUp(end, RESERVATION_BYTES)
  }

  /** What the heap was asked for, its own padding included: that is what its bytes tell. */
  #asked(block: number): Bytes {
    const requested = this.#requestedOf(block)
    return (requested === 0 ? 1 : requested) + this.#heap.rules.padding
  }

  #range(of: PageSegments, range: number, units: number, use: RangeUse): RangePlan {
    if (use === RangeUse.Free) return { use: 'free', units }
    if (use === RangeUse.Pages) return { use: 'pages', units, requested: this.#asked(this.#blockOfPages.get(of.addressOf(range))!) }
    if (use === RangeUse.Vs) return { use: 'vs', units, isGuarded: this.#chunks.get(range)!.bytes < units * PAGE_BYTES, chunks: this.#chunksOf(this.#chunks.get(range)!) }
    const sub = this.#slots.get(range)!
    return { use: 'lfh', units, bucket: sub.bucket, firstFreeWord: sub.hint, slots: this.#slotsOf(sub) }
  }

  #chunksOf(sub: ChunkSubSegment): ChunkPlan[] {
    const { size, state, after } = this.#heap.blocks
    const chunks: ChunkPlan[] = []
    for (let chunk = sub.first; chunk !== 0; chunk = after[chunk]!) {
      const isBusy = state[chunk] === SlotState.Busy
      chunks.push({ bytes: size[chunk]!, isBusy, requested: isBusy ? this.#asked(chunk) : 0, cost: isBusy ? 0 : this.#heap.chunks.costOf(chunk) })
    }
    return chunks
  }

  #slotsOf(sub: SlotSubSegment): SlotPlan[] {
    return Array.from(sub.blocks, (block, place) => {
      const isBusy = sub.isBusy(place)
      return { isBusy, requested: isBusy ? this.#asked(block) : 0 }
    })
  }
}
