import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { STILL_ALIVE } from '../base/units'
import { RegionState } from '../model/region-table'
import { SnapshotCutter } from '../model/snapshot-at'
import { RunSketch, randomRun } from '../model/testing/run-sketch'
import { TraceBuilder } from '../model/trace'
import { computeSnapshotMetrics } from './metrics/snapshot-metrics'
import { bucketEnds, computeRunSeries, computeTraceSeries, downsample, findRunJumps, valueAt, type DenseSeries, type Series, type StepSeries } from './timeline'

const origin = { file: 't', format: 'test', partial: false, notes: [] }
const dense = (values: readonly number[]): DenseSeries => ({ kind: 'dense', events: values.length - 1, values: Float64Array.from(values) })

/** The same values as a series of steps. */
function steps(values: readonly number[]): StepSeries {
  const starts = values.map((_, event) => event).filter((event) => event === 0 || values[event] !== values[event - 1])
  return { kind: 'steps', events: values.length - 1, starts: Uint32Array.from(starts), values: Float64Array.from(starts, (event) => values[event]!) }
}

describe('computeRunSeries', () => {
  it('equals the metrics of a cut at every event', () => {
    const run = randomRun(11, 150)
    const series = computeRunSeries(run)
    const cutter = new SnapshotCutter(run)
    for (let event = 0; event <= run.events; event++) {
      const cut = computeSnapshotMetrics(cutter.cut(event))
      const values = [series.live!, series.consumed, series.footprint, series.reserved].map((one: Series) => valueAt(one, event))
      expect(values).toEqual([cut.M1_liveBytes, cut.M1_consumedBytes, cut.M2_footprintBytes, cut.M2_reservedBytes])
    }
  })

  it('takes four bytes a value until one does not fit', () => {
    const small = new RunSketch().row(0, 4e9, 1).finish(1)
    const large = new RunSketch().row(0, 4e9, 1).row(8e9, 4e9, 1).finish(1)
    expect(computeRunSeries(small).live!.values).toEqual(Uint32Array.of(0, 4e9))
    expect(computeRunSeries(large).live!.values).toEqual(Float64Array.of(0, 8e9))
  })
})

describe('computeTraceSeries', () => {
  it('follows allocations, reallocations and frees; orphan frees change nothing', () => {
    const builder = new TraceBuilder(origin)
    const first = builder.alloc(10)
    builder.alloc(5)
    builder.realloc(first, 30)
    builder.orphanFree()
    builder.free(first)
    const { live, liveBlocks } = computeTraceSeries(builder.finish(origin))
    expect([...live.values]).toEqual([0, 10, 15, 35, 35, 5])
    expect([...liveBlocks.values]).toEqual([0, 1, 2, 2, 2, 1])
  })
})

describe('downsample', () => {
  it('keeps the extremes and the last value of every bucket', () => {
    const values = [3, 9, 1, 4, 4, 4, 7, 2]
    const expected = { min: Float64Array.of(1, 2), max: Float64Array.of(9, 7), last: Float64Array.of(4, 2) }
    expect(downsample(dense(values), 0, 7, 2)).toEqual(expected)
    expect(downsample(steps(values), 0, 7, 2)).toEqual(expected)
    expect([...bucketEnds(0, 7, 2)]).toEqual([3, 7])
    expect([...bucketEnds(5, 7, 100)]).toEqual([5, 6, 7])
  })

  it('gives the same for steps as for single values, over any range', () => {
    const cases = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 60 }).chain((values) => fc.tuple(fc.constant(values), fc.nat(values.length - 1), fc.nat(values.length - 1), fc.integer({ min: 1, max: 70 })))
    fc.assert(
      fc.property(cases, ([values, a, b, points]) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)]
        const buckets = downsample(dense(values), from, to, points)
        expect(downsample(steps(values), from, to, points)).toEqual(buckets)
        let begin = from
        bucketEnds(from, to, points).forEach((end, i) => {
          const within = values.slice(begin, end + 1)
          expect([buckets.min[i], buckets.max[i], buckets.last[i]]).toEqual([Math.min(...within), Math.max(...within), values[end]])
          begin = end + 1
        })
        expect(begin).toBe(to + 1)
      }),
    )
  })

  it('refuses ranges outside the series', () => {
    for (const [from, to, points] of [[-1, 2, 5], [2, 1, 5], [0, 9, 5], [0, 2, 0]] as const) {
      expect(() => downsample(dense([1, 2, 3]), from, to, points)).toThrow(expect.objectContaining({ code: 'event-out-of-range' }))
    }
  })
})

describe('findRunJumps', () => {
  it('names the first peak of each kind', () => {
    const run = new RunSketch()
      .page(0, 0, 4096, RegionState.Committed)
      .page(3, 4096, 4096, RegionState.Committed)
      .page(5, 4096, 4096, RegionState.Free)
      .row(0, 100, 1, 4)
      .row(200, 300, 2, 3)
      .row(600, 300, 3, STILL_ALIVE)
    expect(findRunJumps(run.finish(6), computeRunSeries(run.finish(6)))).toEqual({ peakLive: 2, peakFootprint: 3, worstOverhead: 4, firstFailure: null })
    run.failure(6, 1e9)
    expect(findRunJumps(run.finish(6), computeRunSeries(run.finish(6))).firstFailure).toBe(6)
  })
})
