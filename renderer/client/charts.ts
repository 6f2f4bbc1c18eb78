import type { BlockFilter } from '../../shared/analysis/block-query'
import type { RowOrder } from '../../shared/analysis/dump/row-table'
import type { StripWish } from '../../shared/analysis/heap-charts/page-strip'
import type { OfMoment } from '../../shared/ipc/blocks-api'
import { engine, type RequestOptions } from './engine-client'

/** The questions the pictures of a moment ask, put to the engine. */
export const engineCharts = (of: OfMoment, { hasKinds, isRun }: { readonly hasKinds: boolean; readonly isRun: boolean }) => ({
  hasKinds,
  sizes: (filter: BlockFilter, options: RequestOptions) => engine.request('sizeHistograms', { ...of, filter }, options),
  freeSpace: (options: RequestOptions) => engine.request('freeSpace', of, options),
  probe: (options: RequestOptions) => engine.request('heapProbe', of, options),
  pages: (filter: BlockFilter, wish: StripWish, options: RequestOptions) => engine.request('pageStrip', { ...of, filter, ...wish }, options),
  waste: (filter: BlockFilter, options: RequestOptions) => engine.request('wasteTree', { ...of, filter }, options),
  survival: isRun ? (filter: BlockFilter, options: RequestOptions) => engine.request('survival', { documentId: of.documentId, filter }, options) : null,
  frontEnd: (options: RequestOptions) => engine.request('frontEnd', of, options),
  freeLists: (filter: BlockFilter, wish: { readonly order: RowOrder | null; readonly offset: number; readonly count: number }, options: RequestOptions) => engine.request('freeLists', { ...of, filter, ...wish }, options),
})
