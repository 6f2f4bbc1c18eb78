import { expect, test } from 'vitest'
import { BLOCK_COLUMNS } from '../../../shared/analysis/block-columns'
import type { ColumnReasons } from '../moment-session'
import { ALL_HEAPS_COLUMNS, BLOCK_TABLE_COLUMNS, columnsFor, DUMP_COLUMNS, EXPLAINED_COLUMNS, RUN_COLUMNS } from './block-columns'
import { columnChoices, toggledColumns } from './column-choices'

const reasons = (some: Partial<ColumnReasons>): ColumnReasons => ({ ...Object.fromEntries(BLOCK_COLUMNS.map((column) => [column, null])), ...some }) as ColumnReasons
const keysOf = (columns: readonly { readonly key: string }[]): string[] => columns.map(({ key }) => key)

test('every column the engine knows can be chosen, and the table begins with columns in the order of all', () => {
  expect(keysOf(BLOCK_TABLE_COLUMNS).sort()).toEqual([...BLOCK_COLUMNS].sort())
  for (const first of [RUN_COLUMNS, EXPLAINED_COLUMNS, DUMP_COLUMNS, ALL_HEAPS_COLUMNS]) expect(keysOf(columnsFor(first))).toEqual([...first])
})

test('a column is shown and hidden in its place, whatever the order it was chosen in', () => {
  const withAge = toggledColumns(BLOCK_TABLE_COLUMNS, ['address', 'site', 'size'], 'age')
  expect(withAge).toEqual(['address', 'size', 'age', 'site'])
  expect(toggledColumns(BLOCK_TABLE_COLUMNS, withAge, 'size')).toEqual(['address', 'age', 'site'])
  expect(keysOf(columnsFor(['site', 'age']))).toEqual(['address', 'age', 'site'])
})

test('what the source tells of no block says why and cannot be added, only taken away', () => {
  const choices = columnChoices(BLOCK_TABLE_COLUMNS, ['address', 'why'], reasons({ kind: 'No inside.', why: 'Not explained.' }), 'askable')
  const of = (key: string) => choices.find((choice) => choice.key === key)
  expect(of('address')).toMatchObject({ isShown: true, isFixed: true })
  expect(of('kind')).toMatchObject({ isShown: false, reason: 'No inside.', isFixed: true })
  expect(of('why')).toMatchObject({ isShown: true, reason: 'Explain the run first (w).', isFixed: false })
  expect(of('age')).toMatchObject({ isShown: false, reason: null, isFixed: false })
  expect(columnChoices(BLOCK_TABLE_COLUMNS, ['address'], null, 'none').filter(({ isFixed }) => isFixed).map(({ key }) => key)).toEqual(['address'])
})
