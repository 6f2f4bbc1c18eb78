import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BlockState, type Snapshot } from '../../model/snapshot'
import { snapshotAt } from '../../model/snapshot-at'
import { checkSnapshot } from '../../model/integrity'
import { buildHeap, drawHeap, type PlainBlock } from '../../model/testing/drawn-heap'
import { randomRun } from '../../model/testing/run-sketch'
import { UNKNOWN_SIZE } from '../../base/units'
import { snapshotMetricDefinitions } from './definitions-snapshot'
import { collectHoles, computeFreeSizes, unusableBytes, unusableFreeCurve } from './holes'
import { pinBlame } from './pin-blame'
import { computeSizeClasses, sizeClassOf, sizeClassUpper } from './size-classes'
import { computeSnapshotMetrics } from './snapshot-metrics'
import { wholePercent } from '../../base/whole-percent'
import { tilingSplit } from './tiling-split'

const busy = (size: number, requested = size): PlainBlock => ({ state: BlockState.Busy, size, requested })
const other = (state: BlockState, size: number): PlainBlock => ({ state, size })

/** E1 of the metric definitions: one segment of 64 KiB, two pages committed, header 16. */
const e1 = (): Snapshot =>
  buildHeap(
    [
      [
        other(BlockState.Internal, 512),
        busy(1024, 1000),
        other(BlockState.Free, 512),
        busy(2048, 2000),
        other(BlockState.Free, 3072),
        busy(1024, 600),
        other(BlockState.Uncommitted, 57344),
      ],
    ],
    { headerBytes: 16 },
  )

const rounded = (value: unknown): unknown => (typeof value === 'number' ? Number(value.toFixed(6)) : value)

