import type { StatedFigure } from '../../model/heap-statement'
import type { BlockCoverage, Snapshot } from '../../model/snapshot'
import type { SnapshotMetrics } from './types'
import { wholePercent } from '../../base/whole-percent'

const REASONS: Readonly<Record<Exclude<BlockCoverage, 'all'>, string>> = {
  busy: 'the source lists busy blocks only: what lies between them is unknown',
  some: 'the source lists only some of the blocks',
  none: 'the source lists no blocks',
}

/** Need nothing but the busy blocks. */
const OF_BUSY_BLOCKS: ReadonlySet<string> = new Set([
  'M1_liveBytes', 'M1_consumedBytes', 'M1_liveBlocks', 'M4_internalWaste', 'M4_headerShare', 'M4_roundingShare',
])
/** Come from the regions. */
const OF_REGIONS: ReadonlySet<string> = new Set(['M13_addressScatter', 'M13_largestReservableBytes'])

/**
 * The metrics of a snapshot whose blocks are not all there: those its blocks or regions suffice for; then the figures the
 * source states of every heap; everything else null, with the reason. Nothing is estimated.
 */
export function knownMetrics(metrics: SnapshotMetrics, snapshot: Snapshot): SnapshotMetrics {
  if (snapshot.coverage === 'all') return metrics
  const reason = REASONS[snapshot.coverage]
  const stated = statedMetrics(snapshot)
  const reasons: Record<string, string> = {}
  const known: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(metrics)) {
    const isSummed = OF_REGIONS.has(key) || (snapshot.coverage === 'busy' && OF_BUSY_BLOCKS.has(key))
    known[key] = isSummed ? value : (stated[key as keyof SnapshotMetrics] ?? null)
    if (known[key] !== null) continue
    reasons[key] = isSummed ? (metrics.reasons[key] ?? reason) : reason
  }
  return { ...(known as unknown as SnapshotMetrics), M7_unusableFree: {}, reasons }
}

type Stated = Partial<Record<keyof SnapshotMetrics, number>>

/** What follows from figures that are stated of every heap. */
function statedMetrics({ heapStatements }: Snapshot): Stated {
  const sum = (name: StatedFigure): number | undefined => {
    if (heapStatements.length === 0) return undefined
    let total = 0
    for (const { stated } of heapStatements) {
      if (stated[name] === undefined) return undefined
      total += stated[name]
    }
    return total
  }
  const found: Record<string, number> = {}
  const put = (key: keyof SnapshotMetrics, value: number | undefined): void => {
    if (value !== undefined) found[key] = value
  }
  const committed = sum('committedBytes')
  const reserved = sum('reservedBytes')
  const free = sum('freeBytes')
  put('M1_consumedBytes', sum('busyBytes'))
  put('M1_liveBlocks', sum('busyBlocks'))
  put('M2_footprintBytes', committed)
  put('M2_reservedBytes', reserved)
  put('M12_uncommittedRanges', sum('uncommittedRanges'))
  if (committed !== undefined && committed > 0 && free !== undefined && free <= committed) {
    put('M5_freeShare', free / committed)
    put('M5_freePercentWinDbg', wholePercent(free, committed))
  }
  if (reserved !== undefined && reserved > 0 && committed !== undefined && committed <= reserved) {
    put('M12_uncommittedShare', (reserved - committed) / reserved)
    put('M12_uncommittedPercentWinDbg', wholePercent(reserved - committed, reserved))
  }
  return found
}
