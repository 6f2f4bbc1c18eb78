import { NONE, STILL_ALIVE, UNKNOWN_SIZE, type Address, type Bytes, type EventNumber, type RowIndex } from '../../base/units'
import { Occupant, type Run } from '../../model/run'
import type { AllocatedBytes } from './allocated-bytes'
import { offsetOf } from './folded-space'
import type { AddressTimeWindow, LifetimeIndex } from './lifetime-index'
import type { LifeStep } from './names'

/** One lifetime as people ask about it. */
export interface LifetimeFacts {
  readonly address: Address
  /** Consumed. */
  readonly sizeBytes: Bytes
  /** null where it is not the program's, or its request is not known. */
  readonly requestedBytes: Bytes | null
  readonly birth: EventNumber
  /** null: still there at the end. */
  readonly death: EventNumber | null
  /** Occupant. */
  readonly occupant: number
  readonly site: string | null
  /** Requested bytes of the program's blocks born after it, up to its end; null where requests are not known. */
  readonly allocatedMeanwhile: Bytes | null
}

export function lifetimeFacts({ lifetimes, siteNames }: Run, row: RowIndex, allocated: AllocatedBytes): LifetimeFacts {
  const { address, size, requested, birth, death, occupant, site } = lifetimes
  const request = requested.at(row)
  const end = death.at(row)
  const kind = occupant.at(row)
  return {
    address: address.at(row), sizeBytes: size.at(row), requestedBytes: kind === Occupant.Busy && request !== UNKNOWN_SIZE ? request : null,
    birth: birth.at(row), death: end === STILL_ALIVE ? null : end, occupant: kind, site: siteNames[site?.at(row) ?? NONE] ?? null,
    allocatedMeanwhile: allocated.between(birth.at(row), end),
  }
}

/** Row of the lifetime that covers the address after the event, NONE when there is none. */
export function lifetimeAt(index: LifetimeIndex, address: Address, event: EventNumber): RowIndex {
  const offset = offsetOf(index.space, address)
  return bestRow(index, { fromOffset: offset, toOffset: offset + 1, fromEvent: event, toEvent: event + 1 }, () => 0)
}

/** Rows of the lifetimes that ever covered a byte of [address, address + bytes), in order of birth; none when there are more than `most`. */
export function lifetimesOver(index: LifetimeIndex, address: Address, bytes: Bytes, most: number): RowIndex[] {
  const offset = offsetOf(index.space, address)
  const { birth, row, endEvent } = index
  const found = index.placesIn({ fromOffset: offset, toOffset: offset + bytes, fromEvent: 0, toEvent: endEvent }, most)
  return found === null ? [] : [...found.places].sort((a, b) => birth[a]! - birth[b]!).map((place) => row[place]!)
}

export interface LifeSpot {
  readonly address: Address
  readonly sizeBytes: Bytes
  /** Where the step begins: the event shown; to go later the end of the lifetime one is at, to go earlier its birth. */
  readonly event: EventNumber
}

/** Row of the nearest lifetime in a direction, NONE when there is none; lifetimes that end with the event of their birth are passed over. */
export function steppedLifetime(index: LifetimeIndex, { address, sizeBytes, event }: LifeSpot, step: LifeStep): RowIndex {
  const low = offsetOf(index.space, address)
  const high = low + Math.max(1, sizeBytes)
  const { endEvent, space } = index
  const now = { fromEvent: event, toEvent: event + 1 }
  const here = { fromOffset: low, toOffset: high }
  switch (step) {
    case 'later':
      return widening(index, 64, (span) => ({ ...here, fromEvent: event, toEvent: Math.min(endEvent, event + span) }), endEvent, (life) => (life.birth >= event ? life.birth : NaN))
    case 'earlier':
      return widening(index, 64, (span) => ({ ...here, fromEvent: Math.max(0, event - span), toEvent: event }), endEvent, (life) => (life.death <= event ? -life.death : NaN))
    case 'higher':
      return widening(index, 4096, (span) => ({ fromOffset: high, toOffset: Math.min(space.bytes, high + span), ...now }), space.bytes, (life) => (life.offset >= high ? life.offset : NaN))
    case 'lower':
      return widening(index, 4096, (span) => ({ fromOffset: Math.max(0, low - span), toOffset: low, ...now }), space.bytes, (life) => (life.offset < low ? -life.offset : NaN))
  }
}

interface Life {
  readonly offset: Bytes
  readonly birth: EventNumber
  readonly death: EventNumber
}

/** Least rank wins; NaN does not count. */
type RankOf = (life: Life) => number

/** Looks in ever longer windows: what is near costs little, and all is looked through only for what is far. */
function widening(index: LifetimeIndex, first: number, windowOf: (span: number) => AddressTimeWindow, longest: number, rankOf: RankOf): RowIndex {
  for (let span = first; ; span *= 4) {
    const window = windowOf(span)
    const row = window.toOffset > window.fromOffset && window.toEvent > window.fromEvent ? bestRow(index, window, rankOf) : NONE
    if (row !== NONE || span >= longest) return row
  }
}

function bestRow(index: LifetimeIndex, window: AddressTimeWindow, rankOf: RankOf): RowIndex {
  const { places, bands } = index.stretches(window)
  let best = NONE
  let least = Infinity
  for (let i = 0; i < bands.length; i++) {
    for (let place = places[2 * i]!; place < places[2 * i + 1]!; place++) {
      const birth = index.birth[place]!
      const death = index.death[place]!
      if (death <= window.fromEvent || death === birth) continue
      const offset = index.offsetAt(place, bands[i]!)
      if (offset >= window.toOffset || offset + index.bytesAt(place) <= window.fromOffset) continue
      const rank = rankOf({ offset, birth, death })
      if (!(rank < least)) continue
      least = rank
      best = index.row[place]!
    }
  }
  return best
}
