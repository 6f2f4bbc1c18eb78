import { requestSizeOf, unusableShares, type FreeCurve } from '../../../../shared/analysis/compare/free-curves'
import type { HeapProbe } from '../../../../shared/analysis/heap-charts/heap-probe'
import { linearTicks, placeOn, powerTicks, type PlotArea, type Scale } from '../../../canvas/chart-axes'
import type { CssPixels } from '../../../canvas/draw-target'

/*
 * What the free memory of one heap is good for, by request size, and below it what its own manager serves:
 *
 *   unusable  |        ____       available |‾‾‾\        a line at the largest hole: beyond it requests fail
 *             |  _____/ |                   |    \__|
 *             |_/_______|____               |_______|___
 *               ■ ■ ■ ■ □ □   served          ■ ■ ■ ■ □ □
 */
export interface SpacePanel {
  readonly mode: 'unusable' | 'available'
  readonly area: PlotArea
  readonly x: Scale
  readonly y: Scale
  readonly yTicks: readonly number[]
  /** By power shown. */
  readonly values: Float64Array
}

export interface SpaceLayout {
  readonly panels: readonly SpacePanel[]
  /** Powers of two shown. */
  readonly first: number
  readonly last: number
  readonly xTicks: readonly number[]
  readonly curve: FreeCurve
  readonly probe: HeapProbe | null
}

const FIRST_POWER = 3
const LEFT: CssPixels = 62
const RIGHT: CssPixels = 14
/** Room below the axis for what the manager serves. */
const PROBE_ROOM: CssPixels = 12

export function layOutSpace(curve: FreeCurve, probe: HeapProbe | null, size: { readonly width: CssPixels; readonly height: CssPixels }): SpaceLayout {
  const width = Math.max(LEFT + RIGHT + 40, size.width / 2)
  const top = 24
  const bottom = Math.max(top + 20, size.height - 20 - PROBE_ROOM)
  const largest = Math.max(curve.largestBytes, probe?.largestBytes ?? 0, 2 ** (FIRST_POWER + 3))
  const last = Math.min(curve.availableBytes.length - 1, Math.floor(Math.log2(largest)) + 1)
  const shares = unusableShares(curve)
  const panel = (mode: SpacePanel['mode'], i: number): SpacePanel => {
    const area = { left: i * width + LEFT, right: (i + 1) * width - RIGHT, top, bottom }
    const y: Scale = { kind: 'linear', from: 0, to: mode === 'unusable' ? 1 : Math.max(1, curve.freeBytes) * 1.05, start: bottom, end: top }
    const rows = Math.max(1, Math.floor((bottom - top) / 26))
    return {
      mode, area, y, x: { kind: 'log2', from: 2 ** FIRST_POWER, to: 2 ** last, start: area.left, end: area.right },
      yTicks: mode === 'unusable' ? linearTicks(0, 1, Math.min(4, rows)) : linearTicks(0, y.to, rows, true),
      values: (mode === 'unusable' ? shares : curve.availableBytes).slice(FIRST_POWER, last + 1),
    }
  }
  return { panels: [panel('unusable', 0), panel('available', 1)], first: FIRST_POWER, last, xTicks: powerTicks(2 ** FIRST_POWER, 2 ** last, Math.max(2, Math.floor((width - LEFT - RIGHT) / 70))), curve, probe }
}

export const spaceCount = ({ first, last, curve }: SpaceLayout): number => (curve.freeBytes === 0 ? 0 : last - first + 1)
export const requestAt = ({ first }: SpaceLayout, index: number): number => requestSizeOf(first + index)

/** Panel and nearest request at a place, null between the panels. */
export function spaceAt({ panels, first, last }: SpaceLayout, at: CssPixels): { readonly panel: number; readonly index: number } | null {
  const panel = panels.findIndex(({ area }) => at >= area.left - 8 && at <= area.right + 8)
  if (panel < 0) return null
  const { x } = panels[panel]!
  const step = (x.end - x.start) / Math.max(1, last - first)
  return { panel, index: Math.min(last - first, Math.max(0, Math.round((at - x.start) / step))) }
}

/** Line of a panel, left to right. */
export const spacePoints = ({ x, y, values }: SpacePanel, first: number): number[] => Array.from(values, (value, i) => [placeOn(x, requestSizeOf(first + i)), placeOn(y, value)]).flat()

/** Squares of the manager's answers in a panel: left end, width, and whether it serves. */
export function probeMarks({ x, area }: SpacePanel, { requestBytes, served }: HeapProbe): { readonly left: CssPixels; readonly width: CssPixels; readonly isServed: boolean }[] {
  const marks: { left: CssPixels; width: CssPixels; isServed: boolean }[] = []
  for (let i = 0; i < requestBytes.length; i++) {
    const right = Math.min(area.right, placeOn(x, requestBytes[i]!))
    const left = i === 0 ? area.left : Math.max(area.left, placeOn(x, requestBytes[i - 1]!))
    if (right > left) marks.push({ left, width: right - left, isServed: served[i] === 1 })
  }
  return marks
}
