import { metricDefinitions, type MetricDefinition } from '../../../shared/analysis/metrics/definitions'
import type { RunMetrics, SnapshotMetrics, TilingSplit } from '../../../shared/analysis/metrics/types'
import type { MomentMeasures } from '../../../shared/ipc/engine-api'
import { formatBytes, formatCount, formatRatio, formatShare, NOT_AVAILABLE } from '../format'

/** A metric as the inspector says it. */
export interface MetricLine {
  readonly id: string
  /** `7.26 MiB`; an em dash when not available. */
  readonly value: string
  /** A word or two beside the value. */
  readonly tag: string
  /** Whether the tag says that something costs memory. */
  readonly cost: boolean
  readonly sentence: string
  readonly definition: MetricDefinition
}

/** Part of a whole for the bar, by what it is made of. */
export interface SplitPart {
  readonly name: string
  readonly share: number
  readonly variable: string
}

const definitionOf = (id: string): MetricDefinition => metricDefinitions.find((definition) => definition.id === id)!

type Reasons = Readonly<Record<string, string>>
const reasonOf = (reasons: Reasons, key: string): string => reasons[key] ?? 'not available'

interface Draft {
  readonly id: string
  readonly key: string
  readonly tag: string
  readonly cost?: boolean
}

/** `value` null: an em dash and the reason instead of the sentence. */
function line(draft: Draft, reasons: Reasons, value: number | null, say: (value: number) => readonly [value: string, sentence: string]): MetricLine {
  const { id, tag, cost = false } = draft
  const [text, sentence] = value === null ? [NOT_AVAILABLE, `Not available: ${reasonOf(reasons, draft.key)}`] : say(value)
  return { id, tag, cost: cost && value !== null, value: text, sentence, definition: definitionOf(id) }
}

/** The cost of a ratio: above this a live byte costs a quarter more. */
const HIGH_OVERHEAD = 0.25
const HIGH_SCATTER = 0.5

/** M1 to M13 at one moment, the six that matter most first. */
export function momentLines({ metrics: m, split, largestFreeBytes }: MomentMeasures): MetricLine[] {
  const r = m.reasons
  const footprint = m.M2_footprintBytes
  const live = m.M1_liveBytes ?? m.M1_consumedBytes
  return [
    line({ id: 'M1', key: 'M1_liveBytes', tag: m.M1_liveBytes === null ? 'consumed' : 'live' }, r, live, (v) =>
      [formatBytes(v), `${formatCount(v)} B in ${countOr(m.M1_liveBlocks)} blocks${m.M1_liveBytes === null ? '; what was requested is not known' : ': what the program asked for'}`]),
    line({ id: 'M2', key: 'M2_footprintBytes', tag: 'committed' }, r, footprint, (v) => [formatBytes(v), split === null ? 'As the source states it' : footprintSentence(split)]),
    line({ id: 'M3', key: 'M3_overheadRatio', tag: 'overhead', cost: (m.M3_overheadRatio ?? 0) > HIGH_OVERHEAD }, r, m.M3_overheadRatio, (v) =>
      [formatRatio(v), `Each live byte costs ${formatRatio(1 + v)} bytes of footprint`]),
    line({ id: 'M6', key: 'M6_scatter', tag: (m.M6_scatter ?? 0) > HIGH_SCATTER ? 'scattered' : 'scatter', cost: (m.M6_scatter ?? 0) > HIGH_SCATTER }, r, m.M6_scatter, (v) =>
      [formatRatio(v), `The largest hole is ${formatShare(1 - v)} of all free bytes`]),
    availabilityLine(m, largestFreeBytes),
    line({ id: 'M11', key: 'M11_pinnedFreeBytes', tag: 'stranded', cost: (m.M11_pinnedFreeBytes ?? 0) > 0 }, r, m.M11_pinnedFreeBytes, (v) =>
      [formatBytes(v), `Free bytes on pages that cannot be given back${m.M11_pinnedFreeShare === null ? '' : `: ${formatShare(m.M11_pinnedFreeShare)} of what is free`}`]),
    line({ id: 'M4', key: 'M4_internalWaste', tag: 'inside blocks' }, r, m.M4_internalWaste, (v) =>
      [formatShare(v), `Of the blocks, ${shareOr(m.M4_headerShare)} is headers and ${shareOr(m.M4_roundingShare)} rounding`]),
    line({ id: 'M5', key: 'M5_freeShare', tag: 'free' }, r, m.M5_freeShare, (v) => [formatShare(v), `Of the footprint is free; WinDbg would print ${m.M5_freePercentWinDbg ?? NOT_AVAILABLE} %`]),
    line({ id: 'M9', key: 'M9_effectiveHoles', tag: 'effective holes' }, r, m.M9_effectiveHoles, (v) => [formatRatio(v), 'Equal holes that the free space is like']),
    line({ id: 'M10', key: 'M10_holesPerBlock', tag: 'holes per block' }, r, m.M10_holesPerBlock, (v) => [formatRatio(v), 'Knuth’s rule expects about 0.5 in a heap that merges']),
    line({ id: 'M12', key: 'M12_uncommittedShare', tag: 'uncommitted' }, r, m.M12_uncommittedShare, (v) => [formatShare(v), `Of ${bytesOr(m.M2_reservedBytes)} reserved, in ${countOr(m.M12_uncommittedRanges)} ranges`]),
    line({ id: 'M13', key: 'M13_addressScatter', tag: 'address space' }, r, m.M13_addressScatter, (v) =>
      [formatRatio(v), m.M13_largestReservableBytes === null ? 'Scatter of the free address space' : `The largest range that can be reserved is ${formatBytes(m.M13_largestReservableBytes)}`]),
  ]
}

