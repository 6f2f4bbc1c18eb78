import { CHUNK_LENGTH } from '../../base/column'
import type { JobContext } from '../../base/job-context'
import { inTurns, type Steps } from '../../base/steps'
import { NONE, STILL_ALIVE, UNKNOWN_SIZE, type EventNumber } from '../../base/units'
import { Occupant, type Run } from '../../model/run'
import { BlockState, type Snapshot } from '../../model/snapshot'
import type { TraceSites } from '../../model/trace'
import { blockTotalsSteps, committedBytes } from '../metrics/block-totals'
import { pinBlameSteps } from '../metrics/pin-blame'
import { checkEvent, emptyValues, findMeasure, RUN_MEASURES, SNAPSHOT_MEASURES, type SiteSource, type SiteValues } from './site-measures'

/** What a run's source needs of its owner, who keeps cuts for other views as well. */
export interface RunMoments {
  /** The run after the event. */
  cut(event: EventNumber): Snapshot
  /** Makes that cut in turns, so that `cut` has it at hand. */
  prepare?(event: EventNumber, job: JobContext): Promise<unknown>
  /** First event with most live bytes; told at once when it was before. */
  peakSteps(): Steps<EventNumber>
}

/** Call sites of a run: the program's blocks, and what the heap adds to them. */
export class RunSiteSource implements SiteSource {
  readonly measures = RUN_MEASURES
  readonly sites: TraceSites
  readonly #run: Run
  readonly #moments: () => RunMoments

  constructor(run: Run, moments: () => RunMoments) {
    this.#run = run
    this.#moments = moments
    this.sites = { names: run.siteNames, ...(run.calls === undefined ? {} : { calls: run.calls }) }
  }

  get lastEvent(): EventNumber {
    return this.#run.events
  }

  async prepare(measure: string, event: EventNumber | null, job: JobContext): Promise<void> {
    if (measure === 'allocated' || measure === 'temporary') return
    const moments = this.#moments()
    await moments.prepare?.(measure === 'peak' ? await inTurns(moments.peakSteps(), job) : checkEvent(event, this.#run.events), job)
  }

  *valueSteps(measure: string, event: EventNumber | null): Steps<SiteValues> {
    const id = findMeasure(this.measures, measure).id
    const at = checkEvent(event, this.#run.events)
    if (id === 'allocated') return yield* this.#sum(() => true)
    if (id === 'temporary') return yield* this.#sum((birth, death) => death === birth + 1)
    const moments = this.#moments()
    if (id === 'peak') return yield* snapshotValues(moments.cut(yield* moments.peakSteps()), 'live', this.sites)
    return yield* snapshotValues(moments.cut(at), id, this.sites)
  }

  /** Over all stays of the program's blocks that `isWanted`. */
  *#sum(isWanted: (birth: EventNumber, death: EventNumber) => boolean): Steps<SiteValues> {
    const { bytes, count } = emptyValues(this.sites)
    const { lifetimes, heaps } = this.#run
    const headerBytes = heaps[0]?.headerBytes ?? 0
    for (let chunk = 0, left = lifetimes.length; left > 0; chunk++, left -= CHUNK_LENGTH) {
      const requests = lifetimes.requested.chunks[chunk]!
      const sizes = lifetimes.size.chunks[chunk]!
      const occupants = lifetimes.occupant.chunks[chunk]!
      const births = lifetimes.birth.chunks[chunk]!
      const deaths = lifetimes.death.chunks[chunk]!
      const sites = lifetimes.site?.chunks[chunk]
      const rows = Math.min(left, CHUNK_LENGTH)
      for (let i = 0; i < rows; i++) {
        if (occupants[i] !== Occupant.Busy || !isWanted(births[i]!, deaths[i] === STILL_ALIVE ? Infinity : deaths[i]!)) continue
        const slot = sites === undefined ? 0 : sites[i]! + 1
        bytes[slot]! += requests[i] === UNKNOWN_SIZE ? sizes[i]! - headerBytes : requests[i]!
        count[slot]!++
      }
      yield
    }
    return { bytes, count, heapBytes: 0 }
  }
}

/** Call sites of the busy blocks of a snapshot. */
export class SnapshotSiteSource implements SiteSource {
  readonly measures = SNAPSHOT_MEASURES
  readonly lastEvent = null
  readonly sites: TraceSites
  readonly #snapshot: Snapshot

  constructor(snapshot: Snapshot, calls?: TraceSites['calls']) {
    this.#snapshot = snapshot
    this.sites = { names: snapshot.siteNames, ...(calls === undefined ? {} : { calls }) }
  }

  valueSteps(measure: string): Steps<SiteValues> {
    return snapshotValues(this.#snapshot, findMeasure(this.measures, measure).id, this.sites)
  }
}

/**
 * Values of the busy blocks. A block whose request is not known counts with what it consumes less its header. `waste`
 * adds up to committed less live bytes: what no block is to blame for (internal, releasable and cached bytes, and the
 * allocator's own part of pinned ones) is left to the heap.
 */
function* snapshotValues(snapshot: Snapshot, measure: string, sites: TraceSites): Steps<SiteValues> {
  const { blocks, heaps } = snapshot
  const { bytes, count } = emptyValues(sites)
  const pins = measure === 'waste' || measure === 'pinned' ? yield* pinBlameSteps(snapshot) : undefined
  const isRounding = measure === 'waste' || measure === 'rounding'
  let live = 0
  let told = 0
  for (let chunk = 0, left = blocks.length, first = 0; left > 0; chunk++, left -= CHUNK_LENGTH, first += CHUNK_LENGTH) {
    const states = blocks.state.chunks[chunk]!
    const sizes = blocks.size.chunks[chunk]!
    const requests = blocks.requested.chunks[chunk]!
    const heapOf = blocks.heap.chunks[chunk]!
    const siteOf = blocks.site?.chunks[chunk]
    const rows = Math.min(left, CHUNK_LENGTH)
    for (let i = 0; i < rows; i++) {
      if (states[i] !== BlockState.Busy) continue
      const asked = requests[i] === UNKNOWN_SIZE ? sizes[i]! - heaps[heapOf[i]!]!.headerBytes : requests[i]!
      const value = measure === 'live' ? asked : (isRounding ? sizes[i]! - asked : 0) + (pins === undefined ? 0 : pins[first + i]!)
      const slot = (siteOf === undefined ? NONE : siteOf[i]!) + 1
      bytes[slot]! += value
      count[slot]!++
      live += asked
      told += value
    }
    yield
  }
  if (measure !== 'waste') return { bytes, count, heapBytes: 0 }
  // Shares of pinned bytes are fractions: the last bits of their sum are no bytes of the heap.
  return { bytes, count, heapBytes: Math.max(0, Math.round((committedBytes(yield* blockTotalsSteps(snapshot)) - live - told) * 1e6) / 1e6) }
}