describe('worked examples', () => {
  it('E1: a snapshot with every kind of byte', () => {
    const metrics = computeSnapshotMetrics(e1(), { probeBytes: 2048, failingRequestBytes: 4096 })
    const { M7_unusableFree, ...flat } = metrics
    expect(Object.fromEntries(Object.entries(flat).map(([key, value]) => [key, rounded(value)]))).toEqual({
      M1_liveBytes: 3600,
      M1_consumedBytes: 4096,
      M1_liveBlocks: 3,
      M2_footprintBytes: 8192,
      M2_reservedBytes: 65536,
      M3_overheadRatio: 1.275556,
      M3_utilisation: 0.439453,
      M4_internalWaste: 0.121094,
      M4_headerShare: 0.011719,
      M4_roundingShare: 0.109375,
      M5_freeShare: 0.4375,
      M5_freePercentWinDbg: 43,
      M6_scatter: 0.142857,
      M8_requestBytes: 4096,
      M8_failureCause: 'exhausted',
      M8_failureGrade: 0.0625,
      M9_dispersion: 0.131034,
      M9_effectiveHoles: 1.324324,
      M10_holesPerBlock: 0.666667,
      M11_meanOccupancy: 0.5625,
      M11_sparsePageShare: 0,
      M11_pinnedFreeBytes: 3584,
      M11_releasableFreeBytes: 0,
      M11_pinnedFreeShare: 1,
      M12_uncommittedShare: 0.875,
      M12_uncommittedRanges: 1,
      M12_uncommittedPercentWinDbg: 87,
      // Free are 64 KiB below the segment and nearly 2^47 bytes above it.
      M13_addressScatter: rounded(1 - (2 ** 47 - 0x20000) / (2 ** 47 - 0x10000)),
      M13_largestReservableBytes: 2 ** 47 - 0x20000,
      reasons: {},
    })
    expect(M7_unusableFree['1024']).toBeCloseTo(0.142857, 6)
    expect(M7_unusableFree['2048']).toBeCloseTo(0.428571, 6)
    expect(M7_unusableFree['4096']).toBe(1)
    expect(computeSnapshotMetrics(e1(), { failingRequestBytes: 3072 })).toMatchObject({ M8_failureCause: 'fits', M8_failureGrade: -1 })
    expect(tilingSplit(e1())).toEqual({
      live: 3600,
      header: 48,
      rounding: 448,
      internal: 512,
      pinnedFree: 3584,
      releasableFree: 0,
      cachedFree: 0,
      uncommitted: 57344,
      committed: 8192,
      reserved: 65536,
    })
  })

  it('E1: the 600-byte block is to blame for 3072 of 3584 pinned bytes', () => {
    const third = 512 / 3
    const pins = pinBlame(e1())
    expect([...pins].map((bytes) => Number(bytes.toFixed(6)))).toEqual([0, third, 0, third, 0, 3072, 0].map((bytes) => Number(bytes.toFixed(6))))
    expect(512 + 3072 - pins.reduce((sum, bytes) => sum + bytes)).toBeCloseTo(third)
  })

  it('E3: a checkerboard is fragmented for a page', () => {
    const heap = drawHeap('[AA][..][BB][..][CC][..][DD][..][EE][..][FF][..][GG][..][HH][..]', { bytesPerCharacter: 256 })
    const metrics = computeSnapshotMetrics(heap, { probeBytes: 512, failingRequestBytes: 4096 })
    expect(collectHoles(heap).totalBytes).toBe(4096)
    expect(metrics).toMatchObject({ M8_failureCause: 'fragmented', M8_failureGrade: 0.75, M6_scatter: 0.875, M9_effectiveHoles: 8 })
    expect(metrics.M7_unusableFree).toMatchObject({ '4096': 1, '512': 0 })
  })

  it('E4: percentages as WinDbg prints them', () => {
    expect([wholePercent(109939, 118128), wholePercent(776448 - 118128, 776448), wholePercent(3884, 56540), wholePercent(60592 - 56540, 60592)]).toEqual([93, 84, 6, 6])
  })

  it('E5: empty and full heaps give null with a reason, never 0', () => {
    const empty = computeSnapshotMetrics(drawHeap('[#][...............]', { bytesPerCharacter: 256 }))
    expect(empty).toMatchObject({ M1_liveBytes: 0, M2_footprintBytes: 4096, M3_overheadRatio: null, M3_utilisation: 0, M4_internalWaste: null, M10_holesPerBlock: null })
    expect(empty.reasons).toMatchObject({ M3_overheadRatio: 'empty heap: nothing is live' })
    const full = computeSnapshotMetrics(drawHeap('[AA]'))
    expect(full).toMatchObject({ M6_scatter: null, M9_dispersion: null, M11_pinnedFreeShare: null, M8_failureCause: 'exhausted', M8_failureGrade: 0 })
    expect(full.M7_unusableFree).toEqual({ '64': 1, '256': 1, '1024': 1, '4096': 1, '65536': 1, '1048576': 1 })
    expect(full.reasons).toMatchObject({ M6_scatter: 'no free memory', M7_unusableFree: 'no free memory' })
    const nothing = computeSnapshotMetrics(drawHeap(''))
    expect(nothing).toMatchObject({ M3_utilisation: null, M5_freeShare: null, M11_meanOccupancy: null, M12_uncommittedShare: null, M13_addressScatter: null })
  })

  it('marks what needs requested sizes as not available when one is unknown', () => {
    const heap = drawHeap('[AA][..][BB]', { headerBytes: 8, requested: [20, UNKNOWN_SIZE] })
    const metrics = computeSnapshotMetrics(heap)
    expect(metrics).toMatchObject({ M1_liveBytes: null, M1_consumedBytes: 64, M3_overheadRatio: null, M3_utilisation: null, M4_internalWaste: null, M4_headerShare: 0.25, M4_roundingShare: null })
    expect(metrics.reasons['M1_liveBytes']).toBe('requested sizes are unknown')
    expect(tilingSplit(heap)).toMatchObject({ live: 48, header: 16, rounding: 0, committed: 96 })
  })

  it('refuses probe sizes that are no whole number above 0', () => {
    for (const probeBytes of [0, -1, 1.5]) expect(() => computeSnapshotMetrics(e1(), { probeBytes })).toThrow(expect.objectContaining({ code: 'parameter-invalid' }))
  })
})

describe('holes', () => {
  it('merges touching free blocks of one segment, never cached ones, never across segments', () => {
    const heap = drawHeap('[A][..][...][c][c][.]|[..][B][.]', { segmentGap: 16 })
    expect([...collectHoles(heap).sizes]).toEqual([80, 16, 16, 16, 32, 16])
  })

  it('tabulates free sizes by power of two in count and bytes', () => {
    const table = computeFreeSizes(drawHeap('[..][A][...][A][.......][A][.]'))
    expect(table).toEqual({ exponent: Float64Array.of(4, 5, 6), blocks: Float64Array.of(1, 2, 1), bytes: Float64Array.of(16, 80, 112) })
    expect(computeFreeSizes(drawHeap('[A]')).exponent.length).toBe(0)
  })

  it('draws the curve up to the first size that no hole holds', () => {
    const curve = unusableFreeCurve(e1())
    expect(curve.sizeBytes.at(-1)).toBe(4096)
    expect([...curve.unusable].slice(-4).map((share) => Number(share.toFixed(6)))).toEqual([0, 0.142857, 0.428571, 1])
  })
})

