import { UNKNOWN_SIZE } from '../../shared/base/units'
import { BLOCK_KIND_NAMES, BLOCK_STATE_NAMES, BlockState } from '../../shared/model/snapshot'
import { CellState } from '../../shared/analysis/map-tiles'
import type { BlockDetail } from '../../shared/ipc/engine-api'
import { formatAddress, formatCount, NOT_AVAILABLE } from './format'

export const stateName = (state: number): string => BLOCK_STATE_NAMES[state] ?? NOT_AVAILABLE
/** `lfh-slot` -> `LFH slot`. */
export const kindName = (kind: number): string => BLOCK_KIND_NAMES[kind]?.replaceAll('-', ' ').replace('lfh', 'LFH') ?? NOT_AVAILABLE

/** Colour of a whole block; a free block's pages tell pinned and releasable apart only in the map, `free` shows as pinned. */
export const CELL_STATE_OF_BLOCK: Readonly<Record<BlockState, CellState>> = {
  [BlockState.Busy]: CellState.Busy,
  [BlockState.Free]: CellState.FreePinned,
  [BlockState.Cached]: CellState.Cached,
  [BlockState.Internal]: CellState.Internal,
  [BlockState.Uncommitted]: CellState.Uncommitted,
}

/** BlockState a map state belongs to; both kinds of free are parts of free blocks. */
export const BLOCK_STATE_OF_CELL: readonly (BlockState | null)[] = [
  null, BlockState.Busy, BlockState.Internal, BlockState.Free, BlockState.Free, BlockState.Cached, BlockState.Uncommitted,
]

export const ALL_BLOCK_STATES: readonly BlockState[] = [BlockState.Busy, BlockState.Free, BlockState.Cached, BlockState.Internal, BlockState.Uncommitted]

/** Requested bytes as shown: an em dash for blocks nobody requested or whose source does not tell. */
export function requestedText(state: number, requested: number | null): string {
  return state !== BlockState.Busy || requested === null || requested === UNKNOWN_SIZE ? NOT_AVAILABLE : formatCount(requested)
}

/** The facts of a block, at most three lines under its address. */
export function blockLines(block: BlockDetail): string[] {
  const sizes = block.state === BlockState.Busy
    ? `requested ${requestedText(block.state, block.requestedBytes)} B · consumed ${formatCount(block.sizeBytes)} B`
    : `${formatCount(block.sizeBytes)} B`
  const life = [
    block.birth === null ? '' : `born at event ${formatCount(block.birth)}`,
    block.death === null ? '' : `freed at event ${formatCount(block.death)}`,
  ].filter(Boolean).join(' · ')
  const last = [block.pinnedBytes > 0 ? `pins ${formatCount(block.pinnedBytes)} free B` : '', block.site ?? ''].filter(Boolean).join(' · ')
  return [sizes, life, last].filter(Boolean)
}

export const describeBlock = (block: BlockDetail): string => [`${formatAddress(block.address)} ${stateName(block.state)}`, ...blockLines(block)].join(', ')
