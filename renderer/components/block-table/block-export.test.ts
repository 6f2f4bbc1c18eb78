import { expect, test } from 'vitest'
import type { BlockColumn } from '../../../shared/analysis/block-columns'
import type { BlockPage, BlockQuery } from '../../../shared/analysis/block-query'
import { exportBlocks } from './block-export'

const QUERY: BlockQuery = { sort: 'address', descending: false, filter: {} }
const SHOWS: readonly BlockColumn[] = ['address', 'requested', 'overhead', 'state', 'birth', 'death', 'pins', 'site']
const TOTAL = 10_001

function pageAt(offset: number, count: number): BlockPage {
  const length = Math.max(0, Math.min(count, TOTAL - offset))
  const fill = (value: (i: number) => number): Float64Array => Float64Array.from({ length }, (_, i) => value(offset + i))
  return {
    total: TOTAL, totalBytes: TOTAL * 64, offset, address: fill((i) => 0x10000 + i * 64), state: Uint8Array.from({ length }, (_, i) => ((offset + i) === 2 ? 1 : 0)), sites: [],
    values: {
      address: fill((i) => 0x10000 + i * 64), requested: fill((i) => (i === 1 || i === 2 ? NaN : 48)), overhead: fill((i) => (i === 1 || i === 2 ? NaN : 16)), state: fill((i) => (i === 2 ? 1 : 0)),
      birth: fill((i) => (i === 2 ? NaN : i)), death: fill((i) => (i === 2 ? NaN : i === 1 ? Infinity : i + 9)), pins: fill((i) => (i === 2 ? NaN : 12.25)), site: fill(() => NaN),
    },
  }
}

test('all rows of the query, page after page, with exact values', async () => {
  const asked: number[] = []
  const seen: [number, number][] = []
  const source = { page: async (_: BlockQuery, columns: readonly BlockColumn[], offset: number, count: number) => (asked.push(offset), expect(columns).toEqual(SHOWS), pageAt(offset, count)), rowOf: async () => ({ row: 0 }) }
  const table = await exportBlocks(source, QUERY, { title: 'Blocks', notes: [], shows: SHOWS },
    { signal: new AbortController().signal, onRows: (done, total) => seen.push([done, total]) })
  expect(asked).toEqual([0, 2000, 4000, 6000, 8000, 10_000])
  expect(seen.at(-1)).toEqual([TOTAL, TOTAL])
  expect(table.rows).toHaveLength(TOTAL)
  expect(table.rows.slice(0, 3)).toEqual([
    ['0x10000', 48, 16, 'busy', 0, 9, 12.25, null],
    ['0x10040', null, null, 'busy', 1, 'never', 12.25, null],
    ['0x10080', null, null, 'free', null, null, null, null],
  ])
  expect(table.columns.map(({ unit }) => unit)).toEqual([undefined, 'bytes', 'bytes', undefined, undefined, undefined, 'bytes', undefined])
})

test('what is cancelled stops', async () => {
  const source = { page: () => Promise.reject(new Error('stopped')), rowOf: async () => ({ row: 0 }) }
  await expect(exportBlocks(source, QUERY, { title: '', notes: [], shows: ['address'] }, { signal: new AbortController().signal, onRows: () => {} })).rejects.toThrow('stopped')
})
