import { GROUP_SHIFT, GROUP_SLOTS, type BlockSlots } from '../block-slots'

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
 *   words     bit i of word w = block 32 w + i, set while it is busy
 *   subOf     number of the sub-segment a word's blocks are slots of; 0 where they are none
 *
 * A sub-segment has a power of two of words, whose blocks are set aside for ever; another one of as many gets them after it.
 * The arrays are replaced when they grow.
 */
export class SlotTable {
  records = new Int32Array(FIRST_SUB_SEGMENTS << RECORD_SHIFT)
  words = new Int32Array(FIRST_WORDS)
  subOf = new Int32Array(FIRST_WORDS)
  readonly #blocks: BlockSlots
  readonly #vacant: number[][] = Array.from({ length: AREA_CLASSES }, () => [])

  constructor(blocks: BlockSlots) {
    this.#blocks = blocks
  }

  /** Number of the sub-segment a busy block is a slot of, 0 when it is none. */
  subAt(block: number): number {
    const word = block >>> GROUP_SHIFT
    return word < this.subOf.length ? this.subOf[word]! : 0
  }

  /** Where the numbers of a sub-segment begin in `records`. */
  recordOf(sub: number): number {
    return sub << RECORD_SHIFT
  }

  /** Gives a sub-segment of `count` <= 2048 slots its record and words, all free. Returns the block of its first slot. */
  add(sub: number, count: number, owner: number): number {
    const wanted = Math.ceil(count / GROUP_SLOTS)
    const length = 2 ** areaClass(wanted)
    const first = this.#vacant[areaClass(wanted)]!.pop() ?? this.#moreWords(length)
    this.words.fill(0, first, first + wanted)
    // Bits behind the last slot are busy for ever, so that no search meets them.
    if (count % GROUP_SLOTS !== 0) this.words[first + wanted - 1] = -1 << count % GROUP_SLOTS
    this.subOf.fill(sub, first, first + wanted)
    if (((sub + 1) << RECORD_SHIFT) > this.records.length) this.records = larger(this.records, this.records.length * 2)
    this.records.set([count, first, owner, count, 0, 0, 0, first], sub << RECORD_SHIFT)
    return first << GROUP_SHIFT
  }

  /** Takes the words of a sub-segment back. */
  drop(sub: number): void {
    const at = sub << RECORD_SHIFT
    this.#vacant[areaClass(Math.ceil(this.records[at + SlotField.Count]! / GROUP_SLOTS))]!.push(this.records[at + SlotField.Words]!)
  }

  isBusy(slot: number): boolean {
    return ((this.words[slot >>> GROUP_SHIFT]! >>> (slot & (GROUP_SLOTS - 1))) & 1) === 1
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
    return (word << GROUP_SHIFT) | (31 - Math.clz32(bit))
  }

  /** `sub` is the slot's sub-segment. */
  giveBack(slot: number, sub: number): void {
    const { records, words } = this
    const word = slot >>> GROUP_SHIFT
    const at = sub << RECORD_SHIFT
    words[word] = words[word]! & ~(1 << (slot & (GROUP_SLOTS - 1)))
    if (word < records[at + SlotField.Hint]!) records[at + SlotField.Hint] = word
    records[at + SlotField.Free]!++
  }

  #moreWords(length: number): number {
    const first = this.#blocks.setAside(length)
    if (first + length > this.words.length) {
      this.words = larger(this.words, Math.max(first + length, this.words.length * 2))
      this.subOf = larger(this.subOf, this.words.length)
    }
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
