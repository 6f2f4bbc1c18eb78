import { NONE } from '../../../base/units'
import { BitTree } from '../fit/bit-tree'

/** Units of a segment, and with it the most a range can have. */
export const UNITS = 256

/*
 * Free page ranges by size, then by committed pages, the most committed first; equals in the order they came
 * (segment-heap.md 3: the tree's key is the size and below it the inverse of the committed pages).
 *
 *   units 3    range 0x205 (3 committed) - range 0x110 (1) - range 0x31a (0)
 *   units 7    range 0x0f0 (0)
 *
 * A range is the number of its first descriptor. Almost every range is committed wholly or not at all, so looking for
 * its place from both ends of a list takes a step or two.
 */
export class RangeIndex {
  readonly #heads = new Int32Array(UNITS + 1).fill(NONE)
  readonly #tails = new Int32Array(UNITS + 1).fill(NONE)
  readonly #sizes = new BitTree(UNITS + 1)
  #before = new Int32Array(UNITS)
  #after = new Int32Array(UNITS)
  #units = new Uint16Array(UNITS)
  #committed = new Uint16Array(UNITS)

  /** Makes room for the descriptors of `segments` segments. */
  grow(segments: number): void {
    const length = segments * UNITS
    if (length <= this.#units.length) return
    const roomy = Math.max(length, this.#units.length * 2)
    this.#before = larger(this.#before, new Int32Array(roomy))
    this.#after = larger(this.#after, new Int32Array(roomy))
    this.#units = larger(this.#units, new Uint16Array(roomy))
    this.#committed = larger(this.#committed, new Uint16Array(roomy))
  }

  /** Committed pages of a range that is in the index. */
  committedOf(range: number): number {
    return this.#committed[range]!
  }

  /** The best range of at least `units`, NONE when there is none. */
  find(units: number): number {
    const size = this.#sizes.next(units)
    return size < 0 ? NONE : this.#heads[size]!
  }

  /** The largest range of at least `units`, the most committed of those. */
  findLargest(units: number): number {
    const size = this.#sizes.last()
    return size < units ? NONE : this.#heads[size]!
  }

  add(range: number, units: number, committed: number): void {
    this.#units[range] = units
    this.#committed[range] = committed
    const head = this.#heads[units]!
    if (head === NONE) this.#sizes.add(units)
    if (head === NONE || this.#committed[head]! < committed) this.#link(range, NONE, head, units)
    else {
      let left = this.#tails[units]!
      while (this.#committed[left]! < committed) left = this.#before[left]!
      this.#link(range, left, this.#after[left]!, units)
    }
  }

  remove(range: number): void {
    const units = this.#units[range]!
    const left = this.#before[range]!
    const right = this.#after[range]!
    if (left === NONE) this.#heads[units] = right
    else this.#after[left] = right
    if (right === NONE) this.#tails[units] = left
    else this.#before[right] = left
    if (this.#heads[units] === NONE) this.#sizes.delete(units)
  }

  #link(range: number, left: number, right: number, units: number): void {
    this.#before[range] = left
    this.#after[range] = right
    if (left === NONE) this.#heads[units] = range
    else this.#after[left] = range
    if (right === NONE) this.#tails[units] = range
    else this.#before[right] = range
  }
}

function larger<T extends Int32Array | Uint16Array>(old: T, fresh: T): T {
  fresh.set(old)
  return fresh
}
