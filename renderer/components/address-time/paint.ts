import { Ground, type AddressTimeTile } from '../../../shared/analysis/address-time/address-time-tile'
import type { GridSize } from '../../../shared/analysis/address-time/area-grid'
import type { FoldedSpace } from '../../../shared/analysis/address-time/folded-space'
import { CODES_OF_COLOR } from '../../../shared/analysis/address-time/lifetime-colors'
import type { AddressTimeWindow } from '../../../shared/analysis/address-time/lifetime-index'
import type { LifeColor } from '../../../shared/analysis/address-time/names'
import type { AddressTimeRectangle } from '../../../shared/analysis/address-time/rectangle-filter'
import { CellState } from '../../../shared/analysis/map-tiles'
import type { EventNumber } from '../../../shared/base/units'
import type { PlotArea } from '../../canvas/chart-axes'
import type { DrawTarget } from '../../canvas/draw-target'
import { cssOf, inkOn, mix, parseColor, type Palette, type Rgb } from '../../canvas/palette'
import { PATTERN_PIXELS } from '../heap-map/cell-patterns'
import { addressTicks, boxOf, boxOfRectangle, eventTicks, LABELS_WIDTH, plotArea, shownBreaks, xOf, type LifeBox } from './layout'
import { codeColor, codeLetter, PATTERN_OF_LIFE } from './life-colors'

/*
 * Cells go into one block of pixels and on the canvas in one call. While a wider or another window is on its way, the cells there are
 * are drawn where they belong in it, so that pan and zoom follow the hand whatever the engine does.
 */
export interface LifePicture {
  readonly space: FoldedSpace
  /** What is to be seen. */
  readonly window: AddressTimeWindow
  readonly tile: AddressTimeTile
  /** What the tile shows. */
  readonly tileWindow: AddressTimeWindow
  readonly grid: GridSize
  readonly color: LifeColor
  /** Event shown. */
  readonly event: EventNumber
  /** Events worth knowing, each with a short name. */
  readonly marks: readonly { readonly event: EventNumber; readonly letter: string }[]
  /** What the filter keeps, where it is a rectangle. */
  readonly kept: AddressTimeRectangle | null
}

/** Kept between frames so that panning allocates nothing. */
export interface PixelScratch {
  pixels: Uint32Array
}

const LEVELS = 8
const FADED_SHARE = 0.16
const MARK_SHARE = 0.66
const GROUNDS = 3

const packed = ([red, green, blue]: Rgb): number => (0xff000000 | (blue << 16) | (green << 8) | red) >>> 0

/** Pixel for [code][level][ground][faded][mark], code 0 being the ground alone. */
function colorTable(palette: Palette, color: LifeColor): Uint32Array {
  const codes = CODES_OF_COLOR[color] + 1
  const table = new Uint32Array(codes * LEVELS * GROUNDS * 4)
  const grounds = groundColors(palette)
  for (let code = 0; code < codes; code++) {
    for (let level = 0; level < LEVELS; level++) {
      for (let ground = 0; ground < GROUNDS; ground++) {
        const under = grounds[ground]!
        const share = 0.3 + (0.7 * level) / (LEVELS - 1)
        for (let faded = 0; faded < 2; faded++) {
          const at = (((code * LEVELS + level) * GROUNDS + ground) * 2 + faded) * 2
          const plain = code === 0 ? under : mix(codeColor(palette, color, code - 1), under, faded === 1 ? share * FADED_SHARE : share)
          const isUncommitted = code === 0 && ground === Ground.Reserved
          table[at] = packed(plain)
          table[at + 1] = packed(isUncommitted ? mix(parseColor(palette.states[CellState.Uncommitted]!), under, 0.6) : mix(plain, under, MARK_SHARE))
        }
      }
    }
  }
  return table
}

/** Not reserved, reserved, committed: the more of the machine it takes, the further from the ground of the page. */
function groundColors(palette: Palette): Rgb[] {
  const page = parseColor(palette.background)
  return [page, mix(parseColor(palette.states[CellState.Uncommitted]!), page, 0.14), mix(parseColor(palette.states[CellState.FreeReleasable]!), page, 0.17)]
}

