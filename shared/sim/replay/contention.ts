import type { ContentionFigures } from '../../model/run'

/**
 * Estimates how often threads would wait for one another. The model: each call takes one lock, the one of the part of
 * the heap that serves it (Heap.lock; a heap that tells none has one for everything), and a trace's order of events says
 * which calls are near in time. A call counts as contended when, among the `window` calls of the trace before it,
 * another thread took the same lock.
 *
 *   event    1  2  3  4  5       window 2
 *   thread   0  1  1  0  0
 *   lock     A  A  B  B  A
 *   counts      x     x          5 does not: the last other thread at A was 3 calls before
 *
 * It says which heap keeps threads apart better, not how long anyone waits: no trace tells that.
 */
export class ContentionMeter {
  readonly #window: number
  /** By lock: event and thread of its last call, and event of the last one by another thread than that. */
  #event = new Float64Array(16).fill(-Infinity)
  #other = new Float64Array(16).fill(-Infinity)
  #thread = new Int32Array(16).fill(-1)
  #calls = 0
  #contended = 0

  constructor(window: number) {
    this.#window = window
  }

  /** A call of `thread`, a small number, that took `lock`, another, or none (-1). Events ascend. */
  meet(event: number, thread: number, lock: number): void {
    this.#calls++
    if (lock < 0) return
    if (lock >= this.#thread.length) this.#grow(lock)
    const isSame = this.#thread[lock] === thread
    const rival = isSame ? this.#other[lock]! : this.#event[lock]!
    if (event - rival <= this.#window) this.#contended++
    if (!isSame) {
      this.#other[lock] = this.#event[lock]!
      this.#thread[lock] = thread
    }
    this.#event[lock] = event
  }

  figures(threads: number): ContentionFigures {
    return { window: this.#window, threads, calls: this.#calls, contendedCalls: this.#contended }
  }

  #grow(lock: number): void {
    const length = Math.max(lock + 1, this.#thread.length * 2)
    const event = new Float64Array(length).fill(-Infinity)
    event.set(this.#event)
    this.#event = event
    const other = new Float64Array(length).fill(-Infinity)
    other.set(this.#other)
    this.#other = other
    const thread = new Int32Array(length).fill(-1)
    thread.set(this.#thread)
    this.#thread = thread
  }
}

/** Numbers the threads of a trace from 0 in the order they come: their own numbers may be anything, and often multiples of 4. */
export class ThreadNumbers {
  readonly #numbers = new Map<number, number>()
  #last = -1
  #lastNumber = 0

  /** Threads met so far. */
  get count(): number {
    return this.#numbers.size
  }

  of(thread: number): number {
    // Most calls come from the thread of the call before: the map is asked at changes only.
    if (thread === this.#last) return this.#lastNumber
    let number = this.#numbers.get(thread)
    if (number === undefined) {
      number = this.#numbers.size
      this.#numbers.set(thread, number)
    }
    this.#last = thread
    this.#lastNumber = number
    return number
  }
}
