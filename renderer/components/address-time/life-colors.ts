import { CODES_OF_COLOR, COLORED_SITES, LENGTH_STEPS, LIFE_NAMES, Life, SIZE_STEPS } from '../../../shared/analysis/address-time/lifetime-colors'
import type { LifeColor } from '../../../shared/analysis/address-time/names'
import { conditionText } from '../../../shared/analysis/filter/block-condition'
import { CellState } from '../../../shared/analysis/map-tiles'
import type { EventNumber } from '../../../shared/base/units'
import type { CssColor } from '../../canvas/draw-target'
import type { LegendEntry } from '../../canvas/framed-picture'
import { cssOf, luminance, mix, parseColor, type Palette, type Rgb } from '../../canvas/palette'
import { formatBytes, formatCount } from '../format'

/* Colour, letter and pattern of each code of each way to colour lifetimes. */
export const LIFE_COLOR_TITLES: Readonly<Record<LifeColor, string>> = { life: 'State of life', size: 'Size', length: 'Length of life', site: 'Call site' }

/** What each colour means, for its menu and for what is saved. */
export const LIFE_COLOR_NOTES: Readonly<Record<LifeColor, string>> = {
  life: 'Seen from the event shown: live blocks that are freed later, blocks never freed up to the end of the run, blocks freed before, blocks that come later; the heap\'s own structures and what it caches.',
  size: 'Consumed bytes.',
  length: 'Events from birth to free.',
  site: `The ${COLORED_SITES} call sites whose blocks consumed most bytes over the whole run.`,
}

/** Violet to yellow, rising in lightness for any eye (viridis, eight of its colours). */
const RAMP: readonly Rgb[] = [[68, 1, 84], [70, 51, 127], [54, 92, 141], [39, 127, 142], [31, 161, 135], [74, 194, 109], [159, 218, 58], [253, 231, 37]]

/** Step `code` of `count` along the part of the ramp that stands out from the ground. */
function rampColor(code: number, count: number, ground: Rgb): Rgb {
  const [from, to] = luminance(ground) < 0.3 ? [2.4, 7] : [0, 4.2]
  const at = from + ((to - from) * code) / Math.max(1, count - 1)
  const low = Math.min(RAMP.length - 2, Math.floor(at))
  return mix(RAMP[low + 1]!, RAMP[low]!, at - low)
}

const LIFE_LETTERS = ['L', 'N', 'F', 'C', 'I', 'H'] as const

function lifeColor(palette: Palette, code: number): Rgb {
  const ground = parseColor(palette.background)
  const busy = parseColor(palette.states[CellState.Busy]!)
  switch (code) {
    case Life.Live:
      return busy
    case Life.Never:
      return parseColor(palette.bad)
    case Life.Before:
      return mix(busy, ground, 0.46)
    case Life.Later:
      return mix(parseColor(palette.dim), ground, 0.5)
    case Life.Internal:
      return parseColor(palette.states[CellState.Internal]!)
    default:
      return parseColor(palette.states[CellState.Cached]!)
  }
}

export function codeColor(palette: Palette, color: LifeColor, code: number): Rgb {
  if (color === 'life') return lifeColor(palette, code)
  if (color === 'site') return parseColor(code < COLORED_SITES ? palette.marks[code]! : code === COLORED_SITES ? palette.dim : palette.faint)
  // What never ends is no longer life, it has the colour of what costs.
  if (color === 'length' && code === CODES_OF_COLOR.length - 1) return parseColor(palette.bad)
  return rampColor(code, color === 'size' ? CODES_OF_COLOR.size : CODES_OF_COLOR.length - 1, parseColor(palette.background))
}

/** The map's 8 x 8 patterns serve the codes of `life`; the other ways tell by lightness and letters. */
export const PATTERN_OF_LIFE: readonly number[] = [CellState.Busy, CellState.FreePinned, CellState.FreeReleasable, CellState.Uncommitted, CellState.Internal, CellState.Cached]

export function codeLetter(color: LifeColor, code: number): string {
  if (color === 'life') return LIFE_LETTERS[code] ?? ''
  if (color === 'site') return code < COLORED_SITES ? String.fromCharCode(65 + code) : code === COLORED_SITES ? '·' : '?'
  return color === 'length' && code === CODES_OF_COLOR.length - 1 ? 'N' : String(code + 1)
}

export function codeName(color: LifeColor, code: number, sites: readonly string[]): string {
  if (color === 'life') return LIFE_NAMES[code] ?? ''
  if (color === 'site') return code < COLORED_SITES ? (sites[code] ?? '') : code === COLORED_SITES ? 'other sites' : 'site not known'
  const steps = color === 'size' ? SIZE_STEPS : LENGTH_STEPS
  if (color === 'length' && code > steps.length) return 'never freed'
  const write = (value: number): string => (color === 'size' ? formatBytes(value) : `${formatCount(value)} events`)
  return code < steps.length ? `≤ ${write(steps[code]!)}` : `> ${write(steps[code - 1]!)}`
}

const FILTER_OF_LIFE = (event: EventNumber): readonly string[] => [
  `state = busy and birth <= ${event} and death > ${event} and death < never`, 'state = busy and death = never', `state = busy and death <= ${event}`,
  `state = busy and birth > ${event} and death < never`, 'state = internal', 'state = cached',
]

/** The filter text that keeps the lifetimes of one code, as seen from `event`. */
export function codeFilter(color: LifeColor, code: number, event: EventNumber, sites: readonly string[]): string {
  const site = (name: string, comparison: '=' | '!='): string => conditionText({ type: 'text', column: 'site', comparison, text: name })
  switch (color) {
    case 'life':
      return FILTER_OF_LIFE(event)[code]!
    case 'site':
      return code < COLORED_SITES ? site(sites[code] ?? '', '=') : code === COLORED_SITES ? ['site is known', ...sites.map((name) => site(name, '!='))].join(' and ') : 'site is unknown'
    case 'size':
      return stepFilter('size', SIZE_STEPS, code)
    case 'length':
      return code > LENGTH_STEPS.length ? 'death = never' : code === LENGTH_STEPS.length ? `${stepFilter('lifetime', LENGTH_STEPS, code)} and lifetime < never` : stepFilter('lifetime', LENGTH_STEPS, code)
  }
}

function stepFilter(column: 'size' | 'lifetime', steps: readonly number[], code: number): string {
  if (code === 0) return `${column} <= ${steps[0]!}`
  return code < steps.length ? `${column} in ${steps[code - 1]! + 1}..${steps[code]!}` : `${column} > ${steps[code - 1]!}`
}

export interface LifeLegendEntry extends LegendEntry {
  readonly code: number
}

/** The codes that `occurs` tells of, all of them when it is absent; sites that do not exist have none. */
export function legendOf(color: LifeColor, sites: readonly string[], occurs?: readonly boolean[]): LifeLegendEntry[] {
  return Array.from({ length: CODES_OF_COLOR[color] }, (_, code) => code)
    .filter((code) => (occurs?.[code] ?? true) && (color !== 'site' || code >= COLORED_SITES || code < sites.length))
    .map((code) => ({ code, letter: codeLetter(color, code), name: codeName(color, code, sites), color: (palette: Palette): CssColor => cssOf(codeColor(palette, color, code)) }))
}
