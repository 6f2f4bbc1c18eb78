import { describe, expect, it } from 'vitest'
import { minimalDetectableChange } from './detectable-change'
import { effectLabel } from './effect-size'
import { holmAdjusted } from './holm'
import { samplingError, simulateCell, TABLE_ROWS } from './testing/trigger-table'
import { canReach, judgeBatch, leastRuns, SAMPLED_RULE, type TriggerRule } from './trigger-rule'

/** Normal quantiles: a sample without luck. */
const spread = (count: number, sigma: number): number[] => Array.from({ length: count }, (_, i) => 1e9 * (1 + sigma * quantile((i + 0.5) / count)))

/** Inverse normal by bisection of the error function's series; enough for test data. */
function quantile(p: number): number {
  let [low, high] = [-6, 6]
  for (let i = 0; i < 60; i++) {
    const z = (low + high) / 2
    let term = z
    let sum = z
    for (let k = 1; k < 200; k++) sum += (term *= (-z * z * (2 * k - 1)) / (2 * k * (2 * k + 1)))
    if (0.5 + sum / Math.sqrt(2 * Math.PI) < p) low = z
    else high = z
  }
  return (low + high) / 2
}

describe('holmAdjusted', () => {
  it('multiplies step by step and never falls', () => {
    expect(holmAdjusted([0.01, 0.04, 0.03])).toEqual([0.03, 0.06, 0.06])
    expect(holmAdjusted([0.5, 0.9])).toEqual([1, 1])
    expect(holmAdjusted([])).toEqual([])
  })
})

describe('judgeBatch', () => {
  const baseline = [100, 101, 99, 102, 100.5, 98.5, 101.5, 99.5, 100.2, 100.8]
  const candidate = [105, 106, 104, 107, 105.5, 103.5, 106.5, 104.5, 105.2, 105.8]
  const rule: TriggerRule = { ...SAMPLED_RULE, floor: 1 }

  it('triggers on the worked example in both directions', () => {
    const [up] = judgeBatch([{ baseline, candidate }], [rule])
    expect(up).toMatchObject({ triggered: true, direction: 'up', delta: 1 })
    expect(up!.change).toBeCloseTo(0.0498, 4)
    expect(judgeBatch([{ baseline: candidate, candidate: baseline }], [rule])[0]).toMatchObject({ triggered: true, direction: 'down', delta: -1 })
  })

  it('needs every condition', () => {
    const triggered = (change: Partial<TriggerRule>): boolean => judgeBatch([{ baseline, candidate }], [{ ...rule, ...change }])[0]!.triggered
    expect(triggered({ relative: 0.06 })).toBe(false)
    expect(triggered({ floor: 6 })).toBe(false)
    expect(triggered({ alpha: 1e-6 })).toBe(false)
    expect(triggered({ delta: 1.01 })).toBe(false)
    expect(judgeBatch([{ baseline, candidate: baseline }], [rule])[0]).toMatchObject({ triggered: false, direction: 'none', change: 0 })
  })

  it('judges growth from nothing by the floor, without a ratio', () => {
    const zeros = new Array<number>(10).fill(0)
    expect(judgeBatch([{ baseline: zeros, candidate }], [rule])[0]).toMatchObject({ change: null, triggered: true })
    expect(judgeBatch([{ baseline: zeros, candidate: zeros }], [rule])[0]).toMatchObject({ change: null, triggered: false, p: expect.closeTo(1, 6) as number })
  })

  it('adjusts p over the metrics judged together', () => {
    const five = { baseline: baseline.slice(0, 5), candidate: candidate.slice(0, 5) }
    expect(judgeBatch([five], [rule])[0]!.triggered).toBe(true)
    expect(judgeBatch([five, five, five], [rule, rule, rule]).map(({ triggered }) => triggered)).toEqual([false, false, false])
  })

  it('knows how many runs can reach significance', () => {
    expect(leastRuns(0.01, 3)).toBe(6)
    expect(canReach(6, 6, 0.01, 3)).toBe(true)
    expect(canReach(5, 5, 0.01, 3)).toBe(false)
    expect(canReach(0, 9, 0.01, 3)).toBe(false)
  })
})

describe('minimalDetectableChange', () => {
  const options = { baselineRuns: 10, candidateRuns: 10, metrics: 1 }
  const at = (sigma: number): number => minimalDetectableChange(spread(40, sigma), SAMPLED_RULE, options)!

  it('is where the published table puts it: 3 to 5 % at 2 % noise, just under 10 % at 5 %', () => {
    expect(at(0.02)).toBeGreaterThan(0.03)
    expect(at(0.02)).toBeLessThan(0.05)
    expect(at(0.05)).toBeGreaterThan(0.08)
    expect(at(0.05)).toBeLessThan(0.1)
  })

  it('is the threshold itself without noise, the same for the same seed, and null where nothing can be seen', () => {
    expect(minimalDetectableChange([1e9, 1e9, 1e9], SAMPLED_RULE, options)).toBeCloseTo(0.03, 2)
    expect(at(0.05)).toBe(at(0.05))
    expect(minimalDetectableChange([0, 0, 0], SAMPLED_RULE, options)).toBeNull()
    expect(minimalDetectableChange([1000, 1010], SAMPLED_RULE, options)).toBeNull()
  })
})

it('puts effects into words', () => {
  expect([0, 0.147, -0.33, 0.474, -1].map(effectLabel)).toEqual(['negligible', 'small', 'medium', 'large', 'large'])
})

describe.each(TABLE_ROWS)('published table, $noise $sigma, n = $runs (400 trials a cell)', (row) => {
  it.each([0, 5, 10] as const)('at +%d percent', (change) => {
    const shares = simulateCell(row, change, 400, 1 + change)
    shares.forEach((share, i) => expect(Math.abs(share - row.cells[change][i]!)).toBeLessThanOrEqual(samplingError(row.cells[change][i]!, 400)))
  })
})
