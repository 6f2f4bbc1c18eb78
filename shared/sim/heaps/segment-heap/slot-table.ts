import type { BlockSlots } from '../block-slots'

/** Numbers of one sub-segment in `records`. */
export const SlotField = { Free: 0, Hint: 1, Owner: 2, Count: 3, IsListed: 4, Before: 5, After: 6, Words: 7 } as const
const RECORD_SHIFT = 3

const FIRST_SUB_SEGMENTS = 64
const FIRST_WORDS = 64
/** 1 to 64 words, powers of two: a sub-segment has as many slots as were wanted, and those that fill its last page. */
const AREA_CLASSES = 7

/*
 * What requests and frees touch of all sub-segments of slots, side by side: with objects instead, a free of a block that
 * was not touched for long waits for five more lines of memory.
 *
 *   records   8 numbers a sub-segment    free slots, first word that may have one, owner, slots, list links, first word
 *   words     bit i of word w = slot 32 w + i, set while it is busy
 *   subOf     number of the sub-segment a word belongs to
 *   blockOf   block of slot 32 w; the blocks of a word are numbered in a row and set aside for ever
 *
 * A sub-segment has a power of two of words, which another one of as many gets after it. Slots are known by their
 * index, 32 w + i. The arrays are replaced when they grow.
 */
export class SlotTable {
  records = new Int32Array(FIRST_SUB_SEGMENTS << RECORD_SHIFT)
  words = new Int32Array(FIRST_WORDS)
  subOf = new Int32Array(FIRST_WORDS)
  #blockOf = new Int32Array(FIRST_WORDS)
  #wordsUsed = 0
  readonly #blocks: BlockSlots
  readonly #vacant: number[][] = Array.from({ length: AREA_CLASSES }, () => [])

  constructor(blocks: BlockSlots) {
    this.#blocks = blocks
  }

  /** Number of the block of a slot. */
  blockAt(slot: number): number {
    return this.#blockOf[slot >>> 5]! + (slot & 31)
  }

  /** Where the numbers of a sub-segment begin in `records`. */
  recordOf(sub: number): number {
    return sub << RECORD_SHIFT
  }

  /** Gives a sub-segment of `count` <= 2048 slots its record and words, all free. Returns the index of its first slot. */
  add(sub: number, count: number, owner: number): number {
    const wanted = Math.ceil(count / 32)
    const length = 2 ** areaClass(wanted)
    const first = this.#vacant[areaClass(wanted)]!.pop() ?? this.#moreWords(length)
    this.words.fill(0, first, first + wanted)
    // Bits behind the last slot are busy for ever, so that no search meets them.
    if (count % 32 !== 0) this.words[first + wanted - 1] = -1 << count % 32
    this.subOf.fill(sub, first, first + wanted)
    if (((sub + 1) << RECORD_SHIFT) > this.records.length) this.records = larger(this.records, this.records.length * 2)
    this.records.set([count, first, owner, count, 0, 0, 0, first], sub << RECORD_SHIFT)
    return first << 5
  }

  /** Takes the words of a sub-segment back. */
  drop(sub: number): void {
    const at = sub << RECORD_SHIFT
    this.#vacant[areaClass(Math.ceil(this.records[at + SlotField.Count]! / 32))]!.push(this.records[at + SlotField.Words]!)
  }

  isBusy(slot: number): boolean {
    return ((this.words[slot >>> 5]! >>> (slot & 31)) & 1) === 1
  }

  /**
   * Takes a free slot of a sub-segment that has one: in the first word from the hint on that has any, the n-th free one
   * of it, n drawn by `random` (32 random bits; segment-heap.md 5, placement).
   */
  take(sub: number, random: number): number {
    const { records, words } = this
    const at = sub << RECORD_SHIFT
    let word = records[at + SlotField.Hint]!
    while (words[word] === -1) word++
    records[at + SlotField.Hint] = word
    let open = ~words[word]!
    for (let skip = (random >>> 8) % bitCount(open); skip > 0; skip--) open &= open - 1
    const bit = open & -open
    words[word] = words[word]! | bit
    records[at + SlotField.Free]!--
    return (word << 5) | (31 - Math.clz32(bit))
  }

  /** Returns the number of the slot's sub-segment. */
  giveBack(slot: number): number {
    const { records, words } = this
    const word = slot >>> 5
    const sub = this.subOf[word]!
    const at = sub << RECORD_SHIFT
    words[word] = words[word]! & ~(1 << (slot & 31))
    if (word < records[at + SlotField.Hint]!) records[at + SlotField.Hint] = word
    records[at + SlotField.Free]!++
    return sub
  }

  #moreWords(length: number): number {
    const first = this.#wordsUsed
    this.#wordsUsed += length
    if (this.#wordsUsed > this.words.length) {
      // A doubling holds the largest area.
      this.words = larger(this.words, this.words.length * 2)
      this.subOf = larger(this.subOf, this.words.length)
      this.#blockOf = larger(this.#blockOf, this.words.length)
    }
    const block = this.#blocks.setAside(length << 5)
    for (let word = 0; word < length; word++) this.#blockOf[first + word] = block + (word << 5)
    return first
  }
}

/** Binary logarithm of the words that so many are rounded up to. */
const areaClass = (words: number): number => 32 - Math.clz32(words - 1)

function larger(old: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const fresh = new Int32Array(length)
  fresh.set(old)
  return fresh
}

function bitCount(bits: number): number {
  let count = bits - ((bits >>> 1) & 0x55555555)
  count = (count & 0x33333333) + ((count >>> 2) & 0x33333333)
  return Math.imul((count + (count >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
