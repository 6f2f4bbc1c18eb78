import type { BlockSlots } from '../block-slots'
import { floorLog2, POWER_OF_TWO, type FreeIndex } from './free-index'
import { NewestBySize } from './newest-by-size'
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

/** Classes that end at or below this many granules know their blocks by size. */
const SMALL_SIZES = 1024

/**
 * Segregated fits: one LIFO list per size class, first fit in the request's own class, then in the higher ones.
 * `spacing` classes per power of two: with 1, list k holds 2^k <= size < 2^(k+1). The last list takes all larger sizes.
 *
 *   granules   ... 16 .. 31 | 32 .. 63 | ... 1023 | 1024 ...
 *   kept by    one index of all small sizes       | a list for each class
 *
 * The list of a class holds tens of thousands of blocks but few sizes: its first block that suffices is the newest of the
 * sizes that do, and finding that touches no block.
 */
export class SegregatedIndex implements FreeIndex {
  readonly #blocks: BlockSlots
  readonly #lists: StampList[] = []
  readonly #spacing: number
  readonly #granulesPerByte: number
  readonly #small: NewestBySize
  /** Sizes below this are small, in granules: where the class that holds `SMALL_SIZES` begins. */
  readonly #pastSmall: number
  /** Of each small size, the first of the next class. */
  readonly #classEnd: Uint16Array

  /** Blocks and requests are whole multiples of `granule`. */
  constructor(blocks: BlockSlots, granule: number, lists: number, spacing: number) {
    this.#blocks = blocks
    this.#spacing = spacing
    this.#granulesPerByte = 1 / granule
    for (let i = 0; i < lists; i++) this.#lists.push(new StampList(blocks))
    let past = SMALL_SIZES
    while (past > 1 && this.#classOf((past - 1) * granule) === this.#classOf(SMALL_SIZES * granule)) past--
    this.#pastSmall = past
    this.#small = new NewestBySize(blocks, past)
    this.#classEnd = new Uint16Array(past).fill(past)
    for (let size = past - 2; size > 0; size--) {
      this.#classEnd[size] = this.#classOf(size * granule) === this.#classOf((size + 1) * granule) ? this.#classEnd[size + 1]! : size + 1
    }
  }

  insert(slot: number): void {
    const bytes = this.#blocks.size[slot]!
    const granules = bytes * this.#granulesPerByte
    if (granules < this.#pastSmall) this.#small.insert(slot, granules | 0)
    else this.#lists[this.#classOf(bytes)]!.insert(slot)
  }

  remove(slot: number): void {
    const bytes = this.#blocks.size[slot]!
    const granules = bytes * this.#granulesPerByte
    if (granules < this.#pastSmall) this.#small.remove(slot, granules | 0)
    else this.#lists[this.#classOf(bytes)]!.remove(slot)
  }

  find(bytes: number): number {
    const granules = bytes * this.#granulesPerByte
    if (granules < this.#pastSmall) {
      for (let from = granules | 0; from < this.#pastSmall; from = this.#classEnd[from]!) {
        const slot = this.#small.newest(from, this.#classEnd[from]!)
        if (slot !== 0) return slot
      }
    }
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
