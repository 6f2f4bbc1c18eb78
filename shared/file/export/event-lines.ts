import { Column } from '../../base/column'
import { NONE } from '../../base/units'
import { Op, type Trace } from '../../model/trace'

/**
 * The events of a trace in the words of the plain formats (docs/recording.md): `at` is the pointer where the trace has
 * addresses, else the object's number; `from` is where a realloc came from.
 */
export class EventLines {
  /** Of the event last moved to; -1 where there is none. */
  at = NONE
  from = NONE
  readonly hasAddress: boolean
  readonly #trace: Trace
  /** Where each object lies, by number; only with addresses. */
  readonly #addressOf = new Column('f64')

  constructor(trace: Trace) {
    this.#trace = trace
    this.hasAddress = trace.address !== undefined
  }

  /** Events must be visited in order: where a realloc comes from is what the object's event before left. */
  move(event: number): void {
    const { op, object, address, objects } = this.#trace
    const operation = op.at(event)
    this.from = NONE
    if (address === undefined) {
      // An id that is never given out: its free fits nothing, as it did in the source.
      this.at = operation === Op.OrphanFree ? objects : object.at(event)
      return
    }
    this.at = address.at(event)
    if (operation === Op.Realloc) {
      const before = this.#addressOf.at(object.at(event))
      if (before !== this.at) this.from = before
    }
    if (operation === Op.Alloc) this.#addressOf.push(this.at)
    else if (operation === Op.Realloc) this.#addressOf.set(object.at(event), this.at)
  }
}

/** Words of the plain formats by operation. */
export const EVENT_WORDS: Readonly<Record<number, string>> = { [Op.Alloc]: 'alloc', [Op.Free]: 'free', [Op.Realloc]: 'realloc', [Op.OrphanFree]: 'free' }
