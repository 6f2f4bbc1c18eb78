import { computed, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import type { FrameDetail } from '../../../shared/analysis/sites/frame-keys'
import type { FlamePage, SiteRowPage } from '../../../shared/analysis/sites/site-pages'
import type { SiteMeasure } from '../../../shared/analysis/sites/site-measures'
import type { SiteUnit, TreeDirection } from '../../../shared/analysis/sites/site-tree'
import type { EngineParams } from '../../../shared/ipc/engine-api'
import type { SiteExport, SiteFacts, SitePath, SiteQuery } from '../../../shared/ipc/sites-api'
import { useLatestRequest, type AskOptions, type LatestRequest } from '../latest-request'
import { useRowPages, type RowPages } from '../row-pages'

/** Where a panel has its answers from; a document makes one of the engine's methods. */
export interface SitePanelSource {
  readonly documentId: string
  facts(documentId: string, options: AskOptions): Promise<SiteFacts>
  flame(params: EngineParams<'siteFlame'>, options: AskOptions): Promise<FlamePage>
  rows(params: EngineParams<'siteRows'>, options: { readonly signal: AbortSignal }): Promise<SiteRowPage>
  /** Asks where to and writes; the name of the file, null when dismissed. */
  save(params: Omit<EngineParams<'siteExport'>, 'targetId'>, suggestedName: string): Promise<string | null>
}

export type SiteShape = 'flame' | 'tree'

/** What is looked at, and what has come of it. */
export interface SitePanel {
  readonly facts: LatestRequest<string, SiteFacts>
  readonly measure: Ref<string>
  readonly unit: Ref<SiteUnit>
  readonly direction: Ref<TreeDirection>
  readonly detail: Ref<FrameDetail>
  readonly against: Ref<string | null>
  readonly shape: Ref<SiteShape>
  readonly isIcicle: Ref<boolean>
  readonly search: Ref<string>
  readonly root: ShallowRef<SitePath>
  readonly selected: ShallowRef<SitePath>
  readonly open: ShallowRef<readonly SitePath[]>
  readonly chosenMeasure: ComputedRef<SiteMeasure | undefined>
  readonly query: ComputedRef<SiteQuery | null>
  readonly column: ComputedRef<number>
  readonly flame: LatestRequest<EngineParams<'siteFlame'>, FlamePage>
  readonly rows: RowPages<SiteRowPage>
  readonly lastPage: Readonly<ShallowRef<SiteRowPage | null>>
  /** Width of the flame graph in pixels. */
  readonly parts: Ref<number>
  save(form: SiteExport, title: string, name: string): Promise<string | null>
}

export interface SitePanelInput {
  readonly source: SitePanelSource
  readonly event: number | null
  readonly filter: string
  /** Event of the document held against; null = its last one. */
  readonly againstEvent: number | null
}

/** Deeper than any stack that a reader could follow; what lies below is reached by zooming. */
const MOST_DEPTH = 512
const FIRST_PARTS = 1200

export function useSitePanel(input: () => SitePanelInput, firstAgainst: string | null): SitePanel {
  const { source } = input()
  const facts = useLatestRequest((documentId: string, options) => source.facts(documentId, options))
  facts.ask(source.documentId)
  const measure = ref('')
  const unit = ref<SiteUnit>('bytes')
  const direction = ref<TreeDirection>('top-down')
  const detail = ref<FrameDetail>(firstAgainst === null ? 'function' : 'line')
  const against = ref(firstAgainst)
  const shape = ref<SiteShape>('flame')
  const isIcicle = ref(true)
  const search = ref('')
  const root = shallowRef<SitePath>([])
  const selected = shallowRef<SitePath>([])
  const open = shallowRef<readonly SitePath[]>([])
  const parts = ref(FIRST_PARTS)

  watch(facts.answer, (answer) => {
    if (answer !== null && !answer.measures.some(({ id }) => id === measure.value)) measure.value = answer.measures[0]?.id ?? ''
  })
  const chosenMeasure = computed(() => facts.answer.value?.measures.find(({ id }) => id === measure.value))
  // What counts nothing has one column only.
  watch(chosenMeasure, (chosen) => {
    if (chosen?.counted === '') unit.value = 'bytes'
  })
  // Keys of frames belong to one way of merging: another one has other paths.
  watch([against, detail, direction], () => {
    root.value = []
    selected.value = []
    open.value = []
  }, { flush: 'sync' })
  watch(against, (other) => (detail.value = other === null ? 'function' : 'line'))

  const query = computed<SiteQuery | null>(() => {
    const chosen = chosenMeasure.value
    if (chosen === undefined) return null
    const event = chosen.isAtEvent ? input().event : null
    return {
      documentId: source.documentId, against: against.value, measure: chosen.id, unit: unit.value, direction: direction.value, detail: detail.value, filter: input().filter, event,
      againstEvent: chosen.isAtEvent && against.value !== null ? input().againstEvent : null,
    }
  })
  const column = computed(() => (unit.value === 'bytes' ? 0 : 1))
  const flame = useLatestRequest((params: EngineParams<'siteFlame'>, options) => source.flame(params, options))
  const lastPage = shallowRef<SiteRowPage | null>(null)
  const rows = useRowPages<SiteRowPage>((page) => page.depth.length, (page) => (lastPage.value = page))

  watch([query, root, parts, search, shape], () => {
    if (query.value !== null && shape.value === 'flame') flame.ask({ query: query.value, root: root.value, parts: parts.value, mostDepth: MOST_DEPTH, search: search.value })
  }, { immediate: true })
  watch([query, root, open, search, shape], () => {
    if (query.value === null || shape.value !== 'tree') return
    const wish = { query: query.value, root: root.value, open: open.value, search: search.value }
    rows.restart((offset, count, options) => source.rows({ ...wish, offset, count }, options))
  }, { immediate: true })

  async function save(form: SiteExport, title: string, name: string): Promise<string | null> {
    if (query.value === null) return null
    const wish = { query: query.value, root: root.value, open: open.value, search: search.value }
    return source.save({ ...wish, form, isFlame: shape.value === 'flame' || form === 'svg', isIcicle: isIcicle.value, title }, name)
  }

  return { facts, measure, unit, direction, detail, against, shape, isIcicle, search, root, selected, open, chosenMeasure, query, column, flame, rows, lastPage, parts, save }
}

export const isSamePath = (a: SitePath, b: SitePath): boolean => a.length === b.length && a.every((key, i) => key === b[i])
