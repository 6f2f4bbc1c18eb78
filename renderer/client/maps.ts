import type { BlockFilter } from '../../shared/analysis/block-query'
import type { MapRange } from '../../shared/analysis/cell-writer'
import type { ColoringWish } from '../../shared/analysis/map-colors/colorings'
import type { OfMoment } from '../../shared/ipc/blocks-api'
import { engine, type RequestOptions } from './engine-client'

/** The questions a memory map asks of one moment, put to the engine. Blocks that `filter` keeps stand out. */
export function engineMap(of: OfMoment, filter: BlockFilter) {
  const filtered = Object.keys(filter).length === 0 ? {} : { filter }
  return {
    tile: (bytesPerCell: number, ranges: readonly MapRange[], options: RequestOptions, colors: ColoringWish | null) =>
      engine.request('mapTile', { ...of, bytesPerCell, ranges, ...filtered, ...(colors === null ? {} : { colors }) }, options),
    blockAt: (address: number, options: RequestOptions) => engine.request('blockAt', { ...of, address }, options),
    structure: (from: number, to: number, options: RequestOptions) => engine.request('mapStructure', { ...of, from, to }, options),
    colorings: async (options: RequestOptions) => (await engine.request('mapColorings', of, options)).reasons,
    legend: (colors: ColoringWish, options: RequestOptions) => engine.request('mapLegend', { ...of, colors }, options),
    range: (from: number, to: number, options: RequestOptions) => engine.request('mapRange', { ...of, from, to }, options),
  }
}
