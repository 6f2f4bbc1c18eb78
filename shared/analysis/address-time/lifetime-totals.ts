import { CHUNK_LENGTH, CHUNK_SHIFT } from '../../base/column'
import type { JobContext } from '../../base/job-context'
import { NONE, STILL_ALIVE, UNKNOWN_SIZE, type Address, type Bytes, type EventNumber, type RowIndex } from '../../base/units'
import { Occupant, type Run } from '../../model/run'
import type { KeptRows } from '../filter/evaluate-filter'

/*
 * What a filter keeps of everything that ever was in a run, dead or alive, added up:
 *
 *   where = "end > 0x1000 and address < 0x9000 and birth < 200 and death > 100"      a rectangle of address and time
 */
export interface LifetimeTotals {
  /** Lifetimes kept: blocks of the program, and what the heap itself put there. */
  readonly lifetimes: number
  /** Of them, blocks of the program. */
  readonly blocks: number
  readonly consumedBytes: Bytes
  /** Requested bytes of the program's blocks; null when any of them does not tell. */
  readonly requestedBytes: Bytes | null
  /** Still there at the end of the run. */
  readonly neverFreed: number
  readonly neverFreedBytes: Bytes
  /** The one born first, and the one born last; null when nothing is kept. */
  readonly first: LifetimePlace | null
  readonly last: LifetimePlace | null
  /** By consumed bytes, largest first; at most MOST_SITES_TOLD. */
  readonly sites: readonly SiteTotals[]
  /** Call sites beyond those told. */
  readonly moreSites: number
}

export interface LifetimePlace {
  readonly address: Address
  readonly birth: EventNumber
}

export interface SiteTotals {
  /** null: not known. */
  readonly site: string | null
  readonly lifetimes: number
  readonly consumedBytes: Bytes
}

export const MOST_SITES_TOLD = 10

/** Throws `cancelled`. */
export async function lifetimeTotals(run: Run, { mask, count, bytes }: KeptRows, job: JobContext): Promise<LifetimeTotals> {
  const { address, birth } = run.lifetimes
  const rows = run.lifetimes.length
  const sums = new TotalSums(run)
  for (let from = 0; from < rows; from += ROWS_PER_TURN) {
    job.progress({ done: from, total: rows, unit: 'lifetimes' })
    await job.checkpoint()
    sums.add(from, Math.min(rows, from + ROWS_PER_TURN), mask)
  }
  const placeOf = (row: RowIndex): LifetimePlace | null => (row === NONE ? null : { address: address.at(row), birth: birth.at(row) })
  return {
    lifetimes: count, blocks: sums.blocks, consumedBytes: bytes, requestedBytes: sums.areRequestsKnown ? sums.requestedBytes : null,
    neverFreed: sums.neverFreed, neverFreedBytes: sums.neverFreedBytes, first: placeOf(sums.first), last: placeOf(sums.last), ...topSites(run, sums),
  }
}

class TotalSums {
  blocks = 0
  requestedBytes = 0
  areRequestsKnown = true
  neverFreed = 0
  neverFreedBytes = 0
  first: RowIndex = NONE
  last: RowIndex = NONE
  /** By site + 1. */
  readonly lifetimes: Float64Array
  readonly bytes: Float64Array
  readonly #run: Run
  #firstBirth = Infinity
  #lastBirth = -1

  constructor(run: Run) {
    this.#run = run
    this.lifetimes = new Float64Array(run.siteNames.length + 1)
    this.bytes = new Float64Array(run.siteNames.length + 1)
  }

  /** Rows [from, to), which lie in one chunk. */
  add(from: RowIndex, to: RowIndex, mask: Uint8Array | undefined): void {
    const { lifetimes } = this.#run
    const chunk = from >>> CHUNK_SHIFT
    const sizes = lifetimes.size.chunks[chunk]!
    const requests = lifetimes.requested.chunks[chunk]!
    const births = lifetimes.birth.chunks[chunk]!
    const deaths = lifetimes.death.chunks[chunk]!
    const occupants = lifetimes.occupant.chunks[chunk]!
    const sites = lifetimes.site?.chunks[chunk]
    const start = from & (CHUNK_LENGTH - 1)
    for (let row = from, i = start; row < to; row++, i++) {
      if (mask !== undefined && mask[row] === 0) continue
      const consumed = sizes[i]!
      if (occupants[i] === Occupant.Busy) {
        this.blocks++
        if (requests[i] === UNKNOWN_SIZE) this.areRequestsKnown = false
        else this.requestedBytes += requests[i]!
      }
      if (deaths[i] === STILL_ALIVE) {
        this.neverFreed++
        this.neverFreedBytes += consumed
      }
      if (births[i]! < this.#firstBirth) {
        this.#firstBirth = births[i]!
        this.first = row
      }
      if (births[i]! >= this.#lastBirth) {
        this.#lastBirth = births[i]!
        this.last = row
      }
      const place = sites === undefined ? 0 : sites[i]! + 1
      this.lifetimes[place]!++
      this.bytes[place]! += consumed
    }
  }
}

function topSites({ siteNames }: Run, { lifetimes, bytes }: { readonly lifetimes: Float64Array; readonly bytes: Float64Array }): Pick<LifetimeTotals, 'sites' | 'moreSites'> {
  const found = Array.from(lifetimes, (_, place) => place).filter((place) => lifetimes[place]! > 0).sort((a, b) => bytes[b]! - bytes[a]!)
  const sites = found.slice(0, MOST_SITES_TOLD).map((place) => ({ site: siteNames[place - 1] ?? null, lifetimes: lifetimes[place]!, consumedBytes: bytes[place]! }))
  return { sites, moreSites: found.length - sites.length }
}

const ROWS_PER_TURN = 1 << 16
