import { Column } from '../../base/column'
import { STILL_ALIVE, UNKNOWN_SIZE } from '../../base/units'
import { FailureTable, LifetimeTable, Occupant, PageChangeTable, Run } from '../../model/run'
import { RegionState, RegionTable } from '../../model/region-table'
import { BlockState, BlockTable, Snapshot, type HeapRecord } from '../../model/snapshot'

const HEAP: HeapRecord = { id: 1, name: 'process heap', flavour: 'first-fit', base: 0x10000, headerBytes: 8, granularity: 16, confidence: 'verified' }
const ORIGIN = { file: 'small', format: 'simulation', partial: false, notes: [] }

/** One heap of one segment: 30 blocks on a committed page, an uncommitted rest. */
export function smallSnapshot(): Snapshot {
  const regions = new RegionTable()
  const region = (base: number, size: number, state: RegionState): void => {
    for (const [column, value] of [[regions.base, base], [regions.size, size], [regions.state, state], [regions.owner, 0]] as const) column.push(value)
  }
  region(0x10000, 0x1000, RegionState.Committed)
  region(0x11000, 0xf000, RegionState.Reserved)
  const blocks = new BlockTable()
  blocks.site = new Column('i32')
  const block = (address: number, size: number, requested: number, state: BlockState, site: number): void => {
    const values = [[blocks.address, address], [blocks.size, size], [blocks.requested, requested], [blocks.state, state], [blocks.heap, 0], [blocks.site!, site]] as const
    for (const [column, value] of values) column.push(value)
  }
  for (let i = 0; i < 30; i++) block(0x10000 + i * 128, 128, i % 3 === 0 ? 0 : 100 + (i % 7), i % 3 === 0 ? BlockState.Free : BlockState.Busy, (i % 3) - 1)
  block(0x10000 + 30 * 128, 256, 0, BlockState.Internal, -1)
  block(0x11000, 0xf000, 0, BlockState.Uncommitted, -1)
  return new Snapshot({
    origin: ORIGIN,
    pageBytes: 4096,
    addressSpace: { low: 0x10000, high: 0x7ffe0000 },
    heaps: [HEAP],
    segments: [{ heap: 0, base: 0x10000, reservedBytes: 0x10000 }],
    owners: ['process heap'],
    regions,
    blocks,
    event: undefined,
    siteNames: ['main', 'größe'],
  })
}

/** 40 lives in 60 events on two pages, one failure. */
export function smallRun(): Run {
  const lifetimes = new LifetimeTable()
  lifetimes.site = new Column('i32')
  for (let i = 0; i < 40; i++) {
    lifetimes.address.push(0x20000 + i * 64)
    lifetimes.size.push(64)
    lifetimes.requested.push(i === 0 ? 0 : 40 + (i % 9))
    lifetimes.birth.push(i)
    lifetimes.death.push(i % 2 === 0 ? STILL_ALIVE : Math.min(60, i + 17))
    lifetimes.occupant.push(i === 0 ? Occupant.Internal : Occupant.Busy)
    lifetimes.object.push(i === 0 ? UNKNOWN_SIZE : i - 1)
    lifetimes.site.push((i % 3) - 1)
  }
  const pages = new PageChangeTable()
  for (const [event, base, size, state] of [[0, 0x20000, 0x10000, RegionState.Reserved], [0, 0x20000, 0x1000, RegionState.Committed], [30, 0x21000, 0x1000, RegionState.Committed]] as const) {
    pages.event.push(event)
    pages.base.push(base)
    pages.size.push(size)
    pages.state.push(state)
  }
  const failures = new FailureTable()
  failures.event.push(59)
  failures.size.push(2 ** 33)
  return new Run({
    origin: ORIGIN,
    request: { heap: 'first-fit', profile: 'pure', parameters: { granularity: 16, split: true, order: 'address' } },
    source: { name: 'workload:G1', format: 'workload', traceHash: '' },
    events: 60,
    timeAxis: 'operations',
    pageBytes: 4096,
    addressSpace: { low: 0x10000, high: 0x7ffe0000 },
    heaps: [HEAP],
    lifetimes,
    pages,
    failures,
    siteNames: ['main', 'größe'],
  })
}
