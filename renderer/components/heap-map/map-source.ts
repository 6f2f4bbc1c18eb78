import type { Address, Bytes } from '../../../shared/base/units'
import type { MapRange } from '../../../shared/analysis/cell-writer'
import type { MapTile } from '../../../shared/analysis/map-tiles'
import type { BlockDetail } from '../../../shared/ipc/engine-api'
import type { AskOptions } from '../latest-request'

/** Where a map gets what it shows; made by the document that owns the map. */
export interface MapSource {
  tile(bytesPerCell: Bytes, ranges: readonly MapRange[], options: Partial<AskOptions>): Promise<MapTile>
  blockAt(address: Address, options: Partial<AskOptions>): Promise<BlockDetail | null>
}

/** Zoom and scroll position; null zoom = everything visible, whatever the size of the panel. */
export interface MapView {
  readonly bytesPerCell: Bytes | null
  readonly topRow: number
}

export const WHOLE_MAP: MapView = { bytesPerCell: null, topRow: 0 }
