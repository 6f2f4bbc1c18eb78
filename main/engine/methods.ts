import { HeapscapeError, toFailure } from '../../shared/base/errors'
import type { JobContext } from '../../shared/base/job-context'
import { inTurns } from '../../shared/base/steps'
import { compareSteps, PASSES, type ComparisonInput } from '../../shared/analysis/compare-runs'
import type { DocumentSummary, OpenPart, RunDocument, TraceDocument } from '../../shared/ipc/engine-api'
import type { OfMoment } from '../../shared/ipc/blocks-api'
import type { FromEngineProcess } from '../../shared/ipc/engine-host-messages'
import { listArchive } from '../../shared/jobs/list-archive'
import { openDocument } from '../../shared/jobs/open-document'
import { runSimulation, traceOfWorkload } from '../../shared/jobs/run-simulation'
import { saveDocument } from '../../shared/jobs/save-document'
import { FileSource } from '../files/file-source'
import { writeFileAtomically } from '../files/atomic-write'
import { addressTimeHandlers } from './address-time-methods'
import { largestAnswer } from './answer-sizes'
import { blockHandlers, momentViews } from './block-methods'
import { chartHandlers } from './chart-methods'
import { describeDocument, figuresOfRun } from './describe-document'
import { type MomentViews, RunViews, TraceViews } from './document-views'
import { regionPage } from './region-page'
import type { Documents } from './documents'
import { comparisonHandlers, type ComparisonSets } from './comparison-methods'
import { dumpHandlers } from './dump-methods'
import { explainHandlers } from './explain-methods'
import { exportHandlers } from './export-methods'
import type { EngineHandlers, Handlers } from './handlers'
import { lessonHandlers } from './lesson-methods'
import { LiveClient } from './live-client'
import { liveHandlers } from './live-methods'
import { profileHandlers } from './profile-methods'
import { queryHandlers } from './query-methods'
import { siteHandlers, SiteStudies } from './site-methods'
import { soundViewState } from './sound-view'
import { sweepHandlers, type SweepWorld } from './sweep-methods'
import { timelineHandlers } from './timeline-methods'
import { consoleHandlers, heapDocumentHandlers, walkHandlers } from './workspace-methods'
import type { Workspaces } from './workspaces'

export interface EngineWorld extends Omit<SweepWorld, 'startHelper' | 'sweepStore'>, Partial<Pick<SweepWorld, 'startHelper' | 'sweepStore'>> {
  readonly workspaces: Workspaces
  readonly comparisons?: ComparisonSets
  /** Absent: one that asks main for a process. */
  readonly live?: LiveClient
  readonly tell: (message: FromEngineProcess) => void
}

/** What each method of EngineMethods does. Without `startHelper` there are no sweeps and no queries. */
export function createHandlers(parts: EngineWorld): EngineHandlers {
  const world = { startHelper: refuseHelper, sweepStore: null, ...parts }
  const studies = new SiteStudies(world.documents)
  return {
    ...fileHandlers(world),
    ...simulationHandlers(world),
    ...viewHandlers(world, studies),
    ...blockHandlers(world, studies),
    ...chartHandlers(world.documents, studies),
    ...addressTimeHandlers(world.documents, studies),
    ...siteHandlers(studies, world.targets),
    ...explainHandlers(world.documents),
    ...exportHandlers(world.targets),
    ...timelineHandlers(world.documents),
    ...profileHandlers(world.documents),
    ...dumpHandlers(world.documents),
    ...comparisonHandlers(world),
    ...liveHandlers({ ...world, live: world.live ?? new LiveClient(() => world.tell({ type: 'live-start' })) }),
    ...heapDocumentHandlers(world),
    ...consoleHandlers(world),
    ...walkHandlers(world),
    ...lessonHandlers(world),
    ...sweepHandlers(world),
    ...queryHandlers(world),
  }
}

function refuseHelper(): never {
  throw new HeapscapeError('internal', { detail: 'no other process can be started here' })
}

