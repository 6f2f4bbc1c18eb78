import type { BlockSlots } from '../block-slots'

const NO_SLOT = -1
export const GROUP_SHIFT = 5
const GROUP_SLOTS = 1 << GROUP_SHIFT

/*
 * Slots of all sub-segments of a front end side by side. A sub-segment has whole groups of 32 places in a row, its slots from
 * the first place on:
 *
 *   place      0 .......... 18 -- 31   32 ................. 63   64 ......... 71 -- 95
 *   block      101 ...... 119 -- 132   133 ............... 164   165 ....... 172 -- 196   sub-segments 0 and 1, of 19 and 40 slots
 *   blockOf    101                     133                       165                      by group: the first; set aside for ever
 *   homeOf     0                       1                         1                        by group
 *   busy       a bit a place; those past the last slot are set
 *
 * From Windows 8 on the bitmap says which slots are busy, and the search begins at a random one; before, free slots are
 * chained and the one freed last is served first, at the beginning in the order of their addresses.
 *
 * One block of objects a sub-segment would be clearer, but a call then waits for memory six times: for the object, for two arrays
 * and what is in them. Here the counts and bits of 200,000 slots fit the processor's nearest caches.
 */
export class LfhSlots {
  /** By number of the sub-segment: its first place, slots, and those that are free. */
  first = new Int32Array(64)
  count = new Int32Array(64)
  free = new Int32Array(64)
  /** By number: 1 while its bucket serves from it. */
  isActive = new Uint8Array(64)
  /** Place of the first free slot where they are chained. */
  #head = new Int32Array(64)
  /** By group: number of its sub-segment. */
  homeOf = new Int32Array(64)
  #busy = new Int32Array(64)
  /** By group: block of its first place. */
  #blockOf = new Int32Array(64)
  /** By place: place of the next free slot, NO_SLOT behind the last. */
  #next: Int32Array
  readonly #isChained: boolean
  readonly #blocks: BlockSlots
  /** First groups of places given back, by number of groups. */
  readonly #spare: number[][] = []
  #groups = 0

  constructor(order: 'lifo' | 'random', blocks: BlockSlots) {
    this.#isChained = order === 'lifo'
    this.#blocks = blocks
    this.#next = new Int32Array(this.#isChained ? this.#busy.length * GROUP_SLOTS : 0)
  }

  /** Places for a sub-segment, all slots free; their blocks are to be made in the slots set aside. */
  add(number: number, count: number): void {
    const groups = (count + GROUP_SLOTS - 1) >>> GROUP_SHIFT
    const group = this.#spare[groups]?.pop() ?? this.#takeGroups(groups)
    if (number >= this.first.length) this.#growNumbers(number)
    const first = group << GROUP_SHIFT
    this.first[number] = first
    this.count[number] = count
    this.free[number] = count
    this.isActive[number] = 0
    this.homeOf.fill(number, group, group + groups)
    this.#busy.fill(0, group, group + groups)
    if ((count & (GROUP_SLOTS - 1)) !== 0) this.#busy[group + groups - 1] = -1 << (count & (GROUP_SLOTS - 1))
    if (!this.#isChained) return
    this.#head[number] = first
    for (let i = 0; i < count; i++) this.#next[first + i] = i + 1 < count ? first + i + 1 : NO_SLOT
  }

  remove(number: number): void {
    const groups = (this.count[number]! + GROUP_SLOTS - 1) >>> GROUP_SHIFT
    const spare = (this.#spare[groups] ??= [])
    spare.push(this.first[number]! >>> GROUP_SHIFT)
  }

  /** Block of a free slot of the sub-segment, which is then busy; there must be one. `random` is 0 to 127. */
  take(number: number, random: number): number {
    this.free[number]!--
    if (this.#isChained) {
      const place = this.#head[number]!
      this.#head[number] = this.#next[place]!
      return this.blockAt(place)
    }
    return this.blockAt(this.#takeFree(number, (random * this.count[number]!) >>> 7))
  }

  /** Number of the block at a place. */
  blockAt(place: number): number {
    return this.#blockOf[place >>> GROUP_SHIFT]! + (place & (GROUP_SLOTS - 1))
  }

  /** The slot at this place is free again; answers its sub-segment. */
  give(place: number): number {
    const group = place >>> GROUP_SHIFT
    const number = this.homeOf[group]!
    this.free[number]!++
    if (this.#isChained) {
      this.#next[place] = this.#head[number]!
      this.#head[number] = place
    } else this.#busy[group]! &= ~(1 << (place & (GROUP_SLOTS - 1)))
    return number
  }

  /** Block number of each slot. */
  slotsOf(number: number): Int32Array {
    const first = this.first[number]!
    return Int32Array.from({ length: this.count[number]! }, (_, slot) => this.blockAt(first + slot))
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
    for (let place = this.#head[number]!, left = this.free[number]!; left > 0; place = this.#next[place]!, left--) busy[place - first] = 0
    return busy
  }

  /** Place of the first free slot at or behind slot `start`, then from the first on; it becomes busy. */
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
    const group = this.#groups
    this.#groups += groups
    if (this.#groups > this.homeOf.length) this.#growGroups()
    const first = this.#blocks.setAside(groups << GROUP_SHIFT)
    for (let i = 0; i < groups; i++) this.#blockOf[group + i] = first + (i << GROUP_SHIFT)
    return group
  }

  #growGroups(): void {
    const groups = Math.max(this.#groups, 2 * this.homeOf.length)
    this.homeOf = longer(this.homeOf, groups)
    this.#busy = longer(this.#busy, groups)
    this.#blockOf = longer(this.#blockOf, groups)
    if (this.#isChained) this.#next = longer(this.#next, groups * GROUP_SLOTS)
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

function longer(old: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const fresh = new Int32Array(length)
  fresh.set(old)
  return fresh
}
