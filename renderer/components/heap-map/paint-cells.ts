import { CELL_STATE_NAMES, CellState, type MapTile } from '../../../shared/analysis/map-tiles'
import type { MapRange } from '../../../shared/analysis/cell-writer'
import type { DrawTarget } from '../../canvas/draw-target'
import { mix, parseColor, type Palette, type Rgb } from '../../canvas/palette'
import { PATTERN_PIXELS } from './cell-patterns'
import { COLOR_PATTERN_PIXELS, colorOf, type ColorMark } from './color-marks'
import { HILBERT_LEFT, HILBERT_TOP, squareLeft, type HilbertSpace } from './hilbert-layout'
import type { MapSpace, VisiblePart } from './layout'

/*
 * Cells are written into one block of pixels and put on the canvas in one call (a map of 1,300 x 500 pixels has up to
 * 40,000 cells: as many fillRect calls would miss the frame).
 */
export interface CellLook {
  readonly tile: MapTile
  /** By CellState: false = faded by the filter. */
  readonly shown: readonly boolean[]
  /** Cells outside [fromAddress, toAddress) are faded too. */
  readonly fromAddress: number
  readonly toAddress: number
  /** Mark where blocks begin; only sensible when blocks are larger than cells. */
  readonly starts: boolean
  /** Of the values in `tile.color`, by code - 1; null = coloured by state. */
  readonly marks: readonly ColorMark[] | null
  /** The colouring tells of busy blocks alone. */
  readonly isBusyOnly: boolean
}

/** Kept between frames so that scrolling allocates nothing. */
export interface PixelScratch {
  pixels: Uint32Array
}

const LEVELS = 8
const FADED_SHARE = 0.13
/** States beside a colouring: still told apart, and out of its way. */
const NEUTRAL_SHARE = 0.3
const MARK_SHARE = 0.62
const START_SHARE = 0.35
const STATES = CELL_STATE_NAMES.length

const ALL_PATTERNS = new Uint8Array([...PATTERN_PIXELS, ...COLOR_PATTERN_PIXELS])

const packed = ([red, green, blue]: Rgb): number => (0xff000000 | (blue << 16) | (green << 8) | red) >>> 0

/** What a kind of cell looks like: states first, then the values of the colouring. */
interface KindLook {
  readonly full: Rgb
  /** Strength of a cell of which the share is 0, and what a full one has more. */
  readonly least: number
  readonly more: number
}

function looksOf(palette: Palette, marks: readonly ColorMark[] | null, ground: Rgb): KindLook[] {
  const by = marks === null ? 1 : NEUTRAL_SHARE
  const states = CELL_STATE_NAMES.map((_, state) => ({ full: state === CellState.Gap ? ground : parseColor(palette.states[state]!), least: 0.42 * by, more: 0.58 * by }))
  // A step of a scale is told by its lightness alone, so its share must not change it.
  return [...states, ...(marks ?? []).map((mark) => ({ full: parseColor(colorOf(palette, mark)), least: mark.scheme === 'scale' ? 1 : 0.5, more: mark.scheme === 'scale' ? 0 : 0.5 }))]
}

/** Pixel for [kind][level][faded][mark], little-endian ABGR as ImageData reads it. */
function buildColorTable(looks: readonly KindLook[], ground: Rgb): Uint32Array {
  const table = new Uint32Array(looks.length * LEVELS * 4)
  looks.forEach(({ full, least, more }, kind) => {
    for (let level = 0; level < LEVELS; level++) {
      const share = least + (more * level) / (LEVELS - 1)
      for (let faded = 0; faded < 2; faded++) {
        const color = mix(full, ground, faded === 1 ? share * FADED_SHARE : share)
        const index = ((kind * LEVELS + level) * 2 + faded) * 2
        table[index] = packed(color)
        table[index + 1] = packed(mix(color, ground, MARK_SHARE))
      }
    }
  })
  return table
}

export interface CellKeys {
  /** Index of each cell's plain colour in the table. */
  readonly color: Uint16Array
  /** Where each cell's pattern begins. */
  readonly pattern: Uint16Array
}

export function cellKeys(look: CellLook, ranges: readonly MapRange[], bytesPerCell: number): CellKeys {
  const { state, share, chosen, color: code } = look.tile
  const color = new Uint16Array(state.length)
  const pattern = new Uint16Array(state.length)
  const { marks, shown, isBusyOnly } = look
  const isBusyShown = shown[CellState.Busy] === true
  let cell = 0
  for (const range of ranges) {
    for (let i = 0; i < range.cells && cell < state.length; i++, cell++) {
      const value = marks === null || code === undefined ? 0 : code[cell]!
      const isColored = value !== 0 && value <= (marks?.length ?? 0)
      const kind = isColored ? STATES + value - 1 : state[cell]!
      const address = range.address + i * bytesPerCell
      const isStateShown = isColored ? !isBusyOnly || isBusyShown : shown[kind] === true
      const faded = isStateShown && address + bytesPerCell > look.fromAddress && address < look.toAddress && (chosen === undefined || chosen[cell]! > 0) ? 0 : 1
      color[cell] = ((kind * LEVELS + (share[cell]! >> 5)) * 2 + faded) * 2
      pattern[cell] = (isColored ? STATES + marks![value - 1]!.pattern : kind) << 6
    }
  }
  return { color, pattern }
}

interface PixelPlane {
  readonly pixels: Uint32Array
  readonly width: number
  readonly height: number
  readonly table: Uint32Array
  readonly ground: number
}

