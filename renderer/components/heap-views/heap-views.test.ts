// @vitest-environment happy-dom
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { beforeEach, expect, test } from 'vitest'
import { computed, nextTick, reactive, shallowRef, type Component } from 'vue'
import { keepFiltered, type BlockFilter } from '../../../shared/analysis/block-query'
import { BlockValues } from '../../../shared/analysis/block-values'
import { freeCurve } from '../../../shared/analysis/compare/free-curves'
import { RowView } from '../../../shared/analysis/dump/row-table'
import { freeLists } from '../../../shared/analysis/heap-charts/free-lists'
import { PageTable } from '../../../shared/analysis/heap-charts/page-strip'
import { sizeHistograms } from '../../../shared/analysis/heap-charts/size-histogram'
import { wasteTree } from '../../../shared/analysis/heap-charts/waste-tree'
import { quietJob } from '../../../shared/base/job-context'
import { drawHeap } from '../../../shared/model/testing/drawn-heap'
import { BlockKind, BlockState, type Snapshot } from '../../../shared/model/snapshot'
import type { MomentSession } from '../moment-session'
import type { ChartSource } from './chart-source'
import HeapView from './HeapView.vue'
import type { HeapViewId } from './heap-view-ids'

/* The pictures over a drawn heap, without a page: what keys keep, what readers hear, what is said when nothing is known. */
const { Busy, Free, Cached } = BlockState
const HEAP = drawHeap('[#][AA][....][BBBB][..][CC][c][..................]', { bytesPerCharacter: 512, headerBytes: 16 })
const view = reactive({ selectedAddress: null as number | null, filter: {} as BlockFilter, sort: 'address' as const, descending: false })
beforeEach(() => (view.filter = {}))

function sourceOf(snapshot: Snapshot, more: Partial<ChartSource> = {}): ChartSource {
  const mask = async (filter: BlockFilter) => (await keepFiltered(new BlockValues(snapshot), filter, undefined, quietJob)).mask
  return {
    hasKinds: false,
    sizes: async (filter) => sizeHistograms(snapshot, await mask(filter), quietJob),
    freeSpace: () => Promise.resolve(freeCurve(snapshot)),
    probe: () => Promise.resolve({ reason: 'nobody is there to ask' }),
    pages: async (filter, wish) => (await PageTable.make(snapshot, await mask(filter), quietJob)).strip(wish),
    waste: async (filter) => wasteTree(snapshot, await mask(filter), quietJob),
    survival: null,
    frontEnd: () => Promise.resolve({ buckets: [{ slotBytes: 1024, subSegments: 2, slots: 30, busy: 10, bytes: 32768 }, { slotBytes: 2048, subSegments: 1, slots: 15, busy: 15, bytes: 32768 }] }),
    freeLists: async (filter, { order, offset, count }) => new RowView(await freeLists(snapshot, await mask(filter), quietJob), order ?? undefined).page(offset, count),
    ...more,
  }
}

async function show(id: HeapViewId, source: ChartSource = sourceOf(HEAP)): Promise<VueWrapper> {
  const actions = { view, select: () => undefined, setFilter: (filter: BlockFilter) => (view.filter = filter) }
  const session = { name: computed(() => 'drawn'), actions, charts: shallowRef(source) } as unknown as MomentSession
  const shown = mount(HeapView as Component, { props: { view: id, session } }) as VueWrapper
  await flushPromises()
  return shown
}
async function press(shown: VueWrapper, ...keys: string[]): Promise<void> {
  for (const key of keys) {
    await shown.find('[aria-roledescription="chart"]').trigger('keydown', { key: key.replace('Shift+', ''), shiftKey: key.startsWith('Shift+') })
    await flushPromises()
    await nextTick()
  }
}
const said = (shown: VueWrapper): string => shown.find('[aria-live="polite"]').text()

test('sizes: Enter keeps a class, Shift and Right more, the bars tell what is kept, Escape lets go', async () => {
  const shown = await show('sizes')
  await press(shown, 'Home')
  expect(said(shown)).toContain('897 to 1,024 B')
  await press(shown, 'Enter')
  expect(view.filter).toEqual({ states: [Busy], where: 'requested in 897..1024' })
  await press(shown, 'Shift+ArrowRight', 'Shift+ArrowRight', 'Shift+ArrowRight', 'Shift+ArrowRight')
  expect(view.filter.where).toBe('requested in 897..2048')
  expect(shown.find('.for-readers').text()).toContain('The filter keeps 3 blocks')
  view.filter = { ...view.filter, where: `pins > 0 and ${view.filter.where}` }
  await flushPromises()
  await press(shown, 'Escape')
  expect(view.filter).toEqual({ where: 'pins > 0' })
})

