import { bandOf, type SeriesBand } from '../../../../shared/analysis/compare/aligned-series'
import type { Bytes } from '../../../../shared/base/units'
import { linearTicks, placeOn, spreadPlaces, valueOn, type PlotArea, type Scale } from '../../../canvas/chart-axes'
import type { ChartSide } from '../../../canvas/chart-sides'
import type { CssPixels } from '../../../canvas/draw-target'

/*
 * Bytes of all repeats over one axis, the sides over each other:
 *
 *   MiB |      ___~~~      thick: median of the side; area: between two quantiles; thin: each run
 *       |  __~~
 *       |_/____________
 *        0 %       100 %
 */
export interface BandMember {
  readonly id: string
  readonly name: string
  /** One value per point of the axis; null where the source does not tell. */
  readonly values: Float64Array | null
}

export interface BandSide {
  readonly side: ChartSide
  readonly members: readonly BandMember[]
}

export interface BandLine {
  readonly side: ChartSide
  readonly band: SeriesBand
  readonly members: readonly (BandMember & { readonly values: Float64Array })[]
}

export interface BandLayout {
  readonly area: PlotArea
  readonly x: Scale
  readonly y: Scale
  readonly lines: readonly BandLine[]
  /** Of the y axis. */
  readonly ticks: readonly Bytes[]
  /** Middles of the sides' letters at the right end. */
  readonly labels: readonly CssPixels[]
}

/** Sides with at least one member that tells the series. */
export function bandLines(sides: readonly BandSide[], quantiles: readonly [number, number]): BandLine[] {
  return sides.flatMap(({ side, members }) => {
    const known = members.flatMap((member) => (member.values === null ? [] : [{ ...member, values: member.values }]))
    const band = bandOf(known.map(({ values }) => values), quantiles)
    return band === null ? [] : [{ side, band, members: known }]
  })
}

export function layOutBands(lines: readonly BandLine[], points: number, size: { readonly width: CssPixels; readonly height: CssPixels }): BandLayout {
  const area = { left: 66, right: Math.max(110, size.width - 28), top: 10, bottom: Math.max(40, size.height - 34) }
  let most = 1
  for (const { members } of lines) for (const { values } of members) for (const value of values) if (value > most) most = value
  const x: Scale = { kind: 'linear', from: 0, to: Math.max(1, points - 1), start: area.left, end: area.right }
  const y: Scale = { kind: 'linear', from: 0, to: most * 1.04, start: area.bottom, end: area.top }
  const ends = lines.map(({ band }) => placeOn(y, band.median.at(-1) ?? 0))
  return { area, x, y, lines, ticks: linearTicks(0, y.to, Math.max(1, Math.floor((area.bottom - area.top) / 28)), true), labels: spreadPlaces(ends, 15, area.bottom - 7) }
}

/** Point of the axis nearest to a place. */
export const pointAt = ({ x }: BandLayout, place: CssPixels): number => Math.round(valueOn(x, place))

/** The member whose line passes nearest to a place, if within reach: index of line and member. */
export function memberAt({ lines, x, y }: BandLayout, placeX: CssPixels, placeY: CssPixels, reach: CssPixels = 5): { readonly line: number; readonly member: number } | null {
  const point = Math.round(valueOn(x, placeX))
  let best: { line: number; member: number } | null = null
  let nearest = reach
  lines.forEach(({ members }, line) => members.forEach(({ values }, member) => {
    const distance = Math.abs(placeOn(y, values[point] ?? 0) - placeY)
    if (distance <= nearest) [best, nearest] = [{ line, member }, distance]
  }))
  return best
}
