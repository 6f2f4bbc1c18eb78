import { CellState } from '../../../shared/analysis/map-tiles'
import type { Bytes, EventNumber } from '../../../shared/base/units'
import type { DrawTarget } from '../../canvas/draw-target'
import { cssOf, mix, parseColor, type Palette } from '../../canvas/palette'
import type { Viewport } from '../../canvas/viewport'
import { formatBytes, formatCount } from '../format'
import { bandOutline, bytesTicks, bytesY, eventTicks, eventX, spreadLabels, stepLine, timelineArea, type TimelinePage } from './layout'

/** Something worth seeing at an event: a place to jump to, a failed request, a bookmark. Each has a shape of its own. */
export interface TimelineMark {
  readonly event: EventNumber
  readonly kind: 'jump' | 'failure' | 'bookmark'
  readonly text: string
}

export interface TimelinePicture {
  readonly view: Viewport
  readonly page: TimelinePage
  /** Top of the scale. */
  readonly most: Bytes
  readonly marks: readonly TimelineMark[]
  /** What lines are called where they are not those of a run. */
  readonly labels?: Readonly<Record<string, string>>
}

interface LineLook {
  readonly name: string
  readonly label: string
  readonly color: (palette: Palette) => string
  readonly widthPx: number
  readonly dash?: readonly number[]
  readonly filled: boolean
}

/** Second marks beside colour: fill, plain line, dashes, and a label at the line's end. */
export const TIMELINE_LINES: readonly LineLook[] = [
  { name: 'reserved', label: 'reserved', color: (palette) => palette.dim, widthPx: 1, dash: [5, 3], filled: false },
  { name: 'live', label: 'live', color: (palette) => palette.states[CellState.Busy]!, widthPx: 1.5, filled: true },
  { name: 'chosen', label: 'chosen', color: (palette) => palette.accent, widthPx: 1.5, filled: true },
  { name: 'footprint', label: 'committed', color: (palette) => palette.states[CellState.FreePinned]!, widthPx: 1.5, filled: false },
]

const DIMMED_SHARE = 0.45

export function paintTimeline(target: DrawTarget, palette: Palette, picture: TimelinePicture): void {
  const area = timelineArea(target)
  const place = { x: (event: number) => eventX(area, picture.view, event), y: (bytes: number) => bytesY(area, picture.most, bytes) }
  paintAxisTicks(target, palette, picture.view, picture.most)
  paintMarks(target, palette, picture.view, picture.marks)
  for (const look of TIMELINE_LINES) paintLine(target, palette, { look, picture, place })
  paintLineLabels(target, palette, picture)
}

interface LinePart {
  readonly look: LineLook
  readonly picture: TimelinePicture
  readonly place: { x: (event: number) => number; y: (bytes: number) => number }
}

function paintLine(target: DrawTarget, palette: Palette, { look, picture, place }: LinePart): void {
  const series = picture.page.series[look.name]
  if (series === undefined || series.last.length === 0) return
  // What is chosen stands out; the rest stays, dimmed.
  const isDimmed = picture.page.series['chosen'] !== undefined && look.name !== 'chosen'
  const color = isDimmed ? cssOf(mix(parseColor(look.color(palette)), parseColor(palette.panel), DIMMED_SHARE)) : look.color(palette)
  const band = bandOutline(picture.page, series, place)
  const rgb = parseColor(color)
  if (band.length > 0) target.area(band, cssOf(rgb, 0.3))
  const points = stepLine(picture.page, series.last, place)
  if (look.filled) {
    const bottom = place.y(0)
    target.area([points[0]!, bottom, ...points, points[points.length - 2]!, bottom], cssOf(rgb, 0.2))
  }
  target.line(points, { color, widthPx: look.widthPx, ...(look.dash === undefined ? {} : { dash: look.dash }) })
}

