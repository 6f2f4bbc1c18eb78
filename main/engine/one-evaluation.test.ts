import { beforeEach, expect, test, vi, type MockInstance } from 'vitest'
import { BlockValues } from '../../shared/analysis/block-values'
import { manyLifetimes } from '../../shared/analysis/testing/many-lifetimes'
import { quietJob } from '../../shared/base/job-context'
import type { RunDocument } from '../../shared/ipc/engine-api'
import { Documents } from './documents'
import { EngineJob } from './engine-job'
import type { EngineHandlers } from './handlers'
import { createHandlers } from './methods'
import { PathTable } from './path-table'
import { Urgency } from './turns'
import { Workspaces } from './workspaces'

/* However many views ask for what a filter keeps, it is carried out once over the blocks of the moment and once over the lifetimes of the run. */
const LIFETIMES = 20_000
/** No view but the filter reads births here. */
const BORN_LATE = { where: 'birth > 20' }
const AT = { event: 20_000 }

let documents: Documents
let handlers: EngineHandlers
let documentId: string
let reads: MockInstance<BlockValues['read']>
/** How often a filter by births went over all rows of something. */
const evaluations = (): number => reads.mock.calls.filter(([column, from]) => column === 'birth' && from === 0).length
beforeEach(async () => {
  documents = new Documents()
  handlers = createHandlers({ documents, workspaces: new Workspaces(), sources: new PathTable(), targets: new PathTable(), tell: () => undefined })
  documentId = (await documents.add(manyLifetimes(LIFETIMES), (id) => Promise.resolve({ id } as RunDocument))).id
  reads = vi.spyOn(BlockValues.prototype, 'read')
  return () => reads.mockRestore()
})

/** As the views of a run do when its filter changes. */
function everyView(filter: { readonly where: string }): Promise<unknown>[] {
  const job = () => new EngineJob(() => undefined)
  const of = { documentId, ...AT }
  return [
    handlers.mapTile({ ...of, bytesPerCell: 4096, ranges: [{ address: 0x10000, cells: 100 }], filter }, job()),
    handlers.blockPage({ ...of, query: { sort: 'size', descending: true, filter }, offset: 0, count: 10 }, job()),
    handlers.sizeHistograms({ ...of, filter }, job()),
    handlers.pageStrip({ ...of, filter, first: 0, count: 10, cells: 10 }, job()),
    handlers.blockGroups({ ...of, filter, by: 'site', order: null, offset: 0, count: 10 }, job()),
    handlers.survival({ documentId, filter }, job()),
    handlers.lifetimeTotals({ documentId, filter }, job()),
    handlers.series({ documentId, fromEvent: 0, toEvent: 20_000, points: 10, filter }, job()),
  ].map((answer) => Promise.resolve<unknown>(answer))
}

test('questions at the same time and after one another share it', async () => {
  await Promise.all(everyView(BORN_LATE))
  expect(evaluations()).toBe(2)
  await Promise.all(everyView(BORN_LATE))
  expect(evaluations()).toBe(2)
})

test('the filter before is still known, and so is what was shown without one', async () => {
  await Promise.all(everyView(BORN_LATE))
  await Promise.all(everyView({ where: 'birth > 40' }))
  reads.mockClear()
  await Promise.all(everyView(BORN_LATE))
  expect(evaluations()).toBe(0)
})

test('goes on when the view that began it has gone, and ends when all have', async () => {
  const jobs = [new EngineJob(() => undefined), new EngineJob(() => undefined)]
  const [gone, staying] = jobs.map((job) => Promise.resolve(handlers.blockPage({ documentId, ...AT, query: { sort: 'address', descending: false, filter: BORN_LATE }, offset: 0, count: 10 }, job)))
  jobs[0]!.cancel()
  await expect(gone).rejects.toMatchObject({ code: 'cancelled' })
  expect((await staying!).address).toHaveLength(10)
  expect(evaluations()).toBe(1)
  const all = [new EngineJob(() => undefined), new EngineJob(() => undefined, Urgency.Later)]
  const refused = all.map((job) => Promise.resolve(handlers.blockPage({ documentId, ...AT, query: { sort: 'address', descending: false, filter: { where: 'birth > 77' } }, offset: 0, count: 10 }, job)))
  for (const job of all) job.cancel()
  await Promise.all(refused.map((one) => expect(one).rejects.toMatchObject({ code: 'cancelled' })))
})

test('is gone with its document', async () => {
  await Promise.all(everyView(BORN_LATE))
  await handlers.close({ documentId }, quietJob)
  await expect((async () => handlers.blockPage({ documentId, ...AT, query: { sort: 'size', descending: true, filter: BORN_LATE }, offset: 0, count: 10 }, quietJob))()).rejects.toMatchObject({ code: 'document-unknown' })
  expect(documents.count).toBe(0)
})
