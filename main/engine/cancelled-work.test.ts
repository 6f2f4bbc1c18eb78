import { beforeAll, expect, test } from 'vitest'
import { manyLifetimes } from '../../shared/analysis/testing/many-lifetimes'
import { cancelledAfter, quietJob, type JobContext, type Progress } from '../../shared/base/job-context'
import type { RunDocument } from '../../shared/ipc/engine-api'
import { Documents } from './documents'
import type { EngineHandlers } from './handlers'
import { createHandlers } from './methods'
import { PathTable } from './path-table'
import { Workspaces } from './workspaces'

/* What takes seconds of tens of millions of rows gives the engine back in between: a cancel is heard, and the next asker gets the answer. */
const LIFETIMES = 5000
type Ask = (it: { readonly run: string; readonly trace: string; readonly address: number }, job: JobContext) => unknown
const asked: Record<string, Ask> = {
  'a comparison of runs': ({ run }, job) => handlers.compare({ a: run, b: run }, job),
  'series of a trace': ({ trace }, job) => handlers.series({ documentId: trace, fromEvent: 0, toEvent: 10, points: 10 }, job),
  'live bytes of some call sites of a run': ({ run }, job) => handlers.series({ documentId: run, fromEvent: 0, toEvent: 10, points: 10, sites: 'f' }, job),
  'values of call sites of a run': ({ run }, job) => handlers.siteRows({ query: { ...SITES, documentId: run, measure: 'allocated' }, root: [], open: [], search: '', offset: 0, count: 10 }, job),
  'values of call sites at the peak': ({ run }, job) => handlers.siteRows({ query: { ...SITES, documentId: run, measure: 'peak' }, root: [], open: [], search: '', offset: 0, count: 10 }, job),
  'values of call sites of a trace': ({ trace }, job) => handlers.siteRows({ query: { ...SITES, documentId: trace, measure: 'temporary' }, root: [], open: [], search: '', offset: 0, count: 10 }, job),
  'a filter by text': ({ run }, job) => handlers.blockPage({ documentId: run, event: 40, query: { sort: 'address', descending: false, filter: { where: 'site ~ "f"' } }, offset: 0, count: 10 }, job),
  'the history of a page': ({ run, address }, job) => handlers.neighbourEvent({ documentId: run, event: 40, forward: true, target: { kind: 'page', address } }, job),
  'figures of a run': ({ run }, job) => handlers.runFigures({ documentId: run }, job),
  'measures of a moment': ({ run }, job) => handlers.momentMeasures({ documentId: run, event: 41 }, job),
}
const SITES = { against: null, unit: 'bytes', direction: 'top-down', detail: 'function', filter: '', event: null, againstEvent: null } as const

let handlers: EngineHandlers
let it: Parameters<Ask>[0]
beforeAll(async () => {
  const documents = new Documents()
  handlers = createHandlers({ documents, workspaces: new Workspaces(), sources: new PathTable(), targets: new PathTable(), tell: () => undefined })
  const run = manyLifetimes(LIFETIMES)
  // Not described: nothing is added up before it is asked for.
  const added = await documents.add(run, (id) => Promise.resolve({ id } as RunDocument))
  const trace = await handlers.openWorkload({ workload: 'G1' }, quietJob)
  it = { run: added.id, trace: trace.id, address: run.lifetimes.address.at(0) }
})

test.each(Object.keys(asked))('%s can be cancelled, and is told to whoever asks again', async (what) => {
  await expect((async () => asked[what]!(it, cancelledAfter(0)))()).rejects.toMatchObject({ code: 'cancelled' })
  expect(await asked[what]!(it, quietJob)).toBeTruthy()
})

test('a comparison tells how far it is, up to its end', async () => {
  const told: Progress[] = []
  await handlers.compare({ a: it.run, b: it.run }, { ...quietJob, progress: (progress) => told.push(progress) })
  expect(told.map(({ done }) => done)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  expect(told.at(-1)).toEqual({ done: 10, total: 10, unit: 'passes' })
})
