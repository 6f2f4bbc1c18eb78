import { HeapscapeError } from '../../base/errors'
import type { Capture } from './capture'

/** A moment of a process that a reader kept, to look at and compare later. */
export interface Moment {
  readonly id: string
  readonly title: string
  readonly capture: Capture
}

/** Each holds the bytes of a process. */
const MOST_MOMENTS = 16

/** The moments kept of one process, for all who look at it. */
export class Moments {
  readonly #kept = new Map<string, Moment>()
  #next = 1

  list(): readonly Moment[] {
    return [...this.#kept.values()]
  }

  /** @throws HeapscapeError `input-too-large` */
  keep(capture: Capture): Moment {
    if (this.#kept.size >= MOST_MOMENTS) throw new HeapscapeError('input-too-large', { expected: `at most ${MOST_MOMENTS} kept moments`, got: this.#kept.size + 1 })
    const moment = { id: `m${this.#next}`, title: `Moment ${this.#next}`, capture }
    this.#next++
    this.#kept.set(moment.id, moment)
    return moment
  }

  /** @throws HeapscapeError `document-unknown` */
  get(id: string): Moment {
    const found = this.#kept.get(id)
    if (found === undefined) throw new HeapscapeError('document-unknown', { id })
    return found
  }

  forget(id: string): void {
    this.get(id)
    this.#kept.delete(id)
  }
}
