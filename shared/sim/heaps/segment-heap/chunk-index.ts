import type { BlockSlots } from '../block-slots'
import { BitTree } from '../fit/bit-tree'

/*
 * Free chunks by size, then by memory cost (pages that would have to be committed), equals in the order they came: the
 * order of the real tree, whose search takes the first that is large enough (segment-heap.md 4).
 *
 *   size 2     #9 cost 0 - #4 cost 0
 *   size 31    #7 cost 0 - #2 cost 1
 *   size 4093  #3 cost 15
 *
 * Sizes in granules. `linkA` and `linkB` chain the chunks of a size. Most cost nothing, and those that do are few of
 * any one size: looking for the place from the end of the list is short.
 */
export class ChunkIndex {
  readonly #blocks: BlockSlots
  readonly #granule: number
  readonly #heads: Int32Array
  readonly #tails: Int32Array
  readonly #sizes: BitTree
  #cost = new Uint8Array(64)

  constructor(blocks: BlockSlots, granule: number, largest: number) {
    this.#blocks = blocks
    this.#granule = granule
    const sizes = largest / granule + 1
    this.#heads = new Int32Array(sizes)
    this.#tails = new Int32Array(sizes)
    this.#sizes = new BitTree(sizes)
  }

  /** The best chunk of at least `bytes`, 0 when there is none. */
  find(bytes: number): number {
    const size = this.#sizes.next(bytes / this.#granule)
    return size < 0 ? 0 : this.#heads[size]!
  }

  /** Memory cost of a chunk that is in the index. */
  costOf(chunk: number): number {
    return this.#cost[chunk]!
  }

  add(chunk: number, cost: number): void {
    const { size, linkA, linkB, state } = this.#blocks
    if (chunk >= this.#cost.length) this.#grow(state.length)
    this.#cost[chunk] = cost
    const granules = size[chunk]! / this.#granule
    let left = this.#tails[granules]!
    if (left === 0) this.#sizes.add(granules)
    while (left !== 0 && this.#cost[left]! > cost) left = linkA[left]!
    const right = left === 0 ? this.#heads[granules]! : linkB[left]!
    linkA[chunk] = left
    linkB[chunk] = right
    if (left === 0) this.#heads[granules] = chunk
    else linkB[left] = chunk
    if (right === 0) this.#tails[granules] = chunk
    else linkA[right] = chunk
  }

  remove(chunk: number): void {
    const { size, linkA, linkB } = this.#blocks
    const granules = size[chunk]! / this.#granule
    const left = linkA[chunk]!
    const right = linkB[chunk]!
    if (left === 0) this.#heads[granules] = right
    else linkB[left] = right
    if (right === 0) this.#tails[granules] = left
    else linkA[right] = left
    if (this.#heads[granules] === 0) this.#sizes.delete(granules)
  }

  #grow(length: number): void {
    const cost = new Uint8Array(length)
    cost.set(this.#cost)
    this.#cost = cost
  }
}