describe('page occupancy', () => {
  it('splits blocks by byte over pages, and takes partial pages over their committed bytes', () => {
    const heap = buildHeap([[busy(1000), other(BlockState.Free, 7192 + 4096), busy(100)]], { base: 0x10000 })
    const metrics = computeSnapshotMetrics(heap)
    // 1000 of 4096 bytes used, two pages all free, and a last page of which only the 100 busy bytes are committed.
    expect(metrics).toMatchObject({ M11_pinnedFreeBytes: 3096, M11_releasableFreeBytes: 8192 })
    expect(metrics.M11_meanOccupancy).toBeCloseTo((1000 / 4096 + 0 + 0 + 1) / 4)
    expect(metrics.M11_sparsePageShare).toBe(0.75)
  })

  it('shows cached bytes apart in the split and as free in M5 and M11', () => {
    const heap = drawHeap('[AA][cc][..][cccc]', { bytesPerCharacter: 1024 })
    expect(computeSnapshotMetrics(heap)).toMatchObject({ M5_freeShare: 0.8, M11_pinnedFreeBytes: 2048, M11_releasableFreeBytes: 6144 })
    expect(tilingSplit(heap)).toMatchObject({ pinnedFree: 0, releasableFree: 2048, cachedFree: 6144, committed: 10240 })
    expect([...pinBlame(heap)]).toEqual([2048, 0, 0, 0])
  })
})

describe('size classes', () => {
  it('are powers of two in four steps, each size in the class that ends at or above it', () => {
    expect(Array.from({ length: 10 }, (_, row) => sizeClassUpper(row))).toEqual([8, 10, 12, 14, 16, 20, 24, 28, 32, 40])
    fc.assert(
      fc.property(fc.oneof(fc.nat(5000), fc.maxSafeInteger().map(Math.abs)), (bytes) => {
        const sizeClass = sizeClassOf(bytes)
        expect(bytes).toBeLessThanOrEqual(sizeClassUpper(sizeClass))
        if (sizeClass > 0) expect(bytes).toBeGreaterThan(sizeClassUpper(sizeClass - 1))
      }),
    )
  })

  it('sums blocks, bytes and blame', () => {
    const table = computeSizeClasses(e1())
    const rows = [...table.upperBytes].map((upper, row) => [upper, table.busyBlocks[row], table.requestedBytes[row], table.consumedBytes[row], Math.round(table.pinnedBytes[row]!)])
    expect(rows.filter((row) => row[1]! > 0)).toEqual([
      [640, 1, 600, 1024, 3072],
      [1024, 1, 1000, 1024, 171],
      [2048, 1, 2000, 2048, 171],
    ])
    expect(table.upperBytes.at(-1)).toBe(2048)
  })
})

