import type { Address, Bytes } from '../base/units'
import { RegionState } from './region-table'

/*
 * State of an address space under changes, as disjoint ranges sorted by address; what no range covers is free.
 *
 *   base         0x10000            0x12000          0x20000
 *   end          0x12000            0x20000          0x30000
 *   state        committed          reserved         committed
 *   reservation  0                  0                1
 *
 * `reservation` numbers what was reserved in one go, so that reservations which happen to touch stay apart:
 * a Reserved change begins a new one wherever it covers free space; a Committed change over free space (a heap that
 * grows byte by byte, without reserving) continues the reservation that ends where it begins.
 * Neighbours of equal state and reservation are merged.
 */
export class PageMap {
  base: number[] = []
  end: number[] = []
  state: number[] = []
  reservation: number[] = []
  committedBytes: Bytes = 0
  /** Committed and reserved bytes together. */
  reservedBytes: Bytes = 0
  #nextReservation = 0

  get length(): number {
    return this.base.length
  }

  clone(): PageMap {
    const copy = new PageMap()
    copy.base = this.base.slice()
    copy.end = this.end.slice()
    copy.state = this.state.slice()
    copy.reservation = this.reservation.slice()
    copy.committedBytes = this.committedBytes
    copy.reservedBytes = this.reservedBytes
    copy.#nextReservation = this.#nextReservation
    return copy
  }

  /** Index of the first range that ends above `address`; `length` when there is none. */
  find(address: Address): number {
    const end = this.end
    let low = 0
    let high = end.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (end[middle]! > address) high = middle
      else low = middle + 1
    }
    return low
  }

  isCommitted(base: Address, end: Address): boolean {
    let at = base
    for (let i = this.find(base); i < this.length && this.base[i]! <= at && this.state[i] === RegionState.Committed; i++) {
      at = this.end[i]!
      if (at >= end) return true
    }
    return false
  }

  apply(base: Address, size: Bytes, state: number): void {
    const end = base + size
    const first = this.find(base)
    if (first < this.length && this.base[first]! <= base && this.end[first]! >= end && this.state[first] === state) return
    const pieces = new Pieces()
    let last = first
    let cursor = base
    if (first < this.length && this.base[first]! < base) pieces.add(this.base[first]!, base, this.state[first]!, this.reservation[first]!)
    for (; last < this.length && this.base[last]! < end; last++) {
      const from = Math.max(base, this.base[last]!)
      const to = Math.min(end, this.end[last]!)
      if (state !== RegionState.Free) {
        if (from > cursor) pieces.add(cursor, from, state, this.#reservationFor(cursor, state, first, pieces))
        pieces.add(from, to, state, this.reservation[last]!)
      }
      cursor = to
      if (this.end[last]! > end) pieces.add(end, this.end[last]!, this.state[last]!, this.reservation[last]!)
    }
    if (state !== RegionState.Free && cursor < end) pieces.add(cursor, end, state, this.#reservationFor(cursor, state, first, pieces))
    this.#replace(first, last, pieces)
  }

  #reservationFor(at: Address, state: number, first: number, pieces: Pieces): number {
    if (state === RegionState.Committed) {
      const before = pieces.base.length - 1
      if (before >= 0 && pieces.end[before] === at) return pieces.reservation[before]!
      if (before < 0 && first > 0 && this.end[first - 1] === at) return this.reservation[first - 1]!
    }
    return this.#nextReservation++
  }

  /** Puts the pieces in place of ranges [first, last), merged among themselves and with both neighbours. */
  #replace(first: number, last: number, pieces: Pieces): void {
    const merged = new Pieces()
    const from = Math.max(0, first - 1)
    const to = Math.min(this.length, last + 1)
    if (from < first) merged.merge(this.base[from]!, this.end[from]!, this.state[from]!, this.reservation[from]!)
    for (let i = 0; i < pieces.base.length; i++) merged.merge(pieces.base[i]!, pieces.end[i]!, pieces.state[i]!, pieces.reservation[i]!)
    if (last < to) merged.merge(this.base[last]!, this.end[last]!, this.state[last]!, this.reservation[last]!)
    for (let i = from; i < to; i++) this.#count(this.end[i]! - this.base[i]!, this.state[i]!, -1)
    for (let i = 0; i < merged.base.length; i++) this.#count(merged.end[i]! - merged.base[i]!, merged.state[i]!, 1)
    this.base.splice(from, to - from, ...merged.base)
    this.end.splice(from, to - from, ...merged.end)
    this.state.splice(from, to - from, ...merged.state)
    this.reservation.splice(from, to - from, ...merged.reservation)
  }

  #count(bytes: Bytes, state: number, sign: 1 | -1): void {
    this.reservedBytes += sign * bytes
    if (state === RegionState.Committed) this.committedBytes += sign * bytes
  }
}

class Pieces {
  readonly base: number[] = []
  readonly end: number[] = []
  readonly state: number[] = []
  readonly reservation: number[] = []

  add(base: number, end: number, state: number, reservation: number): void {
    this.base.push(base)
    this.end.push(end)
    this.state.push(state)
    this.reservation.push(reservation)
  }

  merge(base: number, end: number, state: number, reservation: number): void {
    const last = this.base.length - 1
    if (last >= 0 && this.end[last] === base && this.state[last] === state && this.reservation[last] === reservation) this.end[last] = end
    else this.add(base, end, state, reservation)
  }
}
