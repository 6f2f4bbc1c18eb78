import type { BlockSlots } from '../block-slots'

/*
 * Pairing heaps of free blocks, lowest address on top; one heap is known by its root slot, 0 = empty.
 *
 *         #4                linkA = first child, linkB = next sibling,
 *        /  \               linkC = previous sibling, or the parent for a first child
 *      #9 -- #2
 *
 * Insertion is O(1), removal of any member O(log n) amortised; no memory beyond the links every slot has.
 */
export class AddressHeaps {
  readonly #blocks: BlockSlots

  constructor(blocks: BlockSlots) {
    this.#blocks = blocks
  }

  /** Returns the new root. */
  insert(root: number, slot: number): number {
    const { linkA, linkB, linkC } = this.#blocks
    linkA[slot] = 0
    linkB[slot] = 0
    linkC[slot] = 0
    return root === 0 ? slot : this.#meld(root, slot)
  }

  /** Returns the new root. */
  remove(root: number, slot: number): number {
    const { linkA, linkB, linkC } = this.#blocks
    const below = this.#pairUp(linkA[slot]!)
    if (slot === root) return below
    const before = linkC[slot]!
    const after = linkB[slot]!
    if (linkA[before] === slot) linkA[before] = after
    else linkB[before] = after
    if (after !== 0) linkC[after] = before
    return below === 0 ? root : this.#meld(root, below)
  }

  /** Joins two roots that have no siblings. */
  #meld(a: number, b: number): number {
    const { address, linkA, linkB, linkC } = this.#blocks
    const top = address[a]! < address[b]! ? a : b
    const child = top === a ? b : a
    const sibling = linkA[top]!
    linkB[child] = sibling
    linkC[child] = top
    if (sibling !== 0) linkC[sibling] = child
    linkA[top] = child
    return top
  }

  /** The two-pass rule: join siblings in pairs from the left, then the pairs from the right. */
  #pairUp(first: number): number {
    const { linkB, linkC } = this.#blocks
    let pairs = 0
    let next = first
    while (next !== 0) {
      const a = next
      const b = linkB[a]!
      next = b === 0 ? 0 : linkB[b]!
      linkB[a] = 0
      linkC[a] = 0
      let pair = a
      if (b !== 0) {
        linkB[b] = 0
        linkC[b] = 0
        pair = this.#meld(a, b)
      }
      linkB[pair] = pairs
      pairs = pair
    }
    let root = 0
    while (pairs !== 0) {
      const pair = pairs
      pairs = linkB[pair]!
      linkB[pair] = 0
      root = root === 0 ? pair : this.#meld(root, pair)
    }
    return root
  }
}
