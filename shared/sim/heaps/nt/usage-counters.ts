export interface ActivationRules {
  /** A size is scheduled for the front end by the allocation that makes more than this many alive ... */
  readonly armAt: number
  /** ... or by so many in all; 0 = never. */
  readonly armTotal: number
}

/** Sizes that are counted before the front end exists: the first table of hints has 128 (nt-heap.md 3.1, 5.1). */
const FIRST_SIZES = 0x80

/**
 * When a size goes to the front end (nt-heap.md 5.1): the back end's allocations are counted by units, frees are taken
 * off. The first size to reach the count has the front end made, and is given to it by its next allocation; later ones
 * are given to it at once. Either way the allocation that does it is still the back end's. A size stays given.
 */
export class UsageCounters {
  exists = false
  readonly #rules: ActivationRules
  readonly #live: Uint32Array
  readonly #total: Uint32Array
  readonly #served: Uint8Array

  constructor(rules: ActivationRules, largestUnits: number) {
    this.#rules = rules
    this.#live = new Uint32Array(largestUnits + 1)
    this.#total = new Uint32Array(largestUnits + 1)
    this.#served = new Uint8Array(largestUnits + 1)
  }

  isServed(units: number): boolean {
    return this.#served[units] === 1
  }

  /** Counts an allocation by the back end; true when the front end must be made now. */
  allocated(units: number): boolean {
    if (!this.exists && units >= FIRST_SIZES) return false
    const { armAt, armTotal } = this.#rules
    const live = ++this.#live[units]!
    const total = ++this.#total[units]!
    if (live <= armAt && (armTotal === 0 || total < armTotal)) return false
    if (this.exists) {
      this.#served[units] = 1
      return false
    }
    this.exists = true
    return true
  }

  freed(units: number): void {
    if (this.#live[units]! > 0) this.#live[units]!--
  }

  /** Allocations of the size that were counted. */
  totalOf(units: number): number {
    return this.#total[units]!
  }
}
