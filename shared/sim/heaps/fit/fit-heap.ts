import type { Address, Bytes } from '../../../base/units'
import { BlockSlots, SlotState } from '../block-slots'
import { FitPlaced } from '../../profiles/reasons/fit-reasons'
import type { Explainer } from '../explain'
import { NO_BLOCK, type Heap } from '../heap'
import type { FreeIndex } from './free-index'

/** Figures every heap of the fit family has; the profiles give values and sources. */
export interface FitRules {
  readonly header: Bytes
  readonly align: Bytes
  readonly minBlock: Bytes
  /** Smallest remainder that becomes a block of its own. */
  readonly splitMin: Bytes
  readonly coalesce: 'immediate' | 'deferred' | 'never'
  /** Frees between two merges when deferred. */
  readonly deferCount: number
  readonly realloc: 'copy' | 'in-block' | 'in-place-forward'
}

/*
 * Every contiguous range of a heap ends with a mark: a busy slot of size 0 that nobody owns.
 *
 *   [#1 busy][#4 free][#2 busy][#3 mark]     before[#3] = #2, the last block
 *
 * So the right neighbour of a block always exists, and the last block of a range is the one before its mark.
 */
/**
 * Splitting, merging and reallocating over blocks that know their neighbours. Which free block serves a request is the
 * index's business, where new memory comes from the subclass's.
 *
 * Deferred merging: a freed block stays as it is until `deferCount` frees have gathered or a search fails; then every
 * waiting block merges with its free neighbours.
 */
export abstract class FitHeap implements Heap {
  readonly blocks = new BlockSlots()
  abstract readonly base: Address
  protected readonly rules: FitRules
  protected readonly explain: Explainer | undefined
  protected abstract readonly index: FreeIndex
  #pending = new Int32Array(16)
  #pendingCount = 0
  #freesSinceMerge = 0

  constructor(rules: FitRules, explain?: Explainer) {
    this.rules = rules
    this.explain = explain
  }

  get headerBytes(): Bytes {
    return this.rules.header
  }

  get granularityBytes(): Bytes {
    return this.rules.align
  }

  alloc(bytes: Bytes): number {
    const consumed = this.consumedBytes(bytes)
    let slot = this.index.find(consumed)
    if (slot === 0 && this.#pendingCount > 0) {
      this.#mergePending()
      slot = this.index.find(consumed)
    }
    const isFound = slot !== 0
    if (isFound) this.index.remove(slot)
    else slot = this.extend(consumed)
    if (slot === 0) return NO_BLOCK
    if (this.explain !== undefined) this.#explain(this.explain, slot, consumed, isFound)
    return this.#carve(slot, consumed)
  }

  free(block: number): void {
    if (this.rules.coalesce === 'immediate') {
      this.insertFree(this.mergeNeighbours(block))
      return
    }
    this.blocks.state[block] = SlotState.Free
    if (this.rules.coalesce === 'deferred') this.#defer(block)
    this.insertFree(block)
    if (this.rules.coalesce === 'deferred' && ++this.#freesSinceMerge >= this.rules.deferCount) this.#mergePending()
  }

  realloc(block: number, bytes: Bytes): number {
    if (this.rules.realloc !== 'copy' && this.resizeInPlace(block, this.consumedBytes(bytes))) return block
    const moved = this.alloc(bytes)
    if (moved !== NO_BLOCK) this.free(block)
    return moved
  }

  /** In address order, because the blocks of each range are chained so. */
  walkFree(visit: (address: Address, bytes: Bytes) => void): void {
    const { address, size, state, after } = this.blocks
    for (let range = 0; range < this.rangeCount; range++) {
      for (let slot = this.firstOfRange(range); slot !== 0; slot = after[slot]!) {
        if (state[slot]! >= SlotState.Free) visit(address[slot]!, size[slot]!)
      }
    }
  }

  /** Whole consumed bytes for a request. */
  protected consumedBytes(bytes: Bytes): Bytes {
    const { header, align, minBlock } = this.rules
    return Math.max(minBlock, Math.ceil((bytes + header) / align) * align)
  }

  /** Whether a remainder of this block becomes a block of its own. */
  protected splits(_slot: number, rest: Bytes): boolean {
    return rest >= this.rules.splitMin
  }

  /** New memory: a free block of at least `bytes`, not in the index; 0 when there is none. */
  protected abstract extend(bytes: Bytes): number
  protected abstract readonly rangeCount: number
  protected abstract firstOfRange(range: number): number
  /** Called with each free block that has just entered the index. */
  protected freed(_slot: number): void {}

  protected insertFree(slot: number): void {
    this.index.insert(slot)
    this.freed(slot)
  }

  /** A range that begins at `address` and is still empty: returns its end mark. */
  protected makeMark(address: Address): number {
    return this.blocks.make(address, 0, SlotState.Busy)
  }

  /** Puts `bytes` below a mark that has just moved up: they join a free last block, or become a free block. */
  protected appendFree(mark: number, bytes: Bytes): number {
    const blocks = this.blocks
    const last = blocks.before[mark]!
    if (this.isJoinable(last)) {
      this.index.remove(last)
      blocks.size[last] = blocks.size[last]! + bytes
      return last
    }
    const fresh = blocks.make(blocks.address[mark]! - bytes, bytes, SlotState.Free)
    blocks.before[fresh] = last
    blocks.after[fresh] = mark
    blocks.before[mark] = fresh
    if (last !== 0) blocks.after[last] = fresh
    return fresh
  }

  /** Whether new memory behind this block merges with it. */
  protected isJoinable(last: number): boolean {
    return last !== 0 && this.rules.coalesce !== 'never' && this.blocks.state[last]! >= SlotState.Free
  }

  /** Makes a block free and joins it with free neighbours, which leave the index; returns the joined block. */
  protected mergeNeighbours(slot: number): number {
    const { size, state, before, after } = this.blocks
    state[slot] = SlotState.Free
    const right = after[slot]!
    if (state[right]! >= SlotState.Free) {
      this.index.remove(right)
      size[slot] = size[slot]! + size[right]!
      this.blocks.unchain(right)
      this.blocks.drop(right)
    }
    const left = before[slot]!
    if (left !== 0 && state[left]! >= SlotState.Free) {
      this.index.remove(left)
      size[left] = size[left]! + size[slot]!
      state[left] = SlotState.Free
      this.blocks.unchain(slot)
      this.blocks.drop(slot)
      return left
    }
    return slot
  }

  #explain(explain: Explainer, slot: number, consumed: Bytes, isFound: boolean): void {
    const whole = this.blocks.size[slot]!
    const rest = whole - consumed
    const isSplit = this.splits(slot, rest)
    const code = !isFound ? FitPlaced.Grown : isSplit ? FitPlaced.Split : rest > 0 ? FitPlaced.Whole : FitPlaced.Exact
    explain.placed(code, whole, isFound || isSplit ? rest : 0)
  }

