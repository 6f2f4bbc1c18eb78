import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Column } from '../base/column'
import { STILL_ALIVE } from '../base/units'
import { addressOrder } from './address-order'
import { checkSnapshot } from './integrity'
import { Occupant, type Run } from './run'
import { RegionState } from './region-table'
import { BlockState, type Snapshot } from './snapshot'
import { SnapshotCutter, snapshotAt } from './snapshot-at'
import { RunSketch, randomRun } from './testing/run-sketch'

const blocksOf = (snapshot: Snapshot): [number, number, number][] =>
  Array.from({ length: snapshot.blocks.length }, (_, row) => [snapshot.blocks.address.at(row), snapshot.blocks.size.at(row), snapshot.blocks.state.at(row)])

/** The same cut the slow and obvious way: a state per 8 bytes, painted change by change, row by row. */
function naiveBlocks(run: Run, event: number): [number, number, number][] {
  const UNIT = 8
  const state = new Map<number, string>()
  const reservation = new Map<number, number>()
  for (let i = 0; i < run.pages.length && run.pages.event.at(i) <= event; i++) {
    const base = run.pages.base.at(i)
    for (let at = base; at < base + run.pages.size.at(i); at += UNIT) {
      if (!reservation.has(at)) reservation.set(at, base)
      state.set(at, run.pages.state.at(i) === RegionState.Committed ? 'free' : 'uncommitted')
    }
  }
  const { lifetimes } = run
  for (let row = 0; row < lifetimes.length; row++) {
    if (lifetimes.birth.at(row) > event || lifetimes.death.at(row) <= event) continue
    const address = lifetimes.address.at(row)
    for (let at = address; at < address + lifetimes.size.at(row); at += UNIT) state.set(at, `row ${row}`)
  }
  const stateOf = (what: string): number => {
    if (what === 'free') return BlockState.Free
    if (what === 'uncommitted') return BlockState.Uncommitted
    return [BlockState.Busy, BlockState.Internal, BlockState.Cached][lifetimes.occupant.at(Number(what.slice(4)))]!
  }
  const out: [number, number, number][] = []
  let before = { at: NaN, what: '' }
  for (const at of [...state.keys()].sort((a, b) => a - b)) {
    const what = `${state.get(at)!} in ${reservation.get(at)!}`
    if (before.at + UNIT === at && before.what === what) out.at(-1)![1] += UNIT
    else out.push([at, UNIT, stateOf(state.get(at)!)])
    before = { at, what }
  }
  return out
}

