import { computed, watch, type ComputedRef } from 'vue'
import type { EventNumber } from '../../../shared/base/units'
import type { DocumentId, Moment, RunDocument } from '../../../shared/ipc/engine-api'
import type { SeriesPage } from '../../../shared/ipc/series-page'
import { engine } from '../../client/engine-client'
import { engineMoment } from '../../client/moments'
import type { MapSource } from '../../components/heap-map/map-source'
import { useLatestRequest, type AskOptions, type LatestRequest } from '../../components/latest-request'
import { useDocumentViews } from '../../stores/document-view'
import { useDocuments } from '../../stores/documents'

/** One of the two runs: its document, and its moment at the event it is looked at. */
export interface CompareSide {
  readonly document: ComputedRef<RunDocument | null>
  readonly moment: LatestRequest<{ documentId: DocumentId; event: EventNumber }, Moment>
  readonly source: ComputedRef<MapSource>
  /** Text of the document's site filter. */
  readonly sites: ComputedRef<string | undefined>
  readonly series: ComputedRef<(from: EventNumber, to: EventNumber, points: number, options: AskOptions) => Promise<SeriesPage>>
}

export function useCompareSide(documentId: () => DocumentId, event: () => EventNumber): CompareSide {
  const documents = useDocuments()
  const document = computed(() => documents.run(documentId()) ?? null)
  const moment = useLatestRequest<{ documentId: DocumentId; event: EventNumber }, Moment>((params, options) => engineMoment(params, options))
  watch([documentId, event], () => moment.ask({ documentId: documentId(), event: event() }), { immediate: true })
  const views = useDocumentViews()
  const sites = computed(() => views.of(documentId()).filter.sites)
  const filtered = (): { sites?: string } => (sites.value === undefined ? {} : { sites: sites.value })
  // The map belongs to the moment that is shown, not to the one that is wished.
  const source = computed<MapSource>(() => {
    const shown = moment.answered.value ?? { documentId: documentId(), event: event() }
    const chosen = filtered()
    return {
      tile: (bytesPerCell, ranges, options) => engine.request('mapTile', { ...shown, bytesPerCell, ranges, ...(chosen.sites === undefined ? {} : { filter: chosen }) }, options),
      blockAt: (address, options) => engine.request('blockAt', { ...shown, address }, options),
    }
  })
  const series = computed(() => {
    const id = documentId()
    const chosen = filtered()
    return (fromEvent: EventNumber, toEvent: EventNumber, points: number, options: AskOptions) =>
      engine.request('series', { documentId: id, fromEvent, toEvent, points, ...chosen }, options)
  })
  return { document, moment, source, sites, series }
}
