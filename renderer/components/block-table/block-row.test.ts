import { expect, test } from 'vitest'
import type { BlockColumn } from '../../../shared/analysis/block-columns'
import type { BlockPage } from '../../../shared/analysis/block-query'
import { RUN_COLUMNS } from './block-columns'
import { blockRowLine, blockRowTexts, blockRowValues } from './block-row'

/** One row. */
const pageOf = (values: Partial<Record<BlockColumn, number>>, sites: readonly string[] = []): BlockPage => ({
  total: 1, totalBytes: 64, offset: 0, address: Float64Array.of(0x10000), state: Uint8Array.of(0), sites,
  values: Object.fromEntries(Object.entries(values).map(([column, value]) => [column, Float64Array.of(value)])),
})
const BUSY = { address: 0x10000, requested: 4096, size: 4112, state: 0, segment: 1, birth: 640_112, pins: 1904.4, site: 0 }

test('a row as texts: exact sizes, em dash for what is unknown, nothing for a column that is on its way', () => {
  const page = pageOf(BUSY, ['read, <b>\tx'])
  expect(blockRowTexts(page, 0, RUN_COLUMNS)).toEqual({ address: "0x0000'0001'0000", requested: '4,096', size: '4,112', state: 'busy', segment: '1', birth: '640,112', pins: '1,904', site: 'read, <b>\tx' })
  expect(blockRowTexts(page, 0, ['age'])).toEqual({ age: '' })
  expect(blockRowTexts(pageOf({ requested: NaN, state: 1, birth: NaN, pins: NaN, site: NaN }), 0, ['requested', 'state', 'birth', 'pins', 'site'])).toEqual({ requested: '—', state: 'free', birth: '—', pins: '—', site: '—' })
  expect(blockRowLine(page, 0, RUN_COLUMNS)).toBe('0x10000\t4096\t4112\tbusy\t1\t640112\t1904\tread, <b> x')
  expect(blockRowValues(page, 0, RUN_COLUMNS)).toEqual(['0x10000', 4096, 4112, 'busy', 1, 640_112, 1904.4, 'read, <b>\tx'])
})

test('what the inside of a heap and the run tell stands under its names', () => {
  const shows = ['end', 'page', 'overhead', 'class', 'kind', 'why', 'heap', 'confidence', 'age', 'death', 'lifetime'] as const
  const page = pageOf({ end: 0x11010, page: 0x10000, overhead: 16, class: 5120, kind: 1, why: 0, heap: 0x20000, confidence: 2, age: 12_000, death: Infinity, lifetime: Infinity })
  expect(blockRowTexts(page, 0, shows)).toMatchObject({ end: "0x0000'0001'1010", overhead: '16', class: '5,120', kind: 'LFH slot', heap: '0x0002\'0000', confidence: 'uncertain', age: '12,000', death: 'never', lifetime: 'never' })
  expect(blockRowLine(page, 0, ['end', 'heap', 'age', 'death'])).toBe('0x11010\t0x20000\t12000\tnever')
  expect(blockRowValues(page, 0, ['end', 'heap', 'age', 'lifetime', 'kind'])).toEqual(['0x11010', '0x20000', 12_000, 'never', 'LFH slot'])
})
