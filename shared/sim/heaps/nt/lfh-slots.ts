import { GROUP_SHIFT, GROUP_SLOTS, type BlockSlots } from '../block-slots'

const NO_SLOT = 0
const NO_HOME = -1

/*
 * Slots of all sub-segments of a front end. A sub-segment has whole groups of 32 blocks in a row, its slots from the first on:
 *
 *   block      64 ......... 82 -- 95   96 ................ 127   128 ....... 135 -- 159   sub-segments 0 and 1, of 19 and 40 slots
 *   homeOf     0                       1                         1                        by group, block / 32; -1 where it is none of slots
 *   busy       a bit a block; those past the last slot are set
 *
 * From Windows 8 on the bitmap says which slots are busy, and the search begins at a random one; before, free slots are
 * chained (`linkA`) and the one freed last is served first, at the beginning in the order of their addresses.
 *
 * One block of objects a sub-segment would be clearer, but a call then waits for memory six times: for the object, for two arrays
 * and what is in them. Here the counts and bits of 200,000 slots fit the processor's nearest caches.
 */
export class LfhSlots {
  /** By number of the sub-segment: block of its first slot, slots, and those that are free. */
  first = new Int32Array(64)
  count = new Int32Array(64)
  free = new Int32Array(64)
  /** By number: 1 while its bucket serves from it. */
  isActive = new Uint8Array(64)
  /** Block of the first free slot where they are chained. */
  #head = new Int32Array(64)
  #homeOf = new Int32Array(64).fill(NO_HOME)
  #busy = new Int32Array(64)
  readonly #isChained: boolean
  readonly #blocks: BlockSlots
  /** First groups of sub-segments that are gone, by how many they had. */
  readonly #spare: number[][] = []

  constructor(order: 'lifo' | 'random', blocks: BlockSlots) {
    this.#isChained = order === 'lifo'
    this.#blocks = blocks
  }

  /** Number of the sub-segment a busy block is a slot of, -1 when it is none. */
  numberOf(block: number): number {
    const group = block >>> GROUP_SHIFT
    return group < this.#homeOf.length ? this.#homeOf[group]! : NO_HOME
  }

  /** Groups for a sub-segment, all slots free; their blocks are to be made in the slots set aside, from `first` on. */
  add(number: number, count: number): void {
    const groups = (count + GROUP_SLOTS - 1) >>> GROUP_SHIFT
    const group = this.#spare[groups]?.pop() ?? this.#takeGroups(groups)
    if (number >= this.first.length) this.#growNumbers(number)
    const first = group << GROUP_SHIFT
    this.first[number] = first
    this.count[number] = count
    this.free[number] = count
    this.isActive[number] = 0
    this.#homeOf.fill(number, group, group + groups)
    this.#busy.fill(0, group, group + groups)
    if ((count & (GROUP_SLOTS - 1)) !== 0) this.#busy[group + groups - 1] = -1 << (count & (GROUP_SLOTS - 1))
    if (!this.#isChained) return
    this.#head[number] = first
    const { linkA: next } = this.#blocks
    for (let i = 0; i < count; i++) next[first + i] = i + 1 < count ? first + i + 1 : NO_SLOT
  }

  remove(number: number): void {
    const groups = (this.count[number]! + GROUP_SLOTS - 1) >>> GROUP_SHIFT
    const spare = (this.#spare[groups] ??= [])
    spare.push(this.first[number]! >>> GROUP_SHIFT)
  }

  /** A free slot of the sub-segment, which is then busy; there must be one. `random` is 0 to 127. */
  take(number: number, random: number): number {
    this.free[number]!--
    if (this.#isChained) {
      const slot = this.#head[number]!
      this.#head[number] = this.#blocks.linkA[slot]!
      return slot
    }
    return this.#takeFree(number, (random * this.count[number]!) >>> 7)
  }

  /** The slot of this sub-segment is free again. */
  give(slot: number, number: number): void {
    this.free[number]!++
    if (this.#isChained) {
      this.#blocks.linkA[slot] = this.#head[number]!
      this.#head[number] = slot
    } else this.#busy[slot >>> GROUP_SHIFT]! &= ~(1 << (slot & (GROUP_SLOTS - 1)))
  }

  /** Block number of each slot. */
  slotsOf(number: number): Int32Array {
    const first = this.first[number]!
    return Int32Array.from({ length: this.count[number]! }, (_, slot) => first + slot)
  }

  /** 1 for each slot that is the program's. */
  busySlotsOf(number: number): Uint8Array {
    const [first, count] = [this.first[number]!, this.count[number]!]
    const busy = new Uint8Array(count)
    if (!this.#isChained) {
      for (let i = 0; i < count; i++) busy[i] = (this.#busy[(first + i) >>> GROUP_SHIFT]! >>> (i & (GROUP_SLOTS - 1))) & 1
      return busy
    }
    busy.fill(1)
    const { linkA: next } = this.#blocks
    for (let slot = this.#head[number]!, left = this.free[number]!; left > 0; slot = next[slot]!, left--) busy[slot - first] = 0
    return busy
  }

  /** The first free slot at or behind slot `start`, then from the first on; it becomes busy. */
  #takeFree(number: number, start: number): number {
    const busy = this.#busy
    const firstGroup = this.first[number]! >>> GROUP_SHIFT
    const pastGroup = firstGroup + ((this.count[number]! + GROUP_SLOTS - 1) >>> GROUP_SHIFT)
    let group = firstGroup + (start >>> GROUP_SHIFT)
    let free = ~busy[group]! & (-1 << (start & (GROUP_SLOTS - 1)))
    while (free === 0) {
      group = group + 1 === pastGroup ? firstGroup : group + 1
      free = ~busy[group]!
    }
    const bit = 31 - Math.clz32(free & -free)
    busy[group]! |= 1 << bit
    return (group << GROUP_SHIFT) | bit
  }

  #takeGroups(groups: number): number {
    const group = this.#blocks.setAside(groups)
    const past = group + groups
    if (past > this.#homeOf.length) {
      const length = Math.max(past, 2 * this.#homeOf.length)
      this.#homeOf = longer(this.#homeOf, length, NO_HOME)
      this.#busy = longer(this.#busy, length)
    }
    return group
  }

  #growNumbers(number: number): void {
    const numbers = Math.max(number + 1, 2 * this.first.length)
    const isActive = new Uint8Array(numbers)
    isActive.set(this.isActive)
    this.isActive = isActive
    this.first = longer(this.first, numbers)
    this.count = longer(this.count, numbers)
    this.free = longer(this.free, numbers)
    this.#head = longer(this.#head, numbers)
  }
}

function longer(old: Int32Array, length: number, rest = 0): Int32Array<ArrayBuffer> {
  const fresh = new Int32Array(length).fill(rest, old.length)
  fresh.set(old)
  return fresh
}
