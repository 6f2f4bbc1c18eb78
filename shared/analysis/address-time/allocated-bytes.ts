import { CHUNK_LENGTH, CHUNK_SHIFT } from '../../base/column'
import { STILL_ALIVE, UNKNOWN_SIZE, type Bytes, type EventNumber } from '../../base/units'
import { Occupant, type Run } from '../../model/run'

/**
 * Requested bytes of the program's blocks by event of birth, as running sums at every 4096th row: any span then costs two searches and
 * at most 8192 rows. Only where rows stand in order of birth and every request is known; else every answer is null.
 */
export class AllocatedBytes {
  readonly [Symbol.toStringTag] = 'AllocatedBytes'
  readonly #run: Run
  /** Bytes before row i << STEP_SHIFT; undefined where they cannot be told. */
  readonly #sums: Float64Array | undefined

  constructor(run: Run) {
    this.#run = run
    this.#sums = sumsOf(run)
  }

  /** Of blocks born in (after, upTo]; the end of the run for STILL_ALIVE. */
  between(after: EventNumber, upTo: EventNumber): Bytes | null {
    if (this.#sums === undefined) return null
    return this.#before(this.#firstBornAfter(upTo === STILL_ALIVE ? this.#run.events : upTo)) - this.#before(this.#firstBornAfter(after))
  }

  #before(row: number): Bytes {
    const { requested, occupant } = this.#run.lifetimes
    const from = (row >>> STEP_SHIFT) << STEP_SHIFT
    let sum = this.#sums![row >>> STEP_SHIFT]!
    for (let at = from; at < row; at++) if (occupant.at(at) === Occupant.Busy) sum += requested.at(at)
    return sum
  }

  #firstBornAfter(event: EventNumber): number {
    const { birth } = this.#run.lifetimes
    let low = 0
    let high = birth.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (birth.at(middle) <= event) low = middle + 1
      else high = middle
    }
    return low
  }
}

const STEP_SHIFT = 12

function sumsOf({ lifetimes: { birth, requested, occupant } }: Run): Float64Array | undefined {
  const rows = birth.length
  const sums = new Float64Array((rows >>> STEP_SHIFT) + 1)
  let sum = 0
  let last = 0
  for (let row = 0; row < rows; row++) {
    const chunk = row >>> CHUNK_SHIFT
    const i = row & (CHUNK_LENGTH - 1)
    const born = birth.chunks[chunk]![i]!
    if (born < last) return undefined
    last = born
    if ((row & ((1 << STEP_SHIFT) - 1)) === 0) sums[row >>> STEP_SHIFT] = sum
    if (occupant.chunks[chunk]![i] !== Occupant.Busy) continue
    const bytes = requested.chunks[chunk]![i]!
    if (bytes === UNKNOWN_SIZE) return undefined
    sum += bytes
  }
  if ((rows & ((1 << STEP_SHIFT) - 1)) === 0) sums[rows >>> STEP_SHIFT] = sum
  return sums
}
