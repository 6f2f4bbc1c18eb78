import { computed, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import type { HeapTotals } from '../../../shared/analysis/dump/heap-totals'
import type { Failure } from '../../../shared/base/errors'
import type { Address } from '../../../shared/base/units'
import type { DumpPlace } from '../../../shared/ipc/dump-api'
import type { LiveChanges } from '../../../shared/ipc/live-api'
import type { BlockDetail, DocumentId, Moment, SnapshotDocument } from '../../../shared/ipc/engine-api'
import { RegionState } from '../../../shared/model/region-table'
import { engineBlocks } from '../../client/blocks'
import { engineCharts } from '../../client/charts'
import { engineMap } from '../../client/maps'
import { engine } from '../../client/engine-client'
import { engineMoment } from '../../client/moments'
import { failureOf, isCancelled } from '../../client/failure'
import { formatAddress } from '../../components/format'
import type { FullMapSource } from '../../components/heap-map/map-source'
import { markedFilter } from '../../components/filter-marks'
import type { HexRange, HexSource } from '../../components/hex-view/hex-source'
import { useMeasures } from '../../components/moment-measures'
import { useLatestRequest, type LatestRequest } from '../../components/latest-request'
import type { ChartSource } from '../../components/heap-views/chart-source'
import type { BlockSource, MomentSession } from '../../components/moment-session'
import { useDocumentView, type DocumentViewActions } from '../../stores/document-view'
import { useDocuments } from '../../stores/documents'
import { useMomentParts } from '../../stores/moment-parts'
import type { DocumentPanelParams } from '../../stores/panel-params'

/*
 * What all views of one dump share:
 *
 *   heap ──ask──> moment ──answered──> map, table, lists and figures of that heap (or of all)
 *   cursor (a byte) <──> selectedAddress (its block)  ──> place: region, block, header ──> bytes shown
 *
 * A block selected anywhere puts the cursor on it; a cursor moved anywhere selects the block it stands in.
 */
export interface DumpSession extends MomentSession {
  readonly documentId: DocumentId
  readonly summary: ComputedRef<SnapshotDocument | null>
  readonly actions: DocumentViewActions
  readonly totals: Readonly<ShallowRef<readonly HeapTotals[]>>
  /** Heap looked at, an index; null = all. */
  readonly heap: Readonly<Ref<number | null>>
  /** The heap that `moment` is about. */
  readonly shownHeap: ComputedRef<number | null | undefined>
  readonly moment: LatestRequest<number | null, Moment>
  readonly place: LatestRequest<Address, DumpPlace>
  readonly cursor: Ref<Address | null>
  readonly range: ComputedRef<HexRange | null>
  readonly hexSource: HexSource
  /** The capture of the same process before this one, that changes are marked against; null when there is none. */
  readonly before: SnapshotDocument | null
  /** What changed since then; answers null where nothing is compared. */
  readonly changes: LatestRequest<string, LiveChanges>
  /** What the last jump or search had to say. */
  readonly message: Ref<string>
  readonly failure: ComputedRef<Failure | null>
  chooseHeap(heap: number | null): void
  /** The cursor goes to the address, and the views to its heap when another one is looked at. */
  goTo(address: Address): Promise<void>
  search(pattern: Uint8Array): Promise<void>
}

export function useDumpSession({ documentId, viewId }: DocumentPanelParams): DumpSession {
  const documents = useDocuments()
  const actions = useDocumentView(viewId)
  const summary = computed(() => {
    const found = documents.byDocument(documentId)?.summary
    return found?.kind === 'snapshot' ? found : null
  })
  const totals = shallowRef<readonly HeapTotals[]>([])
  const ownFailure = shallowRef<unknown>(null)
  const heap = ref<number | null>(null)
  const moment = useLatestRequest<number | null, Moment>((wanted, options) => engineMoment({ documentId, event: null, ...ofHeap(wanted) }, options))
  watch(heap, (wanted) => moment.ask(wanted), { immediate: true })
  const figures = useMeasures(moment, (wanted, options) => engine.request('momentMeasures', { documentId, event: null, ...ofHeap(wanted) }, options), () => true)
  const shownHeap = computed(() => (moment.answer.value === null ? undefined : moment.answered.value))
  const shownEvent = computed(() => (moment.answer.value === null ? undefined : null))

  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work()
      ownFailure.value = null
    } catch (error) {
      ownFailure.value = error
    }
  }
  void attempt(async () => void (totals.value = await engine.request('dumpHeaps', { documentId })))

  const mapSource = computed<FullMapSource>(() => {
    const at = { documentId, event: null, ...ofHeap(shownHeap.value) }
    return engineMap(at, markedFilter(actions.view.filter))
  })
  const blockSource = computed<BlockSource>(() => engineBlocks({ documentId, event: null, ...ofHeap(shownHeap.value) }, summary.value?.title ?? 'dump'))

  const charts = computed<ChartSource | null>(() => (shownHeap.value === undefined ? null : engineCharts({ documentId, event: null, ...ofHeap(shownHeap.value) }, { hasKinds: (summary.value?.heapReports.length ?? 0) > 0, isRun: false })))

  const block = useLatestRequest<Address, BlockDetail | null>((address, options) => engine.request('blockAt', { documentId, event: null, address }, options))
  watch(() => actions.view.selectedAddress, (address) => {
    if (address !== null) block.ask(address)
  }, { immediate: true })
  const selected = computed(() => (actions.view.selectedAddress === null ? null : block.answer.value))

  const { place, cursor, range } = useCursor(documentId, actions, heap)
  const message = ref('')

  async function goTo(address: Address): Promise<void> {
    await attempt(async () => {
      const found = await engine.request('dumpPlace', { documentId, address })
      message.value = found.block === null && found.region === null ? `Nothing is known at ${formatAddress(address)}.` : ''
      if (found.block !== null && heap.value !== null && found.block.heap !== heap.value) heap.value = found.block.heap
      cursor.value = address
    })
  }

  async function search(pattern: Uint8Array): Promise<void> {
    await attempt(async () => {
      const from = cursor.value === null ? 0 : cursor.value + 1
      const request = (at: Address) => engine.request('dumpSearch', { documentId, pattern, from: at })
      const behind = await request(from)
      const found = behind.address ?? (from === 0 ? null : (await request(0)).address)
      if (found === null) return void (message.value = 'These bytes stand nowhere in the dump.')
      await goTo(found)
      message.value = behind.address === null ? 'Found from the beginning again.' : ''
    })
  }

  const failure = computed(() => {
    const error = ownFailure.value ?? moment.error.value ?? place.error.value
    return error === null || isCancelled(error) ? null : failureOf(error)
  })
  /** A heap chosen in the list shows its own structure first, unless the selection lies in it. */
  function chooseHeap(wanted: number | null): void {
    heap.value = wanted
    const base = wanted === null ? undefined : summary.value?.heaps[wanted]?.base
    if (base !== undefined && place.answer.value?.block?.heap !== wanted) cursor.value = base
  }
  if (actions.view.selectedAddress === null) cursor.value = firstPlace(summary.value)
  const { before, changes } = useCaptureBefore(documentId)
  const name = computed(() => `${summary.value?.title ?? ''}${heap.value === null ? '' : `, heap ${summary.value?.heaps[heap.value]?.name ?? heap.value + 1}`}`)
  return {
    documentId, name, summary, actions, totals, heap, shownHeap, shownEvent, moment, figures, mapSource, blockSource, charts, selected, place, cursor, range,
    hexSource: dumpBytesSource(documentId, summary.value, before), before, changes, message, failure, chooseHeap, goTo, search, ...useMomentParts(),
  }
}

