// @vitest-environment happy-dom
import { mount, type VueWrapper } from '@vue/test-utils'
import { beforeEach, describe, expect, test } from 'vitest'
import { nextTick } from 'vue'
import { NONE } from '../../shared/base/units'
import BigTable from './BigTable.vue'
import type { TableColumn } from './table-column'

const COLUMNS: readonly TableColumn<'address' | 'size'>[] = [
  { key: 'address', label: 'Address', leastPx: 100, grow: 0, sortable: true },
  { key: 'size', label: 'Size', leastPx: 80, grow: 1, align: 'right' },
]
const ROWS = 50_000_000
let table: VueWrapper
const emitted = (name: string): unknown[] => (table.emitted(name) ?? []).map((values) => values[0])
const press = (key: string, more: Record<string, unknown> = {}): Promise<void> => table.trigger('keydown', { key, ...more })

beforeEach(async () => {
  // happy-dom has no layout: the height is given as the browser would measure it.
  Object.defineProperty(HTMLElement.prototype, 'clientHeight', { configurable: true, get: () => 244 })
  table = mount(BigTable as never, {
    props: { label: 'Blocks', columns: COLUMNS, rows: ROWS, activeRow: NONE, sort: 'address', descending: false, rowAt: (row: number) => (row % 2 === 0 ? { address: `0x${row}`, size: '16' } : null) } as never,
    attachTo: document.body,
  })
  await nextTick()
})

describe('BigTable', () => {
  test('is a grid of all rows of which only the visible ones exist', () => {
    expect(table.attributes()).toMatchObject({ role: 'grid', 'aria-rowcount': String(ROWS + 1), 'aria-label': 'Blocks', tabindex: '0' })
    const rows = table.findAll('[role=row]')
    expect(rows).toHaveLength(11)
    expect(rows[1]!.attributes('aria-rowindex')).toBe('2')
    expect(table.emitted('visible')!.at(-1)).toEqual([0, 10])
  })

  test('a row on its way is a skeleton of the same height', () => {
    const rows = table.findAll('[role=row]')
    expect(rows[1]!.text()).toContain('0x0')
    expect(rows[2]!.attributes('aria-busy')).toBe('true')
    expect(rows[2]!.findAll('.skeleton')).toHaveLength(2)
  })

  test('keys move the active row and stop at the ends', async () => {
    await press('End')
    await press('Home')
    await table.setProps({ activeRow: 5 } as never)
    for (const key of ['ArrowDown', 'ArrowUp', 'PageDown', 'PageUp']) await press(key)
    expect(emitted('activate')).toEqual([ROWS - 1, 0, 6, 4, 14, 0])
    await table.setProps({ activeRow: ROWS - 1 } as never)
    await press('ArrowDown')
    expect(emitted('activate').at(-1)).toBe(ROWS - 1)
  })

  test('the active row is shown and named, wherever it is', async () => {
    await table.setProps({ activeRow: 31_234_567 } as never)
    await nextTick()
    await nextTick()
    const selected = table.find('[aria-selected=true]')
    expect(selected.attributes('aria-rowindex')).toBe('31234569')
    expect(table.attributes('aria-activedescendant')).toBe(selected.attributes('id'))
  })

  test('headers say and change the order', async () => {
    const [address, size] = table.findAll('[role=columnheader]')
    expect(address!.attributes('aria-sort')).toBe('ascending')
    expect(size!.attributes('aria-sort')).toBeUndefined()
    await address!.find('button').trigger('click')
    expect(emitted('sort')).toEqual(['address'])
  })

  test('Enter opens and Ctrl+C copies the active row; keys of header buttons stay theirs', async () => {
    await press('Enter')
    await table.setProps({ activeRow: 2 } as never)
    await press('Enter')
    await press('c', { ctrlKey: true })
    await table.find('button').trigger('keydown', { key: 'End' })
    expect([emitted('open'), emitted('copy'), emitted('activate')]).toEqual([[2], [2], []])
  })
})
