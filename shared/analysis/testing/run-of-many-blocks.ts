import { CHUNK_LENGTH, Column, type ColumnArray } from '../../base/column'
import { mulberry32 } from '../../base/random'
import { PAGE_BYTES, roundUp, STILL_ALIVE } from '../../base/units'
import { RegionState } from '../../model/region-table'
import { FailureTable, LifetimeTable, Occupant, PageChangeTable, Run } from '../../model/run'

const BASE = 0x100000000
const SLOT_BYTES = 256
const SITES = 500
const GROWTHS = 64

/*
 * A run of `rows` lifetimes for benches and long tests, and of as many blocks at its end; the same rows give the same run:
 *
 *   slot     [block  ][free][block][free   ][block    ] ...      rows / 2 places of 256 bytes, sizes of 16 to 240
 *   events   1 .. s     every place gets its first block
 *            s .. 3s    place after place loses its block and gets another
 */
export function runOfManyBlocks(rows: number): Run {
  const random = mulberry32(11)
  const slots = Math.floor(rows / 2)
  const events = 3 * slots
  const lifetimes = new LifetimeTable()
  const make = { address: filled('f64', 2 * slots), size: filled('u32', 2 * slots), requested: filled('u32', 2 * slots), birth: filled('u32', 2 * slots), death: filled('u32', 2 * slots), occupant: filled('u8', 2 * slots), object: filled('u32', 2 * slots), site: filled('i32', 2 * slots) }
  for (let row = 0; row < 2 * slots; row++) {
    const slot = row % slots
    const isFirst = row < slots
    const chunk = Math.floor(row / CHUNK_LENGTH)
    const i = row % CHUNK_LENGTH
    const size = 16 * (1 + Math.floor(random() * random() * 15))
    make.address.chunks[chunk]![i] = BASE + slot * SLOT_BYTES
    make.size.chunks[chunk]![i] = size
    make.requested.chunks[chunk]![i] = size - Math.floor(random() * 8)
    make.birth.chunks[chunk]![i] = isFirst ? slot + 1 : slots + 2 * slot + 2
    make.death.chunks[chunk]![i] = isFirst ? slots + 2 * slot + 1 : STILL_ALIVE
    make.occupant.chunks[chunk]![i] = Occupant.Busy
    make.object.chunks[chunk]![i] = row
    make.site.chunks[chunk]![i] = Math.floor(random() * SITES)
  }
  Object.assign(lifetimes, make)
  return new Run({
    origin: { file: `many lifetimes, ${rows}`, format: 'simulation', partial: false, notes: [] },
    request: { heap: 'first-fit', profile: 'bench', parameters: {} },
    source: { name: 'many lifetimes', format: 'workload', traceHash: '' },
    events,
    timeAxis: 'operations',
    pageBytes: PAGE_BYTES,
    addressSpace: { low: 0, high: 2 ** 47 },
    heaps: [{ id: 0, name: 'bench', flavour: 'bench', base: BASE, headerBytes: 0, granularity: 16, confidence: 'verified' }],
    lifetimes,
    pages: growing(slots),
    failures: new FailureTable(),
    siteNames: Array.from({ length: SITES }, (_, i) => `module${i % 7}!function${i}`),
  })
}

/** Reserved at once, committed in steps as the places are first used. */
function growing(slots: number): PageChangeTable {
  const pages = new PageChangeTable()
  const put = (event: number, base: number, size: number, state: RegionState): void => {
    pages.event.push(event)
    pages.base.push(base)
    pages.size.push(size)
    pages.state.push(state)
  }
  const bytes = roundUp(slots * SLOT_BYTES, PAGE_BYTES)
  put(0, BASE, bytes, RegionState.Reserved)
  const step = roundUp(Math.ceil(bytes / GROWTHS), PAGE_BYTES)
  for (let at = 0; at < bytes; at += step) put(Math.floor(at / SLOT_BYTES), BASE + at, Math.min(step, bytes - at), RegionState.Committed)
  return pages
}

function filled(kind: 'f64' | 'u32' | 'i32' | 'u8', rows: number): Column {
  const types = { f64: Float64Array, u32: Uint32Array, i32: Int32Array, u8: Uint8Array }
  const column = new Column(kind, kind === 'u32' ? { widen: true } : {})
  for (let left = rows; left > 0; left -= CHUNK_LENGTH) column.chunks.push(new types[kind](Math.min(left, CHUNK_LENGTH)) as ColumnArray)
  column.length = rows
  return column
}
