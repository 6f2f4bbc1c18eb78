import { LACKING_TEXTS, type Lacking } from '../../../shared/model/lacking'
import { REGION_KIND_NAMES, REGION_MEASURES, REGION_STATE_NAMES, type RegionMeasure } from '../../../shared/model/region-table'
import type { RegionRow, SnapshotDocument } from '../../../shared/ipc/engine-api'
import type { StatedFigure } from '../../../shared/model/heap-statement'
import { formatAddress, formatBytes, formatCount, NOT_AVAILABLE } from '../../components/format'

export const REGION_COLUMNS = [
  { key: 'address', label: 'Address', leastPx: 140, grow: 0, mono: true },
  { key: 'size', label: 'Size', leastPx: 78, grow: 0, align: 'right', mono: true },
  { key: 'state', label: 'State', leastPx: 94, grow: 0 },
  { key: 'kind', label: 'Use', leastPx: 86, grow: 0 },
  { key: 'access', label: 'Access', leastPx: 58, grow: 0, mono: true, hint: 'r read, w write, c copied when written, x execute, g guard' },
  { key: 'owner', label: 'Owner', leastPx: 130, grow: 1 },
  { key: 'resident', label: 'Resident', leastPx: 78, grow: 0, align: 'right', mono: true, hint: 'In physical memory, shared pages included' },
  { key: 'private', label: 'Private', leastPx: 78, grow: 0, align: 'right', mono: true, hint: 'Shared with no other process' },
  { key: 'swapped', label: 'Swapped', leastPx: 78, grow: 0, align: 'right', mono: true },
] as const

type RegionKey = (typeof REGION_COLUMNS)[number]['key']

const bytesOr = (bytes: number | null): string => (bytes === null ? NOT_AVAILABLE : formatBytes(bytes))

export const regionText = (row: RegionRow): Record<RegionKey, string> => ({
  address: formatAddress(row.base),
  size: formatBytes(row.sizeBytes),
  state: REGION_STATE_NAMES[row.state]!,
  kind: REGION_KIND_NAMES[row.kind]!,
  access: accessOf(row.protect),
  resident: bytesOr(row.resident),
  private: bytesOr(row.private),
  swapped: bytesOr(row.swapped),
  owner: row.owner,
})

/** PAGE_* as letters; an em dash where it is not told, `none` for memory nobody may touch. */
export function accessOf(protect: number): string {
  if (protect === 0) return NOT_AVAILABLE
  const letters = [protect & 0xee ? 'r' : '', protect & 0x44 ? 'w' : '', protect & 0x88 ? 'c' : '', protect & 0xf0 ? 'x' : '', protect & 0x100 ? 'g' : ''].join('')
  return letters === '' ? 'none' : letters
}

const FIGURES = ['reservedBytes', 'committedBytes', 'freeBytes', 'freeBlocks', 'uncommittedRanges', 'virtualAllocBlocks'] as const satisfies readonly StatedFigure[]
export const FIGURE_TITLES = ['Reserved', 'Committed', 'Free', 'Free blocks', 'Uncommitted ranges', 'Blocks of their own'] as const

/** One line a heap: name, manager, front end, stated figures, checks. */
export function heapLines({ heaps, heapStatements }: SnapshotDocument): { readonly name: string; readonly flavour: string; readonly frontEnd: string; readonly figures: readonly string[]; readonly checks: string; readonly differs: boolean }[] {
  return heaps.map(({ name, flavour }, i) => {
    const statement = heapStatements[i]
    const counters = statement?.counters ?? []
    const equal = counters.filter((counter) => counter.equal).length
    const findings = statement?.findings.length ?? 0
    const checks = [counters.length === 0 ? '' : `${equal} of ${counters.length} equal`, findings === 0 ? '' : `${findings} findings`].filter((text) => text !== '').join(', ')
    const figures = FIGURES.map((figure) => {
      const value = statement?.stated[figure]
      return value === undefined ? NOT_AVAILABLE : figure.endsWith('Bytes') ? formatBytes(value) : formatCount(value)
    })
    return { name, flavour, frontEnd: statement?.frontEnd ?? NOT_AVAILABLE, figures, checks: checks === '' ? NOT_AVAILABLE : checks, differs: equal < counters.length || findings > 0 }
  })
}

/** Sums by use, with only the measures some region has. */
export function kindLines({ regions }: SnapshotDocument): { readonly measures: readonly RegionMeasure[]; readonly rows: readonly (readonly string[])[] } {
  const measures = REGION_MEASURES.filter((name) => regions.byKind.some((sum) => sum[name] !== null))
  const rows = regions.byKind.map((sum) => [sum.kind, formatCount(sum.regions), formatBytes(sum.reservedBytes), formatBytes(sum.committedBytes), ...measures.map((name) => bytesOr(sum[name]))])
  return { measures, rows }
}

const LACKS: readonly Lacking[] = ['blocks', 'requested-sizes', 'sites', 'history']
/** What a source without blocks does not tell, as the ends of one sentence each. */
export const lackingTexts = (): string[] => LACKS.map((word) => LACKING_TEXTS[word])
