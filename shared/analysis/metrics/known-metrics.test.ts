import { describe, expect, test } from 'vitest'
import { checkSnapshot } from '../../model/integrity'
import type { HeapStatement } from '../../model/heap-statement'
import { Snapshot, type BlockCoverage } from '../../model/snapshot'
import { drawHeap } from '../../model/testing/drawn-heap'
import { computeSnapshotMetrics } from './snapshot-metrics'

const whole = drawHeap('[AAAA][..][BB][....][~~~~]', { headerBytes: 8 })
const stated = (figures: HeapStatement['stated']): HeapStatement => ({ stated: figures, sizes: [], findings: [], counters: [] })
const withCoverage = (coverage: BlockCoverage, heapStatements: readonly HeapStatement[] = []): Snapshot => new Snapshot({ ...whole, coverage, heapStatements })

describe('metrics of blocks that are not all there', () => {
  test('of all busy blocks: what the program holds is known, what is free is not', () => {
    const all = computeSnapshotMetrics(whole)
    const metrics = computeSnapshotMetrics(withCoverage('busy'))
    expect(metrics).toMatchObject({ M1_liveBytes: all.M1_liveBytes, M1_liveBlocks: 2, M4_headerShare: all.M4_headerShare, M13_addressScatter: all.M13_addressScatter })
    for (const key of ['M2_footprintBytes', 'M5_freeShare', 'M6_scatter', 'M8_failureCause', 'M10_holesPerBlock', 'M11_pinnedFreeBytes', 'M12_uncommittedRanges'] as const) {
      expect(metrics[key]).toBeNull()
      expect(metrics.reasons[key]).toBe('the source lists busy blocks only: what lies between them is unknown')
    }
    expect(metrics.M7_unusableFree).toEqual({})
  })

  test.each(['some', 'none'] as const)('of %s: no figure is summed, not even 0', (coverage) => {
    const { reasons, M7_unusableFree, M13_addressScatter, M13_largestReservableBytes, ...metrics } = computeSnapshotMetrics(withCoverage(coverage))
    expect(Object.values(metrics).every((value) => value === null)).toBe(true)
    expect(Object.keys(metrics).every((key) => reasons[key]!.startsWith('the source lists'))).toBe(true)
    expect([M7_unusableFree, M13_addressScatter === null, M13_largestReservableBytes === null]).toEqual([{}, false, false])
  })

  test('what the source states of every heap stands in: the figures of a printed !heap -s line', () => {
    const KIB = 1024
    const metrics = computeSnapshotMetrics(withCoverage('none', [stated({ reservedBytes: 31616 * KIB, committedBytes: 21064 * KIB, freeBytes: 7362 * KIB, uncommittedRanges: 13 })]))
    expect(metrics).toMatchObject({ M2_footprintBytes: 21064 * KIB, M2_reservedBytes: 31616 * KIB, M5_freePercentWinDbg: 34, M12_uncommittedRanges: 13, M12_uncommittedPercentWinDbg: 33, M1_liveBytes: null })
  })

  test('a figure one of two heaps does not state is not available', () => {
    const two = new Snapshot({ ...whole, coverage: 'none', heaps: [...whole.heaps, ...whole.heaps], heapStatements: [stated({ committedBytes: 4096 }), stated({})] })
    expect(computeSnapshotMetrics(two).M2_footprintBytes).toBeNull()
  })
})

describe('the integrity check', () => {
  test('asks no sums of blocks that are not all there, but refuses blocks where none are stated', () => {
    expect(checkSnapshot(withCoverage('some'))).toEqual([])
    expect(checkSnapshot(withCoverage('none'))[0]).toBe('the snapshot states that it lists no blocks and has 5')
    expect(checkSnapshot(withCoverage('busy', [stated({}), stated({})]))[0]).toBe('there are 2 statements on 1 heaps')
  })
})
