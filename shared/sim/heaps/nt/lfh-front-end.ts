import { mulberry32 } from '../../../base/random'
import type { Address, Bytes } from '../../../base/units'
import { NONE, PAGE_BYTES } from '../../../base/units'
import { NtPlaced } from '../../profiles/reasons/nt-reasons'
import { SlotState } from '../block-slots'
import type { Explainer } from '../explain'
import { NO_BLOCK, type HeapObserver } from '../heap'
import { lfhBucketBytes, lfhBucketOfUnits, lfhFirstSlot, lfhSizeIndex, lfhSlotsOf, LFH_BUCKETS, MOST_SIZE_INDEX, type ContainerLayout } from './lfh-sizes'
import { LfhSlots } from './lfh-slots'
import type { NtBackEnd } from './nt-back-end'
import { NtKind } from './nt-rules'
import { SubSegment } from './sub-segment'

export interface LfhRules {
  readonly granule: Bytes
  /** Order in which the slots of a sub-segment are given out. */
  readonly order: 'lifo' | 'random'
  readonly seed: number
  /** Places for threads; each bucket has an active sub-segment for each. */
  readonly affinitySlots: number
  /** Slots of a sub-segment at the least; 0 = by the rule of Windows 8 and later. */
  readonly leastSlots: number
  /** Containers of each size kept for reuse. */
  readonly cacheDepth: number
  readonly container: ContainerLayout
  /** Bytes of the front end's own structure; reserved outside the heap, or taken as a block of it when `structureCommit` is 0. */
  readonly structureBytes: Bytes
  readonly structureCommit: Bytes
  /** Block in which sub-segments are described, and how many one describes. */
  readonly zoneBytes: Bytes
  readonly zoneHeader: Bytes
  readonly subSegmentBytes: Bytes
}

/** Sub-segments of one bucket in a row after which the next one is a long run's (nt-heap.md 5.3). */
const LONG_RUN = 7
const RANDOM_VALUES = 256

/*
 * The low-fragmentation front end (nt-heap.md 5). A container is one busy block of the back end:
 *
 *   [entry, header, bitmap][slot 0][slot 1]...[slot 18][rest]       sub-segment: bucket 3, 19 slots of 48 bytes
 *
 * Each bucket has an active sub-segment for each place of threads, and a list of others with free slots, the one that
 * got its first free slot last in front. A sub-segment whose slots are all free gives its container to the cache or back.
 */
export class LfhFrontEnd {
  readonly rules: LfhRules
  readonly bucketOfUnits: Uint8Array
  /** Of the structure; NONE until there is one. */
  address: Address = NONE
  subSegmentsMade = 0
  /** That makes the call under way. */
  thread = 0
  /** Number of the sub-segment of the last slot handed out. */
  lastSubSegment = 0
  /** Containers that wait for reuse, by binary logarithm of their size. */
  readonly cache: number[][] = Array.from({ length: MOST_SIZE_INDEX + 1 }, () => [])
  readonly #strides: readonly Bytes[]
  readonly #backEnd: NtBackEnd
  readonly #observer: HeapObserver
  /** Told at every call, for one who does not hear of slots. */
  readonly #cached: HeapObserver['cached']
  readonly #uncached: HeapObserver['uncached']
  readonly #explain: Explainer | undefined
  /** Where all slots are and which are free. */
  readonly #slots: LfhSlots
  /** Number of the sub-segment that serves, -1 without one; by bucket and place of threads. */
  readonly #active: Int32Array
  /** First of the list of sub-segments with free slots, by bucket. */
  readonly #partial: (SubSegment | undefined)[] = new Array<SubSegment | undefined>(LFH_BUCKETS + 1).fill(undefined)
  /** By number. */
  readonly #subSegments: (SubSegment | undefined)[] = []
  readonly #freeNumbers: number[] = []
  readonly #slotsOfBucket = new Int32Array(LFH_BUCKETS + 1)
  readonly #subSegmentsOfBucket = new Int32Array(LFH_BUCKETS + 1)
  readonly #random = new Uint8Array(RANDOM_VALUES)
  readonly #zones: number[] = []
  #randomAt = 0
  #lastBucket = 0
  #run = 0

  constructor(rules: LfhRules, backEnd: NtBackEnd, observer: HeapObserver) {
    this.rules = rules
    this.#backEnd = backEnd
    this.#observer = observer
    this.#cached = observer.slot === undefined ? observer.cached : undefined
    this.#uncached = observer.slot === undefined ? observer.uncached : undefined
    this.#explain = observer.explain
    this.bucketOfUnits = lfhBucketOfUnits(rules.granule)
    this.#strides = lfhBucketBytes(rules.granule)
    this.#slots = new LfhSlots(rules.order, backEnd.blocks)
    this.#active = new Int32Array((LFH_BUCKETS + 1) * rules.affinitySlots).fill(-1)
    // Windows fills a table of 7-bit values once per process; here it comes from the seed.
    const random = mulberry32(rules.seed)
    for (let i = 0; i < RANDOM_VALUES; i++) this.#random[i] = Math.floor(random() * 128)
  }

