import { toFailure } from '../../shared/base/errors'

/** Results of long work by key: the last few are kept, and work that is under way is not begun a second time. */
export class RecentWork<T> {
  readonly #most: number
  readonly #done = new Map<string, T>()
  readonly #running = new Map<string, Promise<T>>()

  constructor(most: number) {
    this.#most = most
  }

  async get(key: string, make: () => Promise<T>): Promise<T> {
    for (let running = this.#running.get(key); running !== undefined; running = this.#running.get(key)) {
      try {
        return await running
      } catch (error) {
        // Whoever began it gave it up; this caller still wants it.
        if (toFailure(error).code !== 'cancelled') throw error
      }
    }
    const found = this.#done.get(key)
    return found === undefined ? this.#begin(key, make) : this.#keep(key, found)
  }

  /** What is there already. */
  peek(key: string): T | undefined {
    return this.#done.get(key)
  }

  async #begin(key: string, make: () => Promise<T>): Promise<T> {
    const work = make()
    this.#running.set(key, work)
    try {
      return this.#keep(key, await work)
    } finally {
      this.#running.delete(key)
    }
  }

  /** A Map lists its keys in the order they were set: the first is the one asked for longest ago. */
  #keep(key: string, value: T): T {
    this.#done.delete(key)
    this.#done.set(key, value)
    if (this.#done.size > this.#most) this.#done.delete(this.#done.keys().next().value!)
    return value
  }
}
