import { expect, test } from 'vitest'
import { IdTable } from './id-table'

test('an id is in use from set to take, within the header and beyond it', () => {
  const table = new IdTable(10, 1000)
  for (const id of [0, 9, 10, 2 ** 40]) {
    expect(table.get(id)).toBe(-1)
    table.set(id, 7)
    expect(table.get(id)).toBe(7)
    table.set(id, 0)
    expect([table.take(id), table.take(id), table.get(id)]).toEqual([0, -1, -1])
  }
})

test('a header that promises more ids than the file can hold reserves nothing for them', () => {
  const table = new IdTable(0xfffffffe, 60)
  table.set(0xfffffffd, 3)
  expect([table.get(0xfffffffd), table.get(9), table.get(11)]).toEqual([3, -1, -1])
})