describe('properties on random runs', () => {
  const cut = fc.record({ seed: fc.integer(), event: fc.integer({ min: 0, max: 300 }) }).map(({ seed, event }) => snapshotAt(randomRun(seed, 300), event))

  it('keep the tiling identity, the bounds and the order of unusable free', () => {
    fc.assert(
      fc.property(cut, (snapshot) => {
        expect(checkSnapshot(snapshot)).toEqual([])
        const metrics = computeSnapshotMetrics(snapshot)
        const split = tilingSplit(snapshot)
        const parts = split.live + split.header + split.rounding + split.internal + split.pinnedFree + split.releasableFree + split.cachedFree
        expect(parts).toBe(split.committed)
        expect(split.committed + split.uncommitted).toBe(split.reserved)
        const free = split.pinnedFree + split.releasableFree + split.cachedFree
        expect(metrics.M11_pinnedFreeBytes! + metrics.M11_releasableFreeBytes!).toBe(free)
        const holes = collectHoles(snapshot)
        expect(holes.totalBytes).toBe(free)
        if (free === 0) return
        expect(metrics.M9_effectiveHoles!).toBeLessThanOrEqual(holes.sizes.length * (1 + 1e-12))
        expect(metrics.M6_scatter!).toBeLessThanOrEqual(1 - 1 / holes.sizes.length + 1e-12)
        expect(computeSnapshotMetrics(snapshot, { probeBytes: holes.largestBytes + 1 }).M7_unusableFree[holes.largestBytes + 1]).toBe(1)
        const { sizeBytes, unusable } = unusableFreeCurve(snapshot)
        sizeBytes.forEach((size, i) => {
          expect(unusable[i]! * free).toBeCloseTo(unusableBytes(holes, size), 6)
          if (i > 0) expect(unusable[i]!).toBeGreaterThanOrEqual(unusable[i - 1]!)
        })
        expect(unusable[0]).toBe(0)
        expect(unusable.at(-1)).toBe(1)
        const blamed = pinBlame(snapshot).reduce((sum, bytes) => sum + bytes, 0)
        expect(blamed).toBeLessThanOrEqual(metrics.M11_pinnedFreeBytes! + 1e-6)
        expect(blamed).toBeCloseTo(blameByPage(snapshot), 6)
      }),
      { numRuns: 40 },
    )
  })

  it('never rise when two holes merge: scatter, dispersion, holes per block, unusable free', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 200 }).map((n) => n * 16), { minLength: 2, maxLength: 12 })
    fc.assert(
      fc.property(sizes, fc.nat(), fc.integer({ min: 1, max: 4000 }), (holes, at, probeBytes) => {
        const heapOf = (list: readonly number[]): Snapshot => buildHeap([list.flatMap((size) => [busy(32), other(BlockState.Free, size)])])
        const i = at % (holes.length - 1)
        const merged = [...holes.slice(0, i), holes[i]! + holes[i + 1]!, ...holes.slice(i + 2)]
        const before = computeSnapshotMetrics(heapOf(holes), { probeBytes })
        // The freed neighbour leaves a busy block behind elsewhere, so that B stays.
        const after = computeSnapshotMetrics(buildHeap([[busy(32), ...merged.flatMap((size) => [busy(32), other(BlockState.Free, size)])]]), { probeBytes })
        expect(after.M6_scatter!).toBeLessThanOrEqual(before.M6_scatter! + 1e-12)
        expect(after.M9_dispersion!).toBeLessThanOrEqual(before.M9_dispersion! + 1e-12)
        expect(after.M10_holesPerBlock!).toBeLessThanOrEqual(before.M10_holesPerBlock!)
        expect(after.M7_unusableFree[probeBytes]!).toBeLessThanOrEqual(before.M7_unusableFree[probeBytes]!)
      }),
    )
  })

  it('count effective holes exactly when all are equal', () => {
    for (const count of [1, 2, 7]) {
      const heap = drawHeap('[A][...]'.repeat(count))
      expect(computeSnapshotMetrics(heap).M9_effectiveHoles).toBeCloseTo(count, 12)
    }
  })
})

/** Blame of busy blocks, page by page, from the definition. */
function blameByPage({ blocks, pageBytes }: Snapshot): number {
  const pages = new Map<number, { free: number; busy: number; internal: boolean }>()
  for (let row = 0; row < blocks.length; row++) {
    const state = blocks.state.at(row)
    if (state === BlockState.Uncommitted) continue
    const end = blocks.address.at(row) + blocks.size.at(row)
    for (let at = blocks.address.at(row); at < end; ) {
      const number = Math.floor(at / pageBytes)
      const to = Math.min(end, (number + 1) * pageBytes)
      const page = pages.get(number) ?? { free: 0, busy: 0, internal: false }
      pages.set(number, page)
      if (state === BlockState.Busy) page.busy++
      else if (state === BlockState.Internal) page.internal = true
      else page.free += to - at
      at = to
    }
  }
  let blamed = 0
  for (const { free, busy: players, internal } of pages.values()) if (players > 0) blamed += (free * players) / (players + (internal ? 1 : 0))
  return blamed
}

describe('definitions', () => {
  it('name exactly the keys the metrics have', () => {
    const { reasons, ...metrics } = computeSnapshotMetrics(e1())
    expect(reasons).toEqual({})
    expect(snapshotMetricDefinitions.flatMap((definition) => definition.values.map((value) => value.key)).sort()).toEqual(Object.keys(metrics).sort())
    for (const { id, values } of snapshotMetricDefinitions) for (const { key } of values) expect(key.startsWith(`${id}_`)).toBe(true)
  })
})
