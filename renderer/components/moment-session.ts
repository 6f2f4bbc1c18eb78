import type { ComputedRef } from 'vue'
import type { BlockColumn, BlockGrouping, BlockListForm } from '../../shared/analysis/block-columns'
import type { RowOrder, RowPage } from '../../shared/analysis/dump/row-table'
import type { BlockFilter, BlockPage, BlockQuery } from '../../shared/analysis/block-query'
import type { ViewChoices } from '../../shared/analysis/view-text'
import type { Address, EventNumber } from '../../shared/base/units'
import type { BlockDetail, Moment } from '../../shared/ipc/engine-api'
import type { ChartSource } from './heap-views/chart-source'
import type { FullMapSource } from './heap-map/map-source'
import type { AskOptions, LatestRequest } from './latest-request'
import type { ShownMeasures } from './moment-measures'

/*
 * What map, block table and metrics of one moment share: a cut of a run, a snapshot, one heap of a snapshot. The owner
 * (a document's session) asks the engine and holds the selection; the parts show it and ask for changes.
 */
export interface MomentSession {
  /** What is shown, for titles: `editor.rep in first-fit, event 512`. */
  readonly name: ComputedRef<string>
  readonly actions: MomentActions
  readonly moment: Pick<LatestRequest<unknown, Moment>, 'answer' | 'slow' | 'progress' | 'error'>
  readonly figures: ShownMeasures
  /** undefined until the first moment has come; null for a snapshot. */
  readonly shownEvent: ComputedRef<EventNumber | null | undefined>
  readonly selected: ComputedRef<BlockDetail | null>
  readonly mapSource: ComputedRef<FullMapSource>
  /** Another object when other rows are to be shown. */
  readonly blockSource: ComputedRef<BlockSource>
  /** Sums for pictures; null until the first moment has come, another object when another one is to be shown. */
  readonly charts: ComputedRef<ChartSource | null>
  readonly savedFilters: ComputedRef<SavedFilters>
  /** Tells the user that something was not done. */
  readonly report: (title: string, error: unknown) => void
}

/** Where a block table has its rows from. */
export interface BlockSource {
  /** Why a column is told of no block; null = it is. */
  columnReasons(options: AskOptions): Promise<ColumnReasons>
  /** Rows with the values of `columns`. */
  page(query: BlockQuery, columns: readonly BlockColumn[], offset: number, count: number, options: { readonly signal: AbortSignal }): Promise<BlockPage>
  rowOf(query: BlockQuery, address: Address, options: AskOptions): Promise<{ readonly row: number }>
  groups(wish: GroupWish, offset: number, count: number, options: { readonly signal?: AbortSignal }): Promise<RowPage>
  /** Asks for a place and writes the whole table there; the file's name, or null when the user changed their mind. */
  save(query: BlockQuery, columns: readonly BlockColumn[], form: BlockListForm): Promise<string | null>
  saveGroups(wish: GroupWish, form: BlockListForm): Promise<string | null>
  /** Call sites that contain a text. */
  siteTexts(contains: string): Promise<readonly string[]>
}

export type ColumnReasons = Readonly<Record<BlockColumn, string | null>>

export interface GroupWish {
  readonly filter: BlockFilter
  readonly by: BlockGrouping
  readonly order: RowOrder | null
}

/** Filters kept for any document. */
export interface SavedFilters {
  readonly list: readonly string[]
  save(text: string): unknown
  forget(text: string): unknown
}

export interface MomentView {
  readonly selectedAddress: Address | null
  readonly filter: BlockFilter
  readonly sort: BlockColumn
  readonly descending: boolean
  /** Columns of the block table; null: those it begins with. */
  readonly columns: readonly BlockColumn[] | null
  /** Layout, colouring and zoom of the map, each under a name of its part; what is not there is as in a new view. */
  readonly map: ViewChoices
}

/** Views read `view` and change it only through these. */
export interface MomentActions {
  readonly view: Readonly<MomentView>
  select(address: Address | null): void
  setFilter(filter: BlockFilter): void
  /** Removes members of the filter, for instance both ends of a size range. */
  clearFilter(...members: (keyof BlockFilter)[]): void
  toggleState(state: number, allStates: readonly number[]): void
  sortBy(column: BlockColumn, descending?: boolean): void
  query(): BlockQuery
  /** null: those it begins with. */
  chooseColumns(columns: readonly BlockColumn[] | null): void
  undo(): boolean
  redo(): boolean
  /** Changes some choices of the map; null forgets one. They are kept with the document and in the view's text. */
  chooseMap(choices: Readonly<Record<string, string | number | boolean | null>>): void
}
