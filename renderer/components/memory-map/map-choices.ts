import { computed, ref, watch, type ComputedRef, type WritableComputedRef } from 'vue'
import { MAP_COLORINGS, type ColoringWish, type MapColoring, type MapLegend } from '../../../shared/analysis/map-colors/colorings'
import type { EventNumber } from '../../../shared/base/units'
import { MAP_LAYOUTS, type MapLayout } from '../heap-map/geometry'
import type { MapColors } from '../heap-map/map-colors'
import type { AddressRange } from '../heap-map/use-map-pointer'
import { useLatestRequest, type LatestRequest } from '../latest-request'
import type { MomentSession } from '../moment-session'
import { readStretch, stretchText } from '../stretch-text'

/*
 * Layout and colouring of a document's map. They stand among the choices of its view, so they are saved with it and in its
 * text: `map layout hilbert`, `map color changed`, `map since 4711`, `map range 0x10000..0x12000`.
 */
export interface MapChoices {
  readonly layout: ComputedRef<MapLayout>
  readonly coloring: ComputedRef<MapColoring>
  /** Event the changes are counted from: pinned, or the one looked at before this; null when there is none yet. */
  readonly since: ComputedRef<EventNumber | null>
  readonly isPinned: ComputedRef<boolean>
  /** Addresses chosen to be summed; null for none. */
  readonly range: WritableComputedRef<AddressRange | null>
  /** Why a colouring is not available; null = it is. */
  readonly reasons: ComputedRef<Readonly<Record<MapColoring, string | null>> | null>
  /** Why the chosen colouring shows nothing; '' when it does. */
  readonly problem: ComputedRef<string>
  readonly wish: ComputedRef<ColoringWish | null>
  /** With its names, once they have come. */
  readonly colors: ComputedRef<MapColors | null>
  readonly legend: LatestRequest<LegendWish, MapLegend>
  setLayout(layout: MapLayout): void
  setColoring(coloring: MapColoring): void
  /** Counts changes from the event shown now; null: from the last look at another event. */
  pin(event: EventNumber | null): void
}

interface LegendWish {
  readonly wish: ColoringWish
  readonly moment: unknown
}

export function useMapChoices(session: MomentSession): MapChoices {
  const { actions } = session
  const layout = computed<MapLayout>(() => MAP_LAYOUTS.find((name) => name === actions.view.map['layout']) ?? 'rows')
  const coloring = computed<MapColoring>(() => MAP_COLORINGS.find((name) => name === actions.view.map['color']) ?? 'state')
  const lastLook = ref<EventNumber | null>(null)
  watch(session.shownEvent, (_, before) => {
    if (typeof before === 'number') lastLook.value = before
  })
  const pinned = computed(() => {
    const since = actions.view.map['since']
    return typeof since === 'number' && Number.isInteger(since) && since >= 0 ? since : null
  })
  const since = computed(() => pinned.value ?? lastLook.value)

  const rangeText = computed(() => actions.view.map['range'])
  const range = computed<AddressRange | null>({
    get: () => readStretch(rangeText.value),
    set: (chosen) => actions.chooseMap({ range: chosen === null ? null : stretchText(chosen) }),
  })

  const reasonsRequest = useLatestRequest<unknown, Readonly<Record<MapColoring, string | null>>>((_, options) => session.mapSource.value.colorings(options))
  watch(session.moment.answer, (moment) => {
    if (moment !== null) reasonsRequest.ask(moment)
  }, { immediate: true })
  const reasons = computed(() => reasonsRequest.answer.value)
  const problem = computed(() => {
    const reason = reasons.value?.[coloring.value] ?? null
    if (reason !== null) return reason
    return coloring.value === 'changed' && since.value === null ? 'Go to another event, or pin one, to see what changed between them.' : ''
  })
  const wish = computed<ColoringWish | null>(() => {
    const by = coloring.value
    if (by === 'state' || problem.value !== '' || reasons.value === null) return null
    return by === 'changed' ? { by, since: since.value! } : { by }
  })

  const legend = useLatestRequest<LegendWish, MapLegend>((asked, options) => session.mapSource.value.legend(asked.wish, options))
  watch([wish, session.moment.answer], ([wanted, moment]) => {
    if (wanted !== null && moment !== null) legend.ask({ wish: wanted, moment })
  }, { immediate: true })
  const colors = computed<MapColors | null>(() => {
    const answer = legend.answer.value
    const asked = legend.answered.value?.wish
    if (answer === null || !answer.available || asked === undefined || wish.value?.by !== asked.by || wish.value.since !== asked.since) return null
    return { wish: asked, entries: answer.entries }
  })

  return {
    layout, coloring, since, isPinned: computed(() => pinned.value !== null), range, reasons, problem, wish, colors, legend,
    setLayout: (name) => actions.chooseMap({ layout: name === 'rows' ? null : name }),
    setColoring: (name) => actions.chooseMap({ color: name === 'state' ? null : name }),
    pin: (event) => actions.chooseMap({ since: event, ...(event === null ? {} : { color: 'changed' }) }),
  }
}
