import type { Address, Bytes } from '../base/units'
import type { ProcessMemory } from '../model/process-memory'

/** Large enough that reading costs little per block, small enough that a jump over a big block wastes little. */
const WINDOW_BYTES = 256 * 1024

/** A part of memory that moves along with a walk upwards. `bytes[i]` stands at `base + i`. */
export class Window {
  bytes = new Uint8Array(0)
  base: Address = 0
  end: Address = 0
  readonly #memory: ProcessMemory

  constructor(memory: ProcessMemory) {
    this.#memory = memory
  }

  /** Makes [address, address + length) readable below `limit`; false when memory ends before. */
  cover(address: Address, length: Bytes, limit: Address): boolean {
    if (address >= this.base && address + length <= this.end) return true
    const wanted = Math.max(length, Math.min(WINDOW_BYTES, limit - address))
    this.bytes = this.#memory.read(address, wanted) as Uint8Array<ArrayBuffer>
    this.base = address
    this.end = address + this.bytes.length
    return this.bytes.length >= length
  }
}
