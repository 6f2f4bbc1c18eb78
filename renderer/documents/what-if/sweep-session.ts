import { computed, onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'
import type { Failure } from '../../../shared/base/errors'
import type { SweepForm, SweepOutlook, SweepReport, SweepSetup } from '../../../shared/ipc/sweep-api'
import { engine } from '../../client/engine-client'
import { failureOf, isCancelled } from '../../client/failure'
import { host } from '../../client/host-client'
import { useLatestRequest } from '../../components/latest-request'
import { useDocuments } from '../../stores/documents'
import { useJobs } from '../../stores/jobs'

/* One What-If document's sweep: what it would take, its run with progress and cancel, its report and what is asked of it. */
export interface SweepSession {
  /** What the sweep would take; null while nothing can be swept. */
  readonly outlook: Readonly<Ref<SweepOutlook | null>>
  /** Why the plan is refused. */
  readonly planFailure: Readonly<Ref<Failure | null>>
  readonly jobId: Readonly<Ref<number | null>>
  /** There is something to sweep, nothing speaks against it, and no sweep is under way. */
  readonly canRun: Readonly<Ref<boolean>>
  readonly isCancelled: Readonly<Ref<boolean>>
  readonly failure: Readonly<Ref<Failure | null>>
  readonly report: Readonly<Ref<SweepReport | null>>
  /** Setup of the report. */
  readonly swept: Readonly<Ref<SweepSetup | null>>
  run(): Promise<void>
  measureAgainst(key: string): Promise<void>
  /** Name of the file or folder; null when the dialog was dismissed or the engine failed. */
  save(form: SweepForm): Promise<string | null>
  /** A source for a Query document with the dataset of the report. */
  dataset(): Promise<{ readonly sourceId: string; readonly name: string } | null>
}

export const FORM_NAMES: Readonly<Record<SweepForm, string>> = { csv: 'ranking.csv', json: 'sweep.json', html: 'sweep.html', dataset: 'sweep' }

/** What a setup would take, asked again whenever it or the open documents change. */
function useOutlook(setup: () => SweepSetup | null) {
  const documents = useDocuments()
  const looking = useLatestRequest((wanted: SweepSetup, options) => engine.request('sweepOutlook', wanted, options))
  const look = (): void => {
    const wanted = setup()
    if (wanted !== null) looking.ask(wanted)
  }
  watch([() => JSON.stringify(setup()), () => documents.opened.length], look, { immediate: true })
  const isAnswered = computed(() => setup() !== null && looking.error.value === null)
  return {
    look,
    outlook: computed(() => (isAnswered.value ? looking.answer.value : null)),
    planFailure: computed(() => (setup() === null || looking.error.value === null || isCancelled(looking.error.value) ? null : failureOf(looking.error.value))),
  }
}

export function useSweep(setup: () => SweepSetup | null): SweepSession {
  const jobs = useJobs()
  const jobId = ref<number | null>(null)
  const wasCancelled = ref(false)
  const failure = shallowRef<Failure | null>(null)
  const report = shallowRef<SweepReport | null>(null)
  const swept = shallowRef<SweepSetup | null>(null)

  const { outlook, planFailure, look } = useOutlook(setup)
  const close = (sweepId: string | undefined): void => {
    if (sweepId !== undefined) void engine.request('sweepClose', { sweepId }).catch(() => undefined)
  }
  const stopListening = engine.onRestart(() => {
    report.value = null
    look()
  })
  onScopeDispose(() => {
    if (jobId.value !== null) jobs.cancel(jobId.value)
    stopListening()
    close(report.value?.sweepId)
  })

  async function run(): Promise<void> {
    const wanted = setup()
    if (wanted === null || jobId.value !== null) return
    wasCancelled.value = false
    failure.value = null
    const started = jobs.start('Sweeping', (options) => engine.request('sweepRun', { ...wanted, baseline: null }, options))
    jobId.value = started.jobId
    try {
      const finished = await started.result
      close(report.value?.sweepId)
      report.value = finished
      swept.value = wanted
    } catch (error) {
      if (isCancelled(error)) wasCancelled.value = true
      else failure.value = failureOf(error)
    }
    jobId.value = null
    look()
  }

  /** Runs `work` on the report; what goes wrong is shown where the report stands. */
  async function onReport<T>(work: (shown: SweepReport) => Promise<T>): Promise<T | null> {
    if (report.value === null) return null
    failure.value = null
    try {
      return await work(report.value)
    } catch (error) {
      if (!isCancelled(error)) failure.value = failureOf(error)
      return null
    }
  }

  return {
    outlook,
    planFailure,
    jobId,
    canRun: computed(() => setup() !== null && planFailure.value === null && jobId.value === null),
    isCancelled: wasCancelled,
    failure,
    report,
    swept,
    run,
    measureAgainst: async (baseline) => {
      await onReport(async ({ sweepId }) => (report.value = await engine.request('sweepRank', { sweepId, baseline })))
    },
    save: (form) =>
      onReport(async ({ sweepId, ranking }) => {
        const target = await (form === 'dataset' ? host.saveFolderDialog() : host.saveDialog({ suggestedName: FORM_NAMES[form] }))
        if (target === null) return null
        const { result } = jobs.start(`Saving ${target.name}`, (options) => engine.request('sweepSave', { sweepId, baseline: ranking.reference, form, targetId: target.targetId }, options))
        return (await result).name
      }),
    dataset: () => onReport(async ({ sweepId }) => jobs.start('Writing the dataset', (options) => engine.request('sweepDataset', { sweepId }, options)).result),
  }
}
