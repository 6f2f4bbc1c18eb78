import { NONE, PAGE_BYTES, roundDown, roundUp, type Address, type Bytes } from '../../../base/units'
import { NtGrown, NtPlaced } from '../../profiles/reasons/nt-reasons'
import type { DecommitMemory } from '../../vm/heap-memory'
import { BlockSlots, SlotState } from '../block-slots'
import type { Explainer } from '../explain'
import { NO_BLOCK, type HeapObserver } from '../heap'
import { LEAST_UNITS, NtKind, type NtBackEndRules } from './nt-rules'
import { NtSegments } from './nt-segments'
import { SizeLists } from './size-lists'

/**
 * Back end of the NT heaps (nt-heap.md 3): best fit over one list sorted by size, splitting, merging with free neighbours,
 * growth by committing pages and by new segments, decommitting of large free blocks, and reservations for large requests.
 * Sizes are units; slots carry their NtKind in `linkC`.
 */
export class NtBackEnd {
  readonly blocks = new BlockSlots()
  readonly lists: SizeLists
  readonly rules: NtBackEndRules
  readonly base: Address
  readonly largestUnits: number
  /** Slots of blocks with reservations of their own, oldest first. */
  readonly virtualBlocks = new Set<number>()
  readonly #segments: NtSegments
  readonly #explain: Explainer | undefined

  constructor(rules: NtBackEndRules, space: DecommitMemory, observer: HeapObserver) {
    this.rules = rules
    this.#explain = observer.explain
    this.largestUnits = Math.floor(rules.virtualThreshold / rules.granule)
    this.lists = new SizeLists(this.blocks, rules.granule, this.largestUnits)
    this.#segments = new NtSegments(rules, this.blocks, space, observer)
    const end = this.#segments.addFirst(Math.min(rules.commit, roundDown(rules.capacity, PAGE_BYTES)))
    this.base = end === 0 ? space.low : this.segments[0]!.base
    if (end === 0) return
    this.#addFree(end)
    observer.explain?.grew(NtGrown.Initial, this.committedBytes, this.segments[0]!.end - this.base)
  }

  get segments(): NtSegments['segments'] {
    return this.#segments.segments
  }

  get committedBytes(): Bytes {
    return this.#segments.committedBytes
  }

  get segmentReserve(): Bytes {
    return this.#segments.segmentReserve
  }

