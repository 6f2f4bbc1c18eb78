import type { Bytes } from '../../base/units'

/** In place of requests that are in a table of their own. */
const LARGE = 0xffffffff

/** What was asked for, by number of the block: four bytes each, for every request writes one. */
export class RequestedBytes {
  #bytes = new Uint32Array(64)
  /** Those of 4 GiB and more. */
  readonly #large = new Map<number, Bytes>()

  put(block: number, bytes: Bytes): void {
    if (block >= this.#bytes.length) this.#grow(block)
    if (bytes >= LARGE) this.#large.set(block, bytes)
    this.#bytes[block] = Math.min(bytes, LARGE)
  }

  /** Of the last `put` for the block. */
  of(block: number): Bytes {
    const bytes = this.#bytes[block]!
    return bytes === LARGE ? this.#large.get(block)! : bytes
  }

  #grow(block: number): void {
    const longer = new Uint32Array(Math.max(block + 1, 2 * this.#bytes.length))
    longer.set(this.#bytes)
    this.#bytes = longer
  }
}
