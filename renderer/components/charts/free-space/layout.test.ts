import { expect, test } from 'vitest'
import { freeCurve } from '../../../../shared/analysis/compare/free-curves'
import { placeOn } from '../../../canvas/chart-axes'
import { DrawLog } from '../../../canvas/draw-log'
import { testPalette as palette } from '../../../canvas/testing/palette'
import { drawHeap } from '../../../../shared/model/testing/drawn-heap'
import { layOutSpace, probeMarks, requestAt, spaceAt, spaceCount } from './layout'
import { paintSpace } from './paint'

const SIZE = { width: 800, height: 220 }
/** Holes of 512 and 3072 bytes, as in worked example E1. */
const curve = freeCurve(drawHeap('[A][.][A][......][A]', { bytesPerCharacter: 512 }))
const probe = { requestBytes: Float64Array.of(8, 16, 1024, 4096), served: Uint8Array.of(1, 1, 0, 0), largestBytes: 700, firstRefusedBytes: null }

test('both curves over the same sizes, up to one doubling beyond the largest hole', () => {
  const layout = layOutSpace(curve, null, SIZE)
  expect(requestAt(layout, 0)).toBe(8)
  expect(requestAt(layout, spaceCount(layout) - 1)).toBe(4096)
  const [unusable, available] = layout.panels
  expect(unusable!.values[7]).toBeCloseTo(0.142857, 6)
  expect(unusable!.values.at(-1)).toBe(1)
  expect([available!.values[0], available!.values[7], available!.values.at(-1)]).toEqual([3584, 3072, 0])
  layout.panels.forEach((panel, i) => {
    for (let index = 0; index < spaceCount(layout); index++) expect(spaceAt(layout, placeOn(panel.x, requestAt(layout, index)))).toEqual({ panel: i, index })
  })
  expect(spaceAt(layout, 5)).toBeNull()
})

test('the largest hole is named, what the manager serves is filled and what it refuses hollow', () => {
  const target = new DrawLog(SIZE.width, SIZE.height)
  const layout = layOutSpace(curve, probe, SIZE)
  paintSpace(target, palette, { layout, request: 1024 })
  expect(target.texts.filter((text) => text === 'largest hole 3 KiB')).toHaveLength(2)
  expect(target.of('fillRect').filter(({ color }) => color === palette.good)).toHaveLength(2)
  expect(target.of('strokeRect').filter(({ color }) => color === palette.bad)).toHaveLength(4)
  expect(target.of('line').filter(({ color }) => color === palette.accent)).toHaveLength(2)
  const marks = probeMarks(layout.panels[0]!, probe)
  expect(marks[0]!.left).toBe(layout.panels[0]!.area.left)
  for (let i = 1; i < marks.length; i++) expect(marks[i]!.left).toBeCloseTo(marks[i - 1]!.left + marks[i - 1]!.width, 6)
})

test('nothing free: axes, no curve', () => {
  const layout = layOutSpace(freeCurve(drawHeap('[AA]')), null, SIZE)
  const target = new DrawLog(SIZE.width, SIZE.height)
  paintSpace(target, palette, { layout, request: null })
  expect([spaceCount(layout), target.of('area').length]).toEqual([0, 0])
})
