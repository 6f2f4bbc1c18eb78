import { failuresBetween, neighbourFailure, neighbourPageChange } from '../../shared/analysis/run-events'
import { tilingPage } from '../../shared/analysis/tiling-series'
import { HeapscapeError } from '../../shared/base/errors'
import type { TimelineMethods } from '../../shared/ipc/timeline-api'
import { RunViews } from './document-views'
import type { Documents } from './documents'
import type { Handlers } from './handlers'

/** What timelines of runs ask (shared/ipc/timeline-api.ts). */
export function timelineHandlers(documents: Documents): Handlers<keyof TimelineMethods> {
  return {
    tiling: async ({ documentId, fromEvent, toEvent, points }, job) => tilingPage(await runViews(documents, documentId).tiling(job), fromEvent, toEvent, points),
    failures: ({ documentId, fromEvent, toEvent, points }) => failuresBetween(documents.run(documentId), fromEvent, toEvent, points),
    neighbourEvent: ({ documentId, event, forward, target }, job) => {
      const run = documents.run(documentId)
      return target.kind === 'failure' ? neighbourFailure(run, event, forward) : neighbourPageChange(run, target.address, event, forward, job)
    },
  }
}

function runViews(documents: Documents, documentId: string): RunViews {
  const { views, summary } = documents.get(documentId)
  if (views instanceof RunViews) return views
  throw new HeapscapeError('document-wrong-kind', { expected: 'run', got: summary.kind })
}
