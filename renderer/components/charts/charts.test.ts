// @vitest-environment happy-dom
import { mount, type VueWrapper } from '@vue/test-utils'
import { describe, expect, test } from 'vitest'
import { nextTick, type Component } from 'vue'
import { alignedTiles, alignLanes, type LaneRange } from '../../../shared/analysis/compare/aligned-maps'
import { freeCurve } from '../../../shared/analysis/compare/free-curves'
import { pairSizeClasses } from '../../../shared/analysis/compare/size-class-pairs'
import { survivalCurve, tallySurvival } from '../../../shared/analysis/compare/survival'
import { computeSizeClasses } from '../../../shared/analysis/metrics/size-classes'
import { drawHeap } from '../../../shared/model/testing/drawn-heap'
import { randomRun } from '../../../shared/model/testing/run-sketch'
import AlignedMaps from './aligned-maps/AlignedMaps.vue'
import BandTimeline from './band-timeline/BandTimeline.vue'
import DotPlot from './dot-plot/DotPlot.vue'
import SizeClassPairs from './size-class-pairs/SizeClassPairs.vue'
import SizeCurves from './size-curves/SizeCurves.vue'
import SurvivalCurves from './survival-curves/SurvivalCurves.vue'
import WaterfallChart from './waterfall/WaterfallChart.vue'

/* The charts without a page: what keys choose, what readers hear, and that table and picture hold the same. */
const A = { letter: 'A', name: 'before', mark: 0 }
const B = { letter: 'B', name: 'after', mark: 1 }

const chartOf = (component: Component, props: Record<string, unknown>): VueWrapper => mount(component, { props }) as VueWrapper
const canvasOf = (chart: VueWrapper) => chart.find('[aria-roledescription="chart"]')
async function press(chart: VueWrapper, ...keys: string[]): Promise<void> {
  for (const key of keys) await canvasOf(chart).trigger('keydown', { key: key.replace('Shift+', ''), shiftKey: key.startsWith('Shift+') })
}
const said = (chart: VueWrapper): string => chart.find('[aria-live="polite"]').text()
async function tableOf(chart: VueWrapper): Promise<string[][]> {
  await chart.find('.icon').trigger('click')
  return chart.findAll('tbody tr').map((row) => row.findAll('td').map((cell) => cell.text()))
}

describe('waterfall', () => {
  const props = { title: 'Footprint', steps: [{ key: 'live', label: 'Live', bytes: 400, a: 3600, b: 4000 }, { key: 'pinned', label: 'Pinned', bytes: -100, a: 300, b: 200 }], totals: { fromLabel: 'A', from: 8192, toLabel: 'B', to: 8492 } }

  test('keys go through the rows and choose steps, not totals', async () => {
    const chart = chartOf(WaterfallChart, props)
    await press(chart, 'ArrowDown', 'ArrowDown')
    expect(said(chart)).toBe('Live +400 B, A 3,600 B, B 4,000 B, 133.3 % of the change')
    await press(chart, 'Enter', 'End', 'Enter')
    expect(chart.emitted('update:selected')).toEqual([['live'], [null]])
  })

  test('Escape lets go of what is chosen', async () => {
    const chart = chartOf(WaterfallChart, { ...props, selected: 'live' })
    await press(chart, 'Escape')
    expect(chart.emitted('update:selected')).toEqual([[null]])
  })

  test('the table sums to the byte', async () => {
    const rows = await tableOf(chartOf(WaterfallChart, props))
    expect(rows).toEqual([['Live', '3,600', '4,000', '400'], ['Pinned', '300', '200', '-100'], ['Sum', '8,192', '8,492', '300']])
  })
})

test('dots: runs by value, sides by up and down, and how many do not tell', async () => {
  const rows = [{ side: A, values: [3, 1, null], names: ['x', 'y', 'z'], median: 2, interval: null }, { side: B, values: [2], names: ['w'], median: 2, interval: null }]
  const chart = chartOf(DotPlot, { title: 'Peak', rows, unit: 'bytes' })
  await press(chart, 'ArrowRight')
  expect(said(chart)).toContain('y, 1 B')
  await press(chart, 'ArrowDown', 'Enter')
  expect(chart.emitted('update:selected')).toEqual([[{ row: 1, run: 0 }]])
  expect(chart.find('.notes').text()).toContain('One run does not tell')
  expect(await tableOf(chart)).toEqual([['A', 'x', '3'], ['A', 'y', '1'], ['A', 'z', '—'], ['B', 'w', '2']])
})

