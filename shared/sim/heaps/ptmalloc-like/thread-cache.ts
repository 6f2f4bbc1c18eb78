import type { Bytes } from '../../../base/units'
import { chunkBytes, MIN_CHUNK, TCACHE_LISTS } from './ptmalloc-rules'

/*
 * The cache of the one thread there is: a stack of freed chunks for each size, which stay busy for everything behind it.
 *
 *   32   #9 #4 #7      last freed, first served
 *   48   #2
 */
export class ThreadCache {
  readonly #depth: number
  readonly #largest: Bytes
  readonly #chunks: Int32Array
  readonly #counts = new Int32Array(TCACHE_LISTS)

  /** `depth` chunks a list, 0 = no cache; `maxRequest` is the largest request that has a list. */
  constructor(depth: number, maxRequest: Bytes) {
    this.#depth = depth
    this.#largest = depth === 0 ? 0 : Math.min(chunkBytes(maxRequest), MIN_CHUNK + 16 * (TCACHE_LISTS - 1))
    this.#chunks = new Int32Array(TCACHE_LISTS * depth)
  }

  hasRoom(size: Bytes): boolean {
    return size <= this.#largest && this.#counts[(size - MIN_CHUNK) >>> 4]! < this.#depth
  }

  put(size: Bytes, chunk: number): void {
    const list = (size - MIN_CHUNK) >>> 4
    this.#chunks[list * this.#depth + this.#counts[list]!++] = chunk
  }

  /** 0 when the list is empty or there is none for this size. */
  take(size: Bytes): number {
    if (size > this.#largest) return 0
    const list = (size - MIN_CHUNK) >>> 4
    const count = this.#counts[list]!
    if (count === 0) return 0
    this.#counts[list] = count - 1
    return this.#chunks[list * this.#depth + count - 1]!
  }
}
