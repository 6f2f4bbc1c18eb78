import type { JobContext } from '../../shared/base/job-context'
import type { MemoryShare } from './kept-memory'
import { SharedWork } from './shared-work'

/** Results of long work by key: the last few are kept, and work that is under way is not begun a second time but waited for. */
export class RecentWork<T> {
  readonly #most: number
  readonly #share: MemoryShare<T> | undefined
  readonly #done = new Map<string, T>()
  readonly #running = new Map<string, SharedWork<T>>()

  /** At most so many are kept, and fewer where `share` has no memory for them. */
  constructor(most: number, share?: MemoryShare<T>) {
    this.#most = most
    this.#share = share
  }

  /** `make` is told the job of all who wait for it, not that of the first alone. @throws what the work throws, `cancelled` */
  get(key: string, job: JobContext, make: (job: JobContext) => Promise<T>): Promise<T> {
    const found = this.#done.get(key)
    if (found !== undefined) return Promise.resolve(this.#keep(key, found))
    const running = this.#running.get(key)
    if (running?.isGivenUp === false) return running.join(job)
    const work = new SharedWork<T>()
    this.#running.set(key, work)
    const answer = work.join(job)
    work.begin(async (shared) => {
      try {
        return this.#keep(key, await make(shared))
      } finally {
        if (this.#running.get(key) === work) this.#running.delete(key)
      }
    })
    return answer
  }

  /** What is there already. */
  peek(key: string): T | undefined {
    return this.#done.get(key)
  }

  /** A Map lists its keys in the order they were set: the first is the one asked for longest ago. */
  #keep(key: string, value: T): T {
    this.#done.delete(key)
    this.#done.set(key, value)
    this.#share?.memory.used(this.#nameOf(key), this.#share.bytesOf(value), () => this.#done.delete(key))
    if (this.#done.size > this.#most) this.#forget(this.#done.keys().next().value!)
    return value
  }

  #forget(key: string): void {
    this.#done.delete(key)
    this.#share?.memory.gone(this.#nameOf(key))
  }

  #nameOf(key: string): string {
    return `${this.#share?.kind} ${key}`
  }
}
