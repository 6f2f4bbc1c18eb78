import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UNKNOWN_SIZE } from '../../base/units'
import { RegionState } from '../../model/region-table'
import { RunSketch } from '../../model/testing/run-sketch'
import { bandOf, quantileOf, readSeries, seriesByEvents, seriesByProgress } from './aligned-series'

const sketch = (): RunSketch => new RunSketch().page(1, 0x10000, 4096, RegionState.Committed).page(3, 0x11000, 4096, RegionState.Committed)

describe('series on one axis', () => {
  it('carries the last value forward and reads every line at the same events', () => {
    const run = sketch().row(0x10000, 100, 1, 4, 60).row(0x11000, 100, 3, undefined, 40).finish(4)
    expect(readSeries(run, Float64Array.of(0, 1, 2, 3, 4))).toEqual({
      live: Float64Array.of(0, 60, 60, 100, 40),
      footprint: Float64Array.of(0, 4096, 4096, 8192, 8192),
      reserved: Float64Array.of(0, 4096, 4096, 8192, 8192),
      wasted: Float64Array.of(0, 4036, 4036, 8092, 8152),
    })
    const byProgress = seriesByProgress(run)
    expect([0, 59, 60, 99, 100].map((point) => byProgress.live![point])).toEqual([0, 0, 60, 60, 40])
    expect([0, 25, 50, 100].map((point) => seriesByEvents(run).live![point])).toEqual([0, 60, 60, 40])
  })

  it('tells no live bytes where requests are unknown, and wastes against what is consumed', () => {
    const run = sketch().row(0x10000, 100, 1, undefined, UNKNOWN_SIZE).finish(1)
    expect(readSeries(run, Float64Array.of(1))).toMatchObject({ live: null, wasted: Float64Array.of(3996) })
    expect(() => seriesByProgress(run)).toThrow(/unknown/)
  })
})

describe('band', () => {
  it('has the quartiles of R type 7', () => {
    const band = bandOf([1, 2, 3, 4].map((value) => Float64Array.of(value, 10 * value)))!
    expect(band).toMatchObject({ median: Float64Array.of(2.5, 25), low: Float64Array.of(1.75, 17.5), high: Float64Array.of(3.25, 32.5) })
    expect(bandOf([])).toBeNull()
    expect(bandOf([Float64Array.of(7)])).toMatchObject({ median: Float64Array.of(7), low: Float64Array.of(7), high: Float64Array.of(7) })
  })

  it('lies around the median, between the extremes, whatever the order of the members', () => {
    fc.assert(fc.property(fc.array(fc.double({ noNaN: true, min: -1e12, max: 1e12 }), { minLength: 1, maxLength: 30 }), (values) => {
      const band = bandOf(values.map((value) => Float64Array.of(value)))!
      const turned = bandOf([...values].reverse().map((value) => Float64Array.of(value)))!
      expect(band.median).toEqual(turned.median)
      expect(band.low[0]).toBeLessThanOrEqual(band.median[0]!)
      expect(band.high[0]).toBeGreaterThanOrEqual(band.median[0]!)
      expect(band.low[0]).toBeGreaterThanOrEqual(Math.min(...values))
      expect(band.high[0]).toBeLessThanOrEqual(Math.max(...values))
    }), { numRuns: 200 })
  })

  it('answers the ends with the extremes', () => {
    const sorted = Float64Array.of(1, 5, 9)
    expect([quantileOf(sorted, 0), quantileOf(sorted, 1), quantileOf(sorted, 0.75)]).toEqual([1, 9, 7])
  })
})
