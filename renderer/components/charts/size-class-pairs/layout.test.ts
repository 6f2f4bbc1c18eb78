import { describe, expect, test } from 'vitest'
import type { SizeClassPairs } from '../../../../shared/analysis/compare/size-class-pairs'
import { DrawLog } from '../../../canvas/draw-log'
import { testPalette as palette } from '../../../canvas/testing/palette'
import { barBox, isBrushed, layOutPairs, rangeOf, rowAtX, slotLeft } from './layout'
import { paintPairs } from './paint'

const of = (...values: number[]): Float64Array => Float64Array.from(values)
const pairs: SizeClassPairs = { lowerBytes: of(0, 14, 56), upperBytes: of(8, 16, 64), a: of(10, 0, 4), b: of(5, 20, 4) }
const SIZE = { width: 500, height: 200 }
const layout = layOutPairs(pairs, SIZE, false)

describe('pairs of size classes', () => {
  test('bars of a class stand beside each other inside its slot, as high as their value', () => {
    for (let row = 0; row < 3; row++) {
      const [ax, , aw] = barBox(layout, row, 'a')
      const [bx, , bw] = barBox(layout, row, 'b')
      expect(ax).toBeGreaterThanOrEqual(slotLeft(layout, row))
      expect(bx).toBeCloseTo(ax + aw, 9)
      expect(bx + bw).toBeLessThanOrEqual(slotLeft(layout, row + 1) + 1e-9)
      expect(rowAtX(layout, slotLeft(layout, row) + 1)).toBe(row)
    }
    expect(barBox(layout, 0, 'a')[3]).toBeCloseTo(2 * barBox(layout, 0, 'b')[3], 9)
    expect(barBox(layout, 1, 'a')[3]).toBe(0)
  })

  test('a brush takes whole classes, whichever way it was drawn', () => {
    expect(rangeOf(pairs, 2, 1)).toEqual({ fromBytes: 14, toBytes: 64 })
    expect([0, 1, 2].map((row) => isBrushed(pairs, row, rangeOf(pairs, 1, 2)))).toEqual([false, true, true])
    expect(isBrushed(pairs, 0, null)).toBe(false)
  })

  test('what is not brushed is faded, and B is hatched', () => {
    const target = new DrawLog(SIZE.width, SIZE.height)
    const sides = [{ letter: 'A', name: 'a', mark: 0 }, { letter: 'B', name: 'b', mark: 1 }] as const
    paintPairs(target, palette, { layout, sides, range: rangeOf(pairs, 1, 1), yName: 'blocks', valueText: String })
    const fills = target.of('fillRect')
    expect(fills).toHaveLength(7)
    expect(fills.filter(({ color }) => color.includes('0.35'))).toHaveLength(4)
    expect(target.of('line').filter(({ color }) => color.startsWith('rgba(21, 24, 29')).length).toBeGreaterThan(5)
    expect(target.texts).toEqual(expect.arrayContaining(['8 B', '16 B', '64 B']))
  })

  test('without classes there is nothing to point at', () => {
    const none = layOutPairs({ lowerBytes: of(), upperBytes: of(), a: of(), b: of() }, SIZE, true)
    expect(rowAtX(none, 100)).toBe(-1)
  })
})
