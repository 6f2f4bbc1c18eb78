import { expect, test } from 'vitest'
import type { RowPage } from '../../../shared/analysis/dump/row-table'
import { exportRows } from './row-export'
import { addressColumn, countColumn, shareColumn, type RowSource, type RowSpec } from './row-spec'

const TOTAL = 5003
const spec: RowSpec = {
  id: 'free', label: 'Free sizes', emptyText: '',
  columns: [addressColumn('Address'), countColumn('size', 'Size', { hint: 'Bytes' }), shareColumn('part', 'Part'), { key: 'heap', label: 'Heap', leastPx: 1, grow: 0, text: (row, names) => names[row.number('heap')] ?? '—' }],
}

const source: RowSource = {
  page: (order, offset, count) => {
    const length = Math.min(count, TOTAL - offset)
    const fill = (value: (i: number) => number): Float64Array => Float64Array.from({ length }, (_, i) => value(offset + i))
    const page = { total: TOTAL, offset, numbers: { address: fill((i) => 0x10000 + 16 * (order?.descending === true ? TOTAL - 1 - i : i)), size: fill(() => 1234567), part: fill(() => 0.12345), heap: fill((i) => i % 2) }, texts: {} }
    return Promise.resolve(page as unknown as RowPage)
  },
}

test('every row of the list in its order, numbers in full where a text rounds them', async () => {
  const seen: number[] = []
  const table = await exportRows(source, { spec, order: { column: 'address', descending: true }, heapNames: ['main'] }, { signal: new AbortController().signal, onRows: (done) => seen.push(done) })
  expect(seen).toEqual([4000, 5003])
  expect(table.rows).toHaveLength(TOTAL)
  expect(table.rows[0]).toEqual([`0x${(0x10000 + 16 * (TOTAL - 1)).toString(16).toUpperCase()}`, 1234567, 0.12345, 'main'])
  expect(table.rows[1]![3]).toBeNull()
  expect(table.columns[1]).toEqual({ key: 'size', label: 'Size', definition: 'Bytes' })
})
