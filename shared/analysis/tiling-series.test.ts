import { describe, expect, it } from 'vitest'
import { cancelledAfter, quietJob } from '../base/job-context'
import { STILL_ALIVE } from '../base/units'
import { RegionState } from '../model/region-table'
import { Occupant, type Run } from '../model/run'
import { snapshotAt } from '../model/snapshot-at'
import { RunSketch, randomRun } from '../model/testing/run-sketch'
import fc from 'fast-check'
import { tilingSplit } from './metrics/tiling-split'
import { computeTilingSeries, TILING_LAYERS, tilingPage, type TilingSeries } from './tiling-series'

const splitAt = (series: TilingSeries, sample: number): Record<string, number> => Object.fromEntries(TILING_LAYERS.map((name) => [name, series.layers[name][sample]!]))

function expectedAt(run: Run, event: number): Record<string, number> {
  const split = tilingSplit(snapshotAt(run, event))
  return Object.fromEntries(TILING_LAYERS.map((name) => [name, split[name]]))
}

/** Two pages, one byte range of a third; blocks come, straddle pages, go; memory is given back and taken again. */
const DRAWN = new RunSketch()
  .page(0, 0x10000, 0x10000, RegionState.Reserved)
  .page(0, 0x10000, 0x2000, RegionState.Committed)
  .row(0x10000, 64, 0, STILL_ALIVE, 0, Occupant.Internal)
  .row(0x10040, 128, 1, 3, 100)
  .row(0x10f80, 256, 2, 5, 200)
  .page(3, 0x12000, 0x800, RegionState.Committed)
  .row(0x12100, 64, 4, 6, 48)
  .row(0x11200, 64, 4, 7, 0, Occupant.Cached)
  .page(6, 0x12000, 0x800, RegionState.Reserved)
  .page(8, 0x11000, 0x1000, RegionState.Reserved)
  .finish(8)

describe('the tiling over a run', () => {
  it('is that of the cut, after every event', async () => {
    const series = await computeTilingSeries(DRAWN, quietJob)
    expect([series.stride, series.samples, series.knowsRequests]).toEqual([1, 9, true])
    for (let event = 0; event <= 8; event++) expect(splitAt(series, event), `event ${event}`).toEqual(expectedAt(DRAWN, event))
    expect(series.layers.pinnedFree[2]).toBeGreaterThan(0)
  })

  it('is that of the cut for random runs, also where only some events are kept', async () => {
    await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 2 ** 31 - 1 }), fc.constantFrom(1e9, 7, 3, 1), async (seed, most) => {
      const run = randomRun(seed, 60)
      const series = await computeTilingSeries(run, quietJob, most)
      expect(series.samples).toBeLessThanOrEqual(Math.min(most, run.events) + 1)
      for (let sample = 0; sample < series.samples; sample++) {
        expect(splitAt(series, sample)).toEqual(expectedAt(run, Math.min(sample * series.stride, run.events)))
      }
    }), { numRuns: 10 })
  })

  it('lets itself be cancelled', async () => {
    await expect(computeTilingSeries(DRAWN, cancelledAfter(0))).rejects.toMatchObject({ code: 'cancelled' })
  })
})

describe('a stretch of it', () => {
  it('shows of each part the event with most committed bytes, so that no peak is lost', async () => {
    const series = await computeTilingSeries(DRAWN, quietJob)
    const page = tilingPage(series, 0, 8, 2)
    expect([...page.events]).toEqual([3, 5])
    expect(page.layers.live[1]).toBe(series.layers.live[5])
    expect([...tilingPage(series, 2, 4, 100).events]).toEqual([2, 3, 4])
    expect([...tilingPage(series, 8, 8, 1).events]).toEqual([8])
  })

  it('begins with the sample before it, and refuses what lies outside', async () => {
    const series = await computeTilingSeries(DRAWN, quietJob, 3)
    expect(series.stride).toBe(3)
    expect([...tilingPage(series, 4, 7, 100).events]).toEqual([3, 6])
    expect([...tilingPage(series, 4, 8, 100).events]).toEqual([3, 6, 8])
    expect(() => tilingPage(series, 4, 9, 10)).toThrow('outside the run')
  })
})
