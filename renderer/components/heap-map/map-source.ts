import type { Address, Bytes } from '../../../shared/base/units'
import type { BlockStructure } from '../../../shared/analysis/block-structure'
import type { MapRange } from '../../../shared/analysis/cell-writer'
import type { ColoringWish, MapColoring, MapLegend } from '../../../shared/analysis/map-colors/colorings'
import type { MapTile } from '../../../shared/analysis/map-tiles'
import type { RangeSums } from '../../../shared/analysis/range-sums'
import type { BlockDetail } from '../../../shared/ipc/engine-api'
import type { AskOptions } from '../latest-request'

/** Where a map gets what it shows; made by the document that owns the map. */
export interface MapSource {
  tile(bytesPerCell: Bytes, ranges: readonly MapRange[], options: Partial<AskOptions>, colors: ColoringWish | null): Promise<MapTile>
  blockAt(address: Address, options: Partial<AskOptions>): Promise<BlockDetail | null>
  /** Inside of the busy blocks of a stretch; absent where it is not shown. */
  structure?(from: Address, to: Address, options: Partial<AskOptions>): Promise<BlockStructure>
}

/** What a map with colourings and sums of ranges asks besides. */
export interface FullMapSource extends MapSource {
  /** Why each colouring is not available; null = it is. */
  colorings(options: Partial<AskOptions>): Promise<Readonly<Record<MapColoring, string | null>>>
  legend(colors: ColoringWish, options: Partial<AskOptions>): Promise<MapLegend>
  range(from: Address, to: Address, options: Partial<AskOptions>): Promise<RangeSums>
}

/** Zoom and scroll position; null zoom = everything visible, whatever the size of the panel. */
export interface MapView {
  readonly bytesPerCell: Bytes | null
  /** First row shown, or first square. */
  readonly topRow: number
}

export const WHOLE_MAP: MapView = { bytesPerCell: null, topRow: 0 }
