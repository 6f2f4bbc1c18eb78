import type { BlockColumn, BlockGrouping, BlockListForm } from '../analysis/block-columns'
import type { BlockFilter, BlockPage, BlockQuery } from '../analysis/block-query'
import type { BlockStructure } from '../analysis/block-structure'
import type { ColoringWish, MapColoring, MapLegend } from '../analysis/map-colors/colorings'
import type { RangeSums } from '../analysis/range-sums'
import type { RowOrder, RowPage } from '../analysis/dump/row-table'
import type { MapRange } from '../analysis/cell-writer'
import type { MapTile } from '../analysis/map-tiles'
import type { Address, EventNumber } from '../base/units'

/*
 * Questions about the blocks of a moment: a cut of a run, or a snapshot (`event` null). `heap`, an index into a snapshot's
 * heaps, narrows the answer to that heap.
 */
export interface OfMoment {
  readonly documentId: string
  readonly event: EventNumber | null
  readonly heap?: number
}

/** More than a screen of single bytes. */
export const MOST_STRUCTURE_BYTES = 2 ** 20

/** Most texts answered for one completion. */
export const MOST_TEXTS = 20

/** Method -> [parameters, answer]. */
export interface BlockMethods {
  /** With a filter the tile also tells how much of each cell it keeps; with `colors` how that colouring paints it, where it is available. */
  mapTile: [OfMoment & { readonly bytesPerCell: number; readonly ranges: readonly MapRange[]; readonly colors?: ColoringWish; readonly filter?: BlockFilter }, MapTile]
  /** Why a map of the moment cannot be coloured by something; null = it can. */
  mapColorings: [OfMoment, { readonly reasons: Readonly<Record<MapColoring, string | null>> }]
  /** What the colours mean, with sums over the whole moment. */
  mapLegend: [OfMoment & { readonly colors: ColoringWish }, MapLegend]
  mapRange: [OfMoment & { readonly from: Address; readonly to: Address }, RangeSums]
  /** Header, payload and rounding of the busy blocks in a stretch of at most MOST_STRUCTURE_BYTES. */
  mapStructure: [OfMoment & { readonly from: Address; readonly to: Address }, BlockStructure]
  /** Why the moment tells a column of no block; null = it does. */
  blockColumns: [OfMoment, { readonly reasons: Readonly<Record<BlockColumn, string | null>> }]
  /** With the values of `columns`; of none when absent. */
  blockPage: [OfMoment & { readonly query: BlockQuery; readonly columns?: readonly BlockColumn[]; readonly offset: number; readonly count: number }, BlockPage]
  /** Row of the block holding `address` in the query's order, -1 when filtered out or not there. */
  blockRow: [OfMoment & { readonly query: BlockQuery; readonly address: Address }, { readonly row: number }]
  /** Blocks added up by what they have in common (analysis/block-groups.ts). */
  blockGroups: [OfMoment & { readonly filter: BlockFilter; readonly by: BlockGrouping; readonly order: RowOrder | null; readonly offset: number; readonly count: number }, RowPage]
  /** Writes the whole table as it is shown: rows, order, columns. */
  blockExport: [OfMoment & { readonly query: BlockQuery; readonly columns: readonly BlockColumn[]; readonly form: BlockListForm; readonly targetId: string }, { readonly name: string }]
  /** Writes all groups as they are shown. */
  groupExport: [OfMoment & { readonly filter: BlockFilter; readonly by: BlockGrouping; readonly order: RowOrder | null; readonly form: BlockListForm; readonly targetId: string }, { readonly name: string }]
  /** Call sites that contain a text, for completion; at most MOST_TEXTS. */
  siteTexts: [{ readonly documentId: string; readonly contains: string }, { readonly texts: readonly string[] }]
}
