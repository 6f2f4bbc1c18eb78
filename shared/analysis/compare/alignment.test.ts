import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UNKNOWN_SIZE } from '../../base/units'
import { Run } from '../../model/run'
import { RegionState } from '../../model/region-table'
import { randomRun, RunSketch } from '../../model/testing/run-sketch'
import { alignLabels, alignRuns, anchorEvents, PROGRESS_POINTS, progressEvents } from './alignment'

/** One block of each size, born one after another. */
function births(...sizes: readonly number[]): Run {
  const sketch = new RunSketch().page(1, 0x10000, 65536, RegionState.Committed)
  sizes.forEach((size, i) => sketch.row(0x10000 + i * 4096, 4096, i + 1, undefined, size))
  return sketch.finish(sizes.length)
}

const ofTrace = (run: Run, traceHash: string): Run => new Run({ ...run, source: { ...run.source, traceHash } })

describe('alignRuns', () => {
  it('pairs event with event for runs of one trace, and only for these', () => {
    const run = ofTrace(births(1, 2, 3), 'abc')
    expect([...alignRuns([run, run], 'operations').events[1]!]).toEqual([0, 1, 2, 3])
    expect(() => alignRuns([run, ofTrace(births(1), 'def')], 'operations')).toThrow(/only runs of one trace/)
  })

  it('carries the last value forward between the points of progress', () => {
    const events = progressEvents(births(10, 30, 60))
    expect(events).toHaveLength(PROGRESS_POINTS)
    expect([events[0], events[9], events[10], events[39], events[40], events[99], events[100]]).toEqual([0, 0, 1, 1, 2, 2, 3])
  })

  it('does not notice how many events the same work took', () => {
    const [fast, slow] = [births(100, 100), births(50, 50, 50, 50)]
    const { events } = alignRuns([fast, slow], 'progress')
    expect([events[0]![50], events[1]![50]]).toEqual([1, 2])
  })

  it('cannot tell progress from unknown requests', () => {
    expect(() => alignRuns([births(10, UNKNOWN_SIZE)], 'progress')).toThrow(/unknown/)
  })

  it('anchors at both peaks and the end', () => {
    const run = new RunSketch()
      .page(1, 0x10000, 4096, RegionState.Committed)
      .page(3, 0x20000, 8192, RegionState.Committed)
      .page(4, 0x20000, 8192, RegionState.Free)
      .row(0x10000, 4096, 1, 2)
      .row(0x20000, 64, 3)
      .finish(5)
    expect(anchorEvents(run)).toEqual([1, 3, 5])
    expect(alignRuns([run], 'anchors').names).toEqual(['peak live', 'peak footprint', 'end'])
  })

  it('never goes backwards', () => {
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom('progress' as const, 'time' as const), (seed, mode) => {
        const run = randomRun(seed, 200)
        const [events] = alignRuns([run], mode).events
        for (let i = 1; i < events!.length; i++) expect(events![i]!).toBeGreaterThanOrEqual(events![i - 1]!)
        expect(events!.at(-1)).toBeLessThanOrEqual(run.events)
      }),
      { numRuns: 50 },
    )
  })
})

describe('alignLabels', () => {
  it('pairs the k-th with the k-th and lists what has no partner', () => {
    expect(alignLabels(['load', 'frame', 'frame', 'frame'], ['frame', 'load', 'frame', 'exit'])).toEqual({
      pairs: [
        { label: 'load', occurrence: 0, a: 0, b: 1 },
        { label: 'frame', occurrence: 0, a: 1, b: 0 },
        { label: 'frame', occurrence: 1, a: 2, b: 2 },
      ],
      onlyA: ['frame #3'],
      onlyB: ['exit'],
    })
  })
})
