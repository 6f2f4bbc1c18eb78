import type { Address, Bytes } from '../../../shared/base/units'
import type { BlockDetail } from '../../../shared/ipc/engine-api'
import type { CanvasSize } from '../../canvas/painter'
import { buildGeometry, geometryForBlock, type GeometryWish, type MapGeometry, type MapPlace } from './geometry'
import type { MapView } from './map-source'
import type { MapFrame } from './use-map-picture'

interface ZoomParts {
  readonly wish: () => GeometryWish
  readonly wished: () => MapFrame
  readonly size: () => CanvasSize
  readonly view: () => MapView
  readonly selected: () => BlockDetail | null
  /** Coarsest zoom, and the one at which everything is seen. */
  readonly whole: () => Bytes
  readonly fitting: () => Bytes
  setView(view: MapView): void
}

export interface MapZoom {
  /** Zooms by powers of two and keeps `address` at a place. */
  zoomAt(steps: number, address: Address, place: MapPlace): void
  /** Keeps the selection, or else the middle, where it is. */
  zoomBy(steps: number): void
  panBy(units: number): void
  fit(): void
  reveal(address: Address): void
  /** Puts an address into the middle. */
  center(address: Address): void
  zoomToBlock(block: { readonly address: Address; readonly sizeBytes: Bytes }): void
  onWheel(event: WheelEvent): void
}

const PIXELS_PER_ZOOM = 80
/** A square of a Hilbert curve is a long way. */
const PIXELS_PER_SQUARE = 120

export function useMapZoom(parts: ZoomParts): MapZoom {
  const { wished, size } = parts
  function show(bytesPerCell: Bytes, topRow: number): void {
    const clamped = bytesPerCell >= parts.whole() ? null : Math.max(1, bytesPerCell)
    parts.setView({ bytesPerCell: clamped, topRow: clamped === null && parts.whole() >= parts.fitting() ? 0 : topRow })
  }
  const geometryAt = (bytesPerCell: Bytes): MapGeometry => buildGeometry(parts.wish(), Math.min(parts.whole(), Math.max(1, bytesPerCell)))
  const middle = (): MapPlace => ({ x: size().width / 2, y: size().height / 2 })
  const setTop = (topRow: number): void => parts.setView({ ...parts.view(), topRow })

  function zoomAt(steps: number, address: Address, place: MapPlace): void {
    const own = wished().geometry.bytesPerCell
    const bytesPerCell = Math.min(parts.whole(), Math.max(1, own * 2 ** -steps))
    if (bytesPerCell !== own) show(bytesPerCell, geometryAt(bytesPerCell).keeping(address, place))
  }

  function zoomBy(steps: number): void {
    const { geometry, top } = wished()
    const selected = parts.selected()
    const place = selected === null ? null : geometry.placeOf(top, selected.address)
    if (selected !== null && place !== null && place.y >= 0 && place.y < size().height) return zoomAt(steps, selected.address, place)
    const { y } = middle()
    zoomAt(steps, addressNear(y) ?? geometry.segments[0]?.base ?? 0, middle())
  }

  /** First address met along the height `y`. */
  function addressNear(y: number): Address | null {
    const { geometry, top } = wished()
    for (let x = 0; x < size().width; x += 8) {
      const address = geometry.addressAt(top, x, y)
      if (address !== null) return address
    }
    return null
  }

  function panBy(units: number): void {
    const { geometry, top } = wished()
    setTop(geometry.clamp(top + units))
  }

  function reveal(address: Address): void {
    const { geometry, top } = wished()
    setTop(geometry.revealing(top, address))
  }

  function zoomToBlock(block: { readonly address: Address; readonly sizeBytes: Bytes }): void {
    const bytesPerCell = geometryForBlock(parts.wish(), block.sizeBytes)
    show(bytesPerCell, geometryAt(bytesPerCell).keeping(block.address, { x: 0, y: size().height / 3 }))
  }

  let wheelRest = 0
  function onWheel(event: WheelEvent): void {
    const pixels = (event.deltaY || event.deltaX) * (event.deltaMode === 1 ? 20 : 1)
    const { geometry, top } = wished()
    if (event.shiftKey) return panBy(geometry.drawing.layout === 'rows' ? pixels / geometry.drawing.space.rowPitch : Math.sign(pixels) * Math.ceil(Math.abs(pixels) / PIXELS_PER_SQUARE))
    wheelRest += pixels * (event.ctrlKey ? 4 : 1)
    const steps = Math.trunc(-wheelRest / PIXELS_PER_ZOOM)
    if (steps === 0) return
    wheelRest = 0
    const place = { x: event.offsetX, y: event.offsetY }
    zoomAt(Math.sign(steps), geometry.addressAt(top, place.x, place.y) ?? addressNear(place.y) ?? geometry.segments.at(-1)?.base ?? 0, place)
  }

  return {
    zoomAt, zoomBy, panBy, reveal, zoomToBlock, onWheel,
    fit: () => parts.setView({ bytesPerCell: null, topRow: 0 }),
    center: (address) => setTop(wished().geometry.keeping(address, middle())),
  }
}
