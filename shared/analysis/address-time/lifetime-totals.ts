import type { JobContext } from '../../base/job-context'
import { STILL_ALIVE, UNKNOWN_SIZE, type Address, type Bytes, type EventNumber } from '../../base/units'
import { Occupant, type Run } from '../../model/run'
import { conditionOf, type BlockFilter } from '../block-query'
import { columnsAsked } from '../filter/block-condition'
import { keepRows, type KeptRows } from '../filter/evaluate-filter'
import type { ExplainedRun } from '../kept-live'
import { lifetimeValues, OF_A_MOMENT } from '../lifetime-blocks'
import type { SiteMask } from '../sites/site-study'

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

/** Rows of a run's lifetimes that a filter keeps; null when it asks for what only a moment knows. Throws `pattern-invalid`, `cancelled`. */
export async function keptLifetimes({ run, why }: ExplainedRun, filter: BlockFilter, sites: SiteMask | undefined, job: JobContext): Promise<KeptRows | null> {
  const condition = conditionOf(filter, false)
  if (condition !== undefined && columnsAsked(condition).some((column) => OF_A_MOMENT.includes(column))) return null
  return keepRows(lifetimeValues(run, why), condition, sites, job)
}

/** Throws `cancelled`. */
export async function lifetimeTotals(run: Run, { mask, count, bytes }: KeptRows, job: JobContext): Promise<LifetimeTotals> {
  const { address, size, requested, birth, death, occupant, site } = run.lifetimes
  const bySite = { lifetimes: new Float64Array(run.siteNames.length + 1), bytes: new Float64Array(run.siteNames.length + 1) }
  const sums = { blocks: 0, requested: 0, allRequestsKnown: true, neverFreed: 0, neverFreedBytes: 0, first: -1, last: -1 }
  const rows = run.lifetimes.length
  for (let row = 0; row < rows; row++) {
    if ((row & (ROWS_PER_TURN - 1)) === 0) {
      job.progress({ done: row, total: rows, unit: 'lifetimes' })
      await job.checkpoint()
    }
    if (mask !== undefined && mask[row] === 0) continue
    const consumed = size.at(row)
    if (occupant.at(row) === Occupant.Busy) {
      sums.blocks++
      if (requested.at(row) === UNKNOWN_SIZE) sums.allRequestsKnown = false
      else sums.requested += requested.at(row)
    }
    if (death.at(row) === STILL_ALIVE) {
      sums.neverFreed++
      sums.neverFreedBytes += consumed
    }
    if (sums.first < 0 || birth.at(row) < birth.at(sums.first)) sums.first = row
    if (sums.last < 0 || birth.at(row) >= birth.at(sums.last)) sums.last = row
    const place = (site?.at(row) ?? -1) + 1
    bySite.lifetimes[place]!++
    bySite.bytes[place]! += consumed
  }
  const placeOf = (row: number): LifetimePlace | null => (row < 0 ? null : { address: address.at(row), birth: birth.at(row) })
  return {
    lifetimes: count, blocks: sums.blocks, consumedBytes: bytes, requestedBytes: sums.allRequestsKnown ? sums.requested : null,
    neverFreed: sums.neverFreed, neverFreedBytes: sums.neverFreedBytes, first: placeOf(sums.first), last: placeOf(sums.last), ...topSites(run, bySite),
  }
}

function topSites({ siteNames }: Run, { lifetimes, bytes }: { readonly lifetimes: Float64Array; readonly bytes: Float64Array }): Pick<LifetimeTotals, 'sites' | 'moreSites'> {
  const found = Array.from(lifetimes, (_, place) => place).filter((place) => lifetimes[place]! > 0).sort((a, b) => bytes[b]! - bytes[a]!)
  const sites = found.slice(0, MOST_SITES_TOLD).map((place) => ({ site: siteNames[place - 1] ?? null, lifetimes: lifetimes[place]!, consumedBytes: bytes[place]! }))
  return { sites, moreSites: found.length - sites.length }
}

const ROWS_PER_TURN = 1 << 16
