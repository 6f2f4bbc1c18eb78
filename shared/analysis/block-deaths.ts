import { CHUNK_LENGTH, Column } from '../base/column'
import { STILL_ALIVE, type EventNumber, type RowIndex } from '../base/units'
import type { Run } from '../model/run'
import { NO_EVENT, type Snapshot } from '../model/snapshot'
import { rowAtAddress } from './block-search'

/**
 * Event that ends each block of a cut of `run`, STILL_ALIVE for those that are there at its end; NO_EVENT for rows no event made
 * (free and uncommitted space). `snapshot` is a whole cut of the run (snapshot-at.ts). Takes about 2 ns for each lifetime of the
 * run and a search for each one alive at the cut; nothing is kept of it in the cut itself, most of which are never asked.
 */
export function deathsOfCut({ lifetimes }: Run, { blocks, event }: Snapshot): Column {
  const deaths = new Uint32Array(blocks.length).fill(NO_EVENT)
  const at = event ?? 0
  for (let chunk = 0, left = lifetimes.length; left > 0; chunk++, left -= CHUNK_LENGTH) {
    const births = lifetimes.birth.chunks[chunk]!
    const ends = lifetimes.death.chunks[chunk]!
    const addresses = lifetimes.address.chunks[chunk]!
    const rows = Math.min(left, CHUNK_LENGTH)
    for (let i = 0; i < rows; i++) {
      if (births[i]! > at || ends[i]! <= at || ends[i] === STILL_ALIVE) continue
      const row = rowAtAddress(blocks, addresses[i]!)
      if (row >= 0) deaths[row] = ends[i]!
    }
  }
  return Column.from(deaths)
}

/** More rows that begin at one event than one block's death is looked for among. */
const MOST_SAME_BIRTHS = 4096

/**
 * Event that ends one block of a cut of `run`, or STILL_ALIVE, found by a search in the lifetimes' order of birth. undefined where
 * they do not stand in it, or too many begin at that event: deathsOfCut tells then. Two blocks never share an address at one event,
 * so that what is found is right whatever the order.
 */
export function deathOfBlock({ lifetimes: { birth, death, address, length } }: Run, { blocks, event }: Snapshot, row: RowIndex): EventNumber | undefined {
  const born = blocks.birth?.at(row) ?? NO_EVENT
  const wanted = blocks.address.at(row)
  const at = event ?? 0
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (birth.at(middle) < born) low = middle + 1
    else high = middle
  }
  for (let i = low; i < Math.min(length, low + MOST_SAME_BIRTHS) && birth.at(i) === born; i++) {
    if (address.at(i) === wanted && death.at(i) > at) return death.at(i)
  }
  return undefined
}
