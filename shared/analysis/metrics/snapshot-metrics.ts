import { HeapscapeError } from '../../base/errors'
import { finish, type Steps } from '../../base/steps'
import type { Bytes } from '../../base/units'
import type { Snapshot } from '../../model/snapshot'
import { measureFreeAddressSpace } from './address-scatter'
import { blockTotalsSteps, committedBytes, type BlockTotals } from './block-totals'
import { floorLog2, holesSteps, sumOfSquares, unusableBytes, type Holes } from './holes'
import { knownMetrics } from './known-metrics'
import { pageOccupancySteps, type PageOccupancy } from './page-occupancy'
import type { FailureCause, SnapshotMetrics } from './types'
import { wholePercent } from '../../base/whole-percent'

export interface SnapshotMetricOptions {
  /** One more request size for M7, in consumed bytes. */
  readonly probeBytes?: Bytes
  /** Request M8 explains, in consumed bytes; the smallest power of two that does not fit unless told. */
  readonly failingRequestBytes?: Bytes
}

/** Request sizes M7 always answers for. */
export const UNUSABLE_PROBES: readonly Bytes[] = [64, 256, 1024, 4096, 65536, 1048576]

const REQUESTED_UNKNOWN = 'requested sizes are unknown'
const EMPTY_HEAP = 'empty heap: nothing is live'
const NO_BLOCK = 'no busy block'
const NOTHING_FREE = 'no free memory'
const NOTHING_COMMITTED = 'nothing is committed'
const NOTHING_RESERVED = 'nothing is reserved'

/**
 * M1 to M13 (definitions.ts) over all heaps of the snapshot. Where its blocks are not all there (`coverage`), what cannot
 * be summed is null with the reason, or what the source itself states (known-metrics.ts).
 *
 * @throws HeapscapeError `parameter-invalid` for a probe or request size that is no whole number above 0.
 */
export const computeSnapshotMetrics = (snapshot: Snapshot, options: SnapshotMetricOptions = {}): SnapshotMetrics => metricsOf(snapshot, finish(momentSumsSteps(snapshot)), options)

/** What the metrics and most pictures of a moment are made of; each walks the blocks once. */
export interface MomentSums {
  readonly totals: BlockTotals
  readonly holes: Holes
  readonly pages: PageOccupancy
}

export function* momentSumsSteps(snapshot: Snapshot): Steps<MomentSums> {
  return { totals: yield* blockTotalsSteps(snapshot), holes: yield* holesSteps(snapshot), pages: yield* pageOccupancySteps(snapshot) }
}

export function metricsOf(snapshot: Snapshot, { totals, holes, pages }: MomentSums, options: SnapshotMetricOptions = {}): SnapshotMetrics {
  const reasons: Record<string, string> = {}
  /** The value, or null with its reason noted. */
  const orNull = (key: string, reason: string | undefined, value: () => number): number | null => {
    if (reason === undefined) return value()
    reasons[key] = reason
    return null
  }
  const metrics = {
    ...demandMetrics(totals, orNull),
    ...freeMetrics(totals, holes, orNull),
    M7_unusableFree: unusableShares(holes, sizeOption('probeBytes', options.probeBytes)),
    ...failureOf(holes, sizeOption('failingRequestBytes', options.failingRequestBytes)),
    ...pageMetrics(pages, holes, orNull),
    ...addressMetrics(snapshot, totals, orNull),
    reasons,
  }
  if (holes.totalBytes === 0) reasons['M7_unusableFree'] = NOTHING_FREE
  return snapshot.coverage === 'all' ? metrics : knownMetrics(metrics, snapshot)
}

type OrNull = (key: string, reason: string | undefined, value: () => number) => number | null

function demandMetrics(totals: BlockTotals, orNull: OrNull) {
  const { requested, consumed, headers, rounding, busyBlocks } = totals
  const footprint = committedBytes(totals)
  const unknown = totals.unknownBlocks > 0 ? REQUESTED_UNKNOWN : undefined
  const noBlock = busyBlocks === 0 ? NO_BLOCK : undefined
  return {
    M1_liveBytes: orNull('M1_liveBytes', unknown, () => requested),
    M1_consumedBytes: consumed,
    M1_liveBlocks: busyBlocks,
    M2_footprintBytes: footprint,
    M2_reservedBytes: footprint + totals.uncommitted,
    M3_overheadRatio: orNull('M3_overheadRatio', unknown ?? (requested === 0 ? EMPTY_HEAP : undefined), () => footprint / requested - 1),
    M3_utilisation: orNull('M3_utilisation', unknown ?? (footprint === 0 ? NOTHING_COMMITTED : undefined), () => requested / footprint),
    M4_internalWaste: orNull('M4_internalWaste', unknown ?? noBlock, () => (consumed - requested) / consumed),
    M4_headerShare: orNull('M4_headerShare', noBlock, () => headers / consumed),
    M4_roundingShare: orNull('M4_roundingShare', unknown ?? noBlock, () => rounding / consumed),
  }
}

