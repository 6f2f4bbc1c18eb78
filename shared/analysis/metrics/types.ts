import type { Bytes, EventNumber } from '../../base/units'

/** Class of a failing request: does it fit, is there too little free memory, or is enough free but in too small pieces. */
export type FailureCause = 'fits' | 'exhausted' | 'fragmented'

/** M1..M13 of one snapshot; definitions.ts explains every key. null = not available, with its cause in `reasons`. */
export interface SnapshotMetrics {
  readonly M1_liveBytes: number | null
  readonly M1_consumedBytes: number | null
  readonly M1_liveBlocks: number | null
  readonly M2_footprintBytes: number | null
  readonly M2_reservedBytes: number | null
  readonly M3_overheadRatio: number | null
  readonly M3_utilisation: number | null
  readonly M4_internalWaste: number | null
  readonly M4_headerShare: number | null
  readonly M4_roundingShare: number | null
  readonly M5_freeShare: number | null
  readonly M5_freePercentWinDbg: number | null
  readonly M6_scatter: number | null
  /** By probe size in bytes: "64", "256", "1024", "4096", "65536", "1048576" and the caller's own; empty when not available. */
  readonly M7_unusableFree: Readonly<Record<string, number>>
  readonly M8_requestBytes: number | null
  readonly M8_failureCause: FailureCause | null
  readonly M8_failureGrade: number | null
  readonly M9_dispersion: number | null
  readonly M9_effectiveHoles: number | null
  readonly M10_holesPerBlock: number | null
  readonly M11_meanOccupancy: number | null
  readonly M11_sparsePageShare: number | null
  readonly M11_pinnedFreeBytes: number | null
  readonly M11_releasableFreeBytes: number | null
  readonly M11_pinnedFreeShare: number | null
  readonly M12_uncommittedShare: number | null
  readonly M12_uncommittedRanges: number | null
  readonly M12_uncommittedPercentWinDbg: number | null
  readonly M13_addressScatter: number | null
  readonly M13_largestReservableBytes: number | null
  /** Why a value is null, and `M7_unusableFree` when there is no free memory at all. */
  readonly reasons: Readonly<Record<string, string>>
}

/** M14, M15 and the peaks of a run; samples are taken after every event. */
export interface RunMetrics {
  readonly M14_J1: number | null
  readonly M14_J2: number | null
  readonly M14_J3: number | null
  readonly M14_J4: number | null
  readonly M14_skippedSamples: number
  readonly M15_wastedRatio: number | null
  readonly M15_wastedByteOperations: number
  readonly peakLiveBytes: Bytes | null
  /** First moment of the peak. */
  readonly peakLiveEvent: EventNumber
  readonly peakFootprintBytes: Bytes
  readonly peakFootprintEvent: EventNumber
  readonly endFootprintBytes: Bytes
  readonly failedRequests: number
  /** Peak live / peak footprint; the moments may differ. */
  readonly utilisation: number | null
  readonly reasons: Readonly<Record<string, string>>
}

/**
 * Where every reserved byte goes, in bytes.
 *
 *   committed = live + header + rounding + internal + pinnedFree + releasableFree + cachedFree
 *   reserved  = committed + uncommitted
 *
 * Cached bytes stand apart here: the free bytes of M5 and M11 are pinnedFree + releasableFree + cachedFree.
 * Where requested sizes are unknown, `live` is consumed bytes less headers and `rounding` is 0.
 */
export interface TilingSplit {
  readonly live: Bytes
  readonly header: Bytes
  readonly rounding: Bytes
  readonly internal: Bytes
  readonly pinnedFree: Bytes
  readonly releasableFree: Bytes
  readonly cachedFree: Bytes
  readonly uncommitted: Bytes
  readonly committed: Bytes
  readonly reserved: Bytes
}
