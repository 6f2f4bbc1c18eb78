import { NONE, PAGE_BYTES, RESERVATION_BYTES, roundUp, type Address, type Bytes } from '../../../base/units'
import { bucketByGranules } from '../../../model/lfh-buckets'
import type { HeapMemory } from '../../vm/heap-memory'
import { SegmentGrown, SegmentPlaced } from '../../profiles/reasons/segment-reasons'
import { BlockSlots, SlotState } from '../block-slots'
import { NO_BLOCK, type Heap, type HeapObserver } from '../heap'
import { CommittedBytes } from './committed-bytes'
import { PageSegments } from './page-segments'
import { RangeUse, type SegmentRules } from './segment-rules'
import { SlotBuckets } from './slot-buckets'
import { VariableSize } from './variable-size'

/** Committed bytes of the heap's own structure and the owners of its buckets: our choice, 0x5F0 to 0xA40 bytes of it are `_SEGMENT_HEAP`. */
const STRUCTURE_BYTES: Bytes = 0x4000

/** What `linkA` of a block that is neither chunk nor slot says: the context of its page range, or that it is large. */
const Home = { Narrow: 0, Wide: 1, Large: 2 } as const

/** Locks: of chunks, of each context's page ranges, of large blocks; from the last on, one for each sub-segment of slots. */
const Lock = { Chunks: 0, Narrow: 1, Wide: 2, Large: 3, Slots: 3 } as const

/*
 * The Segment Heap of Windows 10 and later: four ways a request can go, by its size.
 *
 *   up to 16,368       slots, once its bucket is active; else
 *   up to 131,072      chunks of variable size
 *   up to 520,192      page ranges of 1 MB segments; since 1709 larger ones of 16 MB segments
 *   larger             a reservation of its own, with a guard page
 *
 * Links of a busy block: `linkC` says whose it is (> 0 chunk of that sub-segment, < 0 slot, 0 pages); `linkA` of a chunk
 * is the bucket it counts for, 0 none.
 */
export class SegmentHeap implements Heap {
  readonly blocks = new BlockSlots()
  readonly base: Address
  readonly headerBytes = 0
  readonly granularityBytes: Bytes
  thread = -1
  lock = -1
  readonly rules: SegmentRules
  readonly narrow: PageSegments
  readonly wide: PageSegments
  readonly chunks: VariableSize
  readonly slots: SlotBuckets
  readonly #committed: CommittedBytes
  readonly #explain: HeapObserver['explain']
  readonly #buckets: Uint8Array
  /** Heads of the chains of large blocks and of page ranges. */
  readonly #largeMark: number
  readonly #pagesMark: number