  /** Turns the low end of a free block that is out of the index into a busy one. */
  #carve(slot: number, consumed: Bytes): number {
    if (this.splits(slot, this.blocks.size[slot]! - consumed)) this.#splitOff(slot, consumed)
    this.blocks.state[slot] = SlotState.Busy
    return slot
  }

  /** Cuts `slot` down to `bytes`; the remainder becomes free, and waits for merging if `slot` did. */
  #splitOff(slot: number, bytes: Bytes): void {
    const blocks = this.blocks
    const waits = blocks.state[slot] === SlotState.Pending
    const rest = blocks.make(blocks.address[slot]! + bytes, blocks.size[slot]! - bytes, SlotState.Free)
    blocks.size[slot] = bytes
    blocks.chainAfter(slot, rest)
    if (waits) this.#defer(rest)
    this.insertFree(rest)
  }

  /** False, and nothing changed, when the block's own room and the free memory it may take in behind do not suffice. */
  protected resizeInPlace(block: number, consumed: Bytes): boolean {
    const { size, state, after } = this.blocks
    const before = size[block]!
    const right = after[block]!
    const takesRight = this.rules.realloc !== 'in-block' && state[right]! >= SlotState.Free
    const within = size[block]! + (takesRight ? size[right]! : 0)
    // The heap does not grow for this: a block at its end moves like any other.
    if (within < consumed) return false
    if (consumed > size[block]! && takesRight) {
      this.index.remove(right)
      size[block] = size[block]! + size[right]!
      this.blocks.unchain(right)
      this.blocks.drop(right)
    }
    this.#shrinkTo(block, consumed)
    this.explain?.placed(FitPlaced.Resized, before, size[block]!)
    return true
  }

  #shrinkTo(block: number, consumed: Bytes): void {
    const blocks = this.blocks
    const surplus = blocks.size[block]! - consumed
    if (!this.splits(block, surplus)) return
    const rest = blocks.make(blocks.address[block]! + consumed, surplus, SlotState.Busy)
    blocks.size[block] = consumed
    blocks.chainAfter(block, rest)
    this.free(rest)
  }

  #defer(slot: number): void {
    if (this.#pendingCount === this.#pending.length) {
      const longer = new Int32Array(this.#pending.length * 2)
      longer.set(this.#pending)
      this.#pending = longer
    }
    this.#pending[this.#pendingCount++] = slot
    this.blocks.state[slot] = SlotState.Pending
  }

  #mergePending(): void {
    const count = this.#pendingCount
    this.#pendingCount = 0
    this.#freesSinceMerge = 0
    for (let i = 0; i < count; i++) {
      const slot = this.#pending[i]!
      // Served, merged or even reused since: only a block that still waits counts, and it counts once.
      if (this.blocks.state[slot] !== SlotState.Pending) continue
      this.index.remove(slot)
      this.insertFree(this.mergeNeighbours(slot))
    }
  }
}
