import { describe, expect, test } from 'vitest'
import { DrawLog } from '../../../canvas/draw-log'
import { testPalette as palette } from '../../../canvas/testing/palette'
import { barBox, layOutBars, slotAt, slotLeft, stretched, type BarPanel } from './layout'
import { paintBars } from './paint'

const SIZE = { width: 800, height: 200 }
const blue = (): string => '#0000ff'
const panel = (name: string, values: number[], kept?: number[]): BarPanel => ({
  name, valueText: String, isBytes: false, series: [{ letter: 'x', name, color: blue, values: Float64Array.from(values), ...(kept === undefined ? {} : { kept: Float64Array.from(kept) }) }],
})
const panels = [panel('blocks', [10, 0, 1, 1000], [5, 0, 1, 0]), panel('bytes', [160, 0, 64, 4000])]

describe('bars', () => {
  test('panels side by side share their slots; places are found again in both', () => {
    const layout = layOutBars(panels, 4, SIZE)
    expect(layout.panels).toHaveLength(2)
    layout.panels.forEach((one, index) => {
      for (let slot = 0; slot < 4; slot++) expect(slotAt(layout, slotLeft(one, slot) + 2, 100)).toEqual({ panel: index, slot })
    })
    expect(slotAt(layout, 400, 100)).toBeNull()
    expect(slotAt(layout, 100, 199)).not.toBeNull()
    expect(slotAt(layOutBars(panels, 0, SIZE), 100, 100)).toBeNull()
  })

  test('bars stand in proportion, and what is not nothing can be seen', () => {
    const [one] = layOutBars(panels, 4, SIZE).panels
    const height = (slot: number, value: number): number => barBox(one!, slot, 0, value)[3]
    expect(height(3, 1000) / height(3, 500)).toBeCloseTo(2, 6)
    expect([height(2, 1), height(1, 0)]).toEqual([1, 0])
    expect(barBox(one!, 3, 0, 1000)[1]).toBeGreaterThan(one!.area.top)
  })

  test('what the filter leaves out is pale, what it keeps full, brushed slots lie on a ground', () => {
    const target = new DrawLog(SIZE.width, SIZE.height)
    paintBars(target, palette, { layout: layOutBars(panels, 4, SIZE), panels, labels: ['16', '32', '64', '4096'], range: { from: 1, to: 2 }, xName: 'size' })
    const rects = target.of('fillRect')
    expect(rects.filter(({ color }) => color === 'rgba(0, 0, 255, 0.28)')).toHaveLength(2)
    expect(rects.filter(({ color }) => color === '#0000ff')).toHaveLength(2 + 3)
    expect(rects.filter(({ color }) => color.includes('0.16'))).toHaveLength(2)
    expect(target.texts).toEqual(expect.arrayContaining(['blocks', 'bytes', '16', '4096', 'size', '1000']))
  })

  test('stacked series stand on one another', () => {
    const stacked: BarPanel = { ...panels[1]!, series: [panels[1]!.series[0]!, { ...panels[1]!.series[0]!, color: () => '#00ff00' }] }
    const target = new DrawLog(SIZE.width, SIZE.height)
    const layout = layOutBars([stacked], 4, SIZE)
    paintBars(target, palette, { layout, panels: [stacked], labels: ['a', 'b', 'c', 'd'], range: null, xName: '' })
    const low = target.of('fillRect').filter(({ color }) => color === '#0000ff').at(-1)!.rect
    const high = target.of('fillRect').filter(({ color }) => color === '#00ff00').at(-1)!.rect
    expect(high[1] + high[3]).toBeCloseTo(low[1], 6)
    expect(high[1]).toBeGreaterThanOrEqual(layout.panels[0]!.area.top)
  })

  test('keys make a range longer and shorter, never beyond the slots', () => {
    expect(stretched(null, 2, 1, 4)).toEqual({ from: 2, to: 3 })
    expect(stretched({ from: 2, to: 3 }, 2, 1, 4)).toEqual({ from: 2, to: 3 })
    expect(stretched({ from: 2, to: 3 }, 2, -5, 4)).toEqual({ from: 2, to: 2 })
    expect(stretched(null, -1, 1, 0)).toBeNull()
  })
})
