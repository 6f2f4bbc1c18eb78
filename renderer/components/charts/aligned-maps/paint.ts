import { CellDifference, type AlignedTile } from '../../../../shared/analysis/compare/aligned-maps'
import { CellState } from '../../../../shared/analysis/map-tiles'
import { paintBadge } from '../../../canvas/chart-sides'
import type { CssPixels, DrawTarget } from '../../../canvas/draw-target'
import { cssOf, mix, parseColor, type Palette } from '../../../canvas/palette'
import { formatBytes } from '../../format'
import type { AlignedLayout, MapMember, StripPlace } from './layout'

export interface AlignedPicture {
  readonly layout: AlignedLayout
  readonly members: readonly MapMember[]
  /** One per member, for the cells of the layout's wish. */
  readonly tiles: readonly AlignedTile[]
  /** Chosen cell, -1 for none. */
  readonly chosen: number
}

/** Runs of equal cells are drawn as one rectangle: a few hundred per strip even of a wide map. */
function paintRuns(target: DrawTarget, layout: AlignedLayout, strip: StripPlace, values: ArrayLike<number>, draw: (value: number, x: CssPixels, width: CssPixels) => void): void {
  const { cellLefts, cellRights } = layout
  for (let cell = 0; cell < values.length; ) {
    let end = cell + 1
    while (end < values.length && values[end] === values[cell] && cellLefts[end]! - cellRights[end - 1]! < 0.5) end++
    draw(values[cell]!, cellLefts[cell]!, cellRights[end - 1]! - cellLefts[cell]!)
    cell = end
  }
  target.line([layout.left, strip.top + strip.height + 0.5, layout.right, strip.top + strip.height + 0.5], { color: 'rgba(128, 128, 128, 0.25)' })
}

/** Steps of the page strip; more are not told apart. */
const OCCUPANCY_LEVELS = 8

export function paintAlignedMaps(target: DrawTarget, palette: Palette, { layout, members, tiles, chosen }: AlignedPicture): void {
  const ground = parseColor(palette.background)
  members.forEach(({ side }, i) => {
    const strips = layout.strips[i]!
    const tile = tiles[i]
    paintBadge(target, palette, side, 17, strips.blocks.top + strips.blocks.height / 2)
    if (tile === undefined) return
    paintRuns(target, layout, strips.blocks, tile.state, (state, x, width) => {
      if (state !== CellState.Gap) paintState(target, palette, state, x, strips.blocks, width)
    })
    const levels = Uint8Array.from(tile.occupancy, (share, cell) => (tile.state[cell] === CellState.Gap || tile.state[cell] === CellState.Uncommitted ? 0 : 1 + Math.round((share / 255) * (OCCUPANCY_LEVELS - 1))))
    paintRuns(target, layout, strips.pages, levels, (level, x, width) => {
      if (level === 0) return
      // Fullness is height and depth of colour at once.
      const share = (level - 1) / (OCCUPANCY_LEVELS - 1)
      const height = Math.max(1.5, strips.pages.height * share)
      target.fillRect(x, strips.pages.top + strips.pages.height - height, width, height, cssOf(mix(parseColor(palette.text), ground, 0.3 + 0.5 * share)))
    })
    if (strips.difference !== null) paintDifferences(target, palette, { layout, strip: strips.difference, tile, letters: [members[0]!.side.letter, side.letter] })
  })
  paintLanes(target, palette, layout)
  if (chosen < 0 || chosen >= layout.cellLefts.length) return
  const [x, width] = [layout.cellLefts[chosen]!, layout.cellRights[chosen]! - layout.cellLefts[chosen]!]
  target.strokeRect(x - 1.5, 1, width + 3, layout.bottom - 2, { color: palette.accent, widthPx: 2 })
}

/** Second marks of the states: free memory is hatched one way or the other, the uncommitted is thin. */
function paintState(target: DrawTarget, palette: Palette, state: number, x: CssPixels, { top, height }: StripPlace, width: CssPixels): void {
  const color = palette.states[state]!
  if (state === CellState.Uncommitted) return target.fillRect(x, top + height * 0.4, width, height * 0.2, color)
  target.fillRect(x, top, width, height, color)
  if (state !== CellState.FreePinned && state !== CellState.FreeReleasable) return
  const slant = state === CellState.FreePinned ? 1 : -1
  for (let at = x + 2; at < x + width - 2; at += 7) {
    const end = Math.min(x + width - 1, at + height * 0.6)
    target.line(slant > 0 ? [at, top + height, end, top + height - (end - at) / 0.6] : [at, top, end, top + (end - at) / 0.6], { color: cssOf(parseColor(palette.background), 0.45), widthPx: 1.2 })
  }
}

interface DifferenceStrip {
  readonly layout: AlignedLayout
  readonly strip: StripPlace
  readonly tile: AlignedTile
  readonly letters: readonly [string, string]
}

const LETTER_ROOM: CssPixels = 12

function paintDifferences(target: DrawTarget, palette: Palette, { layout, strip, tile, letters }: DifferenceStrip): void {
  const { top, height } = strip
  paintRuns(target, layout, strip, tile.difference, (kind, x, width) => {
    if (kind === CellDifference.Nothing) return
    if (kind === CellDifference.Same) return target.fillRect(x, top + height / 2 - 0.75, width, 1.5, palette.faint)
    const isChanged = kind === CellDifference.Changed
    if (isChanged) target.fillRect(x, top, width, height, palette.changed)
    else target.strokeRect(x + 0.75, top + 0.75, Math.max(0.5, width - 1.5), height - 1.5, { color: palette.text, widthPx: 1.5 })
    const letter = isChanged ? '≠' : letters[kind === CellDifference.OnlyFirst ? 0 : 1]
    if (width >= LETTER_ROOM) target.text(letter, x + width / 2, top + height / 2, { color: isChanged ? '#000000' : palette.text, sizePx: 10, bold: true, align: 'center', font: 'mono' })
  })
}

/** Borders of lanes, and offsets on the scale of the lane that is widest in sight. */
function paintLanes(target: DrawTarget, palette: Palette, { left, right, view, starts, bottom }: AlignedLayout): void {
  const perByte = (right - left) / Math.max(1, view.to - view.from)
  let labelled = -Infinity
  for (let lane = 0; lane + 1 < starts.length; lane++) {
    const x = left + (starts[lane]! - view.from) * perByte
    const end = Math.min(right, left + (starts[lane + 1]! - view.from) * perByte)
    if (end < left || x > right) continue
    const from = Math.max(left, x)
    if (lane > 0 && x >= left) target.line([x, 0, x, bottom + 4], { color: palette.dim, dash: [3, 2] })
    const text = `segment ${lane + 1}${x < left ? `, from ${formatBytes(Math.round(view.from - starts[lane]!))}` : ''}`
    if (from < labelled || end - from < text.length * 6) continue
    target.text(text, from + 3, bottom + 11, { color: palette.dim, font: 'mono', sizePx: 10 })
    labelled = from + text.length * 6.4 + 8
  }
}
