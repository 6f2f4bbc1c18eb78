import { describe, expect, test } from 'vitest'
import { DrawLog } from '../../../canvas/draw-log'
import { testPalette as palette } from '../../../canvas/testing/palette'
import { bandLines, layOutBands, memberAt, pointAt, type BandSide } from './layout'
import { paintBands, paintPoint } from './paint'

const SIZE = { width: 400, height: 200 }
const QUARTILES = [0.25, 0.75] as const
const member = (id: string, ...values: number[]) => ({ id, name: id, values: Float64Array.from(values) })
const sides: BandSide[] = [
  { side: { letter: 'A', name: 'before', mark: 0 }, members: [member('a1', 0, 10, 20), member('a2', 0, 20, 40), { id: 'a3', name: 'a3', values: null }] },
  { side: { letter: 'B', name: 'after', mark: 1 }, members: [member('b1', 0, 100, 90)] },
  { side: { letter: 'C', name: 'none', mark: 2 }, members: [] },
]
const layout = layOutBands(bandLines(sides, QUARTILES), 3, SIZE)

describe('bands over time', () => {
  test('medians are of the members that tell the series', () => {
    expect(layout.lines.map(({ side, members }) => [side.letter, members.length])).toEqual([['A', 2], ['B', 1]])
    expect(layout.lines[0]!.band.median).toEqual(Float64Array.of(0, 15, 30))
  })

  test('all lines fit under the top of the scale', () => {
    expect(layout.y.to).toBeGreaterThanOrEqual(100)
    expect(layout.labels).toHaveLength(2)
    expect(Math.abs(layout.labels[0]! - layout.labels[1]!)).toBeGreaterThanOrEqual(15)
  })

  test('places lead back to points and members', () => {
    expect([layout.area.left, (layout.area.left + layout.area.right) / 2, 9999].map((x) => pointAt(layout, x))).toEqual([0, 1, 2])
    const y = layout.area.bottom - (40 / layout.y.to) * (layout.area.bottom - layout.area.top)
    expect(memberAt(layout, layout.area.right, y)).toEqual({ line: 0, member: 1 })
    expect(memberAt(layout, layout.area.right, layout.area.top)).toBeNull()
  })

  test('a side of several has a band and thin lines, a side of one only its line', () => {
    const target = new DrawLog(SIZE.width, SIZE.height)
    paintBands(target, palette, { layout, moment: 1, member: 'a2', xTicks: [{ point: 0, text: '0 %' }], xName: 'events' })
    // The band of A, and the handle of the moment.
    expect(target.of('area')).toHaveLength(2)
    expect(target.texts).toEqual(expect.arrayContaining(['A', 'B', '0 %', 'events']))
    expect(target.of('line').filter(({ color }) => color === palette.text)).toHaveLength(1)
    const point = new DrawLog(SIZE.width, SIZE.height)
    paintPoint(point, palette, layout, 2)
    expect(point.of('fillRect')).toHaveLength(4)
  })

  test('nothing is an empty chart', () => {
    const empty = layOutBands([], 101, SIZE)
    const target = new DrawLog(SIZE.width, SIZE.height)
    paintBands(target, palette, { layout: empty, moment: null, member: null, xTicks: [], xName: '' })
    expect(target.of('area')).toEqual([])
  })
})
