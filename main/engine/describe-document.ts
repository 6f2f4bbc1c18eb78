import { summariseProfile } from '../../shared/analysis/profile-summary'
import { summariseRegions } from '../../shared/analysis/region-summary'
import { summariseTrace } from '../../shared/analysis/trace-summary'
import { firstStepPeak, runJumpsSteps } from '../../shared/analysis/timeline'
import { runMetricsSteps } from '../../shared/analysis/metrics/run-metrics'
import { assertNever } from '../../shared/base/assert'
import type { JobContext } from '../../shared/base/job-context'
import { inTurns } from '../../shared/base/steps'
import type { DocumentId, DocumentSummary, RunDocument, RunFigures } from '../../shared/ipc/engine-api'
import type { ViewState } from '../../shared/ipc/view-state'
import type { AnyDocument, Run } from '../../shared/model/run'
import { RunViews, type DocumentViews } from './document-views'

export interface DocumentState {
  /** File name the window shows; the origin's own for documents that were never a file. */
  readonly file?: string
  readonly saved: boolean
  readonly view: ViewState | null
  /** Figures of a large run may be added up later, when its map is there (`runFigures`). */
  readonly figuresLater?: boolean
}

/** Below it figures take less than a tenth of a second. */
const MANY_LIFETIMES = 300_000

/** What a window learns of a document when it is opened or made. @throws HeapscapeError `cancelled` */
export async function describeDocument(id: DocumentId, document: AnyDocument, views: DocumentViews, state: DocumentState, job: JobContext): Promise<DocumentSummary> {
  const { origin } = document
  const file = state.file ?? origin.file
  const base = { id, title: titleOf(document, file, state.saved), file, format: origin.format, partial: origin.partial, notes: origin.notes, saved: state.saved, view: state.view }
  switch (document.kind) {
    case 'trace':
      return { ...base, kind: 'trace', events: document.events, summary: summariseTrace(document) }
    case 'snapshot':
      return {
        ...base, kind: 'snapshot', heaps: document.heaps, heapReports: document.heapReports, hasBytes: document.memory !== undefined,
        coverage: document.coverage, heapStatements: document.heapStatements,
        regions: { count: document.regions.length, complete: document.regionsComplete, byKind: summariseRegions(document), stated: document.regionTotals },
      }
    case 'run':
      return {
        ...base,
        kind: 'run',
        events: document.events,
        request: document.request,
        source: document.source,
        heaps: document.heaps,
        ...(await footprintOfRun(document, views as RunViews, job)),
        ...(state.figuresLater === true && document.lifetimes.length >= MANY_LIFETIMES ? {} : await figuresOfRun(document, views as RunViews, job)),
      }
    case 'profile':
      return { ...base, kind: 'profile', summary: summariseProfile(document) }
    default:
      return assertNever(document)
  }
}

/** What a run's pages and failures tell, without reading its lifetimes. */
async function footprintOfRun(run: Run, views: RunViews, job: JobContext): Promise<Pick<RunDocument, 'peakFootprintBytes' | 'metrics' | 'jumps'>> {
  const { bytes, event } = firstStepPeak((await views.pageSeries(job)).footprint)
  return { peakFootprintBytes: bytes, metrics: null, jumps: { peakLive: null, peakFootprint: event, worstOverhead: null, firstFailure: run.failures.length > 0 ? run.failures.event.at(0) : null } }
}

export async function figuresOfRun(run: Run, views: RunViews, job: JobContext): Promise<RunFigures> {
  const series = await views.fullSeries(job)
  return { metrics: await inTurns(runMetricsSteps(run, series), job), jumps: await inTurns(runJumpsSteps(run, series), job) }
}

function titleOf(document: AnyDocument, file: string, saved: boolean): string {
  if (saved || document.kind !== 'run') return file
  return `${document.source.name} · ${document.request.heap}, ${document.request.profile}`
}
