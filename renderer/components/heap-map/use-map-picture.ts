import { computed, watch, type ComputedRef, type Ref } from 'vue'
import type { ColoringWish } from '../../../shared/analysis/map-colors/colorings'
import type { Bytes } from '../../../shared/base/units'
import type { MapTile } from '../../../shared/analysis/map-tiles'
import type { CanvasSize } from '../../canvas/painter'
import { useLatestRequest, type LatestRequest } from '../latest-request'
import { buildGeometry, fittingGeometry, type GeometryWish, type MapGeometry, type MapLayout } from './geometry'
import { RULER_HEIGHT, type MapSegment } from './layout'
import type { MapSource, MapView } from './map-source'

/** What is to be seen; everything a painted picture needs beside its cells. */
export interface MapFrame {
  readonly geometry: MapGeometry
  /** First row or square. */
  readonly top: number
  readonly colors: ColoringWish | null
}

/** A frame with its cells; layout and cells always belong together, so nothing tears while an answer is on its way. */
export interface MapPicture extends MapFrame {
  readonly tile: MapTile
}

export interface MapPictureInput {
  readonly source: () => MapSource
  /** Changes when the source would answer otherwise (another event). */
  readonly revision: () => unknown
  readonly segments: () => readonly MapSegment[]
  readonly view: () => MapView
  /** Zoom that counts as "whole"; null = the one that fits. */
  readonly wholeBytesPerCell: () => Bytes | null
  readonly mostPitch: () => number
  readonly layout: () => MapLayout
  readonly hasRuler: () => boolean
  readonly colors: () => ColoringWish | null
}

export interface UseMapPicture {
  /** Zoom at which everything is visible. */
  readonly fitting: ComputedRef<Bytes>
  /** Row height it would take by itself; Infinity for a layout without rows. */
  readonly ownPitch: ComputedRef<number>
  readonly wish: ComputedRef<GeometryWish>
  /** As wished now; `picture` follows when its cells have come. */
  readonly wished: ComputedRef<MapFrame>
  readonly picture: ComputedRef<MapPicture | null>
  readonly request: LatestRequest<MapFrame, MapTile>
}

export function useMapPicture(input: MapPictureInput, size: Readonly<Ref<CanvasSize>>): UseMapPicture {
  const wish = computed<GeometryWish>(() => ({ layout: input.layout(), segments: input.segments(), size: size.value, mostPitch: input.mostPitch(), ruler: input.hasRuler() ? RULER_HEIGHT : 0 }))
  const fitting = computed(() => fittingGeometry(wish.value))
  const ownPitch = computed(() => {
    const { drawing } = buildGeometry({ ...wish.value, mostPitch: Infinity }, input.view().bytesPerCell ?? input.wholeBytesPerCell() ?? fitting.value)
    return drawing.layout === 'rows' ? drawing.space.rowPitch : Infinity
  })
  const wished = computed<MapFrame>(() => {
    const geometry = buildGeometry(wish.value, input.view().bytesPerCell ?? input.wholeBytesPerCell() ?? fitting.value)
    return { geometry, top: geometry.clamp(input.view().topRow), colors: input.colors() }
  })
  const request = useLatestRequest<MapFrame, MapTile>(({ geometry, top, colors }, options) => input.source().tile(geometry.bytesPerCell, geometry.ranges(top), options, colors))
  watch([wished, input.revision], () => {
    if (size.value.height > 0 && input.segments().length > 0) request.ask(wished.value)
  }, { immediate: true })
  const picture = computed(() => {
    const frame = request.answered.value
    const tile = request.answer.value
    return frame === null || tile === null ? null : { ...frame, tile }
  })
  return { fitting, ownPitch, wish, wished, picture, request }
}
