import type { BlockSlots } from '../block-slots'
import { floorLog2, POWER_OF_TWO, type FreeIndex } from './free-index'
import { StampList } from './stamp-list'

/** One explicit list, first fit from its head; freed and remainder blocks enter at the head. */
export class LifoIndex implements FreeIndex {
  readonly #list: StampList

  constructor(blocks: BlockSlots) {
    this.#list = new StampList(blocks)
  }

  insert(slot: number): void {
    this.#list.insert(slot)
  }

  remove(slot: number): void {
    this.#list.remove(slot)
  }

  find(bytes: number): number {
    return this.#list.youngest(bytes)
  }
}

/** One explicit list, first fit from its head; freed and remainder blocks enter at the tail. */
export class FifoIndex implements FreeIndex {
  readonly #list: StampList

  constructor(blocks: BlockSlots) {
    this.#list = new StampList(blocks)
  }

  insert(slot: number): void {
    this.#list.insert(slot)
  }

  remove(slot: number): void {
    this.#list.remove(slot)
  }

  find(bytes: number): number {
    return this.#list.oldest(bytes)
  }
}

/**
 * Segregated fits: one LIFO list per size class, first fit in the request's own class, then in the higher ones.
 * `spacing` classes per power of two: with 1, list k holds 2^k <= size < 2^(k+1). The last list takes all larger sizes.
 */
export class SegregatedIndex implements FreeIndex {
  readonly #blocks: BlockSlots
  readonly #lists: StampList[] = []
  readonly #spacing: number

  constructor(blocks: BlockSlots, lists: number, spacing: number) {
    this.#blocks = blocks
    this.#spacing = spacing
    for (let i = 0; i < lists; i++) this.#lists.push(new StampList(blocks))
  }

  insert(slot: number): void {
    this.#lists[this.#classOf(this.#blocks.size[slot]!)]!.insert(slot)
  }

  remove(slot: number): void {
    this.#lists[this.#classOf(this.#blocks.size[slot]!)]!.remove(slot)
  }

  find(bytes: number): number {
    const lists = this.#lists
    for (let k = this.#classOf(bytes); k < lists.length; k++) {
      if (lists[k]!.count === 0) continue
      const slot = lists[k]!.youngest(bytes)
      if (slot !== 0) return slot
    }
    return 0
  }

  #classOf(bytes: number): number {
    const power = floorLog2(bytes)
    const spacing = this.#spacing
    // Within a power of two the classes are of equal width.
    const within = spacing === 1 ? 0 : Math.floor((bytes / POWER_OF_TWO[power]! - 1) * spacing)
    return Math.min(this.#lists.length - 1, power * spacing + within)
  }
}
