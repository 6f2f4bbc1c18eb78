import type { BlockFilter } from '../../../shared/analysis/block-query'
import type { FreeCurve } from '../../../shared/analysis/compare/free-curves'
import type { SurvivalTally } from '../../../shared/analysis/compare/survival'
import type { RowOrder, RowPage } from '../../../shared/analysis/dump/row-table'
import type { FrontEndBucket } from '../../../shared/analysis/heap-charts/front-end-buckets'
import type { HeapProbe } from '../../../shared/analysis/heap-charts/heap-probe'
import type { PageStrip, StripWish } from '../../../shared/analysis/heap-charts/page-strip'
import type { SizeHistograms } from '../../../shared/analysis/heap-charts/size-histogram'
import type { WasteTree } from '../../../shared/analysis/heap-charts/waste-tree'
import type { NotKnown } from '../../../shared/ipc/charts-api'
import type { AskOptions } from '../latest-request'

/** Where the pictures of a moment have their sums from; another object means another moment. */
export interface ChartSource {
  /** The blocks tell what they are inside their heap. */
  readonly hasKinds: boolean
  sizes(filter: BlockFilter, options: AskOptions): Promise<SizeHistograms>
  freeSpace(options: AskOptions): Promise<FreeCurve | NotKnown>
  probe(options: AskOptions): Promise<HeapProbe | NotKnown>
  pages(filter: BlockFilter, wish: StripWish, options: AskOptions): Promise<PageStrip | NotKnown>
  waste(filter: BlockFilter, options: AskOptions): Promise<WasteTree | NotKnown>
  /** null: one moment tells no lives. */
  readonly survival: ((filter: BlockFilter, options: AskOptions) => Promise<SurvivalTally | NotKnown>) | null
  frontEnd(options: AskOptions): Promise<{ readonly buckets: readonly FrontEndBucket[] } | NotKnown>
  freeLists(filter: BlockFilter, wish: { readonly order: RowOrder | null; readonly offset: number; readonly count: number }, options: { readonly signal: AbortSignal }): Promise<RowPage | NotKnown>
}
