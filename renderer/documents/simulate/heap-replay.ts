import type { DocumentId } from '../../../shared/ipc/engine-api'
import { engine } from '../../client/engine-client'
import { failureOf } from '../../client/failure'
import { formatCount } from '../../components/format'

/**
 * Carries a trace out in a document's own heap of the simulated process, and says how that went. A workload becomes a
 * trace for that while.
 */
export async function replayInHeap(heap: { readonly workspaceId: string; readonly id: string }, input: { readonly documentId: DocumentId } | { readonly workload: string }): Promise<string> {
  let made: DocumentId | null = null
  try {
    if ('workload' in input) made = (await engine.request('openWorkload', { workload: input.workload })).id
    const traceId = 'documentId' in input ? input.documentId : made!
    const { events, failedRequests } = await engine.request('heapDocumentReplay', { ...heap, traceId })
    return `Carried out in this document's heap: ${formatCount(events)} events, ${failedRequests === 0 ? 'no request failed' : `${formatCount(failedRequests)} requests failed`}.`
  } catch (error) {
    return `Not carried out in this document's heap: ${failureOf(error).text}`
  } finally {
    if (made !== null) await engine.request('close', { documentId: made }).catch(() => undefined)
  }
}
