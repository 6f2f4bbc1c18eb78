import { CHUNK_LENGTH, type Column } from '../base/column'
import type { JobContext } from '../base/job-context'
import { STILL_ALIVE, UNKNOWN_SIZE } from '../base/units'
import { Occupant, type Run } from '../model/run'
import { conditionOf, type BlockFilter } from './block-query'
import { columnsAsked } from './filter/block-condition'
import { keepRows, type KeptRows } from './filter/evaluate-filter'
import { lifetimeValues, OF_A_MOMENT } from './lifetime-blocks'
import type { SiteMask } from './sites/site-study'
import { denseFromChanges, type DenseSeries } from './timeline'

/** A run and, once it is known, why the block of each of its lifetimes lies where it does (numbers of placed-reasons.ts). */
export interface ExplainedRun {
  readonly run: Run
  readonly why?: Column | undefined
}

/** Rows of a run's lifetimes that a filter keeps; null when it asks for what only a moment knows. Throws `pattern-invalid`, `cancelled`. */
export async function keptLifetimes({ run, why }: ExplainedRun, filter: BlockFilter, sites: SiteMask | undefined, job: JobContext): Promise<KeptRows | null> {
  const condition = conditionOf(filter, false)
  if (condition !== undefined && columnsAsked(condition).some((column) => OF_A_MOMENT.includes(column))) return null
  return keepRows(lifetimeValues(run, why), condition, sites, job)
}

/**
 * Live bytes, after every event of a run, of the busy blocks among the lifetimes kept; blocks of unknown request count with what
 * they consume less the header. Throws `cancelled`.
 */
export async function keptLiveOfRun({ lifetimes, heaps, events }: Run, { mask }: KeptRows, job: JobContext): Promise<DenseSeries> {
  const headerBytes = heaps[0]?.headerBytes ?? 0
  const changes = new Float64Array(events + 1)
  for (let chunk = 0, left = lifetimes.length; left > 0; chunk++, left -= CHUNK_LENGTH) {
    const births = lifetimes.birth.chunks[chunk]!
    const deaths = lifetimes.death.chunks[chunk]!
    const occupants = lifetimes.occupant.chunks[chunk]!
    const requests = lifetimes.requested.chunks[chunk]!
    const sizes = lifetimes.size.chunks[chunk]!
    const first = chunk * CHUNK_LENGTH
    const rows = Math.min(left, CHUNK_LENGTH)
    for (let i = 0; i < rows; i++) {
      if (occupants[i] !== Occupant.Busy || (mask !== undefined && mask[first + i] === 0)) continue
      const bytes = requests[i] === UNKNOWN_SIZE ? sizes[i]! - headerBytes : requests[i]!
      changes[births[i]!]! += bytes
      if (deaths[i] !== STILL_ALIVE) changes[deaths[i]!]! -= bytes
    }
    await job.checkpoint()
  }
  return denseFromChanges(changes)
}