  /** A busy block of these units, at most `largestUnits`; NO_BLOCK when there is no memory. */
  alloc(units: number): number {
    let slot = this.lists.find(units)
    if (slot !== 0) {
      this.lists.remove(slot)
      if (this.#explain !== undefined) this.#explainFound(this.#explain, slot, units)
    } else {
      slot = this.#grow(units)
      if (slot === 0) return NO_BLOCK
    }
    this.#cut(slot, units)
    const { state, linkC } = this.blocks
    state[slot] = SlotState.Busy
    linkC[slot] = NtKind.Block
    return slot
  }

  /** A block with a reservation of its own. */
  allocVirtual(bytes: Bytes): number {
    const { growable, virtualHeader, capacity, maximumAllocation } = this.rules
    if (bytes > maximumAllocation) return NO_BLOCK
    const committed = roundUp(bytes + virtualHeader, PAGE_BYTES)
    if (!growable || this.committedBytes + committed > capacity) return NO_BLOCK
    const base = this.#segments.reserveOutside(committed)
    if (base === NONE) return NO_BLOCK
    if (!this.#segments.commitOutside(base, committed)) {
      this.#segments.releaseOutside(base, 0)
      return NO_BLOCK
    }
    const slot = this.blocks.make(base, committed, SlotState.Busy)
    this.blocks.linkC[slot] = NtKind.Virtual
    this.virtualBlocks.add(slot)
    this.#explain?.grew(NtGrown.Virtual, bytes, committed)
    this.#explain?.placed(NtPlaced.Virtual, committed, committed - virtualHeader - bytes)
    return slot
  }

  free(slot: number): void {
    if (this.blocks.linkC[slot] === NtKind.Virtual) {
      this.#freeVirtual(slot)
      return
    }
    const { decommitBlock, decommitTotal, granule, mergeFreed } = this.rules
    const merged = mergeFreed ? this.#merge(slot) : this.#markFree(slot)
    const bytes = this.blocks.size[merged]!
    if (this.lists.units * granule + bytes < decommitTotal) this.lists.insert(merged)
    else if (this.#isAllOfSegment(merged) && this.#releaseSegment(this.blocks.before[merged]!)) return
    else if (bytes < decommitBlock) this.lists.insert(merged)
    else this.#decommit(merged)
  }

  /** Makes a busy block larger or smaller where it lies; false, and nothing changed, when there is no room. */
  resize(slot: number, units: number): boolean {
    const { size, state, after } = this.blocks
    const bytes = units * this.rules.granule
    if (units > this.largestUnits) return false
    const old = size[slot]!
    if (bytes > old) {
      let right = after[slot]!
      if (state[right] !== SlotState.Free || old + size[right]! < bytes) {
        if (!this.#growBehind(slot, bytes - old)) return false
        right = this.blocks.after[slot]!
      }
      const whole = old + this.blocks.size[right]!
      // One unit more than the largest block could hold would stay in it.
      if (whole - bytes < LEAST_UNITS * this.rules.granule && whole > this.largestUnits * this.rules.granule) return false
      this.#absorb(slot, right)
    }
    this.#shrink(slot, units)
    this.#explain?.placed(NtPlaced.Resized, old, this.blocks.size[slot]!)
    return true
  }

  /** Memory for the heap's own structures outside its segments. */
  takeOutside(reserve: Bytes, commit: Bytes): Address {
    if (this.committedBytes + commit > this.rules.capacity) return NONE
    const base = this.#segments.reserveOutside(reserve)
    if (base === NONE) return NONE
    if (this.#segments.commitOutside(base, commit)) return base
    this.#segments.releaseOutside(base, 0)
    return NONE
  }

  /** Free ranges in address order of their segments. */
  walkFree(visit: (address: Address, bytes: Bytes) => void): void {
    const { address, size, state, after } = this.blocks
    for (const { header } of [...this.segments].sort((a, b) => a.base - b.base)) {
      for (let slot = header; slot !== 0; slot = after[slot]!) if (state[slot] === SlotState.Free) visit(address[slot]!, size[slot]!)
    }
  }

  /** Cuts a free block that is in no list down to `units`; what is left over becomes a free block. */
  #cut(slot: number, units: number): void {
    const { granule } = this.rules
    const { blocks } = this
    const bytes = units * granule
    const rest = blocks.size[slot]! - bytes
    if (rest < LEAST_UNITS * granule) return
    const fresh = this.#makeBlock(blocks.address[slot]! + bytes, rest, SlotState.Free)
    blocks.size[slot] = bytes
    blocks.chainAfter(slot, fresh)
    this.lists.insert(fresh)
  }

  #makeBlock(address: Address, bytes: Bytes, state: SlotState): number {
    const slot = this.blocks.make(address, bytes, state)
    // Slots are used again, and their kind is not taken off.
    this.blocks.linkC[slot] = NtKind.Block
    return slot
  }

  #explainFound(explain: Explainer, slot: number, units: number): void {
    const whole = this.blocks.size[slot]!
    const rest = whole - units * this.rules.granule
    explain.placed(rest === 0 ? NtPlaced.Exact : rest < LEAST_UNITS * this.rules.granule ? NtPlaced.Whole : NtPlaced.Split, whole, rest)
  }

  /** Cuts a busy block; what is left over is freed like a block. */
  #shrink(slot: number, units: number): void {
    const { granule } = this.rules
    const { blocks } = this
    const bytes = units * granule
    const rest = blocks.size[slot]! - bytes
    if (rest < LEAST_UNITS * granule) return
    const fresh = this.#makeBlock(blocks.address[slot]! + bytes, rest, SlotState.Busy)
    blocks.size[slot] = bytes
    blocks.chainAfter(slot, fresh)
    this.free(fresh)
  }

