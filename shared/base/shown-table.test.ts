import { describe, expect, test } from 'vitest'
import { csvFields } from './csv-fields'
import { tableCsv, tableCsvParts, tableJson, type ShownTable } from './shown-table'

const table: ShownTable = {
  title: 'Blocks',
  notes: ['At event 5'],
  columns: [{ key: 'site', label: 'Site' }, { key: 'bytes', label: 'Consumed', unit: 'bytes', definition: 'Bytes taken' }, { key: 'busy', label: 'Busy' }],
  rows: [['f(int, "x")', 4503599627370497, true], ['a\nb', null, false], ['', 0.1, null]],
}

describe('a table for other programs', () => {
  test('CSV: exact numbers, quotes doubled, not available empty', () => {
    expect(tableCsv(table)).toBe('Site,Consumed (bytes),Busy\r\n"f(int, ""x"")",4503599627370497,true\r\n"a\nb",,false\r\n,0.1,\r\n')
    expect(csvFields(tableCsv(table).split('\r\n')[1]!, ',')).toEqual(['f(int, "x")', '4503599627370497', 'true'])
  })

  test('JSON: every row an object by key, not available null', () => {
    const { rows, ...head } = JSON.parse(tableJson(table)) as Record<string, unknown>
    expect(head).toEqual({ format: 'heapscape-table', version: 1, title: 'Blocks', notes: ['At event 5'], columns: table.columns })
    expect(rows).toEqual([{ site: 'f(int, "x")', bytes: 4503599627370497, busy: true }, { site: 'a\nb', bytes: null, busy: false }, { site: '', bytes: 0.1, busy: null }])
  })

  test('numbers that are none are not available', () => {
    const odd = { ...table, columns: table.columns.slice(1, 2), rows: [[NaN], [Infinity]] }
    expect(tableCsv(odd)).toBe('Consumed (bytes)\r\n\r\n\r\n')
    expect((JSON.parse(tableJson(odd)) as { rows: unknown }).rows).toEqual([{ bytes: null }, { bytes: null }])
  })

  test('thousands of rows come in pieces that make up the whole', () => {
    const long = { ...table, columns: table.columns.slice(1, 2), rows: Array.from({ length: 4001 }, (_, i) => [i]) }
    expect([...tableCsvParts(long)]).toHaveLength(4)
    expect(tableCsv(long).split('\r\n')).toHaveLength(4003)
    expect((JSON.parse(tableJson(long)) as { rows: { bytes: number }[] }).rows.map(({ bytes }) => bytes)).toEqual(long.rows.map(([value]) => value))
  })

  test('a table without rows is whole', () => {
    const empty = { ...table, rows: [] }
    expect(tableCsv(empty)).toBe('Site,Consumed (bytes),Busy\r\n')
    expect((JSON.parse(tableJson(empty)) as { rows: unknown }).rows).toEqual([])
  })
})
