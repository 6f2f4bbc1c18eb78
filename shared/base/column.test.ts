import { expect, it } from 'vitest'
import { CHUNK_LENGTH, Column } from './column'

it('keeps zeros once, however many there are', () => {
  const column = Column.zeros('u8', 3 * CHUNK_LENGTH + 7)
  expect(column.chunks.map((chunk) => chunk.length)).toEqual([CHUNK_LENGTH, CHUNK_LENGTH, CHUNK_LENGTH, 7])
  expect([column.length, column.at(0), column.at(3 * CHUNK_LENGTH + 6)]).toEqual([3 * CHUNK_LENGTH + 7, 0, 0])
  expect(column.byteLength).toBe(CHUNK_LENGTH)
  // Compared one by one, three million elements take half a minute.
  const whole = column.slice()
  expect([whole.length, whole.some((value) => value !== 0)]).toEqual([3 * CHUNK_LENGTH + 7, false])
  expect([Column.zeros('u32', 0).chunks, Column.zeros('u32', 5).byteLength]).toEqual([[], 20])
})
