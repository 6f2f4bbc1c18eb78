import type { Bytes } from '../../shared/base/units'

/**
 * Memory that several kinds of results share: when what they keep takes more, those asked for longest ago go. What was asked
 * for last stays, however large it is.
 */
export class KeptMemory {
  readonly #mostBytes: Bytes
  /** In order of use, the longest ago first. */
  readonly #entries = new Map<string, { readonly bytes: Bytes; readonly forget: () => void }>()
  #bytes = 0

  constructor(mostBytes: Bytes) {
    this.#mostBytes = mostBytes
  }

  get bytes(): Bytes {
    return this.#bytes
  }

  /** `name` is one name among all kinds; `forget` lets go of it. */
  used(name: string, bytes: Bytes, forget: () => void): void {
    this.gone(name)
    this.#entries.set(name, { bytes, forget })
    this.#bytes += bytes
    for (const [oldest, entry] of this.#entries) {
      if (this.#bytes <= this.#mostBytes || oldest === name) return
      this.gone(oldest)
      entry.forget()
    }
  }

  gone(name: string): void {
    this.#bytes -= this.#entries.get(name)?.bytes ?? 0
    this.#entries.delete(name)
  }
}

/** Where results take their memory from. */
export interface MemoryShare<T> {
  readonly memory: KeptMemory
  /** Tells these results from others of the same memory. */
  readonly kind: string
  readonly bytesOf: (value: T) => Bytes
}
