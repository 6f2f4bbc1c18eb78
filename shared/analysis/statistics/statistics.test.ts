import { describe, expect, it } from 'vitest'
import { bootstrapChange, median, medianInterval } from './intervals'
import { mannWhitney, normalTail, smallestAttainableP } from './rank-test'

describe('mannWhitney', () => {
  it('gives the published figures of the statpsych example (ties, so the normal approximation)', () => {
    const a = [36, 44, 47, 42, 49, 39, 46, 31, 33, 48]
    const b = [32, 39, 26, 35, 43, 27, 40, 37, 34, 29]
    const test = mannWhitney(a, b)
    expect(test.u).toBe(79.5)
    expect(test.u / 100).toBe(0.795)
    expect(test.delta).toBeCloseTo(0.59, 12)
    expect(test.exact).toBe(false)
    expect(test.pGreater).toBeCloseTo(0.01415, 5)
  })

  it('is exact for five against five without ties', () => {
    const test = mannWhitney([6, 7, 8, 9, 10], [1, 2, 3, 4, 5])
    expect(test).toMatchObject({ u: 25, exact: true, delta: 1 })
    expect(test.pGreater).toBeCloseTo(0.003968, 6)
    expect(test.pGreater).toBe(smallestAttainableP(5, 5))
  })

  it('agrees with enumeration of all orders for three against three', () => {
    const counts = new Map<number, number>()
    for (let mask = 0; mask < 64; mask++) {
      const a = [1, 2, 3, 4, 5, 6].filter((_, i) => (mask >> i) & 1)
      const b = [1, 2, 3, 4, 5, 6].filter((_, i) => !((mask >> i) & 1))
      if (a.length === 3) counts.set(mannWhitney(a, b).u, (counts.get(mannWhitney(a, b).u) ?? 0) + 1)
    }
    const tail = (u: number): number => [...counts].reduce((sum, [v, count]) => sum + (v >= u ? count : 0), 0) / 20
    expect(mannWhitney([1, 4, 6], [2, 3, 5]).pGreater).toBeCloseTo(tail(5), 12)
    expect(mannWhitney([2, 5, 6], [1, 3, 4]).pGreater).toBeCloseTo(tail(7), 12)
  })

  it('knows the smallest p that a number of runs can reach', () => {
    expect(smallestAttainableP(3, 3)).toBeCloseTo(0.05, 12)
    expect(smallestAttainableP(4, 4)).toBeCloseTo(0.0143, 4)
    expect(smallestAttainableP(6, 6)).toBeCloseTo(0.00108, 5)
    expect(smallestAttainableP(8, 8)).toBeCloseTo(7.8e-5, 6)
    expect(smallestAttainableP(10, 10)).toBeCloseTo(5.4e-6, 7)
  })

  it('has the normal tail of the tables', () => {
    expect(normalTail(0)).toBeCloseTo(0.5, 6)
    expect(normalTail(1.959964)).toBeCloseTo(0.025, 6)
    expect(normalTail(-1.644854)).toBeCloseTo(0.95, 6)
  })
})

describe('intervals', () => {
  const oneTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1)

  it('takes order statistics with known coverage', () => {
    expect(medianInterval(oneTo(6))).toMatchObject({ low: 1, high: 6 })
    expect(medianInterval(oneTo(6))!.coverage).toBeCloseTo(0.969, 3)
    expect(medianInterval(oneTo(10))).toMatchObject({ low: 2, high: 9 })
    expect(medianInterval(oneTo(10))!.coverage).toBeCloseTo(0.979, 3)
    expect(medianInterval(oneTo(20))).toMatchObject({ low: 6, high: 15 })
    expect(medianInterval(oneTo(20))!.coverage).toBeCloseTo(0.959, 3)
    expect(medianInterval(oneTo(5))).toBeNull()
  })

  it('bootstraps the change of medians reproducibly', () => {
    const x = [100, 101, 99, 102, 100.5, 98.5, 101.5, 99.5, 100.2, 100.8]
    const y = [105, 106, 104, 107, 105.5, 103.5, 106.5, 104.5, 105.2, 105.8]
    expect(median(y) / median(x) - 1).toBeCloseTo(0.0498, 4)
    const interval = bootstrapChange(x, y, { seed: 42 })
    expect(interval.low.toFixed(3)).toBe('0.037')
    expect(interval.high.toFixed(3)).toBe('0.062')
    expect(bootstrapChange(x, y, { seed: 42 })).toEqual(interval)
    expect(mannWhitney(y, x).delta).toBe(1)
  })
})
