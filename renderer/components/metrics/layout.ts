import type { CssPixels } from '../../canvas/draw-target'
import type { UnusableFreeCurve } from '../../../shared/analysis/metrics/holes'

/* Unusable free share over request size: size on a log2 axis, share 0..1 upwards. */
export interface CurveArea {
  readonly left: CssPixels
  readonly right: CssPixels
  readonly top: CssPixels
  readonly bottom: CssPixels
}

export const curveArea = (size: { width: number; height: number }): CurveArea => ({ left: 42, right: Math.max(60, size.width - 14), top: 10, bottom: Math.max(30, size.height - 22) })

export function curvePoints(curve: UnusableFreeCurve, area: CurveArea): number[] {
  const exponents = [...curve.sizeBytes].map((bytes) => Math.log2(bytes))
  const first = exponents[0] ?? 0
  const span = Math.max(1, (exponents.at(-1) ?? 1) - first)
  return exponents.flatMap((exponent, i) => [
    area.left + ((exponent - first) / span) * (area.right - area.left),
    area.bottom - curve.unusable[i]! * (area.bottom - area.top),
  ])
}

/** Sizes to write below the axis: powers of two at even steps, at most six. */
export function curveSizeTicks(curve: UnusableFreeCurve, area: CurveArea): { readonly x: CssPixels; readonly bytes: number }[] {
  const first = Math.ceil(Math.log2(curve.sizeBytes[0] ?? 1))
  const last = Math.floor(Math.log2(curve.sizeBytes.at(-1) ?? 1))
  const step = Math.max(1, Math.ceil((last - first) / 5))
  const span = Math.max(1, Math.log2(curve.sizeBytes.at(-1) ?? 2) - Math.log2(curve.sizeBytes[0] ?? 1))
  const ticks: { x: number; bytes: number }[] = []
  for (let exponent = first; exponent <= last; exponent += step) {
    ticks.push({ bytes: 2 ** exponent, x: area.left + ((exponent - Math.log2(curve.sizeBytes[0]!)) / span) * (area.right - area.left) })
  }
  return ticks
}
