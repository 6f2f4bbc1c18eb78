import { CellState, CELL_STATE_NAMES, type MapTile } from '../../../shared/analysis/map-tiles'
import type { CssPixels, DrawTarget } from '../../canvas/draw-target'
import { cssOf, inkOn, mix, parseColor, type Palette, type Rgb } from '../../canvas/palette'
import { formatAddress, formatBytes } from '../format'
import { PATTERN_PIXELS, STATE_LETTERS } from './cell-patterns'
import { cellLeft, LABEL_WIDTH, type MapSpace, outlineOf, type VisiblePart } from './layout'

/*
 * Cells are written into one block of pixels and put on the canvas in one call (a map of 1,300 x 500 pixels has up to
 * 40,000 cells: as many fillRect calls would miss the frame).
 */
export interface MapCells {
  readonly space: MapSpace
  readonly topRow: number
  readonly parts: readonly VisiblePart[]
  readonly tile: MapTile
  /** By CellState: false = faded by the filter. */
  readonly shown: readonly boolean[]
  /** Cells outside [fromAddress, toAddress) are faded too. */
  readonly fromAddress: number
  readonly toAddress: number
  /** Mark where blocks begin; only sensible when blocks are larger than cells. */
  readonly starts: boolean
}

/** Kept between frames so that scrolling allocates nothing. */
export interface PixelScratch {
  pixels: Uint32Array
}

const LEVELS = 8
const FADED_SHARE = 0.13
const MARK_SHARE = 0.62
const START_SHARE = 0.35

/** Pixel for [state][level][faded][mark], little-endian ABGR as ImageData reads it. */
function buildColorTable(palette: Palette, ground: Rgb): { table: Uint32Array; ground: number } {
  const table = new Uint32Array(CELL_STATE_NAMES.length * LEVELS * 4)
  const packed = ([red, green, blue]: Rgb): number => (0xff000000 | (blue << 16) | (green << 8) | red) >>> 0
  for (let state = 0; state < CELL_STATE_NAMES.length; state++) {
    const full = state === CellState.Gap ? ground : parseColor(palette.states[state]!)
    for (let level = 0; level < LEVELS; level++) {
      const share = 0.42 + (0.58 * level) / (LEVELS - 1)
      for (let faded = 0; faded < 2; faded++) {
        const color = mix(full, ground, faded === 1 ? share * FADED_SHARE : share)
        const index = ((state * LEVELS + level) * 2 + faded) * 2
        table[index] = packed(color)
        table[index + 1] = packed(mix(color, ground, MARK_SHARE))
      }
    }
  }
  return { table, ground: packed(ground) }
}

/** Device pixel at which each cell of a row begins, relative to the plot; one more than cells. */
function cellEdges(space: MapSpace, plotPixels: number): Int32Array {
  const edges = new Int32Array(space.cellsPerRow + 1)
  for (let column = 0; column <= space.cellsPerRow; column++) edges[column] = Math.round((column / space.cellsPerRow) * plotPixels)
  return edges
}

export function paintMap(target: DrawTarget, palette: Palette, map: MapCells, scratch: PixelScratch): void {
  paintCells(target, palette, map, scratch)
  for (const part of map.parts) {
    if (part.kind === 'band') paintBand(target, palette, part, map.space)
    else paintRowLabels(target, palette, part, map.space)
  }
  if (map.space.rowPitch >= 14) paintLetters(target, palette, map)
}

function paintCells(target: DrawTarget, palette: Palette, map: MapCells, scratch: PixelScratch): void {
  const ratio = target.pixelRatio
  const { space, tile } = map
  const width = Math.round(space.plotWidth * ratio)
  const height = Math.round(target.height * ratio)
  if (scratch.pixels.length !== width * height) scratch.pixels = new Uint32Array(width * height)
  const pixels = scratch.pixels
  const { table, ground } = buildColorTable(palette, parseColor(palette.background))
  pixels.fill(ground)
  const edges = cellEdges(space, width)
  let firstCell = 0
  for (const part of map.parts) {
    if (part.kind !== 'cells') continue
    for (let row = 0; row < part.rows; row++) {
      const cells = Math.min(space.cellsPerRow, part.cells - row * space.cellsPerRow)
      const top = Math.round((part.y + row * space.rowPitch) * ratio)
      const bottom = Math.min(height, Math.round((part.y + (row + 1) * space.rowPitch - 1) * ratio))
      const address = part.address + row * space.rowBytes
      const keys = rowKeys(map, firstCell, cells, address)
      fillRow({ pixels, width, edges, table }, keys, tile, { firstCell, cells, top: Math.max(0, top), bottom, starts: map.starts })
      firstCell += cells
    }
  }
  target.pixels({ width, height, rgba: new Uint8ClampedArray(pixels.buffer, 0, pixels.byteLength) }, Math.round(space.plotLeft * ratio), 0)
}