test('sizes: other measures and single sizes', async () => {
  const shown = await show('sizes')
  await shown.find('[data-testid="size-measure"]').setValue('free')
  await shown.find('[data-testid="size-scale"]').setValue('exact')
  await press(shown, 'End')
  expect(said(shown)).toContain('9,216 B')
  await press(shown, 'Enter')
  expect(view.filter).toEqual({ states: [Free], minBytes: 9216, maxBytes: 9216 })
  await shown.find('.icon').trigger('click')
  expect(shown.findAll('tbody tr').map((row) => row.findAll('td').map((cell) => cell.text()))).toEqual([['1,024', '1', '1,024', '0', '0'], ['2,048', '1', '2,048', '0', '0'], ['9,216', '1', '9,216', '1', '9,216']])
})

test('free space: a request keeps the holes that can serve it', async () => {
  const shown = await show('space')
  expect(shown.find('.for-readers').text()).toContain('12,800 B free in 4 holes; the largest is 9,216 B')
  await press(shown, 'End', 'ArrowLeft', 'Enter')
  expect(said(shown)).toContain('Requests of 8 KiB')
  expect(view.filter).toEqual({ states: [Free, Cached], minBytes: 8192 })
  await press(shown, 'Escape')
  expect(view.filter).toEqual({})
})

test('pages: cells by keys, a range of them as addresses', async () => {
  const shown = await show('pages')
  await press(shown, 'Home')
  expect(said(shown)).toContain("0x0000'0001'0000")
  await press(shown, 'Enter', 'Shift+ArrowRight')
  expect(view.filter).toEqual({ fromAddress: 0x10000, toAddress: 0x12000 })
  await press(shown, 'Escape')
  expect(view.filter).toEqual({})
})

test('pages: bars keep blocks by how full the page is on which they begin', async () => {
  const shown = await show('pages')
  const bars = shown.find('[data-testid="page-bars-canvas"]')
  const key = async (name: string, shiftKey = false): Promise<void> => {
    await bars.trigger('keydown', { key: name, shiftKey })
    await flushPromises()
  }
  await key('End')
  await key('Enter')
  expect(view.filter).toEqual({ where: 'occupancy >= 100' })
  await key('ArrowLeft')
  await key('Enter')
  await key('ArrowRight', true)
  expect(view.filter).toEqual({ where: 'occupancy > 90' })
  await key('Escape')
  expect(view.filter).toEqual({})
})

test('pages: plus shows fewer of them around the cell the keys stand at, zero all', async () => {
  const many = drawHeap(`${'[AAAAAA][..]'.repeat(64)}`, { bytesPerCharacter: 512 })
  const wishes: { readonly first: number; readonly count: number }[] = []
  const source = sourceOf(many)
  const shown = await show('pages', { ...source, pages: (filter, wish, options) => (wishes.push({ first: wish.first, count: wish.count }), source.pages(filter, wish, options)) })
  await press(shown, 'End', '+')
  expect(wishes.at(-1)).toEqual({ first: 32, count: 32 })
  expect(shown.find('.notes').text()).toContain('pages 33 to 64 are shown')
  await press(shown, '0')
  expect(wishes.at(-1)!.first).toBe(0)
  expect(shown.find('.notes').text()).not.toContain('are shown')
})

test('waste: a rectangle keeps the blocks of its class', async () => {
  const shown = await show('waste')
  await press(shown, 'Home')
  while (said(shown).startsWith('the heap itself')) await press(shown, 'ArrowRight')
  await press(shown, 'Enter')
  expect(view.filter.where).toMatch(/^class in \d+\.\.\d+$/)
  expect([[Busy], [Cached]]).toContainEqual(view.filter.states)
  await press(shown, 'Escape')
  expect(view.filter).toEqual({})
})

test('buckets: by states where blocks tell no kinds, by kind where they do', async () => {
  const shown = await show('frontEnd')
  await press(shown, 'Home', 'Enter')
  expect(said(shown)).toContain('10 of 30 slots busy, 33.3 %')
  expect(view.filter).toEqual({ states: [Busy, Cached], minBytes: 1024, maxBytes: 1024 })
  view.filter = {}
  const walked = await show('frontEnd', sourceOf(HEAP, { hasKinds: true }))
  await press(walked, 'Home', 'Enter', 'Shift+ArrowRight')
  expect(view.filter).toEqual({ kinds: [BlockKind.LfhSlot], minBytes: 1024, maxBytes: 2048 })
})

test('what is not known says why; what fails can be asked again', async () => {
  expect((await show('survival')).text()).toContain('only a run tells how long blocks live')
  expect((await show('waste', sourceOf(HEAP, { waste: () => Promise.resolve({ reason: 'the source lists only busy blocks' }) }))).text()).toContain('Not available: the source lists only busy blocks.')
  let asked = 0
  const shown = await show('sizes', sourceOf(HEAP, { sizes: () => Promise.reject(Object.assign(new Error('no'), { asked: asked++ })) }))
  expect(shown.find('[role="alert"]').exists()).toBe(true)
  await shown.find('button').trigger('click')
  expect(asked).toBe(2)
})

test('the free lists say what they are and keep a row', async () => {
  const shown = await show('free')
  expect(shown.text()).toContain('cached ones are not among them')
  expect(shown.find('[role="grid"]').attributes('aria-rowcount')).toBe('4')
})