test('bands: left and right go over time, up and down through the runs', async () => {
  const member = (id: string, ...values: number[]) => ({ id, name: id, values: Float64Array.from(values) })
  const chart = chartOf(BandTimeline, { title: 'Footprint', axis: 'progress', sides: [{ side: A, members: [member('a1', 0, 10, 20), member('a2', 0, 30, 40)] }, { side: B, members: [member('b1', 5, 5, 5)] }] })
  await press(chart, 'End')
  expect(said(chart)).toContain('0 % of all bytes allocated')
  await press(chart, 'End', 'Enter', 'ArrowDown')
  expect(chart.emitted('update:moment')).toEqual([[2]])
  expect(chart.emitted('update:member')).toEqual([['a1']])
  expect((await tableOf(chart)).at(-1)!.slice(0, 4)).toEqual(['100', '30', '25', '35'])
})

test('free curves: a request size is chosen, and who serves it is said', async () => {
  const curve = freeCurve(drawHeap('[A][..][A][....]', { bytesPerCharacter: 32 }))
  const chart = chartOf(SizeCurves, { title: 'Available', mode: 'available', sides: [{ side: A, members: [{ id: '1', name: 'one', curve }] }] })
  await press(chart, 'Home', 'End', 'Enter')
  expect(chart.emitted('update:request')).toEqual([[256]])
  expect(said(chart)).toBe('Requests of 256 B, A 0 B; one fits in no hole')
})

test('survival: lines are gone through by key, the table has every age', async () => {
  const tally = tallySurvival(randomRun(5, 400))
  const chart = chartOf(SurvivalCurves, { title: 'Lives', unit: tally.unit, weight: 'blocks', lines: [{ side: A, curve: survivalCurve(tally, 'blocks') }, { side: B, curve: survivalCurve(tally, 'blocks', 2) }] })
  await press(chart, 'ArrowDown')
  expect(chart.emitted('update:chosen')).toEqual([['A']])
  const rows = await tableOf(chart)
  expect(rows.length).toBeGreaterThan(4)
  expect(rows[0]).toHaveLength(3)
})

test('size classes: Enter brushes one, Shift and Right more', async () => {
  const tableFor = (picture: string) => computeSizeClasses(drawHeap(picture))
  const pairs = pairSizeClasses([tableFor('[A][AA][AAAA]')], [tableFor('[A][A]')], 'busyBlocks')
  const chart = chartOf(SizeClassPairs, { title: 'Sizes', pairs, sides: [A, B], measure: 'busyBlocks' })
  await press(chart, 'Home', 'Enter')
  expect(chart.emitted('update:range')).toEqual([[{ fromBytes: 14, toBytes: 16 }]])
  await chart.setProps({ range: { fromBytes: 14, toBytes: 16 } })
  await press(chart, 'Shift+ArrowRight')
  expect(chart.emitted('update:range')!.at(-1)).toEqual([{ fromBytes: 14, toBytes: 32 }])
  expect((await tableOf(chart))[0]).toEqual(['14', '16', '1', '2', '1'])
})

test('maps: without a layout of the page they say what they are and ask for nothing', async () => {
  const heaps = [drawHeap('[A][..]'), drawHeap('[A][B]', { base: 0x50000 })]
  const lanes = alignLanes(heaps)
  let asked = 0
  const chart = chartOf(AlignedMaps, { title: 'Maps', lanes, members: [{ side: A, name: 'one' }, { side: B, name: 'two' }], tiles: (ranges: LaneRange[], bytesPerCell: number) => Promise.resolve((asked++, alignedTiles(heaps, lanes, ranges, bytesPerCell))) })
  await nextTick()
  expect(asked).toBe(0)
  expect(chart.text()).toContain('A one, B two on one scale, one segment')
})