/** Index of each cell's plain colour in the colour table. */
function rowKeys(map: MapCells, firstCell: number, cells: number, rowAddress: number): Uint16Array {
  const { state, share, chosen } = map.tile
  const { bytesPerCell } = map.space
  const keys = new Uint16Array(cells)
  for (let i = 0; i < cells; i++) {
    const kind = state[firstCell + i] ?? 0
    const address = rowAddress + i * bytesPerCell
    const faded = map.shown[kind] === true && address + bytesPerCell > map.fromAddress && address < map.toAddress && (chosen === undefined || chosen[firstCell + i]! > 0) ? 0 : 1
    keys[i] = ((kind * LEVELS + ((share[firstCell + i] ?? 255) >> 5)) * 2 + faded) * 2
  }
  return keys
}

interface PixelPlane {
  readonly pixels: Uint32Array
  readonly width: number
  readonly edges: Int32Array
  readonly table: Uint32Array
}

interface RowPlace {
  readonly firstCell: number
  readonly cells: number
  readonly top: number
  readonly bottom: number
  readonly starts: boolean
}

/** Hot: runs for every pixel of the map in every frame. Plain indexed loops, no calls. */
function fillRow(plane: PixelPlane, keys: Uint16Array, tile: MapTile, row: RowPlace): void {
  const { pixels, width, edges, table } = plane
  const { state, starts } = tile
  for (let y = row.top; y < row.bottom; y++) {
    const patternRow = ((y - row.top) & 7) << 3
    const line = y * width
    for (let i = 0; i < row.cells; i++) {
      const cell = row.firstCell + i
      const key = keys[i]!
      const pattern = (state[cell]! << 6) + patternRow
      const right = edges[i + 1]!
      let x = edges[i]!
      if (row.starts && starts[cell] === 1) {
        pixels[line + x] = startColor(table[key]!)
        x++
      }
      for (; x < right; x++) pixels[line + x] = table[key + PATTERN_PIXELS[pattern + (x & 7)]!]!
    }
  }
}

/** Dark edge at a block's start: the cell's colour with the same share of each channel. */
function startColor(color: number): number {
  const red = (color & 255) * START_SHARE
  const green = ((color >>> 8) & 255) * START_SHARE
  const blue = ((color >>> 16) & 255) * START_SHARE
  return (0xff000000 | (blue << 16) | (green << 8) | red) >>> 0
}

const LABEL_DISTANCE: CssPixels = 44
const LABEL_HALF: CssPixels = 6

function paintRowLabels(target: DrawTarget, palette: Palette, part: VisiblePart & { kind: 'cells' }, space: MapSpace): void {
  const every = 2 ** Math.ceil(Math.log2(Math.max(1, LABEL_DISTANCE / space.rowPitch)))
  const first = Math.round((part.address - space.segments[part.segment]!.base) / space.rowBytes)
  for (let row = 0; row < part.rows; row++) {
    const inSegment = first + row
    const middle = part.y + (row + 0.5) * space.rowPitch
    const y = Math.max(middle, LABEL_HALF)
    if (inSegment % every !== 0 || middle < 0 || middle > target.height - LABEL_HALF) continue
    target.text(formatAddress(part.address + row * space.rowBytes), LABEL_WIDTH - 10, y, { color: palette.dim, font: 'mono', sizePx: 10.5, align: 'right' })
  }
}

