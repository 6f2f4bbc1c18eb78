import { CHUNK_LENGTH } from '../../base/column'
import type { JobContext } from '../../base/job-context'
import { STILL_ALIVE, UNKNOWN_SIZE, type Bytes } from '../../base/units'
import { Occupant, type Run } from '../../model/run'
import { allocatedBytes } from './alignment'

/*
 * How long blocks live: the share of them, or of their bytes, that is still alive at each age (Kaplan and Meier).
 *
 *   1 |‾‾\__            S(age) = Π over ages up to it of (1 − deaths / alive just before)
 *     |     \____       a block still alive at the end is known to have reached its age, no more ("censored"):
 *   0 |__________       it counts as alive up to there and then leaves without a death
 *
 * Age is counted in bytes the program asked for since the block was born, so that runs of another speed lie on each
 * other; in operations where requested sizes are unknown. A block that realloc moves or resizes ends, and another begins.
 * Ages are tallied in steps of a sixteenth of a doubling, 4.4 %: time and memory go with the blocks, not with a sort.
 */
export type AgeUnit = 'bytes' | 'operations'

const STEPS_PER_DOUBLING = 16
/** Ages up to 2^53; the first step is age 0. */
export const AGE_STEPS = 2 + 53 * STEPS_PER_DOUBLING

/** Largest requested (or, unknown, consumed) size of each size class; the last has no end. */
export const SURVIVAL_CLASSES: readonly Bytes[] = [16, 64, 256, 1024, 4096, 16384, 65536, Infinity]

/** Sums of one or more runs; by class × AGE_STEPS + step. */
export interface SurvivalTally {
  readonly unit: AgeUnit
  readonly deaths: Float64Array
  readonly deathBytes: Float64Array
  readonly censored: Float64Array
  readonly censoredBytes: Float64Array
}

export const ageStep = (age: number): number => (age < 1 ? 0 : 1 + Math.floor(Math.log2(age) * STEPS_PER_DOUBLING))

/** Ages of a step lie below this. */
export const ageStepEnd = (step: number): number => (step === 0 ? 1 : 2 ** (step / STEPS_PER_DOUBLING))

export function emptySurvival(unit: AgeUnit): SurvivalTally {
  const column = (): Float64Array => new Float64Array(SURVIVAL_CLASSES.length * AGE_STEPS)
  return { unit, deaths: column(), deathBytes: column(), censored: column(), censoredBytes: column() }
}

/** Ages of all the program's blocks of a run; `unit` is `operations` where a request is unknown. */
export function tallySurvival(run: Run, wanted: AgeUnit = 'bytes'): SurvivalTally {
  const { tally, clock } = beginTally(run, wanted)
  for (let chunk = 0; chunk * CHUNK_LENGTH < run.lifetimes.length; chunk++) tallyChunk(run, chunk, clock, tally)
  return tally
}

/** The same, telling how far it is. `mask` is 1 for each lifetime that counts, absent when all do. Throws `cancelled`. */
export async function tallySurvivalOf(run: Run, wanted: AgeUnit, mask: Uint8Array | undefined, job: JobContext): Promise<SurvivalTally> {
  const { tally, clock } = beginTally(run, wanted)
  for (let chunk = 0; chunk * CHUNK_LENGTH < run.lifetimes.length; chunk++) {
    job.progress({ done: chunk * CHUNK_LENGTH, total: run.lifetimes.length, unit: 'blocks' })
    await job.checkpoint()
    tallyChunk(run, chunk, clock, tally, mask?.subarray(chunk * CHUNK_LENGTH))
  }
  return tally
}

function beginTally(run: Run, wanted: AgeUnit): { readonly tally: SurvivalTally; readonly clock: Float64Array | null } {
  const unit = wanted === 'bytes' && requestsKnown(run) ? 'bytes' : 'operations'
  return { tally: emptySurvival(unit), clock: unit === 'bytes' ? allocatedBytes(run) : null }
}

