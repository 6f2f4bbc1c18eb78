import type { Change, WalkRow } from '../../../../shared/sim/workspace/workspace-types'
import { BlockKind } from '../../../../shared/model/snapshot'
import { RegionState } from '../../../../shared/model/region-table'
import { formatBytes, formatCount, formatShortAddress } from '../../../components/format'

/* Words of a row of the list. */
export type WalkColumn = 'address' | 'size' | 'what' | 'state' | 'change'
export type WalkRowTexts = Readonly<Record<WalkColumn, string>>

/** PAGE_* of winnt.h in words; the modifiers are added behind. */
const PROTECTIONS: Readonly<Record<number, string>> = {
  0x01: 'no access',
  0x02: 'read',
  0x04: 'read, write',
  0x08: 'copy on write',
  0x10: 'execute',
  0x20: 'execute, read',
  0x40: 'execute, read, write',
  0x80: 'execute, copy on write',
}
const GUARD = 0x100
const NO_CACHE = 0x200

/** The same in letters, for the list: read, write, execute, copy on write, guard, not cached. */
const LETTERS: Readonly<Record<number, string>> = { 0x01: 'none', 0x02: 'R', 0x04: 'RW', 0x08: 'C', 0x10: 'X', 0x20: 'RX', 0x40: 'RWX', 0x80: 'CX' }

export const protectionLetters = (protect: number): string =>
  [LETTERS[protect & 0xff] ?? protectionText(protect), (protect & GUARD) === 0 ? '' : 'guard', (protect & NO_CACHE) === 0 ? '' : 'NC'].filter(Boolean).join(' ')

export function protectionText(protect: number): string {
  const parts = [PROTECTIONS[protect & 0xff] ?? `0x${(protect & 0xff).toString(16)}`]
  if ((protect & GUARD) !== 0) parts.push('guard')
  if ((protect & NO_CACHE) !== 0) parts.push('not cached')
  return parts.join(', ')
}

export const STATE_TEXTS: Readonly<Record<number, string>> = { [RegionState.Free]: 'free', [RegionState.Reserved]: 'reserved', [RegionState.Committed]: 'committed' }

/** By Change; the sign is the mark that is no colour. */
export const CHANGE_SIGNS = ['', '+', '●', '−'] as const satisfies Record<Change, string>
const CHANGE_TEXTS = ['', 'new', 'changed', 'gone'] as const satisfies Record<Change, string>

function changeText(row: WalkRow): string {
  if (row.kind === 'region' && row.changedBytes > 0) return formatCount(row.changedBytes)
  return CHANGE_TEXTS[row.change]
}

const ENTRY_TEXTS: Readonly<Record<string, string>> = { busy: 'block', free: 'free block', cached: 'kept free block', internal: "the heap's own", uncommitted: 'not committed', region: 'segment' }

/** Where the heap has more than one sort of block. */
const INSIDE_TEXTS: Readonly<Partial<Record<BlockKind, Readonly<Record<string, string>>>>> = {
  [BlockKind.LfhSlot]: { busy: 'LFH slot', cached: 'free LFH slot' },
  [BlockKind.LfhContainer]: { internal: 'LFH container', cached: 'kept LFH container' },
  [BlockKind.LookAside]: { cached: 'block on a look-aside list' },
  [BlockKind.VirtualAlloc]: { busy: 'block with its own reservation' },
  [BlockKind.HeapStructure]: { internal: 'heap structure' },
  [BlockKind.UncommittedMarker]: { internal: 'range descriptor' },
  [BlockKind.VsChunk]: { busy: 'VS chunk', free: 'free VS chunk', internal: 'VS sub-segment' },
  [BlockKind.PageRange]: { busy: 'page range', free: 'free pages' },
}

function whatText(row: WalkRow): string {
  switch (row.kind) {
    case 'region':
      return row.owner === '' ? 'free' : row.owner
    case 'heap':
      return `${row.owner}: ${blocksText(row.summary.busyBlocks)}`
    case 'block':
      return [INSIDE_TEXTS[row.inside]?.[row.entry] ?? ENTRY_TEXTS[row.entry] ?? row.entry, row.handle === 0 ? '' : `handle ${formatShortAddress(row.handle)}`].filter(Boolean).join(', ')
  }
}

/** Of a region its protection when committed, reserved, or nothing; of a heap what is committed; of a block what was asked for. */
function stateText(row: WalkRow): string {
  if (row.kind === 'heap') return formatBytes(row.summary.committedBytes)
  if (row.kind === 'block') return row.entry === 'busy' ? `${formatCount(row.requestedBytes)} asked` : ''
  if (row.state === RegionState.Free) return ''
  return row.state === RegionState.Committed ? protectionLetters(row.protect) : STATE_TEXTS[row.state]!
}

/** The row in whole words, for a reader who points at it. */
export function walkRowHint(row: WalkRow): string {
  if (row.kind === 'block') return `${whatText(row)}, ${formatCount(row.bytes)} bytes${row.entry === 'busy' ? `, ${formatCount(row.requestedBytes)} asked for` : ''}`
  if (row.kind === 'heap') return `${row.owner}: ${formatBytes(row.summary.committedBytes)} of ${formatBytes(row.summary.reservedBytes)} committed, ${formatBytes(row.summary.requestedBytes)} asked for in ${blocksText(row.summary.busyBlocks)}`
  const state = row.state === RegionState.Committed ? `committed, ${protectionText(row.protect)}` : STATE_TEXTS[row.state]!
  return `${whatText(row)}, ${state}, ${formatCount(row.bytes)} bytes`
}

/** Under its heap's mark a region needs no more than its segment: `console 'a' heap, segment 2` is `segment 2`. */
export const segmentText = (owner: string): string => /, (segment \d+)$/.exec(owner)?.[1] ?? owner

export const blocksText = (blocks: number): string => `${formatCount(blocks)} ${blocks === 1 ? 'block' : 'blocks'}`

export function walkRowTexts(row: WalkRow): WalkRowTexts {
  return {
    address: formatShortAddress(row.address),
    size: row.kind === 'block' && row.entry !== 'region' ? formatCount(row.bytes) : formatBytes(row.bytes),
    what: whatText(row),
    state: stateText(row),
    change: changeText(row),
  }
}

/** For the clipboard: tab separated, in the order of the columns. */
export const walkRowLine = (row: WalkRow): string => Object.values(walkRowTexts(row)).join('\t')
