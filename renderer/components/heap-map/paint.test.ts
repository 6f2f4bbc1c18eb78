import { describe, expect, test } from 'vitest'
import { CELL_STATE_NAMES, CellState, type MapTile } from '../../../shared/analysis/map-tiles'
import { DrawLog } from '../../canvas/draw-log'
import type { Palette } from '../../canvas/palette'
import { testPalette } from '../../canvas/testing/palette'
import type { ColorMark } from './color-marks'
import { buildGeometry, type MapGeometry, type MapLayout } from './geometry'
import { boxOfCell, HILBERT_TOP } from './hilbert-layout'
import { RULER_HEIGHT, type MapSegment } from './layout'
import { mapTable } from './map-text'
import { colorShares, paintMap, paintOutline, selectionColors, stateShares, type MapCells } from './paint'

const palette: Palette = testPalette
const SIZE = { width: 124 + 12 + 512, height: 300 }
const SEGMENTS: readonly MapSegment[] = [{ base: 0x10000, reservedBytes: 0x2000 }, { base: 0x80000, reservedBytes: 0x1000 }]

const PITCH = 15

function geometryOf(layout: MapLayout = 'rows', bytesPerCell = 16, segments = SEGMENTS, ruler = 0): MapGeometry {
  return buildGeometry({ layout, segments, size: SIZE, ruler }, bytesPerCell)
}

function tileOf(geometry: MapGeometry, fill: number = CellState.Busy): MapTile {
  const cells = geometry.ranges(0).reduce((sum, range) => sum + range.cells, 0)
  return { state: new Uint8Array(cells).fill(fill), share: new Uint8Array(cells).fill(255), starts: new Uint8Array(cells) }
}

