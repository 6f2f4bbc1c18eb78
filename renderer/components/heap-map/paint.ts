import { CELL_STATE_NAMES, CellState, type MapTile } from '../../../shared/analysis/map-tiles'
import { BLOCK_PART_NAMES, BlockPart, type BlockStructure } from '../../../shared/analysis/block-structure'
import type { CssColor, CssPixels, DrawTarget } from '../../canvas/draw-target'
import { cssOf, inkOn, parseColor, type Palette } from '../../canvas/palette'
import { formatAddress, formatBytes } from '../format'
import { STATE_LETTERS } from './cell-patterns'
import { colorOf } from './color-marks'
import type { MapGeometry } from './geometry'
import { HILBERT_TOP, addressOfCell, squareLeft, type HilbertSpace } from './hilbert-layout'
import { cellLeft, LABEL_WIDTH, RULER_HEIGHT, type MapSpace, type VisiblePart } from './layout'
import { paintHilbertCells, paintRowCells, type CellLook, type PixelScratch } from './paint-cells'

export interface MapCells extends CellLook {
  readonly geometry: MapGeometry
  readonly top: number
  /** Letters of the values in `tile.color`, by code - 1. */
  readonly letters: readonly string[]
  /** Insides of blocks, where cells are single bytes. */
  readonly structure: BlockStructure | null
}

export function paintMap(target: DrawTarget, palette: Palette, map: MapCells, scratch: PixelScratch): void {
  const { geometry, top } = map
  const { drawing } = geometry
  if (drawing.layout === 'rows') {
    const parts = geometry.parts(top)
    paintRowCells(target, palette, drawing.space, parts, map, scratch)
    for (const part of parts) {
      if (part.kind === 'band') paintBand(target, palette, part, drawing.space)
      else paintRowLabels(target, palette, part, drawing.space)
    }
    if (drawing.space.plotTop > 0) paintRuler(target, palette, drawing.space)
    if (drawing.space.rowPitch >= 14) paintLetters(target, palette, map, drawing.space, parts)
  } else {
    paintHilbertCells(target, palette, { space: drawing.space, first: top, ranges: geometry.ranges(top) }, map, scratch)
    paintSquareLabels(target, palette, drawing.space, top)
  }
  if (map.structure !== null) paintStructure(target, palette, geometry, top, map.structure, map.marks !== null)
}

const RULER_STEPS = 8

/** What to add to a row's address, at every eighth of the row. */
function paintRuler(target: DrawTarget, palette: Palette, space: MapSpace): void {
  target.fillRect(0, 0, target.width, RULER_HEIGHT, palette.background)
  const bottom = RULER_HEIGHT - 0.5
  target.line([space.plotLeft, bottom, space.plotLeft + space.plotWidth, bottom], { color: palette.line })
  for (let step = 0; step < RULER_STEPS; step++) {
    const x = Math.round(space.plotLeft + (step / RULER_STEPS) * space.plotWidth) + 0.5
    target.line([x, RULER_HEIGHT - 5, x, RULER_HEIGHT], { color: palette.faint })
    target.text(`+${formatBytes((space.rowBytes * step) / RULER_STEPS)}`, x + 4, RULER_HEIGHT / 2 - 0.5, { color: palette.dim, font: 'mono', sizePx: 10 })
  }
  target.text('address', LABEL_WIDTH - 10, RULER_HEIGHT / 2 - 0.5, { color: palette.dim, sizePx: 10, align: 'right' })
}

/** From here on the longer label fits. */
const LEAST_LONG_LABEL: CssPixels = 320

