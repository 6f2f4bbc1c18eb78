import { CHUNK_LENGTH, Column, type ColumnArray } from '../../base/column'
import { mulberry32 } from '../../base/random'
import { PAGE_BYTES, STILL_ALIVE } from '../../base/units'
import { FailureTable, LifetimeTable, Occupant, PageChangeTable, Run } from '../../model/run'
import { RegionState } from '../../model/region-table'

const SITES = 500
const BASE = 0x10000
/** At most so many live at once; 70 % of the events are about the first 2,000 of them, whose blocks live shortly. */
const SPOTS = 200_000
const HOT_SPOTS = 2000
const SPOTS_PER_GROWTH = 1000

/**
 * A run of `rows` lifetimes for benches and long tests, about two events each: every event turns a spot of 16 to 528 bytes over,
 * pages are committed as spots come into use, nothing overlaps. The same rows give the same run.
 */
export function manyLifetimes(rows: number): Run {
  const random = mulberry32(11)
  const { address, end } = layOutSpots(random)
  const table = Object.assign(new LifetimeTable(), {
    address: chunks(Float64Array, rows, 'f64'), size: chunks(Uint32Array, rows, 'u32'), requested: chunks(Uint32Array, rows, 'u32'), birth: chunks(Uint32Array, rows, 'u32'),
    death: chunks(Uint32Array, rows, 'u32'), occupant: chunks(Uint8Array, rows, 'u8'), object: chunks(Uint32Array, rows, 'u32'), site: chunks(Int32Array, rows, 'i32'),
  })
  const pages = new PageChangeTable()
  const change = (event: number, base: number, bytes: number, state: number): void => {
    pages.event.push(event)
    pages.base.push(base)
    pages.size.push(bytes)
    pages.state.push(state)
  }
  const limit = Math.ceil(end / PAGE_BYTES) * PAGE_BYTES
  change(0, BASE, limit - BASE, RegionState.Reserved)
  const rowOfSpot = new Int32Array(SPOTS).fill(-1)
  let row = 0
  let event = 0
  let committed = BASE
  for (; row < rows; event++) {
    // The spots in use grow over the run, so that its address space does.
    const spots = Math.max(HOT_SPOTS, Math.ceil((SPOTS * (row + 1)) / rows / SPOTS_PER_GROWTH) * SPOTS_PER_GROWTH)
    const spot = Math.floor(random() * (random() < 0.7 ? HOT_SPOTS : spots))
    const old = rowOfSpot[spot]!
    if (old >= 0) {
      table.death.chunks[Math.floor(old / CHUNK_LENGTH)]![old % CHUNK_LENGTH] = event
      rowOfSpot[spot] = -1
      continue
    }
    if (address[spot + 1]! > committed) {
      const to = Math.min(limit, Math.ceil(address[Math.min(SPOTS, spots)]! / PAGE_BYTES) * PAGE_BYTES)
      change(event, committed, to - committed, RegionState.Committed)
      committed = to
    }
    const chunk = Math.floor(row / CHUNK_LENGTH)
    const i = row % CHUNK_LENGTH
    const bytes = address[spot + 1]! - address[spot]!
    table.address.chunks[chunk]![i] = address[spot]!
    table.size.chunks[chunk]![i] = bytes
    table.requested.chunks[chunk]![i] = bytes - 8
    table.birth.chunks[chunk]![i] = event
    table.death.chunks[chunk]![i] = STILL_ALIVE
    table.occupant.chunks[chunk]![i] = Occupant.Busy
    table.object.chunks[chunk]![i] = row
    table.site.chunks[chunk]![i] = (spot * 7919) % SITES
    rowOfSpot[spot] = row++
  }
  return new Run({
    origin: { file: 'many lifetimes', format: 'simulation', partial: false, notes: [] },
    request: { heap: 'bench', profile: 'none', parameters: {} },
    source: { name: 'many lifetimes', format: 'bench', traceHash: '' },
    events: event, timeAxis: 'operations', pageBytes: PAGE_BYTES, addressSpace: { low: 0, high: 2 ** 47 },
    heaps: [{ id: 0, name: 'bench', flavour: 'bench', base: BASE, headerBytes: 8, granularity: 16, confidence: 'verified' }],
    lifetimes: table, pages, failures: new FailureTable(), siteNames: Array.from({ length: SITES }, (_, site) => `function${site}`),
  })
}

/** Address of each spot and, last, the end of them all. */
function layOutSpots(random: () => number): { address: Float64Array; end: number } {
  const address = new Float64Array(SPOTS + 1)
  let at = BASE
  for (let spot = 0; spot < SPOTS; spot++) {
    address[spot] = at
    at += 16 * (1 + Math.floor(random() * random() * 33))
  }
  address[SPOTS] = at
  return { address, end: at }
}

function chunks(type: new (length: number) => ColumnArray, rows: number, kind: 'f64' | 'u32' | 'i32' | 'u8'): Column {
  const column = new Column(kind)
  for (let left = rows; left > 0; left -= CHUNK_LENGTH) column.chunks.push(new type(Math.min(left, CHUNK_LENGTH)))
  column.length = rows
  return column
}