function mapOf(patch: Partial<MapCells> = {}, fill: number = CellState.Busy): { map: MapCells; tile: MapTile; pitch: number } {
  const geometry = patch.geometry ?? geometryOf()
  const tile = patch.tile ?? tileOf(geometry, fill)
  const pitch = geometry.drawing.layout === 'rows' ? geometry.drawing.space.rowPitch : PITCH
  return { tile, pitch, map: { geometry, top: 0, tile, shown: CELL_STATE_NAMES.map(() => true), fromAddress: 0, toAddress: Infinity, starts: true, marks: null, letters: [], isBusyOnly: false, structure: null, ...patch } }
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
    const { map, pitch } = mapOf()
    expect(pixelAt(draw(map), 10, pitch - 1)).toEqual([0x15, 0x18, 0x1d])
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
    const { map, pitch } = mapOf()
    const byState = draw({ ...map, shown: map.shown.map((_, state) => state !== CellState.Busy) })
    expect(Math.max(...pixelAt(byState, 10, 2))).toBeLessThan(0x50)
    const byAddress = draw({ ...map, fromAddress: 0x11000 })
    expect(pixelAt(byAddress, 10, 2)).toEqual(pixelAt(byState, 10, 2))
    expect(pixelAt(byAddress, 10, pitch + 2)).toEqual([0x3f, 0x8f, 0xd2])
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
    const geometry = geometryOf('rows', 1, [{ base: 0x10000, reservedBytes: 4096 }])
    const log = draw(mapOf({ geometry }, CellState.FreePinned).map)
    expect(log.texts.filter((text) => text === 'P').length).toBeGreaterThan(0)
  })

  test('a selected block is outlined twice, and never too small to be seen', () => {
    const { map } = mapOf()
    const log = new DrawLog(SIZE.width, SIZE.height)
    paintOutline(log, selectionColors(palette), map.geometry, 0, { address: 0x10010, sizeBytes: 16 })
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

const MARKS: readonly ColorMark[] = [{ scheme: 'set', number: 0, pattern: 0 }, { scheme: 'set', number: 1, pattern: 1 }]

describe('colourings', () => {
  test('a cell with a value has its colour and pattern, one without is a pale state', () => {
    const { map, tile } = mapOf()
    const color = new Uint8Array(tile.state.length)
    color.fill(1, 0, 100)
    color.fill(2, 100, 200)
    const log = draw({ ...map, marks: MARKS, tile: { ...tile, color } })
    expect(pixelAt(log, 10, 2)).toEqual([0x77, 0xaa, 0xdd])
    const second = new Set<string>()
    for (let y = 0; y < 8; y++) second.add(pixelAt(log, 210, y).join())
    expect(second).toContain([0xee, 0x88, 0x66].join())
    expect(second.size).toBe(2)
    const pale = pixelAt(log, 410, 2)
    expect(Math.max(...pale)).toBeLessThan(0x60)
    expect(Math.max(...pale)).toBeGreaterThan(0x20)
  })

  test('a step of a scale keeps its colour however little of the cell it is, a name gets weaker', () => {
    const { map, tile } = mapOf()
    const weak = { ...tile, share: new Uint8Array(tile.state.length).fill(10), color: new Uint8Array(tile.state.length).fill(1) }
    expect(pixelAt(draw({ ...map, tile: weak, marks: [{ scheme: 'scale', number: 8, pattern: 0 }] }), 10, 2)).toEqual([0xfe, 0xe8, 0x38])
    expect(pixelAt(draw({ ...map, tile: weak, marks: MARKS }), 10, 2)[2]).toBeLessThan(0xdd)
  })

  test('a filter that drops busy blocks fades the values that are theirs alone', () => {
    const { map, tile } = mapOf()
    const colored = { ...tile, color: new Uint8Array(tile.state.length).fill(1) }
    const shown = map.shown.map((_, state) => state !== CellState.Busy)
    expect(Math.max(...pixelAt(draw({ ...map, tile: colored, marks: MARKS, shown, isBusyOnly: true }), 10, 2))).toBeLessThan(0x40)
    expect(pixelAt(draw({ ...map, tile: colored, marks: MARKS, shown }), 10, 2)).toEqual([0x77, 0xaa, 0xdd])
  })

  test('wide runs carry the letter of their value', () => {
    const geometry = geometryOf('rows', 1, [{ base: 0x10000, reservedBytes: 4096 }])
    const tile = { ...tileOf(geometry), color: new Uint8Array(4096).fill(2) }
    expect(draw(mapOf({ geometry, tile, marks: MARKS, letters: ['A', 'B'] }).map).texts.filter((text) => text === 'B').length).toBeGreaterThan(0)
  })

  test('shares count the cells that have a value', () => {
    const tile = { state: new Uint8Array(4), share: new Uint8Array(4), starts: new Uint8Array(4), color: Uint8Array.of(1, 1, 2, 0) }
    expect(colorShares(tile, 2).map((share) => Math.round(share * 100))).toEqual([67, 33])
  })
})

describe('ruler and inside of blocks', () => {
  test('the ruler tells what to add to a row, above the cells', () => {
    const geometry = geometryOf('rows', 16, SEGMENTS, RULER_HEIGHT)
    const log = draw(mapOf({ geometry }).map)
    expect(log.texts).toContain('+0 B')
    expect(log.texts).toContain('+512 B')
    expect(pixelAt(log, 10, RULER_HEIGHT - 2)).toEqual([0x15, 0x18, 0x1d])
    expect(pixelAt(log, 10, RULER_HEIGHT + 2)).toEqual([0x3f, 0x8f, 0xd2])
    expect(geometry.addressAt(0, 200, RULER_HEIGHT - 1)).toBeNull()
  })

  test('header, payload and rounding are stripes under their bytes, named where there is room', () => {
    const geometry = geometryOf('rows', 1, [{ base: 0x10000, reservedBytes: 4096 }])
    const structure = { address: Float64Array.of(0x10000, 0x10010, 0x10030), bytes: Float64Array.of(16, 32, 16), part: Uint8Array.of(0, 1, 2) }
    const log = draw(mapOf({ geometry, structure }).map)
    expect(log.of('fillRect').map(({ color }) => color)).toEqual([palette.text, palette.good, palette.bad])
    expect(log.texts).toEqual(expect.arrayContaining(['header 16', 'payload 32', 'rounding 16']))
    expect(log.texts).not.toContain('B')
  })
})

describe('painted Hilbert curve', () => {
  test('a cell lies where its place on the curve is, squares name their first address', () => {
    const geometry = geometryOf('hilbert')
    const { map, tile } = mapOf({ geometry })
    if (geometry.drawing.layout !== 'hilbert') throw new Error('expected a Hilbert curve')
    const { space } = geometry.drawing
    for (const cell of [0, 1, 77, 600]) {
      tile.state.fill(CellState.Busy)
      tile.state[cell] = CellState.Cached
      const log = draw({ ...map, starts: false })
      const box = boxOfCell(space, 0, cell)
      const inside = pixelAt(log, Math.floor(box.x - 12 + box.edge / 2), Math.floor(box.y + box.edge / 2))
      expect(inside).not.toEqual([0x3f, 0x8f, 0xd2])
      expect(geometry.addressAt(0, box.x + box.edge / 2, box.y + box.edge / 2)).toBe(cell < 512 ? 0x10000 + cell * 16 : 0x80000 + (cell - 512) * 16)
    }
    const log = draw(map)
    expect(log.texts.some((text) => text.startsWith("from 0x0000'0001'0000"))).toBe(true)
    // The segments meet inside the first square: their border is drawn.
    expect(log.of('line').length).toBeGreaterThan(0)
  })

  test('behind the last cell there is ground, and no address', () => {
    const geometry = geometryOf('hilbert')
    if (geometry.drawing.layout !== 'hilbert') throw new Error('expected a Hilbert curve')
    const { space } = geometry.drawing
    const behind = boxOfCell(space, 0, space.totalCells + 5)
    expect(pixelAt(draw(mapOf({ geometry }).map), Math.floor(behind.x - 12 + behind.edge / 2), Math.floor(behind.y + behind.edge / 2))).toEqual([0x15, 0x18, 0x1d])
    expect(geometry.addressAt(0, behind.x + 1, behind.y + 1)).toBeNull()
    expect(geometry.addressAt(0, 20, HILBERT_TOP - 2)).toBeNull()
  })

  test('a selected block is ringed even where it is a dot', () => {
    const log = new DrawLog(SIZE.width, SIZE.height)
    paintOutline(log, selectionColors(palette), geometryOf('hilbert'), 0, { address: 0x10010, sizeBytes: 16 })
    expect(log.of('line').map(({ color }) => color)).toEqual([palette.background, palette.text])
  })
})

describe('the map as a table', () => {
  test('has a row for each stretch of one state, all of them as many bytes as the cells', () => {
    const geometry = geometryOf()
    const tile = tileOf(geometry)
    tile.state.fill(CellState.Cached, 3, 7)
    tile.share.fill(51, 3, 7)
    const { rows, columns } = mapTable('Map', [], { geometry, top: 0, colors: null, tile }, null)
    expect(columns.map(({ key }) => key)).toEqual(['from', 'to', 'bytes', 'state', 'share'])
    expect(rows.slice(0, 3)).toEqual([
      ['0x10000', '0x10030', 48, 'busy', 1],
      ['0x10030', '0x10070', 64, 'cached', 0.2],
      ['0x10070', expect.any(String), expect.any(Number), 'busy', 1],
    ])
    expect(rows.reduce((sum, row) => sum + Number(row[2]), 0)).toBe(tile.state.length * geometry.bytesPerCell)
  })

  test('tells the values of a colouring, none where there is none', () => {
    const geometry = geometryOf()
    const tile = { ...tileOf(geometry), color: new Uint8Array(tileOf(geometry).state.length) }
    tile.color.fill(2, 0, 4)
    const entry = (name: string) => ({ name, letter: name, filter: null, bytes: 1, count: 1 })
    const { rows, columns } = mapTable('Map', [], { geometry, top: 0, colors: { by: 'site' }, tile }, { wish: { by: 'site' }, entries: [entry('read'), entry('draw')] })
    expect(columns[4]).toMatchObject({ key: 'value', label: 'Call site' })
    expect(rows.slice(0, 2).map((row) => row.slice(2, 5))).toEqual([[64, 'busy', 'draw'], [expect.any(Number), 'busy', null]])
  })
})
