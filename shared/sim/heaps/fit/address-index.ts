import type { BlockSlots } from '../block-slots'
import type { FreeIndex } from './free-index'
import { MaxTree } from './max-tree'

/*
 * Free blocks by address, for first fit and next fit. The heap is cut into buckets of 512 bytes; a free block belongs to
 * the bucket its first byte lies in:
 *
 *   bucket     0            1            2
 *   heads      [#4 -> #9]   []           [#2]         list in address order (linkA next, linkB previous)
 *   largest    [80          0            4096]        leaf of the max tree, an upper bound
 *
 * A search finds the first bucket whose largest block may suffice in O(log buckets) and walks that bucket's list, which
 * is bounded by the bucket (16 free blocks with 16-byte blocks). Beyond 2 GiB buckets get wider so that their number
 * stays below 4 Mi.
 *
 * A block that leaves does not lower the bound; the search that finds the bound too high does. That is one walk for a
 * departure at the most, and none where a block of that size comes back before anyone asks.
 */
const BUCKET_BYTES = 512
const MOST_BUCKETS = 4 * 1024 * 1024
const FIRST_BUCKETS = 512

export class AddressIndex implements FreeIndex {
  readonly #blocks: BlockSlots
  readonly #origin: number
  readonly #bucketsPerByte: number
  readonly #tree = new MaxTree(FIRST_BUCKETS)
  #heads = new Int32Array(FIRST_BUCKETS)

  /** `span` is the most bytes from `origin` that blocks can lie in. */
  constructor(blocks: BlockSlots, origin: number, span: number) {
    this.#blocks = blocks
    this.#origin = origin
    let bucketBytes = BUCKET_BYTES
    while (span / bucketBytes > MOST_BUCKETS) bucketBytes *= 2
    this.#bucketsPerByte = 1 / bucketBytes
  }

  insert(slot: number): void {
    const { address, size, linkA: next, linkB: previous } = this.#blocks
    const at = address[slot]!
    const bucket = ((at - this.#origin) * this.#bucketsPerByte) | 0
    if (bucket >= this.#heads.length) this.#grow(bucket)
    let left = 0
    let right = this.#heads[bucket]!
    while (right !== 0 && address[right]! < at) {
      left = right
      right = next[right]!
    }
    next[slot] = right
    previous[slot] = left
    if (right !== 0) previous[right] = slot
    if (left === 0) this.#heads[bucket] = slot
    else next[left] = slot
    if (size[slot]! > this.#tree.at(bucket)) this.#tree.set(bucket, size[slot]!)
  }

  remove(slot: number): void {
    const { address, linkA: next, linkB: previous } = this.#blocks
    const bucket = ((address[slot]! - this.#origin) * this.#bucketsPerByte) | 0
    const left = previous[slot]!
    const right = next[slot]!
    if (left === 0) this.#heads[bucket] = right
    else next[left] = right
    if (right !== 0) previous[right] = left
  }

  /** First fit. */
  find(bytes: number): number {
    for (let bucket = this.#tree.first(bytes); bucket >= 0; bucket = this.#tree.firstFrom(bucket + 1, bytes)) {
      const slot = this.#firstInBucket(bucket, bytes)
      if (slot !== 0) return slot
    }
    return 0
  }

  /** Lowest block at or above `from` that suffices, 0 when there is none. */
  findFrom(from: number, bytes: number): number {
    const { address, size, linkA: next } = this.#blocks
    const bucket = ((from - this.#origin) * this.#bucketsPerByte) | 0
    if (bucket >= this.#heads.length) return 0
    for (let i = this.#heads[bucket]!; i !== 0; i = next[i]!) if (address[i]! >= from && size[i]! >= bytes) return i
    for (let later = this.#tree.firstFrom(bucket + 1, bytes); later >= 0; later = this.#tree.firstFrom(later + 1, bytes)) {
      const slot = this.#firstInBucket(later, bytes)
      if (slot !== 0) return slot
    }
    return 0
  }

  /** 0 when none of the bucket suffices; its bound is then brought down to what it holds. */
  #firstInBucket(bucket: number, bytes: number): number {
    const { size, linkA: next } = this.#blocks
    let largest = 0
    for (let slot = this.#heads[bucket]!; slot !== 0; slot = next[slot]!) {
      const bytesHere = size[slot]!
      if (bytesHere >= bytes) return slot
      if (bytesHere > largest) largest = bytesHere
    }
    this.#tree.set(bucket, largest)
    return 0
  }

  #grow(bucket: number): void {
    let length = this.#heads.length
    while (length <= bucket) length *= 2
    const heads = new Int32Array(length)
    heads.set(this.#heads)
    this.#heads = heads
    this.#tree.resize(length)
  }
}

/** Next fit: searches go on from the last block chosen by a search, to the end and then from the start. */
export class RoverIndex implements FreeIndex {
  readonly #blocks: BlockSlots
  readonly #byAddress: AddressIndex
  #rover: number

  constructor(blocks: BlockSlots, origin: number, span: number) {
    this.#blocks = blocks
    this.#byAddress = new AddressIndex(blocks, origin, span)
    this.#rover = origin
  }

  insert(slot: number): void {
    // A block that merged over the rover takes the rover along.
    const start = this.#blocks.address[slot]!
    if (start < this.#rover && this.#rover < start + this.#blocks.size[slot]!) this.#rover = start
    this.#byAddress.insert(slot)
  }

  remove(slot: number): void {
    this.#byAddress.remove(slot)
  }

  find(bytes: number): number {
    let slot = this.#byAddress.findFrom(this.#rover, bytes)
    if (slot === 0) slot = this.#byAddress.find(bytes)
    if (slot !== 0) this.#rover = this.#blocks.address[slot]!
    return slot
  }
}
