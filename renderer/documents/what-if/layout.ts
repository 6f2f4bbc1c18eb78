import type { TilingSplit } from '../../../shared/analysis/metrics/types'
import type { Bytes, EventNumber } from '../../../shared/base/units'
import type { CssPixels } from '../../canvas/draw-target'

/* Places in the two pictures of a sweep: lines of committed bytes over events, and one stacked bar a heap. */

export interface PlotArea {
  readonly left: CssPixels
  readonly right: CssPixels
  readonly top: CssPixels
  readonly bottom: CssPixels
}

export interface SweepLine {
  readonly key: string
  /** Letter and colour that mark the heap in picture and table. */
  readonly letter: string
  readonly mark: number
  readonly events: readonly EventNumber[]
  readonly footprint: readonly Bytes[]
  readonly isChosen: boolean
}

const AXIS_PX = 62
const NAME_PX = 34

export const plotArea = ({ width, height }: { readonly width: CssPixels; readonly height: CssPixels }): PlotArea =>
  ({ left: AXIS_PX, right: Math.max(AXIS_PX + 40, width - NAME_PX), top: 12, bottom: Math.max(40, height - 22) })

export const mostBytes = (lines: readonly SweepLine[]): Bytes => lines.reduce((most, { footprint }) => footprint.reduce((top, bytes) => Math.max(top, bytes), most), 1)

export const placeX = (area: PlotArea, lastEvent: EventNumber, event: EventNumber): CssPixels => area.left + (event / Math.max(1, lastEvent)) * (area.right - area.left)
export const placeY = (area: PlotArea, most: Bytes, bytes: Bytes): CssPixels => area.bottom - (bytes / most) * (area.bottom - area.top)

/** Each bucket's most bytes as a step from the bucket before; a peak is never cut off. */
export function stepPoints(area: PlotArea, line: Pick<SweepLine, 'events' | 'footprint'>, lastEvent: EventNumber, most: Bytes): number[] {
  const points: number[] = []
  let from = 0
  line.footprint.forEach((bytes, at) => {
    const y = placeY(area, most, bytes)
    points.push(placeX(area, lastEvent, from), y, placeX(area, lastEvent, line.events[at]!), y)
    from = line.events[at]!
  })
  return points
}

/** Letters at the lines' ends, moved apart so that none covers another. */
export function letterPlaces(ends: readonly CssPixels[], stepPx: CssPixels, area: PlotArea): CssPixels[] {
  const order = ends.map((_, at) => at).sort((a, b) => ends[a]! - ends[b]!)
  const places = [...ends]
  let least = area.top
  for (const at of order) {
    places[at] = Math.max(ends[at]!, least)
    least = places[at]! + stepPx
  }
  let most = area.bottom
  for (const at of [...order].reverse()) {
    places[at] = Math.min(places[at]!, most)
    most = places[at]! - stepPx
  }
  return places
}

/** Four even steps up to the top. */
export const byteTicks = (most: Bytes): Bytes[] => [0, 1, 2, 3, 4].map((quarter) => Math.round((most * quarter) / 4))

export const SPLIT_TERMS = ['live', 'header', 'rounding', 'internal', 'cachedFree', 'pinnedFree', 'releasableFree'] as const satisfies readonly (keyof TilingSplit)[]
export type SplitTerm = (typeof SPLIT_TERMS)[number]
export const TERM_TITLES: Readonly<Record<SplitTerm, string>> = {
  live: 'Live',
  header: 'Headers',
  rounding: 'Rounding',
  internal: 'Heap’s own',
  cachedFree: 'Cached',
  pinnedFree: 'Pinned free',
  releasableFree: 'Releasable free',
}
export const TERM_MEANINGS: Readonly<Record<SplitTerm, string>> = {
  live: 'What the program asked for and has not freed',
  header: 'Headers and trailers of busy blocks',
  rounding: 'Given beyond what was asked for, to alignment or size class',
  internal: 'What the heap took for itself',
  cachedFree: 'Freed blocks a front end keeps for the next request',
  pinnedFree: 'Free bytes on pages that also hold busy blocks',
  releasableFree: 'Free bytes on pages that hold no busy block',
}

export const BAR_ROW_PX = 22
const BAR_LEFT_PX = 26
const BAR_RIGHT_PX = 74

export const barsHeight = (bars: number): CssPixels => bars * BAR_ROW_PX + 6

export interface BarPart {
  readonly term: SplitTerm
  readonly x: CssPixels
  readonly width: CssPixels
}

/** Parts of a bar from left to right; they end at the committed bytes on a scale of `most`. */
export function barParts(split: TilingSplit, most: Bytes, width: CssPixels): BarPart[] {
  const plot = Math.max(40, width - BAR_LEFT_PX - BAR_RIGHT_PX)
  let x = BAR_LEFT_PX
  return SPLIT_TERMS.flatMap((term) => {
    const part = { term, x, width: (split[term] / most) * plot }
    x += part.width
    return split[term] > 0 ? [part] : []
  })
}
