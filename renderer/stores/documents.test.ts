import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { HeapscapeError } from '../../shared/base/errors'
import { RemoteError } from '../client/failure'
import { FakeEngine, runDocument, traceDocument } from '../testing/fake-engine'
import { useDocumentView, useDocumentViews, viewIdOf } from './document-view'
import { markLetter, useDocuments } from './documents'
import { useJobs } from './jobs'

const source = { sourceId: 's1', name: 'a.mtrace' }
const simulation = { input: { workload: 'G1' }, heap: 'first-fit', overrides: {} }
const unknownFormat = new RemoteError(new HeapscapeError('format-unknown', { head: '00' }).toFailure())

let engine: FakeEngine
beforeEach(() => {
  setActivePinia(createPinia())
  engine = FakeEngine.inUse()
})

async function simulated(id: string): Promise<string> {
  const { result } = useDocuments().simulate(simulation, 'First fit')
  engine.last('simulate').answer(runDocument(id))
  return result
}

describe('opening', () => {
  it('shows an entry at once, with its job, and fills it when the answer comes', async () => {
    const documents = useDocuments()
    const { entryId, loaded } = documents.open({ kind: 'source', source })
    expect(documents.find(entryId)).toMatchObject({ state: 'opening', title: 'a.mtrace' })
    expect(useJobs().find(documents.find(entryId)!.jobId)).toMatchObject({ title: 'Opening a.mtrace' })
    engine.last('open').answer(traceDocument('d1'))
    await loaded
    expect(documents.find(entryId)).toMatchObject({ state: 'open', title: 'title of d1', jobId: null })
    expect(useJobs().running).toEqual([])
  })

  it('keeps a file that cannot be opened as an entry of its own and leaves the others alone', async () => {
    const documents = useDocuments()
    const good = documents.open({ kind: 'source', source })
    engine.last('open').answer(traceDocument('d1'))
    const bad = documents.open({ kind: 'source', source: { sourceId: 's2', name: 'noise.bin' } })
    engine.last('open').fail(unknownFormat)
    await Promise.all([good.loaded, bad.loaded])
    expect(documents.all.map(({ title, state, failure }) => [title, state, failure?.code])).toEqual([
      ['title of d1', 'open', undefined],
      ['noise.bin', 'failed', 'format-unknown'],
    ])
  })

  it('opens a failed one again in the same place', async () => {
    const documents = useDocuments()
    const { entryId, loaded } = documents.open({ kind: 'source', source })
    engine.last('open').fail(unknownFormat)
    await loaded
    const again = documents.reopen(entryId)
    engine.last('open').answer(traceDocument('d2'))
    await again
    expect(documents.all).toHaveLength(1)
    expect(documents.find(entryId)).toMatchObject({ state: 'open', failure: null })
  })

  it('closes what was closed while it was opening as soon as the engine has it', async () => {
    const documents = useDocuments()
    const { entryId, loaded } = documents.open({ kind: 'source', source })
    const { options } = engine.last('open')
    documents.close(entryId)
    expect(options.signal?.aborted).toBe(true)
    engine.last('open').answer(traceDocument('d1'))
    await loaded
    expect(documents.all).toEqual([])
    expect(engine.last('close').params).toEqual({ documentId: 'd1' })
  })
})

