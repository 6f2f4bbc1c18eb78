import { NONE, PAGE_BYTES, roundUp, type Bytes } from '../../../base/units'
import { bucketBlockSize, LAST_BUCKET } from '../../../model/lfh-buckets'
import { SegmentGrown, SegmentPlaced } from '../../profiles/reasons/segment-reasons'
import { SlotState, type BlockSlots } from '../block-slots'
import type { Explainer } from '../explain'
import { NO_BLOCK, type HeapObserver } from '../heap'
import type { PageSegments } from './page-segments'
import { GUARDED_BYTES, RangeUse, type SegmentRules } from './segment-rules'
import { SlotSubSegment } from './slot-sub-segment'
import { SlotField, SlotTable } from './slot-table'

const BUCKETS = LAST_BUCKET + 1
/** `linkC` of a slot's block; those of chunks are above 0, those of page ranges and large blocks 0. */
const SLOT = -1
/** Where the bitmap begins, and bytes of its words: two bits a slot (segment-heap.md 5, layouts). */
const BITMAP = { 64: { at: 0x38, word: 8 }, 32: { at: 0x24, word: 4 } } as const
/** Blocks from this size on begin with half as many slots (nt-heap.md 5.3). */
const LARGE_SLOT: Bytes = 256
const LEAST_SLOTS = 4
const MOST_SLOTS = 1024
/** 2^18, the largest container of the NT heap's front end (nt-heap.md 5.3). */
const MOST_BYTES: Bytes = 0x40000
/** Sub-segments made in a row for one bucket before its next one may hold as many slots as it ever served. */
const LONG_RUN = 7

/*
 * The low-fragmentation front end: a bucket for each of 128 sizes, active once its size is asked for often; then slots
 * of sub-segments, drawn at random.
 *
 *   bucket 3   living 16, requests 41        not active: served by chunks
 *   bucket 7   active   slot 0: sub-segment at 0x142000, 31 of 72 free; waiting: one with 5 free
 *                       slot 1: sub-segment at 0x15a000
 *
 * The table knows whose slot a block is by its number.
 */
export class SlotBuckets {
  readonly subSegments: (SlotSubSegment | undefined)[] = [undefined]
  /** By bucket: living blocks and requests served by chunks, before the bucket is active. */
  readonly living = new Int32Array(BUCKETS)
  readonly requests = new Int32Array(BUCKETS)
  readonly isActive = new Uint8Array(BUCKETS)
  /** Affinity slots of a bucket. */
  readonly slotsOf = new Uint8Array(BUCKETS).fill(1)
  readonly #rules: SegmentRules
  readonly #segments: PageSegments
  readonly #blocks: BlockSlots
  readonly #observer: HeapObserver
  /** Told at every call, for one who does not hear of slots. */
  readonly #cached: HeapObserver['cached']
  readonly #uncached: HeapObserver['uncached']
  readonly #table: SlotTable
  readonly #vacant: number[] = []
  /** By bucket: slots handed out, sub-segments at hand, changes of thread and the thread before. */
  readonly #handed = new Float64Array(BUCKETS)
  readonly #subCount = new Int32Array(BUCKETS)
  readonly #changes = new Int32Array(BUCKETS)
  readonly #lastThread = new Int32Array(BUCKETS).fill(NONE)
  /** By owner = bucket * affinity slots + affinity slot: the sub-segment in use, and the first that waits with free slots; 0 none. */
  readonly #current: Int32Array
  readonly #waiting: Int32Array
  /** Number of the sub-segment of the last slot handed out. */
  lastSubSegment = 0
  #runBucket = 0
  #runLength = 0
  #random: number

  constructor(rules: SegmentRules, segments: PageSegments, blocks: BlockSlots, observer: HeapObserver) {
    this.#rules = rules
    this.#segments = segments
    this.#blocks = blocks
    this.#table = new SlotTable(blocks)
    this.#observer = observer
    this.#cached = observer.slot === undefined ? observer.cached : undefined
    this.#uncached = observer.slot === undefined ? observer.uncached : undefined
    const owners = BUCKETS * rules.affinitySlots
    this.#current = new Int32Array(owners)
    this.#waiting = new Int32Array(owners)
    // Xorshift has no way out of 0.
    this.#random = (Math.imul(rules.seed + 1, 0x9e3779b1) | 1) >>> 0
  }

