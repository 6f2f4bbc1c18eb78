import type { Bytes } from '../../../base/units'
import type { AddressSpace } from '../../vm/address-space'
import type { HeapObserver } from '../heap'
import { BreakHeap, type BreakRules } from './break-heap'
import { TwoLevelIndex } from './two-level-index'
import { WildernessIndex } from './wilderness-index'

export interface TlsfRules extends BreakRules {
  /** Binary logarithm of the classes per power of two. */
  readonly slLog: number
  /** Below this size the classes have equal width; a power of two. */
  readonly small: Bytes
  /** True: every block is as large as its class, as in the paper; false: only the search is rounded up. */
  readonly roundRequest: boolean
}

/**
 * TLSF over one program break. The paper manages pools of fixed size; here what lies between the last busy block and
 * the break is the pool's unused end: the lists do not hold it, it serves what they cannot, and it may have any size.
 * Without merging such ends would pile up, so then the last block is a block like any other.
 */
export class TlsfHeap extends BreakHeap {
  readonly #round: ((bytes: Bytes) => Bytes) | undefined
  readonly #keepsWilderness: boolean

  constructor(rules: TlsfRules, space: AddressSpace, observer: HeapObserver) {
    const keepsWilderness = rules.coalesce !== 'never'
    let classes!: TwoLevelIndex
    super(
      rules,
      (blocks, _origin, _span, mark) => {
        classes = new TwoLevelIndex(blocks, rules.header, rules.slLog, rules.small)
        return keepsWilderness ? new WildernessIndex(blocks, mark, classes) : classes
      },
      space,
      observer,
    )
    this.#keepsWilderness = keepsWilderness
    this.#round = rules.roundRequest ? (bytes) => classes.roundUp(bytes) : undefined
  }

  protected override consumedBytes(bytes: Bytes): Bytes {
    const consumed = super.consumedBytes(bytes)
    return this.#round === undefined ? consumed : this.#round(consumed)
  }

  /** The unused end may have any size. No other remainder is smaller than its granule, so few neighbours are looked at. */
  protected override splits(slot: number, rest: Bytes): boolean {
    return super.splits(slot, rest) || (this.#keepsWilderness && rest >= this.rules.align && this.blocks.after[slot] === this.mark)
  }
}
