import type { EventNumber } from '../base/units'
import type { Run } from './run'

/**
 * What a replay tells that keeps no rows: all figures of a run, its series of memory and demand, and where its bytes lay at the
 * two moments that figures ask about. A tenth of a run's memory; the run itself, with its rows, comes from replaying again.
 */
export interface RunStatistics {
  readonly [Symbol.toStringTag]: 'RunStatistics'
  /** Change of the live bytes by event number, 0 included; its running sums are what is live after each event. */
  readonly liveChanges: Float64Array
  /** First event after which most bytes were committed. */
  readonly peakEvent: EventNumber
  /**
   * A run that lacks all rows but those alive after `peakEvent` or after the last event: cut there, and only there, it equals
   * the whole run. Its `lifetimes` are in no order, and tell no objects, sites and births.
   */
  readonly moments: Run
}
