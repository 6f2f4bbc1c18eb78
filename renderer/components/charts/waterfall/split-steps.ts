import type { SplitDifference } from '../../../../shared/analysis/compare-runs'
import type { WaterfallStep, WaterfallTotals } from './layout'

export const SPLIT_LABELS: Readonly<Record<SplitDifference['term'], string>> = {
  live: 'Live', header: 'Headers', rounding: 'Rounding', internal: 'Internal', pinnedFree: 'Free, pinned', releasableFree: 'Free, releasable', cachedFree: 'Cached',
  committed: 'Committed', uncommitted: 'Uncommitted', reserved: 'Reserved',
}
const SUMS: readonly SplitDifference['term'][] = ['committed', 'reserved']

/**
 * Steps and totals of the tiling identity: parts of the committed bytes, and with `whole` = reserved the uncommitted too.
 * `names` are what the sides are called in the totals.
 */
export function splitSteps(split: readonly SplitDifference[], whole: 'committed' | 'reserved', names: { readonly a: string; readonly b: string }): { steps: WaterfallStep[]; totals: WaterfallTotals } {
  const total = split.find(({ term }) => term === whole)
  const parts = split.filter(({ term }) => !SUMS.includes(term) && (whole === 'reserved' || term !== 'uncommitted'))
  return {
    steps: parts.map(({ term, a, b, difference }) => ({ key: term, label: SPLIT_LABELS[term], a, b, bytes: difference })),
    totals: { fromLabel: `${SPLIT_LABELS[whole]}, ${names.a}`, from: total?.a ?? 0, toLabel: `${SPLIT_LABELS[whole]}, ${names.b}`, to: total?.b ?? 0 },
  }
}