describe('runs', () => {
  it('marks runs in order of appearance', async () => {
    const documents = useDocuments()
    const ids = [await simulated('d1'), await simulated('d2')]
    expect(ids.map((id) => markLetter(documents.find(id)!.mark!))).toEqual(['A', 'B'])
    expect([markLetter(25), markLetter(26)]).toEqual(['Z', 'A2'])
  })

  it('marks two runs under way by which was asked for first', async () => {
    const documents = useDocuments()
    const first = documents.simulate(simulation, 'First fit')
    const firstRequest = engine.last('simulate')
    const second = documents.simulate({ ...simulation, heap: 'best-fit' }, 'Best fit')
    engine.last('simulate').answer(runDocument('d1', 'best-fit'))
    firstRequest.answer(runDocument('d2'))
    const ids = await Promise.all([first.result, second.result])
    expect(ids.map((id) => documents.find(id)!.mark)).toEqual([0, 1])
  })

  it('makes no entry of a run that is cancelled', async () => {
    const documents = useDocuments()
    const { jobId, result } = documents.simulate(simulation, 'First fit')
    useJobs().cancel(jobId)
    expect(engine.last('simulate').options.signal?.aborted).toBe(true)
    engine.last('simulate').fail(new RemoteError(new HeapscapeError('cancelled').toFailure()))
    await expect(result).rejects.toThrow('cancelled')
    expect(documents.all).toEqual([])
    expect(documents.find(await simulated('d1'))!.mark).toBe(0)
  })

  it('ends a comparison with either of its runs', async () => {
    const documents = useDocuments()
    const first = await simulated('d1')
    await simulated('d2')
    documents.compare('d1', 'd2')
    expect(documents.comparisons).toHaveLength(1)
    documents.close(first)
    expect(documents.comparisons).toEqual([])
  })

  it('saves the view with the document', async () => {
    const documents = useDocuments()
    const id = await simulated('d1')
    const { setEvent, select } = useDocumentView('d1')
    setEvent(42)
    select(0x10040)
    const saving = documents.save(id, { targetId: 't1', name: 'run.heapscape' })
    expect(engine.last('save').params).toEqual({ documentId: 'd1', targetId: 't1', view: { event: 42, selectedAddress: 0x10040 } })
    engine.last('save').answer({ ...runDocument('d1'), saved: true, title: 'run.heapscape' })
    await saving
    expect(documents.find(id)).toMatchObject({ title: 'run.heapscape', target: { targetId: 't1' } })
  })
})

it('tells every open document when the engine was started again', async () => {
  const documents = useDocuments()
  const id = await simulated('d1')
  engine.restart()
  expect(documents.find(id)).toMatchObject({ state: 'failed', summary: null, failure: { code: 'engine-stopped' } })
  const again = documents.reopen(id)
  engine.last('simulate').answer(runDocument('d9'))
  await again
  expect(documents.find(id)).toMatchObject({ state: 'open', mark: 0 })
})