export function paintLives(target: DrawTarget, palette: Palette, picture: LifePicture, scratch: PixelScratch): void {
  const area = plotArea(target)
  paintCells(target, palette, area, picture, scratch)
  paintBreaks(target, palette, area, picture)
  paintAxes(target, palette, area, picture)
  paintLetters(target, palette, area, picture)
  if (picture.kept !== null) paintKept(target, palette, boxOfRectangle(picture.space, area, picture.window, picture.kept))
}

interface Plane {
  readonly pixels: Uint32Array
  readonly width: number
  readonly height: number
  readonly table: Uint32Array
  readonly ratio: number
}

function paintCells(target: DrawTarget, palette: Palette, area: PlotArea, picture: LifePicture, scratch: PixelScratch): void {
  const ratio = target.pixelRatio
  const width = Math.round((area.right - area.left) * ratio)
  const height = Math.round((area.bottom - area.top) * ratio)
  if (scratch.pixels.length !== width * height) scratch.pixels = new Uint32Array(width * height)
  const plane: Plane = { pixels: scratch.pixels, width, height, table: colorTable(palette, picture.color), ratio }
  fillCells(plane, picture, parseColor(palette.background))
  fillLives(plane, area, picture)
  target.pixels({ width, height, rgba: new Uint8ClampedArray(plane.pixels.buffer, 0, plane.pixels.byteLength) }, Math.round(area.left * ratio), Math.round(area.top * ratio))
}

/** Cell of each pixel along one axis, -1 beyond the tile. */
function cellsAlong(pixels: number, from: number, to: number, tileFrom: number, tileTo: number, cells: number): Int32Array {
  const places = new Int32Array(pixels)
  const scale = (to - from) / pixels
  const perCell = cells / (tileTo - tileFrom)
  for (let i = 0; i < pixels; i++) {
    const cell = Math.floor((from + (i + 0.5) * scale - tileFrom) * perCell)
    places[i] = cell >= 0 && cell < cells ? cell : -1
  }
  return places
}

/** Hot: runs for every pixel of every frame. Plain indexed loops, no calls. */
function fillCells({ pixels, width, height, table }: Plane, { tile, tileWindow, window, grid, color }: LifePicture, page: Rgb): void {
  const columns = cellsAlong(width, window.fromEvent, window.toEvent, tileWindow.fromEvent, tileWindow.toEvent, grid.columns)
  const rows = cellsAlong(height, window.fromOffset, window.toOffset, tileWindow.fromOffset, tileWindow.toOffset, grid.rows)
  const { code, share, ground, chosen } = tile
  const beyond = packed(page)
  const patternOfCode = patternsOf(color)
  for (let y = 0; y < height; y++) {
    const row = rows[y]!
    const line = y * width
    if (row < 0) {
      pixels.fill(beyond, line, line + width)
      continue
    }
    const patternRow = (y & 7) << 3
    const first = row * grid.columns
    for (let x = 0; x < width; x++) {
      const column = columns[x]!
      if (column < 0) {
        pixels[line + x] = beyond
        continue
      }
      const cell = first + column
      const kind = code[cell]!
      const under = ground[cell]!
      const faded = chosen !== undefined && chosen[cell] === 0 ? 2 : 0
      const pattern = kind === 0 ? (under === 1 ? UNCOMMITTED_PATTERN : 0) : patternOfCode[kind]!
      pixels[line + x] = table[((kind * 8 + (share[cell]! >> 5)) * 3 + under) * 4 + faded + PATTERN_PIXELS[pattern + patternRow + (x & 7)]!]!
    }
  }
}

const UNCOMMITTED_PATTERN = CellState.Uncommitted << 6
/** Where the pattern of each code of a tile begins among the pattern pixels; plain but for `life`. */
const patternsOf = (color: LifeColor): Int32Array => Int32Array.from({ length: CODES_OF_COLOR[color] + 1 }, (_, code) => (color === 'life' && code > 0 ? (PATTERN_OF_LIFE[code - 1] ?? CellState.Busy) << 6 : CellState.Busy << 6))

