import { describe, expect, test } from 'vitest'
import { freeCurveOf } from '../../../../shared/analysis/compare/free-curves'
import { placeOn } from '../../../canvas/chart-axes'
import { DrawLog } from '../../../canvas/draw-log'
import { testPalette as palette } from '../../../canvas/testing/palette'
import { curveLines, layOutCurves, powerAt, type CurveSide } from './layout'
import { paintCurves } from './paint'

const SIZE = { width: 420, height: 200 }
const curveOf = (...sizes: number[]) => freeCurveOf({ sizes: Float64Array.from(sizes), totalBytes: sizes.reduce((sum, size) => sum + size, 0), largestBytes: Math.max(0, ...sizes) })
const sides: CurveSide[] = [
  { side: { letter: 'A', name: 'before', mark: 0 }, members: [{ id: '1', name: 'one', curve: curveOf(512, 3072) }, { id: '2', name: 'two', curve: curveOf(4096) }] },
  { side: { letter: 'B', name: 'after', mark: 1 }, members: [{ id: '3', name: 'three', curve: curveOf(64, 64, 64) }] },
  { side: { letter: 'C', name: 'empty', mark: 2 }, members: [] },
]

describe('curves over request sizes', () => {
  test('unusable shares rise to 1, available bytes fall to 0', () => {
    const unusable = curveLines(sides, 'unusable')[0]!
    expect(unusable.values[0]![11]).toBeCloseTo(0.428571, 6)
    expect(unusable.median[12]).toBeCloseTo((1 + 0) / 2, 9)
    const available = curveLines(sides, 'available')
    expect([available[1]!.median[6], available[1]!.median[7]]).toEqual([192, 0])
    expect(available[0]).toMatchObject({ medianLargestBytes: 3584, medianFreeBytes: 3840 })
  })

  test('the scale goes one power beyond the largest hole, and marks are found again', () => {
    const layout = layOutCurves(curveLines(sides, 'unusable'), 'unusable', SIZE)
    expect([layout.first, layout.last, layout.y.to]).toEqual([3, 13, 1])
    for (let i = 0; i <= layout.last - layout.first; i++) expect(powerAt(layout, placeOn(layout.x, 2 ** (layout.first + i)))).toBe(i)
    expect(layOutCurves(curveLines(sides, 'available'), 'available', SIZE).y.to).toBeGreaterThan(4096)
  })

  test('sides have letters at their ends and at their largest hole', () => {
    const target = new DrawLog(SIZE.width, SIZE.height)
    paintCurves(target, palette, { layout: layOutCurves(curveLines(sides, 'unusable'), 'unusable', SIZE), mode: 'unusable', chosen: 2 })
    expect(target.texts.filter((text) => text === 'A')).toHaveLength(2)
    expect(target.texts).toEqual(expect.arrayContaining(['0 %', '100 %', '8 B', 'size of a request']))
    expect(target.of('line').filter(({ color }) => color === palette.accent)).toHaveLength(1)
  })

  test('nothing is an empty chart', () => {
    expect(layOutCurves([], 'available', SIZE)).toMatchObject({ first: 3, last: 7, labels: [] })
  })
})
