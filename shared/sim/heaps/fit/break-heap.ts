import type { Address, Bytes } from '../../../base/units'
import { roundDown, roundUp } from '../../../base/units'
import type { AddressSpace } from '../../vm/address-space'
import { ProgramBreak } from '../../vm/program-break'
import { FitGrown } from '../../profiles/reasons/fit-reasons'
import type { BlockSlots } from '../block-slots'
import type { HeapObserver } from '../heap'
import { FitHeap, type FitRules } from './fit-heap'
import type { FreeIndex } from './free-index'

export interface BreakRules extends FitRules {
  /** Bytes the heap keeps for itself before the first block. */
  readonly base: Bytes
  /** Free bytes to start with. */
  readonly initial: Bytes
  /** Least growth. */
  readonly chunk: Bytes
  /** Grow only by what a free last block lacks. */
  readonly growExact: boolean
  /** Bound of the whole heap. */
  readonly capacity: Bytes
  /** A free last block of at least this size is given back; 0 = never. */
  readonly trim: Bytes
}

/** `mark` is the slot that ends the range. */
export type MakeIndex = (blocks: BlockSlots, origin: Address, span: Bytes, mark: number) => FreeIndex

/** A fit heap over one program break, as in the textbooks: its footprint is the distance from start to break. */
export class BreakHeap extends FitHeap {
  readonly base: Address
  protected override readonly index: FreeIndex
  protected override readonly rangeCount = 1
  readonly #breakRules: BreakRules
  readonly #break: ProgramBreak
  protected readonly mark: number
  #first = 0

  constructor(rules: BreakRules, makeIndex: MakeIndex, space: AddressSpace, observer: HeapObserver) {
    super(rules, observer.explain)
    this.#breakRules = rules
    this.#break = new ProgramBreak(space, rules.capacity)
    this.base = this.#break.start
    if (rules.base > 0 && this.#break.grow(rules.base)) observer.internal(this.base, rules.base)
    this.mark = this.makeMark(this.#break.end)
    this.index = makeIndex(this.blocks, this.base, rules.capacity, this.mark)
    const initial = Math.min(roundUp(rules.initial, rules.align), roundDown(this.#break.room, rules.align))
    if (initial > 0) this.insertFree(this.#append(this.#advance(this.mark, initial)))
    if (rules.base + initial > 0) observer.explain?.grew(FitGrown.Initial, rules.base + initial, 0)
  }

  protected override extend(bytes: Bytes): number {
    const { growExact, chunk } = this.#breakRules
    const last = this.blocks.before[this.mark]!
    const joined = this.isJoinable(last) ? this.blocks.size[last]! : 0
    const usual = Math.max(growExact ? bytes - joined : bytes, chunk)
    // Near the capacity a chunk may not fit where the request still does.
    const grown = this.#advance(this.mark, usual) || this.#advance(this.mark, bytes - joined)
    if (grown === 0) return 0
    this.explain?.grew(FitGrown.Extended, bytes, grown)
    return this.#append(grown)
  }

  /** Moves the end mark at least `bytes` up; returns by how much, 0 (and nothing changed) when there is no memory. */
  #advance(mark: number, bytes: Bytes): Bytes {
    const grown = roundUp(bytes, this.rules.align)
    if (!this.#break.grow(grown)) return 0
    this.blocks.address[mark] = this.#break.end
    return grown
  }

  protected override firstOfRange(): number {
    return this.#first
  }

  protected override freed(slot: number): void {
    const { trim } = this.#breakRules
    const { address, size, after } = this.blocks
    if (trim === 0 || size[slot]! < trim || after[slot] !== this.mark) return
    this.index.remove(slot)
    this.explain?.grew(FitGrown.Trimmed, size[slot]!, 0)
    this.#break.shrinkTo(address[slot]!)
    address[this.mark] = address[slot]!
    if (this.#first === slot) this.#first = 0
    this.blocks.unchain(slot)
    this.blocks.drop(slot)
  }

  #append(bytes: Bytes): number {
    const slot = this.appendFree(this.mark, bytes)
    // The block at the start of the heap keeps its slot: merging keeps the left one, splitting the low end.
    if (this.#first === 0) this.#first = slot
    return slot
  }
}
