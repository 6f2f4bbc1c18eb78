import type { MapTile } from '../../../shared/analysis/map-tiles'
import type { Address } from '../../../shared/base/units'
import type { DrawTarget } from '../../canvas/draw-target'
import { cssOf, mix, parseColor, type Palette } from '../../canvas/palette'
import { colorOf, type ColorMark } from './color-marks'
import { windowFrame, type MinimapSpace } from './minimap-layout'

export interface MinimapPicture {
  readonly space: MinimapSpace
  readonly tile: MapTile
  readonly marks: readonly ColorMark[] | null
}

/** Where the map is; drawn over the strip, so that scrolling does not repaint it. */
export function paintWindow(target: DrawTarget, palette: Palette, space: MinimapSpace, from: Address, to: Address): void {
  const { top, bottom } = windowFrame(space, from, to)
  target.strokeRect(space.left - 1.5, top + 0.5, space.width + 3, bottom - top - 1, { color: palette.background, widthPx: 4 })
  target.strokeRect(space.left - 1.5, top + 0.5, space.width + 3, bottom - top - 1, { color: palette.accent, widthPx: 2 })
}

/** States beside a colouring, as in the map. */
const NEUTRAL_SHARE = 0.3

export function paintMinimap(target: DrawTarget, palette: Palette, { space, tile, marks }: MinimapPicture): void {
  const ground = parseColor(palette.background)
  const states = palette.states.map((color, state) => cssOf(state === 0 ? ground : mix(parseColor(color), ground, marks === null ? 1 : NEUTRAL_SHARE)))
  const values = (marks ?? []).map((mark) => colorOf(palette, mark))
  const cellWidth = space.width / space.columns
  // Neighbours of one colour are one rectangle: a strip has a thousand cells at most.
  for (let cell = 0; cell < tile.state.length; ) {
    const color = colorAt(tile, values, states, cell)
    const row = Math.floor(cell / space.columns)
    let end = cell + 1
    while (end < tile.state.length && end < (row + 1) * space.columns && colorAt(tile, values, states, end) === color) end++
    const column = cell - row * space.columns
    target.fillRect(space.left + column * cellWidth, row * space.rowHeight, (end - cell) * cellWidth, space.rowHeight, color)
    cell = end
  }
}

const colorAt = ({ color, state }: MapTile, values: readonly string[], states: readonly string[], cell: number): string => values[(color?.[cell] ?? 0) - 1] ?? states[state[cell]!]!
