import { expect, test } from 'vitest'
import * as fc from 'fast-check'
import { wasteTotal, wasteTree } from '../../../../shared/analysis/heap-charts/waste-tree'
import { quietJob } from '../../../../shared/base/job-context'
import { drawHeap } from '../../../../shared/model/testing/drawn-heap'
import { DrawLog } from '../../../canvas/draw-log'
import { testPalette as palette } from '../../../canvas/testing/palette'
import { layOutWaste, leafAt, leafBeside, squarify, wasteGroups, type Rect } from './layout'
import { colorOf, paintWaste } from './paint'

const SIZE = { width: 700, height: 200 }
const heap = drawHeap('[#][AAA][..][BBBBBB][cc][CC][............]', { bytesPerCharacter: 512, headerBytes: 16, requested: [1000, 3000, 700] })
const areaOf = ([, , width, height]: Rect): number => width * height
const names = { groupName: (group: number) => `class ${group}`, kindName: (kind: string) => kind }

test('rectangles fill their area in proportion and do not overlap', () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 1e6 }), { minLength: 1, maxLength: 30 }), fc.integer({ min: 20, max: 900 }), fc.integer({ min: 20, max: 900 }), (list, width, height) => {
    const values = [...list].sort((a, b) => b - a)
    const total = values.reduce((sum, value) => sum + value, 0)
    const rects = squarify(values, [10, 20, width, height])
    rects.forEach((rect, i) => expect(areaOf(rect)).toBeCloseTo((values[i]! / total) * width * height, 3))
    rects.forEach(([x, y, w, h], i) => {
      expect(x).toBeGreaterThanOrEqual(10 - 1e-6)
      expect(y).toBeGreaterThanOrEqual(20 - 1e-6)
      expect(x + w).toBeLessThanOrEqual(10 + width + 1e-6)
      expect(y + h).toBeLessThanOrEqual(20 + height + 1e-6)
      for (const [ox, oy, ow, oh] of rects.slice(i + 1)) expect(Math.min(x + w, ox + ow) - Math.max(x, ox) > 1e-6 && Math.min(y + h, oy + oh) - Math.max(y, oy) > 1e-6).toBe(false)
    })
  }), { numRuns: 60 })
})

test('all bytes of the tree have a rectangle, the largest class first, the heap itself among them', async () => {
  const tree = await wasteTree(heap, undefined, quietJob)
  const groups = wasteGroups(tree)
  expect(groups.reduce((sum, { bytes }) => sum + bytes, 0)).toBeCloseTo(wasteTotal(tree), 6)
  expect(groups.map(({ bytes }) => bytes)).toEqual(groups.map(({ bytes }) => bytes).sort((a, b) => b - a))
  expect(groups.filter(({ range }) => range === null)).toHaveLength(1)
  const { leaves } = layOutWaste(groups, SIZE)
  for (const [i, { rect: [x, y, width, height] }] of leaves.entries()) expect(leafAt({ groups: [], leaves }, x + width / 2, y + height / 2)).toBe(i)
})

test('arrows go to the rectangle on that side; every one can be reached', async () => {
  const layout = layOutWaste(wasteGroups(await wasteTree(heap, undefined, quietJob)), SIZE)
  const seen = new Set([0])
  const open = [0]
  while (open.length > 0) {
    const at = open.pop()!
    for (const key of ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown']) {
      const next = leafBeside(layout, at, key)
      if (!seen.has(next)) open.push(next)
      seen.add(next)
    }
  }
  expect(seen.size).toBe(layout.leaves.length)
  expect([leafBeside(layout, 2, 'Home'), leafBeside(layout, 2, 'End'), leafBeside(layout, 2, 'x')]).toEqual([0, layout.leaves.length - 1, -1])
})

test('kept bytes fill their rectangle from below, the rest is pale', async () => {
  const tree = await wasteTree(heap, Uint8Array.of(0, 1, 0, 0, 0, 0, 0), quietJob)
  const layout = layOutWaste(wasteGroups(tree), SIZE)
  const paint = (isFiltered: boolean): DrawLog => {
    const target = new DrawLog(SIZE.width, SIZE.height)
    paintWaste(target, palette, { layout, isFiltered, ...names })
    return target
  }
  const full = (log: DrawLog): number => log.of('fillRect').filter(({ color }) => color === 'rgb(226, 112, 44)').length
  expect(colorOf(palette, 'stranded')).toBe('#e2702c')
  expect(full(paint(true))).toBeLessThan(full(paint(false)))
  expect(paint(false).texts).toEqual(expect.arrayContaining(['stranded']))
  expect(paint(false).texts.some((text) => text.startsWith('class 0'))).toBe(true)
})
