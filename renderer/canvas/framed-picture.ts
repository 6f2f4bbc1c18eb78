import type { CssColor, CssPixels, DevicePixels, DrawTarget, LineStyle, PixelBlock, Points, TextStyle } from './draw-target'
import type { CanvasSize, Painter } from './painter'
import { inkOn, parseColor, type Palette } from './palette'

/*
 * A picture that leaves the window takes along what stood around it:
 *
 *   Footprint of all runs                      title
 *   A Build 1   B Build 2                      legend
 *   Median and quartiles of 10 runs a side     notes
 *   ┌──────────────────────────────────────┐
 *   │ what the view shows                  │
 *   └──────────────────────────────────────┘
 */
export interface LegendEntry {
  /** Second mark beside the colour. */
  readonly letter: string
  readonly name: string
  readonly color: (palette: Palette) => CssColor
}

export interface ShownPicture {
  readonly paint: Painter
  readonly size: CanvasSize
  readonly palette: Palette
  /** What the view lies on. */
  readonly ground: CssColor
}

export interface PictureFrame {
  readonly title: string
  /** Sentences below the legend. */
  readonly notes: readonly string[]
  readonly legend: readonly LegendEntry[]
}

const MARGIN: CssPixels = 12
const TITLE_LINE: CssPixels = 22
const LINE: CssPixels = 17
const TEXT_SIZE: CssPixels = 11
/** Mean width of a letter of a text of 11 pixels, generous: a plain target cannot measure texts. */
const LETTER_WIDTH: CssPixels = 6.2
const SWATCH: CssPixels = 14
const ENTRY_GAP: CssPixels = 16

/** Words in lines of at most `letters` letters; a longer word has a line of its own. */
export function wrapWords(text: string, letters: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > letters) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return line === '' ? lines : [...lines, line]
}

const entryWidth = ({ name }: LegendEntry): CssPixels => SWATCH + 5 + name.length * LETTER_WIDTH + ENTRY_GAP

function legendRows(legend: readonly LegendEntry[], width: CssPixels): LegendEntry[][] {
  const rows: LegendEntry[][] = []
  let used = Infinity
  for (const entry of legend) {
    if (used + entryWidth(entry) > width) {
      rows.push([])
      used = 0
    }
    rows.at(-1)!.push(entry)
    used += entryWidth(entry)
  }
  return rows
}

const noteLines = ({ notes }: PictureFrame, width: CssPixels): string[] => notes.flatMap((note) => wrapWords(note, Math.max(12, Math.floor(width / LETTER_WIDTH))))

function headHeight(frame: PictureFrame, width: CssPixels): CssPixels {
  return 8 + TITLE_LINE + LINE * (legendRows(frame.legend, width - 2 * MARGIN).length + noteLines(frame, width - 2 * MARGIN).length) + 4
}

/** Size of the picture with its head. */
export const framedSize = ({ width, height, pixelRatio }: CanvasSize, frame: PictureFrame): CanvasSize => ({ width, height: height + headHeight(frame, width), pixelRatio })

/** Draws on a target of framedSize. */
export function paintFramed(target: DrawTarget, picture: ShownPicture, frame: PictureFrame): void {
  const { palette } = picture
  const inside = picture.size.width - 2 * MARGIN
  let y = 8 + TITLE_LINE / 2
  target.text(frame.title, MARGIN, y, { color: palette.text, sizePx: 13, bold: true })
  y += TITLE_LINE / 2 + LINE / 2
  for (const row of legendRows(frame.legend, inside)) {
    let x = MARGIN
    for (const entry of row) {
      target.fillRect(x, y - SWATCH / 2, SWATCH, SWATCH, entry.color(palette))
      target.text(entry.letter, x + SWATCH / 2, y, { color: inkOn(parseColor(entry.color(palette))), sizePx: 10, bold: true, align: 'center', font: 'mono' })
      target.text(entry.name, x + SWATCH + 5, y, { color: palette.text, sizePx: TEXT_SIZE })
      x += entryWidth(entry)
    }
    y += LINE
  }
  for (const line of noteLines(frame, inside)) {
    target.text(line, MARGIN, y, { color: palette.dim, sizePx: TEXT_SIZE })
    y += LINE
  }
  picture.paint(new LoweredTarget(target, picture.size, headHeight(frame, picture.size.width)), palette)
}

/** A target whose upper edge lies `by` below another's. */
class LoweredTarget implements DrawTarget {
  readonly #target: DrawTarget
  readonly #by: CssPixels
  readonly width: CssPixels
  readonly height: CssPixels
  readonly pixelRatio: number

  constructor(target: DrawTarget, { width, height }: { readonly width: CssPixels; readonly height: CssPixels }, by: CssPixels) {
    this.#target = target
    this.#by = by
    this.width = width
    this.height = height
    this.pixelRatio = target.pixelRatio
  }

  fillRect(x: CssPixels, y: CssPixels, width: CssPixels, height: CssPixels, color: CssColor): void {
    this.#target.fillRect(x, y + this.#by, width, height, color)
  }

  strokeRect(x: CssPixels, y: CssPixels, width: CssPixels, height: CssPixels, style: LineStyle): void {
    this.#target.strokeRect(x, y + this.#by, width, height, style)
  }

  line(points: Points, style: LineStyle): void {
    this.#target.line(this.#lowered(points), style)
  }

  area(points: Points, color: CssColor): void {
    this.#target.area(this.#lowered(points), color)
  }

  text(text: string, x: CssPixels, y: CssPixels, style: TextStyle): void {
    this.#target.text(text, x, y + this.#by, style)
  }

  pixels(block: PixelBlock, x: DevicePixels, y: DevicePixels): void {
    this.#target.pixels(block, x, y + Math.round(this.#by * this.pixelRatio))
  }

  #lowered(points: Points): number[] {
    return Array.from(points, (value, i) => (i % 2 === 1 ? value + this.#by : value))
  }
}
