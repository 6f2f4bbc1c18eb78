import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { snapshotAt } from '../../model/snapshot-at'
import { BlockState, type Snapshot } from '../../model/snapshot'
import { buildHeap, type PlainBlock } from '../../model/testing/drawn-heap'
import { randomRun } from '../../model/testing/run-sketch'
import { explainChange } from './explain-change'

const busy = (size: number, requested: number): PlainBlock => ({ state: BlockState.Busy, size, requested })
const other = (state: BlockState, size: number): PlainBlock => ({ state, size })

describe('explainChange', () => {
  it('splits the worked example to the byte', () => {
    // A: 3600 live, 48 header, 448 rounding, 512 internal, 3584 pinned. B: 4000, 64, 560, 512, 3056 and a free page.
    const a = buildHeap([[other(BlockState.Internal, 512), busy(1024, 1000), other(BlockState.Free, 512), busy(2048, 2000), other(BlockState.Free, 3072), busy(1024, 600)]], { headerBytes: 16 })
    const b = buildHeap(
      [[other(BlockState.Internal, 512), busy(1024, 1000), busy(2048, 2000), other(BlockState.Free, 512), busy(1024, 600), busy(528, 400), other(BlockState.Free, 2544), other(BlockState.Free, 4096)]],
      { headerBytes: 16 },
    )
    const differences = Object.fromEntries(explainChange(a, b).split.map(({ term, difference }) => [term, difference]))
    expect(differences).toEqual({ live: 400, header: 16, rounding: 112, internal: 0, pinnedFree: -528, releasableFree: 4096, cachedFree: 0, committed: 4096, uncommitted: 0, reserved: 4096 })
  })

  it('splits any change without remainder, and gives the ratio to footprint and demand', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (seedA, seedB) => {
        const [a, b] = [seedA, seedB].map((seed) => snapshotAt(randomRun(seed, 150), 150)) as [Snapshot, Snapshot]
        const { split, ratio, bySize, byAge, bySite } = explainChange(a, b)
        const of = (term: string): number => split.find((row) => row.term === term)!.difference
        expect(['live', 'header', 'rounding', 'internal', 'pinnedFree', 'releasableFree', 'cachedFree'].reduce((sum, term) => sum + of(term), 0)).toBe(of('committed'))
        expect(of('committed') + of('uncommitted')).toBe(of('reserved'))
        expect([bySize.change, byAge.change, bySite]).toEqual([of('committed'), of('committed'), null])
        if (ratio !== null) expect(ratio.footprintEffect + ratio.demandEffect).toBeCloseTo(ratio.change, 9)
      }),
      { numRuns: 30 },
    )
  })
})