  /** Takes memory for the front end's structure; false when there is none. */
  make(): boolean {
    const { structureBytes, structureCommit, granule } = this.rules
    if (structureCommit === 0) {
      const slot = this.#takeStructure(structureBytes)
      if (slot !== NO_BLOCK) this.address = this.#backEnd.blocks.address[slot]! + granule
    } else {
      this.address = this.#backEnd.takeOutside(structureBytes, structureCommit)
      if (this.address !== NONE) this.#observer.internal(this.address, Math.ceil(structureCommit / PAGE_BYTES) * PAGE_BYTES)
    }
    return this.address !== NONE
  }

  /** A slot of the bucket, NO_BLOCK when there is no memory for more. */
  alloc(bucket: number): number {
    const { affinitySlots } = this.rules
    const at = affinitySlots === 1 ? bucket : bucket * affinitySlots + (this.thread % affinitySlots)
    let active = this.#active[at]!
    if (active < 0 || this.#slots.free[active] === 0) {
      active = this.#activate(bucket, at)
      if (active < 0) return NO_BLOCK
    } else if (this.#explain !== undefined) this.#explain.placed(NtPlaced.LfhSlot, bucket, active)
    const value = this.#random[this.#randomAt]!
    this.#randomAt = (this.#randomAt + 1) & (RANDOM_VALUES - 1)
    const slot = this.#slots.take(active, value)
    this.lastSubSegment = active
    this.#uncached?.(slot)
    return slot
  }

  /** Number of the sub-segment a block is a slot of, -1 when it is none. */
  numberOf(block: number): number {
    return this.#slots.numberOf(block)
  }

  /** `number` is that of the slot's sub-segment. */
  free(slot: number, number: number): void {
    this.#cached?.(slot)
    const slots = this.#slots
    slots.give(slot, number)
    if (slots.isActive[number] === 1) return
    const free = slots.free[number]!
    const count = slots.count[number]!
    if (free < count && free > 1) return
    const home = this.#subSegments[number]!
    if (free === count) {
      if (count > 1) this.#unlist(home)
      this.#retire(home)
    } else this.#list(home)
  }

  /** Gives the containers that wait for reuse back. */
  emptyCache(): void {
    for (const containers of this.cache) {
      for (const container of containers) {
        this.#observer.uncached?.(container)
        this.#backEnd.free(container)
      }
      containers.length = 0
    }
  }

  /** Sub-segment a slot of the front end lies in. */
  homeOf(slot: number): SubSegment {
    return this.#subSegments[this.#slots.numberOf(slot)]!
  }

  walkSubSegments(visit: (subSegment: SubSegment) => void): void {
    for (const subSegment of this.#subSegments) if (subSegment !== undefined) visit(subSegment)
  }

  /** Number of the sub-segment that serves from now on, -1 when there is no memory for one. */
  #activate(bucket: number, at: number): number {
    const old = this.#active[at]!
    let next = this.#partial[bucket]
    if (next !== undefined) {
      this.#unlist(next)
      this.#explain?.placed(NtPlaced.LfhSlot, bucket, next.number)
    } else {
      next = this.#make(bucket)
      if (next === undefined) return -1
      this.#explain?.placed(NtPlaced.LfhNewSubSegment, bucket, next.count)
    }
    if (old >= 0) this.#slots.isActive[old] = 0
    this.#slots.isActive[next.number] = 1
    this.#active[at] = next.number
    return next.number
  }

  #make(bucket: number): SubSegment | undefined {
    const { affinitySlots, container, leastSlots } = this.rules
    const stride = this.#strides[bucket]!
    const sizeIndex = lfhSizeIndex({
      stride,
      slotsSoFar: this.#slotsOfBucket[bucket]!,
      subSegments: this.#subSegmentsOfBucket[bucket]!,
      isLongRun: this.#isLongRun(bucket),
      hasAffinity: affinitySlots > 1,
      leastSlots,
      container,
    })
    const described = this.#describe()
    if (described === undefined) return undefined
    const block = this.#takeContainer(sizeIndex)
    if (block === NO_BLOCK) {
      this.#freeNumbers.push(described)
      return undefined
    }
    const { blocks } = this.#backEnd
    const size = blocks.size[block]!
    const count = lfhSlotsOf(container, 2 ** sizeIndex, stride)
    this.#slots.add(described, count)
    const subSegment = new SubSegment(this.#slots, described, bucket, block, sizeIndex)
    this.#cut(subSegment, blocks.address[block]!, size, stride)
    this.#subSegments[described] = subSegment
    this.#slotsOfBucket[bucket]! += count
    this.#subSegmentsOfBucket[bucket]!++
    this.subSegmentsMade++
    return subSegment
  }

  #cut({ number, count }: SubSegment, start: Address, size: Bytes, stride: Bytes): void {
    const { blocks } = this.#backEnd
    const head = lfhFirstSlot(this.rules.container, count)
    const past = head + count * stride
    this.#observer.internal(start, head)
    if (past < size) this.#observer.internal(start + past, size - past)
    const first = this.#slots.first[number]!
    for (let i = 0; i < count; i++) {
      const slot = first + i
      blocks.makeAt(slot, start + head + i * stride, stride, SlotState.Busy)
      blocks.linkC[slot] = NtKind.LfhSlot
      this.#cached?.(slot)
      this.#observer.slot?.(slot)
    }
  }