const shareOr = (share: number | null): string => (share === null ? NOT_AVAILABLE : formatShare(share))
const countOr = (count: number | null): string => (count === null ? NOT_AVAILABLE : formatCount(count))
const bytesOr = (bytes: number | null): string => (bytes === null ? NOT_AVAILABLE : formatBytes(bytes))

function footprintSentence(split: TilingSplit): string {
  const share = (bytes: number): string => formatShare(split.committed === 0 ? 0 : bytes / split.committed)
  const overhead = split.header + split.rounding + split.internal
  return `Live ${share(split.live)}, overhead ${share(overhead)}, pinned ${share(split.pinnedFree)}, releasable ${share(split.releasableFree + split.cachedFree)}`
}

function availabilityLine(m: SnapshotMetrics, largestFreeBytes: number | null): MetricLine {
  if (m.M8_failureCause === null || m.M8_requestBytes === null) return line({ id: 'M8', key: 'M8_failureCause', tag: 'largest that fits' }, m.reasons, null, () => ['', ''])
  const free = (m.M11_pinnedFreeBytes ?? 0) + (m.M11_releasableFreeBytes ?? 0)
  const request = formatBytes(m.M8_requestBytes)
  const sentences = {
    fragmented: `${request} fails although ${formatBytes(free)} is free`,
    exhausted: `${request} fails: only ${formatBytes(free)} is free`,
    fits: `${request} fits into what is free`,
  }
  return {
    id: 'M8',
    value: largestFreeBytes === null ? NOT_AVAILABLE : formatBytes(largestFreeBytes),
    tag: largestFreeBytes === null ? 'nothing free' : 'largest that fits',
    cost: m.M8_failureCause === 'fragmented',
    sentence: sentences[m.M8_failureCause],
    definition: definitionOf('M8'),
  }
}

/** M14 and M15 of the whole run. */
export function runLines(m: RunMetrics): MetricLine[] {
  return [
    line({ id: 'M14', key: 'M14_J4', tag: 'peak to peak' }, m.reasons, m.M14_J4, (v) => [formatRatio(v), `The run took ${formatRatio(1 + v)} times the memory it needed at its peak`]),
    line({ id: 'M15', key: 'M15_wastedRatio', tag: 'wasted over time' }, m.reasons, m.M15_wastedRatio, (v) => [formatRatio(v), `For each byte held, ${formatRatio(v)} bytes were held in vain, over the whole run`]),
  ]
}

/** What the footprint is made of, for the bar; the shares sum to 1. [] when the blocks are not all known. */
export function splitParts(split: TilingSplit | null): SplitPart[] {
  if (split === null) return []
  const whole = Math.max(1, split.committed)
  return [
    { name: 'live', share: split.live / whole, variable: '--heap-busy' },
    { name: 'headers, rounding and internal', share: (split.header + split.rounding + split.internal) / whole, variable: '--heap-internal' },
    { name: 'free, pinned', share: split.pinnedFree / whole, variable: '--heap-pinned' },
    { name: 'free, releasable', share: split.releasableFree / whole, variable: '--heap-releasable' },
    { name: 'cached', share: split.cachedFree / whole, variable: '--heap-cached' },
  ].filter((part) => part.share > 0)
}