function paintLineLabels(target: DrawTarget, palette: Palette, picture: TimelinePicture): void {
  const area = timelineArea(target)
  const shown = TIMELINE_LINES.filter(({ name }) => (picture.page.series[name]?.last.length ?? 0) > 0)
  const wanted = shown.map(({ name }) => bytesY(area, picture.most, picture.page.series[name]!.last.at(-1)!))
  const places = spreadLabels(wanted, 12, area.bottom - 4)
  shown.forEach((look, i) => target.text(picture.labels?.[look.name] ?? look.label, area.right + 6, places[i]!, { color: palette.text, sizePx: 11 }))
}

/** Grid of bytes and the events below it. */
export function paintAxisTicks(target: DrawTarget, palette: Palette, view: Viewport, most: Bytes): void {
  const area = timelineArea(target)
  for (const { at, value } of bytesTicks(area, most)) {
    target.line([area.left, Math.round(at) + 0.5, area.right, Math.round(at) + 0.5], { color: palette.line })
    target.text(formatBytes(value), area.left - 8, at, { color: palette.dim, font: 'mono', sizePx: 10, align: 'right' })
  }
  for (const { at, value } of eventTicks(area, view)) {
    target.text(formatCount(value), at, area.bottom + 10, { color: palette.dim, font: 'mono', sizePx: 10, align: 'center' })
  }
}

/** Jumps are dotted lines, failed requests crosses on the ground, bookmarks flags at the top. */
export function paintMarks(target: DrawTarget, palette: Palette, view: Viewport, marks: readonly TimelineMark[]): void {
  const area = timelineArea(target)
  for (const { event, kind } of marks) {
    const x = eventX(area, view, event)
    if (x < area.left - 1 || x > area.right + 1) continue
    if (kind === 'jump') target.line([x, area.top, x, area.bottom], { color: palette.faint, dash: [2, 3] })
    else if (kind === 'failure') {
      for (const slope of [-1, 1]) target.line([x - 3, area.bottom - 4 + 3 * slope, x + 3, area.bottom - 4 - 3 * slope], { color: palette.bad, widthPx: 1.5 })
    } else {
      target.line([x, area.top - 8, x, area.bottom], { color: palette.text, dash: [4, 2] })
      target.area([x, area.top - 10, x + 9, area.top - 7, x, area.top - 3], palette.text)
    }
  }
}

/** The stretch of events that is brushed. */
export function paintBrush(target: DrawTarget, palette: Palette, view: Viewport, brush: { readonly from: EventNumber; readonly to: EventNumber }): void {
  const area = timelineArea(target)
  const inside = (event: EventNumber): number => Math.min(area.right, Math.max(area.left, eventX(area, view, event)))
  const from = inside(brush.from)
  const to = inside(brush.to)
  target.fillRect(from, area.top, Math.max(1, to - from), area.bottom - area.top, cssOf(parseColor(palette.accent), 0.22))
  for (const x of [from, to]) target.line([Math.round(x) + 0.5, area.top, Math.round(x) + 0.5, area.bottom], { color: palette.accent })
}

/** The scrub handle, and the event under the pointer. */
export function paintScrubber(target: DrawTarget, palette: Palette, picture: { view: Viewport; event: EventNumber; pointed: EventNumber | null; brush?: { readonly from: EventNumber; readonly to: EventNumber } | null }): void {
  const area = timelineArea(target)
  if (picture.brush) paintBrush(target, palette, picture.view, picture.brush)
  if (picture.pointed !== null) {
    const x = Math.round(eventX(area, picture.view, picture.pointed)) + 0.5
    target.line([x, area.top - 4, x, area.bottom], { color: palette.dim, dash: [3, 3] })
  }
  const x = eventX(area, picture.view, picture.event)
  if (x < area.left - 6 || x > area.right + 6) return
  target.line([Math.round(x) + 0.5, area.top - 6, Math.round(x) + 0.5, area.bottom], { color: palette.accent, widthPx: 1.5 })
  target.area([x - 6, area.top - 10, x + 6, area.top - 10, x, area.top - 1], palette.accent)
}
