import type { BlockSlots } from '../block-slots'
import { AddressHeaps } from './address-heaps'
import { BitTree } from './bit-tree'
import type { FreeIndex } from './free-index'

/*
 * Free blocks by exact size, lowest address first within a size, for best fit and worst fit.
 *
 *   sizes below 64 Ki granules:  roots[size / granule] -> pairing heap by address, one bit per size that has any
 *   larger sizes:                one array of slots sorted by (size, address)
 *
 * The sorted array stays short: with 8-byte granules it holds blocks of 512 KiB and more, 4096 of them in 2 GiB.
 */
const SMALL_SIZES = 65536

class SizeIndex {
  protected readonly blocks: BlockSlots
  protected readonly sizesInUse = new BitTree(SMALL_SIZES)
  protected readonly roots = new Int32Array(SMALL_SIZES)
  /** Sorted by (size, address). */
  protected large = new Int32Array(64)
  protected largeCount = 0
  protected readonly granulesPerByte: number
  readonly #heaps: AddressHeaps

  constructor(blocks: BlockSlots, granule: number) {
    this.blocks = blocks
    this.granulesPerByte = 1 / granule
    this.#heaps = new AddressHeaps(blocks)
  }

  insert(slot: number): void {
    const granules = this.blocks.size[slot]! * this.granulesPerByte
    if (granules >= SMALL_SIZES) {
      this.#insertLarge(slot)
      return
    }
    const root = this.roots[granules]!
    if (root === 0) this.sizesInUse.add(granules)
    this.roots[granules] = this.#heaps.insert(root, slot)
  }

  remove(slot: number): void {
    const granules = this.blocks.size[slot]! * this.granulesPerByte
    if (granules >= SMALL_SIZES) {
      const at = this.largeFrom(this.blocks.size[slot]!, this.blocks.address[slot]!)
      this.large.copyWithin(at, at + 1, this.largeCount--)
      return
    }
    const root = this.#heaps.remove(this.roots[granules]!, slot)
    this.roots[granules] = root
    if (root === 0) this.sizesInUse.delete(granules)
  }

  /** First place in `large` that is not before (bytes, address). */
  protected largeFrom(bytes: number, from: number): number {
    const { size, address } = this.blocks
    let low = 0
    let high = this.largeCount
    while (low < high) {
      const middle = (low + high) >>> 1
      const slot = this.large[middle]!
      if (size[slot]! < bytes || (size[slot] === bytes && address[slot]! < from)) low = middle + 1
      else high = middle
    }
    return low
  }

  #insertLarge(slot: number): void {
    const at = this.largeFrom(this.blocks.size[slot]!, this.blocks.address[slot]!)
    if (this.largeCount === this.large.length) {
      const longer = new Int32Array(this.large.length * 2)
      longer.set(this.large)
      this.large = longer
    }
    this.large.copyWithin(at + 1, at, this.largeCount++)
    this.large[at] = slot
  }
}

/** Best fit: the smallest block that suffices, lowest address on ties. */
export class SmallestIndex extends SizeIndex implements FreeIndex {
  find(bytes: number): number {
    // Requests are whole granules, as blocks are.
    const granules = bytes * this.granulesPerByte
    if (granules < SMALL_SIZES) {
      const found = this.sizesInUse.next(granules)
      if (found >= 0) return this.roots[found]!
    }
    const at = this.largeFrom(bytes, 0)
    return at < this.largeCount ? this.large[at]! : 0
  }
}

/** Worst fit: the largest block, lowest address on ties. */
export class LargestIndex extends SizeIndex implements FreeIndex {
  find(bytes: number): number {
    const { size } = this.blocks
    let slot = 0
    if (this.largeCount > 0) {
      slot = this.large[this.largeFrom(size[this.large[this.largeCount - 1]!]!, 0)]!
    } else {
      const found = this.sizesInUse.last()
      if (found >= 0) slot = this.roots[found]!
    }
    return slot !== 0 && size[slot]! >= bytes ? slot : 0
  }
}
