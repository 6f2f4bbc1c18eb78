/*
 * Blocks of one heap as parallel typed arrays; slot 0 is nobody.
 *
 *   slot      1        2        3
 *   address   0x10010  0x10060  0x10090      first byte of the consumed range
 *   size      80       48       3968         consumed bytes
 *   state     Busy     Busy     Free
 *   before    0        1        2            neighbours in address order, 0 = end of the range
 *   after     2        3        0
 *
 * linkA..linkC belong to the index the block is in while it is free. The arrays are replaced when they grow: fetch
 * them again after any call that may make a block. Float64 for address and size: exact beyond 4 GiB, and reading them
 * costs no more than integers; 37 bytes a block.
 */
export const SlotState = { Unused: 0, Busy: 1, Free: 2, Pending: 3 } as const
export type SlotState = (typeof SlotState)[keyof typeof SlotState]

const FIRST_SLOTS = 64
/** Slots set aside come by so many: a front end has a bit for each in one number. */
export const GROUP_SHIFT = 5
export const GROUP_SLOTS = 1 << GROUP_SHIFT

export class BlockSlots {
  address = new Float64Array(FIRST_SLOTS)
  size = new Float64Array(FIRST_SLOTS)
  before = new Int32Array(FIRST_SLOTS)
  after = new Int32Array(FIRST_SLOTS)
  linkA = new Int32Array(FIRST_SLOTS)
  linkB = new Int32Array(FIRST_SLOTS)
  linkC = new Int32Array(FIRST_SLOTS)
  state = new Uint8Array(FIRST_SLOTS)
  /** Blocks in use, busy and free. */
  count = 0
  #past = 1
  #recycled = 0

  make(address: number, size: number, state: SlotState): number {
    let slot = this.#recycled
    if (slot !== 0) {
      this.#recycled = this.after[slot]!
    } else {
      slot = this.#past++
      if (slot >= this.state.length) this.#grow(slot)
    }
    this.makeAt(slot, address, size, state)
    return slot
  }

  /** The slot must be out of the neighbour chain already. */
  drop(slot: number): void {
    this.dropAt(slot)
    this.after[slot] = this.#recycled
    this.#recycled = slot
  }

  /**
   * So many groups of 32 slots, one behind the other, for a front end that knows whose a block is by its group: they stay the
   * front end's, `make` never gives them out. Answers the first group, slot / 32.
   */
  setAside(groups: number): number {
    const first = Math.ceil(this.#past / GROUP_SLOTS)
    const skippedFrom = this.#past
    this.#past = (first + groups) * GROUP_SLOTS
    if (this.#past > this.state.length) this.#grow(this.#past)
    for (let slot = first * GROUP_SLOTS - 1; slot >= skippedFrom; slot--) {
      this.after[slot] = this.#recycled
      this.#recycled = slot
    }
    return first
  }

  /** As `make`, in a slot that was set aside. */
  makeAt(slot: number, address: number, size: number, state: SlotState): void {
    this.address[slot] = address
    this.size[slot] = size
    this.state[slot] = state
    this.before[slot] = 0
    this.after[slot] = 0
    this.count++
  }

  /** As `drop`, of a slot that was set aside. */
  dropAt(slot: number): void {
    this.state[slot] = SlotState.Unused
    this.count--
  }

  /** Puts `slot` behind `left` in address order. */
  chainAfter(left: number, slot: number): void {
    const right = this.after[left]!
    this.before[slot] = left
    this.after[slot] = right
    this.after[left] = slot
    if (right !== 0) this.before[right] = slot
  }

  unchain(slot: number): void {
    const left = this.before[slot]!
    const right = this.after[slot]!
    if (left !== 0) this.after[left] = right
    if (right !== 0) this.before[right] = left
  }

  #grow(slot: number): void {
    const length = Math.max(this.state.length * 2, slot + 1)
    this.address = larger(this.address, new Float64Array(length))
    this.size = larger(this.size, new Float64Array(length))
    this.before = larger(this.before, new Int32Array(length))
    this.after = larger(this.after, new Int32Array(length))
    this.linkA = larger(this.linkA, new Int32Array(length))
    this.linkB = larger(this.linkB, new Int32Array(length))
    this.linkC = larger(this.linkC, new Int32Array(length))
    this.state = larger(this.state, new Uint8Array(length))
  }
}

function larger<T extends Float64Array | Int32Array | Uint8Array>(old: T, fresh: T): T {
  fresh.set(old)
  return fresh
}
