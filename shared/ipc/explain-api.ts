import type { Address, EventNumber } from '../base/units'
import type { GrownRow, Reason } from '../sim/profiles/reasons/reason-rows'

/** The reasons of one moment of a simulated run. */
export interface Explanation {
  /** Why the block that holds the address lies there; null without an address, or for what is no block of the program. */
  readonly block: Reason | null
  /** The last change of the heap's memory up to the moment, and those beside it, to go on from; null where there is none. */
  readonly growth: GrownRow | null
  readonly previousGrowth: EventNumber | null
  readonly nextGrowth: EventNumber | null
  /** Changes of memory in the whole run. */
  readonly growths: number
}

/** Method -> [parameters, answer]. */
export interface ExplainMethods {
  /** Replays the run's trace the first time it is asked, hence with progress; refused (`reasons-unavailable`) where that cannot be. */
  explain: [{ readonly documentId: string; readonly event: EventNumber; readonly address: Address | null }, Explanation]
}
