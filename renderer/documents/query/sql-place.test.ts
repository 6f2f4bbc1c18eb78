import { expect, it } from 'vitest'
import { wordAt } from './sql-place'

it('selects the word an error is about', () => {
  const sql = 'SELECT heap,\n  nope\nFROM figures'
  const { from, to } = wordAt(sql, 2, 3)
  expect(sql.slice(from, to)).toBe('nope')
  expect(wordAt(sql, 1, 8)).toEqual({ from: 7, to: 11 })
})

it('stays inside the text, wherever the error says it is', () => {
  expect(wordAt('SELECT', 1, 40)).toEqual({ from: 6, to: 6 })
  expect(wordAt('SELECT', 9, 1).to).toBeLessThanOrEqual(7)
  expect(wordAt('a + "b c" x', 1, 5)).toEqual({ from: 4, to: 9 })
})