function freeMetrics(totals: BlockTotals, holes: Holes, orNull: OrNull) {
  const committed = committedBytes(totals)
  const nothingCommitted = committed === 0 ? NOTHING_COMMITTED : undefined
  const nothingFree = holes.totalBytes === 0 ? NOTHING_FREE : undefined
  const effective = holes.totalBytes ** 2 / sumOfSquares(holes)
  return {
    M5_freeShare: orNull('M5_freeShare', nothingCommitted, () => holes.totalBytes / committed),
    M5_freePercentWinDbg: orNull('M5_freePercentWinDbg', nothingCommitted, () => wholePercent(holes.totalBytes, committed)),
    M6_scatter: orNull('M6_scatter', nothingFree, () => 1 - holes.largestBytes / holes.totalBytes),
    M9_dispersion: orNull('M9_dispersion', nothingFree, () => 1 - 1 / Math.sqrt(effective)),
    M9_effectiveHoles: orNull('M9_effectiveHoles', nothingFree, () => effective),
    M10_holesPerBlock: orNull('M10_holesPerBlock', totals.busyBlocks === 0 ? NO_BLOCK : undefined, () => holes.sizes.length / totals.busyBlocks),
  }
}

/** M7 by probe size; 1 for every size when nothing is free. */
function unusableShares(holes: Holes, probeBytes: Bytes | undefined): Record<string, number> {
  const share = (bytes: Bytes): number => (holes.totalBytes === 0 ? 1 : bytes / holes.totalBytes)
  const shares: Record<string, number> = {}
  for (const probe of UNUSABLE_PROBES) shares[probe] = share(unusableBytes(holes, probe))
  if (probeBytes !== undefined) shares[probeBytes] = share(unusableBytes(holes, probeBytes))
  return shares
}

function failureOf(holes: Holes, request: Bytes | undefined): Pick<SnapshotMetrics, 'M8_requestBytes' | 'M8_failureCause' | 'M8_failureGrade'> {
  const smallestPowerAbove = holes.largestBytes === 0 ? 1 : 2 ** (floorLog2(holes.largestBytes) + 1)
  const bytes = request ?? smallestPowerAbove
  return { M8_requestBytes: bytes, ...classifyFailure(bytes, holes) }
}

/** M8 for a request of `requestBytes` consumed bytes. */
export function classifyFailure(requestBytes: Bytes, { sizes, totalBytes, largestBytes }: Holes): { M8_failureCause: FailureCause; M8_failureGrade: number } {
  if (sizes.length === 0) return { M8_failureCause: 'exhausted', M8_failureGrade: 0 }
  if (largestBytes >= requestBytes) return { M8_failureCause: 'fits', M8_failureGrade: -1 }
  const grade = 1 - (1 + totalBytes / requestBytes) / sizes.length
  return { M8_failureCause: totalBytes < requestBytes ? 'exhausted' : 'fragmented', M8_failureGrade: grade }
}

function pageMetrics({ pages, occupancySum, sparsePages, pinnedFree, releasableFree }: PageOccupancy, holes: Holes, orNull: OrNull) {
  const noPage = pages === 0 ? NOTHING_COMMITTED : undefined
  return {
    M11_meanOccupancy: orNull('M11_meanOccupancy', noPage, () => occupancySum / pages),
    M11_sparsePageShare: orNull('M11_sparsePageShare', noPage, () => sparsePages / pages),
    M11_pinnedFreeBytes: pinnedFree,
    M11_releasableFreeBytes: releasableFree,
    M11_pinnedFreeShare: orNull('M11_pinnedFreeShare', holes.totalBytes === 0 ? NOTHING_FREE : undefined, () => pinnedFree / holes.totalBytes),
  }
}

function addressMetrics(snapshot: Snapshot, totals: BlockTotals, orNull: OrNull) {
  const reserved = committedBytes(totals) + totals.uncommitted
  const nothingReserved = reserved === 0 ? NOTHING_RESERVED : undefined
  const free = measureFreeAddressSpace(snapshot)
  const unknownSpace = snapshot.regions.length === 0 ? 'the layout of the address space is unknown' : snapshot.regionsComplete ? undefined : 'the source lists only some regions'
  const noSpace = free.totalBytes === 0 ? 'no free address space' : undefined
  return {
    M12_uncommittedShare: orNull('M12_uncommittedShare', nothingReserved, () => totals.uncommitted / reserved),
    M12_uncommittedRanges: totals.uncommittedRanges,
    M12_uncommittedPercentWinDbg: orNull('M12_uncommittedPercentWinDbg', nothingReserved, () => wholePercent(totals.uncommitted, reserved)),
    M13_addressScatter: orNull('M13_addressScatter', unknownSpace ?? noSpace, () => 1 - free.largestBytes / free.totalBytes),
    M13_largestReservableBytes: orNull('M13_largestReservableBytes', unknownSpace, () => free.largestReservableBytes),
  }
}

function sizeOption(name: string, value: Bytes | undefined): Bytes | undefined {
  if (value === undefined || (Number.isSafeInteger(value) && value > 0)) return value
  throw new HeapscapeError('parameter-invalid', { name, expected: 'a whole number of bytes above 0', got: value })
}
