import { expect, it } from 'vitest'
import { formatDuration } from './duration'

it('tells durations in the units people use', () => {
  expect([0.2, 59, 60, 200, 3600, 7500].map(formatDuration)).toEqual(['1 s', '59 s', '1 min', '3 min 20 s', '1 h', '2 h 5 min'])
})