  constructor(rules: SegmentRules, space: HeapMemory, observer: HeapObserver) {
    this.rules = rules
    this.granularityBytes = rules.bits / 4
    this.#buckets = bucketByGranules(rules.bits)
    this.#committed = new CommittedBytes(space, rules.capacity)
    this.#largeMark = this.blocks.make(0, 0, SlotState.Busy)
    this.#pagesMark = this.blocks.make(0, 0, SlotState.Busy)
    this.narrow = new PageSegments(rules, 12, this.#committed, observer)
    this.wide = new PageSegments(rules, 16, this.#committed, observer)
    this.chunks = new VariableSize(rules, this.narrow, this.blocks, observer)
    this.slots = new SlotBuckets(rules, this.narrow, this.blocks, observer)
    const base = reserveAtRandom(space, rules)
    const isThere = base !== NONE && this.#committed.commit(base, STRUCTURE_BYTES, STRUCTURE_BYTES)
    this.base = base === NONE ? space.low : base
    this.#explain = observer.explain
    if (isThere) observer.internal(base, STRUCTURE_BYTES)
    if (isThere) this.#explain?.grew(SegmentGrown.Initial, STRUCTURE_BYTES, 0)
  }

  alloc(bytes: Bytes): number {
    const { rules } = this
    const padded = (bytes === 0 ? 1 : bytes) + rules.padding
    if (padded <= rules.vsLargest) return this.#allocSmall(padded)
    if (padded <= rules.pageLargest) return this.#allocPages(this.narrow, Home.Narrow, padded)
    if (padded <= rules.wideLargest) return this.#allocPages(this.wide, Home.Wide, padded)
    return this.#allocLarge(padded)
  }

  free(block: number): void {
    const sub = this.slots.numberOf(block)
    if (sub !== 0) {
      this.slots.free(block, sub)
      this.lock = Lock.Slots + sub
      return
    }
    const { linkA, linkB, linkC } = this.blocks
    if (linkC[block]! > 0) {
      this.lock = Lock.Chunks
      if (linkA[block] !== 0) this.slots.chunkFreed(linkA[block]!)
      this.chunks.free(block)
    } else if (linkA[block] === Home.Large) this.#freeLarge(block)
    else {
      const isWide = linkA[block] === Home.Wide
      const segments = isWide ? this.wide : this.narrow
      this.lock = isWide ? Lock.Wide : Lock.Narrow
      segments.free(linkB[block]!)
      this.blocks.unchain(block)
      this.blocks.drop(block)
    }
  }

  realloc(block: number, bytes: Bytes): number {
    if (this.rules.realloc === 'in-place-forward' && this.resizeInPlace(block, bytes)) return block
    const moved = this.alloc(bytes)
    if (moved !== NO_BLOCK) this.free(block)
    return moved
  }

  /** False, and nothing changed, when the block cannot have this size where it lies. */
  resizeInPlace(block: number, bytes: Bytes): boolean {
    const had = this.blocks.size[block]!
    if (!this.#resize(block, (bytes === 0 ? 1 : bytes) + this.rules.padding)) return false
    this.#explain?.placed(SegmentPlaced.Resized, had, this.blocks.size[block]!)
    return true
  }

  walkFree(visit: (address: Address, bytes: Bytes) => void): void {
    const all = [this.narrow, this.wide].flatMap((segments) => segments.bases.map((base, segment) => ({ base, segments, segment })))
    const chunksOf = new Map(this.chunks.subSegments.flatMap((sub) => (sub === undefined ? [] : [[sub.range, sub]])))
    for (const { segments, segment } of all.filter(({ base }) => base !== NONE).sort((a, b) => a.base - b.base)) {
      segments.walkSegment(segment, (range, units, use) => {
        const sub = segments === this.narrow && use === RangeUse.Vs ? chunksOf.get(range) : undefined
        if (sub !== undefined) this.chunks.walkFree(sub, visit)
        if (use === RangeUse.Free) segments.walkCommitted(range, units, visit)
      })
    }
  }

  /** Visits the blocks with reservations of their own, the last one made first. */
  walkLarge(visit: (block: number) => void): void {
    this.#walkChain(this.#largeMark, visit)
  }

  /** Visits the blocks that are page ranges, the last one made first. */
  walkPages(visit: (block: number) => void): void {
    this.#walkChain(this.#pagesMark, visit)
  }

  #walkChain(mark: number, visit: (block: number) => void): void {
    for (let block = this.blocks.after[mark]!; block !== 0; block = this.blocks.after[block]!) visit(block)
  }

  #allocSmall(padded: Bytes): number {
    const { rules } = this
    let bucket = 0
    if (padded <= rules.lfhLargest) {
      bucket = this.#buckets[Math.ceil(padded / this.granularityBytes)]!
      if (this.slots.asks(bucket)) {
        const slot = this.slots.alloc(bucket, this.thread)
        if (slot !== NO_BLOCK) {
          this.lock = Lock.Slots + this.slots.lastSubSegment
          return slot
        }
        bucket = 0
      }
    }
    this.lock = Lock.Chunks
    const chunk = this.chunks.alloc(padded)
    if (chunk !== NO_BLOCK) this.blocks.linkA[chunk] = bucket
    else if (bucket !== 0) this.slots.unask(bucket)
    return chunk
  }

  #allocPages(segments: PageSegments, home: number, padded: Bytes): number {
    const units = Math.ceil(padded / segments.unitBytes)
    this.lock = home === Home.Wide ? Lock.Wide : Lock.Narrow
    const committed = this.#committed.total
    const range = segments.take(units, units, RangeUse.Pages, Infinity, 0)
    if (range === NONE) return NO_BLOCK
    if (this.#explain !== undefined) {
      this.#explain.grew(SegmentGrown.Pages, units * segments.unitBytes, this.#committed.total - committed)
      this.#explain.placed(SegmentPlaced.Pages, units, segments.unitBytes)
    }
    const block = this.blocks.make(segments.addressOf(range), units * segments.unitBytes, SlotState.Busy)
    this.blocks.linkA[block] = home
    this.blocks.linkB[block] = range
    this.blocks.linkC[block] = 0
    this.blocks.chainAfter(this.#pagesMark, block)
    return block
  }

  #allocLarge(padded: Bytes): number {
    this.lock = Lock.Large
    const bytes = roundUp(padded, PAGE_BYTES)
    if (bytes > this.rules.capacity) return NO_BLOCK
    const base = this.#committed.space.reserve(bytes + (this.rules.guardPages ? PAGE_BYTES : 0))
    if (base === NONE) return NO_BLOCK
    if (!this.#committed.commit(base, bytes, bytes)) {
      this.#committed.space.release(base)
      return NO_BLOCK
    }
    this.#explain?.grew(SegmentGrown.Large, bytes, 0)
    this.#explain?.placed(SegmentPlaced.Large, bytes, this.rules.guardPages ? PAGE_BYTES : 0)
    const block = this.blocks.make(base, bytes, SlotState.Busy)
    this.blocks.linkA[block] = Home.Large
    this.blocks.linkC[block] = 0
    this.blocks.chainAfter(this.#largeMark, block)
    return block
  }

  #freeLarge(block: number): void {
    this.lock = Lock.Large
    this.#committed.release(this.blocks.address[block]!, this.blocks.size[block]!)
    this.#explain?.grew(SegmentGrown.LargeReleased, this.blocks.size[block]!, 0)
    this.blocks.unchain(block)
    this.blocks.drop(block)
  }

