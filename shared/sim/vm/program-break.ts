import { assert } from '../../base/assert'
import { RESERVATION_BYTES, type Address, type Bytes } from '../../base/units'
import type { AddressSpace } from './address-space'

/** The growing end of a textbook heap: one committed range from `start` to `end`, measured in exact bytes. */
export class ProgramBreak {
  readonly start: Address
  readonly #space: AddressSpace
  readonly #limit: Address
  #end: Address

  /** Starts at the lowest address of the space; `capacity` bounds end - start. */
  constructor(space: AddressSpace, capacity: Bytes) {
    assert(space.low % RESERVATION_BYTES === 0, 'a break starts at a reservation boundary')
    this.start = space.low
    this.#space = space
    this.#limit = Math.min(space.high, this.start + capacity)
    this.#end = this.start
  }

  get end(): Address {
    return this.#end
  }

  /** Bytes it can still grow by. */
  get room(): Bytes {
    return this.#limit - this.#end
  }

  /** False, and nothing changed, when the capacity or the space does not allow it. */
  grow(bytes: Bytes): boolean {
    const to = this.#end + bytes
    if (to > this.#limit || !this.#space.moveBreak(this.start, this.#end, to)) return false
    this.#end = to
    return true
  }

  shrinkTo(end: Address): void {
    assert(end >= this.start && end <= this.#end, 'a break shrinks within itself')
    this.#space.moveBreak(this.start, this.#end, end)
    this.#end = end
  }
}
