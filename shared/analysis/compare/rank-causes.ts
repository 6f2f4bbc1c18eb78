import type { Bytes } from '../../base/units'
import type { CostTable } from './cost-table'

/** One term of the exact split of a footprint's change. */
export interface Cause {
  /** `group`: blocks of one size class, site or age; `heap`: what the heap itself holds or keeps. */
  readonly kind: 'group' | 'heap'
  readonly key: string
  readonly live: Bytes
  readonly header: Bytes
  readonly rounding: Bytes
  /** Free bytes pinned, by Shapley share. */
  readonly pinned: Bytes
  /** What the ranking goes by; over all causes of `all` it sums to the change of the footprint. */
  readonly contribution: Bytes
}

export interface RankedCauses {
  readonly change: Bytes
  /** Causes in the direction of the change, largest first, until 90 % of it are covered. */
  readonly causes: readonly Cause[]
  /** Sum of their contributions over the change; null when nothing changed. */
  readonly coveredShare: number | null
  /** What works against the change, largest first, at most as many as `causes`. */
  readonly offsets: readonly Cause[]
}

const COVERED_SHARE = 0.9

/**
 * Who is to blame for the change of the footprint from `a` to `b` (same grouping).
 * `waste`: groups by what they cost beyond their requests (pinned + rounding + header). `all`: requests count too, and
 * the heap's own terms take part, so that the contributions sum to the change exactly (pinned shares to rounding).
 */
export function rankCauses(a: CostTable, b: CostTable, by: 'waste' | 'all'): RankedCauses {
  const change = b.committedBytes - a.committedBytes
  const causes = by === 'waste' ? groupCauses(a, b, false) : [...groupCauses(a, b, true), ...heapCauses(a, b)]
  const sign = change < 0 ? -1 : 1
  const order = (one: Cause, other: Cause): number => Math.abs(other.contribution) - Math.abs(one.contribution)
  const along = causes.filter(({ contribution }) => contribution * sign > 0).sort(order)
  const ranked: Cause[] = []
  let covered = 0
  for (const cause of along) {
    if (covered >= COVERED_SHARE * Math.abs(change)) break
    ranked.push(cause)
    covered += Math.abs(cause.contribution)
  }
  const offsets = causes.filter(({ contribution }) => contribution * sign < 0).sort(order).slice(0, Math.max(1, ranked.length))
  return { change, causes: change === 0 ? [] : ranked, coveredShare: change === 0 ? null : covered / Math.abs(change), offsets: change === 0 ? [] : offsets }
}

/** Every group of either side, live bytes counted or not. */
function groupCauses(a: CostTable, b: CostTable, countLive: boolean): Cause[] {
  const keys = [...new Set([...a.keys, ...b.keys])]
  const rowsA = new Map(a.keys.map((key, row) => [key, row]))
  const rowsB = new Map(b.keys.map((key, row) => [key, row]))
  return keys.map((key) => {
    const change = (column: 'live' | 'header' | 'rounding' | 'pinned'): number => valueAt(b[column], rowsB.get(key)) - valueAt(a[column], rowsA.get(key))
    const [live, header, rounding, pinned] = [change('live'), change('header'), change('rounding'), change('pinned')]
    return { kind: 'group', key, live, header, rounding, pinned, contribution: header + rounding + pinned + (countLive ? live : 0) }
  })
}

const valueAt = (column: Float64Array, row: number | undefined): number => (row === undefined ? 0 : column[row]!)

function heapCauses(a: CostTable, b: CostTable): Cause[] {
  const terms = [
    ['heap structures', b.internalBytes - a.internalBytes],
    ['free bytes pinned by heap structures', b.allocatorPinnedBytes - a.allocatorPinnedBytes],
    ['free bytes that could be given back', b.releasableBytes - a.releasableBytes],
  ] as const
  return terms.map(([key, contribution]) => ({ kind: 'heap', key, live: 0, header: 0, rounding: 0, pinned: 0, contribution }))
}
