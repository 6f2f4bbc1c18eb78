import { assert } from '../../base/assert'
import type { Address, Bytes } from '../../base/units'
import type { Section } from './section'
import type { MemoryType } from './memory-constants'

/** What one VirtualAlloc reserved or one MapViewOfFile mapped. */
export interface Allocation {
  readonly base: Address
  readonly bytes: Bytes
  /** PAGE_* it was made with. */
  readonly protect: number
  readonly type: MemoryType
  /** Who made it, for the list of regions. */
  owner: string
  /** Memory of a heap or of the system: calls of the program that would take it away are refused. */
  readonly isKept: boolean
  /** Of a view: the section and where the view begins in it. */
  readonly section: Section | undefined
  readonly sectionOffset: Bytes
}

/*
 * An address space tiled by runs of pages of one allocation and one protection:
 *
 *   start        0x10000   0x20000   0x21000            0x120000
 *   allocation   -         A         A                  -          ... up to `high`
 *   protect      0         READWRITE 0 (reserved)       0
 *
 * Plain arrays: a space holds a few thousand runs, and calls change them, not single accesses.
 */
export class PageRuns {
  readonly low: Address
  readonly high: Address
  readonly #starts: number[]
  readonly #allocations: (Allocation | undefined)[]
  readonly #protects: number[]

  constructor(low: Address, high: Address) {
    this.low = low
    this.high = high
    this.#starts = [low]
    this.#allocations = [undefined]
    this.#protects = [0]
  }

  get length(): number {
    return this.#starts.length
  }

  start(run: number): Address {
    return this.#starts[run]!
  }

  end(run: number): Address {
    return run + 1 < this.#starts.length ? this.#starts[run + 1]! : this.high
  }

  allocation(run: number): Allocation | undefined {
    return this.#allocations[run]
  }

  /** PAGE_* of committed pages, 0 when reserved or free. */
  protect(run: number): number {
    return this.#protects[run]!
  }

  /** Run that holds the address; -1 outside the space. */
  find(address: Address): number {
    if (!(address >= this.low && address < this.high)) return -1
    const starts = this.#starts
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (starts[middle]! <= address) low = middle
      else high = middle - 1
    }
    return low
  }

  /** Whether [from, to) lies in one allocation (undefined = free space). */
  isWithin(from: Address, to: Address, allocation: Allocation | undefined): boolean {
    const first = this.find(from)
    if (first < 0 || to > this.high) return false
    for (let run = first; run < this.length && this.#starts[run]! < to; run++) if (this.#allocations[run] !== allocation) return false
    return true
  }

  /** Lowest (or highest) base that is a multiple of `granule` and has `bytes` free bytes behind it; -1 when there is none. */
  findFree(bytes: Bytes, granule: Bytes, topDown: boolean): Address {
    const last = this.length - 1
    for (let i = 0; i <= last; i++) {
      const run = topDown ? last - i : i
      if (this.#allocations[run] !== undefined) continue
      const lowest = Math.ceil(this.start(run) / granule) * granule
      const highest = Math.floor((this.end(run) - bytes) / granule) * granule
      if (highest >= lowest) return topDown ? highest : lowest
    }
    return -1
  }

  /** Gives [from, to) to an allocation (undefined = frees it) with one protection. */
  assign(from: Address, to: Address, allocation: Allocation | undefined, protect: number): void {
    assert(from < to && from >= this.low && to <= this.high, 'a run lies within the space')
    const first = this.#split(from)
    const past = this.#split(to)
    this.#starts.splice(first + 1, past - first - 1)
    this.#allocations.splice(first, past - first, allocation)
    this.#protects.splice(first, past - first, protect)
    this.#join(first + 1)
    this.#join(first)
  }

  /** Calls `visit` for the parts of [from, to) in address order; they must not be changed meanwhile. */
  forEach(from: Address, to: Address, visit: (from: Address, to: Address, allocation: Allocation | undefined, protect: number) => void): void {
    for (let run = this.find(from); run >= 0 && run < this.length && this.start(run) < to; run++) {
      visit(Math.max(from, this.start(run)), Math.min(to, this.end(run)), this.#allocations[run], this.#protects[run]!)
    }
  }

  /** Makes `at` the start of a run and returns that run. */
  #split(at: Address): number {
    if (at >= this.high) return this.#starts.length
    const run = this.find(at)
    if (this.#starts[run] === at) return run
    this.#starts.splice(run + 1, 0, at)
    this.#allocations.splice(run + 1, 0, this.#allocations[run])
    this.#protects.splice(run + 1, 0, this.#protects[run]!)
    return run + 1
  }

  /** Joins a run with its predecessor when they are alike. */
  #join(run: number): void {
    if (run < 1 || run >= this.length) return
    if (this.#allocations[run] !== this.#allocations[run - 1] || this.#protects[run] !== this.#protects[run - 1]) return
    this.#starts.splice(run, 1)
    this.#allocations.splice(run, 1)
    this.#protects.splice(run, 1)
  }
}
