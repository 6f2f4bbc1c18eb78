import { median } from '../run-benches.mjs'

/** What window-rounds.mjs tells of a round, in millions of bytes. */
export interface WindowRound {
  /** Resident, before the document is closed. */
  readonly engineOpenMegabytes: number
  /** Resident, after it was closed and garbage collected. */
  readonly engineMegabytes: number
  readonly pageMegabytes: number
  /** Objects and columns that the engine's runtime still holds then. */
  readonly engineHeldMegabytes: number
  /** Objects of the page's scripts; what V8 compiled of the scripts is apart, for it grows until all that is often run is optimised. */
  readonly pageHeldMegabytes: number
  readonly pageCodeMegabytes: number
  readonly seconds: number
}

const COUNTED = 3

/**
 * Percent from the rounds after the first, which only warms up, to the last: medians of three each, for a single reading of resident
 * memory tells more of the system than of the program. Rounds fewer than seven overlap and are no measurement.
 */
export function growthPercent(values: readonly number[]): number {
  if (values.length < 2 * COUNTED + 1) throw new RangeError(`growth needs at least ${2 * COUNTED + 1} rounds, got ${values.length}`)
  const early = median(values.slice(1, 1 + COUNTED))
  return (100 * (median(values.slice(-COUNTED)) - early)) / early
}
