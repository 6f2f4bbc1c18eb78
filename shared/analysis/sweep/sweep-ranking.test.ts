import { describe, expect, it } from 'vitest'
import { figuresOf } from '../compare/testing/drawn-figures'
import type { SweepResult } from './sweep-measure'
import { rankSweep } from './sweep-ranking'

describe('rankSweep', () => {
  const result = (input: string, variant: string, peak: number, wasted = 0, failed = 0): SweepResult => ({
    key: `${input}|${variant}`,
    input,
    settings: {},
    figures: figuresOf(variant, { values: { 'run.peakFootprintBytes': peak, 'run.meanWastedBytes': wasted, 'run.failedRequests': failed } }),
  })

  it('ranks what serves most first, then what needs least, and backs its advice with the numbers', () => {
    const ranking = rankSweep([result('x', 'first', 1000, 500), result('y', 'first', 3000, 500), result('x', 'best', 900, 300), result('y', 'best', 2700, 300), result('x', 'tight', 100, 1, 5), result('y', 'tight', 100, 1, 0)])
    expect(ranking.points.map(({ key, peakFootprintBytes, onFrontier }) => [key, peakFootprintBytes, onFrontier])).toEqual([
      ['best', 3600, true],
      ['first', 4000, false],
      ['tight', 200, true],
    ])
    expect(ranking.advice).toBe('best saves 400 bytes (10.0 %) of the peaks of first, 4,000 bytes → 3,600 bytes; no request fails; waste over time 1,000 bytes → 600 bytes.')
  })

  it('advises against a change that saves next to nothing', () => {
    expect(rankSweep([result('x', 'first', 1000), result('x', 'other', 995)]).advice).toBe('Stay with first: no other choice saves 1 % of its peaks, which sum to 1,000 bytes.')
  })

  it('leaves out what is not finished for every input', () => {
    expect(rankSweep([result('x', 'first', 1000), result('y', 'first', 1000), result('x', 'other', 1)]).points.map(({ key }) => key)).toEqual(['first'])
  })
})
