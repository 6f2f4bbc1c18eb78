import { describe, expect, it } from 'vitest'
import { figuresOf, runsWith } from '../compare/testing/drawn-figures'
import type { RunFigures } from '../compare/run-figures'
import { DEFAULT_GATE_RULES, judgeGate, type GateBatch } from './gate'

const PEAK = 'run.peakFootprintBytes'
const MEBI = 1024 * 1024
const QUIET = [100, 101, 99, 102, 100.5, 98.5, 101.5, 99.5, 100.2, 100.8].map((mebibytes) => mebibytes * MEBI)
const GROWN = QUIET.map((value) => value * 1.08)

const batch = (a: readonly number[], b: readonly number[], figure = PEAK): GateBatch => ({ baseline: runsWith('a', figure, a), candidate: runsWith('b', figure, b) })
const replayed = (bytes: number): RunFigures[] => [figuresOf('one', { values: { [PEAK]: bytes }, traceHash: 'same' })]

describe('judgeGate', () => {
  it('passes what did not change', () => {
    expect(judgeGate(batch(QUIET, [...QUIET].reverse()), null)).toMatchObject({ verdict: 'pass', mode: 'sampled' })
  })

  it('fails only when a fresh batch sees the same growth', () => {
    const status = (confirmation: GateBatch | null): string[] => {
      const { verdict, figures } = judgeGate(batch(QUIET, GROWN), confirmation)
      return [verdict, figures[0]!.status]
    }
    expect(status(batch(QUIET, GROWN))).toEqual(['fail', 'regression'])
    expect(status(batch(QUIET, QUIET))).toEqual(['suspect', 'suspect'])
    expect(status(null)).toEqual(['suspect', 'suspect'])
    // The fresh batch grows in another figure.
    expect(status(batch(QUIET, GROWN, 'end.M11_pinnedFreeBytes'))[0]).toBe('suspect')
  })

  it('calls the mirror image an improvement', () => {
    expect(judgeGate(batch(GROWN, QUIET), null).verdict).toBe('improved')
  })

  it('judges one trace by thresholds, without statistics', () => {
    const replay = (b: number): string => judgeGate({ baseline: replayed(100 * MEBI), candidate: replayed(b) }, null).verdict
    expect([replay(100 * MEBI), replay(100.9 * MEBI), replay(101.1 * MEBI), replay(98 * MEBI)]).toEqual(['pass', 'pass', 'fail', 'improved'])
  })

  it('refuses runs too few to prove anything', () => {
    expect(() => judgeGate(batch(QUIET.slice(0, 5), GROWN.slice(0, 5)), null)).toThrow(/at least 6 runs per side for p < 0.01 over 3 figures, got 5 and 5/)
    expect(() => judgeGate(batch(QUIET, GROWN), batch(QUIET.slice(0, 3), GROWN.slice(0, 3)))).toThrow(/got 3 and 3/)
  })

  it('refuses a mode the runs do not fit', () => {
    expect(() => judgeGate(batch(QUIET, GROWN), null, { ...DEFAULT_GATE_RULES, mode: 'replay' })).toThrow(/different ones/)
    expect(() => judgeGate({ baseline: replayed(1), candidate: replayed(1) }, null, { ...DEFAULT_GATE_RULES, mode: 'sampled' })).toThrow(/nothing random/)
  })

  it('follows the rules of a figure', () => {
    const strict = { ...DEFAULT_GATE_RULES, overrides: { [PEAK]: { relative: 0.001, floor: 0 } } }
    const pair: GateBatch = { baseline: replayed(100 * MEBI), candidate: replayed(100.2 * MEBI) }
    expect([judgeGate(pair, null).verdict, judgeGate(pair, null, strict).verdict]).toEqual(['pass', 'fail'])
  })
})
