import { expect, test } from 'vitest'
import { readFilter } from '../../../../shared/analysis/filter/read-filter'
import { brushCondition, withBrush } from './brush-filter'

const RANGE = { from: 10, to: 20 }

test('conditions can be read', () => {
  expect(() => readFilter(brushCondition(RANGE, 'born'))).not.toThrow()
  expect(() => readFilter(brushCondition(RANGE, 'alive'))).not.toThrow()
})

test('another stretch takes the place of the one before, and leaves what else is asked', () => {
  expect(withBrush(undefined, RANGE, 'born')).toBe('birth >= 10 and birth <= 20')
  const both = withBrush('size > 4k or site ~ "a"', RANGE, 'born')
  expect(both).toBe('(size > 4k or site ~ "a") and birth >= 10 and birth <= 20')
  expect(withBrush(both, { from: 1, to: 2 }, 'alive')).toBe('(size > 4k or site ~ "a") and birth <= 2 and death > 1')
  expect(withBrush(withBrush(both, { from: 1, to: 2 }, 'alive'), RANGE, 'born')).toBe(both)
  expect(withBrush('(size > 1) or (size = 0)', RANGE, 'born')).toBe('((size > 1) or (size = 0)) and birth >= 10 and birth <= 20')
})
