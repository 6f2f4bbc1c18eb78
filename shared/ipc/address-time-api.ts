import type { AddressTimeTile } from '../analysis/address-time/address-time-tile'
import type { GridSize } from '../analysis/address-time/area-grid'
import type { FoldedSpace } from '../analysis/address-time/folded-space'
import type { AddressTimeWindow } from '../analysis/address-time/lifetime-index'
import type { LifetimeFacts } from '../analysis/address-time/lifetime-search'
import type { LifetimeTotals } from '../analysis/address-time/lifetime-totals'
import type { LifeColor, LifeStep } from '../analysis/address-time/names'
import type { BlockFilter } from '../analysis/block-query'
import type { Address, Bytes, EventNumber } from '../base/units'

/* Questions about all lifetimes of a run, over addresses and events. The first of them builds an index of the run (with progress). */

/** At most four bytes a cell come back, and lifetimes one by one with them: below 4 MB. */
export const MOST_TILE_CELLS = 700_000

interface OfRun {
  readonly documentId: string
}

export interface AddressTimeSpace {
  readonly space: FoldedSpace
  /** Lifetimes of the run, those of the heap itself included. */
  readonly lifetimes: number
}

export interface TileParams extends OfRun {
  /** The event shown. */
  readonly event: EventNumber
  readonly window: AddressTimeWindow
  readonly grid: GridSize
  readonly color: LifeColor
  readonly filter?: BlockFilter
}

export interface ColoredTile extends AddressTimeTile {
  /** With the colour `site`: sites with a colour of their own, in order of their codes. */
  readonly sites: readonly string[]
  /** False when the filter asks for what only a moment knows of a block: the tile then keeps everything. */
  readonly isFilterKnown: boolean
}

/** Method -> [parameters, answer]. */
export interface AddressTimeMethods {
  addressTimeSpace: [OfRun, AddressTimeSpace]
  addressTimeTile: [TileParams, ColoredTile]
  /** What covers the address after the event. */
  lifetimeAt: [OfRun & { readonly address: Address; readonly event: EventNumber }, LifetimeFacts | null]
  /** The next lifetime in a direction, seen from what covers the address after the event, or from there when nothing does. */
  lifetimeStep: [OfRun & { readonly address: Address; readonly event: EventNumber; readonly step: LifeStep }, LifetimeFacts | null]
  /** Everything that ever covered a byte of these addresses, in order of birth; nothing when it is more than can be shown. */
  lifetimesOver: [OfRun & { readonly address: Address; readonly bytes: Bytes }, LifetimeRows]
  /** Sums of all lifetimes a filter keeps, dead or alive; null when it asks for what only a moment knows. */
  lifetimeTotals: [OfRun & { readonly filter: BlockFilter }, LifetimeTotals | null]
}

export interface LifetimeRows {
  readonly address: Float64Array
  readonly size: Float64Array
  readonly birth: Uint32Array
  /** STILL_ALIVE where it never ends. */
  readonly death: Uint32Array
}