/** Each square names its first address; borders between segments are lines, as the curve leaves out what lies between. */
function paintSquareLabels(target: DrawTarget, palette: Palette, space: HilbertSpace, first: number): void {
  for (let shown = 0; shown < space.squaresShown; shown++) {
    const left = squareLeft(space, shown)
    const address = addressOfCell(space, (first + shown) * space.cellsPerSquare)
    if (address === null) continue
    target.strokeRect(left - 0.5, HILBERT_TOP - 0.5, space.edge + 1, space.edge + 1, { color: palette.line })
    const text = shown === 0 && space.edge >= LEAST_LONG_LABEL ? `from ${formatAddress(address)}, begins at the lower left` : `from ${formatAddress(address)}`
    target.text(text, left, HILBERT_TOP / 2, { color: palette.dim, font: 'mono', sizePx: 10.5 })
  }
  paintSegmentBorders(target, palette, space, first)
}

/** One pixel lines where neighbouring cells belong to different segments. */
function paintSegmentBorders(target: DrawTarget, palette: Palette, space: HilbertSpace, first: number): void {
  const { side, curve, edge, cellsPerSquare, squaresShown, totalCells } = space
  const unit = edge / side
  const style = { color: palette.text, widthPx: 1 }
  for (let shown = 0; shown < squaresShown; shown++) {
    const base = (first + shown) * cellsPerSquare
    const left = squareLeft(space, shown)
    const owner = ownersOf(space, base)
    // Along a line of cells, neighbouring pieces of border are drawn as one.
    for (let line = 1; line < side; line++) {
      for (const isColumn of [false, true]) {
        let open = -1
        for (let k = 0; k <= side; k++) {
          const here = isColumn ? k * side + line : line * side + k
          const isBorder = k < side && base + curve[here]! < totalCells && owner[curve[here]!] !== owner[curve[isColumn ? here - 1 : here - side]!]
          if (isBorder && open < 0) open = k
          if (isBorder || open < 0) continue
          const at = line * unit
          target.line(isColumn ? [left + at, HILBERT_TOP + open * unit, left + at, HILBERT_TOP + k * unit] : [left + open * unit, HILBERT_TOP + at, left + k * unit, HILBERT_TOP + at], style)
          open = -1
        }
      }
    }
  }
}

/** Segment of each cell of a square. */
function ownersOf({ firstCells, cellsPerSquare }: HilbertSpace, base: number): Int32Array {
  const owners = new Int32Array(cellsPerSquare).fill(-1)
  for (let i = 0; i < firstCells.length; i++) {
    const from = firstCells[i]! - base
    if (from >= cellsPerSquare) break
    owners.fill(i, Math.max(0, from))
  }
  return owners
}

const STRIPE: CssPixels = 3
const LEAST_STRUCTURE_TEXT: CssPixels = 60

/** A stripe under the bytes of each part; where cells are squares, its border. */
function paintStructure(target: DrawTarget, palette: Palette, geometry: MapGeometry, top: number, { address, bytes, part }: BlockStructure, isColored: boolean): void {
  const colors: Record<number, CssColor> = { [BlockPart.Header]: palette.text, [BlockPart.Payload]: palette.good, [BlockPart.Rounding]: palette.bad, [BlockPart.Rest]: palette.dim }
  const ink = isColored ? palette.text : inkOn(parseColor(palette.states[CellState.Busy]!))
  for (let i = 0; i < address.length; i++) {
    const kind = part[i]!
    const color = colors[kind] ?? palette.dim
    const { lines, isClosed } = geometry.outline(top, { address: address[i]!, sizeBytes: bytes[i]! })
    if (!isClosed || geometry.drawing.layout !== 'rows') {
      for (const points of lines) target.line(points, { color, widthPx: 1.5 })
      continue
    }
    const { space } = geometry.drawing
    let isNamed = false
    for (const { x0, x1, y } of rowSpans(space, top, address[i]!, bytes[i]!)) {
      const bottom = y + space.rowPitch - 1
      if (y < space.plotTop || y > target.height) continue
      target.fillRect(x0 + 1, bottom - STRIPE, Math.max(1, x1 - x0 - 2), STRIPE, color)
      const text = `${BLOCK_PART_NAMES[kind]!} ${bytes[i]!}`
      if (isNamed || x1 - x0 < Math.max(LEAST_STRUCTURE_TEXT, text.length * 5.4)) continue
      isNamed = true
      if (isColored) target.fillRect(x0 + 3, y + 1, text.length * 5.4 + 4, space.rowPitch - STRIPE - 3, palette.background)
      target.text(text, x0 + 5, y + (space.rowPitch - STRIPE) / 2, { color: ink, sizePx: 9, bold: true })
    }
  }
}

