import type { Address, Bytes } from '../base/units'
import type { ProcessMemory } from '../model/process-memory'

/** A walk from block to block reads in large pieces; one that jumps from big block to big block reads little of each. */
const MOST_BYTES = 256 * 1024
const LEAST_BYTES = 4096

/** A part of memory that moves along with a walk upwards. `bytes[i]` stands at `base + i`. */
export class Window {
  bytes = new Uint8Array(0)
  base: Address = 0
  end: Address = 0
  readonly #memory: ProcessMemory
  #wanted: Bytes = LEAST_BYTES

  constructor(memory: ProcessMemory) {
    this.#memory = memory
  }

  /** Makes [address, address + length) readable below `limit`; false when memory ends before. */
  cover(address: Address, length: Bytes, limit: Address): boolean {
    if (address >= this.base && address + length <= this.end) return true
    // Going on where the last piece ended doubles the next one.
    const goesOn = address >= this.base && address < this.end + LEAST_BYTES
    this.#wanted = goesOn ? Math.min(MOST_BYTES, 2 * this.#wanted) : LEAST_BYTES
    this.bytes = this.#memory.read(address, Math.max(length, Math.min(this.#wanted, limit - address))) as Uint8Array<ArrayBuffer>
    this.base = address
    this.end = address + this.bytes.length
    return this.bytes.length >= length
  }
}
