import { expect, test } from 'vitest'
import { growthPercent } from './window-growth'

test('growth goes from the rounds after the first to the last ones, whatever a single round reads', () => {
  expect(growthPercent([900, 100, 100, 100, 100, 100, 100, 500, 100, 100])).toBe(0)
  expect(growthPercent([100, 100, 110, 120, 130, 140, 150, 160, 170, 180])).toBeCloseTo(100 * (170 / 110 - 1))
  expect(growthPercent([100, 200, 200, 200, 200, 100, 100, 100])).toBe(-50)
  expect(() => growthPercent([1, 2, 3, 4, 5, 6])).toThrow(/at least 7 rounds, got 6/)
})
