import { assert } from '../../base/assert'
import { NONE, PAGE_BYTES, RESERVATION_BYTES, roundDown, roundUp, type Address, type Bytes } from '../../base/units'
import { RegionState } from '../../model/region-table'
import type { HeapMemory } from './heap-memory'

/*
 * A simulated user address space, tiled by runs of one state and one owner:
 *
 *   start   0x10000     0x20000      0x21000          0x120000
 *   state   Free        Committed    Reserved         Free          ... up to `high`
 *   owner   -           0x20000      0x20000          -
 *
 * `owner` is the base of the reservation a run belongs to. Plain arrays of numbers: a space holds at most a few
 * thousand runs and heaps change them once per page or more, never once per event.
 */

/** First address a program may use, and the end of the user half of a 32-bit space (vm.md: 0x10000..0x7FFEFFFF). */
export const USER_LOW_32: Address = 0x10000
export const USER_HIGH_32: Address = 0x7fff0000
/** End of the user half of a 64-bit space (128 TB). */
export const USER_HIGH_64: Address = 2 ** 47 - RESERVATION_BYTES

/** Told once for every range whose state really changes, in the order of the changes. */
export type RegionListener = (base: Address, bytes: Bytes, state: RegionState) => void

export interface AddressSpaceLimits {
  readonly low: Address
  readonly high: Address
}

const NO_OWNER = 0

export class AddressSpace implements HeapMemory {
  readonly low: Address
  readonly high: Address
  committedBytes: Bytes = 0
  readonly #listener: RegionListener
  readonly #starts: number[]
  readonly #states: RegionState[]
  readonly #owners: number[]

  constructor(listener: RegionListener = () => {}, limits: AddressSpaceLimits = { low: USER_LOW_32, high: USER_HIGH_32 }) {
    assert(limits.low > 0 && limits.low < limits.high, 'an address space is a range above zero')
    this.low = limits.low
    this.high = limits.high
    this.#listener = listener
    this.#starts = [limits.low]
    this.#states = [RegionState.Free]
    this.#owners = [NO_OWNER]
  }