describe('the view of a document', () => {
  it('opens where it was left, else at the largest footprint', () => {
    const views = useDocumentViews()
    views.open(runDocument('d1'))
    views.open({ ...runDocument('d2'), view: { event: 7, selectedAddress: 16 } })
    expect([views.of('d1').event, views.of('d2').event, views.of('d2').selectedAddress]).toEqual([70, 7, 16])
  })

  it('stays inside the run', () => {
    useDocumentViews().open(runDocument('d1'))
    const { view, setEvent, stepEvent } = useDocumentView('d1')
    setEvent(1000)
    stepEvent(1)
    expect(view.event).toBe(100)
    stepEvent(-500)
    expect(view.event).toBe(0)
  })

  it('keeps states by turns; all or none is no filter', () => {
    useDocumentViews().open(runDocument('d1'))
    const { view, toggleState } = useDocumentView('d1')
    const all = [0, 1, 2]
    toggleState(1, all)
    expect(view.filter).toEqual({ states: [0, 2] })
    toggleState(1, all)
    expect(view.filter).toEqual({})
  })

  it('undoes changes of filter and order, together with where the reader was', () => {
    useDocumentViews().open(runDocument('d1'))
    const { view, setEvent, setFilter, sortBy, undo, redo, select } = useDocumentView('d1')
    setEvent(10)
    setFilter({ where: 'size > 4k' })
    setFilter({ where: 'size > 4k' })
    select(0x10040)
    setEvent(20)
    sortBy('size')
    expect(view.past).toHaveLength(2)
    expect(undo()).toBe(true)
    expect(view).toMatchObject({ sort: 'address', event: 20, selectedAddress: 0x10040, filter: { where: 'size > 4k' } })
    undo()
    expect(view).toMatchObject({ event: 10, filter: {} })
    expect(undo()).toBe(false)
    redo()
    redo()
    expect(view).toMatchObject({ sort: 'size', descending: true, filter: { where: 'size > 4k' } })
    undo()
    setFilter({})
    expect(redo()).toBe(false)
  })

  it('shows again from its text, in another document too', () => {
    useDocumentViews().open(runDocument('d1'))
    const first = useDocumentView('d1')
    first.setEvent(30)
    first.select(0x10040)
    first.setFilter({ where: 'size > 4k and state = free', states: [1] })
    first.sortBy('birth')
    useDocumentViews().open(runDocument('d2'))
    const second = useDocumentView('d2')
    second.show(first.text())
    expect(second.view).toMatchObject({ event: 30, selectedAddress: 0x10040, sort: 'birth', descending: true })
    expect(second.text()).toBe(first.text())
    expect(() => second.show('nonsense')).toThrow()
  })

  it('keeps what was chosen, and nothing that is as in a new view', () => {
    const views = useDocumentViews()
    views.open(runDocument('d1'))
    expect(views.stateOf('d1')).toEqual({ event: 70, selectedAddress: null })
    const { setFilter, sortBy, chooseColumns, chooseMap, showList, showTimeline, setBookmark } = useDocumentView('d1')
    setFilter({ where: 'size > 4k' })
    sortBy('size')
    chooseMap({ layout: 'hilbert', zoom: 3 })
    chooseMap({ zoom: null })
    chooseColumns(['address', 'age'])
    showList('sites')
    showTimeline('stack')
    setBookmark(30, ' note\n')
    const state = { event: 70, selectedAddress: null, filter: { where: 'size > 4k' }, sort: 'size', descending: true, columns: ['address', 'age'], map: { layout: 'hilbert' }, list: 'sites', timeline: 'stack', bookmarks: [{ event: 30, note: 'note' }] } as const
    expect(views.stateOf('d1')).toEqual(state)
    views.open({ ...runDocument('d2'), view: state })
    expect(views.stateOf('d2')).toEqual(state)
    expect(useDocumentView('d2').text()).toBe(useDocumentView('d1').text())
  })

  it('goes back to the places that jumps left, not to every event passed', () => {
    useDocumentViews().open(runDocument('d1'))
    const { view, setEvent, stepEvent, select, goBack, goAhead } = useDocumentView('d1')
    select(0x10040)
    setEvent(20)
    stepEvent(1)
    setEvent(25, 'move')
    select(null)
    setEvent(90)
    expect(goBack()).toBe(true)
    expect(view).toMatchObject({ event: 25, selectedAddress: null })
    goBack()
    expect(view).toMatchObject({ event: 70, selectedAddress: 0x10040 })
    expect(goBack()).toBe(false)
    goAhead()
    expect(view.event).toBe(25)
    setEvent(1)
    expect(goAhead()).toBe(false)
  })

  it('undoes changes of bookmarks, and only those of its own view', () => {
    const views = useDocumentViews()
    views.open(runDocument('d1'))
    views.open(runDocument('d1'), 2, views.stateOf('d1'))
    const first = useDocumentView('d1')
    const second = useDocumentView(viewIdOf('d1', 2))
    first.setBookmark(30, 'a')
    second.setBookmark(40, 'b')
    first.setBookmark(30, 'changed')
    first.setBookmark(30, 'changed')
    first.removeBookmark(99)
    expect(first.view.past).toHaveLength(2)
    first.undo()
    expect(second.view.shared.bookmarks).toEqual([{ event: 30, note: 'a' }, { event: 40, note: 'b' }])
    first.undo()
    expect(first.view.shared.bookmarks).toEqual([{ event: 40, note: 'b' }])
    first.redo()
    second.removeBookmark(40)
    expect(first.view.shared.bookmarks).toEqual([{ event: 30, note: 'a' }])
  })

  it('has its own event, selection and filter in every tab of a document', () => {
    const views = useDocumentViews()
    views.open(runDocument('d1'))
    const first = useDocumentView('d1')
    first.setEvent(30)
    first.setFilter({ where: 'size > 4k' })
    views.open(runDocument('d1'), 2, views.stateOf('d1'))
    const second = useDocumentView(viewIdOf('d1', 2))
    expect(second.view).toMatchObject({ event: 30, filter: { where: 'size > 4k' }, documentId: 'd1', past: [] })
    second.setEvent(60)
    second.clearFilter('where')
    expect(first.view).toMatchObject({ event: 30, filter: { where: 'size > 4k' } })
    views.closeView('d1')
    expect(views.stateOf('d1/2').event).toBe(60)
    views.close('d1')
    expect(views.stateOf('d1/2')).toEqual({ selectedAddress: null })
  })

  it('sorts by another column largest first, and turns on the second press', () => {
    useDocumentViews().open(runDocument('d1'))
    const { sortBy, query } = useDocumentView('d1')
    sortBy('size')
    expect(query()).toEqual({ sort: 'size', descending: true, filter: {} })
    sortBy('size')
    expect(query().descending).toBe(false)
  })
})
