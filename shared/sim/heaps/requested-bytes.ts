import type { Bytes } from '../../base/units'

/** In place of requests that are in a table of their own. */
const LARGE = 0xffff

/** What was asked for, by number of the block: two bytes each, for every request writes one. */
export class RequestedBytes {
  #bytes = new Uint16Array(64)
  /** Those of 65,535 bytes and more, by number of the block too; empty until there is one. */
  #large = new Float64Array(0)

  put(block: number, bytes: Bytes): void {
    if (block >= this.#bytes.length) this.#grow(block)
    if (bytes >= LARGE) this.#putLarge(block, bytes)
    this.#bytes[block] = Math.min(bytes, LARGE)
  }

  /** Of the last `put` for the block. */
  of(block: number): Bytes {
    const bytes = this.#bytes[block]!
    return bytes === LARGE ? this.#large[block]! : bytes
  }

  #putLarge(block: number, bytes: Bytes): void {
    if (block >= this.#large.length) {
      const longer = new Float64Array(this.#bytes.length)
      longer.set(this.#large)
      this.#large = longer
    }
    this.#large[block] = bytes
  }

  #grow(block: number): void {
    const longer = new Uint16Array(Math.max(block + 1, 2 * this.#bytes.length))
    longer.set(this.#bytes)
    this.#bytes = longer
  }
}
