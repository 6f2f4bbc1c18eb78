import { NONE, type Address, type Bytes } from '../../../base/units'
import type { AddressSpace } from '../../vm/address-space'
import type { HeapObserver } from '../heap'
import { WORD_BYTES } from './ptmalloc-rules'

/** Chunks with memory of their own, from the top of the space down, where they are in nobody's way. */
export class Mappings {
  readonly #space: AddressSpace
  readonly #observer: HeapObserver
  bytes = 0

  constructor(space: AddressSpace, observer: HeapObserver) {
    this.#space = space
    this.#observer = observer
  }

  /** Address of the block in a fresh mapping of whole pages, NONE when there is no room. */
  map(bytes: Bytes): Address {
    const base = this.#space.reserveHigh(bytes)
    if (base === NONE) return NONE
    if (!this.#space.commit(base, bytes)) {
      this.#space.release(base)
      return NONE
    }
    this.#observer.internal(base, WORD_BYTES)
    this.bytes += bytes
    return base + WORD_BYTES
  }

  unmap(block: Address, bytes: Bytes): void {
    const base = block - WORD_BYTES
    this.#observer.internalEnd?.(base)
    this.#space.release(base)
    this.bytes -= bytes
  }
}
