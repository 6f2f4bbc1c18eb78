import type { Change, WalkRow } from '../../../../shared/sim/workspace/workspace-types'
import { RegionState } from '../../../../shared/model/region-table'
import { formatBytes, formatCount, formatShortAddress } from '../../../components/format'

/* Words of a row of the list. */
export type WalkColumn = 'address' | 'size' | 'what' | 'protection' | 'change'
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
  if (row.kind === 'region' && row.changedBytes > 0) return `${formatCount(row.changedBytes)} B`
  return CHANGE_TEXTS[row.change]
}

const ENTRY_TEXTS: Readonly<Record<string, string>> = { busy: 'block', free: 'free block', uncommitted: 'not committed', region: 'segment' }

function whatText(row: WalkRow): string {
  switch (row.kind) {
    case 'region':
      return row.owner === '' ? STATE_TEXTS[row.state]! : `${row.owner}, ${STATE_TEXTS[row.state]}`
    case 'heap':
      return `${row.owner}: ${formatCount(row.summary.busyBlocks)} ${row.summary.busyBlocks === 1 ? 'block' : 'blocks'}`
    case 'block':
      return [ENTRY_TEXTS[row.entry] ?? row.entry, row.entry === 'busy' ? `${formatCount(row.requestedBytes)} asked for` : '', row.handle === 0 ? '' : `handle ${formatShortAddress(row.handle)}`].filter(Boolean).join(', ')
  }
}

/** Of a heap: committed of reserved, as a share in words. */
function protectionOf(row: WalkRow): string {
  if (row.kind === 'heap') return `${formatBytes(row.summary.committedBytes)} of ${formatBytes(row.summary.reservedBytes)}`
  return row.kind === 'region' && row.state === RegionState.Committed ? protectionText(row.protect) : ''
}

export function walkRowTexts(row: WalkRow): WalkRowTexts {
  return {
    address: formatShortAddress(row.address),
    size: formatCount(row.bytes),
    what: whatText(row),
    protection: protectionOf(row),
    change: changeText(row),
  }
}

/** For the clipboard: tab separated, in the order of the columns. */
export const walkRowLine = (row: WalkRow): string => Object.values(walkRowTexts(row)).join('\t')
