import { computed, watch, type ComputedRef, type Ref } from 'vue'
import type { Address, EventNumber } from '../../../shared/base/units'
import type { BlockDetail, DocumentId, Moment, RunDocument, RunFigures, SnapshotDocument } from '../../../shared/ipc/engine-api'
import { engineBlocks } from '../../client/blocks'
import { engineCharts } from '../../client/charts'
import { engineMap } from '../../client/maps'
import { engine } from '../../client/engine-client'
import { engineMoment } from '../../client/moments'
import { formatCount } from '../../components/format'
import { useLatestRequest, type LatestRequest } from '../../components/latest-request'
import { useMeasures } from '../../components/moment-measures'
import { markedFilter } from '../../components/filter-marks'
import type { ChartSource } from '../../components/heap-views/chart-source'
import type { BlockSource, MomentSession } from '../../components/moment-session'
import { useRunFigures } from '../../components/run-figures'
import { useDocumentView, type DocumentViewActions } from '../../stores/document-view'
import { useDocuments } from '../../stores/documents'
import { useExplained } from '../../stores/explained'
import { useMomentParts } from '../../stores/moment-parts'
import type { RunPanelParams } from '../../stores/panel-params'
import { noticed, useFirstPicture } from './first-picture'

/*
 * What all views of one run (or snapshot) share. The wish is in the store, what is shown follows it:
 *
 *   store.event ──ask──> moment ──answered──> shownEvent ──> map, table, inspector, selected block
 *
 * Views show `shownEvent`, so they always belong together, and events that were only passed are never cut.
 */
export interface RunSession extends MomentSession {
  readonly documentId: DocumentId
  readonly summary: ComputedRef<RunDocument | SnapshotDocument | null>
  readonly run: ComputedRef<RunDocument | null>
  readonly actions: DocumentViewActions
  readonly moment: LatestRequest<EventNumber | null, Moment>
  /** Whether the engine knows why this run's blocks lie where they do; then its blocks have the column `why`. */
  readonly isExplained: Ref<boolean>
  /** What takes reading every lifetime of a large run; asked for when its map is there. */
  readonly runFigures: LatestRequest<DocumentId, RunFigures>
  /** Fulfils when the map has something to show, or never will: what else takes long waits for that. */
  whenPictured(): Promise<void>
}

export function useRunSession({ documentId, viewId }: RunPanelParams): RunSession {
  const documents = useDocuments()
  const actions = useDocumentView(viewId)
  const summary = computed(() => {
    const found = documents.byDocument(documentId)?.summary ?? null
    return found?.kind === 'run' || found?.kind === 'snapshot' ? found : null
  })
  const run = computed(() => (summary.value?.kind === 'run' ? summary.value : null))
  const moment = useLatestRequest<EventNumber | null, Moment>((event, options) => engineMoment({ documentId, event }, options))
  watch(() => actions.view.event, (event) => moment.ask(event), { immediate: true })
  const picture = useFirstPicture(() => run.value !== null && actions.view.map['picture'] === 'address-time', moment)
  const runFigures = useRunFigures(() => run.value, () => picture.isThere.value, documents.addUp)
  const figures = useMeasures(moment, (event, options) => engine.request('momentMeasures', { documentId, event }, options), () => picture.isThere.value)
  const shownEvent = computed(() => moment.answer.value?.event)

  const block = useLatestRequest<{ event: EventNumber | null; address: Address }, BlockDetail | null>(({ event, address }, options) =>
    engine.request('blockAt', { documentId, event, address }, options))
  watch([() => actions.view.selectedAddress, shownEvent], ([address, event]) => {
    if (address !== null && event !== undefined) block.ask({ event, address })
  }, { immediate: true })
  const selected = computed(() => (actions.view.selectedAddress === null ? null : block.answer.value))
  const isExplained = useExplained(documentId)
  // Another source once reasons are there: a filter by them keeps other blocks then.
  const mapSource = computed(() => {
    void isExplained.value
    return noticed(engineMap({ documentId, event: shownEvent.value ?? null }, markedFilter(actions.view.filter)), picture.arrived)
  })
  const blockSource = computed<BlockSource>(() => {
    void isExplained.value
    return engineBlocks({ documentId, event: shownEvent.value ?? null }, summary.value?.title ?? 'run')
  })
  const charts = computed<ChartSource | null>(() => {
    void isExplained.value
    return shownEvent.value === undefined ? null : engineCharts({ documentId, event: shownEvent.value }, { hasKinds: false, isRun: run.value !== null })
  })
  const name = computed(() => `${summary.value?.title ?? ''}${typeof shownEvent.value !== 'number' ? '' : `, event ${formatCount(shownEvent.value)}`}`)
  return { documentId, name, summary, run, actions, moment, isExplained, shownEvent, figures, runFigures, whenPictured: picture.whenThere, selected, mapSource, blockSource, charts, ...useMomentParts() }
}
