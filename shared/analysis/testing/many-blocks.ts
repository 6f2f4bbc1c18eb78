import { CHUNK_LENGTH, Column, type ColumnArray } from '../../base/column'
import { mulberry32 } from '../../base/random'
import { PAGE_BYTES, roundUp } from '../../base/units'
import { RegionState, RegionTable } from '../../model/region-table'
import { BlockState, BlockTable, NO_EVENT, Snapshot } from '../../model/snapshot'

const SITES = 500
const BASE = 0x10000

/**
 * A snapshot of `rows` blocks for benches and long tests: sizes of 16 to 528 bytes, small ones more often, about 60 % busy,
 * births in no order of address, 500 call sites, one segment. The same rows give the same blocks.
 */
export function manyBlocks(rows: number): Snapshot {
  const random = mulberry32(7)
  const make = { address: chunks('f64', rows), size: chunks('u32', rows), requested: chunks('u32', rows), state: chunks('u8', rows), heap: chunks('u8', rows), birth: chunks('u32', rows), site: chunks('i32', rows) }
  let at = BASE
  let wasFree = false
  for (let row = 0; row < rows; row++) {
    const chunk = Math.floor(row / CHUNK_LENGTH)
    const i = row % CHUNK_LENGTH
    const size = 16 * (1 + Math.floor(random() * random() * 33))
    const isFree: boolean = !wasFree && random() < 0.65
    make.address.chunks[chunk]![i] = at
    make.size.chunks[chunk]![i] = size
    make.requested.chunks[chunk]![i] = isFree ? 0 : size - 8 - Math.floor(random() * 8)
    make.state.chunks[chunk]![i] = isFree ? BlockState.Free : BlockState.Busy
    make.birth.chunks[chunk]![i] = isFree ? NO_EVENT : 1 + Math.floor(random() * 2 * rows)
    make.site.chunks[chunk]![i] = isFree ? -1 : Math.floor(random() * SITES)
    wasFree = isFree
    at += size
  }
  const bytes = roundUp(at - BASE, PAGE_BYTES)
  // The rest of the last page belongs to the last block: blocks tile their segment.
  const last = make.size.at(rows - 1)
  make.size.set(rows - 1, last + BASE + bytes - at)
  return snapshotOf(make, bytes, rows)
}

function chunks(kind: 'f64' | 'u32' | 'i32' | 'u8', rows: number): Column {
  const types = { f64: Float64Array, u32: Uint32Array, i32: Int32Array, u8: Uint8Array }
  const column = new Column(kind)
  for (let left = rows; left > 0; left -= CHUNK_LENGTH) column.chunks.push(new types[kind](Math.min(left, CHUNK_LENGTH)) as ColumnArray)
  column.length = rows
  return column
}

function snapshotOf({ birth, site, ...columns }: Readonly<Record<'address' | 'size' | 'requested' | 'state' | 'heap' | 'birth' | 'site', Column>>, bytes: number, rows: number): Snapshot {
  const blocks = Object.assign(new BlockTable(columns), { birth, site })
  const regions = new RegionTable()
  regions.base.push(BASE)
  regions.size.push(bytes)
  regions.state.push(RegionState.Committed)
  regions.owner.push(-1)
  return new Snapshot({
    origin: { file: 'many blocks', format: 'bench', partial: false, notes: [] },
    pageBytes: PAGE_BYTES,
    addressSpace: { low: 0, high: 2 ** 47 },
    heaps: [{ id: 0, name: 'bench', flavour: 'bench', base: BASE, headerBytes: 8, granularity: 16, confidence: 'verified' }],
    segments: [{ heap: 0, base: BASE, reservedBytes: bytes }],
    owners: [],
    regions,
    blocks,
    event: 2 * rows,
    siteNames: Array.from({ length: SITES }, (_, i) => `module${i % 7}!function${i}`),
  })
}
