import { PAGE_BYTES, type Bytes } from '../../base/units'

/** Contents of pages by page number. A page nobody wrote to has no bytes and reads as zeros. */
export class PageStore {
  readonly #pages = new Map<number, Uint8Array>()

  /** Pages that hold bytes. */
  get size(): number {
    return this.#pages.size
  }

  /** The bytes of a page, undefined when all are zero because nobody wrote there. */
  peek(page: number): Uint8Array | undefined {
    return this.#pages.get(page)
  }

  /** The bytes of a page, to be written to. */
  open(page: number): Uint8Array {
    let bytes = this.#pages.get(page)
    if (bytes === undefined) {
      bytes = new Uint8Array(PAGE_BYTES)
      this.#pages.set(page, bytes)
    }
    return bytes
  }

  /** Forgets pages [first, past): they read as zeros again. */
  drop(first: number, past: number): void {
    dropRange(this.#pages, first, past)
  }

  get byteLength(): Bytes {
    return this.#pages.size * PAGE_BYTES
  }
}

/** Removes the keys [first, past), by whichever of range and map is the smaller. */
export function dropRange(from: Map<number, unknown> | Set<number>, first: number, past: number): void {
  if (past - first <= from.size) {
    for (let page = first; page < past; page++) from.delete(page)
    return
  }
  for (const page of from.keys()) if (page >= first && page < past) from.delete(page)
}
