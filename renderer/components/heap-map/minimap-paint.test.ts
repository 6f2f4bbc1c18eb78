import { describe, expect, test } from 'vitest'
import { CellState, type MapTile } from '../../../shared/analysis/map-tiles'
import { DrawLog } from '../../canvas/draw-log'
import { testPalette } from '../../canvas/testing/palette'
import type { ColorMark } from './color-marks'
import type { MapSegment } from './layout'
import { buildMinimap, type MinimapSpace } from './minimap-layout'
import { paintMinimap, paintWindow } from './minimap-paint'

const SIZE = { width: 40, height: 240 }
const SEGMENTS: readonly MapSegment[] = [{ base: 0x10000, reservedBytes: 0x8000 }, { base: 0x80000, reservedBytes: 0x4000 }]
const { Gap, Busy, FreeReleasable } = CellState

const tileOf = (space: MinimapSpace, state: (cell: number) => number): MapTile => {
  const cells = Array.from({ length: space.totalCells }, (_, cell) => cell)
  return { state: Uint8Array.from(cells, state), share: new Uint8Array(cells.length).fill(255), starts: new Uint8Array(cells.length) }
}

function draw(space: MinimapSpace, tile: MapTile, marks: readonly ColorMark[] | null = null): DrawLog {
  const log = new DrawLog(SIZE.width, SIZE.height)
  paintMinimap(log, testPalette, { space, tile, marks })
  return log
}

/** Bytes of the strip by colour: rectangles neither overlap nor leave a cell out. */
function areas(log: DrawLog): Map<string, number> {
  const sums = new Map<string, number>()
  for (const { rect: [, , width, height], color } of log.of('fillRect')) sums.set(color, (sums.get(color) ?? 0) + width * height)
  return sums
}

describe('painted minimap', () => {
  const space = buildMinimap(SEGMENTS, SIZE)
  const cellArea = (space.width / space.columns) * space.rowHeight

  test('neighbours of one colour are one rectangle a row, and every cell is covered once', () => {
    const log = draw(space, tileOf(space, () => Busy))
    const rows = Math.ceil(space.totalCells / space.columns)
    expect(log.of('fillRect')).toHaveLength(rows)
    expect([...areas(log).values()].reduce((sum, area) => sum + area, 0)).toBeCloseTo(space.totalCells * cellArea, 6)
    expect(new Set(log.of('fillRect').map(({ color }) => color)).size).toBe(1)
    for (const { rect: [x, y, width, height] } of log.of('fillRect')) {
      expect([x >= space.left, y >= 0, x + width <= space.left + space.width + 1e-9, y + height <= SIZE.height + 1e-9]).toEqual([true, true, true, true])
    }
  })

  test('cells of two states lie where their addresses are', () => {
    const log = draw(space, tileOf(space, (cell) => (cell % 2 === 0 ? Busy : FreeReleasable)))
    expect(log.of('fillRect')).toHaveLength(space.totalCells)
    const [first, second] = log.of('fillRect')
    expect(second!.rect[0] - first!.rect[0]).toBeCloseTo(space.width / space.columns, 6)
    expect([...areas(log).values()].map((area) => Math.round(area / cellArea))).toEqual([Math.ceil(space.totalCells / 2), Math.floor(space.totalCells / 2)])
  })

  test('a colouring lies over states that step back; what is not reserved is ground', () => {
    const mark: ColorMark = { scheme: 'set', number: 1, pattern: 1 }
    const tile = { ...tileOf(space, (cell) => (cell === 0 ? Gap : Busy)), color: Uint8Array.from({ length: space.totalCells }, (_, cell) => (cell === 1 ? 1 : 0)) }
    const plain = draw(space, tileOf(space, () => Busy)).of('fillRect')[0]!.color
    const colors = draw(space, tile, [mark]).of('fillRect').map(({ color }) => color)
    expect(colors).toHaveLength(2 + Math.ceil(space.totalCells / space.columns))
    expect(colors[2]).not.toBe(plain)
    expect(new Set(colors.slice(0, 3)).size).toBe(3)
  })

  test('the window is a frame of the accent over its rows, on a ground of its own, and never too low to see', () => {
    const log = new DrawLog(SIZE.width, SIZE.height)
    paintWindow(log, testPalette, space, 0x80000, 0x80001)
    const frames = log.of('strokeRect')
    expect(frames.map(({ color }) => color)).toEqual([testPalette.background, testPalette.accent])
    const [, y, , height] = frames[1]!.rect
    expect(height).toBeGreaterThanOrEqual(3)
    const firstOfSecond = (0x8000 / 0xc000) * space.totalCells
    expect(Math.round((y - 0.5) / space.rowHeight)).toBe(Math.floor(firstOfSecond / space.columns))
  })
})