function paintBand(target: DrawTarget, palette: Palette, part: VisiblePart & { kind: 'band' }, space: MapSpace): void {
  const y = Math.round(part.y + part.height / 2) + 0.5
  const right = space.plotLeft + space.plotWidth
  if (part.height < 12) return target.line([space.plotLeft, y, right, y], { color: palette.line, dash: [4, 4] })
  const text = `not reserved, ${formatBytes(part.bytes)}`
  const half = text.length * 3.2 + 8
  const middle = space.plotLeft + space.plotWidth / 2
  target.line([space.plotLeft, y, middle - half, y], { color: palette.line, dash: [4, 4] })
  target.line([middle + half, y, right, y], { color: palette.line, dash: [4, 4] })
  target.text(text, middle, y, { color: palette.dim, align: 'center', sizePx: 11 })
}

const LETTER_WIDTH: CssPixels = 16
const MOST_LETTERS = 1500

/** One letter at the start of each run of a state that is wide enough. */
function paintLetters(target: DrawTarget, palette: Palette, map: MapCells): void {
  const inks = palette.states.map((color) => inkOn(parseColor(color)))
  let firstCell = 0
  let letters = 0
  for (const part of map.parts) {
    if (part.kind !== 'cells') continue
    for (let row = 0; row < part.rows && letters < MOST_LETTERS; row++) {
      const cells = Math.min(map.space.cellsPerRow, part.cells - row * map.space.cellsPerRow)
      const y = part.y + (row + 0.5) * map.space.rowPitch - 0.5
      letters += paintRowLetters(target, map, { firstCell, cells, y, inks })
      firstCell += cells
    }
  }
}

function paintRowLetters(target: DrawTarget, map: MapCells, row: { firstCell: number; cells: number; y: CssPixels; inks: readonly string[] }): number {
  const { state, starts } = map.tile
  let letters = 0
  for (let i = 0; i < row.cells; ) {
    const kind = state[row.firstCell + i]!
    let end = i + 1
    while (end < row.cells && state[row.firstCell + end] === kind && starts[row.firstCell + end] !== 1) end++
    const left = cellLeft(map.space, i)
    const letter = STATE_LETTERS[kind] ?? ''
    const isBlockStart = i === 0 || starts[row.firstCell + i] === 1 || state[row.firstCell + i - 1] !== kind
    if (letter !== '' && isBlockStart && map.shown[kind] === true && cellLeft(map.space, end) - left >= LETTER_WIDTH) {
      target.text(letter, left + 5, row.y, { color: row.inks[kind]!, sizePx: 10, bold: true })
      letters++
    }
    i = end
  }
  return letters
}

export interface MarkedBlock {
  readonly address: number
  readonly sizeBytes: number
}

/** The smallest outline that can be seen. */
const LEAST_MARK: CssPixels = 5

/** A line round a block: bright inside, dark outside, so that it stands out on every state. */
export function paintOutline(target: DrawTarget, colors: { line: string; halo: string }, space: MapSpace, topRow: number, block: MarkedBlock): void {
  const points = outlineOf(space, topRow, block, target.height)
  if (points.length === 0) return
  if (points.length === 8 && points[2]! - points[0]! < LEAST_MARK) {
    const middle = (points[0]! + points[2]!) / 2
    points[0] = points[6] = middle - LEAST_MARK / 2
    points[2] = points[4] = middle + LEAST_MARK / 2
  }
  target.line(points, { color: colors.halo, widthPx: 4, closed: true })
  target.line(points, { color: colors.line, widthPx: 2, closed: true })
}

/** Colours of the selection and of the hovered block. */
export const selectionColors = (palette: Palette): { line: string; halo: string } => ({ line: palette.text, halo: palette.background })
export const hoverColors = (palette: Palette): { line: string; halo: string } => ({ line: cssOf(parseColor(palette.text), 0.75), halo: cssOf(parseColor(palette.background), 0.6) })

/** Share of the shown cells in each state, for the text equivalent. */
export function stateShares(tile: MapTile): number[] {
  const counts = CELL_STATE_NAMES.map(() => 0)
  for (let i = 0; i < tile.state.length; i++) counts[tile.state[i]!]!++
  return counts.map((count) => (tile.state.length === 0 ? 0 : count / tile.state.length))
}
