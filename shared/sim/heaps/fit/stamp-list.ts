import type { BlockSlots } from '../block-slots'
import { MaxTree } from './max-tree'

/*
 * Free blocks in order of insertion; blocks only ever enter at the young end.
 *
 *   up to 128 blocks:  head -> #2 -> #8 -> #3             youngest first (linkA older, linkB younger)
 *
 *   more:   position   0    1    2    3    4    5          a position is a stamp, kept in linkA
 *           slots      #3   -    #8   #2   -    (next)     - = taken out
 *           sizes      64   40   96   32   0               leaf of the max tree; stays when its block is taken out
 *
 * First fit from the young end (LIFO list) is the highest position that suffices, from the old end (FIFO list) the
 * lowest: O(log n) where the textbook list walks. When the stamps run out, the living entries are packed; that costs
 * O(length) per length/2 insertions. Short lists are walked: measured 1.5 times the events per second of a tree.
 * The leaf of a block taken out is cleared by the first search that comes upon it: most are packed away unseen.
 */
const LONGEST_CHAIN = 128
/** A tree is given up well below that, so that a list does not change its form to and fro. */
const SHORTEST_TREE = 32
const FIRST_POSITIONS = 256

export class StampList {
  count = 0
  readonly #blocks: BlockSlots
  #young = 0
  #old = 0
  #tree: MaxTree | undefined
  #slots = new Int32Array(0)
  #next = 0

  constructor(blocks: BlockSlots) {
    this.#blocks = blocks
  }

  insert(slot: number): void {
    this.count++
    if (this.#tree === undefined) {
      this.#chain(slot)
      if (this.count > LONGEST_CHAIN) this.#toTree()
      return
    }
    if (this.#next === this.#slots.length) this.#pack(this.#tree)
    const position = this.#next++
    this.#slots[position] = slot
    this.#tree.set(position, this.#blocks.size[slot]!)
    this.#blocks.linkA[slot] = position
  }

  remove(slot: number): void {
    this.count--
    if (this.#tree === undefined) {
      const { linkA: older, linkB: younger } = this.#blocks
      const below = older[slot]!
      const above = younger[slot]!
      if (above === 0) this.#young = below
      else older[above] = below
      if (below === 0) this.#old = above
      else younger[below] = above
      return
    }
    const position = this.#blocks.linkA[slot]!
    this.#slots[position] = 0
    // Taking the youngest gives its stamp back: short-lived blocks then never use the stamps up.
    if (position === this.#next - 1) this.#next = position
    if (this.count < SHORTEST_TREE) this.#toChain()
  }

  /** Youngest block of at least `bytes`, 0 when there is none. */
  youngest(bytes: number): number {
    if (this.#tree === undefined) {
      const { linkA: older, size } = this.#blocks
      let slot = this.#young
      while (slot !== 0 && size[slot]! < bytes) slot = older[slot]!
      return slot
    }
    for (let position = this.#tree.last(bytes); position >= 0; position = this.#tree.last(bytes)) {
      if (this.#slots[position] !== 0) return this.#slots[position]!
      this.#tree.set(position, 0)
    }
    return 0
  }

  /** Oldest block of at least `bytes`, 0 when there is none. */
  oldest(bytes: number): number {
    if (this.#tree === undefined) {
      const { linkB: younger, size } = this.#blocks
      let slot = this.#old
      while (slot !== 0 && size[slot]! < bytes) slot = younger[slot]!
      return slot
    }
    for (let position = this.#tree.first(bytes); position >= 0; position = this.#tree.first(bytes)) {
      if (this.#slots[position] !== 0) return this.#slots[position]!
      this.#tree.set(position, 0)
    }
    return 0
  }

  #chain(slot: number): void {
    const { linkA: older, linkB: younger } = this.#blocks
    older[slot] = this.#young
    younger[slot] = 0
    if (this.#young === 0) this.#old = slot
    else younger[this.#young] = slot
    this.#young = slot
  }

  #toTree(): void {
    const { linkA, linkB: younger, size } = this.#blocks
    const leaves = new Float64Array(FIRST_POSITIONS)
    this.#slots = new Int32Array(FIRST_POSITIONS)
    this.#next = 0
    for (let slot = this.#old; slot !== 0; slot = younger[slot]!) {
      this.#slots[this.#next] = slot
      leaves[this.#next] = size[slot]!
      linkA[slot] = this.#next++
    }
    this.#tree = new MaxTree(FIRST_POSITIONS)
    this.#tree.assign(leaves)
  }

  #toChain(): void {
    this.#tree = undefined
    this.#young = 0
    this.#old = 0
    for (let position = 0; position < this.#next; position++) if (this.#slots[position] !== 0) this.#chain(this.#slots[position]!)
  }

  #pack(tree: MaxTree): void {
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
    tree.assign(leaves)
  }
}
