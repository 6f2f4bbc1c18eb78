import { beforeAll, describe, expect, test } from 'vitest'
import { bytesOf, hasData, openDump, REAL_DUMP } from '../importers/minidump/testing/dump-data'
import { BlockKind, BlockState, type Snapshot } from '../model/snapshot'
import { lfhBucketBytes, lfhBucketOfUnits } from '../sim/heaps/nt/lfh-sizes'
import { LEAST_UNITS, unitsOfRequest } from '../sim/heaps/nt/nt-rules'
import { HeapUnderTest } from '../sim/testing/heap-under-test'

/*
 * The heaps of a real process (a 32-bit program on Windows 7 x64: NT heaps of both bitnesses), asked for again block by
 * block in address order: a heap of the matching profile must give each request as many bytes as Windows did.
 */
interface RealBlock {
  readonly size: number
  readonly requested: number
}

describe.skipIf(!hasData)('heaps of a real Windows 7 process', () => {
  let snapshot: Snapshot
  beforeAll(async () => {
    snapshot = await openDump(bytesOf(REAL_DUMP))
  })

  const busyOf = (heap: number, kind: BlockKind): RealBlock[] => {
    const { blocks } = snapshot
    return Array.from({ length: blocks.length }, (_, row) => row)
      .filter((row) => blocks.heap.at(row) === heap && blocks.kind!.at(row) === kind && blocks.state.at(row) === BlockState.Busy)
      .map((row) => ({ size: blocks.size.at(row), requested: blocks.requested.at(row) }))
  }
  const totalOf = (blocks: readonly RealBlock[], of: keyof RealBlock): number => blocks.reduce((sum, block) => sum + block[of], 0)

  test('the back end gives the same total and the same overhead, but for rests of one unit that are never split off', () => {
    let compared = 0
    let rests = 0
    snapshot.heaps.forEach(({ granularity }, heap) => {
      const real = busyOf(heap, BlockKind.BackEnd)
      const simulated = new HeapUnderTest('nt-lfh', granularity === 16 ? 'win7-x64' : 'win7-x86', { lfh: false })
      const given = real.map(({ requested }) => ({ requested, size: simulated.sizeOf(simulated.alloc(requested)) }))
      // Whether a rest of one unit was there to stay in a block depends on what was free when it was made (nt-heap.md 3.2).
      const restsOf = (blocks: readonly RealBlock[]): number =>
        blocks.reduce((sum, { size, requested }) => sum + size / granularity - unitsOfRequest(requested, granularity), 0)
      for (const { size, requested } of [...real, ...given]) expect([0, LEAST_UNITS - 1]).toContain(size / granularity - unitsOfRequest(requested, granularity))
      const total = totalOf(real, 'size') - restsOf(real) * granularity
      expect(totalOf(given, 'size') - restsOf(given) * granularity).toBe(total)
      expect(totalOf(given, 'size') - restsOf(given) * granularity - totalOf(given, 'requested')).toBe(total - totalOf(real, 'requested'))
      compared += real.length
      rests += restsOf(real) + restsOf(given)
    })
    expect([compared, rests]).toEqual([369, 2])
  })

  test('slots of the front end have the size of the bucket of their request', () => {
    snapshot.heaps.forEach(({ granularity }, heap) => {
      const [sizes, buckets] = [lfhBucketBytes(granularity), lfhBucketOfUnits(granularity)]
      for (const { size, requested } of busyOf(heap, BlockKind.LfhSlot)) expect(sizes[buckets[unitsOfRequest(requested, granularity)]!]).toBe(size)
    })
    expect(busyOf(4, BlockKind.LfhSlot)).toHaveLength(152)
  })
})