/** From this many pixels both ways a lifetime has edges of its own. */
const LEAST_EDGED = 3

/** Lifetimes that are large enough, each with a dark edge where it begins, so that neighbours of one colour are told apart. */
function fillLives(plane: Plane, area: PlotArea, { tile, window, color }: LifePicture): void {
  const { lives } = tile
  if (lives === null) return
  const { pixels, width, table, ratio } = plane
  const patternOfCode = patternsOf(color)
  for (let i = 0; i < lives.offset.length; i++) {
    const box = boxOf(area, window, { offset: lives.offset[i]!, size: lives.size[i]!, birth: lives.birth[i]!, death: lives.death[i]! })
    if (box === null) continue
    const left = Math.round((box.x - area.left) * ratio)
    const right = Math.round((box.x + box.width - area.left) * ratio)
    const top = Math.round((box.y - area.top) * ratio)
    const bottom = Math.round((box.y + box.height - area.top) * ratio)
    if (right - left < LEAST_EDGED || bottom - top < LEAST_EDGED) continue
    const code = lives.code[i]! + 1
    const faded = lives.chosen !== undefined && lives.chosen[i] === 0 ? 2 : 0
    const key = ((code * LEVELS + LEVELS - 1) * GROUNDS + Ground.Committed) * 4 + faded
    const edge = edgeColor(table[key]!)
    for (let y = top; y < bottom; y++) {
      const line = y * width
      const patternRow = patternOfCode[code]! + ((y & 7) << 3)
      for (let x = left; x < right; x++) pixels[line + x] = faded === 0 && (y === top || x === left) ? edge : table[key + PATTERN_PIXELS[patternRow + (x & 7)]!]!
    }
  }
}

function edgeColor(color: number): number {
  const part = (shift: number): number => (((color >>> shift) & 255) * 0.5) << shift
  return (0xff000000 | part(16) | part(8) | part(0)) >>> 0
}

function paintBreaks(target: DrawTarget, palette: Palette, area: PlotArea, { space, window }: LifePicture): void {
  for (const { y, text, isLabelled } of shownBreaks(space, area, window)) {
    const line = Math.min(area.bottom - 0.5, Math.max(area.top + 0.5, Math.round(y) + 0.5))
    target.line([area.left, line, area.right, line], { color: palette.text, dash: [2, 4] })
    if (!isLabelled) continue
    const width = text.length * 5.6 + 12
    const middle = Math.min(area.bottom - 8, Math.max(area.top + 8, line))
    target.fillRect(area.right - width - 4, middle - 8, width, 16, palette.background)
    target.text(text, area.right - 10, middle, { color: palette.dim, sizePx: 10.5, align: 'right' })
  }
}

function paintAxes(target: DrawTarget, palette: Palette, area: PlotArea, { space, window, marks }: LifePicture): void {
  for (const { at, text } of addressTicks(space, area, window)) {
    const y = Math.round(at) + 0.5
    target.line([area.left - 4, y, area.left, y], { color: palette.faint })
    target.text(text, LABELS_WIDTH - 10, Math.min(area.bottom - 4, Math.max(area.top + 2, at)), { color: palette.dim, font: 'mono', sizePx: 10.5, align: 'right' })
  }
  for (const { at, text } of eventTicks(area, window)) {
    const x = Math.round(at) + 0.5
    target.line([x, area.bottom, x, area.bottom + 4], { color: palette.faint })
    target.text(text, at, area.bottom + 12, { color: palette.dim, font: 'mono', sizePx: 10, align: at > area.right - 24 ? 'right' : at < area.left + 8 ? 'left' : 'center' })
  }
  let free = -Infinity
  for (const { event, letter } of [...marks].sort((a, b) => a.event - b.event)) {
    const x = Math.round(xOf(area, window, event + 0.5)) + 0.5
    if (x < area.left || x > area.right) continue
    target.line([x, area.top - 2, x, area.bottom], { color: palette.faint, dash: [2, 3] })
    const isAtEnd = x > area.right - letter.length * 6
    if (x < free) continue
    target.text(letter, isAtEnd ? x - 8 : x + 8, area.top - 7, { color: palette.dim, sizePx: 10, align: isAtEnd ? 'right' : 'left' })
    free = x + letter.length * 6 + 14
  }
}

