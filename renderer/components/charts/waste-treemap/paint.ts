import { CellState } from '../../../../shared/analysis/map-tiles'
import type { DrawTarget } from '../../../canvas/draw-target'
import { cssOf, inkOn, mix, parseColor, type Palette } from '../../../canvas/palette'
import { formatBytes } from '../../format'
import type { LeafKind, TreeLayout } from './layout'

export interface WastePicture {
  readonly layout: TreeLayout
  readonly isFiltered: boolean
  readonly groupName: (group: number) => string
  readonly kindName: (kind: LeafKind) => string
}

/** The heap's colours: free memory that costs, or that can go back; the heap's own; what a front end keeps; busy for the rest. */
export function colorOf(palette: Palette, kind: LeafKind): string {
  const states: Readonly<Record<LeafKind, number>> = { header: CellState.Internal, rounding: CellState.Busy, cached: CellState.Cached, stranded: CellState.FreePinned, internal: CellState.Internal, ownStranded: CellState.FreePinned, releasable: CellState.FreeReleasable }
  return palette.states[states[kind]]!
}

export const LEAF_LETTERS: Readonly<Record<LeafKind, string>> = { header: 'H', rounding: 'R', cached: 'C', stranded: 'S', internal: 'I', ownStranded: 'S', releasable: 'E' }

const PALE = 0.3
const LETTER_PX = 6.4

export function paintWaste(target: DrawTarget, palette: Palette, { layout, isFiltered, groupName, kindName }: WastePicture): void {
  for (const { rect: [x, y, width, height] } of layout.groups) target.fillRect(x, y, width, height, palette.raised)
  for (const { kind, rect: [x, y, width, height], bytes, keptBytes } of layout.leaves) {
    const color = parseColor(colorOf(palette, kind))
    const pale = mix(color, parseColor(palette.raised), PALE)
    const share = isFiltered ? Math.min(1, keptBytes / bytes) : 1
    const inner = Math.max(0, width - 1)
    const tall = Math.max(0, height - 1)
    if (share < 1) target.fillRect(x, y, inner, tall, cssOf(pale))
    // What the filter keeps fills its rectangle from below.
    if (share > 0) target.fillRect(x, y + tall * (1 - share), inner, tall * share, cssOf(color))
    const ink = inkOn(share >= 0.5 ? color : pale)
    const name = kindName(kind)
    const fits = (text: string): boolean => text.length * LETTER_PX + 8 <= inner
    const label = tall < 13 || inner < 12 ? '' : fits(name) ? name : LEAF_LETTERS[kind]
    if (label === '') continue
    const at = share > 0 && share < 0.5 ? y + 8 : y + tall - 8
    target.text(label, x + 4, at, { color: ink, sizePx: 11 })
    const size = formatBytes(bytes)
    if (label === name && tall >= 28 && fits(size)) target.text(size, x + 4, share > 0 && share < 0.5 ? at + 13 : at - 13, { color: ink, sizePx: 11, font: 'mono' })
  }
  layout.groups.forEach(({ rect: [x, y, width], hasLabel, bytes }, group) => {
    if (!hasLabel) return
    const name = groupName(group)
    const most = Math.floor((width - 6) / LETTER_PX)
    const label = [`${name}  ${formatBytes(bytes)}`, name, `${name.slice(0, most - 1).trimEnd()}…`].find((text) => text.length <= most)
    if (label !== undefined) target.text(label, x + 4, y + 7.5, { color: palette.text, sizePx: 11 })
  })
}