  #isLongRun(bucket: number): boolean {
    this.#run = bucket === this.#lastBucket ? this.#run + 1 : 1
    this.#lastBucket = bucket
    if (this.#run <= LONG_RUN) return false
    this.#run = 0
    return true
  }

  #takeContainer(sizeIndex: number): number {
    const cached = this.cache[sizeIndex]!.pop()
    if (cached !== undefined) {
      this.#observer.uncached?.(cached)
      return cached
    }
    const block = this.#backEnd.alloc(2 ** sizeIndex / this.rules.granule)
    if (block !== NO_BLOCK) this.#backEnd.blocks.linkC[block] = NtKind.Container
    return block
  }

  /** Number of a description, in a new zone when all are taken; undefined when there is no memory for one. */
  #describe(): number | undefined {
    const known = this.#freeNumbers.pop()
    if (known !== undefined) return known
    const { zoneBytes, granule } = this.rules
    const zone = this.#takeStructure(zoneBytes - granule)
    if (zone === NO_BLOCK) return undefined
    const first = this.#zones.length * this.#perZone
    this.#zones.push(zone)
    for (let number = first + this.#perZone - 1; number > first; number--) this.#freeNumbers.push(number)
    return first
  }

  get #perZone(): number {
    const { zoneBytes, zoneHeader, granule, subSegmentBytes } = this.rules
    return Math.floor((zoneBytes - granule - zoneHeader) / subSegmentBytes)
  }

  /** Where a sub-segment is described. */
  addressOf({ number }: SubSegment): Address {
    const { granule, zoneHeader, subSegmentBytes } = this.rules
    const zone = this.#zones[Math.floor(number / this.#perZone)]!
    return this.#backEnd.blocks.address[zone]! + granule + zoneHeader + (number % this.#perZone) * subSegmentBytes
  }

  #takeStructure(bytes: Bytes): number {
    const { granule } = this.rules
    const slot = this.#backEnd.alloc(Math.ceil((bytes + granule) / granule))
    if (slot === NO_BLOCK) return NO_BLOCK
    const { address, size, linkC } = this.#backEnd.blocks
    linkC[slot] = NtKind.Structure
    this.#observer.internal(address[slot]!, size[slot]!)
    return slot
  }

  #retire(subSegment: SubSegment): void {
    const { blocks } = this.#backEnd
    const { block, count, bucket, number, sizeIndex } = subSegment
    const first = this.#slots.first[number]!
    const start = blocks.address[block]!
    const size = blocks.size[block]!
    const past = lfhFirstSlot(this.rules.container, count) + count * this.#strides[bucket]!
    for (let i = 0; i < count; i++) {
      this.#uncached?.(first + i)
      this.#observer.slotEnd?.(first + i)
      blocks.dropAt(first + i)
    }
    this.#observer.internalEnd?.(start)
    if (past < size) this.#observer.internalEnd?.(start + past)
    this.#slots.remove(number)
    this.#subSegments[number] = undefined
    this.#freeNumbers.push(number)
    this.#slotsOfBucket[bucket]! -= count
    this.#subSegmentsOfBucket[bucket]!--
    const cached = this.cache[sizeIndex]!
    if (cached.length < this.rules.cacheDepth) {
      cached.push(block)
      this.#observer.cached?.(block)
    } else this.#backEnd.free(block)
  }

  #list(subSegment: SubSegment): void {
    const first = this.#partial[subSegment.bucket]
    subSegment.previous = undefined
    subSegment.next = first
    if (first !== undefined) first.previous = subSegment
    this.#partial[subSegment.bucket] = subSegment
  }

  #unlist(subSegment: SubSegment): void {
    const { previous, next, bucket } = subSegment
    if (previous === undefined) this.#partial[bucket] = next
    else previous.next = next
    if (next !== undefined) next.previous = previous
    subSegment.previous = undefined
    subSegment.next = undefined
  }
}
