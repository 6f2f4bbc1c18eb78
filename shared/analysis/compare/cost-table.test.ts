import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { snapshotAt } from '../../model/snapshot-at'
import { BlockState, type Snapshot } from '../../model/snapshot'
import { buildHeap, type PlainBlock } from '../../model/testing/drawn-heap'
import { randomRun } from '../../model/testing/run-sketch'
import { tallyCosts, type CostGrouping, type CostTable } from './cost-table'
import { rankCauses } from './rank-causes'

const busy = (size: number, requested: number): PlainBlock => ({ state: BlockState.Busy, size, requested })
const other = (state: BlockState, size: number): PlainBlock => ({ state, size })

/** E1 of the metric definitions. */
const e1 = (): Snapshot =>
  buildHeap(
    [[other(BlockState.Internal, 512), busy(1024, 1000), other(BlockState.Free, 512), busy(2048, 2000), other(BlockState.Free, 3072), busy(1024, 600), other(BlockState.Uncommitted, 57344)]],
    { headerBytes: 16 },
  )

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0)
const charged = (table: CostTable): number =>
  sum(table.live) + sum(table.header) + sum(table.rounding) + sum(table.pinned) + table.internalBytes + table.allocatorPinnedBytes + table.releasableBytes

describe('tallyCosts', () => {
  it('blames the 600-byte block of E1 for 3,072 of 3,584 free bytes', () => {
    const table = tallyCosts(e1(), 'size-class')
    const pinnedOf = (key: string): number => table.pinned[table.keys.indexOf(key)]!
    expect(table.keys).toEqual(['up to 640 bytes', 'up to 1024 bytes', 'up to 2048 bytes'])
    expect(pinnedOf('up to 640 bytes')).toBe(3072)
    expect(pinnedOf('up to 1024 bytes')).toBeCloseTo(170.67, 2)
    expect(table.allocatorPinnedBytes).toBeCloseTo(170.67, 2)
    expect(charged(table)).toBeCloseTo(8192, 6)
  })

  it('charges every committed byte to somebody, at every event of any run and by every grouping', () => {
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom<CostGrouping>('size-class', 'site', 'age'), (seed, grouping) => {
        const run = randomRun(seed, 200)
        const table = tallyCosts(snapshotAt(run, Math.floor(run.events / 2)), grouping)
        expect(charged(table)).toBeCloseTo(table.committedBytes, 5)
      }),
      { numRuns: 60 },
    )
  })
})

describe('rankCauses', () => {
  const snapshotOf = (...sizes: readonly [number, number][]): Snapshot => buildHeap([sizes.map(([size, requested]) => busy(size, requested))])
  const costs = (...sizes: readonly [number, number][]): CostTable => tallyCosts(snapshotOf(...sizes), 'size-class')

  it('names what made the footprint grow until nine tenths are covered', () => {
    const a = costs([64, 64], [4032, 4032])
    const b = costs([64, 64], [4032, 4032], [16, 10], [8176, 8176])
    const ranked = rankCauses(a, b, 'all')
    expect(ranked).toMatchObject({ change: 8192, coveredShare: expect.closeTo(8176 / 8192, 6) as number, offsets: [] })
    expect(ranked.causes.map(({ key, live }) => [key, live])).toEqual([['up to 8192 bytes', 8176]])
  })

  it('lists what works against the change', () => {
    const { causes, offsets } = rankCauses(costs([4096, 4096]), costs([2048, 1024], [6144, 6144]), 'all')
    expect(causes[0]).toMatchObject({ key: 'up to 6144 bytes', contribution: 6144 })
    expect(offsets[0]).toMatchObject({ key: 'up to 4096 bytes', contribution: -4096 })
  })

  it('has no cause for no change', () => {
    expect(rankCauses(costs([64, 60]), costs([64, 60]), 'waste')).toEqual({ change: 0, causes: [], coveredShare: null, offsets: [] })
  })

  it('sums to the change exactly when live bytes count', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (seedA, seedB) => {
        const [a, b] = [seedA, seedB].map((seed) => {
          const run = randomRun(seed, 200)
          return tallyCosts(snapshotAt(run, run.events), 'size-class')
        }) as [CostTable, CostTable]
        const { change, causes, offsets } = rankCauses(a, b, 'all')
        expect(change).toBe(b.committedBytes - a.committedBytes)
        for (const cause of causes) expect(cause.contribution * change).toBeGreaterThan(0)
        for (const cause of offsets) expect(cause.contribution * change).toBeLessThan(0)
      }),
      { numRuns: 40 },
    )
  })
})
