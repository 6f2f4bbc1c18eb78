import { computed, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue'
import type { EventNumber } from '../../../shared/base/units'
import { clampViewport, panViewport, revealInViewport, viewportSpan, wholeViewport, zoomViewport, type Viewport } from '../../canvas/viewport'
import type { TimelineArea } from './layout'

/** The stretch of events a timeline shows, and what wheel and keys do to it. */
export interface TimelineView {
  readonly view: Readonly<ShallowRef<Viewport>>
  readonly isWhole: ComputedRef<boolean>
  show(from: EventNumber, to: EventNumber): void
  showWhole(): void
  /** Around the event shown. */
  zoomBy(factor: number): void
  onWheel(event: WheelEvent): void
  /** Event a key leads to, or undefined; zoom keys are carried out. */
  onKey(event: KeyboardEvent): { readonly event: EventNumber | null; readonly isFar: boolean } | undefined
}

export function useTimelineView(events: () => EventNumber, event: () => EventNumber, area: () => TimelineArea): TimelineView {
  const limits = computed(() => ({ total: events(), smallest: 16 }))
  const view = shallowRef<Viewport>(wholeViewport(limits.value))
  const isWhole = computed(() => viewportSpan(view.value) >= limits.value.total)

  watch(event, (shown) => {
    if (shown < view.value.from || shown > view.value.to) view.value = revealInViewport(view.value, shown, limits.value)
  })
  watch(limits, () => (view.value = wholeViewport(limits.value)))

  function onWheel(wheel: WheelEvent): void {
    const pixels = (wheel.deltaY || wheel.deltaX) * (wheel.deltaMode === 1 ? 20 : 1)
    if (wheel.shiftKey) return void (view.value = panViewport(view.value, (pixels / 400) * viewportSpan(view.value), limits.value))
    const { left, right } = area()
    const place = Math.min(1, Math.max(0, (wheel.offsetX - left) / Math.max(1, right - left)))
    view.value = zoomViewport(view.value, place, 2 ** (pixels / 160), limits.value)
  }

  function zoomBy(factor: number): void {
    const place = (event() - view.value.from) / Math.max(1, viewportSpan(view.value))
    view.value = clampViewport(zoomViewport(view.value, Math.min(1, Math.max(0, place)), factor, limits.value), limits.value)
  }

  const showWhole = (): void => void (view.value = wholeViewport(limits.value))
  const show = (from: EventNumber, to: EventNumber): void => void (view.value = clampViewport({ from, to }, limits.value))

  function onKey(key: KeyboardEvent): { readonly event: EventNumber | null; readonly isFar: boolean } | undefined {
    if (key.ctrlKey || key.metaKey || key.altKey) return undefined
    const shown = event()
    const page = Math.max(1, Math.round(viewportSpan(view.value) / 20))
    const far = key.shiftKey ? page : 1
    const targets: Record<string, EventNumber> = {
      ArrowLeft: shown - far, ArrowDown: shown - far, ArrowRight: shown + far, ArrowUp: shown + far,
      PageUp: shown + page, PageDown: shown - page, Home: 0, End: events(),
    }
    const zooms: Record<string, () => void> = { '+': () => zoomBy(0.5), '=': () => zoomBy(0.5), '-': () => zoomBy(2), '0': showWhole }
    const target = targets[key.key]
    const zoom = zooms[key.key]
    if (target === undefined && zoom === undefined) return undefined
    zoom?.()
    return { event: target === undefined ? null : Math.min(events(), Math.max(0, target)), isFar: key.key === 'Home' || key.key === 'End' }
  }

  return { view, isWhole, show, showWhole, zoomBy, onWheel, onKey }
}
