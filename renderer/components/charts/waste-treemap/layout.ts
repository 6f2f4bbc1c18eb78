import { WASTE_KINDS, type WasteKind, type WasteTree } from '../../../../shared/analysis/heap-charts/waste-tree'
import type { Bytes } from '../../../../shared/base/units'
import type { CssPixels } from '../../../canvas/draw-target'

/*
 * Waste as nested rectangles, areas in proportion to bytes (squarified, Bruls, Huizing and van Wijk 2000):
 *
 *   ┌ 17..32 B ────────┬ 33..64 B ──┬ heap ────┐
 *   │ stranded │ round │ stranded   │ internal │
 *   │          ├───────┤            │          │
 *   │          │ header│            │          │
 *   └──────────┴───────┴────────────┴──────────┘
 */
export type LeafKind = WasteKind | 'internal' | 'ownStranded' | 'releasable'

export interface WasteLeaf {
  readonly kind: LeafKind
  readonly bytes: Bytes
  /** Of the blocks a filter keeps. */
  readonly keptBytes: Bytes
}

export interface WasteGroup {
  /** Class in (fromBytes, toBytes]; null: the heap itself. */
  readonly range: { readonly fromBytes: Bytes; readonly toBytes: Bytes } | null
  readonly bytes: Bytes
  readonly leaves: readonly WasteLeaf[]
}

export type Rect = readonly [x: CssPixels, y: CssPixels, width: CssPixels, height: CssPixels]

export interface PlacedLeaf extends WasteLeaf {
  readonly group: number
  readonly rect: Rect
}

export interface TreeLayout {
  readonly groups: readonly (WasteGroup & { readonly rect: Rect; readonly hasLabel: boolean })[]
  readonly leaves: readonly PlacedLeaf[]
}

/** Groups and leaves with bytes, the largest first. */
export function wasteGroups(tree: WasteTree): WasteGroup[] {
  const classes = Array.from(tree.upperBytes, (toBytes, row): WasteGroup => groupOf({ fromBytes: tree.lowerBytes[row]!, toBytes }, WASTE_KINDS.map((kind) => ({ kind, bytes: tree.all[kind][row]!, keptBytes: tree.kept[kind][row]! }))))
  const own = groupOf(null, ([['internal', tree.internalBytes], ['ownStranded', tree.ownStrandedBytes], ['releasable', tree.releasableBytes]] as const).map(([kind, bytes]) => ({ kind, bytes, keptBytes: 0 })))
  return [...classes, own].filter(({ bytes }) => bytes > 0).sort((a, b) => b.bytes - a.bytes)
}

function groupOf(range: WasteGroup['range'], leaves: readonly WasteLeaf[]): WasteGroup {
  const shown = leaves.filter(({ bytes }) => bytes > 0).sort((a, b) => b.bytes - a.bytes)
  return { range, bytes: shown.reduce((sum, { bytes }) => sum + bytes, 0), leaves: shown }
}

const MARGIN: CssPixels = 12
const TOP: CssPixels = 4
const LABEL: CssPixels = 15
const LEAST_LABELLED: Rect = [0, 0, 64, 34]

export function layOutWaste(groups: readonly WasteGroup[], size: { readonly width: CssPixels; readonly height: CssPixels }): TreeLayout {
  const area: Rect = [MARGIN, TOP, Math.max(10, size.width - 2 * MARGIN), Math.max(10, size.height - TOP - 2)]
  const rects = squarify(groups.map(({ bytes }) => bytes), area)
  const placed = groups.map((group, i) => ({ ...group, rect: inset(rects[i]!, 1), hasLabel: rects[i]![2] >= LEAST_LABELLED[2] && rects[i]![3] >= LEAST_LABELLED[3] }))
  const leaves = placed.flatMap(({ leaves: own, rect: [x, y, width, height], hasLabel }, group): PlacedLeaf[] => {
    const top = hasLabel ? LABEL : 0
    const inner = squarify(own.map(({ bytes }) => bytes), [x, y + top, width, Math.max(0, height - top)])
    return own.map((leaf, i) => ({ ...leaf, group, rect: inner[i]! }))
  })
  return { groups: placed, leaves }
}

const inset = ([x, y, width, height]: Rect, by: CssPixels): Rect => [x + by, y + by, Math.max(0, width - 2 * by), Math.max(0, height - 2 * by)]

/** Rectangles that fill the area in proportion to the values, which must fall; as near to squares as rows of them allow. */
export function squarify(values: readonly number[], [x, y, width, height]: Rect): Rect[] {
  const total = values.reduce((sum, value) => sum + value, 0)
  const rects: Rect[] = []
  let rest: Rect = [x, y, width, height]
  let left = total
  for (let from = 0; from < values.length; ) {
    const [rx, ry, rw, rh] = rest
    const side = Math.min(rw, rh)
    const scale = left === 0 ? 0 : (rw * rh) / left
    let to = from + 1
    let sum = values[from]!
    // A row takes one more as long as its worst shape gets no worse.
    while (to < values.length && worst(values, from, to + 1, sum + values[to]!, side, scale) <= worst(values, from, to, sum, side, scale)) sum += values[to++]!
    const thick = side === 0 ? 0 : (sum * scale) / side
    let at = 0
    for (let i = from; i < to; i++) {
      const length = sum === 0 ? 0 : (values[i]! / sum) * side
      rects.push(rw >= rh ? [rx, ry + at, thick, length] : [rx + at, ry, length, thick])
      at += length
    }
    rest = rw >= rh ? [rx + thick, ry, Math.max(0, rw - thick), rh] : [rx, ry + thick, rw, Math.max(0, rh - thick)]
    left -= sum
    from = to
  }
  return rects
}

/** Largest ratio of sides in a row of values [from, to) along a side. */
function worst(values: readonly number[], from: number, to: number, sum: number, side: CssPixels, scale: number): number {
  const area = sum * scale
  if (area === 0 || side === 0) return Infinity
  const most = values[from]! * scale
  const least = values[to - 1]! * scale
  return Math.max((side * side * most) / (area * area), (area * area) / (side * side * Math.max(least, 1e-9)))
}

/** Leaf at a place, -1 for none. */
export const leafAt = ({ leaves }: TreeLayout, x: CssPixels, y: CssPixels): number => leaves.findIndex(({ rect: [left, top, width, height] }) => x >= left && x < left + width && y >= top && y < top + height)

/** Nearest leaf beyond the side an arrow points to; the leaf itself when there is none, -1 for other keys. */
export function leafBeside({ leaves }: TreeLayout, index: number, key: string): number {
  if (key === 'Home') return 0
  if (key === 'End') return leaves.length - 1
  const step = ({ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] } as Readonly<Record<string, readonly [number, number]>>)[key]
  if (step === undefined) return -1
  const [cx, cy] = middle(leaves[index]!.rect)
  let best = index
  let least = Infinity
  leaves.forEach(({ rect }, i) => {
    const [x, y] = middle(rect)
    const along = (x - cx) * step[0] + (y - cy) * step[1]
    if (i === index || along <= 0.5) return
    const beside = Math.abs((x - cx) * step[1]) + Math.abs((y - cy) * step[0])
    const distance = along + 2 * beside
    if (distance < least) [least, best] = [distance, i]
  })
  return best
}

const middle = ([x, y, width, height]: Rect): readonly [number, number] => [x + width / 2, y + height / 2]
