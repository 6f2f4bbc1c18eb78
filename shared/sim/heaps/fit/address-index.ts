import type { BlockSlots } from '../block-slots'
import type { FreeIndex } from './free-index'
import { MaxTree } from './max-tree'

/*
 * Free blocks by address, for first fit and next fit. The heap is cut into buckets of 512 bytes; a free block belongs to
 * the bucket its first byte lies in:
 *
 *   bucket     0            1            2
 *   heads      [#4 -> #9]   []           [#2]         list in address order (linkA next, linkB previous)
 *   largest    [80          0            4096]        leaf of the max tree
 *
 * A search finds the first bucket whose largest block suffices in O(log buckets) and walks that bucket's list, which
 * is bounded by the bucket (16 free blocks with 16-byte blocks). Beyond 2 GiB buckets get wider so that their number
 * stays below 4 Mi.
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
    const { address, size, linkA: next, linkB: previous } = this.#blocks
    const bucket = ((address[slot]! - this.#origin) * this.#bucketsPerByte) | 0
    const left = previous[slot]!
    const right = next[slot]!
    if (left === 0) this.#heads[bucket] = right
    else next[left] = right
    if (right !== 0) previous[right] = left
    if (size[slot]! < this.#tree.at(bucket)) return
    let largest = 0
    for (let i = this.#heads[bucket]!; i !== 0; i = next[i]!) if (size[i]! > largest) largest = size[i]!
    this.#tree.set(bucket, largest)
  }

  /** First fit. */
  find(bytes: number): number {
    const bucket = this.#tree.first(bytes)
    return bucket < 0 ? 0 : this.#firstInBucket(bucket, bytes)
  }

  /** Lowest block at or above `from` that suffices, 0 when there is none. */
  findFrom(from: number, bytes: number): number {
    const { address, size, linkA: next } = this.#blocks
    const bucket = ((from - this.#origin) * this.#bucketsPerByte) | 0
    if (bucket >= this.#heads.length) return 0
    for (let i = this.#heads[bucket]!; i !== 0; i = next[i]!) if (address[i]! >= from && size[i]! >= bytes) return i
    const later = this.#tree.firstFrom(bucket + 1, bytes)
    return later < 0 ? 0 : this.#firstInBucket(later, bytes)
  }

  #firstInBucket(bucket: number, bytes: number): number {
    const { size, linkA: next } = this.#blocks
    let slot = this.#heads[bucket]!
    while (size[slot]! < bytes) slot = next[slot]!
    return slot
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
