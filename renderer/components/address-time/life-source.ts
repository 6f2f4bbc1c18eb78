import type { LifetimeFacts } from '../../../shared/analysis/address-time/lifetime-search'
import type { LifetimeTotals } from '../../../shared/analysis/address-time/lifetime-totals'
import type { LifeStep } from '../../../shared/analysis/address-time/names'
import type { BlockFilter } from '../../../shared/analysis/block-query'
import type { Address, Bytes, EventNumber } from '../../../shared/base/units'
import type { AddressTimeSpace, ColoredTile, LifetimeRows, TileParams } from '../../../shared/ipc/address-time-api'
import type { AskOptions } from '../latest-request'

/** Where the view has its answers from; a document makes one of the engine's methods. */
export interface LifeSource {
  space(options: Partial<AskOptions>): Promise<AddressTimeSpace>
  tile(wish: Omit<TileParams, 'documentId'>, options: Partial<AskOptions>): Promise<ColoredTile>
  at(address: Address, event: EventNumber, options: Partial<AskOptions>): Promise<LifetimeFacts | null>
  step(address: Address, event: EventNumber, step: LifeStep): Promise<LifetimeFacts | null>
  over(address: Address, bytes: Bytes, options: Partial<AskOptions>): Promise<LifetimeRows>
  totals(filter: BlockFilter, options: Partial<AskOptions>): Promise<LifetimeTotals | null>
}

export interface EventMark {
  readonly event: EventNumber
  readonly letter: string
}
