import { onScopeDispose, ref, shallowRef, type Ref } from 'vue'
import type { Failure } from '../../../shared/base/errors'
import type { QueryCell, QueryDataset, QueryOrder, QuerySummary } from '../../../shared/ipc/query-api'
import { engine } from '../../client/engine-client'
import { failureOf, isCancelled } from '../../client/failure'
import { host } from '../../client/host-client'
import { useRowPages, type RowPages } from '../../components/row-pages'
import { useJobs } from '../../stores/jobs'

interface ResultPage {
  readonly total: number
  readonly rows: readonly (readonly QueryCell[])[]
}

/* One Query document: its dataset, the query under way, and the pages of its result. */
export interface QuerySession {
  readonly dataset: Readonly<Ref<QueryDataset | null>>
  readonly summary: Readonly<Ref<QuerySummary | null>>
  readonly failure: Readonly<Ref<Failure | null>>
  readonly jobId: Readonly<Ref<number | null>>
  readonly wasCancelled: Readonly<Ref<boolean>>
  readonly pages: RowPages<ResultPage>
  /** Asks for a folder; nothing happens when the dialog is dismissed. */
  choose(): Promise<void>
  open(source: { readonly sourceId: string; readonly name: string }): Promise<void>
  run(sql: string, mostRows: number): Promise<void>
  cancel(): void
  sort(order: QueryOrder | null): void
  save(form: 'csv' | 'json', order: QueryOrder | null): Promise<string | null>
}

export function useQuery(queryId: string): QuerySession {
  const jobs = useJobs()
  const dataset = shallowRef<QueryDataset | null>(null)
  const summary = shallowRef<QuerySummary | null>(null)
  const failure = shallowRef<Failure | null>(null)
  const jobId = ref<number | null>(null)
  const wasCancelled = ref(false)
  const pages = useRowPages<ResultPage>(({ rows }) => rows.length)

  const stopListening = engine.onRestart(() => {
    dataset.value = null
    summary.value = null
  })
  onScopeDispose(() => {
    stopListening()
    void engine.request('queryClose', { queryId }).catch(() => undefined)
  })

  async function work<T>(title: string, start: Parameters<typeof jobs.start<T>>[1]): Promise<T | null> {
    failure.value = null
    wasCancelled.value = false
    const started = jobs.start(title, start)
    jobId.value = started.jobId
    try {
      return await started.result
    } catch (error) {
      if (isCancelled(error)) wasCancelled.value = true
      else failure.value = failureOf(error)
      return null
    } finally {
      jobId.value = null
    }
  }

  async function open({ sourceId, name }: { readonly sourceId: string; readonly name: string }): Promise<void> {
    const opened = await work(`Opening ${name}`, (options) => engine.request('queryOpen', { queryId, sourceId }, options))
    if (opened === null) return
    dataset.value = opened
    summary.value = null
  }

  const sort = (order: QueryOrder | null): void => pages.restart((offset, count, options) => engine.request('queryRows', { queryId, order, offset, count }, options))

  return {
    dataset,
    summary,
    failure,
    jobId,
    wasCancelled,
    pages,
    sort,
    open,
    choose: async () => {
      const source = await host.openDatasetDialog()
      if (source !== null) await open(source)
    },
    run: async (sql, mostRows) => {
      const result = await work('Running the query', (options) => engine.request('queryRun', { queryId, sql, mostRows }, options))
      if (result === null) return
      summary.value = result
      sort(null)
    },
    cancel: () => {
      if (jobId.value !== null) jobs.cancel(jobId.value)
    },
    save: async (form, order) => {
      const target = await host.saveDialog({ suggestedName: `query.${form}` })
      if (target === null) return null
      return (await work(`Saving ${target.name}`, (options) => engine.request('querySave', { queryId, order, form, targetId: target.targetId }, options)))?.name ?? null
    },
  }
}
