import type { Bytes } from '../../../base/units'
import { SlotState, type BlockSlots } from '../block-slots'
import { largeBin, MIN_LARGE } from './ptmalloc-rules'

const BINS = 127
const UNSORTED = 1

/*
 * Free chunks in rings, one for each bin; the bin's own slot, made first, closes its ring.
 *
 *   1        unsorted  newest <-> ... <-> oldest       freed chunks and remainders, looked at once before they are sorted
 *   2..63    small     newest <-> ... <-> oldest       one size each, 32..1008
 *   64..126  large     largest ... smallest            a range of sizes; chunks of one size behind the first of them
 *
 *   linkA -> next in the ring (fd), linkB -> previous (bk)
 *   smaller, larger: ring through the first chunks of each size of a large bin; 0 in all other chunks
 */
export class ChunkBins {
  readonly #blocks: BlockSlots
  #smaller = new Int32Array(1024)
  #larger = new Int32Array(1024)
  /** Bit i: bin i may hold chunks. Cleared when a search finds it empty. */
  readonly #map = new Int32Array(4)

  constructor(blocks: BlockSlots) {
    this.#blocks = blocks
    for (let bin = 1; bin < BINS; bin++) {
      const slot = blocks.make(0, 0, SlotState.Busy)
      blocks.linkA[slot] = slot
      blocks.linkB[slot] = slot
    }
  }

  /** Whether the slot closes a ring instead of being a chunk. */
  static isBin(slot: number): boolean {
    return slot < BINS
  }

  /** Oldest unsorted chunk, 0 when there is none. */
  oldestUnsorted(): number {
    const slot = this.#blocks.linkB[UNSORTED]!
    return slot === UNSORTED ? 0 : slot
  }

  isOnlyUnsorted(slot: number): boolean {
    return this.#blocks.linkB[slot] === UNSORTED && this.#blocks.linkA[slot] === UNSORTED
  }

  addUnsorted(slot: number): void {
    this.#linkBehind(UNSORTED, slot)
  }

  /** Files a chunk that is in no ring under its size. */
  sort(slot: number): void {
    const size = this.#blocks.size[slot]!
    const bin = size < MIN_LARGE ? size >>> 4 : largeBin(size)
    this.#map[bin >>> 5]! |= 1 << (bin & 31)
    if (size < MIN_LARGE) this.#linkBehind(bin, slot)
    else this.#sortLarge(bin, slot, size)
  }

  /** Oldest chunk of exactly this small size, 0 when there is none. */
  oldestSmall(size: Bytes): number {
    const bin = size >>> 4
    const slot = this.#blocks.linkB[bin]!
    return slot === bin ? 0 : slot
  }

  /** Smallest sufficient chunk of the large bin this size belongs to, 0 when there is none. */
  bestLarge(bytes: Bytes): number {
    const { linkA, linkB, size } = this.#blocks
    const bin = largeBin(bytes)
    const largest = linkA[bin]!
    if (largest === bin || size[largest]! < bytes) return 0
    let slot = this.#larger[largest]!
    while (size[slot]! < bytes) slot = this.#larger[slot]!
    // The first of several equal ones carries the ring of sizes, so the one behind it goes.
    const second = linkA[slot]!
    return slot !== linkB[bin] && size[second] === size[slot] ? second : slot
  }

  /** Last chunk, which is the smallest, of the next bin above this size's own that holds any; 0 when there is none. */
  fromHigherBin(bytes: Bytes): number {
    const { linkB } = this.#blocks
    const map = this.#map
    let bin = (bytes < MIN_LARGE ? bytes >>> 4 : largeBin(bytes)) + 1
    while (bin < BINS) {
      const bits = map[bin >>> 5]! & (-1 << (bin & 31))
      if (bits === 0) {
        bin = ((bin >>> 5) + 1) << 5
        continue
      }
      bin = (bin & ~31) | (31 - Math.clz32(bits & -bits))
      const last = linkB[bin]!
      if (last !== bin) return last
      map[bin >>> 5]! &= ~(1 << (bin & 31))
    }
    return 0
  }

  /** Takes a chunk out of whatever ring it is in. */
  unlink(slot: number): void {
    const next = this.unlinkPlain(slot)
    if (this.#blocks.size[slot]! >= MIN_LARGE && this.#isFirstOfSize(slot)) this.#leaveSizes(slot, next)
  }

  /** Takes out a chunk that is unsorted or in a small bin, so that it carries no ring of sizes. Returns the next in the ring. */
  unlinkPlain(slot: number): number {
    const { linkA, linkB } = this.#blocks
    const next = linkA[slot]!
    const previous = linkB[slot]!
    linkA[previous] = next
    linkB[next] = previous
    return next
  }

  #linkBehind(previous: number, slot: number): void {
    const { linkA, linkB } = this.#blocks
    const next = linkA[previous]!
    linkA[slot] = next
    linkB[slot] = previous
    linkA[previous] = slot
    linkB[next] = slot
  }

  #isFirstOfSize(slot: number): boolean {
    return slot < this.#smaller.length && this.#smaller[slot] !== 0
  }

  #sortLarge(bin: number, slot: number, bytes: Bytes): void {
    if (this.#smaller.length < this.#blocks.state.length) this.#grow()
    const { linkA, linkB, size } = this.#blocks
    const smaller = this.#smaller
    const larger = this.#larger
    const largest = linkA[bin]!
    if (largest === bin) {
      smaller[slot] = slot
      larger[slot] = slot
      this.#linkBehind(bin, slot)
      return
    }
    let at = largest
    const isSmallest = bytes < size[linkB[bin]!]!
    if (!isSmallest) {
      while (bytes < size[at]!) at = smaller[at]!
      if (bytes === size[at]) {
        this.#linkBehind(at, slot)
        return
      }
    }
    smaller[slot] = at
    larger[slot] = larger[at]!
    smaller[larger[at]!] = slot
    larger[at] = slot
    this.#linkBehind(isSmallest ? linkB[bin]! : linkB[at]!, slot)
  }

  /** The next chunk of the same size takes its place, or the size leaves the ring. */
  #leaveSizes(slot: number, next: number): void {
    const smaller = this.#smaller
    const larger = this.#larger
    const below = smaller[slot]!
    const above = larger[slot]!
    smaller[slot] = 0
    larger[slot] = 0
    if (!ChunkBins.isBin(next) && smaller[next] === 0) {
      const isAlone = below === slot
      smaller[next] = isAlone ? next : below
      larger[next] = isAlone ? next : above
      if (isAlone) return
      larger[below] = next
      smaller[above] = next
      return
    }
    if (below === slot) return
    larger[below] = above
    smaller[above] = below
  }

  #grow(): void {
    const length = this.#blocks.state.length
    const smaller = new Int32Array(length)
    const larger = new Int32Array(length)
    smaller.set(this.#smaller)
    larger.set(this.#larger)
    this.#smaller = smaller
    this.#larger = larger
  }
}
