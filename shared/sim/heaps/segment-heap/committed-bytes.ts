import type { Address, Bytes } from '../../../base/units'
import type { HeapMemory } from '../../vm/heap-memory'

/** Commits and gives back pages of one heap, never more than its capacity at a time. */
export class CommittedBytes {
  readonly space: HeapMemory
  readonly #capacity: Bytes
  #bytes: Bytes = 0

  constructor(space: HeapMemory, capacity: Bytes) {
    this.space = space
    this.#capacity = capacity
  }

  get total(): Bytes {
    return this.#bytes
  }

  /** Commits a range of which `fresh` bytes are not yet; false, and nothing changed, when that is too much. */
  commit(address: Address, bytes: Bytes, fresh: Bytes): boolean {
    if (this.#bytes + fresh > this.#capacity || !this.space.commit(address, bytes)) return false
    this.#bytes += fresh
    return true
  }

  /** Gives back a range of which `bytes` are committed. */
  decommit(address: Address, span: Bytes, bytes: Bytes): void {
    this.space.decommit(address, span)
    this.#bytes -= bytes
  }

  /** Releases the reservation at `base`, of which `bytes` are committed. */
  release(base: Address, bytes: Bytes): void {
    this.space.release(base)
    this.#bytes -= bytes
  }
}
