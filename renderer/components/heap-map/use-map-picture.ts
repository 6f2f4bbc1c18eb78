import { computed, watch, type ComputedRef, type Ref } from 'vue'
import type { Bytes } from '../../../shared/base/units'
import type { MapTile } from '../../../shared/analysis/map-tiles'
import type { CanvasSize } from '../../canvas/painter'
import { useLatestRequest, type LatestRequest } from '../latest-request'
import { buildMapSpace, clampTopRow, fittingBytesPerCell, visibleParts, type MapSegment, type MapSpace, type VisiblePart } from './layout'
import type { MapSource, MapView } from './map-source'

/** What is to be seen; everything a painted picture needs beside its cells. */
export interface MapFrame {
  readonly space: MapSpace
  readonly topRow: number
  readonly parts: readonly VisiblePart[]
  readonly height: number
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
}

export interface UseMapPicture {
  /** Zoom at which everything is visible. */
  readonly fitting: ComputedRef<Bytes>
  /** As wished now; `picture` follows when its cells have come. */
  /** Row height it would take by itself. */
  readonly ownPitch: ComputedRef<number>
  readonly wished: ComputedRef<MapFrame>
  readonly picture: ComputedRef<MapPicture | null>
  readonly request: LatestRequest<MapFrame, MapTile>
}

export function useMapPicture(input: MapPictureInput, size: Readonly<Ref<CanvasSize>>): UseMapPicture {
  const fitting = computed(() => fittingBytesPerCell(input.segments(), size.value))
  const ownPitch = computed(() => buildMapSpace(input.segments(), size.value, input.view().bytesPerCell ?? input.wholeBytesPerCell() ?? fitting.value).rowPitch)
  const wished = computed<MapFrame>(() => {
    const whole = input.wholeBytesPerCell() ?? fitting.value
    const space = buildMapSpace(input.segments(), size.value, input.view().bytesPerCell ?? whole, input.mostPitch())
    const topRow = clampTopRow(space, input.view().topRow, size.value.height)
    return { space, topRow, parts: visibleParts(space, topRow, size.value.height), height: size.value.height }
  })
  const request = useLatestRequest<MapFrame, MapTile>((frame, options) => {
    const ranges = frame.parts.flatMap((part) => (part.kind === 'cells' ? [{ address: part.address, cells: part.cells }] : []))
    return input.source().tile(frame.space.bytesPerCell, ranges, options)
  })
  watch([wished, input.revision], () => {
    if (size.value.height > 0 && input.segments().length > 0) request.ask(wished.value)
  }, { immediate: true })
  const picture = computed(() => {
    const frame = request.answered.value
    const tile = request.answer.value
    return frame === null || tile === null ? null : { ...frame, tile }
  })
  return { fitting, ownPitch, wished, picture, request }
}
