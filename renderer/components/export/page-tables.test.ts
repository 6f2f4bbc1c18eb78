// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import { readTable, shownValue } from './page-tables'

test('numbers, dashes and texts as they are shown', () => {
  expect(['1,234', '−528', '+4,096', '0.5', '12.3 %', '—', '', ' two  words ', '1,23', '0x10'].map(shownValue)).toEqual([1234, -528, 4096, 0.5, '12.3 %', null, null, 'two words', '1,23', '0x10'])
})

test('a table of the page with its headings, and where it stands', () => {
  document.body.innerHTML = `<section aria-label="Metrics of A and B"><div role="region" aria-label="Differences"><table>
    <thead><tr><th title="Requested bytes">Size</th><th>A</th><th></th></tr></thead>
    <tbody><tr><th scope="row"><i aria-hidden="true">X</i> up to 16</th><td>1,024</td><td>—</td></tr><tr><th>end</th></tr></tbody>
  </table></div></section>`
  expect(readTable(document.querySelector('table')!)).toEqual({
    title: 'Metrics of A and B, Differences',
    notes: [],
    columns: [{ key: 'c1_Size', label: 'Size', definition: 'Requested bytes' }, { key: 'c2_A', label: 'A' }, { key: 'c3_Column_3', label: 'Column 3' }],
    rows: [['up to 16', 1024, null], ['end', null, null]],
  })
})
