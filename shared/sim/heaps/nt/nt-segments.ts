import { NONE, PAGE_BYTES, roundUp, type Address, type Bytes } from '../../../base/units'
import { NtGrown } from '../../profiles/reasons/nt-reasons'
import type { DecommitMemory } from '../../vm/heap-memory'
import { SlotState, type BlockSlots } from '../block-slots'
import { AddressIndex } from '../fit/address-index'
import type { HeapObserver } from '../heap'
import { NtKind, type NtBackEndRules } from './nt-rules'

/*
 * Segments of an NT heap as chains of slots in address order:
 *
 *   [header][blocks......][marker]~~uncommitted~~[blocks...][marker]~~uncommitted~~     the last range may be empty
 *
 * The marker is a small block that holds the descriptor of the range behind it; before Windows Vista descriptors lie
 * elsewhere, and a run of 32 bits ends with its last block (of 64 bits with a unit whose first bytes that block is lent). A range that has been committed to its end keeps its marker and its
 * descriptor, with size 0, as dumps show.
 */
export interface NtSegment {
  readonly base: Address
  /** End of what the segment uses of its reservation. */
  readonly end: Address
  /** Slot of its header, the first of the chain. */
  readonly header: number
  /** Uncommitted ranges that are not empty. */
  readonly ranges: AddressIndex
}

export class NtSegments {
  readonly segments: NtSegment[] = []
  committedBytes: Bytes = 0
  /** Least size of the next segment. */
  segmentReserve: Bytes
  readonly blocks: BlockSlots
  readonly #rules: NtBackEndRules
  readonly #space: DecommitMemory
  readonly #observer: HeapObserver

  constructor(rules: NtBackEndRules, blocks: BlockSlots, space: DecommitMemory, observer: HeapObserver) {
    this.blocks = blocks
    this.#rules = rules
    this.#space = space
    this.#observer = observer
    this.segmentReserve = rules.segmentReserve
  }

  /**
   * Reserves a segment whose header is followed by `room` committed bytes at least; returns the slot of its last marker
   * or, without markers, of its uncommitted range; 0 (and nothing changed) when there is no memory.
   */
  addFirst(commit: Bytes): number {
    const { reserve, spare, heapHeader } = this.#rules
    const base = this.#space.reserve(reserve)
    return base === NONE ? 0 : this.#lay(base, this.#space.reservedEnd(base) - spare, heapHeader, Math.min(commit, reserve - spare))
  }

  /** A further segment with room for `bytes`; half as large, and again, while the address space has no room. */
  addFurther(bytes: Bytes): number {
    const { segmentHeader, marker, maxSegments, segmentLimit, commitStep, growable } = this.#rules
    if (!growable || (maxSegments > 0 && this.segments.length >= maxSegments)) return 0
    const needed = roundUp(segmentHeader + bytes + marker, PAGE_BYTES)
    let size = Math.max(this.segmentReserve, needed + PAGE_BYTES)
    let base = this.#space.reserve(size)
    while (base === NONE && size / 2 >= needed) {
      size = roundUp(size / 2, PAGE_BYTES)
      base = this.#space.reserve(size)
    }
    if (base === NONE) return 0
    const end = this.#space.reservedEnd(base)
    const slot = this.#lay(base, end, segmentHeader, Math.min(Math.max(needed, commitStep), end - base)) || this.#lay(base, end, segmentHeader, needed)
    if (slot === 0) {
      this.#space.release(base)
      return 0
    }
    this.#observer.explain?.grew(NtGrown.Segment, bytes, end - base)
    this.segmentReserve = Math.max(this.segmentReserve, Math.min(segmentLimit, this.segmentReserve * 2))
    return slot
  }

  /** Slot of the uncommitted range of the first segment that has one of these bytes, lowest address first; 0 without. */
  findRange(bytes: Bytes): number {
    for (const { ranges } of this.segments) {
      const slot = ranges.find(bytes)
      if (slot !== 0) return slot
    }
    return 0
  }

