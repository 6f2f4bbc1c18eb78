import { expect, test } from 'vitest'
import { PLACED_REASONS } from '../../../model/placed-reasons'
import { heapDefinitions } from '../definitions'
import { reasonsOf } from './index'

const told = heapDefinitions.flatMap(({ id }) => reasonsOf(id)?.placed.slice(1) ?? []).map(({ id }) => id)

test('every way of placing that a manager tells is a value of the column, every value is told by one, and each once', () => {
  expect(new Set(told)).toEqual(new Set<string>(PLACED_REASONS))
  expect(new Set(PLACED_REASONS).size).toBe(PLACED_REASONS.length)
  expect(PLACED_REASONS.length).toBeLessThan(256)
})
