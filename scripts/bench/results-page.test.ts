import { expect, test } from 'vitest'
import { renewResults } from './results-page.mjs'

const HEAD = ['bench', 'median']
const all = renewResults('', { machine: 'two cores, load 1.', rows: [HEAD, ['parse/a', '10'], ['views/1 M open', '20'], ['parse/b', '30']], filter: '' })

test('without a filter only the new results stand', () => {
  expect(renewResults(all, { machine: 'four cores.', rows: [HEAD, ['parse/a', '11']], filter: '' })).toBe('Machine: four cores.\n\n| bench   | median |\n| ------- | ------ |\n| parse/a | 11     |')
})

test('with a filter its rows are renewed in place, new ones come below, others stay', () => {
  const renewed = renewResults(all, { machine: 'load 9.', rows: [HEAD, ['parse/a', '99'], ['views/1 M open', '21'], ['views/10 M open', '210'], ['floor', '1']], filter: 'views' })
  expect(renewed.split('\n')).toEqual([
    'Machine: two cores, load 1.', '', 'Rows with `views`: load 9.', '',
    '| bench           | median |', '| --------------- | ------ |',
    '| parse/a         | 10     |', '| views/1 M open  | 21     |', '| parse/b         | 30     |', '| views/10 M open | 210    |', '| floor           | 1      |',
  ])
})

test('a second time the same filter takes the place of the first', () => {
  const once = renewResults(all, { machine: 'load 9.', rows: [HEAD, ['views/1 M open', '21']], filter: 'views' })
  const twice = renewResults(once, { machine: 'load 3.', rows: [HEAD, ['views/1 M open', '19']], filter: 'views' })
  expect(twice).toBe(once.replace('load 9.', 'load 3.').replace('21 ', '19 '))
})
