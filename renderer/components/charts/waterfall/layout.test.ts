import { describe, expect, test } from 'vitest'
import type { SplitDifference } from '../../../../shared/analysis/compare-runs'
import { DrawLog } from '../../../canvas/draw-log'
import { testPalette as palette } from '../../../canvas/testing/palette'
import { barOf, layOutWaterfall, rowAt, rowTop, waterfallRows, type WaterfallStep } from './layout'
import { paintWaterfall } from './paint'
import { splitSteps } from './split-steps'

/** The worked example of the additive split: 8,192 becomes 12,288. */
const PARTS = { live: [3600, 4000], header: [48, 64], rounding: [448, 560], internal: [512, 512], pinnedFree: [3584, 3056], releasableFree: [0, 4096] } as const
const steps: WaterfallStep[] = Object.entries(PARTS).map(([key, [a, b]]) => ({ key, label: key, a, b, bytes: b - a }))
const totals = { fromLabel: 'A', from: 8192, toLabel: 'B', to: 12288 }
const SIZE = { width: 500, height: 226 }

describe('waterfall', () => {
  test('rows follow one another and end at the total', () => {
    const rows = waterfallRows(steps, totals)
    expect(rows.map(({ bytes }) => bytes)).toEqual([8192, 400, 16, 112, 0, -528, 4096, 12288])
    for (let i = 2; i < rows.length - 1; i++) expect(rows[i]!.from).toBe(rows[i - 1]!.to)
    expect(rows.at(-2)!.to).toBe(12288)
    expect(rows.some(({ kind }) => kind === 'rest')).toBe(false)
  })

  test('what is not explained has a row of its own', () => {
    const rows = waterfallRows(steps.slice(0, -1), totals)
    expect(rows.at(-2)).toMatchObject({ kind: 'rest', bytes: 4096, to: 12288 })
  })

  test('rows fill the height and are found again', () => {
    const layout = layOutWaterfall(waterfallRows(steps, totals), SIZE)
    layout.rows.forEach((_, i) => expect(rowAt(layout, rowTop(layout, i) + 1)).toBe(i))
    expect(rowAt(layout, SIZE.height)).toBe(-1)
    expect(rowTop(layout, layout.rows.length)).toBeCloseTo(layout.area.bottom, 9)
  })

  test('the scale is cut only where steps are small beside the totals', () => {
    expect(layOutWaterfall(waterfallRows(steps, totals), SIZE)).toMatchObject({ isCut: true })
    const large = layOutWaterfall(waterfallRows([{ key: 'x', label: 'x', a: 0, b: 0, bytes: 90 }], { ...totals, from: 10, to: 100 }), SIZE)
    expect(large).toMatchObject({ isCut: false, scale: { from: 0 } })
  })

  test('a step of one byte is seen, a step of none is not a bar', () => {
    const layout = layOutWaterfall(waterfallRows([{ key: 'x', label: 'x', a: 0, b: 1, bytes: 1 }, { key: 'y', label: 'y', a: 0, b: 0, bytes: 0 }], { ...totals, from: 2 ** 30, to: 2 ** 30 + 1 }), SIZE)
    expect(barOf(layout, layout.rows[1]!).width).toBeGreaterThanOrEqual(1)
    expect(barOf(layout, layout.rows[2]!).width).toBe(0)
  })

  test('every row has its label and its exact bytes; less is hollow', () => {
    const target = new DrawLog(SIZE.width, SIZE.height)
    paintWaterfall(target, palette, layOutWaterfall(waterfallRows(steps, totals), SIZE), 'live')
    expect(target.texts).toEqual(expect.arrayContaining(['A', '8,192', 'live', '+400', '+16', '+112', '0', '−528', '+4,096', 'B', '12,288']))
    expect(target.of('fillRect').filter(({ color }) => color === palette.bad)).toHaveLength(4)
    expect(target.of('strokeRect').filter(({ color }) => color === palette.good)).toHaveLength(1)
  })

  test('terms of the tiling identity become steps; uncommitted only with reserved', () => {
    const terms: readonly (readonly [string, readonly [number, number]])[] = [...Object.entries(PARTS), ['committed', [8192, 12288]], ['uncommitted', [10, 30]], ['reserved', [8202, 12318]]]
    const split = terms.map(([term, [a, b]]) => ({ term: term as SplitDifference['term'], a, b, difference: b - a }))
    expect(splitSteps(split, 'committed', { a: 'A', b: 'B' }).steps.map(({ key }) => key)).toEqual(Object.keys(PARTS))
    const whole = splitSteps(split, 'reserved', { a: 'A', b: 'B' })
    expect(whole.totals).toMatchObject({ from: 8202, to: 12318, fromLabel: 'Reserved, A' })
    expect(whole.steps.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(12318 - 8202)
  })
})
