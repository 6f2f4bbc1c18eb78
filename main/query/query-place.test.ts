import { expect, it } from 'vitest'
import { readQueryError } from './query-place'

it('finds line and column in what DuckDB draws', () => {
  const sql = 'SELECT a,\n b,\n nope FROM figures'
  const message = 'Binder Error: Referenced column "nope" not found in FROM clause!\nCandidate bindings: "a"\n\nLINE 3:  nope FROM figures\n         ^'
  expect(readQueryError(message, sql)).toEqual({ text: 'Binder Error: Referenced column "nope" not found in FROM clause!\nCandidate bindings: "a"', place: { line: 3, column: 2 } })
})

it('counts from the start of a long line of which only a part is shown', () => {
  const sql = `select a from figures where ${'a = 1 or '.repeat(20)}zzz = 3 and ${'a = 2 or '.repeat(20)}a = 1`
  const at = sql.indexOf('zzz')
  const shown = `...${sql.slice(at - 10, at + 30)}...`
  const message = `Binder Error: no zzz\n\nLINE 1: ${shown}\n${' '.repeat('LINE 1: '.length + 3 + 10)}^`
  // The part shown stands more than once in the line only when it is no longer than a repetition; this one holds zzz.
  expect(readQueryError(message, sql).place).toEqual({ line: 1, column: at + 1 })
})

it('leaves a message without a drawing as it is', () => {
  expect(readQueryError('Out of Memory Error', 'SELECT 1')).toEqual({ text: 'Out of Memory Error', place: null })
})