function tallyChunk({ lifetimes, events }: Run, chunk: number, clock: Float64Array | null, { deaths, deathBytes, censored, censoredBytes }: SurvivalTally, mask?: Uint8Array): void {
  const births = lifetimes.birth.chunks[chunk]!
  const ends = lifetimes.death.chunks[chunk]!
  const requests = lifetimes.requested.chunks[chunk]!
  const sizes = lifetimes.size.chunks[chunk]!
  const kinds = lifetimes.occupant.chunks[chunk]!
  const rows = Math.min(lifetimes.length - chunk * CHUNK_LENGTH, CHUNK_LENGTH)
  for (let i = 0; i < rows; i++) {
    if (kinds[i] !== Occupant.Busy || (mask !== undefined && mask[i] === 0)) continue
    const isAlive = ends[i] === STILL_ALIVE
    const from = births[i]!
    const to = isAlive ? events : ends[i]!
    const bytes = requests[i] === UNKNOWN_SIZE ? sizes[i]! : requests[i]!
    const age = clock === null ? to - from : clock[to]! - clock[from]!
    const at = survivalClassOf(bytes) * AGE_STEPS + ageStep(age)
    if (isAlive) {
      censored[at]!++
      censoredBytes[at]! += bytes
    } else {
      deaths[at]!++
      deathBytes[at]! += bytes
    }
  }
}

function requestsKnown({ lifetimes: { requested, occupant, length } }: Run): boolean {
  for (let chunk = 0, left = length; left > 0; chunk++, left -= CHUNK_LENGTH) {
    const requests = requested.chunks[chunk]!
    const kinds = occupant.chunks[chunk]!
    for (let i = 0; i < Math.min(left, CHUNK_LENGTH); i++) if (kinds[i] === Occupant.Busy && requests[i] === UNKNOWN_SIZE) return false
  }
  return true
}

export function survivalClassOf(bytes: Bytes): number {
  let sizeClass = 0
  while (bytes > SURVIVAL_CLASSES[sizeClass]!) sizeClass++
  return sizeClass
}

/** The blocks of several runs together; null for none, or when their ages are counted in different units. */
export function addSurvival(tallies: readonly SurvivalTally[]): SurvivalTally | null {
  const [first] = tallies
  if (first === undefined || tallies.some(({ unit }) => unit !== first.unit)) return null
  const sum = emptySurvival(first.unit)
  for (const tally of tallies) {
    for (const key of ['deaths', 'deathBytes', 'censored', 'censoredBytes'] as const) {
      const [into, from] = [sum[key], tally[key]]
      for (let i = 0; i < into.length; i++) into[i]! += from[i]!
    }
  }
  return sum
}

export interface SurvivalCurve {
  /** Rising ages; survival[i] holds from ages[i] on, and 1 before the first. */
  readonly ages: Float64Array
  readonly survival: Float64Array
  /** Blocks (or bytes) that began, and of these the part still alive at the end. */
  readonly total: number
  readonly censored: number
  /** Greatest age that anything reached, rounded up to its step. */
  readonly lastAge: number
}

/** `sizeClass` null: of all sizes. Empty when nothing began. */
export function survivalCurve(tally: SurvivalTally, weight: 'blocks' | 'bytes', sizeClass: number | null = null): SurvivalCurve {
  const [deaths, censored] = weight === 'blocks' ? [tally.deaths, tally.censored] : [tally.deathBytes, tally.censoredBytes]
  const classes = sizeClass === null ? SURVIVAL_CLASSES.map((_, i) => i) : [sizeClass]
  const sumAt = (column: Float64Array, step: number): number => classes.reduce((sum, one) => sum + column[one * AGE_STEPS + step]!, 0)
  let total = 0
  let left = 0
  let last = -1
  for (let step = 0; step < AGE_STEPS; step++) {
    const here = sumAt(deaths, step) + sumAt(censored, step)
    total += here
    left += sumAt(censored, step)
    if (here > 0) last = step
  }
  const ages: number[] = []
  const survival: number[] = []
  let alive = total
  let share = 1
  for (let step = 0; step <= last; step++) {
    const died = sumAt(deaths, step)
    if (died > 0) {
      share *= 1 - died / alive
      ages.push(ageStepEnd(step))
      survival.push(share)
    }
    alive -= died + sumAt(censored, step)
  }
  return { ages: Float64Array.from(ages), survival: Float64Array.from(survival), total, censored: left, lastAge: last < 0 ? 0 : ageStepEnd(last) }
}

/** Share alive at an age. */
export function survivalAt({ ages, survival }: SurvivalCurve, age: number): number {
  let low = 0
  let high = ages.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (ages[middle]! <= age) low = middle + 1
    else high = middle
  }
  return low === 0 ? 1 : survival[low - 1]!
}

/** Age at which half is gone; null when more than half outlives the run. */
export function medianAge({ ages, survival }: SurvivalCurve): number | null {
  const at = survival.findIndex((share) => share <= 0.5)
  return at < 0 ? null : ages[at]!
}
