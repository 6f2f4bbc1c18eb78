import type { Bytes } from '../../../base/units'
import type { AddressSpace } from '../../vm/address-space'
import type { HeapObserver } from '../heap'
import { BreakHeap, type BreakRules } from './break-heap'
import { TwoLevelIndex } from './two-level-index'

export interface TlsfRules extends BreakRules {
  /** Binary logarithm of the classes per power of two. */
  readonly slLog: number
  /** Below this size the classes have equal width; a power of two. */
  readonly small: Bytes
  /** True: every block is as large as its class, as in the paper; false: only the search is rounded up. */
  readonly roundRequest: boolean
}

export class TlsfHeap extends BreakHeap {
  readonly #round: ((bytes: Bytes) => Bytes) | undefined

  constructor(rules: TlsfRules, space: AddressSpace, observer: HeapObserver) {
    super(rules, (blocks) => new TwoLevelIndex(blocks, rules.header, rules.slLog, rules.small), space, observer)
    const index = this.index as TwoLevelIndex
    this.#round = rules.roundRequest ? (bytes) => index.roundUp(bytes) : undefined
  }

  protected override consumedBytes(bytes: Bytes): Bytes {
    const consumed = super.consumedBytes(bytes)
    return this.#round === undefined ? consumed : this.#round(consumed)
  }
}
