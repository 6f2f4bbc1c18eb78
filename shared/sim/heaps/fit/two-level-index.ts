import type { BlockSlots } from '../block-slots'
import { BitTree } from './bit-tree'
import { floorLog2, PER_POWER_OF_TWO, POWER_OF_TWO, type FreeIndex } from './free-index'

/*
 * TLSF's two levels: powers of two, each cut into 2^slLog equal classes; below `small` bytes the classes have equal width.
 *
 *   class    0..31            32..63           64..95
 *   sizes    0,8,..248        256,264,..504    512,528,..1008       with slLog 5, small 256
 *   heads    [#3] -> #7       ...                                   newest first (linkA next, linkB previous)
 *
 * A search rounds the request up to the next class, so that the head of any class from there on suffices: no search
 * inside a list. Classes count the bytes behind the header, so that requests of 512 or 4096 sit on a class border.
 * Masmano, Ripoll, Crespo, Real: "TLSF: a new dynamic memory allocator for real-time systems" (2004).
 */
const MOST_POWERS = 53

export class TwoLevelIndex implements FreeIndex {
  readonly #blocks: BlockSlots
  readonly #header: number
  readonly #slLog: number
  readonly #smallLog: number
  readonly #heads: Int32Array
  readonly #used: BitTree

  /** `small` is a power of two, at least 2^slLog; blocks are larger than `header`. */
  constructor(blocks: BlockSlots, header: number, slLog: number, small: number) {
    this.#blocks = blocks
    this.#header = header
    this.#slLog = slLog
    this.#smallLog = floorLog2(small)
    const classes = (MOST_POWERS - this.#smallLog + 1) << slLog
    this.#heads = new Int32Array(classes)
    this.#used = new BitTree(classes)
  }

  insert(slot: number): void {
    const { size, linkA: next, linkB: previous } = this.#blocks
    const at = this.#classOf(size[slot]! - this.#header)
    const head = this.#heads[at]!
    next[slot] = head
    previous[slot] = 0
    if (head !== 0) previous[head] = slot
    else this.#used.add(at)
    this.#heads[at] = slot
  }

  remove(slot: number): void {
    const { size, linkA: next, linkB: previous } = this.#blocks
    const left = previous[slot]!
    const right = next[slot]!
    if (right !== 0) previous[right] = left
    if (left !== 0) {
      next[left] = right
      return
    }
    const at = this.#classOf(size[slot]! - this.#header)
    this.#heads[at] = right
    if (right === 0) this.#used.delete(at)
  }

  find(bytes: number): number {
    const at = this.#used.next(this.#classOf(this.#roundUpData(bytes - this.#header)))
    return at < 0 ? 0 : this.#heads[at]!
  }

  /** Least block size of the first class whose blocks all hold `bytes`; header included on both sides. */
  roundUp(bytes: number): number {
    return this.#header + this.#roundUpData(bytes - this.#header)
  }

  #roundUpData(bytes: number): number {
    const width = this.#classWidth(bytes)
    return Math.ceil(bytes / width) * width
  }

  #classWidth(bytes: number): number {
    return POWER_OF_TWO[Math.max(this.#smallLog, floorLog2(bytes)) - this.#slLog]!
  }

  #classOf(bytes: number): number {
    const power = floorLog2(bytes)
    const slLog = this.#slLog
    if (power < this.#smallLog) return Math.floor(bytes * PER_POWER_OF_TWO[this.#smallLog - slLog]!)
    // bytes / width lies in [2^slLog, 2^(slLog+1)), so one power of two higher moves on by exactly 2^slLog classes.
    return ((power - this.#smallLog) << slLog) + Math.floor(bytes * PER_POWER_OF_TWO[power - slLog]!)
  }
}
