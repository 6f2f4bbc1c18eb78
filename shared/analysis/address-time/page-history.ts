import type { Address, EventNumber } from '../../base/units'
import { RegionState } from '../../model/region-table'
import type { Run } from '../../model/run'
import { foldSpace, mergeRanges, offsetOf, type AddressRange, type FoldedSpace } from './folded-space'

/*
 * What the pages of a run were, as rectangles:
 *
 *   0x3000  |        ######      committed from event 8 to 14
 *   0x1000  |--------======----  reserved before and after
 *           0        8     14    event
 */
export interface PageHistory {
  /** Offsets in the folded space; stretches that are folded away are cut off. */
  readonly from: Float64Array
  readonly to: Float64Array
  /** Events [begin, end) after which it held. */
  readonly begin: Uint32Array
  readonly end: Uint32Array
  /** RegionState: Reserved or Committed. */
  readonly state: Uint8Array
}

interface Piece {
  readonly base: Address
  readonly end: Address
  readonly state: number
  readonly since: EventNumber
}

interface PageRectangle extends Piece {
  readonly until: EventNumber
}

/** Folded space of a run and what its pages were in it. Time and memory go with the changes of pages, which are few beside the blocks. */
export function pageHistory(run: Run): { readonly space: FoldedSpace; readonly history: PageHistory } {
  const rectangles = pageRectangles(run)
  const ranges = (states: readonly number[]): AddressRange[] => mergeRanges(rectangles.filter(({ state }) => states.includes(state)))
  const space = foldSpace(ranges([RegionState.Committed]), ranges([RegionState.Committed, RegionState.Reserved]))
  const kept = rectangles.map((one) => ({ ...one, from: offsetOf(space, one.base), to: offsetOf(space, one.end) })).filter(({ from, to }) => to > from)
  return {
    space,
    history: {
      from: Float64Array.from(kept, ({ from }) => from), to: Float64Array.from(kept, ({ to }) => to),
      begin: Uint32Array.from(kept, ({ since }) => since), end: Uint32Array.from(kept, ({ until }) => until), state: Uint8Array.from(kept, ({ state }) => state),
    },
  }
}

function pageRectangles({ pages, events }: Run): PageRectangle[] {
  const done: PageRectangle[] = []
  /** What holds now, by address; what nothing covers is free. */
  const now: Piece[] = []
  for (let row = 0; row < pages.length; row++) {
    const event = pages.event.at(row)
    const base = pages.base.at(row)
    const end = base + pages.size.at(row)
    const state = pages.state.at(row)
    const first = firstEndingAfter(now, base)
    const covering = now[first]
    if (covering !== undefined && covering.state === state && covering.base <= base && covering.end >= end) continue
    let last = first
    const pieces: Piece[] = []
    for (; last < now.length && now[last]!.base < end; last++) {
      const old = now[last]!
      if (old.base < base) pieces.push({ ...old, end: base })
      const from = Math.max(base, old.base)
      const to = Math.min(end, old.end)
      if (event > old.since) done.push({ ...old, base: from, end: to, until: event })
      if (old.end > end) pieces.push({ ...old, base: end })
    }
    const at = pieces.findIndex((piece) => piece.base >= base)
    if (state !== RegionState.Free) pieces.splice(at < 0 ? pieces.length : at, 0, { base, end, state, since: event })
    now.splice(first, last - first, ...pieces)
  }
  return [...done, ...now.map((piece) => ({ ...piece, until: events + 1 }))]
}

function firstEndingAfter(pieces: readonly Piece[], address: Address): number {
  let low = 0
  let high = pieces.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (pieces[middle]!.end > address) high = middle
    else low = middle + 1
  }
  return low
}