function planeOf(target: DrawTarget, palette: Palette, plotWidth: number, marks: readonly ColorMark[] | null, scratch: PixelScratch): PixelPlane {
  const width = Math.round(plotWidth * target.pixelRatio)
  const height = Math.round(target.height * target.pixelRatio)
  if (scratch.pixels.length !== width * height) scratch.pixels = new Uint32Array(width * height)
  const background = parseColor(palette.background)
  const ground = packed(background)
  scratch.pixels.fill(ground)
  return { pixels: scratch.pixels, width, height, table: buildColorTable(looksOf(palette, marks, background), background), ground }
}

function put(target: DrawTarget, { pixels, width, height }: PixelPlane, left: number): void {
  target.pixels({ width, height, rgba: new Uint8ClampedArray(pixels.buffer, 0, pixels.byteLength) }, Math.round(left * target.pixelRatio), 0)
}

/** Device pixel at which each of `count` cells begins in `pixels` of them; one more than cells. */
function cellEdges(count: number, pixels: number): Int32Array {
  const edges = new Int32Array(count + 1)
  for (let i = 0; i <= count; i++) edges[i] = Math.round((i / count) * pixels)
  return edges
}

export function paintRowCells(target: DrawTarget, palette: Palette, space: MapSpace, parts: readonly VisiblePart[], look: CellLook, scratch: PixelScratch): void {
  const ratio = target.pixelRatio
  const plane = planeOf(target, palette, space.plotWidth, look.marks, scratch)
  const edges = cellEdges(space.cellsPerRow, plane.width)
  const ranges = parts.flatMap((part) => (part.kind === 'cells' ? [part] : []))
  const keys = cellKeys(look, ranges, space.bytesPerCell)
  const highest = Math.round(space.plotTop * ratio)
  let firstCell = 0
  for (const part of ranges) {
    for (let row = 0; row < part.rows; row++) {
      const cells = Math.min(space.cellsPerRow, part.cells - row * space.cellsPerRow)
      const top = Math.round((part.y + row * space.rowPitch) * ratio)
      const bottom = Math.min(plane.height, Math.round((part.y + (row + 1) * space.rowPitch - 1) * ratio))
      fillRow(plane, keys, look, { edges, firstCell, cells, top: Math.max(highest, top), bottom })
      firstCell += cells
    }
  }
  put(target, plane, space.plotLeft)
}

interface RowPlace {
  readonly edges: Int32Array
  readonly firstCell: number
  readonly cells: number
  readonly top: number
  readonly bottom: number
}

/** Hot: runs for every pixel of the map in every frame. Plain indexed loops, no calls but for block starts. */
function fillRow({ pixels, width, table }: PixelPlane, keys: CellKeys, look: CellLook, { edges, firstCell, cells, top, bottom }: RowPlace): void {
  const { starts } = look.tile
  for (let y = top; y < bottom; y++) {
    const patternRow = ((y - top) & 7) << 3
    const line = y * width
    for (let i = 0; i < cells; i++) {
      const cell = firstCell + i
      const key = keys.color[cell]!
      const pattern = keys.pattern[cell]! + patternRow
      const right = edges[i + 1]!
      let x = edges[i]!
      if (look.starts && starts[cell] === 1) {
        pixels[line + x] = startColor(table[key]!)
        x++
      }
      for (; x < right; x++) pixels[line + x] = table[key + ALL_PATTERNS[pattern + (x & 7)]!]!
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

/** Patterns begin at the corner of the square: they run on over neighbours of one kind, whatever way the curve takes. */
export function paintHilbertCells(target: DrawTarget, palette: Palette, { space, first, ranges }: { readonly space: HilbertSpace; readonly first: number; readonly ranges: readonly MapRange[] }, look: CellLook, scratch: PixelScratch): void {
  const ratio = target.pixelRatio
  const plane = planeOf(target, palette, squareLeft(space, space.squaresShown) - HILBERT_LEFT, look.marks, scratch)
  const keys = cellKeys(look, ranges, space.bytesPerCell)
  const edges = cellEdges(space.side, Math.round(space.edge * ratio))
  const top = Math.round(HILBERT_TOP * ratio)
  for (let shown = 0; shown < space.squaresShown; shown++) {
    const left = Math.round((squareLeft(space, shown) - HILBERT_LEFT) * ratio)
    const firstCell = shown * space.cellsPerSquare
    if ((first + shown) * space.cellsPerSquare < space.totalCells) fillSquare(plane, keys, look, { space, edges, firstCell, left, top })
  }
  put(target, plane, HILBERT_LEFT)
}

interface SquarePlace {
  readonly space: HilbertSpace
  readonly edges: Int32Array
  readonly firstCell: number
  readonly left: number
  readonly top: number
}

/** Hot like fillRow. A cell behind the last one keeps the ground. */
function fillSquare({ pixels, width, height, table }: PixelPlane, keys: CellKeys, look: CellLook, { space, edges, firstCell, left, top }: SquarePlace): void {
  const { side, curve } = space
  const { state, starts } = look.tile
  for (let row = 0; row < side; row++) {
    const bottom = Math.min(height, top + edges[row + 1]!)
    for (let column = 0; column < side; column++) {
      const cell = firstCell + curve[row * side + column]!
      if (cell >= state.length) continue
      const key = keys.color[cell]!
      const pattern = keys.pattern[cell]!
      const from = left + edges[column]!
      const to = Math.min(width, left + edges[column + 1]!)
      const isStart = look.starts && starts[cell] === 1
      for (let y = top + edges[row]!; y < bottom; y++) {
        const patternRow = pattern + ((y & 7) << 3)
        const line = y * width
        for (let x = from; x < to; x++) pixels[line + x] = table[key + ALL_PATTERNS[patternRow + (x & 7)]!]!
        if (isStart) pixels[line + from] = startColor(table[key]!)
      }
    }
  }
}