  /**
   * Reserves whole 64 KiB granules at the lowest address with room, at a multiple of `alignment` (a power of two from
   * 64 KiB on); returns the base, NONE when nothing fits.
   */
  reserve(bytes: Bytes, alignment: Bytes = RESERVATION_BYTES): Address {
    const size = roundUp(bytes, RESERVATION_BYTES)
    for (let run = 0; run < this.#starts.length; run++) {
      if (this.#states[run] !== RegionState.Free) continue
      const base = roundUp(this.#starts[run]!, alignment)
      if (base + size <= this.#end(run)) return this.#takeFree(base, size)
    }
    return NONE
  }

  /** As `reserve`, but at the highest address with room: for memory that must not stand in a growing break's way. */
  reserveHigh(bytes: Bytes): Address {
    const size = roundUp(bytes, RESERVATION_BYTES)
    for (let run = this.#starts.length - 1; run >= 0; run--) {
      if (this.#states[run] !== RegionState.Free) continue
      const base = roundDown(this.#end(run) - size, RESERVATION_BYTES)
      if (base >= this.#starts[run]!) return this.#takeFree(base, size)
    }
    return NONE
  }

  /** Reserves at a given address, rounded down to 64 KiB; NONE when a part of it is taken or outside. */
  reserveAt(address: Address, bytes: Bytes): Address {
    const base = roundDown(address, RESERVATION_BYTES)
    const size = roundUp(address + bytes, PAGE_BYTES) - base
    return this.#isAll(base, size, RegionState.Free, NO_OWNER) ? this.#takeFree(base, size) : NONE
  }

  /** Commits the pages that touch the range; false when a part of it is not reserved. Committed pages stay as they are. */
  commit(address: Address, bytes: Bytes): boolean {
    return this.#changeReserved(address, bytes, RegionState.Committed)
  }

  /** Gives the pages that touch the range back to the reservation; false when a part of it is not reserved. */
  decommit(address: Address, bytes: Bytes): boolean {
    return this.#changeReserved(address, bytes, RegionState.Reserved)
  }

  /** Releases the whole reservation at exactly this base; false when there is none. */
  release(base: Address): boolean {
    let run = this.#runAt(base)
    if (run === NONE || this.#starts[run] !== base || this.#owners[run] !== base) return false
    while (run + 1 < this.#starts.length && this.#owners[run + 1] === base) run++
    this.#change(base, this.#end(run), RegionState.Free, NO_OWNER)
    return true
  }

  /** End of the reservation at `base`. */
  reservedEnd(base: Address): Address {
    let run = this.#runAt(base)
    assert(run !== NONE && this.#owners[run] === base, 'a reservation begins here')
    while (run + 1 < this.#starts.length && this.#owners[run + 1] === base) run++
    return this.#end(run)
  }

  /**
   * Moves the end of a program break from `from` to `to`, in bytes: what lies between becomes committed (growing)
   * or free (shrinking). No pages here: textbook heaps are measured in exact bytes. False when the space is taken.
   */
  moveBreak(owner: Address, from: Address, to: Address): boolean {
    if (to > from) {
      if (!this.#isAll(from, to - from, RegionState.Free, NO_OWNER)) return false
      this.#change(from, to, RegionState.Committed, owner)
    } else if (to < from) {
      assert(this.#isAll(to, from - to, RegionState.Committed, owner), 'a break shrinks over its own bytes')
      this.#change(to, from, RegionState.Free, NO_OWNER)
    }
    return true
  }

  stateAt(address: Address): RegionState {
    const run = this.#runAt(address)
    return run === NONE ? RegionState.Free : this.#states[run]!
  }

  /** Visits the runs in address order; neighbours differ in state or reservation. */
  walk(visit: (base: Address, bytes: Bytes, state: RegionState, reservation: Address) => void): void {
    for (let run = 0; run < this.#starts.length; run++) {
      const base = this.#starts[run]!
      visit(base, this.#end(run) - base, this.#states[run]!, this.#owners[run]!)
    }
  }

  #takeFree(base: Address, size: Bytes): Address {
    this.#change(base, base + size, RegionState.Reserved, base)
    return base
  }

  #changeReserved(address: Address, bytes: Bytes, state: RegionState): boolean {
    const from = roundDown(address, PAGE_BYTES)
    const to = roundUp(address + bytes, PAGE_BYTES)
    const run = this.#runAt(from)
    if (run === NONE || this.#owners[run] === NO_OWNER) return false
    const owner = this.#owners[run]!
    for (let i = run; i < this.#starts.length && this.#starts[i]! < to; i++) if (this.#owners[i] !== owner) return false
    if (to > this.high) return false
    this.#change(from, to, state, owner)
    return true
  }

  #isAll(base: Address, size: Bytes, state: RegionState, owner: Address): boolean {
    const run = this.#runAt(base)
    if (run === NONE || base + size > this.high) return false
    for (let i = run; i < this.#starts.length && this.#starts[i]! < base + size; i++) {
      if (this.#states[i] !== state || this.#owners[i] !== owner) return false
    }
    return true
  }

  #end(run: number): Address {
    return run + 1 < this.#starts.length ? this.#starts[run + 1]! : this.high
  }

  /** Index of the run that holds the address, NONE outside. */
  #runAt(address: Address): number {
    if (address < this.low || address >= this.high) return NONE
    let low = 0
    let high = this.#starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (this.#starts[middle]! <= address) low = middle
      else high = middle - 1
    }
    return low
  }

  /** Makes `at` the start of a run and returns that run. */
  #split(at: Address): number {
    if (at >= this.high) return this.#starts.length
    const run = this.#runAt(at)
    if (this.#starts[run] === at) return run
    this.#starts.splice(run + 1, 0, at)
    this.#states.splice(run + 1, 0, this.#states[run]!)
    this.#owners.splice(run + 1, 0, this.#owners[run]!)
    return run + 1
  }

  #change(from: Address, to: Address, state: RegionState, owner: Address): void {
    const first = this.#split(from)
    const past = this.#split(to)
    for (let run = first; run < past; run++) {
      const before = this.#states[run]!
      this.#states[run] = state
      this.#owners[run] = owner
      if (before === state) continue
      const bytes = this.#end(run) - this.#starts[run]!
      if (before === RegionState.Committed) this.committedBytes -= bytes
      else if (state === RegionState.Committed) this.committedBytes += bytes
      this.#listener(this.#starts[run]!, bytes, state)
    }
    for (let run = Math.min(past, this.#starts.length - 1); run >= Math.max(1, first); run--) this.#joinWithPrevious(run)
  }

  #joinWithPrevious(run: number): void {
    if (this.#states[run] !== this.#states[run - 1] || this.#owners[run] !== this.#owners[run - 1]) return
    this.#starts.splice(run, 1)
    this.#states.splice(run, 1)
    this.#owners.splice(run, 1)
  }
}
