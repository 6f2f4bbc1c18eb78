import { expect, test } from 'vitest'
import { PageTable } from '../../../../shared/analysis/heap-charts/page-strip'
import { quietJob } from '../../../../shared/base/job-context'
import { drawHeap } from '../../../../shared/model/testing/drawn-heap'
import { DrawLog } from '../../../canvas/draw-log'
import { testPalette as palette } from '../../../canvas/testing/palette'
import { sequentialColor } from '../../../canvas/sequential'
import { cellAt, cellBeside, cellBox, layOutStrip, roomFor, zoomed } from './layout'
import { paintStrip } from './paint'

const SIZE = { width: 400, height: 120 }

test('cells are as large as fits, and found again where they stand', () => {
  for (const cells of [1, 7, 100, 700]) {
    const layout = layOutStrip(cells, SIZE)
    expect(layout.rows * layout.cell).toBeLessThanOrEqual(SIZE.height)
    for (let i = 0; i < cells; i++) {
      const [x, y, width, height] = cellBox(layout, i)
      expect(cellAt(layout, cells, x + width / 2, y + height / 2)).toBe(i)
    }
    expect(cellAt(layout, cells, 1, 1)).toBe(-1)
  }
  expect(layOutStrip(roomFor(SIZE), SIZE).rows * layOutStrip(roomFor(SIZE), SIZE).cell).toBeLessThanOrEqual(SIZE.height)
  expect(layOutStrip(3, SIZE).cell).toBeGreaterThan(layOutStrip(roomFor(SIZE), SIZE).cell)
})

test('arrows go by cell and by row, and stay inside', () => {
  const layout = layOutStrip(100, SIZE)
  const to = (from: number, key: string): number => cellBeside(layout, 100, from, key)
  expect([to(0, 'ArrowRight'), to(0, 'ArrowLeft'), to(0, 'ArrowDown'), to(0, 'ArrowUp'), to(99, 'ArrowDown'), to(5, 'Home'), to(5, 'End'), to(5, 'x')]).toEqual([1, 0, layout.columns, 0, 99, 0, 99, -1])
})

test('zooming keeps the page pointed at where it is, within all pages', () => {
  expect(zoomed({ first: 0, count: 1000 }, 0.5, 500, 1000)).toEqual({ first: 250, count: 500 })
  expect(zoomed({ first: 250, count: 500 }, 2, 500, 1000)).toEqual({ first: 0, count: 1000 })
  expect(zoomed({ first: 900, count: 100 }, 4, 990, 1000)).toEqual({ first: 600, count: 400 })
  expect(zoomed({ first: 0, count: 20 }, 0.1, 0, 20)).toEqual({ first: 0, count: 16 })
})

test('full pages by the scale, empty ones hollow, sparse ones outlined, the others veiled and chosen ones framed', async () => {
  // Pages: full, empty, 1/8 used.
  const heap = drawHeap('[AAAAAAAA][........][B][.......]', { bytesPerCharacter: 512 })
  const strip = (await PageTable.make(heap, Uint8Array.of(1, 0, 0, 0), quietJob)).strip({ first: 0, count: 9, cells: 9 })
  const target = new DrawLog(SIZE.width, SIZE.height)
  paintStrip(target, palette, { layout: layOutStrip(3, SIZE), strip, range: { from: 0x12000, to: 0x13000 }, isFiltered: true })
  expect(target.of('fillRect').map(({ color }) => color)).toEqual([sequentialColor(palette, 1), 'rgba(27, 31, 38, 0.72)', sequentialColor(palette, 0.125), 'rgba(27, 31, 38, 0.72)'])
  expect(target.of('strokeRect').map(({ color }) => color)).toEqual([palette.states[4], palette.states[3], palette.accent])
  expect([0, 0.5, 1].map((share) => sequentialColor(palette, share))).toEqual(['rgb(254, 232, 56)', 'rgb(156, 156, 134)', 'rgb(74, 98, 168)'])
})
