import { expect, test } from 'vitest'
import { restartDelayMs } from './restart-delay'

test('a single stop costs no wait, stops in a row cost ever more up to a ceiling', () => {
  const stops = [0, 1000, 3000, 7000, 15_000, 31_000, 59_000]
  const delays = stops.map((now, index) => restartDelayMs(stops.slice(0, index + 1), now))
  expect(delays).toEqual([0, 1000, 2000, 4000, 8000, 16_000, 30_000])
})

test('a stop long after the others counts as a single one', () => {
  expect(restartDelayMs([0, 10, 20, 100_000], 100_000)).toBe(0)
})