  /**
   * Commits at least `bytes` (whole pages) at the start of an uncommitted range. Returns the bytes gained before the
   * marker, which moves up; 0 (and nothing changed) when there is no memory.
   */
  commit(range: number, bytes: Bytes): Bytes {
    const { address, size, before } = this.blocks
    const usual = Math.min(Math.max(bytes, roundUp(this.#rules.commitStep, PAGE_BYTES)), size[range]!)
    const gained = this.#commitPages(address[range]!, usual) ? usual : usual > bytes && this.#commitPages(address[range]!, bytes) ? bytes : 0
    if (gained === 0) return 0
    this.#resizeRange(range, address[range]! + gained, size[range]! - gained)
    if (this.#rules.marker > 0) this.moveMarker(before[range]!, address[range]!)
    return gained
  }

  /** Gives back whole pages from the end of what precedes a range, which grows down to `from`. */
  growRangeDown(range: number, from: Address): void {
    const { address, size } = this.blocks
    this.#decommitPages(from, address[range]! - from)
    this.#resizeRange(range, from, size[range]! + address[range]! - from)
  }

  /** Gives back whole pages from the start of what follows a range, which grows up to `to`. */
  growRangeUp(range: number, to: Address): void {
    const { address, size } = this.blocks
    const end = address[range]! + size[range]!
    this.#decommitPages(end, to - end)
    this.#resizeRange(range, address[range]!, to - address[range]!)
  }

  /** Puts a new range of given-back pages behind a slot, with its marker before it. */
  cutRange(left: number, from: Address, to: Address): void {
    this.#decommitPages(from, to - from)
    if (this.#rules.marker > 0) left = this.#chain(left, this.#makeMarker(from))
    const range = this.#chain(left, this.blocks.make(from, to - from, SlotState.Busy))
    this.blocks.linkC[range] = NtKind.Uncommitted
    this.#indexOf(range).insert(range)
  }

  /** Joins a range with the next one, between which nothing is left but a marker. */
  joinRanges(range: number, next: number): void {
    const { size } = this.blocks
    const total = size[range]! + size[next]!
    if (size[next]! > 0) this.#indexOf(next).remove(next)
    this.#dropSlot(next)
    this.#resizeRange(range, this.blocks.address[range]!, total)
  }

  dropMarker(marker: number): void {
    this.#observer.internalEnd?.(this.blocks.address[marker]!)
    this.#dropSlot(marker)
  }

  moveMarker(marker: number, end: Address): void {
    const { address } = this.blocks
    this.#observer.internalEnd?.(address[marker]!)
    address[marker] = end - this.#rules.marker
    this.#observer.internal(address[marker]!, this.#rules.marker)
  }

  /** Without markers an empty range between two runs is nothing; true when it was dropped. */
  dropEmptyRange(range: number): boolean {
    if (this.#rules.marker > 0 || this.blocks.size[range]! > 0 || this.blocks.after[range] === 0) return false
    this.#dropSlot(range)
    return true
  }

  /** Releases a segment with everything in it. */
  release(index: number): void {
    const { base, end, header } = this.segments[index]!
    const { address, size, after, linkC } = this.blocks
    let committed = 0
    for (let slot = header; slot !== 0; ) {
      const next = after[slot]!
      if (linkC[slot] !== NtKind.Uncommitted) committed += size[slot]!
      if (linkC[slot] === NtKind.Header || linkC[slot] === NtKind.Marker) this.#observer.internalEnd?.(address[slot]!)
      this.blocks.drop(slot)
      slot = next
    }
    this.committedBytes -= committed
    this.segments.splice(index, 1)
    this.#observer.explain?.grew(NtGrown.SegmentReleased, end - base, committed)
    this.#space.release(base)
  }

  /** Commits memory outside the segments, under the same bound. */
  commitOutside(address: Address, bytes: Bytes): boolean {
    return this.#commitPages(address, bytes)
  }

  releaseOutside(base: Address, committed: Bytes): void {
    this.#space.release(base)
    this.committedBytes -= committed
  }

  reserveOutside(bytes: Bytes): Address {
    return this.#space.reserve(bytes)
  }

  indexOfHeader(header: number): number {
    return this.segments.findIndex((segment) => segment.header === header)
  }

  #lay(base: Address, end: Address, headerBytes: Bytes, commit: Bytes): number {
    const { blocks } = this
    const least = roundUp(headerBytes + this.#rules.marker, PAGE_BYTES)
    const committed = Math.min(Math.max(least, roundUp(commit, PAGE_BYTES)), end - base)
    if (committed < least || !this.#commitPages(base, committed)) return 0
    // One unit of room is no block.
    if (committed - headerBytes - this.#rules.marker === this.#rules.granule) headerBytes += this.#rules.granule
    const header = blocks.make(base, headerBytes, SlotState.Busy)
    blocks.linkC[header] = NtKind.Header
    this.#observer.internal(base, headerBytes)
    this.segments.push({ base, end, header, ranges: new AddressIndex(blocks, base, end - base) })
    const left = this.#rules.marker > 0 ? this.#chain(header, this.#makeMarker(base + committed)) : header
    const range = this.#chain(left, blocks.make(base + committed, end - base - committed, SlotState.Busy))
    blocks.linkC[range] = NtKind.Uncommitted
    if (blocks.size[range]! > 0) this.#indexOf(range).insert(range)
    return this.#rules.marker > 0 ? left : range
  }

  /** A marker whose run ends at `end`. */
  #makeMarker(end: Address): number {
    const { marker } = this.#rules
    const slot = this.blocks.make(end - marker, marker, SlotState.Busy)
    this.blocks.linkC[slot] = NtKind.Marker
    this.#observer.internal(end - marker, marker)
    return slot
  }

  #chain(left: number, slot: number): number {
    this.blocks.chainAfter(left, slot)
    return slot
  }

  #dropSlot(slot: number): void {
    this.blocks.unchain(slot)
    this.blocks.drop(slot)
  }

  #resizeRange(range: number, from: Address, bytes: Bytes): void {
    const { address, size } = this.blocks
    const index = this.#indexOf(range)
    if (size[range]! > 0) index.remove(range)
    address[range] = from
    size[range] = bytes
    if (bytes > 0) index.insert(range)
  }

  #indexOf(range: number): AddressIndex {
    const at = this.blocks.address[range]!
    const { segments } = this
    // The segment used last is asked first: changes come in swarms. An empty last range begins at the segment's end.
    for (let i = segments.length - 1; i >= 0; i--) if (at > segments[i]!.base && at <= segments[i]!.end) return segments[i]!.ranges
    throw new Error('an uncommitted range lies in a segment')
  }

  #commitPages(from: Address, bytes: Bytes): boolean {
    if (this.committedBytes + bytes > this.#rules.capacity || !this.#space.commit(from, bytes)) return false
    this.committedBytes += bytes
    return true
  }

  #decommitPages(from: Address, bytes: Bytes): void {
    this.#space.decommit(from, bytes)
    this.committedBytes -= bytes
  }
}