describe('snapshotAt', () => {
  it('cuts a small run drawn by hand', () => {
    const run = new RunSketch()
      .page(0, 0x10000, 0x10000, RegionState.Reserved)
      .page(0, 0x10000, 0x1000, RegionState.Committed)
      .row(0x10000, 64, 0, STILL_ALIVE, 0, Occupant.Internal)
      .row(0x10040, 128, 1, 3, 100)
      .row(0x10100, 64, 2)
      .page(4, 0x11000, 0x1000, RegionState.Committed)
      .finish(4)
    expect(blocksOf(snapshotAt(run, 0))).toEqual([
      [0x10000, 64, BlockState.Internal],
      [0x10040, 0x1000 - 64, BlockState.Free],
      [0x11000, 0xf000, BlockState.Uncommitted],
    ])
    expect(blocksOf(snapshotAt(run, 2))).toEqual([
      [0x10000, 64, BlockState.Internal],
      [0x10040, 128, BlockState.Busy],
      [0x100c0, 64, BlockState.Free],
      [0x10100, 64, BlockState.Busy],
      [0x10140, 0xec0, BlockState.Free],
      [0x11000, 0xf000, BlockState.Uncommitted],
    ])
    const end = snapshotAt(run, 4)
    expect(blocksOf(end).at(-2)).toEqual([0x10140, 0x1ec0, BlockState.Free])
    expect(end.segments).toEqual([{ heap: 0, base: 0x10000, reservedBytes: 0x10000 }])
    expect(end.blocks.birth!.slice()).toEqual(new Uint32Array([0, 0xffffffff, 2, 0xffffffff, 0xffffffff]))
    expect(end.event).toBe(4)
  })

  it('keeps touching reservations apart and joins byte-granular growth', () => {
    const reserved = new RunSketch().page(0, 0x10000, 4096, RegionState.Reserved).page(0, 0x11000, 4096, RegionState.Reserved)
    reserved.page(1, 0x10000, 8192, RegionState.Committed)
    expect(blocksOf(snapshotAt(reserved.finish(1), 1))).toEqual([
      [0x10000, 4096, BlockState.Free],
      [0x11000, 4096, BlockState.Free],
    ])
    const grown = new RunSketch().page(0, 16, 100, RegionState.Committed).page(1, 116, 60, RegionState.Committed).finish(1)
    const cut = snapshotAt(grown, 1)
    expect(cut.segments).toEqual([{ heap: 0, base: 16, reservedBytes: 160 }])
    expect(blocksOf(cut)).toEqual([[16, 160, BlockState.Free]])
  })

  it('refuses events outside the run and rows outside committed memory', () => {
    const run = new RunSketch().page(0, 0, 4096, RegionState.Committed).row(4000, 200, 1).finish(2)
    for (const event of [-1, 3, 0.5, NaN]) expect(() => snapshotAt(run, event)).toThrow(expect.objectContaining({ code: 'event-out-of-range' }))
    expect(snapshotAt(run, 0).blocks.length).toBe(1)
    expect(() => snapshotAt(run, 1)).toThrow(expect.objectContaining({ code: 'format-corrupt' }))
    const overlap = new RunSketch().page(0, 0, 4096, RegionState.Committed).row(0, 32, 1).row(16, 32, 1).row(8192, 16, 2).finish(2)
    expect(() => snapshotAt(overlap, 1)).toThrow(expect.objectContaining({ code: 'format-corrupt' }))
  })

  it('equals a naive repaint on random runs, in any order of cuts', () => {
    fc.assert(
      fc.property(fc.integer(), fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 3 }), (seed, events) => {
        const run = randomRun(seed, 400)
        const cutter = new SnapshotCutter(run)
        for (const event of events) {
          const cut = cutter.cut(event)
          expect(blocksOf(cut)).toEqual(naiveBlocks(run, event))
          expect(checkSnapshot(cut)).toEqual([])
        }
      }),
      { numRuns: 25 },
    )
  })

  it('carries births and call sites, also once it has laid the rows out by address', () => {
    const sketch = new RunSketch().page(0, 0x10000, 4096, RegionState.Committed).row(0x10100, 32, 1).row(0x10000, 32, 2).row(0x10040, 32, 3, 4)
    sketch.lifetimes.site = Column.of('i32', [7, -1, 5])
    const cutter = new SnapshotCutter(sketch.finish(4))
    for (let round = 0; round < 3; round++) {
      const { blocks } = cutter.cut(3)
      expect([...blocks.birth!.slice()]).toEqual([2, 0xffffffff, 3, 0xffffffff, 1, 0xffffffff])
      expect([...blocks.site!.slice()]).toEqual([-1, -1, 5, -1, 7, -1])
    }
  })

  it('carries sizes above 4 GiB', () => {
    const run = new RunSketch().page(0, 0, 2 ** 40, RegionState.Reserved).page(0, 0, 6e9, RegionState.Committed).row(0, 5e9, 1).finish(1)
    expect(blocksOf(snapshotAt(run, 1))).toEqual([
      [0, 5e9, BlockState.Busy],
      [5e9, 1e9, BlockState.Free],
      [6e9, 2 ** 40 - 6e9, BlockState.Uncommitted],
    ])
  })
})

describe('addressOrder', () => {
  it('orders like a stable comparison sort', () => {
    const address = fc.oneof(fc.integer({ min: 0, max: 3000 }), fc.maxSafeInteger().map(Math.abs), fc.integer({ min: 0, max: 2 ** 20 }).map((n) => n * 2 ** 28))
    fc.assert(
      fc.property(fc.array(address, { maxLength: 200 }), (addresses) => {
        const expected = addresses.map((_, row) => row).sort((a, b) => addresses[a]! - addresses[b]! || a - b)
        expect([...addressOrder(Float64Array.from(addresses))]).toEqual(expected)
      }),
    )
  })
})
