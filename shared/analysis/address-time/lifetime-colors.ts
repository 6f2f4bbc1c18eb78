import { CHUNK_LENGTH, CHUNK_SHIFT } from '../../base/column'
import type { JobContext } from '../../base/job-context'
import { STILL_ALIVE, type Bytes, type EventNumber } from '../../base/units'
import { Occupant, type Run } from '../../model/run'
import type { LifetimeIndex } from './lifetime-index'
import type { LifeColor } from './names'

/** Codes of the colour `life`; all but the last three are the program's blocks. */
export const Life = { Live: 0, Never: 1, Before: 2, Later: 3, Internal: 4, Cached: 5 } as const
export type Life = (typeof Life)[keyof typeof Life]
export const LIFE_NAMES = ['live', 'never freed', 'freed before', 'comes later', 'internal', 'cached'] as const

/** Consumed bytes up to which a block is of each class but the last. */
export const SIZE_STEPS: readonly Bytes[] = [32, 128, 512, 2048, 8192, 32768, 262144]
/** Events up to which a life is of each class; then come longer ones, then those that never end. */
export const LENGTH_STEPS: readonly EventNumber[] = [10, 100, 1000, 10_000, 100_000, 1_000_000]
/** Sites with a colour of their own; the next code is any other, the one after that none known. */
export const COLORED_SITES = 6

/** Codes of a colour; how many a tile has to keep apart. */
export const CODES_OF_COLOR: Readonly<Record<LifeColor, number>> = { life: 6, size: SIZE_STEPS.length + 1, length: LENGTH_STEPS.length + 2, site: COLORED_SITES + 2 }

/**
 * Code of a lifetime as seen from `event`. Internal and cached are what the heap itself put there; blocks that are never freed
 * are told apart from the others whether they are there yet or not.
 */
export function lifeOf(occupant: number, birth: EventNumber, death: EventNumber, event: EventNumber): Life {
  if (occupant !== Occupant.Busy) return occupant === Occupant.Internal ? Life.Internal : Life.Cached
  if (death === STILL_ALIVE) return Life.Never
  return death <= event ? Life.Before : birth > event ? Life.Later : Life.Live
}

export const sizeCode = (bytes: Bytes): number => stepOf(SIZE_STEPS, bytes)
export const lengthCode = (birth: EventNumber, death: EventNumber): number => (death === STILL_ALIVE ? LENGTH_STEPS.length + 1 : stepOf(LENGTH_STEPS, death - birth))

function stepOf(steps: readonly number[], value: number): number {
  let step = 0
  while (step < steps.length && value > steps[step]!) step++
  return step
}

export interface PlaceCodes {
  /** By place of the index: 1 byte a lifetime. Of `life` it is the occupant, or NEVER_CODE. */
  readonly codes: Uint8Array
  /** Sites with a colour of their own, most consumed bytes first. */
  readonly sites: readonly string[]
}

/** In codes of `life`: the program's, never freed. */
export const NEVER_CODE = 3
const PLACES_PER_TURN = 1 << 16

/** Codes that do not depend on the event shown. Throws `cancelled`. */
export async function placeCodes(run: Run, index: LifetimeIndex, color: LifeColor, job: JobContext): Promise<PlaceCodes> {
  const codes = new Uint8Array(index.length)
  const ranked = color === 'site' ? await largestSites(run, job) : { codeOfSite: undefined, sites: [] }
  for (let from = 0; from < codes.length; from += PLACES_PER_TURN) {
    fillCodes(run, index, { color, codes, codeOfSite: ranked.codeOfSite }, from, Math.min(codes.length, from + PLACES_PER_TURN))
    job.progress({ done: from, total: codes.length, unit: 'lifetimes' })
    await job.checkpoint()
  }
  return { codes, sites: ranked.sites }
}

interface CodeTarget {
  readonly color: LifeColor
  readonly codes: Uint8Array
  /** By site + 1. */
  readonly codeOfSite: Uint8Array | undefined
}

function fillCodes({ lifetimes: { occupant, site } }: Run, index: LifetimeIndex, { color, codes, codeOfSite }: CodeTarget, from: number, to: number): void {
  const { row, size, birth, death } = index
  if (color === 'size') for (let place = from; place < to; place++) codes[place] = sizeCode(size[place]!)
  else if (color === 'length') for (let place = from; place < to; place++) codes[place] = lengthCode(birth[place]!, death[place]!)
  else if (color === 'site') {
    for (let place = from; place < to; place++) {
      const at = row[place]!
      codes[place] = site === undefined ? COLORED_SITES + 1 : codeOfSite![site.chunks[at >>> CHUNK_SHIFT]![at & (CHUNK_LENGTH - 1)]! + 1]!
    }
  } else {
    for (let place = from; place < to; place++) {
      const at = row[place]!
      const kind = occupant.chunks[at >>> CHUNK_SHIFT]![at & (CHUNK_LENGTH - 1)]!
      codes[place] = kind === Occupant.Busy && death[place] === STILL_ALIVE ? NEVER_CODE : kind
    }
  }
}

/** The sites whose lifetimes consumed most bytes together. */
async function largestSites({ lifetimes: { site, size }, siteNames }: Run, job: JobContext): Promise<{ codeOfSite: Uint8Array; sites: string[] }> {
  const bytes = new Float64Array(siteNames.length + 1)
  const codeOfSite = new Uint8Array(siteNames.length + 1).fill(COLORED_SITES)
  codeOfSite[0] = COLORED_SITES + 1
  if (site === undefined) return { codeOfSite, sites: [] }
  for (let chunk = 0, left = site.length; left > 0; chunk++, left -= CHUNK_LENGTH) {
    const ofRow = site.chunks[chunk]!
    const sizes = size.chunks[chunk]!
    const rows = Math.min(left, CHUNK_LENGTH)
    for (let i = 0; i < rows; i++) bytes[ofRow[i]! + 1]! += sizes[i]!
    await job.checkpoint()
  }
  const order = Array.from(siteNames, (_, index) => index).filter((index) => bytes[index + 1]! > 0).sort((a, b) => bytes[b + 1]! - bytes[a + 1]!).slice(0, COLORED_SITES)
  order.forEach((index, rank) => (codeOfSite[index + 1] = rank))
  return { codeOfSite, sites: order.map((index) => siteNames[index]!) }
}
