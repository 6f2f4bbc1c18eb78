import type { Bytes } from '../../../base/units'
import type { AddressSpace } from '../../vm/address-space'
import { AddressIndex } from '../fit/address-index'
import { BreakHeap, type BreakRules } from '../fit/break-heap'
import { NO_BLOCK, type HeapObserver } from '../heap'

export interface LookasideRules extends BreakRules {
  /** Most blocks one list holds; 0 = no lists. */
  readonly depth: number
  /** Largest consumed size that has a list. */
  readonly largest: Bytes
}

/*
 * Look-aside lists before a first-fit back end, to teach what caching hides. Not the lists of a certain Windows: their
 * depths change with use there.
 *
 *   list of 32   #4 -> #3 -> #2 -> #1       last freed, first served
 *   back end     [#1 busy][#2 busy][#3 busy][#4 busy][#5 free]     cached blocks are busy for it: they never merge
 */
export class LookasideHeap extends BreakHeap {
  readonly #depth: number
  readonly #largest: Bytes
  readonly #observer: HeapObserver
  /** Blocks of each list, `depth` places a list; the list of a size is its number of granules. */
  readonly #lists: Int32Array
  readonly #counts: Int32Array

  constructor(rules: LookasideRules, space: AddressSpace, observer: HeapObserver) {
    super(rules, (blocks, origin, span) => new AddressIndex(blocks, origin, span), space, observer)
    this.#depth = rules.depth
    this.#largest = rules.largest
    this.#observer = observer
    const lists = Math.floor(rules.largest / rules.align) + 1
    this.#lists = new Int32Array(lists * rules.depth)
    this.#counts = new Int32Array(lists)
  }

  override alloc(bytes: Bytes): number {
    const consumed = this.consumedBytes(bytes)
    const list = consumed / this.rules.align
    if (consumed > this.#largest || this.#counts[list] === 0) return super.alloc(bytes)
    this.#counts[list]!--
    const block = this.#lists[list * this.#depth + this.#counts[list]!]!
    this.#observer.uncached?.(block)
    return block
  }

  override free(block: number): void {
    if (block === NO_BLOCK) return
    const size = this.blocks.size[block]!
    const list = size / this.rules.align
    if (size > this.#largest || this.#counts[list]! >= this.#depth) {
      super.free(block)
      return
    }
    this.#lists[list * this.#depth + this.#counts[list]!] = block
    this.#counts[list]!++
    this.#observer.cached?.(block)
  }
}