  /** Keeps a block where it is when the way its new size would go is the way it came; false, and nothing changed, otherwise. */
  #resize(block: number, padded: Bytes): boolean {
    const { size, linkA, linkB, linkC } = this.blocks
    const { rules } = this
    const home = linkC[block]!
    if (home < 0) return padded <= rules.lfhLargest && this.#buckets[Math.ceil(padded / this.granularityBytes)] === this.slots.bucketOfBlock(block)
    if (home > 0) return padded <= rules.vsLargest && this.chunks.resize(block, padded)
    if (linkA[block] === Home.Large) return padded > Math.max(rules.pageLargest, rules.wideLargest) && roundUp(padded, PAGE_BYTES) === size[block]
    const isWide = linkA[block] === Home.Wide
    const segments = isWide ? this.wide : this.narrow
    const units = Math.ceil(padded / segments.unitBytes)
    if (padded <= (isWide ? rules.pageLargest : rules.vsLargest) || units > segments.unitsOf(linkB[block]!)) return false
    segments.shrink(linkB[block]!, units)
    size[block] = units * segments.unitBytes
    return true
  }
}

/** The base of a heap lies at a random multiple of 64 KB above the lowest free place (segment-heap.md 7). */
function reserveAtRandom(space: HeapMemory, { baseSpread, seed }: SegmentRules): Address {
  const granules = (Math.imul(seed + 1, 0x85ebca6b) >>> 8) % Math.max(1, baseSpread)
  const gap = granules === 0 ? NONE : space.reserve(granules * RESERVATION_BYTES)
  const base = space.reserve(RESERVATION_BYTES)
  if (gap !== NONE) space.release(gap)
  return base
}