/** Where a dump opens: at the process's default heap, else at its first. */
function firstPlace(summary: SnapshotDocument | null): Address | null {
  const heaps = summary?.heaps ?? []
  return (heaps.find(({ name }) => name.startsWith('default')) ?? heaps[0])?.base ?? null
}

/** No member at all for all heaps: the contract knows no null here. */
export const ofHeap = (heap: number | null | undefined): { heap?: number } => (heap === null || heap === undefined ? {} : { heap })

/** Cursor and selection follow one another; the place around the cursor is what the hex view shows. */
function useCursor(documentId: DocumentId, actions: DocumentViewActions, heap: Ref<number | null>): Pick<DumpSession, 'place' | 'cursor' | 'range'> {
  const place = useLatestRequest<Address, DumpPlace>((address, options) => engine.request('dumpPlace', { documentId, address }, options))
  const cursor = ref<Address | null>(null)
  watch(cursor, (address) => {
    if (address !== null) place.ask(address)
  })
  watch(() => actions.view.selectedAddress, (address) => {
    const known = place.answer.value?.block
    const isInside = cursor.value !== null && known?.address === address && place.answered.value === cursor.value
    if (address !== null && !isInside) cursor.value = address
  }, { immediate: true })
  watch(place.answer, (answer) => {
    if (answer === null || place.answered.value !== cursor.value) return
    const isOther = heap.value !== null && answer.block !== null && answer.block.heap !== heap.value
    if (isOther) heap.value = answer.block!.heap
    actions.select(answer.block?.address ?? null)
  })
  const range = shallowRef<HexRange | null>(null)
  watch(place.answer, (answer) => {
    const next = answer === null ? null : rangeOf(answer)
    // The same object while the region stays, so that moving inside it asks for no bytes anew.
    if (next?.from !== range.value?.from || next?.to !== range.value?.to) range.value = next
  })
  return { place, cursor, range: computed(() => range.value) }
}

function rangeOf({ address, region }: DumpPlace): HexRange {
  if (region === null) return { from: address, to: address + 1, title: formatAddress(address), problem: 'No region of the process is known here.' }
  const { owner, state } = region
  const range = { from: region.address, to: region.address + region.bytes, title: owner === '' ? 'region' : owner }
  if (state === RegionState.Committed) return range
  return { ...range, problem: state === RegionState.Reserved ? 'Reserved: nothing is committed here, so there are no bytes.' : 'Free address space.' }
}

function useCaptureBefore(documentId: DocumentId): Pick<DumpSession, 'before' | 'changes'> {
  const captures = useDocuments().byDocument(documentId)?.captures ?? []
  const before = captures[captures.findIndex(({ id }) => id === documentId) - 1] ?? null
  const changes = useLatestRequest<string, LiveChanges>((a, options) => engine.request('liveChanges', { a, b: documentId }, options))
  if (before !== null) changes.ask(before.id)
  return { before, changes }
}

/** Bytes that differ from the capture before are marked when both captures kept them. */
function dumpBytesSource(documentId: DocumentId, summary: SnapshotDocument | null, before: SnapshotDocument | null): HexSource {
  const against = before !== null && before.hasBytes && summary?.hasBytes === true ? before.id : null
  const isWide = summary?.heapReports.some(({ bits }) => bits === 64) ?? true
  return {
    bytes: (address, length, options) => engine.request('dumpBytes', { documentId, address, length, against }, options),
    ...(against === null ? {} : { changedLines: (from: Address, to: Address, count: number) => engine.request('dumpChangedLines', { documentId, against, from, to, count }) }),
    pointerBytes: isWide ? 8 : 4,
    decodes: true,
  }
}
