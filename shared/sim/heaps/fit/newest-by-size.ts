import type { BlockSlots } from '../block-slots'

/** Sizes whose newest stamps are summed up in one. */
const GROUP_SHIFT = 4
const GROUP = 1 << GROUP_SHIFT
const LAST_STAMP = 2 ** 31 - 1

/*
 * Free blocks of few sizes, newest first within each; the newest of a range of sizes is found without looking at blocks.
 *
 *   size     16    17    18    ...  31         in granules
 *   heads    #9    -     #4         #2         newest of the size (linkA older, linkB newer)
 *   stamps   17    0     12         15         when the head came, 0 without one; kept in linkC
 *   groups   17                                newest stamp of 16 sizes
 *
 * Stamps count insertions. When they run out, the blocks that are there are counted anew. Measured as fast as trees of
 * stamps without branches: what takes the time are the blocks' links, not these small arrays.
 */
export class NewestBySize {
  readonly #blocks: BlockSlots
  readonly #heads: Int32Array
  readonly #stamps: Int32Array
  readonly #groups: Int32Array
  readonly #lastStamp: number
  #stamp = 0

  /** For sizes from 0 to `sizes` - 1; `lastStamp` is at least twice the number of blocks there can be. */
  constructor(blocks: BlockSlots, sizes: number, lastStamp = LAST_STAMP) {
    const groups = Math.ceil(sizes / GROUP)
    this.#blocks = blocks
    this.#heads = new Int32Array(groups * GROUP)
    this.#stamps = new Int32Array(groups * GROUP)
    this.#groups = new Int32Array(groups)
    this.#lastStamp = lastStamp
  }

  insert(slot: number, size: number): void {
    if (this.#stamp === this.#lastStamp) this.#countAnew()
    const { linkA: older, linkB: newer, linkC: stampOf } = this.#blocks
    const stamp = ++this.#stamp
    const head = this.#heads[size]!
    older[slot] = head
    newer[slot] = 0
    stampOf[slot] = stamp
    if (head !== 0) newer[head] = slot
    this.#heads[size] = slot
    this.#stamps[size] = stamp
    this.#groups[size >>> GROUP_SHIFT] = stamp
  }

  remove(slot: number, size: number): void {
    const { linkA: older, linkB: newer, linkC: stampOf } = this.#blocks
    const below = older[slot]!
    const above = newer[slot]!
    if (below !== 0) newer[below] = above
    if (above !== 0) {
      older[above] = below
      return
    }
    const old = this.#stamps[size]!
    this.#heads[size] = below
    this.#stamps[size] = below === 0 ? 0 : stampOf[below]!
    if (this.#groups[size >>> GROUP_SHIFT] === old) this.#sumUp(size >>> GROUP_SHIFT)
  }

  /** Newest block of sizes [from, to), 0 when there is none. */
  newest(from: number, to: number): number {
    const stamps = this.#stamps
    const groups = this.#groups
    const firstGroup = (from + GROUP - 1) >>> GROUP_SHIFT
    const pastGroup = to >>> GROUP_SHIFT
    const headEnd = Math.min(to, firstGroup << GROUP_SHIFT)
    let size = newestOf(stamps, from, headEnd, 0)
    let best = size < 0 ? 0 : stamps[size]!
    const group = newestOf(groups, firstGroup, pastGroup, best)
    if (group >= 0) best = groups[group]!
    const tail = newestOf(stamps, Math.max(headEnd, pastGroup << GROUP_SHIFT), to, best)
    if (tail >= 0) size = tail
    else if (group >= 0) for (size = group << GROUP_SHIFT; stamps[size] !== best; ) size++
    return size < 0 ? 0 : this.#heads[size]!
  }

  #sumUp(group: number): void {
    const newest = newestOf(this.#stamps, group << GROUP_SHIFT, (group + 1) << GROUP_SHIFT, 0)
    this.#groups[group] = newest < 0 ? 0 : this.#stamps[newest]!
  }

  #countAnew(): void {
    const { linkA: older, linkC: stampOf } = this.#blocks
    const slots: number[] = []
    for (const head of this.#heads) for (let slot = head; slot !== 0; slot = older[slot]!) slots.push(slot)
    slots.sort((a, b) => stampOf[a]! - stampOf[b]!)
    for (let i = 0; i < slots.length; i++) stampOf[slots[i]!] = i + 1
    this.#stamp = slots.length
    for (let size = 0; size < this.#heads.length; size++) this.#stamps[size] = this.#heads[size] === 0 ? 0 : stampOf[this.#heads[size]!]!
    for (let group = 0; group < this.#groups.length; group++) this.#sumUp(group)
  }
}

/** Place of the newest stamp in [from, to) that is newer than `least`, -1 when there is none. */
function newestOf(stamps: Int32Array, from: number, to: number, least: number): number {
  let best = least
  let place = -1
  for (let i = from; i < to; i++) {
    if (stamps[i]! > best) {
      best = stamps[i]!
      place = i
    }
  }
  return place
}
