import { assert } from '../../../base/assert'
import type { Address, Bytes } from '../../../base/units'
import type { BlockSlots } from '../block-slots'
import { AddressIndex } from '../fit/address-index'
import type { RangedFreeIndex } from './kath-heap'

const BUCKET_BYTES = 512

/** Free blocks of one range: an address index, and how many free blocks begin below any bucket. */
class RangeIndex {
  readonly base: Address
  readonly byAddress: AddressIndex
  /** Fenwick tree over buckets of 512 bytes. */
  readonly #counts: Int32Array
  total = 0

  constructor(blocks: BlockSlots, base: Address, end: Address) {
    this.base = base
    this.byAddress = new AddressIndex(blocks, base, end - base)
    this.#counts = new Int32Array(Math.ceil((end - base) / BUCKET_BYTES) + 1)
  }

  count(address: Address, change: 1 | -1): void {
    this.total += change
    for (let i = bucketOf(address - this.base) + 1; i < this.#counts.length; i += i & -i) this.#counts[i]! += change
  }

  /** Free blocks that begin in buckets up to the address's. */
  countUpTo(address: Address): number {
    let sum = 0
    for (let i = bucketOf(address - this.base) + 1; i > 0; i -= i & -i) sum += this.#counts[i]!
    return sum
  }
}

const bucketOf = (offset: Bytes): number => Math.floor(offset / BUCKET_BYTES)

/**
 * First fit over ranges that lie anywhere, the free blocks also chained in address order over all ranges: the chain
 * that a dump of the heap shows. `dirty` gathers the blocks whose chain links may have changed.
 */
export class LinkedFreeIndex implements RangedFreeIndex {
  readonly dirty: number[] = []
  /** Free blocks that searches looked at, as a walk along the chain would: all up to the one chosen. */
  examined = 0
  count = 0
  readonly #blocks: BlockSlots
  readonly #ranges: RangeIndex[] = []
  #next = new Int32Array(64)
  #previous = new Int32Array(64)
  #head = 0
  #tail = 0

  constructor(blocks: BlockSlots) {
    this.#blocks = blocks
  }

  /** First free block in address order, 0 when there is none. */
  get first(): number {
    return this.#head
  }

  next(slot: number): number {
    return this.#next[slot]!
  }

  previous(slot: number): number {
    return this.#previous[slot]!
  }

  addRange(base: Address, end: Address): void {
    const at = this.#rangeAt(base) + 1
    this.#ranges.splice(at, 0, new RangeIndex(this.#blocks, base, end))
  }

  dropRange(base: Address): void {
    const at = this.#rangeAt(base)
    assert(at >= 0 && this.#ranges[at]!.base === base && this.#ranges[at]!.total === 0, 'only an empty range is dropped')
    this.#ranges.splice(at, 1)
  }

  insert(slot: number): void {
    if (slot >= this.#next.length) this.#grow()
    const at = this.#blocks.address[slot]!
    const range = this.#rangeAt(at)
    const home = this.#ranges[range]!
    let right = home.byAddress.findFrom(at, 1)
    for (let later = range + 1; right === 0 && later < this.#ranges.length; later++) right = this.#ranges[later]!.byAddress.find(1)
    const left = right === 0 ? this.#tail : this.#previous[right]!
    this.#link(left, slot)
    this.#link(slot, right)
    home.byAddress.insert(slot)
    home.count(at, 1)
    this.count++
    this.dirty.push(slot, left, right)
  }

  remove(slot: number): void {
    const left = this.#previous[slot]!
    const right = this.#next[slot]!
    this.#link(left, right)
    const at = this.#blocks.address[slot]!
    const home = this.#ranges[this.#rangeAt(at)]!
    home.byAddress.remove(slot)
    home.count(at, -1)
    this.count--
    this.dirty.push(left, right)
  }

  /** First fit by address. */
  find(bytes: Bytes): number {
    let passed = 0
    for (const range of this.#ranges) {
      const slot = range.byAddress.find(bytes)
      if (slot !== 0) {
        this.examined += passed + this.#rankInRange(range, slot)
        return slot
      }
      passed += range.total
    }
    this.examined += passed
    return 0
  }

  /** Size of the largest free block, 0 when there is none. */
  largestBytes(): Bytes {
    let largest = 0
    for (let slot = this.#head; slot !== 0; slot = this.#next[slot]!) largest = Math.max(largest, this.#blocks.size[slot]!)
    return largest
  }

  /** Free blocks of the range up to and including this one. */
  #rankInRange(range: RangeIndex, slot: number): number {
    const { address } = this.#blocks
    const at = address[slot]!
    let rank = range.countUpTo(at)
    // Those of the same bucket that begin above it.
    const bucketEnd = range.base + (bucketOf(at - range.base) + 1) * BUCKET_BYTES
    for (let i = this.#next[slot]!; i !== 0 && address[i]! < bucketEnd && address[i]! > at; i = this.#next[i]!) rank--
    return rank
  }

  /** Index of the last range that begins at or below the address, -1 when none does. */
  #rangeAt(address: Address): number {
    let low = 0
    let high = this.#ranges.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#ranges[middle]!.base <= address) low = middle + 1
      else high = middle
    }
    return low - 1
  }

  #link(left: number, right: number): void {
    if (left === 0) this.#head = right
    else this.#next[left] = right
    if (right === 0) this.#tail = left
    else this.#previous[right] = left
  }

  #grow(): void {
    const length = this.#blocks.state.length
    const next = new Int32Array(length)
    const previous = new Int32Array(length)
    next.set(this.#next)
    previous.set(this.#previous)
    this.#next = next
    this.#previous = previous
  }
}
