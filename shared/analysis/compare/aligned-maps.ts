import { CHUNK_LENGTH, CHUNK_SHIFT } from '../../base/column'
import type { Bytes } from '../../base/units'
import { BlockState, type SegmentRecord, type Snapshot } from '../../model/snapshot'
import { firstRowEndingAfter } from '../block-search'
import type { MapRange } from '../cell-writer'
import { buildMapTile, CellState } from '../map-tiles'

/*
 * Heaps of two or more members on one scale, whatever their addresses:
 *
 *   lane 0   heap 0, segment 0   A |####..##..|      a lane is a segment's place in its heap: the first of one member
 *                                B |##......|        lies over the first of another, offset 0 over offset 0; the lane
 *   lane 1   heap 0, segment 1   A |###|             is as long as the longest
 *                                B                   a member that has no such segment shows nothing there
 */
export interface AlignedLane {
  /** Index into the members' heaps. */
  readonly heap: number
  /** Number of the segment among those of its heap, by address. */
  readonly ordinal: number
  readonly lengthBytes: Bytes
  /** By member; null where it has no such segment. */
  readonly segments: readonly (SegmentRecord | null)[]
}

export function alignLanes(snapshots: readonly Snapshot[]): AlignedLane[] {
  const heaps = Math.max(0, ...snapshots.map((snapshot) => snapshot.heaps.length))
  const lanes: AlignedLane[] = []
  for (let heap = 0; heap < heaps; heap++) {
    const perMember = snapshots.map(({ segments }) => segments.filter((segment) => segment.heap === heap).sort((one, other) => one.base - other.base))
    const most = Math.max(0, ...perMember.map(({ length }) => length))
    for (let ordinal = 0; ordinal < most; ordinal++) {
      const segments = perMember.map((own) => own[ordinal] ?? null)
      lanes.push({ heap, ordinal, segments, lengthBytes: Math.max(...segments.map((segment) => segment?.reservedBytes ?? 0)) })
    }
  }
  return lanes
}

/** `cells` cells of a lane from an offset on. */
export interface LaneRange {
  readonly lane: number
  readonly offset: Bytes
  readonly cells: number
}

/** Ranges that cover all lanes, and the cell size (a power of two, at least `least`) at which they take at most `mostCells`. */
export function fitLanes(lanes: readonly AlignedLane[], mostCells: number, least: Bytes = 1): { readonly bytesPerCell: Bytes; readonly ranges: LaneRange[] } {
  let bytesPerCell = least
  const cellsAt = (size: Bytes): number => lanes.reduce((sum, { lengthBytes }) => sum + Math.ceil(lengthBytes / size), 0)
  // Below one cell a lane nothing more is won.
  while (cellsAt(bytesPerCell) > Math.max(mostCells, lanes.length)) bytesPerCell *= 2
  return { bytesPerCell, ranges: lanes.map(({ lengthBytes }, lane) => ({ lane, offset: 0, cells: Math.ceil(lengthBytes / bytesPerCell) })) }
}

/** How a member's cell differs from the first member's. */
export const CellDifference = { Nothing: 0, Same: 1, Changed: 2, OnlyFirst: 3, OnlyOther: 4 } as const
export type CellDifference = (typeof CellDifference)[keyof typeof CellDifference]
export const CELL_DIFFERENCE_NAMES = ['not reserved', 'same state', 'other state', 'only in the first', 'only in the other'] as const

/** Cells of all ranges one after another. */
export interface AlignedTile {
  /** CellState that holds most bytes of the cell. */
  readonly state: Uint8Array
  /** Share of the cell's bytes in that state, 0..255. */
  readonly share: Uint8Array
  /** Busy and internal bytes of the cell's committed bytes, 0..255; 0 also where nothing is committed. */
  readonly occupancy: Uint8Array
  /** CellDifference from the first member; the first is compared with itself. */
  readonly difference: Uint8Array
}

/** One tile per member. A member's cells outside its segment are gaps. */
export function alignedTiles(snapshots: readonly Snapshot[], lanes: readonly AlignedLane[], ranges: readonly LaneRange[], bytesPerCell: Bytes): AlignedTile[] {
  const plain = snapshots.map((snapshot, member) => memberCells(snapshot, member, lanes, ranges, bytesPerCell))
  const [first] = plain
  return plain.map((cells) => ({ ...cells, difference: first === undefined ? new Uint8Array(0) : differenceOf(first.state, cells.state) }))
}

type PlainCells = Omit<AlignedTile, 'difference'>

