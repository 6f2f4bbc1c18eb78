import { NumberMap } from '../../base/number-map'

/** The shortest line that brings an id into use, `a 0 1` with its line feed: bounds what a header can make us reserve. */
const LEAST_LINE_BYTES = 6

/**
 * Objects by the id the file calls them. Files number their blocks densely, so ids below the header's count have a
 * place in an array: neighbours in time are neighbours in memory, where a hash would miss the cache at each event.
 * Other ids, which the header does not allow but files have, go through a hash.
 */
export class IdTable {
  /** Object + 1; 0 is free. */
  readonly #dense: Uint32Array
  readonly #others = new NumberMap()

  /** `ids` as the header says; `fileBytes` is the length of the file. */
  constructor(ids: number, fileBytes: number) {
    this.#dense = new Uint32Array(Math.min(ids, Math.ceil(fileBytes / LEAST_LINE_BYTES)))
  }

  /** The object, or -1 when the id is not in use. */
  get(id: number): number {
    return id < this.#dense.length ? this.#dense[id]! - 1 : this.#others.get(id)
  }

  set(id: number, object: number): void {
    if (id < this.#dense.length) this.#dense[id] = object + 1
    else this.#others.set(id, object)
  }

  /** Frees the id and returns its object, or -1 when it was not in use. */
  take(id: number): number {
    if (id >= this.#dense.length) return this.#others.take(id)
    const object = this.#dense[id]! - 1
    this.#dense[id] = 0
    return object
  }
}
