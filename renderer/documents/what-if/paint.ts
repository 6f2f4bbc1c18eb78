import { CellState } from '../../../shared/analysis/map-tiles'
import type { TilingSplit } from '../../../shared/analysis/metrics/types'
import type { Bytes, EventNumber } from '../../../shared/base/units'
import type { CssColor, DrawTarget } from '../../canvas/draw-target'
import { cssOf, mix, parseColor, type Palette } from '../../canvas/palette'
import { formatBytes, formatCount } from '../../components/format'
import { BAR_ROW_PX, barParts, byteTicks, letterPlaces, mostBytes, placeX, placeY, plotArea, stepPoints, type SplitTerm, type SweepLine } from './layout'

export interface LinesPicture {
  readonly lines: readonly SweepLine[]
  readonly lastEvent: EventNumber
  /** Live bytes under the lines; null when not known. */
  readonly live: { readonly events: readonly EventNumber[]; readonly bytes: readonly Bytes[] } | null
}

/** Second mark of a line beside its colour and letter. */
const DASHES: readonly (readonly number[])[] = [[], [7, 3], [2, 3], [9, 3, 2, 3], [4, 4], [12, 4]]

export function paintLines(target: DrawTarget, palette: Palette, { lines, lastEvent, live }: LinesPicture): void {
  const area = plotArea(target)
  const most = mostBytes(lines)
  for (const bytes of byteTicks(most)) {
    const y = Math.round(placeY(area, most, bytes)) + 0.5
    target.line([area.left, y, area.right, y], { color: palette.line })
    target.text(formatBytes(bytes), area.left - 6, y, { color: palette.dim, font: 'mono', sizePx: 10, align: 'right' })
  }
  for (const share of [0, 0.25, 0.5, 0.75, 1]) {
    const event = Math.round(lastEvent * share)
    target.text(formatCount(event), placeX(area, lastEvent, event), area.bottom + 11, { color: palette.dim, font: 'mono', sizePx: 10, align: share === 0 ? 'left' : share === 1 ? 'right' : 'center' })
  }
  if (live !== null) {
    const points = stepPoints(area, { events: live.events, footprint: live.bytes }, lastEvent, most)
    target.area([area.left, area.bottom, ...points, points.at(-2) ?? area.left, area.bottom], cssOf(parseColor(palette.states[CellState.Busy]!), 0.16))
  }
  const ordered = [...lines].sort((a, b) => Number(a.isChosen) - Number(b.isChosen))
  for (const line of ordered) {
    const dash = DASHES[line.mark % DASHES.length]!
    target.line(stepPoints(area, line, lastEvent, most), { color: palette.marks[line.mark % palette.marks.length]!, widthPx: line.isChosen ? 3 : 1.5, ...(dash.length === 0 ? {} : { dash }) })
  }
  const places = letterPlaces(lines.map(({ footprint }) => placeY(area, most, footprint.at(-1) ?? 0)), 12, area)
  lines.forEach(({ letter, mark, isChosen }, at) => target.text(letter, area.right + 8, places[at]!, { color: palette.marks[mark % palette.marks.length]!, font: 'mono', sizePx: 11, bold: isChosen }))
}

export interface SplitBar {
  readonly key: string
  readonly letter: string
  readonly split: TilingSplit
  readonly isChosen: boolean
}

export function termColor(term: SplitTerm, palette: Palette): CssColor {
  const state = (of: CellState): CssColor => palette.states[of]!
  switch (term) {
    case 'live':
      return state(CellState.Busy)
    case 'header':
      return state(CellState.Internal)
    case 'rounding':
      return cssOf(mix(parseColor(state(CellState.Internal)), parseColor(palette.panel), 0.55))
    case 'internal':
      return palette.dim
    case 'cachedFree':
      return state(CellState.Cached)
    case 'pinnedFree':
      return state(CellState.FreePinned)
    case 'releasableFree':
      return state(CellState.FreeReleasable)
  }
}

/** One row a heap, all on one scale from 0. */
export function paintBars(target: DrawTarget, palette: Palette, bars: readonly SplitBar[]): void {
  const most = bars.reduce((top, { split }) => Math.max(top, split.committed), 1)
  bars.forEach(({ letter, split, isChosen }, row) => {
    const top = row * BAR_ROW_PX + 3
    if (isChosen) target.fillRect(0, top - 3, target.width, BAR_ROW_PX, palette.raised)
    const parts = barParts(split, most, target.width)
    for (const { term, x, width } of parts) {
      target.fillRect(x, top, width, BAR_ROW_PX - 6, termColor(term, palette))
      // A hairline parts neighbours, also for those who see no difference of colour.
      if (width > 3) target.line([x + width - 0.5, top, x + width - 0.5, top + BAR_ROW_PX - 6], { color: palette.panel })
    }
    const last = parts.at(-1)
    target.text(letter, 8, top + 8, { color: palette.text, font: 'mono', sizePx: 11, bold: isChosen })
    target.text(formatBytes(split.committed), (last === undefined ? 26 : last.x + last.width) + 6, top + 8, { color: palette.dim, font: 'mono', sizePx: 10 })
  })
}
