import { CHUNK_LENGTH, CHUNK_SHIFT, type Column } from '../base/column'
import type { JobContext } from '../base/job-context'
import { inTurns } from '../base/steps'
import { STILL_ALIVE, UNKNOWN_SIZE } from '../base/units'
import { Occupant, type LifetimeTable, type Run } from '../model/run'
import { conditionOf, type BlockFilter } from './block-query'
import { columnsAsked } from './filter/block-condition'
import { keepRows, type KeptRows } from './filter/evaluate-filter'
import { lifetimeValues, OF_A_MOMENT } from './lifetime-blocks'
import type { SiteMask } from './sites/site-study'
import { denseSteps, type DenseSeries } from './timeline'

/** Changes of deaths lie scattered over the events: some ten milliseconds, and a part of a chunk. */
const ROWS_PER_STEP = CHUNK_LENGTH / 4

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
  for (let from = 0; from < lifetimes.length; from += ROWS_PER_STEP) {
    addChanges(lifetimes, from, Math.min(lifetimes.length, from + ROWS_PER_STEP), { mask, headerBytes, changes })
    await job.checkpoint()
  }
  return inTurns(denseSteps(changes), job)
}

/** Of rows [from, to), which lie in one chunk. */
function addChanges({ birth, death, occupant, requested, size }: LifetimeTable, from: number, to: number, { mask, headerBytes, changes }: { readonly mask: Uint8Array | undefined; readonly headerBytes: number; readonly changes: Float64Array }): void {
  const chunk = from >>> CHUNK_SHIFT
  const births = birth.chunks[chunk]!
  const deaths = death.chunks[chunk]!
  const occupants = occupant.chunks[chunk]!
  const requests = requested.chunks[chunk]!
  const sizes = size.chunks[chunk]!
  const start = from & (CHUNK_LENGTH - 1)
  for (let row = from, i = start; row < to; row++, i++) {
    if (occupants[i] !== Occupant.Busy || (mask !== undefined && mask[row] === 0)) continue
    const bytes = requests[i] === UNKNOWN_SIZE ? sizes[i]! - headerBytes : requests[i]!
    changes[births[i]!]! += bytes
    if (deaths[i] !== STILL_ALIVE) changes[deaths[i]!]! -= bytes
  }
}
