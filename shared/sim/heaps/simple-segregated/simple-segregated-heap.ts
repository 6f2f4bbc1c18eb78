import { roundUp, type Address, type Bytes } from '../../../base/units'
import type { AddressSpace } from '../../vm/address-space'
import { ProgramBreak } from '../../vm/program-break'
import { BlockSlots, SlotState } from '../block-slots'
import { floorLog2, POWER_OF_TWO } from '../fit/free-index'
import { NO_BLOCK, type Heap, type HeapObserver } from '../heap'

export interface SimpleSegregatedRules {
  readonly header: Bytes
  /** Smallest class, a power of two. */
  readonly minBlock: Bytes
  /** Memory is taken and given to one class in runs of this size, or of one block where that is larger. */
  readonly pageBytes: Bytes
  /** Classes per power of two. */
  readonly spacing: number
  readonly capacity: Bytes
  readonly realloc: 'copy' | 'in-place-forward'
}

/*
 * Simple segregated storage: a page belongs to one size class for ever, its blocks are neither split nor merged.
 *
 *   page 0  [64][64][64]...     class 64:  heads -> newest freed -> ...   (linkA)
 *   page 1  [512][512]...       class 512
 */
export class SimpleSegregatedHeap implements Heap {
  readonly blocks = new BlockSlots()
  readonly base: Address
  readonly headerBytes: Bytes
  readonly granularityBytes: Bytes
  readonly #rules: SimpleSegregatedRules
  readonly #observer: HeapObserver
  readonly #break: ProgramBreak
  readonly #minPower: number
  readonly #heads: Int32Array
  #first = 0
  #last = 0

  constructor(rules: SimpleSegregatedRules, space: AddressSpace, observer: HeapObserver) {
    this.#rules = rules
    this.#observer = observer
    this.headerBytes = rules.header
    this.granularityBytes = Math.max(1, rules.minBlock / rules.spacing)
    this.#break = new ProgramBreak(space, rules.capacity)
    this.base = this.#break.start
    this.#minPower = floorLog2(rules.minBlock)
    this.#heads = new Int32Array((54 - this.#minPower) * rules.spacing + 1)
  }

  alloc(bytes: Bytes): number {
    const wanted = Math.max(this.#rules.minBlock, bytes + this.headerBytes)
    const sizeClass = this.#classOf(wanted)
    if (this.#heads[sizeClass] === 0 && !this.#takePage(sizeClass)) return NO_BLOCK
    const slot = this.#heads[sizeClass]!
    this.#heads[sizeClass] = this.blocks.linkA[slot]!
    this.blocks.state[slot] = SlotState.Busy
    return slot
  }

  free(block: number): void {
    this.#push(block, this.#classOf(this.blocks.size[block]!))
  }

  realloc(block: number, bytes: Bytes): number {
    if (this.#rules.realloc === 'in-place-forward') {
      const wanted = this.#classOf(Math.max(this.#rules.minBlock, bytes + this.headerBytes))
      if (wanted === this.#classOf(this.blocks.size[block]!)) return block
    }
    const moved = this.alloc(bytes)
    if (moved !== NO_BLOCK) this.free(block)
    return moved
  }

  walkFree(visit: (address: Address, bytes: Bytes) => void): void {
    const { address, size, state, after } = this.blocks
    for (let slot = this.#first; slot !== 0; slot = after[slot]!) {
      if (state[slot] === SlotState.Free) visit(address[slot]!, size[slot]!)
    }
  }

  /** Smallest class whose blocks hold `bytes`; class c of power p holds (1 + c / spacing) * 2^p. */
  #classOf(bytes: Bytes): number {
    const { spacing } = this.#rules
    const power = floorLog2(bytes)
    const least = POWER_OF_TWO[power]!
    const step = spacing === 1 ? (least === bytes ? 0 : 1) : Math.ceil((bytes / least - 1) * spacing)
    return (power - this.#minPower) * spacing + step
  }

  #blockBytes(sizeClass: number): Bytes {
    const { spacing } = this.#rules
    return 2 ** (this.#minPower + Math.floor(sizeClass / spacing)) * (1 + (sizeClass % spacing) / spacing)
  }

  #takePage(sizeClass: number): boolean {
    const size = this.#blockBytes(sizeClass)
    const run = roundUp(size, this.#rules.pageBytes)
    const start = this.#break.end
    if (!this.#break.grow(run)) return false
    const count = size >= this.#rules.pageBytes ? 1 : Math.floor(run / size)
    const firstNew = this.#last
    for (let i = 0; i < count; i++) this.#append(start + i * size, size)
    // Pushed from the top, so that the lowest block is served first.
    for (let slot = this.#last; slot !== firstNew; slot = this.blocks.before[slot]!) this.#push(slot, sizeClass)
    if (count * size < run) this.#observer.internal(start + count * size, run - count * size)
    return true
  }

  #append(address: Address, size: Bytes): void {
    const slot = this.blocks.make(address, size, SlotState.Free)
    if (this.#last === 0) this.#first = slot
    else this.blocks.chainAfter(this.#last, slot)
    this.#last = slot
  }

  #push(slot: number, sizeClass: number): void {
    this.blocks.state[slot] = SlotState.Free
    this.blocks.linkA[slot] = this.#heads[sizeClass]!
    this.#heads[sizeClass] = slot
  }
}
