import type { FlamePage } from '../../../shared/analysis/sites/site-pages'
import { NONE } from '../../../shared/base/units'
import type { DrawTarget } from '../../canvas/draw-target'
import { cssOf, inkOn, mix, parseColor, type Palette, type Rgb } from '../../canvas/palette'
import { BOX_HEIGHT, depthsOf, rowTop, type FlameArea } from './layout'

export interface FlamePicture {
  readonly page: FlamePage
  readonly area: FlameArea
  /** 0 bytes, 1 count: what a difference is told of. */
  readonly column: number
  readonly hasSearch: boolean
}

const LETTER_PX = 6.7
const LEAST_TEXT_PX = 22
/** Shares of the text's colour in the ground of a box: neighbours of other modules differ, none shouts. */
const SHADES = [0.13, 0.18, 0.23, 0.28] as const
const FADED = 0.5
/** A change of a tenth is as clear as one of all bytes is strong. */
const LEAST_CHANGE_SHARE = 0.3

export function paintFlame(target: DrawTarget, palette: Palette, { page, area, column, hasSearch }: FlamePicture): void {
  const look = new BoxLook(page, palette, column, hasSearch)
  for (let depth = 0; depth < depthsOf(page); depth++) {
    const y = rowTop(page, area, depth)
    if (y + BOX_HEIGHT <= 0 || y >= area.height) continue
    for (let box = page.depthStart[depth]!; box < page.depthStart[depth + 1]!; box++) {
      const x = page.from[box]! * area.width
      const width = (page.to[box]! - page.from[box]!) * area.width
      const ground = look.groundOf(box)
      target.fillRect(x, y, Math.max(0.5, width - 1), BOX_HEIGHT - 1, cssOf(ground))
      const text = fitText(look.labelOf(box), width - 8)
      if (text !== '') target.text(text, x + 4, y + BOX_HEIGHT / 2, { color: inkOn(ground), font: 'mono', sizePx: 11, bold: page.isFound[box] === 1 })
    }
  }
}

/** The selected box, and the one under the pointer. */
export function paintFlameMarks(target: DrawTarget, palette: Palette, { page, area, selected, pointed }: { page: FlamePage; area: FlameArea; selected: number; pointed: number }): void {
  const frame = (box: number, color: string, widthPx: number): void => {
    const depth = page.depthStart.findIndex((first) => first > box) - 1
    const x = page.from[box]! * area.width
    const width = Math.max(3, (page.to[box]! - page.from[box]!) * area.width - 1)
    target.strokeRect(x + widthPx / 2, rowTop(page, area, depth) + widthPx / 2, width - widthPx, BOX_HEIGHT - 1 - widthPx, { color, widthPx })
  }
  if (pointed !== NONE && pointed !== selected) frame(pointed, palette.dim, 1)
  if (selected !== NONE) frame(selected, palette.accent, 2)
}

/** As much of the text as fits, with an ellipsis; "" when not even two letters do. */
export function fitText(text: string, widthPx: number): string {
  const letters = Math.floor(widthPx / LETTER_PX)
  if (widthPx < LEAST_TEXT_PX - 8 || letters < 2) return ''
  return text.length <= letters ? text : `${text.slice(0, letters - 1)}…`
}

class BoxLook {
  readonly #page: FlamePage
  readonly #column: number
  readonly #hasSearch: boolean
  readonly #panel: Rgb
  readonly #text: Rgb
  readonly #more: Rgb
  readonly #less: Rgb
  readonly #found: Rgb
  /** By frame of the page. */
  readonly #shades: readonly number[]

  constructor(page: FlamePage, palette: Palette, column: number, hasSearch: boolean) {
    this.#page = page
    this.#column = column
    this.#hasSearch = hasSearch
    this.#panel = parseColor(palette.panel)
    this.#text = parseColor(palette.text)
    this.#more = parseColor(palette.bad)
    this.#less = parseColor(palette.accent)
    this.#found = parseColor(palette.accent)
    this.#shades = page.frames.map(({ module, file, name }) => SHADES[hashOf(module || file || name) % SHADES.length]!)
  }

  groundOf(box: number): Rgb {
    const page = this.#page
    const change = changeOf(page, this.#column, box)
    if (change !== null) {
      if (change === 0) return mix(this.#text, this.#panel, SHADES[0])
      const ground = mix(change > 0 ? this.#more : this.#less, this.#panel, LEAST_CHANGE_SHARE + (1 - LEAST_CHANGE_SHARE) * Math.abs(change))
      return this.#hasSearch && page.isFound[box] === 0 ? mix(ground, this.#panel, FADED) : ground
    }
    const shade = this.#shades[page.frame[box]!]!
    if (!this.#hasSearch) return mix(this.#text, this.#panel, shade)
    return page.isFound[box] === 1 ? mix(this.#found, this.#panel, 0.75) : mix(this.#text, this.#panel, shade * FADED)
  }

  /** In a difference the sign stands before the name, so that no colour is needed to tell more from less. */
  labelOf(box: number): string {
    const { name } = this.#page.frames[this.#page.frame[box]!]!
    const change = changeOf(this.#page, this.#column, box)
    return change === null ? name : `${change > 0 ? '+' : change < 0 ? '−' : '='} ${name}`
  }
}

/** How much more (to 1) or less (to -1) a box has than before, of the greater of both; null when the page is no difference. */
export function changeOf(page: FlamePage, column: number, box: number): number | null {
  const before = page.totals[column + 2]?.[box]
  if (before === undefined) return null
  const now = page.totals[column]![box]!
  const most = Math.max(now, before)
  return most === 0 ? 0 : (now - before) / most
}

function hashOf(text: string): number {
  let hash = 7
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) >>> 0
  return hash
}
