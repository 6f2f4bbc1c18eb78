import { describe, expect, it } from 'vitest'
import { quietJob } from '../../base/job-context'
import { STILL_ALIVE, UNKNOWN_SIZE } from '../../base/units'
import { checkRun, checkSnapshot } from '../../model/integrity'
import { RegionState } from '../../model/region-table'
import { SnapshotCutter } from '../../model/snapshot-at'
import { RunSketch, randomRun } from '../../model/testing/run-sketch'
import { resolveRequest } from '../../sim/profiles'
import { replayTrace } from '../../sim/replay/replay'
import { workloads } from '../../sim/workload'
import { runMetricDefinitions } from './definitions-run'
import { computeRunMetrics } from './run-metrics'
import { computeSnapshotMetrics } from './snapshot-metrics'

/** Run whose committed and live bytes after events 1, 2, ... are as given; one row per stretch between changes. */
function runOf(samples: readonly (readonly [committed: number, live: number])[]): RunSketch {
  const sketch = new RunSketch()
  let committed = 0
  samples.forEach(([footprint, live], i) => {
    if (footprint > committed) sketch.page(i + 1, 0x10000 + committed, footprint - committed, RegionState.Committed)
    if (footprint < committed) sketch.page(i + 1, 0x10000 + footprint, committed - footprint, RegionState.Free)
    committed = footprint
    if (live > 0) sketch.row(0x10000, live, i + 1, i + 2 > samples.length ? STILL_ALIVE : i + 2)
  })
  return sketch
}

const percent = (value: number | null): number => Number((value! * 100).toFixed(2))

describe('computeRunMetrics', () => {
  it('E2: the timeline of six samples', () => {
    const run = runOf([
      [4096, 1000],
      [4096, 3000],
      [8192, 6000],
      [8192, 2000],
      [12288, 2500],
      [12288, 500],
    ]).finish(6)
    expect(checkRun(run)).toEqual([])
    const metrics = computeRunMetrics(run)
    const digits = (value: number | null): string => value!.toFixed(6)
    expect([metrics.M14_J1, metrics.M14_J2, metrics.M14_J3, metrics.M14_J4, metrics.M15_wastedRatio].map(digits)).toEqual(['5.735644', '0.365333', '3.915200', '1.048000', '2.276800'])
    expect(metrics).toMatchObject({
      M14_skippedSamples: 0,
      M15_wastedByteOperations: 49152 - 15000,
      peakLiveBytes: 6000,
      peakLiveEvent: 3,
      peakFootprintBytes: 12288,
      peakFootprintEvent: 5,
      endFootprintBytes: 12288,
      failedRequests: 0,
      utilisation: 6000 / 12288,
      reasons: {},
    })
  })

  it('skips and counts empty samples, and says why a ratio is missing', () => {
    const metrics = computeRunMetrics(runOf([[4096, 0], [8192, 0], [4096, 1024]]).failure(2, 99).finish(3))
    expect(metrics).toMatchObject({ M14_J1: 3, M14_skippedSamples: 2, M14_J3: null, M14_J4: 7, failedRequests: 1, endFootprintBytes: 4096 })
    expect(metrics.reasons).toEqual({ M14_J3: 'nothing was live when the footprint peaked' })
    const empty = computeRunMetrics(new RunSketch().finish(2))
    expect(empty).toMatchObject({ M14_J1: null, M14_J2: null, M15_wastedRatio: null, peakLiveBytes: 0, utilisation: null, M14_skippedSamples: 2 })
  })

  it('marks what needs requested sizes as not available when one is unknown', () => {
    const metrics = computeRunMetrics(new RunSketch().page(0, 0, 4096, RegionState.Committed).row(0, 64, 1, STILL_ALIVE, UNKNOWN_SIZE).finish(1))
    expect(metrics).toMatchObject({ M14_J4: null, M15_wastedRatio: null, peakLiveBytes: null, utilisation: null, peakFootprintBytes: 4096 })
    expect(metrics.reasons['M14_J4']).toBe('requested sizes are unknown')
  })

  it('names exactly the keys it has', () => {
    const keys = Object.keys(computeRunMetrics(new RunSketch().finish(0))).filter((key) => /^M\d/.test(key))
    expect(runMetricDefinitions.flatMap((definition) => definition.values.map((value) => value.key)).sort()).toEqual(keys.sort())
  })

  it('agrees with snapshots cut at every event', () => {
    const run = randomRun(7, 120)
    const cutter = new SnapshotCutter(run)
    let wasted = 0
    let live = 0
    for (let event = 1; event <= run.events; event++) {
      const { M1_liveBytes, M2_footprintBytes } = computeSnapshotMetrics(cutter.cut(event))
      wasted += M2_footprintBytes! - M1_liveBytes!
      live += M1_liveBytes!
    }
    expect(computeRunMetrics(run)).toMatchObject({ M15_wastedByteOperations: wasted, M15_wastedRatio: wasted / live })
  })
})

describe('acceptance figures of the synthetic workloads (J1 to J4 and ω in percent)', () => {
  it.each([
    ['ff', 'G1', 314248, [35.45, 14.45, 15.47, 15.17, 22.58]],
    ['ff', 'G2', 176776, [82.45, 16.74, 18.21, 17.19, 24.02]],
    ['bf', 'G1', 294040, [27.22, 7.76, 10.4, 7.76, 15.11]],
  ])('pure %s on %s', async (heap, workload, peak, expected) => {
    const trace = workloads.find(({ id }) => id === workload)!.build()
    const run = await replayTrace(trace, resolveRequest(heap, 'pure', {}), quietJob)
    expect(checkRun(run)).toEqual([])
    const metrics = computeRunMetrics(run)
    expect(metrics.peakFootprintBytes).toBe(peak)
    expect([metrics.M14_J1, metrics.M14_J2, metrics.M14_J3, metrics.M14_J4, metrics.M15_wastedRatio].map(percent)).toEqual(expected)
    expect(checkSnapshot(new SnapshotCutter(run).cut(metrics.peakFootprintEvent))).toEqual([])
  })
})
