import type { Run } from '../../model/run'
import { snapshotAt } from '../../model/snapshot-at'
import type { Snapshot } from '../../model/snapshot'
import { compareSplits, type SplitDifference } from '../compare-runs'
import { pinBlame } from '../metrics/pin-blame'
import { tilingSplit } from '../metrics/tiling-split'
import { computePageSeries, firstStepPeak } from '../timeline'
import { tallyCosts, type CostGrouping } from './cost-table'
import { rankCauses, type RankedCauses } from './rank-causes'
import { attributeRatio, type RatioAttribution } from './shapley'

/** Why the footprint of B differs from A's at one moment of each. */
export interface ChangeExplanation {
  /** Exact: terms sum to committed, with uncommitted to reserved. */
  readonly split: readonly SplitDifference[]
  /** Change of C/Q split between footprint and demand; null when a side has no live bytes. */
  readonly ratio: RatioAttribution | null
  readonly bySize: RankedCauses
  /** null when a side knows no call sites. */
  readonly bySite: RankedCauses | null
  readonly byAge: RankedCauses
}

/** Explains the change between the first moments of both footprint peaks. */
export const explainPeaks = (a: Run, b: Run): ChangeExplanation => explainChange(peakSnapshot(a), peakSnapshot(b))

const peakSnapshot = (run: Run): Snapshot => snapshotAt(run, firstStepPeak(computePageSeries(run).footprint).event)

export function explainChange(a: Snapshot, b: Snapshot): ChangeExplanation {
  const [splitA, splitB] = [tilingSplit(a), tilingSplit(b)]
  const [pinsA, pinsB] = [pinBlame(a), pinBlame(b)]
  const rank = (grouping: CostGrouping): RankedCauses => rankCauses(tallyCosts(a, grouping, pinsA), tallyCosts(b, grouping, pinsB), 'all')
  return {
    split: compareSplits(splitA, splitB),
    ratio: attributeRatio({ footprint: splitA.committed, live: splitA.live }, { footprint: splitB.committed, live: splitB.live }),
    bySize: rank('size-class'),
    bySite: a.blocks.site === undefined || b.blocks.site === undefined ? null : rank('site'),
    byAge: rank('age'),
  }
}
