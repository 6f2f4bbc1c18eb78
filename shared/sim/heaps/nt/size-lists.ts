import type { BlockSlots } from '../block-slots'
import { BitTree } from '../fit/bit-tree'

/*
 * The free blocks of an NT heap: one list, sorted by size, the block freed last at the front of its size.
 *
 *   head -> [2 units, newest][2 units][2 units, oldest] -> [16] -> [319]
 *   heads     2              .         .                   16      319        one list per size, a bit per size in use
 *
 * The documented list with its table of hints finds the first block of a size, or of the next larger size in use;
 * so does a list per size with a tree of bits, for every size and in constant time.
 */
export class SizeLists {
  /** Free blocks. */
  count = 0
  /** Their units. */
  units = 0
  readonly #blocks: BlockSlots
  readonly #unitsPerByte: number
  readonly #heads: Int32Array
  readonly #sizesInUse: BitTree

  constructor(blocks: BlockSlots, granule: number, largestUnits: number) {
    this.#blocks = blocks
    this.#unitsPerByte = 1 / granule
    this.#heads = new Int32Array(largestUnits + 1)
    this.#sizesInUse = new BitTree(largestUnits + 1)
  }

  insert(slot: number): void {
    const { size, linkA: next, linkB: previous } = this.#blocks
    const units = size[slot]! * this.#unitsPerByte
    const first = this.#heads[units]!
    next[slot] = first
    previous[slot] = 0
    if (first !== 0) previous[first] = slot
    else this.#sizesInUse.add(units)
    this.#heads[units] = slot
    this.count++
    this.units += units
  }

  remove(slot: number): void {
    const { size, linkA: next, linkB: previous } = this.#blocks
    const units = size[slot]! * this.#unitsPerByte
    const right = next[slot]!
    const left = previous[slot]!
    if (right !== 0) previous[right] = left
    if (left !== 0) next[left] = right
    else {
      this.#heads[units] = right
      if (right === 0) this.#sizesInUse.delete(units)
    }
    this.count--
    this.units -= units
  }

  /** The block freed last of the smallest size that suffices; it stays in its list. 0 when there is none. */
  find(units: number): number {
    const first = this.#heads[units]!
    if (first !== 0) return first
    const size = this.#sizesInUse.next(units)
    return size < 0 ? 0 : this.#heads[size]!
  }

  /** Visits the free blocks in the order of the list: by size, the newest of a size first. */
  walk(visit: (slot: number) => void): void {
    const { linkA: next } = this.#blocks
    for (let size = this.#sizesInUse.next(0); size >= 0; size = this.#sizesInUse.next(size + 1)) {
      for (let slot = this.#heads[size]!; slot !== 0; slot = next[slot]!) visit(slot)
    }
  }
}
