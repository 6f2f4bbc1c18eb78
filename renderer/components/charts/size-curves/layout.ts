import { quantileOf } from '../../../../shared/analysis/compare/aligned-series'
import { FREE_CURVE_POINTS, requestSizeOf, unusableShares, type FreeCurve } from '../../../../shared/analysis/compare/free-curves'
import type { Bytes } from '../../../../shared/base/units'
import { linearTicks, placeOn, powerTicks, spreadPlaces, type PlotArea, type Scale } from '../../../canvas/chart-axes'
import type { ChartSide } from '../../../canvas/chart-sides'
import type { CssPixels } from '../../../canvas/draw-target'

/*
 * What free memory is good for, by request size, the sides over each other:
 *
 *   unusable   1 |        ____      share of the free bytes of no use
 *                |   ___/
 *              0 |_/__________      16 B ... 1 MiB
 *   available  F |‾‾‾\___           bytes that requests of this size can get; 0 from the largest hole on
 */
export type CurveMode = 'unusable' | 'available'

export interface CurveMember {
  readonly id: string
  readonly name: string
  readonly curve: FreeCurve
}

export interface CurveSide {
  readonly side: ChartSide
  readonly members: readonly CurveMember[]
}

export interface CurveLine {
  readonly side: ChartSide
  readonly members: readonly CurveMember[]
  /** By power of two, as drawn. */
  readonly values: readonly Float64Array[]
  readonly median: Float64Array
  readonly medianLargestBytes: Bytes
  readonly medianFreeBytes: Bytes
}

export interface CurveLayout {
  readonly area: PlotArea
  readonly x: Scale
  readonly y: Scale
  readonly lines: readonly CurveLine[]
  /** Powers of two shown, as indices into the values. */
  readonly first: number
  readonly last: number
  readonly xTicks: readonly Bytes[]
  readonly yTicks: readonly number[]
  readonly labels: readonly CssPixels[]
}

/** Smaller requests than this are as good as no heap hands out. */
const FIRST_POWER = 3

const medianOf = (values: readonly number[]): number => quantileOf(Float64Array.from(values).sort(), 0.5)

export function curveLines(sides: readonly CurveSide[], mode: CurveMode): CurveLine[] {
  return sides.filter(({ members }) => members.length > 0).map(({ side, members }) => {
    const values = members.map(({ curve }) => (mode === 'unusable' ? unusableShares(curve) : curve.availableBytes))
    return {
      side, members, values,
      median: Float64Array.from({ length: FREE_CURVE_POINTS }, (_, power) => medianOf(values.map((one) => one[power]!))),
      medianLargestBytes: medianOf(members.map(({ curve }) => curve.largestBytes)),
      medianFreeBytes: medianOf(members.map(({ curve }) => curve.freeBytes)),
    }
  })
}

export function layOutCurves(lines: readonly CurveLine[], mode: CurveMode, size: { readonly width: CssPixels; readonly height: CssPixels }): CurveLayout {
  const area = { left: mode === 'unusable' ? 48 : 66, right: Math.max(110, size.width - 28), top: 18, bottom: Math.max(50, size.height - 34) }
  let largest = 2 ** (FIRST_POWER + 3)
  let most = 1
  for (const { members } of lines) for (const { curve } of members) [largest, most] = [Math.max(largest, curve.largestBytes), Math.max(most, curve.freeBytes)]
  const last = Math.min(FREE_CURVE_POINTS - 1, Math.floor(Math.log2(largest)) + 1)
  const x: Scale = { kind: 'log2', from: requestSizeOf(FIRST_POWER), to: requestSizeOf(last), start: area.left, end: area.right }
  const y: Scale = { kind: 'linear', from: 0, to: mode === 'unusable' ? 1 : most * 1.04, start: area.bottom, end: area.top }
  const rows = Math.max(1, Math.floor((area.bottom - area.top) / 28))
  const ends = lines.map(({ median }) => placeOn(y, median[last - 1]!))
  return {
    area, x, y, lines, first: FIRST_POWER, last, labels: spreadPlaces(ends, 15, area.bottom - 7),
    xTicks: powerTicks(x.from, x.to, Math.max(2, Math.floor((area.right - area.left) / 70))),
    yTicks: mode === 'unusable' ? linearTicks(0, 1, Math.min(5, rows)) : linearTicks(0, y.to, rows, true),
  }
}

/** Index of the mark (power of two shown) nearest to a place. */
export function powerAt({ x, first, last }: CurveLayout, place: CssPixels): number {
  const step = (x.end - x.start) / Math.max(1, last - first)
  return Math.min(last - first, Math.max(0, Math.round((place - x.start) / step)))
}
