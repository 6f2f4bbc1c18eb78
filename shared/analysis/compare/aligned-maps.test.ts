import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawHeap } from '../../model/testing/drawn-heap'
import { randomRun } from '../../model/testing/run-sketch'
import { snapshotAt } from '../../model/snapshot-at'
import { buildMapTile, CellState } from '../map-tiles'
import { alignedTiles, alignLanes, CellDifference, countDifferences, fitLanes } from './aligned-maps'

const KIB = { bytesPerCharacter: 1024 }
const { Nothing, Same, Changed, OnlyFirst, OnlyOther } = CellDifference

describe('heaps on one scale', () => {
  it('lays the k-th segment over the k-th, offset 0 over offset 0', () => {
    const lanes = alignLanes([drawHeap('[AAAA]|[BB]', { ...KIB, base: 0x10000 }), drawHeap('[AA]|[BBBB]|[C]', { ...KIB, base: 0x500000 })])
    expect(lanes.map(({ heap, ordinal, lengthBytes, segments }) => [heap, ordinal, lengthBytes, segments.map((segment) => segment?.reservedBytes ?? null)])).toEqual([
      [0, 0, 4096, [4096, 2048]], [0, 1, 4096, [2048, 4096]], [0, 2, 1024, [null, 1024]],
    ])
  })

  it('tells what only one has, what changed and what is the same', () => {
    const members = [drawHeap('[AA][....][~~]', { ...KIB, pageBytes: 1024 }), drawHeap('[AA][BB][..][~~][CC]', { ...KIB, base: 0x500000, pageBytes: 1024 })]
    const lanes = alignLanes(members)
    const { bytesPerCell, ranges } = fitLanes(lanes, 10, 1024)
    expect([bytesPerCell, ranges]).toEqual([1024, [{ lane: 0, offset: 0, cells: 10 }]])
    const [first, other] = alignedTiles(members, lanes, ranges, bytesPerCell)
    expect([...other!.difference]).toEqual([Same, Same, Changed, Changed, Same, Same, Same, Same, OnlyOther, OnlyOther])
    expect([...first!.difference].every((kind) => kind === Same || kind === Nothing)).toBe(true)
    expect([...first!.occupancy]).toEqual([255, 255, 0, 0, 0, 0, 0, 0, 0, 0])
    expect([...other!.occupancy]).toEqual([255, 255, 255, 255, 0, 0, 0, 0, 255, 255])
    expect(countDifferences(other!)).toEqual([0, 6, 2, 0, 2])
    const turned = alignedTiles([...members].reverse(), alignLanes([...members].reverse()), ranges, bytesPerCell)[1]!
    expect([...turned.difference]).toEqual([Same, Same, Changed, Changed, Same, Same, Same, Same, OnlyFirst, OnlyFirst])
  })

  it('half a cell is half occupied, and a neighbour’s bytes do not count', () => {
    const members = [drawHeap('[A][.]|[BBBB]', { ...KIB, segmentGap: 2048 })]
    const lanes = alignLanes(members)
    const [tile] = alignedTiles(members, lanes, [{ lane: 0, offset: 0, cells: 1 }, { lane: 1, offset: 1024, cells: 3 }], 2048)
    expect([...tile!.occupancy]).toEqual([128, 255, 255, 0])
    expect([...tile!.state].slice(1, 3)).toEqual([CellState.Busy, CellState.Busy])
    const [touching] = alignedTiles([drawHeap('[.]|[BBB]', { ...KIB, segmentGap: 1024 })], alignLanes([drawHeap('[.]|[BBB]', { ...KIB, segmentGap: 1024 })]), [{ lane: 0, offset: 0, cells: 1 }], 4096)
    expect([touching!.state[0], touching!.share[0], touching!.occupancy[0]]).toEqual([CellState.FreePinned, 64, 0])
  })

  it('makes cells large enough to fit, and no larger', () => {
    const lanes = alignLanes([drawHeap('[AAAAAAAA]|[BBBB]', KIB)])
    expect(fitLanes(lanes, 12).bytesPerCell).toBe(1024)
    expect(fitLanes(lanes, 11).bytesPerCell).toBe(2048)
    expect(fitLanes(lanes, 0).ranges.map(({ cells }) => cells)).toEqual([1, 1])
    expect(fitLanes([], 10).ranges).toEqual([])
  })

  it('a member alone shows what its own map shows, and differs from itself nowhere', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 1e6 }), fc.constantFrom(64, 512, 4096), (seed, bytesPerCell) => {
      const snapshot = snapshotAt(randomRun(seed, 120), 120)
      const lanes = alignLanes([snapshot, snapshot])
      const { ranges } = fitLanes(lanes, 1e6, bytesPerCell)
      const [one, two] = alignedTiles([snapshot, snapshot], lanes, ranges, bytesPerCell)
      const own = buildMapTile(snapshot, lanes.map(({ segments, lengthBytes }) => ({ address: segments[0]!.base, cells: Math.ceil(lengthBytes / bytesPerCell) })), bytesPerCell)
      expect(one!.state).toEqual(own.state)
      expect(one!.share).toEqual(own.share)
      expect(countDifferences(two!).slice(2)).toEqual([0, 0, 0])
    }), { numRuns: 25 })
  })
})
