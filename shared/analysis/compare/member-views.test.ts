import { describe, expect, it } from 'vitest'
import { UNKNOWN_SIZE } from '../../base/units'
import { RegionState } from '../../model/region-table'
import { drawHeap } from '../../model/testing/drawn-heap'
import { randomRun, RunSketch } from '../../model/testing/run-sketch'
import { computeRunSeries } from '../timeline'
import { PROGRESS_POINTS } from './alignment'
import { survivalCurve } from './survival'
import { viewsOfRun, viewsOfSnapshot } from './member-views'

describe('views of a member', () => {
  it('of a run: series, lifetimes, and both moments', () => {
    const run = randomRun(11, 300)
    const views = viewsOfRun(run)
    const { footprint } = computeRunSeries(run)
    expect(views.byProgress!.footprint).toHaveLength(PROGRESS_POINTS)
    expect(views.byEvents!.footprint!.at(-1)).toBe(footprint.values.at(-1))
    expect(survivalCurve(views.survival!, 'blocks').censored).toBe(views.end.sizeClasses.busyBlocks.reduce((sum, blocks) => sum + blocks, 0))
  })

  it('of a run with unknown requests: no progress, ages in operations', () => {
    const run = new RunSketch().page(1, 0x10000, 4096, RegionState.Committed).row(0x10000, 64, 1, undefined, UNKNOWN_SIZE).finish(1)
    expect(viewsOfRun(run)).toMatchObject({ byProgress: null, survival: { unit: 'operations' } })
  })

  it('of a snapshot: only its moment', () => {
    const views = viewsOfSnapshot(drawHeap('[A][..][B]'))
    expect(views).toMatchObject({ byProgress: null, byEvents: null, survival: null, peak: { free: { freeBytes: 32 } } })
    expect(views.end).toBe(views.peak)
  })
})
