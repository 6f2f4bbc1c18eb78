import type { Address, Bytes, EventNumber, RowIndex } from '../../../base/units'
import { Occupant, type Run, type RunReasons } from '../../../model/run'
import { reasonsOf } from './index'
import { reasonSentence, type ReasonText } from './reason-text'

/** Why something is as it is: a name for scripts, a sentence for people. */
export interface Reason {
  readonly reason: string
  readonly text: string
}

export interface PlacedRow extends Reason {
  /** Event that placed the block. */
  readonly event: EventNumber
  readonly address: Address
  readonly size: Bytes
  readonly requested: Bytes
}

export interface GrownRow extends Reason {
  /** Event that made the heap take memory or give it back; 0 = before the first. */
  readonly event: EventNumber
}

/** What a code and its two numbers mean in a manager's texts. */
export const reasonOf = (texts: readonly ReasonText[], code: number, a: number, b: number): Reason => {
  const text = texts[code]!
  return { reason: text.id, text: reasonSentence(text, a, b) }
}

/** Why the block of a lifetime lies where it does; null for what the heap keeps for itself. */
export function placedReason(run: Run, { code, a, b }: RunReasons, row: RowIndex): Reason | null {
  const table = reasonsOf(run.request.heap)
  if (table === undefined || run.lifetimes.occupant.at(row) !== Occupant.Busy) return null
  return reasonOf(table.placed, code.at(row), a.at(row), b.at(row))
}

/** Change of memory number `row`. */
export function grownRow(run: Run, { grownEvent, grownCode, grownA, grownB }: RunReasons, row: RowIndex): GrownRow {
  return { event: grownEvent.at(row), ...reasonOf(reasonsOf(run.request.heap)!.grown, grownCode.at(row), grownA.at(row), grownB.at(row)) }
}

/** Every placement of a run, in order of events. */
export function* placedRows(run: Run, reasons: RunReasons): Generator<PlacedRow> {
  const { birth, address, size, requested } = run.lifetimes
  for (let row = 0; row < run.lifetimes.length; row++) {
    const reason = placedReason(run, reasons, row)
    if (reason !== null) yield { event: birth.at(row), address: address.at(row), size: size.at(row), requested: requested.at(row), ...reason }
  }
}

/** Every change of memory of a run, in order of events. */
export function* grownRows(run: Run, reasons: RunReasons): Generator<GrownRow> {
  for (let row = 0; row < reasons.grownEvent.length; row++) yield grownRow(run, reasons, row)
}
