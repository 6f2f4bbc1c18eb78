import fc from 'fast-check'
import { expect, test } from 'vitest'
import { moveSeparator } from './split-sizes'

test('moving a separator takes from the neighbour first and never below its least size', () => {
  expect(moveSeparator([100, 200, 100], 1, 50, [50, 50, 50])).toEqual([150, 150, 100])
  expect(moveSeparator([100, 200, 100], 1, 190, [50, 50, 50])).toEqual([290, 50, 60])
  expect(moveSeparator([100, 200, 100], 2, -1000, [50, 50, 50])).toEqual([50, 50, 300])
})

test('the sum stays and no pane shrinks below its least size', () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 60, max: 900 }), { minLength: 2, maxLength: 5 }), fc.nat(), fc.integer({ min: -3000, max: 3000 }), (sizes, at, by) => {
    const moved = moveSeparator(sizes, 1 + (at % (sizes.length - 1)), by, sizes.map(() => 50))
    expect(moved.reduce((a, b) => a + b)).toBe(sizes.reduce((a, b) => a + b))
    expect(Math.min(...moved)).toBeGreaterThanOrEqual(50)
  }))
})
