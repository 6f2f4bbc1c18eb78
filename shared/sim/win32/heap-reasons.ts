import { type Reason, reasonOf } from '../profiles/reasons/reason-rows'
import type { ReasonTable } from '../profiles/reasons/reason-text'
import type { Explainer } from '../heaps/explain'

/** Why a heap of a process took or gave back memory. */
export interface HeapGrowth extends Reason {
  /** Number of the call that made it, from 1; 0 = before the first. */
  readonly call: number
  /** Which change of the heap's memory it was, from 1. */
  readonly number: number
}

/** What the manager of one heap tells: of each busy block the last word, and the last change of its memory. */
export class HeapReasons implements Explainer {
  readonly #table: ReasonTable
  readonly #callNow: () => number
  #told = { code: 0, a: 0, b: 0 }
  #codes = new Uint8Array(64)
  #a = new Float64Array(64)
  #b = new Float64Array(64)
  #growths = 0
  #grown = { call: 0, code: 0, a: 0, b: 0 }

  constructor(table: ReasonTable, callNow: () => number) {
    this.#table = table
    this.#callNow = callNow
  }

  placed(code: number, a: number, b: number): void {
    this.#told.code = code
    this.#told.a = a
    this.#told.b = b
  }

  grew(code: number, a: number, b: number): void {
    this.#growths++
    this.#grown = { call: this.#callNow(), code, a, b }
  }

  /** What was told last is about this block. */
  keep(block: number): void {
    if (block >= this.#codes.length) this.#grow(block)
    this.#codes[block] = this.#told.code
    this.#a[block] = this.#told.a
    this.#b[block] = this.#told.b
    this.#told.code = 0
  }

  /** Of a busy block. */
  ofBlock(block: number): Reason {
    return reasonOf(this.#table.placed, this.#codes[block] ?? 0, this.#a[block] ?? 0, this.#b[block] ?? 0)
  }

  /** The last change; null while there was none. */
  lastGrowth(): HeapGrowth | null {
    const { call, code, a, b } = this.#grown
    return this.#growths === 0 ? null : { call, number: this.#growths, ...reasonOf(this.#table.grown, code, a, b) }
  }

  #grow(block: number): void {
    const length = Math.max(block + 1, this.#codes.length * 2)
    const codes = new Uint8Array(length)
    codes.set(this.#codes)
    const [a, b] = [new Float64Array(length), new Float64Array(length)]
    a.set(this.#a)
    b.set(this.#b)
    this.#codes = codes
    this.#a = a
    this.#b = b
  }
}
