import type { EventNumber } from '../base/units'
import type { Run } from './run'
import type { Trace } from './trace'

/**
 * What a replay tells that keeps no rows: all figures of a run, its series of memory and demand, and where its bytes lay at the
 * two moments that figures ask about. A tenth of a run's memory; the run itself, with its rows, comes from replaying again.
 */
export interface RunStatistics {
  readonly [Symbol.toStringTag]: 'RunStatistics'
  /** What was replayed. With the failures of `moments` it tells what was live after each event. */
  readonly trace: Trace
  /** First event after which most bytes were committed. */
  readonly peakEvent: EventNumber
  /**
   * A run that lacks all rows but those alive after `peakEvent` or after the last event: cut there, and only there, it equals
   * the whole run. Its `lifetimes` are in no order, and tell no objects, sites and births.
   */
  readonly moments: Run
}
