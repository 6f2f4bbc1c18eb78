import type { CssColor } from './draw-target'

/** Colours and fonts of the theme in force, as a canvas needs them: resolved texts. */
export interface Palette {
  readonly background: CssColor
  readonly panel: CssColor
  readonly raised: CssColor
  readonly line: CssColor
  readonly text: CssColor
  readonly dim: CssColor
  readonly faint: CssColor
  readonly accent: CssColor
  readonly bad: CssColor
  readonly good: CssColor
  /** By CellState. */
  readonly states: readonly CssColor[]
  /** What differs between two heaps. */
  readonly changed: CssColor
  /** Colourings of maps: names (nine, others, unknown), steps of a scale from least to most, kinds of change. */
  readonly set: readonly CssColor[]
  readonly scale: readonly CssColor[]
  readonly change: readonly CssColor[]
  /** Of sides and runs; each goes with its letter. */
  readonly marks: readonly CssColor[]
  readonly uiFont: string
  readonly monoFont: string
}

export type Rgb = readonly [red: number, green: number, blue: number]

/** `#rgb`, `#rrggbb`, `rgb(...)` and `rgba(...)` (alpha ignored); anything else is black. */
export function parseColor(color: CssColor): Rgb {
  const hex = /^#([0-9a-f]{3,8})$/i.exec(color.trim())?.[1]
  if (hex !== undefined) {
    const long = hex.length < 6 ? [...hex].map((digit) => digit + digit).join('') : hex
    return [0, 2, 4].map((at) => parseInt(long.slice(at, at + 2), 16)) as unknown as Rgb
  }
  const parts = /^rgba?\(([^)]*)\)/.exec(color.trim())?.[1]?.split(/[\s,/]+/).map(Number)
  return parts === undefined || parts.length < 3 ? [0, 0, 0] : [parts[0]!, parts[1]!, parts[2]!]
}

/** `share` of `color` over `ground`. */
export function mix(color: Rgb, ground: Rgb, share: number): Rgb {
  const one = (i: 0 | 1 | 2): number => Math.round(color[i] * share + ground[i] * (1 - share))
  return [one(0), one(1), one(2)]
}

export const cssOf = ([red, green, blue]: Rgb, alpha = 1): CssColor => (alpha === 1 ? `rgb(${red}, ${green}, ${blue})` : `rgba(${red}, ${green}, ${blue}, ${alpha})`)

/** Relative luminance as WCAG defines it, 0..1. */
export function luminance(color: Rgb): number {
  const linear = color.map((part) => {
    const c = part / 255
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * linear[0]! + 0.7152 * linear[1]! + 0.0722 * linear[2]!
}

/** Black or white, whichever stands out more on `ground`. */
export const inkOn = (ground: Rgb): CssColor => ((luminance(ground) + 0.05) / 0.05 >= 1.05 / (luminance(ground) + 0.05) ? '#000000' : '#ffffff')
