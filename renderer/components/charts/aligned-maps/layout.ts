import type { AlignedLane, LaneRange } from '../../../../shared/analysis/compare/aligned-maps'
import { NONE, type Bytes } from '../../../../shared/base/units'
import type { ChartSide } from '../../../canvas/chart-sides'
import type { CssPixels } from '../../../canvas/draw-target'
import { viewportSpan, type Viewport } from '../../../canvas/viewport'

/*
 * Heaps of several members under each other on one scale of offsets; lanes (segments) follow one another, each from
 * its own offset 0:
 *
 *            lane 0            lane 1
 *   A   ███████░░░░░▒▒▒▒    | ████        blocks
 *       ▅▅▅▅▃▁               ▅▅▅          page strip: how full the pages are
 *   B   ████░░░░░           | ██████
 *       ▅▅▅▁                 ▅▅▅▅▅▅
 *       ====≠≠≠≠A A A        ==BBBB       difference from the first member
 */
export interface MapMember {
  readonly side: ChartSide
  readonly name: string
}

/** Start of each lane on the common line of bytes, and its whole length at the end. */
export function laneStarts(lanes: readonly AlignedLane[]): Float64Array {
  const starts = new Float64Array(lanes.length + 1)
  lanes.forEach(({ lengthBytes }, i) => (starts[i + 1] = starts[i]! + lengthBytes))
  return starts
}

export interface MapWish {
  readonly bytesPerCell: Bytes
  readonly ranges: readonly LaneRange[]
}

/**
 * Cells for what a window on the common line shows: about one per pixel, a power of two of bytes, at most `mostCells`. Of more lanes
 * than that, the longest of those that begin in the same cell.
 */
export function wishFor(lanes: readonly AlignedLane[], view: Viewport, pixels: CssPixels, mostCells: number): MapWish {
  const starts = laneStarts(lanes)
  let bytesPerCell = 1
  while (viewportSpan(view) / bytesPerCell > Math.min(mostCells, Math.max(16, pixels))) bytesPerCell *= 2
  const ranges: LaneRange[] = []
  let lastCell = NONE
  const inView = lanes.reduce((count, { lengthBytes }, lane) => (starts[lane]! < view.to && starts[lane]! + lengthBytes > view.from ? count + 1 : count), 0)
  lanes.forEach(({ lengthBytes }, lane) => {
    const from = Math.max(0, view.from - starts[lane]!)
    const to = Math.min(lengthBytes, view.to - starts[lane]!)
    if (to <= from) return
    const offset = Math.floor(from / bytesPerCell) * bytesPerCell
    const range = { lane, offset, cells: Math.max(1, Math.ceil((to - offset) / bytesPerCell)) }
    const cell = Math.floor((starts[lane]! + from) / bytesPerCell)
    if (inView <= mostCells || cell !== lastCell) ranges.push(range)
    else if (lengthBytes > lanes[ranges.at(-1)!.lane]!.lengthBytes) ranges[ranges.length - 1] = range
    lastCell = cell
  })
  return { bytesPerCell, ranges }
}

export interface StripPlace {
  readonly top: CssPixels
  readonly height: CssPixels
}

export interface MemberStrips {
  readonly blocks: StripPlace
  readonly pages: StripPlace
  /** null for the first member: it is what the others are held against. */
  readonly difference: StripPlace | null
}

export interface AlignedLayout {
  readonly left: CssPixels
  readonly right: CssPixels
  readonly view: Viewport
  readonly wish: MapWish
  readonly starts: Float64Array
  readonly strips: readonly MemberStrips[]
  readonly bottom: CssPixels
  /** Left edge of each cell of the wish, in order. */
  readonly cellLefts: Float64Array
  readonly cellRights: Float64Array
}

export const MAP_LEFT: CssPixels = 34
export const MAP_RIGHT_MARGIN: CssPixels = 12
const MEMBER_GAP: CssPixels = 10
/** Parts of a member's height: blocks, pages, difference. */
const SHARES = { blocks: 0.5, pages: 0.22, difference: 0.28 }

export function layOutMaps(lanes: readonly AlignedLane[], members: number, { view, wish }: { readonly view: Viewport; readonly wish: MapWish }, size: { readonly width: CssPixels; readonly height: CssPixels }): AlignedLayout {
  const [left, right, bottom] = [MAP_LEFT, Math.max(MAP_LEFT + 16, size.width - MAP_RIGHT_MARGIN), Math.max(30, size.height - 22)]
  const starts = laneStarts(lanes)
  const perByte = (right - left) / Math.max(1, viewportSpan(view))
  const cells = wish.ranges.reduce((sum, range) => sum + range.cells, 0)
  const [cellLefts, cellRights] = [new Float64Array(cells), new Float64Array(cells)]
  let cell = 0
  for (const { lane, offset, cells: count } of wish.ranges) {
    const laneEnd = starts[lane + 1]!
    for (let i = 0; i < count; i++, cell++) {
      const from = starts[lane]! + offset + i * wish.bytesPerCell
      cellLefts[cell] = Math.max(left, left + (from - view.from) * perByte)
      cellRights[cell] = Math.min(right, left + (Math.min(laneEnd, from + wish.bytesPerCell) - view.from) * perByte)
    }
  }
  return { left, right, view, wish, starts, strips: stripsOf(members, bottom), bottom, cellLefts, cellRights }
}

function stripsOf(members: number, bottom: CssPixels): MemberStrips[] {
  const height = (bottom - 4 - MEMBER_GAP * Math.max(0, members - 1)) / Math.max(1, members)
  return Array.from({ length: members }, (_, i) => {
    const top = 4 + i * (height + MEMBER_GAP)
    const blocks = { top, height: Math.max(4, height * SHARES.blocks - 2) }
    const pages = { top: top + height * SHARES.blocks, height: Math.max(2, height * SHARES.pages - 2) }
    return { blocks, pages, difference: i === 0 ? null : { top: top + height * (SHARES.blocks + SHARES.pages), height: Math.max(2, height * SHARES.difference) } }
  })
}

/** Cell at a place, -1 for none. */
export function cellAt({ cellLefts, cellRights }: AlignedLayout, x: CssPixels): number {
  let low = 0
  let high = cellRights.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (cellRights[middle]! > x) high = middle
    else low = middle + 1
  }
  return low < cellLefts.length && cellLefts[low]! <= x ? low : -1
}

/** Lane and offset of a cell. */
export function offsetOf({ wish }: AlignedLayout, cell: number): { readonly lane: number; readonly offset: Bytes } | null {
  let first = 0
  for (const { lane, offset, cells } of wish.ranges) {
    if (cell < first + cells) return { lane, offset: offset + (cell - first) * wish.bytesPerCell }
    first += cells
  }
  return null
}

/** Cell that holds an offset of a lane, -1 when it is not shown. */
export function cellOfOffset({ wish }: AlignedLayout, place: { readonly lane: number; readonly offset: Bytes }): number {
  let first = 0
  for (const { lane, offset, cells } of wish.ranges) {
    const at = Math.floor((place.offset - offset) / wish.bytesPerCell)
    if (lane === place.lane && at >= 0 && at < cells) return first + at
    first += cells
  }
  return -1
}
