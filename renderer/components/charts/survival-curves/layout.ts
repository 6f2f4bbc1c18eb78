import { survivalAt, type SurvivalCurve } from '../../../../shared/analysis/compare/survival'
import { linearTicks, placeOn, powerTicks, spreadPlaces, type PlotArea, type Scale } from '../../../canvas/chart-axes'
import type { ChartSide } from '../../../canvas/chart-sides'
import type { CssPixels } from '../../../canvas/draw-target'

/*
 * How long blocks live: share alive over age on a scale of powers of two.
 *
 *   100 % |‾‾\___
 *         |      \______   A
 *     0 % |_____________\_ B
 *          0   1 KiB   1 MiB
 */
export interface SurvivalLine {
  /** A side, or a size class: a letter, a name, a colour. */
  readonly side: ChartSide
  readonly curve: SurvivalCurve
}

export interface SurvivalLayout {
  readonly area: PlotArea
  readonly x: Scale
  readonly y: Scale
  readonly lines: readonly SurvivalLine[]
  /** Ages at which the curves are read: powers of two from shortly before the first loss that is seen. */
  readonly ages: readonly number[]
  readonly xTicks: readonly number[]
  readonly yTicks: readonly number[]
  readonly labels: readonly CssPixels[]
}

/** Where less than this is lost there is nothing to see but the line at the top: the scale begins shortly before. */
const SEEN_LOSS = 0.99

export function layOutSurvival(lines: readonly SurvivalLine[], size: { readonly width: CssPixels; readonly height: CssPixels }): SurvivalLayout {
  const area = { left: 48, right: Math.max(110, size.width - 28), top: 24, bottom: Math.max(50, size.height - 34) }
  const known = lines.filter(({ curve }) => curve.total > 0)
  const last = Math.max(4, ...known.map(({ curve }) => Math.ceil(Math.log2(Math.max(1, curve.lastAge)))))
  const firstSeen = Math.min(...known.map(({ curve }) => curve.ages[curve.survival.findIndex((share) => share < SEEN_LOSS)] ?? Infinity))
  const first = Math.max(0, Math.min(last - 4, Math.floor(Math.log2(Number.isFinite(firstSeen) ? firstSeen : 1)) - 2))
  const x: Scale = { kind: 'log2', from: 2 ** first, to: 2 ** last, start: area.left, end: area.right }
  const y: Scale = { kind: 'linear', from: 0, to: 1, start: area.bottom, end: area.top }
  const ends = known.map(({ curve }) => placeOn(y, survivalAt(curve, x.to)))
  return {
    area, x, y, lines: known, ages: Array.from({ length: last - first + 1 }, (_, i) => 2 ** (first + i)), labels: spreadPlaces(ends, 15, area.bottom - 7),
    xTicks: powerTicks(x.from, x.to, Math.max(2, Math.floor((area.right - area.left) / 70))),
    yTicks: linearTicks(0, 1, Math.min(5, Math.max(1, Math.floor((area.bottom - area.top) / 24)))),
  }
}

/** Corners of the steps, from 1 at the left end to the age the curve is known to. */
export function survivalPoints({ x, y }: SurvivalLayout, { ages, survival, lastAge }: SurvivalCurve): number[] {
  const points = [x.start, y.end]
  for (let i = 0; i < ages.length; i++) {
    const at = Math.max(x.start, placeOn(x, ages[i]!))
    points.push(at, points.at(-1)!, at, placeOn(y, survival[i]!))
  }
  points.push(Math.max(points.at(-2)!, placeOn(x, lastAge)), points.at(-1)!)
  return points
}

/** Index of the age nearest to a place. */
export const ageAt = ({ x, ages }: SurvivalLayout, place: CssPixels): number =>
  Math.min(ages.length - 1, Math.max(0, Math.round(((place - x.start) / (x.end - x.start)) * (ages.length - 1))))