const LETTER_ROOM = 14
const MOST_LETTERS = 1500

function paintLetters(target: DrawTarget, palette: Palette, area: PlotArea, { tile: { lives }, window, color }: LifePicture): void {
  if (lives === null) return
  let letters = 0
  for (let i = 0; i < lives.offset.length && letters < MOST_LETTERS; i++) {
    if (lives.chosen !== undefined && lives.chosen[i] === 0) continue
    const box = boxOf(area, window, { offset: lives.offset[i]!, size: lives.size[i]!, birth: lives.birth[i]!, death: lives.death[i]! })
    if (box === null || box.width < LETTER_ROOM || box.height < LETTER_ROOM) continue
    target.text(codeLetter(color, lives.code[i]!), box.x + 5, box.y + Math.min(box.height / 2, 9), { color: inkOn(codeColor(palette, color, lives.code[i]!)), sizePx: 10, bold: true })
    letters++
  }
}

function paintKept(target: DrawTarget, palette: Palette, box: LifeBox | null): void {
  if (box === null) return
  const rect = [Math.round(box.x) + 0.5, Math.round(box.y) + 0.5, Math.max(1, box.width - 1), Math.max(1, box.height - 1)] as const
  target.strokeRect(...rect, { color: palette.background, widthPx: 4 })
  target.strokeRect(...rect, { color: palette.accent, widthPx: 2, dash: [6, 3] })
}

/** What lies over the cells and follows hand and event. */
export interface LifeOverlay {
  readonly window: AddressTimeWindow
  readonly event: EventNumber
  readonly hovered: LifeBox | null
  readonly selected: LifeBox | null
  /** Other lifetimes at the selected address. */
  readonly others: readonly LifeBox[]
  readonly brushed: LifeBox | null
}

/** The smallest outline that can be seen. */
const LEAST_MARK = 5

export function paintOverlay(target: DrawTarget, palette: Palette, overlay: LifeOverlay): void {
  const area = plotArea(target)
  for (const box of overlay.others) outline(target, box, cssOf(parseColor(palette.text), 0.45), null)
  if (overlay.hovered !== null) outline(target, overlay.hovered, cssOf(parseColor(palette.text), 0.8), cssOf(parseColor(palette.background), 0.6))
  if (overlay.selected !== null) outline(target, overlay.selected, palette.text, palette.background)
  const x = xOf(area, overlay.window, overlay.event + 0.5)
  if (x >= area.left && x <= area.right) {
    const line = Math.round(x) + 0.5
    target.line([line, area.top, line, area.bottom], { color: palette.background, widthPx: 3.5 })
    target.line([line, area.top, line, area.bottom], { color: palette.accent, widthPx: 1.5 })
    target.area([x - 5, area.top - 8, x + 5, area.top - 8, x, area.top], palette.accent)
  }
  if (overlay.brushed !== null) {
    const { x: left, y: top, width, height } = overlay.brushed
    target.fillRect(left, top, width, height, cssOf(parseColor(palette.accent), 0.18))
    target.strokeRect(left, top, width, height, { color: palette.accent, widthPx: 1 })
  }
}

function outline(target: DrawTarget, box: LifeBox, color: string, halo: string | null): void {
  const width = Math.max(LEAST_MARK, box.width)
  const height = Math.max(LEAST_MARK, box.height)
  const x = box.x + box.width / 2 - width / 2
  const y = box.y + box.height / 2 - height / 2
  if (halo !== null) target.strokeRect(x, y, width, height, { color: halo, widthPx: 4 })
  target.strokeRect(x, y, width, height, { color, widthPx: halo === null ? 1 : 2 })
}
