import type { SizeClassPairs } from '../../../../shared/analysis/compare/size-class-pairs'
import type { Bytes } from '../../../../shared/base/units'
import { linearTicks, placeOn, type PlotArea, type Scale } from '../../../canvas/chart-axes'
import type { CssPixels } from '../../../canvas/draw-target'

/*
 * Two bars per size class, side by side, from the smallest class to the largest:
 *
 *   |  █▨        █ A filled, ▨ B hatched
 *   | █▨ █▨ █    ▨▨▨ brushed classes lie on a lighter ground
 *   |_______________
 *     16 64 256  ...
 */
export interface PairLayout {
  readonly area: PlotArea
  readonly y: Scale
  readonly pairs: SizeClassPairs
  readonly slotWidth: CssPixels
  readonly ticks: readonly number[]
  /** Classes whose size is written below, far enough apart. */
  readonly labelled: readonly number[]
}

/** Sizes in (fromBytes, toBytes]. */
export interface SizeRange {
  readonly fromBytes: Bytes
  readonly toBytes: Bytes
}

const LABEL_DISTANCE: CssPixels = 52

export function layOutPairs(pairs: SizeClassPairs, size: { readonly width: CssPixels; readonly height: CssPixels }, isBytes: boolean): PairLayout {
  const area = { left: 66, right: Math.max(110, size.width - 12), top: 10, bottom: Math.max(40, size.height - 34) }
  const rows = pairs.upperBytes.length
  let most = 1
  for (let row = 0; row < rows; row++) most = Math.max(most, pairs.a[row]!, pairs.b[row]!)
  const y: Scale = { kind: 'linear', from: 0, to: most * 1.05, start: area.bottom, end: area.top }
  const slotWidth = (area.right - area.left) / Math.max(1, rows)
  const every = Math.max(1, Math.ceil(LABEL_DISTANCE / slotWidth))
  return {
    area, y, pairs, slotWidth,
    ticks: linearTicks(0, y.to, Math.max(1, Math.floor((area.bottom - area.top) / 28)), isBytes).filter((tick) => isBytes || Number.isInteger(tick)),
    labelled: Array.from({ length: Math.ceil(rows / every) }, (_, i) => i * every),
  }
}

export const slotLeft = ({ area, slotWidth }: PairLayout, row: number): CssPixels => area.left + row * slotWidth

/** Class at a place, the first or last beside the plot; -1 without classes. */
export function rowAtX({ area, slotWidth, pairs }: PairLayout, x: CssPixels): number {
  const rows = pairs.upperBytes.length
  return rows === 0 ? -1 : Math.min(rows - 1, Math.max(0, Math.floor((x - area.left) / slotWidth)))
}

/** Left end, width, top and height of a side's bar. */
export function barBox(layout: PairLayout, row: number, side: 'a' | 'b'): readonly [CssPixels, CssPixels, CssPixels, CssPixels] {
  const { area, slotWidth, pairs, y } = layout
  const gap = Math.min(4, slotWidth * 0.15)
  const width = Math.max(0.75, (slotWidth - 2 * gap) / 2)
  const top = placeOn(y, pairs[side][row]!)
  return [slotLeft(layout, row) + gap + (side === 'b' ? width : 0), top, width, area.bottom - top]
}

/** Sizes of the classes between two rows, both included. */
export const rangeOf = ({ lowerBytes, upperBytes }: SizeClassPairs, one: number, other: number): SizeRange => ({ fromBytes: lowerBytes[Math.min(one, other)]!, toBytes: upperBytes[Math.max(one, other)]! })

export const isBrushed = ({ lowerBytes, upperBytes }: SizeClassPairs, row: number, range: SizeRange | null): boolean => range !== null && lowerBytes[row]! >= range.fromBytes && upperBytes[row]! <= range.toBytes
