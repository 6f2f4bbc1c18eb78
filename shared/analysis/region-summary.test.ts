import { expect, test } from 'vitest'
import { RegionList } from '../model/region-list'
import { RegionKind, RegionState } from '../model/region-table'
import { BlockTable, Snapshot } from '../model/snapshot'
import { summariseRegions } from './region-summary'

test('sums by kind; a measure one region does not tell is null, not a smaller sum', () => {
  const list = new RegionList()
  const region = (base: number, bytes: number, state: RegionState, kind: RegionKind, measures: { resident?: number; swapped?: number } = {}): void =>
    list.push({ base, end: base + bytes, state, kind, protect: 0, owner: '', measures })
  region(0x1000, 0x1000, RegionState.Committed, RegionKind.Heap, { resident: 4096, swapped: 0 })
  region(0x3000, 0x4000, RegionState.Reserved, RegionKind.Heap, { resident: 0 })
  region(0x9000, 0x8000, RegionState.Committed, RegionKind.Image, { resident: 100, swapped: 7 })
  region(0x20000, 0x8000, RegionState.Free, RegionKind.Unknown)
  const { regions, owners } = list.toTable()
  const snapshot = new Snapshot({ origin: { file: 'x', format: 'x', partial: false, notes: [] }, pageBytes: 4096, addressSpace: { low: 0, high: 2 ** 32 }, heaps: [], segments: [], owners, regions, blocks: new BlockTable(), coverage: 'none', event: undefined, siteNames: [] })
  expect(summariseRegions(snapshot)).toEqual([
    { kind: 'image', regions: 1, reservedBytes: 0x8000, committedBytes: 0x8000, resident: 100, proportional: null, private: null, swapped: 7 },
    { kind: 'heap', regions: 2, reservedBytes: 0x5000, committedBytes: 0x1000, resident: 4096, proportional: null, private: null, swapped: null },
  ])
})
