import { assert } from '../../base/assert'
import type { Bytes } from '../../base/units'

/** Pages promised against physical memory plus page file. */
export class CommitLimit {
  readonly limitBytes: Bytes
  #charged: Bytes = 0
  #peak: Bytes = 0

  constructor(limitBytes: Bytes) {
    this.limitBytes = limitBytes
  }

  get chargedBytes(): Bytes {
    return this.#charged
  }

  get peakBytes(): Bytes {
    return this.#peak
  }

  /** False, and nothing charged, when the limit would be passed. */
  take(bytes: Bytes): boolean {
    if (this.#charged + bytes > this.limitBytes) return false
    this.#charged += bytes
    this.#peak = Math.max(this.#peak, this.#charged)
    return true
  }

  give(bytes: Bytes): void {
    assert(bytes <= this.#charged, 'only charged memory is given back')
    this.#charged -= bytes
  }
}
