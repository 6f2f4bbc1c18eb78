import { describe, expect, test } from 'vitest'
import { CELL_STATE_NAMES, CellState, type MapTile } from '../../../shared/analysis/map-tiles'
import { DrawLog } from '../../canvas/draw-log'
import type { Palette } from '../../canvas/palette'
import { testPalette } from '../../canvas/testing/palette'
import { buildMapSpace, visibleParts, type MapSegment } from './layout'
import { paintMap, paintOutline, selectionColors, stateShares, type MapCells } from './paint'

const palette: Palette = testPalette
const SIZE = { width: 124 + 12 + 512, height: 300 }
const SEGMENTS: readonly MapSegment[] = [{ base: 0x10000, reservedBytes: 0x2000 }, { base: 0x80000, reservedBytes: 0x1000 }]

function mapOf(patch: Partial<MapCells> = {}, fill: number = CellState.Busy): { map: MapCells; tile: MapTile } {
  const space = buildMapSpace(SEGMENTS, SIZE, 16)
  const parts = visibleParts(space, 0, SIZE.height)
  const cells = parts.reduce((sum, part) => sum + (part.kind === 'cells' ? part.cells : 0), 0)
  const tile: MapTile = { state: new Uint8Array(cells).fill(fill), share: new Uint8Array(cells).fill(255), starts: new Uint8Array(cells) }
  return { tile, map: { space, topRow: 0, parts, tile, shown: CELL_STATE_NAMES.map(() => true), fromAddress: 0, toAddress: Infinity, starts: true, ...patch } }
}

function draw(map: MapCells): DrawLog {
  const log = new DrawLog(SIZE.width, SIZE.height)
  paintMap(log, palette, map, { pixels: new Uint32Array(0) })
  return log
}

function pixelAt(log: DrawLog, x: number, y: number): number[] {
  const { block } = log.of('pixels')[0]!
  const at = (y * block.width + x) * 4
  return [...block.rgba.slice(at, at + 3)]
}

describe('painted map', () => {
  test('all cells go to the canvas in one call, at the plot', () => {
    const log = draw(mapOf().map)
    expect(log.of('pixels')).toHaveLength(1)
    expect(log.of('pixels')[0]).toMatchObject({ at: [124, 0], block: { width: 512, height: 300 } })
    expect(log.of('fillRect')).toHaveLength(0)
    expect(pixelAt(log, 10, 3)).toEqual([0x3f, 0x8f, 0xd2])
  })

  test('rows are parted by a line of the ground', () => {
    const { map } = mapOf()
    expect(pixelAt(draw(map), 10, map.space.rowPitch - 1)).toEqual([0x15, 0x18, 0x1d])
  })

  test('every state but busy has a pattern on its colour', () => {
    for (const state of [CellState.Internal, CellState.FreePinned, CellState.FreeReleasable, CellState.Cached, CellState.Uncommitted]) {
      const log = draw(mapOf({}, state).map)
      const colors = new Set<string>()
      for (let x = 16; x < 24; x++) for (let y = 0; y < 8; y++) colors.add(pixelAt(log, x, y).join())
      expect(colors.size, CELL_STATE_NAMES[state]).toBe(2)
    }
  })

  test('a block start is marked only where blocks are larger than cells', () => {
    const { map, tile } = mapOf()
    tile.starts[5] = 1
    expect(pixelAt(draw(map), 10, 2)).not.toEqual(pixelAt(draw(map), 12, 2))
    expect(pixelAt(draw({ ...map, starts: false }), 10, 2)).toEqual([0x3f, 0x8f, 0xd2])
  })

  test('what the filter drops is faded: by state, and by address', () => {
    const { map } = mapOf()
    const byState = draw({ ...map, shown: map.shown.map((_, state) => state !== CellState.Busy) })
    expect(Math.max(...pixelAt(byState, 10, 2))).toBeLessThan(0x50)
    const byAddress = draw({ ...map, fromAddress: 0x11000 })
    expect(pixelAt(byAddress, 10, 2)).toEqual(pixelAt(byState, 10, 2))
    expect(pixelAt(byAddress, 10, map.space.rowPitch + 2)).toEqual([0x3f, 0x8f, 0xd2])
  })

  test('a cell that is only partly of its state is weaker', () => {
    const { map, tile } = mapOf()
    tile.share[0] = 100
    expect(pixelAt(draw(map), 1, 2)[2]).toBeLessThan(pixelAt(draw(map), 3, 2)[2]!)
  })

  test('rows carry their address, bands say how much is not reserved', () => {
    const texts = draw(mapOf().map).texts
    expect(texts).toContain("0x0000'0001'0000")
    expect(texts).toContain("0x0000'0008'0000")
    expect(texts).toContain('not reserved, 440 KiB')
  })

  test('zoomed in, wide runs carry the letter of their state', () => {
    const space = buildMapSpace([{ base: 0x10000, reservedBytes: 4096 }], SIZE, 1)
    const parts = visibleParts(space, 0, SIZE.height)
    const cells = parts.reduce((sum, part) => sum + (part.kind === 'cells' ? part.cells : 0), 0)
    const tile: MapTile = { state: new Uint8Array(cells).fill(CellState.FreePinned), share: new Uint8Array(cells).fill(255), starts: new Uint8Array(cells) }
    const log = draw({ ...mapOf().map, space, parts, tile })
    expect(log.texts.filter((text) => text === 'P').length).toBeGreaterThan(0)
  })

  test('a selected block is outlined twice, and never too small to be seen', () => {
    const { map } = mapOf()
    const log = new DrawLog(SIZE.width, SIZE.height)
    paintOutline(log, selectionColors(palette), map.space, 0, { address: 0x10010, sizeBytes: 16 })
    const lines = log.of('line')
    expect(lines.map((line) => line.color)).toEqual([palette.background, palette.text])
    expect(lines[1]!.points[2]! - lines[1]!.points[0]!).toBe(5)
  })

  test('shares of states for the text equivalent', () => {
    const { tile } = mapOf()
    tile.state.fill(CellState.Cached, 0, tile.state.length / 4)
    expect(stateShares(tile)[CellState.Cached]).toBe(0.25)
  })
})
