// @vitest-environment happy-dom
import { mount } from '@vue/test-utils'
import { afterEach, describe, expect, test } from 'vitest'
import { nextTick } from 'vue'
import { HeapscapeError } from '../../../shared/base/errors'
import type { ShownTable } from '../../../shared/base/shown-table'
import type { ShownPicture } from '../../canvas/framed-picture'
import { testPalette as palette } from '../../canvas/testing/palette'
import SaveMenu from './SaveMenu.vue'
import { setFileSaver, suggestedFileName, type FileSaver } from './saving'

const table: ShownTable = { title: 'Blocks', notes: [], columns: [{ key: 'n', label: 'N' }], rows: [[1], [null]] }
const picture: ShownPicture = { size: { width: 100, height: 50, pixelRatio: 1 }, palette, ground: '#1b1f26', paint: (target) => target.fillRect(0, 0, 10, 10, '#ff0000') }

async function saveAs(form: string, props: Record<string, unknown>, save: FileSaver) {
  setFileSaver(save)
  const menu = mount(SaveMenu, { props: { title: 'Blocks of main', notes: ['At event 7'], ...props }, attachTo: document.body })
  await menu.find('[data-testid="save-menu"]').trigger('click')
  await menu.find(`[data-testid="save-${form}"]`).trigger('click')
  await new Promise((done) => setTimeout(done))
  await nextTick()
  return menu
}
const bytesInto = (files: Map<string, string>): FileSaver => async (name, parts) => {
  let text = ''
  for await (const bytes of parts()) text += new TextDecoder().decode(bytes)
  files.set(name, text)
  return name
}

afterEach(() => (document.body.innerHTML = ''))

describe('the menu that saves a view', () => {
  test('a table as CSV, and it says so', async () => {
    const files = new Map<string, string>()
    const menu = await saveAs('csv', { table: () => table }, bytesInto(files))
    expect(files.get('Blocks-of-main.csv')).toBe('N\r\n1\r\n\r\n')
    expect(menu.find('[role="status"]').text()).toBe('Saved Blocks-of-main.csv')
  })

  test('a picture as SVG with its title, notes and ground', async () => {
    const files = new Map<string, string>()
    await saveAs('svg', { picture: () => picture, description: 'One square.' }, bytesInto(files))
    const svg = files.get('Blocks-of-main.svg')!
    expect(svg).toContain('<title id="title">Blocks of main</title>')
    expect(svg).toContain('One square.')
    expect(svg).toContain('At event 7')
    expect(svg).toContain('fill="#ff0000"')
    expect(svg).toContain('fill="#1b1f26"')
  })

  test('only what the view has is offered', async () => {
    const menu = mount(SaveMenu, { props: { title: 'x', table: () => table } })
    expect(menu.findAll('[role="menuitem"]').map((item) => item.text())).toEqual(['Table as CSV…', 'Table as JSON…'])
  })

  test('a dismissed dialog is no message, a failure is one', async () => {
    const dismissed = await saveAs('json', { table: () => table }, async () => null)
    expect(dismissed.find('[role="status"]').text()).toBe('')
    const failed = await saveAs('json', { table: () => table }, () => Promise.reject(new HeapscapeError('file-unwritable', { detail: 'x.json: the disk is full', error: 'ENOSPC' })))
    expect(failed.find('[role="alert"]').text()).toContain('the disk is full')
  })

  test('arrows go round, Escape closes', async () => {
    const menu = mount(SaveMenu, { props: { title: 'x', table: () => table }, attachTo: document.body })
    await menu.find('[data-testid="save-menu"]').trigger('click')
    await nextTick()
    const focused = (): string => document.activeElement!.textContent
    expect(focused()).toBe('Table as CSV…')
    await menu.find('[role="menu"] button').trigger('keydown', { key: 'ArrowUp' })
    expect(focused()).toBe('Table as JSON…')
    await menu.find('[role="menu"] button').trigger('keydown', { key: 'Escape' })
    expect(document.activeElement).toBe(menu.find('[data-testid="save-menu"]').element)
  })
})

test('names of files have no characters that file systems refuse', () => {
  expect(suggestedFileName('Memory map: a/b\\c "x" <1>', 'png2')).toBe('Memory-map-a-b-c-x-1.png')
  expect(suggestedFileName('???', 'svg')).toBe('heapscape.svg')
})