  /** Takes a free right neighbour out of its list and into a block. */
  #absorb(slot: number, right: number): void {
    const { blocks } = this
    this.lists.remove(right)
    blocks.size[slot] = blocks.size[slot]! + blocks.size[right]!
    blocks.unchain(right)
    blocks.drop(right)
  }

  #markFree(slot: number): number {
    this.blocks.state[slot] = SlotState.Free
    this.blocks.linkC[slot] = NtKind.Block
    return slot
  }

  /** Frees a block and joins it with free neighbours, as far as one block may be that large; it is in no list. */
  #merge(slot: number): number {
    const { size, state, before, after } = this.blocks
    const largest = this.largestUnits * this.rules.granule
    this.#markFree(slot)
    const right = after[slot]!
    if (state[right] === SlotState.Free && size[slot]! + size[right]! <= largest) this.#absorb(slot, right)
    const left = before[slot]!
    if (state[left] !== SlotState.Free || size[left]! + size[slot]! > largest) return slot
    this.lists.remove(left)
    size[left] = size[left]! + size[slot]!
    this.blocks.unchain(slot)
    this.blocks.drop(slot)
    return left
  }

  /** A free block of at least these units from new pages, in no list; 0 when there is no memory. */
  #grow(units: number): number {
    const bytes = units * this.rules.granule
    const pages = roundUp(bytes, PAGE_BYTES)
    const range = this.#segments.findRange(pages)
    if (range !== 0) {
      const slot = this.#extend(range, pages, bytes)
      if (slot !== 0) {
        this.#explain?.placed(NtPlaced.Committed, this.blocks.size[slot]!, this.blocks.size[slot]! - bytes)
        return slot
      }
    }
    const end = this.#segments.addFurther(bytes)
    if (end === 0) return 0
    this.#addFree(end)
    const slot = this.blocks.after[this.segments[this.segments.length - 1]!.header]!
    this.lists.remove(slot)
    this.#explain?.placed(NtPlaced.Segment, this.blocks.size[slot]!, this.blocks.size[slot]! - bytes)
    return slot
  }

  /** Commits pages of a range; the free block they make, joined with a free one before them, in no list. */
  #extend(range: number, pages: Bytes, wanted: Bytes): number {
    const { blocks } = this
    const gained = this.#segments.commit(range, pages)
    if (gained === 0) return 0
    this.#explain?.grew(NtGrown.Commit, wanted, gained)
    const left = blocks.before[range]!
    const hasMarker = blocks.linkC[left] === NtKind.Marker
    const end = hasMarker ? blocks.address[left]! : blocks.address[range]!
    const fresh = this.#makeBlock(end - gained, gained, SlotState.Busy)
    blocks.chainAfter(hasMarker ? blocks.before[left]! : left, fresh)
    this.#segments.dropEmptyRange(range)
    return this.#merge(fresh)
  }

  /** Fills the room before a new marker or range with free blocks. */
  #addFree(end: number): void {
    const { blocks } = this
    const largest = this.largestUnits * this.rules.granule
    for (;;) {
      const left = blocks.before[end]!
      const from = blocks.address[left]! + blocks.size[left]!
      let bytes = Math.min(largest, blocks.address[end]! - from)
      if (bytes < LEAST_UNITS * this.rules.granule) return
      // What is left for the next block must be one.
      if (blocks.address[end]! - from - bytes === this.rules.granule) bytes -= this.rules.granule
      const fresh = this.#makeBlock(from, bytes, SlotState.Free)
      blocks.chainAfter(left, fresh)
      this.lists.insert(fresh)
    }
  }

  /** Commits pages behind a block that a marker follows, or a free block and a marker, so that it can grow by `bytes`. */
  #growBehind(slot: number, bytes: Bytes): boolean {
    const { size, state, after, linkC } = this.blocks
    let right = after[slot]!
    const behind = state[right] === SlotState.Free ? size[right]! : 0
    if (behind > 0) right = after[right]!
    if (linkC[right] === NtKind.Marker) right = after[right]!
    if (linkC[right] !== NtKind.Uncommitted) return false
    const pages = roundUp(bytes - behind, PAGE_BYTES)
    if (size[right]! < pages) return false
    const fresh = this.#extend(right, pages, bytes)
    if (fresh === 0) return false
    this.lists.insert(fresh)
    return this.blocks.after[slot] === fresh && this.blocks.size[fresh]! >= bytes
  }

  #freeVirtual(slot: number): void {
    const { address, size } = this.blocks
    this.virtualBlocks.delete(slot)
    this.#explain?.grew(NtGrown.VirtualReleased, size[slot]!, 0)
    this.#segments.releaseOutside(address[slot]!, size[slot]!)
    this.blocks.drop(slot)
  }

  /** Gives whole pages of a free block, which is in no list, back; its ends stay free blocks (nt-heap.md 3.4). */
  #decommit(slot: number): void {
    const { address, size, before, after, linkC } = this.blocks
    const { granule, marker } = this.rules
    const [left, right] = [before[slot]!, after[slot]!]
    const isFirst = linkC[left] === NtKind.Uncommitted
    const isLast = linkC[right] === (marker > 0 ? NtKind.Marker : NtKind.Uncommitted)
    const start = address[slot]!
    const end = start + size[slot]!
    let from = isFirst ? start : roundUp(start + marker, PAGE_BYTES)
    if (!isFirst && from - marker - start === granule) from += PAGE_BYTES
    let to = isLast ? end + marker : roundDown(end, PAGE_BYTES)
    if (!isLast && end - to === granule) to -= PAGE_BYTES
    if (to <= from) {
      this.lists.insert(slot)
      return
    }
    this.#explain?.grew(NtGrown.Decommit, size[slot]!, to - from)
    this.#giveBack(slot, from, to, isFirst, isLast)
  }

  #giveBack(slot: number, from: Address, to: Address, isFirst: boolean, isLast: boolean): void {
    const segments = this.#segments
    const { blocks } = this
    const start = blocks.address[slot]!
    const end = start + blocks.size[slot]!
    const left = blocks.before[slot]!
    const right = blocks.after[slot]!
    if (isFirst) {
      segments.growRangeUp(left, to)
      if (isLast) {
        const next = this.rules.marker > 0 ? blocks.after[right]! : right
        if (this.rules.marker > 0) segments.dropMarker(right)
        this.#dropFree(slot)
        segments.joinRanges(left, next)
      } else this.#keepFree(slot, to, end)
      return
    }
    if (isLast) {
      if (this.rules.marker > 0) segments.moveMarker(right, from)
      segments.growRangeDown(this.rules.marker > 0 ? blocks.after[right]! : right, from)
    } else {
      segments.cutRange(slot, from, to)
      this.#addTail(to, end, right)
    }
    this.#keepFree(slot, start, from - this.rules.marker)
  }

  /** The end of a free block behind pages given back. */
  #addTail(from: Address, end: Address, right: number): void {
    if (end === from) return
    const { blocks } = this
    const tail = this.#makeBlock(from, end - from, SlotState.Free)
    blocks.chainAfter(blocks.before[right]!, tail)
    this.lists.insert(tail)
  }

  /** A free block, in no list, becomes the range given, or nothing. */
  #keepFree(slot: number, from: Address, end: Address): void {
    if (end === from) {
      this.#dropFree(slot)
      return
    }
    this.blocks.address[slot] = from
    this.blocks.size[slot] = end - from
    this.lists.insert(slot)
  }

  #dropFree(slot: number): void {
    this.blocks.unchain(slot)
    this.blocks.drop(slot)
  }

  /** True when nothing but this free block lies between the header of a segment and its uncommitted end. */
  #isAllOfSegment(slot: number): boolean {
    const { before, after, linkC } = this.blocks
    if (linkC[before[slot]!] !== NtKind.Header) return false
    let right = after[slot]!
    if (linkC[right] === NtKind.Marker) right = after[right]!
    return linkC[right] === NtKind.Uncommitted && after[right] === 0
  }

  #releaseSegment(header: number): boolean {
    const index = this.rules.releaseSegments ? this.#segments.indexOfHeader(header) : 0
    // The first segment holds the heap itself.
    if (index <= 0) return false
    this.#segments.release(index)
    return true
  }
}
