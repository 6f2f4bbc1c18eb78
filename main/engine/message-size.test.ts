import { expect, test } from 'vitest'
import { blockChecks } from '../../shared/ipc/blocks-checks'
import { messageBytes } from '../../shared/ipc/message-size'

const MOST_CELLS = 800_000
const MOST_ROWS = 10_000
const of = { documentId: 'd1', event: null }
const base = 0x10000
const query = { sort: 'size', descending: true, filter: { where: 'size > 20' } } as const

test('the counter counts buffers, texts and members', () => {
  expect(messageBytes({ a: new Float64Array(10), b: ['xy', 1] })).toBe(8 + (1 + 80) + (1 + 8 + 4 + 8))
  expect(messageBytes(null)).toBe(8)
  const whole = new Uint8Array(1000)
  expect(messageBytes(whole.subarray(0, 10))).toBe(1000)
  expect(messageBytes([whole, whole.subarray(5)])).toBe(8 + 1000 + 8)
})

test('larger questions are refused', () => {
  expect(blockChecks.mapTile.safeParse({ ...of, bytesPerCell: 64, ranges: [{ address: base, cells: MOST_CELLS }] }).success).toBe(true)
  expect(blockChecks.mapTile.safeParse({ ...of, bytesPerCell: 64, ranges: [{ address: base, cells: MOST_CELLS }, { address: base, cells: 1 }] }).success).toBe(false)
  expect(blockChecks.blockPage.safeParse({ ...of, query, offset: 0, count: MOST_ROWS }).success).toBe(true)
  expect(blockChecks.blockPage.safeParse({ ...of, query, offset: 0, count: MOST_ROWS + 1 }).success).toBe(false)
  expect(blockChecks.blockGroups.safeParse({ ...of, filter: {}, by: 'page', order: null, offset: 0, count: MOST_ROWS + 1 }).success).toBe(false)
})
