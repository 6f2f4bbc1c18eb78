import { Column } from '../../base/column'
import { RunReasons } from '../../model/run'

/*
 * A manager that is asked to tells why it did what it did: a code of its own (texts: shared/sim/profiles/reasons) and
 * two numbers.
 *
 *   alloc(100)   grew(Extended, 112, 4096)     before the block, as often as memory was taken
 *                placed(Grown, 4096, 3984)     once; the last word before alloc or realloc returns counts
 *
 * Told through the observer, which is there from the first byte on. Without a listener nothing is told, and a manager
 * pays one comparison a call.
 */
export interface Explainer {
  /** Why the block of the call under way lies where it does. */
  placed(code: number, a: number, b: number): void
  /** Why memory was taken from the system or given back. */
  grew(code: number, a: number, b: number): void
}

/** Gathers reasons as columns. Codes are below 256, numbers whole and not negative. */
export class ReasonRecorder implements Explainer {
  readonly reasons = new RunReasons()
  readonly #eventNow: () => number
  #code = 0
  #a = 0
  #b = 0

  constructor(eventNow: () => number) {
    this.#eventNow = eventNow
  }

  placed(code: number, a: number, b: number): void {
    this.#code = code
    this.#a = a
    this.#b = b
  }

  grew(code: number, a: number, b: number): void {
    const { grownEvent, grownCode, grownA, grownB } = this.reasons
    grownEvent.push(this.#eventNow())
    grownCode.push(code)
    grownA.push(a)
    grownB.push(b)
  }

  /** Writes what was told last to a lifetime; rows between that are not the program's stay without a reason. */
  keep(row: number): void {
    const { code, a, b } = this.reasons
    this.finish(row)
    code.push(this.#code)
    a.push(this.#a)
    b.push(this.#b)
    this.#code = 0
    this.#a = 0
    this.#b = 0
  }

  /** Brings the columns to the length of the table of lifetimes. */
  finish(rows: number): RunReasons {
    const { code, a, b } = this.reasons
    padTo(code, rows)
    padTo(a, rows)
    padTo(b, rows)
    return this.reasons
  }
}

function padTo(column: Column, rows: number): void {
  while (column.length < rows) column.push(0)
}