interface RowSpan {
  readonly x0: CssPixels
  readonly x1: CssPixels
  readonly y: CssPixels
}

/** The stretch row by row. */
function rowSpans(space: MapSpace, top: number, address: number, bytes: number): RowSpan[] {
  const segment = space.segments.findIndex(({ base, reservedBytes }) => address >= base && address < base + reservedBytes)
  if (segment < 0) return []
  const spans: RowSpan[] = []
  const first = Math.floor((address - space.segments[segment]!.base) / space.bytesPerCell)
  const end = first + Math.ceil(bytes / space.bytesPerCell)
  for (let cell = first; cell < end; ) {
    const row = Math.floor(cell / space.cellsPerRow)
    const next = Math.min(end, (row + 1) * space.cellsPerRow)
    const column = cell - row * space.cellsPerRow
    spans.push({ x0: cellLeft(space, column), x1: cellLeft(space, column + next - cell), y: space.plotTop + Math.round((space.firstRows[segment]! + row - top) * space.rowPitch) })
    cell = next
  }
  return spans
}

const LABEL_DISTANCE: CssPixels = 44
const LABEL_HALF: CssPixels = 6

function paintRowLabels(target: DrawTarget, palette: Palette, part: VisiblePart & { kind: 'cells' }, space: MapSpace): void {
  const every = 2 ** Math.ceil(Math.log2(Math.max(1, LABEL_DISTANCE / space.rowPitch)))
  const first = Math.round((part.address - space.segments[part.segment]!.base) / space.rowBytes)
  for (let row = 0; row < part.rows; row++) {
    const inSegment = first + row
    const middle = part.y + (row + 0.5) * space.rowPitch
    const y = Math.max(middle, space.plotTop + LABEL_HALF)
    if (inSegment % every !== 0 || middle < space.plotTop || middle > target.height - LABEL_HALF) continue
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

/** One letter at the start of each run of a state or value that is wide enough. */
function paintLetters(target: DrawTarget, palette: Palette, map: MapCells, space: MapSpace, parts: readonly VisiblePart[]): void {
  const inks = [...palette.states, ...(map.marks ?? []).map((mark) => colorOf(palette, mark))].map((color) => inkOn(parseColor(color)))
  const letters = [...STATE_LETTERS, ...map.letters]
  let firstCell = 0
  let drawn = 0
  for (const part of parts) {
    if (part.kind !== 'cells') continue
    for (let row = 0; row < part.rows && drawn < MOST_LETTERS; row++) {
      const cells = Math.min(space.cellsPerRow, part.cells - row * space.cellsPerRow)
      const y = part.y + (row + 0.5) * space.rowPitch - 0.5
      if (y > space.plotTop) drawn += paintRowLetters(target, map, { space, firstCell, cells, y, inks, letters })
      firstCell += cells
    }
  }
}

interface LetterRow {
  readonly space: MapSpace
  readonly firstCell: number
  readonly cells: number
  readonly y: CssPixels
  readonly inks: readonly string[]
  readonly letters: readonly string[]
}

/** State, or behind the states the value. */
const kindOf = ({ tile, marks }: MapCells, cell: number): number => (marks !== null && (tile.color?.[cell] ?? 0) > 0 ? CELL_STATE_NAMES.length - 1 + tile.color![cell]! : tile.state[cell]!)

function paintRowLetters(target: DrawTarget, map: MapCells, { space, firstCell, cells, y, inks, letters }: LetterRow): number {
  const { starts } = map.tile
  let drawn = 0
  for (let i = 0; i < cells; ) {
    const kind = kindOf(map, firstCell + i)
    let end = i + 1
    while (end < cells && kindOf(map, firstCell + end) === kind && starts[firstCell + end] !== 1) end++
    const left = cellLeft(space, i)
    const letter = letters[kind] ?? ''
    const isState = kind < CELL_STATE_NAMES.length
    const isBlockStart = i === 0 || starts[firstCell + i] === 1 || kindOf(map, firstCell + i - 1) !== kind
    const isShown = isState ? map.shown[kind] === true && (map.structure === null || kind !== CellState.Busy) : map.structure === null
    if (letter !== '' && isBlockStart && isShown && cellLeft(space, end) - left >= LETTER_WIDTH) {
      target.text(letter, left + 5, y, { color: inks[kind]!, sizePx: 10, bold: true })
      drawn++
    }
    i = end
  }
  return drawn
}

export interface MarkedBlock {
  readonly address: number
  readonly sizeBytes: number
}

/** The smallest outline that can be seen. */
const LEAST_MARK: CssPixels = 5

/** A line round a block: bright inside, dark outside, so that it stands out on every state. */
export function paintOutline(target: DrawTarget, colors: { line: string; halo: string }, geometry: MapGeometry, top: number, block: MarkedBlock): void {
  const { lines, isClosed } = geometry.outline(top, block)
  if (lines.length === 0) return
  const drawn = isClosed ? lines.map(widened) : isSmall(lines) ? [ringAround(lines)] : lines
  const closed = isClosed || drawn.length < lines.length
  for (const points of drawn) target.line(points, { color: colors.halo, widthPx: 4, closed })
  for (const points of drawn) target.line(points, { color: colors.line, widthPx: 2, closed })
}

/** A box no narrower than can be seen. */
function widened(points: readonly number[]): readonly number[] {
  if (points.length !== 8 || points[2]! - points[0]! >= LEAST_MARK) return points
  const middle = (points[0]! + points[2]!) / 2
  const [left, right] = [middle - LEAST_MARK / 2, middle + LEAST_MARK / 2]
  return [left, points[1]!, right, points[3]!, right, points[5]!, left, points[7]!]
}

function isSmall(lines: readonly (readonly number[])[]): boolean {
  return lines.length <= 8 && lines.reduce((sum, [x0, y0, x1, y1]) => sum + Math.abs(x1! - x0!) + Math.abs(y1! - y0!), 0) < 4 * LEAST_MARK
}

function ringAround(lines: readonly (readonly number[])[]): number[] {
  const xs = lines.flatMap(([x0, , x1]) => [x0!, x1!])
  const ys = lines.flatMap(([, y0, , y1]) => [y0!, y1!])
  const [left, right, top, bottom] = [Math.min(...xs) - 2, Math.max(...xs) + 2, Math.min(...ys) - 2, Math.max(...ys) + 2]
  return [left, top, right, top, right, bottom, left, bottom]
}

/** Colours of the selection and of the hovered block. */
export const selectionColors = (palette: Palette): { line: string; halo: string } => ({ line: palette.text, halo: palette.background })
export const hoverColors = (palette: Palette): { line: string; halo: string } => ({ line: cssOf(parseColor(palette.text), 0.75), halo: cssOf(parseColor(palette.background), 0.6) })

export const rangeColors = (palette: Palette): { line: string; halo: string } => ({ line: palette.accent, halo: palette.background })

/** Share of the shown cells by value of the colouring; cells without one do not count. */
export function colorShares({ color }: MapTile, codes: number): number[] {
  const counts = new Array<number>(codes).fill(0)
  let all = 0
  for (const code of color ?? []) {
    if (code === 0 || code > codes) continue
    counts[code - 1]!++
    all++
  }
  return counts.map((count) => (all === 0 ? 0 : count / all))
}

/** Share of the shown cells in each state, for the text equivalent. */
export function stateShares(tile: MapTile): number[] {
  const counts = CELL_STATE_NAMES.map(() => 0)
  for (let i = 0; i < tile.state.length; i++) counts[tile.state[i]!]!++
  return counts.map((count) => (tile.state.length === 0 ? 0 : count / tile.state.length))
}
