
export interface LookasideRules {
  /** Largest block that has a list, in units. */
  readonly largestUnits: number
  /** Most blocks of a list at first, and at any time. */
  readonly depth: number
  readonly maximumDepth: number
  /** Allocations of a list between two adjustments of its depth, 0 = never. */
  readonly adjustEvery: number
}

/** Below this many allocations a list is thought unused. */
const FEW_ALLOCATIONS = 75
const LEAST_DEPTH = 4

/*
 * Look-aside lists of Windows XP (nt-heap.md 4): one LIFO list per size in units, before the back end, which sees the
 * blocks in them as busy.
 *
 *   list 4 (32 bytes on x86)   newest -> ... -> oldest      at most `depth` blocks
 *
 * How depths adapt is known for the lists of the kernel (ReactOS, ntoskrnl/ex/lookas.c): an unused list shrinks by 10; a
 * list that misses grows by 5 and by half of what it lacks, times its share of misses. That is taken over here.
 */
export class LookasideLists {
  readonly #rules: LookasideRules
  readonly #units: Int32Array
  readonly #counts: Int32Array
  readonly #depths: Int32Array
  readonly #allocations: Int32Array
  readonly #misses: Int32Array

  constructor(rules: LookasideRules) {
    this.#rules = rules
    const lists = rules.largestUnits + 1
    this.#units = new Int32Array(lists * rules.maximumDepth)
    this.#counts = new Int32Array(lists)
    this.#depths = new Int32Array(lists).fill(rules.depth)
    this.#allocations = new Int32Array(lists)
    this.#misses = new Int32Array(lists)
  }

  /** The newest block of the list, 0 when it is empty. */
  take(units: number): number {
    if (++this.#allocations[units]! === this.#rules.adjustEvery) this.#adjust(units)
    const count = this.#counts[units]!
    if (count === 0) {
      this.#misses[units]!++
      return 0
    }
    this.#counts[units] = count - 1
    return this.#units[units * this.#rules.maximumDepth + count - 1]!
  }

  /** False when the list is full: the block is the back end's. */
  give(units: number, block: number): boolean {
    const count = this.#counts[units]!
    if (count >= this.#depths[units]!) return false
    this.#units[units * this.#rules.maximumDepth + count] = block
    this.#counts[units] = count + 1
    return true
  }

  countOf(units: number): number {
    return this.#counts[units]!
  }

  depthOf(units: number): number {
    return this.#depths[units]!
  }

  walk(visit: (block: number) => void): void {
    const { maximumDepth } = this.#rules
    for (let units = 0; units < this.#counts.length; units++) {
      for (let i = 0; i < this.#counts[units]!; i++) visit(this.#units[units * maximumDepth + i]!)
    }
  }

  #adjust(units: number): void {
    const { maximumDepth, depth } = this.#rules
    const allocations = this.#allocations[units]!
    const missing = Math.floor((this.#misses[units]! * 1000) / allocations)
    const old = this.#depths[units]!
    const least = Math.min(depth, LEAST_DEPTH)
    let next: number
    if (allocations < FEW_ALLOCATIONS) next = Math.max(least, old - 10)
    else if (missing < 5) next = Math.max(least, old - 1)
    else next = Math.min(maximumDepth, old + Math.floor((missing * (maximumDepth - old)) / 2000) + 5)
    // What lies beyond a smaller depth stays until it is asked for.
    this.#depths[units] = next
    this.#allocations[units] = 0
    this.#misses[units] = 0
  }
}