function memberCells(snapshot: Snapshot, member: number, lanes: readonly AlignedLane[], ranges: readonly LaneRange[], bytesPerCell: Bytes): PlainCells {
  const total = ranges.reduce((sum, { cells }) => sum + cells, 0)
  const [state, share, occupancy] = [new Uint8Array(total), new Uint8Array(total), new Uint8Array(total)]
  share.fill(255)
  let first = 0
  for (const { lane, offset, cells } of ranges) {
    const segment = lanes[lane]?.segments[member] ?? null
    const within = segment === null ? 0 : Math.min(cells, Math.max(0, Math.ceil((segment.reservedBytes - offset) / bytesPerCell)))
    if (segment !== null && within > 0) {
      const range: MapRange = { address: segment.base + offset, cells: within }
      const tile = buildMapTile(snapshot, [range], bytesPerCell)
      state.set(tile.state, first)
      share.set(tile.share, first)
      endAtSegment(snapshot, segment, range, bytesPerCell, { state, share, last: first + within - 1 })
      occupancy.set(occupancyOf(snapshot, range, bytesPerCell, segment.base + segment.reservedBytes), first)
    }
    first += cells
  }
  return { state, share, occupancy }
}

/** The cell in which the segment ends shows only its own bytes, not those of a segment that touches it. */
function endAtSegment(snapshot: Snapshot, segment: SegmentRecord, range: MapRange, bytesPerCell: Bytes, { state, share, last }: { state: Uint8Array; share: Uint8Array; last: number }): void {
  const address = range.address + (range.cells - 1) * bytesPerCell
  const insideBytes = segment.base + segment.reservedBytes - address
  if (insideBytes >= bytesPerCell) return
  const inside = buildMapTile(snapshot, [{ address, cells: 1 }], insideBytes)
  state[last] = inside.state[0]!
  share[last] = Math.round((inside.share[0]! * insideBytes) / bytesPerCell)
}

/** Hot: every block in the range. Sums per cell in plain arrays, chunk by chunk. */
function occupancyOf({ blocks }: Snapshot, range: MapRange, bytesPerCell: Bytes, segmentEnd: number): Uint8Array {
  const used = new Float64Array(range.cells)
  const committed = new Float64Array(range.cells)
  const end = Math.min(segmentEnd, range.address + range.cells * bytesPerCell)
  for (let row = firstRowEndingAfter(blocks, range.address); row < blocks.length; ) {
    const chunk = row >>> CHUNK_SHIFT
    const addresses = blocks.address.chunks[chunk]!
    const sizes = blocks.size.chunks[chunk]!
    const states = blocks.state.chunks[chunk]!
    const chunkEnd = Math.min(blocks.length, (chunk + 1) * CHUNK_LENGTH)
    for (; row < chunkEnd; row++) {
      const i = row & (CHUNK_LENGTH - 1)
      if (addresses[i]! >= end) return sharesOf(used, committed)
      const state = states[i]!
      if (state === BlockState.Uncommitted) continue
      const isUsed = state === BlockState.Busy || state === BlockState.Internal
      const to = Math.min(end, addresses[i]! + sizes[i]!) - range.address
      for (let at = Math.max(0, addresses[i]! - range.address); at < to; ) {
        const cell = Math.floor(at / bytesPerCell)
        const next = Math.min(to, (cell + 1) * bytesPerCell)
        committed[cell]! += next - at
        if (isUsed) used[cell]! += next - at
        at = next
      }
    }
  }
  return sharesOf(used, committed)
}

const sharesOf = (used: Float64Array, committed: Float64Array): Uint8Array => Uint8Array.from(used, (bytes, cell) => (committed[cell] === 0 ? 0 : Math.round((255 * bytes) / committed[cell]!)))

function differenceOf(first: Uint8Array, other: Uint8Array): Uint8Array {
  const difference = new Uint8Array(first.length)
  for (let cell = 0; cell < first.length; cell++) {
    const [one, two] = [first[cell]!, other[cell]!]
    if (one === two) difference[cell] = one === CellState.Gap ? CellDifference.Nothing : CellDifference.Same
    else if (two === CellState.Gap) difference[cell] = CellDifference.OnlyFirst
    else difference[cell] = one === CellState.Gap ? CellDifference.OnlyOther : CellDifference.Changed
  }
  return difference
}

/** Cells of each CellDifference. */
export function countDifferences({ difference }: AlignedTile): number[] {
  const counts = CELL_DIFFERENCE_NAMES.map(() => 0)
  for (let cell = 0; cell < difference.length; cell++) counts[difference[cell]!]!++
  return counts
}
