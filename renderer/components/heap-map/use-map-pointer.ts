import { shallowRef, type ShallowRef } from 'vue'
import { NONE, type Address, type Bytes } from '../../../shared/base/units'
import type { CssPixels } from '../../canvas/draw-target'
import type { MapFrame } from './use-map-picture'

export interface AddressRange {
  readonly from: Address
  readonly to: Address
}

interface PointerParts {
  readonly wished: () => MapFrame
  hitTest(x: CssPixels, y: CssPixels): number
  panBy(units: number): void
  click(address: Address): void
  range(range: AddressRange): void
}

export interface MapPointer {
  /** Drawn while a range is dragged. */
  readonly dragged: Readonly<ShallowRef<{ readonly address: Address; readonly sizeBytes: Bytes } | null>>
  readonly isDragging: () => boolean
  onDown(event: PointerEvent): void
  /** While a button is held. */
  follow(address: Address, x: CssPixels, y: CssPixels): void
  onUp(): void
}

interface Drag {
  readonly button: number
  readonly x: CssPixels
  readonly y: CssPixels
  readonly address: Address
  readonly top: number
  moved: boolean
  to: Address
}

const DRAG_FROM_PX = 5

/** Click selects, drag chooses the addresses between two cells (along the curve, whatever the layout), middle drag pans. */
export function useMapPointer(parts: PointerParts): MapPointer {
  const dragged = shallowRef<{ address: Address; sizeBytes: Bytes } | null>(null)
  let drag: Drag | null = null

  function onDown(event: PointerEvent): void {
    const address = parts.hitTest(event.offsetX, event.offsetY)
    if (event.button > 1 || (event.button === 0 && address === NONE)) return
    if (event.button === 1) event.preventDefault()
    ;(event.currentTarget as HTMLElement).setPointerCapture(event.pointerId)
    drag = { button: event.button, x: event.offsetX, y: event.offsetY, address, top: parts.wished().top, moved: false, to: address }
  }

  function follow(address: Address, x: CssPixels, y: CssPixels): void {
    if (drag === null) return
    drag.moved ||= Math.hypot(x - drag.x, y - drag.y) >= DRAG_FROM_PX
    if (!drag.moved) return
    const { geometry, top } = parts.wished()
    if (drag.button === 1) {
      const units = geometry.drawing.layout === 'rows' ? (drag.y - y) / geometry.drawing.space.rowPitch : (drag.x - x) / geometry.drawing.space.edge
      return parts.panBy(drag.top + units - top)
    }
    if (address !== NONE) drag.to = address
    dragged.value = { address: Math.min(drag.address, drag.to), sizeBytes: Math.abs(drag.to - drag.address) + geometry.bytesPerCell }
  }

  function onUp(): void {
    const ended = drag
    const range = dragged.value
    drag = null
    dragged.value = null
    if (ended === null || ended.button === 1) return
    if (range !== null) parts.range({ from: range.address, to: range.address + range.sizeBytes })
    else parts.click(ended.address)
  }

  return { dragged, isDragging: () => drag !== null, onDown, follow, onUp }
}
