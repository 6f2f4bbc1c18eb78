import type { Bytes } from '../../../../shared/base/units'
import { linearTicks, placeOn, type PlotArea, type Scale } from '../../../canvas/chart-axes'
import type { CssPixels } from '../../../canvas/draw-target'

/*
 * A change taken apart, one row per part; each step begins where the one before ended:
 *
 *   Footprint of A  ██████████            8,192
 *   Live                      ▓▓            +400
 *   Free, pinned            ░░░░            −528
 *   Footprint of B  ███████████           8,064
 *
 * What the steps do not explain is a row of its own, "Not explained": it is there only when it is not 0.
 */
export interface WaterfallStep {
  readonly key: string
  readonly label: string
  /** Difference this part makes, B less A, exact. */
  readonly bytes: Bytes
  /** For the card: what the part is on each side. */
  readonly a: Bytes
  readonly b: Bytes
}

export interface WaterfallTotals {
  readonly fromLabel: string
  readonly from: Bytes
  readonly toLabel: string
  readonly to: Bytes
}

export interface WaterfallRow {
  readonly key: string
  readonly label: string
  readonly kind: 'total' | 'step' | 'rest'
  /** Ends of the bar. */
  readonly from: Bytes
  readonly to: Bytes
  /** The step, or the total itself. */
  readonly bytes: Bytes
}

/** Rows in drawing order; from the first total to the last, every byte is in one of them. */
export function waterfallRows(steps: readonly WaterfallStep[], totals: WaterfallTotals): WaterfallRow[] {
  const rows: WaterfallRow[] = [{ key: 'from', label: totals.fromLabel, kind: 'total', from: 0, to: totals.from, bytes: totals.from }]
  let at = totals.from
  for (const { key, label, bytes } of steps) {
    rows.push({ key, label, kind: 'step', from: at, to: at + bytes, bytes })
    at += bytes
  }
  if (at !== totals.to) rows.push({ key: 'rest', label: 'Not explained', kind: 'rest', from: at, to: totals.to, bytes: totals.to - at })
  rows.push({ key: 'to', label: totals.toLabel, kind: 'total', from: 0, to: totals.to, bytes: totals.to })
  return rows
}

export interface WaterfallLayout {
  readonly area: PlotArea
  readonly rows: readonly WaterfallRow[]
  readonly rowHeight: CssPixels
  readonly scale: Scale
  /** The scale does not begin at 0: steps of a per cent would not be seen beside whole bars. */
  readonly isCut: boolean
  readonly ticks: readonly number[]
}

const LABELS: CssPixels = 126
const VALUES: CssPixels = 92

export function layOutWaterfall(rows: readonly WaterfallRow[], size: { readonly width: CssPixels; readonly height: CssPixels }): WaterfallLayout {
  const area = { left: LABELS, right: Math.max(LABELS + 40, size.width - VALUES), top: 4, bottom: Math.max(24, size.height - 22) }
  const inner = rows.filter(({ kind }) => kind !== 'total').flatMap(({ from, to }) => [from, to])
  const ends = [...inner, ...rows.filter(({ kind }) => kind === 'total').map(({ to }) => to)]
  const most = Math.max(1, ...ends)
  const lowest = Math.min(...ends)
  const room = (most - lowest) * 0.3
  const isCut = lowest - room > most * 0.2
  const least = isCut ? lowest - room : Math.min(0, lowest)
  const scale: Scale = { kind: 'linear', from: least, to: most, start: area.left, end: area.right }
  const ticks = linearTicks(least, most, Math.max(2, Math.floor((area.right - area.left) / 90)), true)
  return { area, rows, rowHeight: (area.bottom - area.top) / Math.max(1, rows.length), scale, isCut, ticks }
}

export const rowTop = ({ area, rowHeight }: WaterfallLayout, index: number): CssPixels => area.top + index * rowHeight

export const rowAt = ({ area, rowHeight, rows }: WaterfallLayout, y: CssPixels): number => {
  const index = Math.floor((y - area.top) / rowHeight)
  return index >= 0 && index < rows.length ? index : -1
}

/** Left end and width of a row's bar; at least one pixel, so that a single byte is seen. */
export function barOf({ scale }: WaterfallLayout, row: WaterfallRow): { readonly x: CssPixels; readonly width: CssPixels } {
  const from = placeOn(scale, row.kind === 'total' ? scale.from : row.from)
  const to = placeOn(scale, row.to)
  return { x: Math.min(from, to), width: row.bytes === 0 && row.kind !== 'total' ? 0 : Math.max(1, Math.abs(to - from)) }
}
