import { beforeEach, describe, expect, it } from 'vitest'
import { HeapscapeError } from '../../../shared/base/errors'
import { RemoteError } from '../../client/failure'
import { FakeEngine, traceDocument } from '../../testing/fake-engine'
import { replayInHeap } from './heap-replay'

const HEAP = { workspaceId: 'main', id: 'h1' }
let engine: FakeEngine
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

beforeEach(() => {
  engine = FakeEngine.inUse()
})

describe('replayInHeap', () => {
  it('carries out an open trace and says what failed', async () => {
    const note = replayInHeap(HEAP, { documentId: 'd1' })
    expect(engine.last('heapDocumentReplay').params).toEqual({ ...HEAP, traceId: 'd1' })
    engine.last('heapDocumentReplay').answer({ events: 12345, failedRequests: 3 })
    expect(await note).toBe("Carried out in this document's heap: 12,345 events, 3 requests failed.")
    expect(engine.methods()).not.toContain('close')
  })

  it('makes a trace of a workload and closes it again, also after a failure', async () => {
    const note = replayInHeap(HEAP, { workload: 'G1' })
    engine.last('openWorkload').answer(traceDocument('d7'))
    await turn()
    engine.last('heapDocumentReplay').fail(new RemoteError(new HeapscapeError('input-too-large', { expected: 'at most 200000 events', got: 1e6 }).toFailure()))
    await turn()
    expect(engine.last('close').params).toEqual({ documentId: 'd7' })
    engine.last('close').answer(null)
    expect(await note).toContain("Not carried out in this document's heap")
  })
})
