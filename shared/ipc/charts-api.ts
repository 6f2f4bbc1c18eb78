import type { BlockFilter } from '../analysis/block-query'
import type { FreeCurve } from '../analysis/compare/free-curves'
import type { SurvivalTally } from '../analysis/compare/survival'
import type { RowOrder, RowPage } from '../analysis/dump/row-table'
import type { FrontEndBucket } from '../analysis/heap-charts/front-end-buckets'
import type { HeapProbe } from '../analysis/heap-charts/heap-probe'
import type { PageStrip, StripWish } from '../analysis/heap-charts/page-strip'
import type { SizeHistograms } from '../analysis/heap-charts/size-histogram'
import type { WasteTree } from '../analysis/heap-charts/waste-tree'
import type { OfMoment } from './blocks-api'

/*
 * Sums over a moment for its pictures: a few thousand numbers at most, whatever the number of blocks. With a filter the answers
 * tell what it keeps beside all.
 */
type Filtered = OfMoment & { readonly filter: BlockFilter }

/** Why there is no answer: the source does not tell, or the manager has nothing of the kind. */
export interface NotKnown {
  readonly reason: string
}

/** Method -> [parameters, answer]. */
export interface ChartMethods {
  sizeHistograms: [Filtered, SizeHistograms]
  freeSpace: [OfMoment, FreeCurve | NotKnown]
  /** Carries a simulated run out again to ask its manager; takes as long as that. */
  heapProbe: [OfMoment, HeapProbe | NotKnown]
  pageStrip: [Filtered & StripWish, PageStrip | NotKnown]
  wasteTree: [Filtered, WasteTree | NotKnown]
  /** Of all lives of a run that the filter keeps. */
  survival: [{ readonly documentId: string; readonly filter: BlockFilter }, SurvivalTally | NotKnown]
  /** Of a simulated run found by carrying it out again, of a dump by what the walk of its heaps left. */
  frontEnd: [OfMoment, { readonly buckets: readonly FrontEndBucket[] } | NotKnown]
  freeLists: [Filtered & { readonly order: RowOrder | null; readonly offset: number; readonly count: number }, RowPage | NotKnown]
}
