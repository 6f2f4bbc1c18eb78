import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DrawLog } from '../../../canvas/draw-log'
import { testPalette as palette } from '../../../canvas/testing/palette'
import { BAR_ROOM, DOT_RADIUS, dotAt, layOutDots, moveDot, type DotRow } from './layout'
import { paintDots } from './paint'

const SIZE = { width: 400, height: 160 }
const row = (letter: string, mark: number, values: readonly (number | null)[]): DotRow =>
  ({ side: { letter, name: letter, mark }, values, names: values.map((_, i) => `${letter}${i}`), median: 5, interval: { low: 4, high: 6, coverage: 0.95 } })
const rows = [row('A', 0, [1, 1, 1, null, 9]), row('B', 1, [2, 8])]

describe('dot plot', () => {
  test('every run that tells the figure is a dot', () => {
    expect(layOutDots(rows, SIZE, false).dots.map(({ row: of, run }) => [of, run])).toEqual([[0, 0], [0, 1], [0, 2], [0, 4], [1, 0], [1, 1]])
  })

  test('equal values are stacked, and all stay in their row', () => {
    const { dots, area, rowHeight } = layOutDots(rows, SIZE, false)
    expect(new Set(dots.slice(0, 3).map(({ y }) => y)).size).toBe(3)
    expect(dots[0]!.x).toBe(dots[2]!.x)
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 60 }), (values) => {
      const layout = layOutDots([row('A', 0, values), row('B', 1, [3])], SIZE, false)
      for (const { row: of, y } of layout.dots) {
        expect(y - DOT_RADIUS).toBeGreaterThanOrEqual(area.top + of * rowHeight - 0.01)
        expect(y + DOT_RADIUS).toBeLessThanOrEqual(area.top + (of + 1) * rowHeight - BAR_ROOM + 0.01)
      }
    }), { numRuns: 50 })
  })

  test('dots are found where they stand, and keys lead along and across', () => {
    const layout = layOutDots(rows, SIZE, false)
    layout.dots.forEach(({ x, y }, i) => expect(dotAt(layout, x, y)).toBe(i))
    expect(dotAt(layout, 0, 0)).toBe(-1)
    expect([moveDot(layout, 0, 'ArrowLeft'), moveDot(layout, 0, 'End'), moveDot(layout, 3, 'ArrowDown'), moveDot(layout, 4, 'ArrowUp'), moveDot(layout, 5, 'ArrowDown')]).toEqual([0, 3, 5, 0, 5])
    expect(moveDot(layout, 0, 'x')).toBe(-1)
  })

  test('one value for all has a scale around it', () => {
    const { scale, dots } = layOutDots([{ ...row('A', 0, [7]), interval: null }], SIZE, false)
    expect(scale.from).toBeLessThan(7)
    expect(dots[0]!.x).toBeCloseTo((scale.start + scale.end) / 2, 6)
    expect(layOutDots([], SIZE, false).dots).toEqual([])
  })

  test('letters, medians and intervals are drawn beside the colours', () => {
    const target = new DrawLog(SIZE.width, SIZE.height)
    paintDots(target, palette, { layout: layOutDots(rows, SIZE, false), rows, selected: { row: 1, run: 0 }, tickText: String })
    expect(target.texts).toEqual(expect.arrayContaining(['A', 'B']))
    expect(target.of('area')).toHaveLength(6)
    expect(target.of('fillRect').filter(({ color }) => color === palette.text)).toHaveLength(2)
    expect(target.of('line').filter(({ color }) => color === palette.text)).toHaveLength(1)
  })
})
