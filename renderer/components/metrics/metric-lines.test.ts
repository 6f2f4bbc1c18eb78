import { describe, expect, test } from 'vitest'
import type { SnapshotMetrics } from '../../../shared/analysis/metrics/types'
import type { MomentMeasures } from '../../../shared/ipc/engine-api'
import { momentLines, splitParts } from './metric-lines'

/** The worked example of the definitions: two pages committed of 64 KiB. */
const metrics: SnapshotMetrics = {
  M1_liveBytes: 3600, M1_consumedBytes: 4096, M1_liveBlocks: 3, M2_footprintBytes: 8192, M2_reservedBytes: 65536,
  M3_overheadRatio: 1.275556, M3_utilisation: 0.439453, M4_internalWaste: 0.121094, M4_headerShare: 0.011719, M4_roundingShare: 0.109375,
  M5_freeShare: 0.4375, M5_freePercentWinDbg: 43, M6_scatter: 0.142857, M7_unusableFree: {}, M8_requestBytes: 4096, M8_failureCause: 'exhausted', M8_failureGrade: 0.0625,
  M9_dispersion: 0.131034, M9_effectiveHoles: 1.324324, M10_holesPerBlock: 0.666667, M11_meanOccupancy: 0.5625, M11_sparsePageShare: 0,
  M11_pinnedFreeBytes: 3584, M11_releasableFreeBytes: 0, M11_pinnedFreeShare: 1, M12_uncommittedShare: 0.875, M12_uncommittedRanges: 1, M12_uncommittedPercentWinDbg: 87,
  M13_addressScatter: null, M13_largestReservableBytes: null, reasons: { M13_addressScatter: 'the source has no regions' },
}
const split = { live: 3600, header: 48, rounding: 448, internal: 512, pinnedFree: 3584, releasableFree: 0, cachedFree: 0, uncommitted: 57344, committed: 8192, reserved: 65536 }
const momentOf = (patch: Partial<SnapshotMetrics>, largestFreeBytes: number | null = 3056): MomentMeasures =>
  ({ metrics: { ...metrics, ...patch }, split, largestFreeBytes }) as unknown as MomentMeasures
const lineOf = (id: string, moment: MomentMeasures = momentOf({})) => momentLines(moment).find((line) => line.id === id)!

describe('metrics as sentences', () => {
  test('value, sentence and definition belong together', () => {
    expect(lineOf('M3')).toMatchObject({ value: '1.276', sentence: 'Each live byte costs 2.276 bytes of footprint', cost: true, definition: { id: 'M3' } })
    expect(lineOf('M6').sentence).toBe('The largest hole is 85.7 % of all free bytes')
    expect(lineOf('M2').sentence).toBe('Live 43.9 %, overhead 12.3 %, pinned 43.8 %, releasable 0.0 %')
  })

  test('why a request fails is said in plain words', () => {
    expect(lineOf('M8')).toMatchObject({ value: '2.98 KiB', sentence: '4 KiB fails: only 3.50 KiB is free', cost: false })
    expect(lineOf('M8', momentOf({ M8_requestBytes: 65536, M8_failureCause: 'fragmented', M11_pinnedFreeBytes: 1_658_880 })))
      .toMatchObject({ sentence: '64 KiB fails although 1.58 MiB is free', cost: true })
    expect(lineOf('M8', momentOf({}, null))).toMatchObject({ value: '—', tag: 'nothing free' })
  })

  test('what is not available is an em dash with its reason, and never a cost', () => {
    expect(lineOf('M13')).toMatchObject({ value: '—', sentence: 'Not available: the source has no regions' })
    expect(lineOf('M3', momentOf({ M3_overheadRatio: null, reasons: { M3_overheadRatio: 'empty heap' } }))).toMatchObject({ value: '—', sentence: 'Not available: empty heap', cost: false })
  })

  test('blocks that are not all known leave dashes with the reason, and the stated footprint without a split', () => {
    const reasons = { M8_failureCause: 'only some blocks', M11_pinnedFreeBytes: 'only some blocks' }
    const moment = { ...momentOf({ M8_requestBytes: null, M8_failureCause: null, M8_failureGrade: null, M11_pinnedFreeBytes: null, M12_uncommittedRanges: null, reasons }, null), split: null }
    expect(lineOf('M8', moment)).toMatchObject({ value: '—', sentence: 'Not available: only some blocks', cost: false })
    expect(lineOf('M11', moment)).toMatchObject({ value: '—', sentence: 'Not available: only some blocks' })
    expect(lineOf('M2', moment)).toMatchObject({ value: '8 KiB', sentence: 'As the source states it' })
    expect(lineOf('M12', moment).sentence).toBe('Of 64 KiB reserved, in — ranges')
    expect(splitParts(null)).toEqual([])
  })

  test('unknown requested sizes are called consumed', () => {
    expect(lineOf('M1', momentOf({ M1_liveBytes: null }))).toMatchObject({ value: '4 KiB', tag: 'consumed' })
  })

  test('the bar is the whole footprint', () => {
    expect(splitParts(split).reduce((sum, part) => sum + part.share, 0)).toBeCloseTo(1, 12)
  })
})
