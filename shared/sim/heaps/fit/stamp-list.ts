import type { BlockSlots } from '../block-slots'
import { MaxTree } from './max-tree'

/*
 * Free blocks in order of insertion. Blocks only ever enter at the young end, so a position is a stamp:
 *
 *   position   0    1    2    3    4    5
 *   slots      #3   -    #8   #2   -    (next)      - = taken out
 *   sizes      64   0    96   32   0                 leaf of the max tree
 *
 * First fit from the young end (LIFO list) is the highest position that suffices, from the old end (FIFO list) the
 * lowest: O(log n) where the textbook list walks. When the stamps run out, the living entries are packed; that costs
 * O(length) per length/2 insertions.
 */
const FIRST_POSITIONS = 64

export class StampList {
  count = 0
  readonly #blocks: BlockSlots
  readonly #tree = new MaxTree(FIRST_POSITIONS)
  #slots = new Int32Array(FIRST_POSITIONS)
  #next = 0

  constructor(blocks: BlockSlots) {
    this.#blocks = blocks
  }

  insert(slot: number): void {
    if (this.#next === this.#slots.length) this.#pack()
    const position = this.#next++
    this.#slots[position] = slot
    this.#tree.set(position, this.#blocks.size[slot]!)
    this.#blocks.linkA[slot] = position
    this.count++
  }

  remove(slot: number): void {
    const position = this.#blocks.linkA[slot]!
    this.#slots[position] = 0
    this.#tree.set(position, 0)
    this.count--
    // Taking the youngest gives its stamp back: short-lived blocks then never use the stamps up.
    if (position === this.#next - 1) this.#next = position
  }

  /** Youngest block of at least `bytes`, 0 when there is none. */
  youngest(bytes: number): number {
    const position = this.#tree.last(bytes)
    return position < 0 ? 0 : this.#slots[position]!
  }

  /** Oldest block of at least `bytes`, 0 when there is none. */
  oldest(bytes: number): number {
    const position = this.#tree.first(bytes)
    return position < 0 ? 0 : this.#slots[position]!
  }

  #pack(): void {
    const { linkA, size } = this.#blocks
    let length = this.#slots.length
    if (this.count > length / 2) length *= 2
    const slots = new Int32Array(length)
    const leaves = new Float64Array(length)
    let position = 0
    for (let i = 0; i < this.#next; i++) {
      const slot = this.#slots[i]!
      if (slot === 0) continue
      slots[position] = slot
      leaves[position] = size[slot]!
      linkA[slot] = position++
    }
    this.#slots = slots
    this.#next = position
    this.#tree.assign(leaves)
  }
}
