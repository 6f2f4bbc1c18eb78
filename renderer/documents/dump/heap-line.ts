import type { HeapTotals } from '../../../shared/analysis/dump/heap-totals'
import type { HeapReport } from '../../../shared/model/heap-report'
import type { HeapRecord } from '../../../shared/model/snapshot'
import { formatBytes, formatCount, formatShare, formatShortAddress } from '../../components/format'

const FLAVOURS: Readonly<Record<string, string>> = { 'nt-heap': 'NT heap', 'segment-heap': 'segment heap', 'wine-heap': 'Wine heap' }
const FRONT_ENDS: Readonly<Record<string, string>> = { none: '', lfh: 'LFH', 'look-aside': 'look-aside' }

/** A heap as its line in the list says it. */
export interface HeapLine {
  readonly index: number
  readonly address: string
  /** `default NT heap, 32-bit, LFH`. */
  readonly what: string
  /** `1.2 MiB committed, 12.3 % free`. */
  readonly sizes: string
  /** All of it, for the hover. */
  readonly hint: string
  /** Shares of what is reserved, for the bar; they sum to 1 unless nothing is reserved. */
  readonly shares: readonly { readonly name: string; readonly share: number; readonly variable: string }[]
  readonly problems: number
}

export function heapLine(index: number, record: HeapRecord, report: HeapReport | undefined, totals: HeapTotals | undefined): HeapLine {
  const flavour = FLAVOURS[record.flavour] ?? record.flavour
  const parts = [`${record.name.startsWith('default') ? 'default ' : ''}${flavour}`, report === undefined ? '' : `${report.bits}-bit`, FRONT_ENDS[report?.frontEnd ?? ''] ?? report?.frontEnd ?? '']
  return {
    index,
    address: formatShortAddress(record.base),
    what: parts.filter((part) => part !== '').join(', '),
    sizes: totals === undefined ? '' : `${formatBytes(totals.committedBytes)} committed${totals.freeShare === null ? '' : `, ${formatShare(totals.freeShare)} free`}`,
    hint: totals === undefined || report === undefined ? record.name : hintOf(report, totals),
    shares: totals === undefined ? [] : sharesOf(totals),
    problems: report?.findings.filter(({ severity }) => severity !== 'note').length ?? 0,
  }
}

function hintOf(report: HeapReport, totals: HeapTotals): string {
  return [
    `${formatBytes(totals.reservedBytes)} reserved, ${formatBytes(totals.committedBytes)} committed`,
    `${formatCount(report.userBlocks)} blocks of the program, ${formatCount(totals.freeBlocks)} free blocks, the largest of ${formatCount(totals.largestFreeBytes)} B`,
    `flags ${report.flags.names.join(', ') || 'none'}`,
  ].join('\n')
}

function sharesOf(totals: HeapTotals): HeapLine['shares'] {
  const whole = totals.reservedBytes
  if (whole === 0) return []
  return [
    { name: 'busy', share: totals.busyBytes / whole, variable: '--heap-busy' },
    { name: 'internal', share: totals.internalBytes / whole, variable: '--heap-internal' },
    { name: 'free', share: totals.freeBytes / whole, variable: '--heap-pinned' },
    { name: 'cached', share: totals.cachedBytes / whole, variable: '--heap-cached' },
    { name: 'uncommitted', share: totals.uncommittedBytes / whole, variable: '--heap-uncommitted' },
  ].filter(({ share }) => share > 0)
}
