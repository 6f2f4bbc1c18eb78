const NO_SLOT = 0xffff

/**
 * Slots of one container. From Windows 8 on a bitmap says which are busy, and the search begins at a random one; before,
 * free slots are chained and the one freed last is served first, at the beginning in the order of their addresses.
 */
export class SubSegment {
  readonly number: number
  readonly bucket: number
  /** Its container, a slot of BlockSlots. */
  readonly block: number
  readonly sizeIndex: number
  readonly count: number
  free: number
  isActive = false
  next: SubSegment | undefined
  previous: SubSegment | undefined
  /** Block number of each slot. */
  readonly slots: Int32Array
  /** Busy bits; empty where slots are chained. Bits past the last slot are set. */
  readonly #busy: Int32Array
  readonly #chain: Uint16Array
  #head = 0

  constructor(number: number, bucket: number, block: number, sizeIndex: number, count: number, order: 'lifo' | 'random') {
    this.number = number
    this.bucket = bucket
    this.block = block
    this.sizeIndex = sizeIndex
    this.count = count
    this.free = count
    this.slots = new Int32Array(count)
    const words = (count + 31) >>> 5
    this.#busy = new Int32Array(order === 'random' ? words : 0)
    if (order === 'random' && (count & 31) !== 0) this.#busy[words - 1] = -1 << (count & 31)
    this.#chain = new Uint16Array(order === 'lifo' ? count : 0)
    for (let i = 0; i < this.#chain.length; i++) this.#chain[i] = i + 1 < count ? i + 1 : NO_SLOT
  }

  /** Block number of a free slot, which is then busy; there must be one. `random` is 0 to 127. */
  take(random: number): number {
    this.free--
    if (this.#busy.length === 0) {
      const at = this.#head
      this.#head = this.#chain[at]!
      return this.slots[at]!
    }
    const start = (random * this.count) >>> 7
    return this.slots[this.#firstFree(start)]!
  }

  give(at: number): void {
    this.free++
    if (this.#busy.length === 0) {
      this.#chain[at] = this.#head
      this.#head = at
    } else this.#busy[at >>> 5]! &= ~(1 << (at & 31))
  }

  /** 1 for each slot that is the program's. */
  busySlots(): Uint8Array {
    const busy = new Uint8Array(this.count)
    if (this.#busy.length > 0) {
      for (let i = 0; i < this.count; i++) busy[i] = (this.#busy[i >>> 5]! >>> (i & 31)) & 1
      return busy
    }
    busy.fill(1)
    for (let i = this.#head, left = this.free; left > 0; i = this.#chain[i]!, left--) busy[i] = 0
    return busy
  }

  /** First free slot at or behind `start`, then from the first on; it becomes busy. */
  #firstFree(start: number): number {
    const busy = this.#busy
    let word = start >>> 5
    let free = ~busy[word]! & (-1 << (start & 31))
    while (free === 0) {
      word = word + 1 === busy.length ? 0 : word + 1
      free = ~busy[word]!
    }
    const bit = 31 - Math.clz32(free & -free)
    busy[word]! |= 1 << bit
    return (word << 5) | bit
  }
}

