import { expect, test } from 'vitest'
import { BLOCK_GROUPINGS } from '../../../shared/analysis/block-columns'
import { UNKNOWN_GROUP } from '../../../shared/analysis/block-groups'
import { readFilter } from '../../../shared/analysis/filter/read-filter'
import type { RowValues } from '../row-list/row-spec'
import { blocksText, exportGroups, groupsText } from './copy-table'
import { filterWithGroup, groupSpec } from './group-rows'

const row = (key: number, name = ''): RowValues => ({ number: (column) => (column === 'key' ? key : 1234), text: () => name })

test('a group narrows the filter that holds', () => {
  expect(filterWithGroup(undefined, 'class', row(64))).toBe('class = 64')
  expect(filterWithGroup('size > 4', 'site', row(3, 'say "hi"'))).toBe('size > 4 and site = "say \\"hi\\""')
  expect(filterWithGroup('size > 4 or state = free', 'age', row(8))).toBe('(size > 4 or state = free) and age in 8..15')
  expect(filterWithGroup('', 'state', row(1, 'free'))).toBe('state = free')
  expect(filterWithGroup('', 'page', row(0x12000))).toBe('page = 0x12000')
  expect(filterWithGroup('', 'kind', row(UNKNOWN_GROUP))).toBe('kind is unknown')
  for (const by of BLOCK_GROUPINGS) expect(readFilter(filterWithGroup('', by, row(1, 'x')))).toBeDefined()
})

test('groups are written as people read them', () => {
  const text = (by: Parameters<typeof groupSpec>[0], key: number, name: string): string => groupSpec(by).columns[0]!.text(row(key, name), [])
  expect(text('class', 5120, '4097..5120')).toBe('4,097 to 5,120')
  expect(text('page', 0x12000, '')).toBe("0x0000'0001'2000")
  expect(text('site', 3, 'read')).toBe('read')
  expect(text('age', UNKNOWN_GROUP, 'unknown')).toBe('—')
})

test('copies what is shown, under its heads, with plain numbers', async () => {
  const page = { total: 30_000, totalBytes: 1, offset: 0, address: Float64Array.of(0x10000), state: Uint8Array.of(0), sites: ['read'], values: { address: Float64Array.of(0x10000), size: Float64Array.of(4112), site: Float64Array.of(0) } }
  const groups = { total: 1, offset: 0, numbers: Object.fromEntries(['key', 'blocks', 'bytes', 'busy', 'requested', 'free', 'pins'].map((name) => [name, Float64Array.of(1024)])), texts: { name: ['897..1024'] } }
  const source = { page: () => Promise.resolve(page), groups: () => Promise.resolve(groups) } as unknown as Parameters<typeof blocksText>[0]
  const query = { sort: 'address', descending: false, filter: {} } as const
  expect(await blocksText(source, query, ['address', 'size', 'site'])).toEqual({ text: 'address\tsize\tsite\n0x10000\t4112\tread\n', rows: 1, total: 30_000 })
  const whole = await exportGroups(source, { filter: {}, by: 'class', order: null }, { title: 'T', notes: [], spec: groupSpec('class') }, { signal: new AbortController().signal, onRows: () => undefined })
  expect(whole.rows).toEqual([['897..1024', 1024, 1024, 1024, 1024, 1024, 1024]])
  expect(whole.columns.map(({ key, unit }) => [key, unit])).toContainEqual(['bytes', 'bytes'])
  expect((await groupsText(source, { filter: {}, by: 'class', order: null }, groupSpec('class'))).text.split('\n')[1]).toBe('897 to 1024\t1024\t1024\t1024\t1024\t1024\t1024')
})
