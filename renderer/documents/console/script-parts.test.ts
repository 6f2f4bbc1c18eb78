import { expect, test } from 'vitest'
import { MOST_SCRIPT_PART } from '../../../shared/ipc/workspace-api'
import { scriptParts } from './script-parts'

test('a script that fits is one part', () => {
  for (const text of ['', 'p = malloc(1)', 'a\n\nb\n', 'x'.repeat(MOST_SCRIPT_PART)]) expect(scriptParts(text)).toEqual([text])
})

test('a long script comes in parts that fit, cut between its lines', () => {
  const text = Array.from({ length: 90_000 }, (_, i) => `p${i} = HeapAlloc(heap, 0, ${i})`).join('\n')
  const parts = scriptParts(text)
  expect(parts.length).toBeGreaterThan(2)
  expect(Math.max(...parts.map(({ length }) => length))).toBeLessThanOrEqual(MOST_SCRIPT_PART)
  expect(parts.join('\n') === text).toBe(true)
})

test('a line longer than a part stays whole', () => {
  const long = 'x'.repeat(MOST_SCRIPT_PART + 5)
  expect(scriptParts(`a\n${long}\nb`).map(({ length }) => length)).toEqual([1, long.length, 1])
  expect(scriptParts(long)).toEqual([long])
})