function fileHandlers({ documents, sources, targets, tell }: EngineWorld): Handlers<'open' | 'archiveFiles' | 'close' | 'save' | 'use'> {
  return {
    open: async ({ sourceId, ...part }, job) => {
      const { path, name } = sources.get(sourceId)
      try {
        const summary = await openSource(documents, path, name, part, job)
        tell({ type: 'opened', sourceId })
        return summary
      } catch (error) {
        tell({ type: 'refused', sourceId, error: toFailure(error) })
        throw error
      }
    },
    archiveFiles: ({ sourceId }) => {
      const { path, name } = sources.get(sourceId)
      const source = new FileSource(path, name)
      try {
        return listArchive(source)
      } finally {
        source.close()
      }
    },
    close: ({ documentId }) => {
      documents.close(documentId)
      return null
    },
    save: async ({ documentId, targetId, view }, job) => {
      const entry = documents.get(documentId)
      const { path, name } = targets.get(targetId)
      await writeFileAtomically(path, (sink) => saveDocument(entry.content, sink, { ...view }, job))
      tell({ type: 'saved', targetId })
      entry.summary = { ...entry.summary, saved: true, file: name, title: name, view } as DocumentSummary
      return entry.summary
    },
    use: () => ({ memoryBytes: process.memoryUsage().rss, documents: documents.count, largestMessage: largestAnswer() }),
  }
}

/** A snapshot with memory reads from its file as long as it is open. */
async function openSource(documents: Documents, path: string, name: string, part: OpenPart, job: JobContext): Promise<DocumentSummary> {
  const source = new FileSource(path, name)
  let isKept = false
  try {
    const { document, own, view } = await openDocument(source, { mode: 'compatible', ...part }, job)
    const readsOn = document.kind === 'snapshot' && document.memory !== undefined
    const summary = await documents.add(document, (id, views) => describeDocument(id, document, views, { file: name, saved: own, view: soundViewState(view), figuresLater: true }, job), readsOn ? () => source.close() : undefined)
    isKept = readsOn
    return summary
  } finally {
    if (!isKept) source.close()
  }
}

function simulationHandlers({ documents }: EngineWorld): Handlers<'openWorkload' | 'simulate' | 'compare'> {
  return {
    openWorkload: async ({ workload }, job) => {
      const trace = await traceOfWorkload(workload, job)
      return documents.add(trace, (id, views) => describeDocument(id, trace, views, NEW_DOCUMENT, job) as Promise<TraceDocument>)
    },
    simulate: async ({ input, ...request }, job) => {
      const trace = 'workload' in input ? await traceOfWorkload(input.workload, job) : documents.trace(input.documentId)
      const run = await runSimulation(trace, request, job)
      return documents.add(run, (id, views) => describeDocument(id, run, views, NEW_DOCUMENT, job) as Promise<RunDocument>)
    },
    compare: ({ a, b }, job) => {
      const side = (id: string): ComparisonInput => ({ run: documents.run(id), title: documents.get(id).summary.title })
      return inTurns(compareSteps(side(a), side(b), (done) => job.progress({ done, total: PASSES, unit: 'passes' })), job)
    },
  }
}

const NEW_DOCUMENT = { saved: false, view: null }

function viewHandlers({ documents }: EngineWorld, studies: SiteStudies): Handlers<'series' | 'moment' | 'momentMeasures' | 'runFigures' | 'segmentPage' | 'regionPage' | 'blockAt'> {
  const momentOf = (of: OfMoment, job: JobContext): Promise<MomentViews> => momentViews(documents, of, job)
  return {
    series: async ({ documentId, fromEvent, toEvent, points, sites, filter }, job) => {
      const { views } = documents.get(documentId)
      const chosen = await studies.chosen(documentId, sites ?? filter?.sites, job)
      if (views instanceof RunViews) return views.series({ fromEvent, toEvent, points }, filter, chosen, job)
      if (views instanceof TraceViews) return views.series({ fromEvent, toEvent, points }, chosen, job)
      throw new HeapscapeError('document-wrong-kind', { expected: 'trace or run', got: 'snapshot' })
    },
    moment: async (params, job) => (await momentOf(params, job)).moment(job),
    momentMeasures: async (params, job) => (await momentOf(params, job)).measures(job),
    runFigures: async ({ documentId }, job) => {
      const entry = documents.get(documentId)
      const figures = await figuresOfRun(documents.run(documentId), entry.views as RunViews, job)
      entry.summary = { ...(entry.summary as RunDocument), ...figures }
      return figures
    },
    segmentPage: async ({ offset, count, ...params }, job) => ({ segments: (await momentOf(params, job)).snapshot.segments.slice(offset, offset + count) }),
    regionPage: ({ documentId, offset, count }) => {
      const { content } = documents.get(documentId)
      if (content.kind === 'snapshot') return regionPage(content, offset, count)
      throw new HeapscapeError('document-wrong-kind', { expected: 'snapshot', got: content.kind })
    },
    blockAt: async ({ address, ...params }, job) => (await momentOf(params, job)).blockAt(address),
  }
}
