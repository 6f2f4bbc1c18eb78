import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { HeapscapeError } from '../../shared/base/errors'
import { RemoteError } from '../client/failure'
import { FakeEngine, runDocument, traceDocument } from '../testing/fake-engine'
import { useDocumentView, useDocumentViews } from './document-view'
import { useDocuments, type DocumentEntry } from './documents'
import { sessionItems, unkeptTitles } from './session-items'

const source = { sourceId: 's1', name: 'a.mtrace' }
let engine: FakeEngine
beforeEach(() => {
  setActivePinia(createPinia())
  engine = FakeEngine.inUse()
})

async function openTrace(id: string): Promise<string> {
  const { entryId, loaded } = useDocuments().open({ kind: 'source', source })
  engine.last('open').answer(traceDocument(id))
  await loaded
  return entryId
}

async function simulate(input: { documentId: string } | { workload: string }, id: string): Promise<string> {
  const { result } = useDocuments().simulate({ input, heap: 'best-fit', overrides: { align: 8 } }, 'run')
  engine.last('simulate').answer(runDocument(id))
  return result
}

const items = () => sessionItems(useDocuments().all)
const TRACE = { kind: 'source', source: { sourceId: 's1' } }
const RUN = { kind: 'simulation', input: { item: 0 }, heap: 'best-fit', overrides: { align: 8 } }

describe('a session', () => {
  it('tells how each document came to be', async () => {
    await openTrace('d1')
    await simulate({ documentId: 'd1' }, 'd2')
    await simulate({ workload: 'G1' }, 'd3')
    expect(items()).toEqual([TRACE, RUN, { ...RUN, input: { workload: 'G1' } }])
  })

  it('keeps the trace of a run that is still open', async () => {
    const trace = await openTrace('d1')
    await simulate({ documentId: 'd1' }, 'd2')
    useDocuments().close(trace)
    expect(items()).toEqual([TRACE, RUN])
  })

  it('keeps what each tab looks at, also of what the engine lost, and opens with it', async () => {
    const documents = useDocuments()
    const views = useDocumentViews()
    const run = await simulate({ workload: 'G1' }, 'd1')
    useDocumentView('d1').setEvent(30)
    views.open(documents.find(run)!.summary!, 2, views.stateOf('d1'))
    useDocumentView('d1/2').setEvent(60)
    const viewsOf = ({ summary, left }: DocumentEntry) => (summary === null ? left : views.leftOf(summary.id)).map(({ state }) => state)
    const states = [{ event: 30, selectedAddress: null }, { event: 60, selectedAddress: null }]
    expect(sessionItems(documents.all, viewsOf)).toEqual([{ ...RUN, input: { workload: 'G1' }, views: states }])
    engine.restart()
    expect(sessionItems(documents.all, viewsOf)).toEqual([{ ...RUN, input: { workload: 'G1' }, views: states }])
    const again = documents.reopen(run)
    engine.last('simulate').answer(runDocument('d2'))
    await again
    expect([views.of('d2').event, views.of('d2/2').event, documents.find(run)!.left]).toEqual([30, 60, []])
  })

  it('leaves out what cannot be made again', async () => {
    const documents = useDocuments()
    const { loaded } = documents.open({ kind: 'made', title: 'calls', make: () => Promise.resolve(traceDocument('d1')) })
    await loaded
    await simulate({ documentId: 'd1' }, 'd2')
    const bad = documents.open({ kind: 'source', source: { sourceId: 's2', name: 'noise' } })
    engine.last('open').fail(new RemoteError(new HeapscapeError('format-unknown', { head: '00' }).toFailure()))
    await bad.loaded
    expect(items()).toEqual([])
    expect(unkeptTitles(documents.all)).toEqual(documents.all.filter(({ state }) => state === 'open').map(({ title }) => title))
    expect(unkeptTitles(documents.all)).toHaveLength(2)
  })

  it('has nothing to lose where files, workloads, lessons and what was saved are open', async () => {
    const documents = useDocuments()
    await openTrace('d1')
    await simulate({ documentId: 'd1' }, 'd2')
    await documents.open({ kind: 'made', title: 'a lesson', isRepeatable: true, make: () => Promise.resolve(traceDocument('d3')) }).loaded
    const calls = documents.open({ kind: 'made', title: 'calls', make: () => Promise.resolve(traceDocument('d4')) })
    await calls.loaded
    await simulate({ documentId: 'd4' }, 'd5')
    expect(unkeptTitles(documents.all)).toHaveLength(2)
    const saving = documents.save(calls.entryId, { targetId: 't1', name: 'calls.heapscape' })
    engine.last('save').answer(traceDocument('d4'))
    await saving
    expect(unkeptTitles(documents.all)).toEqual([])
  })

  it('takes the saved file where there is one', async () => {
    const run = await simulate({ workload: 'G1' }, 'd1')
    const saving = useDocuments().save(run, { targetId: 't1', name: 'run.heapscape' })
    engine.last('save').answer(runDocument('d1'))
    await saving
    expect(items()).toEqual([{ kind: 'source', source: { targetId: 't1' } }])
  })
})

describe('making a run again', () => {
  it('opens its trace again first', async () => {
    const documents = useDocuments()
    const trace = await openTrace('d1')
    const run = await simulate({ documentId: 'd1' }, 'd2')
    engine.restart()
    expect(documents.lost.map(({ id }) => id)).toEqual([trace, run])
    const again = documents.reopenLost()
    engine.last('open').answer(traceDocument('d8'))
    await expect.poll(() => engine.last('simulate').params).toMatchObject({ input: { documentId: 'd8' }, heap: 'best-fit' })
    engine.last('simulate').answer(runDocument('d9'))
    await again
    expect(documents.all.map(({ id, state }) => [id, state])).toEqual([[trace, 'open'], [run, 'open']])
    expect(documents.lost).toEqual([])
  })

  it('says what is wrong with the trace', async () => {
    const documents = useDocuments()
    await openTrace('d1')
    const run = await simulate({ documentId: 'd1' }, 'd2')
    engine.restart()
    const again = documents.reopen(run)
    const failure = new HeapscapeError('file-unreadable', { detail: 'gone' }).toFailure()
    await expect.poll(() => engine.last('open').params).toMatchObject({ sourceId: 's1' })
    engine.last('open').fail(new RemoteError(failure))
    await again
    expect(documents.find(run)).toMatchObject({ state: 'failed', failure: { code: 'file-unreadable' } })
  })
})
