import type { Address, Bytes } from '../../../base/units'

/*
 * A range of pages cut into slots of one size; bit i of word w is slot 32 w + i.
 *
 *   [header | bitmap][slot 0][slot 1]...[slot 96][rest]|guard page from 64 KB on
 *
 * One object a sub-segment, none a slot: slots are numbers of blocks in `blocks`.
 */
export class SlotSubSegment {
  readonly range: number
  readonly address: Address
  /** Without the guard page. */
  readonly bytes: Bytes
  readonly bucket: number
  /** Bucket and affinity slot whose threads it serves. */
  readonly owner: number
  readonly slotBytes: Bytes
  readonly count: number
  readonly firstOffset: Bytes
  /** Block numbers of the slots. */
  readonly blocks: Int32Array
  /** Busy slots. */
  readonly words: Int32Array
  free: number
  /** No word before this one has a free slot. */
  hint = 0
  /** Neighbours in the list of those with free slots that are not in use. */
  before: SlotSubSegment | undefined
  after: SlotSubSegment | undefined
  isListed = false

  constructor(fields: Pick<SlotSubSegment, 'range' | 'address' | 'bytes' | 'bucket' | 'owner' | 'slotBytes' | 'count' | 'firstOffset'>) {
    this.range = fields.range
    this.address = fields.address
    this.bytes = fields.bytes
    this.bucket = fields.bucket
    this.owner = fields.owner
    this.slotBytes = fields.slotBytes
    this.count = fields.count
    this.firstOffset = fields.firstOffset
    this.blocks = new Int32Array(fields.count)
    this.words = new Int32Array(Math.ceil(fields.count / 32))
    // Bits behind the last slot are busy for ever, so that no search meets them.
    if (fields.count % 32 !== 0) this.words[this.words.length - 1] = -1 << fields.count % 32
    this.free = fields.count
  }

  isBusy(slot: number): boolean {
    return ((this.words[slot >>> 5]! >>> (slot & 31)) & 1) === 1
  }

  /**
   * Takes a free slot: in the first word from the hint on that has one, the n-th free one of it, n drawn by `random`
   * (32 random bits; segment-heap.md 5, placement).
   */
  take(random: number): number {
    const words = this.words
    let word = this.hint
    while (words[word] === -1) word++
    this.hint = word
    let open = ~words[word]!
    for (let skip = (random >>> 8) % bitCount(open); skip > 0; skip--) open &= open - 1
    const bit = open & -open
    words[word] = words[word]! | bit
    this.free--
    return (word << 5) | (31 - Math.clz32(bit))
  }

  giveBack(slot: number): void {
    const word = slot >>> 5
    this.words[word] = this.words[word]! & ~(1 << (slot & 31))
    if (word < this.hint) this.hint = word
    this.free++
  }
}

function bitCount(bits: number): number {
  let count = bits - ((bits >>> 1) & 0x55555555)
  count = (count & 0x33333333) + ((count >>> 2) & 0x33333333)
  return Math.imul((count + (count >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