  /** Counts a request of a bucket; true when slots serve it. */
  asks(bucket: number): boolean {
    if (this.isActive[bucket] === 1) return true
    if (!this.#rules.lfh) return false
    const living = ++this.living[bucket]!
    const requests = ++this.requests[bucket]!
    if (living < this.#rules.activeAt && requests < this.#rules.activeAtTotal) return false
    this.isActive[bucket] = 1
    return true
  }

  /** A request that was counted got nothing. */
  unask(bucket: number): void {
    this.living[bucket]!--
    this.requests[bucket]!--
  }

  /** A chunk that served a bucket was freed. */
  chunkFreed(bucket: number): void {
    this.living[bucket]!--
  }

  /** A slot, NO_BLOCK when there is no memory for more of them. `thread` is -1 when not known. */
  alloc(bucket: number, thread: number): number {
    const owner = bucket * this.#rules.affinitySlots + (thread < 0 ? 0 : this.#affinityOf(bucket, thread))
    const table = this.#table
    let sub = this.#current[owner]!
    const isFresh = sub === 0 || table.records[table.recordOf(sub) + SlotField.Free] === 0
    if (isFresh) sub = this.#next(bucket, owner)
    if (sub === 0) return NO_BLOCK
    this.#handed[bucket]!++
    const slot = table.take(sub, this.#draw())
    this.lastSubSegment = sub
    this.#uncached?.(slot)
    if (this.#observer.explain !== undefined) this.#tellPlace(this.#observer.explain, bucket, isFresh, sub, slot)
    return slot
  }

  /** Number of the sub-segment a block is a slot of, 0 when it is none. */
  numberOf(block: number): number {
    return this.#table.subAt(block)
  }

  /** `sub` is the number of the slot's sub-segment. */
  free(block: number, sub: number): void {
    const table = this.#table
    table.giveBack(block, sub)
    this.#cached?.(block)
    const { records } = table
    const at = table.recordOf(sub)
    const owner = records[at + SlotField.Owner]!
    if (this.#current[owner] === sub) return
    if (records[at + SlotField.Free] === records[at + SlotField.Count]) this.#release(sub)
    else if (records[at + SlotField.IsListed] === 0) this.#list(sub)
  }

  bucketOfBlock(block: number): number {
    return this.subSegments[this.#table.subAt(block)]!.bucket
  }

  #draw(): number {
    let random = this.#random
    random ^= random << 13
    random ^= random >>> 17
    random ^= random << 5
    this.#random = random
    return random
  }

  /** One slot at first; as many as there may be when the bucket's threads have changed often enough. */
  #affinityOf(bucket: number, thread: number): number {
    if (this.#lastThread[bucket] !== thread) {
      const isFirst = this.#lastThread[bucket] === NONE
      this.#lastThread[bucket] = thread
      if (!isFirst && ++this.#changes[bucket]! >= this.#rules.affinityAt) this.slotsOf[bucket] = this.#rules.affinitySlots
    }
    return thread % this.slotsOf[bucket]!
  }

  #tellPlace(explain: Explainer, bucket: number, isFresh: boolean, number: number, slot: number): void {
    const sub = this.subSegments[number]!
    if (this.#handed[bucket] === 1) explain.placed(SegmentPlaced.Activating, sub.slotBytes, this.requests[bucket]!)
    else explain.placed(isFresh ? SegmentPlaced.FreshSlot : SegmentPlaced.Slot, sub.slotBytes, slot - sub.firstSlot)
  }

  /** Makes a waiting sub-segment, or a new one, the current one of its owner; 0 when there is no memory. */
  #next(bucket: number, owner: number): number {
    const waiting = this.#waiting[owner]!
    if (waiting !== 0) this.#unlist(waiting)
    const sub = waiting === 0 ? this.#create(bucket, owner) : waiting
    if (sub !== 0) this.#current[owner] = sub
    return sub
  }

  #list(sub: number): void {
    const { records } = this.#table
    const at = this.#table.recordOf(sub)
    const owner = records[at + SlotField.Owner]!
    const head = this.#waiting[owner]!
    records[at + SlotField.IsListed] = 1
    records[at + SlotField.After] = head
    if (head !== 0) records[this.#table.recordOf(head) + SlotField.Before] = sub
    this.#waiting[owner] = sub
  }

  #unlist(sub: number): void {
    const { records } = this.#table
    const at = this.#table.recordOf(sub)
    const before = records[at + SlotField.Before]!
    const after = records[at + SlotField.After]!
    if (before === 0) this.#waiting[records[at + SlotField.Owner]!] = after
    else records[this.#table.recordOf(before) + SlotField.After] = after
    if (after !== 0) records[this.#table.recordOf(after) + SlotField.Before] = before
    records[at + SlotField.IsListed] = 0
    records[at + SlotField.Before] = 0
    records[at + SlotField.After] = 0
  }

  /** Slots the next sub-segment of a bucket is to hold (nt-heap.md 5.3, divided by the affinity slots). */
  #slotsWanted(bucket: number, slotBytes: Bytes): number {
    this.#runLength = this.#runBucket === bucket ? this.#runLength + 1 : 1
    this.#runBucket = bucket
    const isLong = this.#runLength > LONG_RUN
    if (isLong) this.#runLength = 0
    const served = isLong ? this.#handed[bucket]! : Math.floor(this.#handed[bucket]! / 8)
    const affinity = this.slotsOf[bucket]! > 1 ? 1 : 0
    const exponent = 3 - (slotBytes >= LARGE_SLOT ? affinity : affinity - 1) + (this.#subCount[bucket]! > 0 ? 1 : 0)
    return Math.min(MOST_SLOTS, Math.max(LEAST_SLOTS, 1 << exponent, Math.floor(served / this.slotsOf[bucket]!)))
  }

  #firstOffset(count: number): Bytes {
    const { at, word } = BITMAP[this.#rules.bits]
    return roundUp(at + word * Math.ceil((2 * count) / (8 * word)), 16)
  }

  #create(bucket: number, owner: number): number {
    const slotBytes = bucketBlockSize(bucket, this.#rules.bits)
    const wanted = this.#slotsWanted(bucket, slotBytes)
    const bytes = Math.min(MOST_BYTES, roundUp(this.#firstOffset(wanted) + wanted * slotBytes, PAGE_BYTES))
    const guard = this.#rules.guardPages && bytes >= GUARDED_BYTES ? 1 : 0
    const units = bytes / PAGE_BYTES + guard
    const range = this.#segments.take(units, units, RangeUse.Lfh, Infinity, guard)
    if (range === NONE) return 0
    // Whole pages: slots fill them.
    let count = Math.floor((bytes - this.#firstOffset(1)) / slotBytes)
    while (this.#firstOffset(count) + count * slotBytes > bytes) count--
    const number = this.#vacant.pop() ?? this.subSegments.length
    const sub = new SlotSubSegment(number, owner, { range, address: this.#segments.addressOf(range), bytes, bucket, slotBytes, count, firstOffset: this.#firstOffset(count) }, this.#table)
    this.subSegments[number] = sub
    this.#fill(sub)
    this.#subCount[bucket]!++
    return number
  }

  #fill(sub: SlotSubSegment): void {
    const { address, bytes, count, slotBytes, firstOffset, firstSlot } = sub
    this.#observer.internal(address, firstOffset)
    this.#observer.explain?.grew(SegmentGrown.Slots, slotBytes, bytes)
    for (let place = 0; place < count; place++) {
      const block = firstSlot + place
      this.#blocks.makeAt(block, address + firstOffset + place * slotBytes, slotBytes, SlotState.Busy)
      this.#blocks.linkC[block] = SLOT
      this.#cached?.(block)
      this.#observer.slot?.(block)
    }
    const end = firstOffset + count * slotBytes
    if (end < bytes) this.#observer.internal(address + end, bytes - end)
  }

  #release(number: number): void {
    const sub = this.subSegments[number]!
    if (this.#table.records[this.#table.recordOf(number) + SlotField.IsListed] === 1) this.#unlist(number)
    const end = sub.firstOffset + sub.count * sub.slotBytes
    this.#observer.internalEnd?.(sub.address)
    if (end < sub.bytes) this.#observer.internalEnd?.(sub.address + end)
    for (let block = sub.firstSlot; block < sub.firstSlot + sub.count; block++) {
      this.#uncached?.(block)
      this.#observer.slotEnd?.(block)
      this.#blocks.dropAt(block)
    }
    this.subSegments[number] = undefined
    this.#table.drop(number)
    this.#vacant.push(number)
    this.#subCount[sub.bucket]!--
    this.#segments.free(sub.range)
  }
}
