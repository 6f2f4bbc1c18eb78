import type { BlockSlots } from '../block-slots'
import type { FreeIndex } from './free-index'

/*
 * Keeps the last block of the heap, the wilderness, out of the way until no other block will do.
 *
 *   [busy][free 96][busy][free 4000]|break
 *          in the        the wilderness: served last, at its exact size (no rounding of the search)
 *          inner index
 *
 * Wilderness preservation: Korn, Vo: "In search of a better malloc" (USENIX 1985).
 * For heaps of one range whose neighbours merge: a block that is last when it enters the index stays so until it leaves.
 */
export class WildernessIndex implements FreeIndex {
  readonly #blocks: BlockSlots
  readonly #inner: FreeIndex
  readonly #mark: number
  /** 0 while the last block is busy. */
  #wilderness = 0

  /** `mark` ends the range: the last block is the one before it. */
  constructor(blocks: BlockSlots, mark: number, inner: FreeIndex) {
    this.#blocks = blocks
    this.#mark = mark
    this.#inner = inner
  }

  insert(slot: number): void {
    if (this.#blocks.after[slot] === this.#mark) this.#wilderness = slot
    else this.#inner.insert(slot)
  }

  remove(slot: number): void {
    if (slot === this.#wilderness) this.#wilderness = 0
    else this.#inner.remove(slot)
  }

  find(bytes: number): number {
    const found = this.#inner.find(bytes)
    if (found !== 0) return found
    return this.#wilderness !== 0 && this.#blocks.size[this.#wilderness]! >= bytes ? this.#wilderness : 0
  }
}
