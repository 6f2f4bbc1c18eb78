import type { Address, Bytes } from '../../../base/units'
import type { AddressSpace } from '../../vm/address-space'
import { ProgramBreak } from '../../vm/program-break'
import { BlockSlots, SlotState } from '../block-slots'
import { AddressHeaps } from '../fit/address-heaps'
import { floorLog2 } from '../fit/free-index'
import { NO_BLOCK, type Heap } from '../heap'

export interface BuddyRules {
  readonly header: Bytes
  /** Binary logarithm of the smallest block. */
  readonly minOrder: number
  readonly capacity: Bytes
  readonly realloc: 'copy' | 'in-place-forward'
}

/*
 * Binary buddies over one block of 2^rootOrder bytes, of which only what was ever used is committed:
 *
 *   [ 16 busy ][ 16 free ][ 32 free ][ 64 free        ][ 128 ............ not committed yet
 *                                        ^ break
 *
 * A request takes the smallest sufficient order, lowest address first, and halves it. Buddies are neighbours in the
 * chain: the one after for an even place, the one before for an odd place.
 */
export class BuddyHeap implements Heap {
  readonly blocks = new BlockSlots()
  readonly base: Address
  readonly headerBytes: Bytes
  readonly granularityBytes: Bytes
  readonly #rules: BuddyRules
  readonly #break: ProgramBreak
  readonly #heaps = new AddressHeaps(this.blocks)
  /** Free blocks of each order, lowest address on top. */
  readonly #roots: Int32Array
  readonly #rootOrder: number
  readonly #first: number

  constructor(rules: BuddyRules, space: AddressSpace) {
    this.#rules = rules
    this.headerBytes = rules.header
    this.granularityBytes = 2 ** rules.minOrder
    this.#break = new ProgramBreak(space, rules.capacity)
    this.base = this.#break.start
    this.#rootOrder = Math.max(rules.minOrder, ceilLog2(Math.max(1, this.#break.room)))
    this.#roots = new Int32Array(this.#rootOrder + 1)
    this.#first = this.blocks.make(this.base, 2 ** this.#rootOrder, SlotState.Free)
    this.#insert(this.#first, this.#rootOrder)
  }

  alloc(bytes: Bytes): number {
    const order = this.#orderFor(bytes)
    const size = 2 ** order
    for (let found = order; found <= this.#rootOrder; found++) {
      const slot = this.#roots[found]!
      if (slot === 0) continue
      // A lowest block beyond the capacity says nothing about larger ones, which may lie lower.
      const lacking = this.blocks.address[slot]! + size - this.#break.end
      if (lacking > 0 && !this.#break.grow(lacking)) continue
      this.#remove(slot, found)
      for (let half = found - 1; half >= order; half--) this.#splitOff(slot, half)
      this.blocks.state[slot] = SlotState.Busy
      return slot
    }
    return NO_BLOCK
  }

  free(block: number): void {
    const { address, size, state, before, after } = this.blocks
    let slot = block
    let order = floorLog2(size[slot]!)
    state[slot] = SlotState.Free
    for (; order < this.#rootOrder; order++) {
      const bytes = size[slot]!
      const isLow = ((address[slot]! - this.base) / bytes) % 2 === 0
      const buddy = isLow ? after[slot]! : before[slot]!
      if (state[buddy] !== SlotState.Free || size[buddy] !== bytes) break
      this.#remove(buddy, order)
      const high = isLow ? buddy : slot
      slot = isLow ? slot : buddy
      size[slot] = bytes * 2
      this.blocks.unchain(high)
      this.blocks.drop(high)
    }
    state[slot] = SlotState.Free
    this.#insert(slot, order)
  }

  /** A block of the right order stays; `in-place-forward` also halves a too large one. */
  realloc(block: number, bytes: Bytes): number {
    const order = this.#orderFor(bytes)
    const old = floorLog2(this.blocks.size[block]!)
    if (this.#rules.realloc === 'in-place-forward' && order <= old) {
      for (let half = old - 1; half >= order; half--) this.#splitOff(block, half)
      return block
    }
    const moved = this.alloc(bytes)
    if (moved !== NO_BLOCK) this.free(block)
    return moved
  }

  walkFree(visit: (address: Address, bytes: Bytes) => void): void {
    const { address, size, state, after } = this.blocks
    const end = this.#break.end
    for (let slot = this.#first; slot !== 0 && address[slot]! < end; slot = after[slot]!) {
      if (state[slot] === SlotState.Free) visit(address[slot]!, Math.min(size[slot]!, end - address[slot]!))
    }
  }

  #orderFor(bytes: Bytes): number {
    return Math.max(this.#rules.minOrder, ceilLog2(Math.max(1, bytes + this.headerBytes)))
  }

  /** Gives the upper half of a block of twice 2^order to the free ones. */
  #splitOff(slot: number, order: number): void {
    const half = 2 ** order
    const blocks = this.blocks
    const upper = blocks.make(blocks.address[slot]! + half, half, SlotState.Free)
    blocks.size[slot] = half
    blocks.chainAfter(slot, upper)
    this.#insert(upper, order)
  }

  #insert(slot: number, order: number): void {
    this.#roots[order] = this.#heaps.insert(this.#roots[order]!, slot)
  }

  #remove(slot: number, order: number): void {
    this.#roots[order] = this.#heaps.remove(this.#roots[order]!, slot)
  }
}

const ceilLog2 = (value: number): number => {
  const floor = floorLog2(value)
  return 2 ** floor === value ? floor : floor + 1
}
