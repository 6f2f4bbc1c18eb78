import { RegionState } from '../../../../shared/model/region-table'
import type { DrawTarget } from '../../../canvas/draw-target'
import { cssOf, inkOn, mix, parseColor, type Palette } from '../../../canvas/palette'
import { ROW_HEIGHT, type MapRegion, type RegionBox } from './layout'

/*
 * Committed is filled, reserved is an outline with strokes, free space a line. A changed region has a bar below it and
 * its sign before its name.
 */
export interface MapPicture {
  readonly regions: readonly MapRegion[]
  readonly boxes: readonly RegionBox[]
  /** Index of the region the reader is in, -1 none. */
  readonly current: number
}

const SIGNS = ['', '+ ', '● ', '− '] as const
const LABEL_PX = 11
/** Of the UI font at 11 px, on average. */
const CHARACTER_PX = 6.2
const STROKE_STEP = 6
const BUSY = 1

/** What fits of the name, with the sign of its change. */
export function labelOf({ owner, change }: MapRegion, width: number): string {
  const text = `${SIGNS[change] ?? ''}${owner}`
  const room = Math.floor((width - 8) / CHARACTER_PX)
  if (text.length <= room) return text
  return room >= 4 ? `${text.slice(0, room - 1)}…` : (SIGNS[change] ?? '').trim().slice(0, Math.max(0, room))
}

export function paintRegions(target: DrawTarget, palette: Palette, { regions, boxes }: MapPicture): void {
  target.fillRect(0, 0, target.width, target.height, palette.panel)
  for (const box of boxes) paintRegion(target, palette, regions[box.index]!, box)
}

function paintRegion(target: DrawTarget, palette: Palette, region: MapRegion, { x, y, width }: RegionBox): void {
  const middle = y + ROW_HEIGHT / 2
  if (region.state === RegionState.Free && region.change === 0) {
    target.line([x + 1, middle, x + width - 1, middle], { color: palette.line, dash: [2, 2] })
    return
  }
  const inside = Math.max(1, width - 1)
  const ground = region.state === RegionState.Committed ? mix(parseColor(palette.states[BUSY]!), parseColor(palette.panel), region.owner === '' ? 0.45 : 0.9) : parseColor(palette.panel)
  if (region.state === RegionState.Committed) target.fillRect(x, y, inside, ROW_HEIGHT, cssOf(ground))
  else paintReserved(target, palette, x, y, inside)
  const ink = region.state === RegionState.Committed ? inkOn(ground) : palette.text
  const label = labelOf(region, width)
  if (label !== '') target.text(label, x + 4, middle, { color: ink, sizePx: LABEL_PX, bold: region.change !== 0 })
  if (region.change !== 0) target.fillRect(x, y + ROW_HEIGHT, inside, 3, palette.text)
}

function paintReserved(target: DrawTarget, palette: Palette, x: number, y: number, width: number): void {
  for (let at = STROKE_STEP; at < width - 1; at += STROKE_STEP) target.line([x + at, y + ROW_HEIGHT - 2, x + Math.min(width - 1, at + 3), y + ROW_HEIGHT - 5], { color: palette.states[6]! })
  target.strokeRect(x + 0.5, y + 0.5, Math.max(1, width - 1), ROW_HEIGHT - 1, { color: palette.states[6]! })
}

export function paintCurrent(target: DrawTarget, palette: Palette, { boxes, current }: MapPicture): void {
  const box = boxes.find(({ index }) => index === current)
  if (box !== undefined) target.strokeRect(box.x - 1, box.y - 1, box.width + 1, ROW_HEIGHT + 2, { color: palette.accent, widthPx: 2 })
}
