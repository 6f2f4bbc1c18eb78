import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BlockState, Snapshot } from '../../model/snapshot'
import { snapshotAt } from '../../model/snapshot-at'
import { buildHeap, type PlainBlock } from '../../model/testing/drawn-heap'
import { randomRun } from '../../model/testing/run-sketch'
import { costDifferences } from './cost-differences'
import { tallyCosts } from './cost-table'
import { matchBlocks } from './match-blocks'
import { selectBusy } from './select-blocks'

const busy = (size: number, site?: number): PlainBlock => ({ state: BlockState.Busy, size, requested: size, ...(site === undefined ? {} : { site }) })
const sketch = (): Snapshot => new Snapshot({ ...buildHeap([[busy(64, 0), { state: BlockState.Free, size: 64 }, busy(128, 1), busy(256, -1), busy(64, 1)]]), siteNames: ['load', 'draw'] })

describe('selectBusy', () => {
  it('keeps sizes, sites and heaps; nothing chosen means everything', () => {
    const rows = (selection: Parameters<typeof selectBusy>[1]): number[] => Array.from(selectBusy(sketch(), selection)!.keys()).filter((row) => selectBusy(sketch(), selection)![row] === 1)
    expect(selectBusy(sketch(), {})).toBeUndefined()
    expect(rows({ maxBytes: 64 })).toEqual([0, 4])
    expect(rows({ minBytes: 65, maxBytes: 128 })).toEqual([2])
    expect(rows({ site: 'draw' })).toEqual([2, 4])
    expect(rows({ site: 'unknown' })).toEqual([3])
    expect(rows({ site: 'never heard of' })).toEqual([])
    expect(rows({ heap: 1 })).toEqual([])
  })

  it('splits every cost of a snapshot: what is chosen and what is not sum to the whole', () => {
    fc.assert(fc.property(fc.integer(), fc.integer({ min: 8, max: 4096 }), (seed, limit) => {
      const run = randomRun(seed, 200)
      const snapshot = snapshotAt(run, Math.floor(run.events / 2))
      const total = (chosen: Uint8Array | undefined): number => {
        const table = tallyCosts(snapshot, 'size-class', undefined, chosen)
        return costDifferences(table, table).total.a.live
      }
      expect(total(selectBusy(snapshot, { maxBytes: limit })) + total(selectBusy(snapshot, { minBytes: limit + 1 }))).toBe(total(undefined))
    }), { numRuns: 40 })
  })
})

describe('costDifferences', () => {
  it('holds group against group, largest change first, and sums them', () => {
    const [a, b] = [buildHeap([[busy(64), busy(64), busy(128)]]), buildHeap([[busy(64), busy(128), busy(128), busy(256)]])]
    const { rows, total } = costDifferences(tallyCosts(a, 'size-class'), tallyCosts(b, 'size-class'))
    expect(rows.map(({ upper, a: sideA, b: sideB }) => [upper, sideA.blocks, sideB.blocks])).toEqual([[256, 0, 1], [128, 1, 2], [64, 2, 1]])
    expect(total.b.live - total.a.live).toBe(320)
    expect(total.change).toBe(rows.reduce((sum, { change }) => sum + change, 0))
  })

  it('matches what is selected alone', () => {
    const [a, b] = [buildHeap([[busy(64), busy(64), busy(128)]]), buildHeap([[busy(64), busy(128), busy(256)]])]
    const chosen = { a: selectBusy(a, { maxBytes: 64 }), b: selectBusy(b, { maxBytes: 64 }) }
    expect(matchBlocks(a, b, 'size', chosen)).toMatchObject({ matched: 1, gone: 1, added: 0, requestedChange: -64 })
  })
})
