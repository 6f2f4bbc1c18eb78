import type { TilingLayer } from '../analysis/tiling-series'
import type { Address, EventNumber } from '../base/units'

/** What a run's timeline asks beside its series (engine-api.ts). Events of a stretch are `fromEvent` to `toEvent`, both included. */
interface Stretch {
  readonly documentId: string
  readonly fromEvent: EventNumber
  readonly toEvent: EventNumber
  /** Parts the stretch is cut into. */
  readonly points: number
}

/** Bytes of each layer after each of `events`; of every part of the stretch the event with most committed bytes. */
export interface TilingPage {
  readonly events: Float64Array
  readonly layers: Readonly<Record<TilingLayer, Float64Array>>
  /** Every how many events the bytes are known; 1: after every event. */
  readonly stride: number
  /** False where the run lacks the size of a request: `live` is then consumed less headers, and `rounding` 0. */
  readonly knowsRequests: boolean
}

export interface FailurePage {
  /** First failed request of each part that has one. */
  readonly events: Float64Array
  /** Failed requests of the stretch. */
  readonly total: number
}

/** What an event is looked for by: a failed request, or a change of what stands on the page of an address. */
export type EventTarget = { readonly kind: 'failure' } | { readonly kind: 'page'; readonly address: Address }

export interface TimelineMethods {
  tiling: [Stretch, TilingPage]
  failures: [Stretch, FailurePage]
  /** The nearest such event behind `event`, or before it; null where there is none. */
  neighbourEvent: [{ readonly documentId: string; readonly event: EventNumber; readonly forward: boolean; readonly target: EventTarget }, EventNumber | null]
}
