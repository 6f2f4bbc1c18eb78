import { CHUNK_LENGTH, Column } from '../base/column'
import { Occupant, type Run } from '../model/run'
import { RegionTable } from '../model/region-table'
import { BlockState, BlockTable, Snapshot } from '../model/snapshot'
import type { BlockColumn } from './block-columns'
import { BlockValues } from './block-values'

/** What is known of a block at a moment only, not of its whole life. */
export const OF_A_MOMENT: readonly BlockColumn[] = ['age', 'occupancy', 'pins', 'segment']

const STATE_OF_OCCUPANT: Readonly<Record<Occupant, BlockState>> = { [Occupant.Busy]: BlockState.Busy, [Occupant.Internal]: BlockState.Internal, [Occupant.Cached]: BlockState.Cached }

export const ASKS_OF_A_MOMENT = 'the filter asks for age, occupancy, pins or segment, which are known of a moment only, not of whole lives'

/**
 * All lifetimes of a run as if they were blocks of one moment, row by row, so that filters, orders and sums read them like
 * blocks; only their states are written anew, 1 byte a row. OF_A_MOMENT columns mean nothing of them; `why` where the run was explained.
 */
export function lifetimeValues(run: Run, why?: Column): BlockValues {
  const { address, size, requested, birth, death, site } = run.lifetimes
  const heap = new Column('u8')
  const zeros = new Uint8Array(CHUNK_LENGTH)
  heap.chunks = address.chunks.map(() => zeros)
  heap.length = address.length
  const blocks = Object.assign(new BlockTable({ address, size, requested, state: statesOf(run), heap }), { birth, site, why })
  const { origin, pageBytes, addressSpace, heaps, siteNames } = run
  const snapshot = new Snapshot({ origin, pageBytes, addressSpace, heaps, segments: [], owners: [], regions: new RegionTable(), blocks, event: undefined, siteNames })
  return new BlockValues(snapshot, undefined, () => death)
}

function statesOf({ lifetimes: { occupant } }: Run): Column {
  const states = new Column('u8')
  const codes = Uint8Array.of(STATE_OF_OCCUPANT[0], STATE_OF_OCCUPANT[1], STATE_OF_OCCUPANT[2])
  states.chunks = occupant.chunks.map((chunk) => {
    const mapped = new Uint8Array(chunk.length)
    for (let i = 0; i < chunk.length; i++) mapped[i] = codes[chunk[i]!]!
    return mapped
  })
  states.length = occupant.length
  return states
}
