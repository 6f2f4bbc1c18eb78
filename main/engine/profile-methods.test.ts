import path from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { quietJob } from '../../shared/base/job-context'
import { engineChecks } from '../../shared/ipc/engine-checks'
import { Documents } from './documents'
import type { EngineHandlers } from './handlers'
import { createHandlers } from './methods'
import { PathTable } from './path-table'
import { Workspaces } from './workspaces'

const samples = path.resolve(__dirname, '../../shared/importers')
let handlers: EngineHandlers
let open: (file: string) => Promise<{ id: string }>

beforeEach(() => {
  const sources = new PathTable()
  handlers = createHandlers({ documents: new Documents(), workspaces: new Workspaces(), sources, targets: new PathTable(), tell: () => {} })
  open = (file) => {
    sources.register(file, { path: path.join(samples, file), name: path.basename(file) })
    return Promise.resolve(handlers.open({ sourceId: file }, quietJob))
  }
})

it('moments of a profile: each bucket keeps its extremes, a moment its own figures', async () => {
  const { id } = await open('massif/samples/small.massif')
  const page = await handlers.profileSeries({ documentId: id, fromMoment: 0, toMoment: 3, points: 10 }, quietJob)
  expect([...page.events]).toEqual([0, 1, 2, 3])
  for (let moment = 0; moment <= 3; moment++) {
    const at = await handlers.profileMoment({ documentId: id, moment }, quietJob)
    expect(at.totals.length).toBeGreaterThan(0)
    for (const total of at.totals) expect(page.series[total.id]!.last[moment]).toBe(total.value)
  }
  expect(() => handlers.profileMoment({ documentId: id, moment: 4 }, quietJob)).toThrow(/outside/)
  expect(() => handlers.profileStatistics({ documentId: 'd99', search: '', offset: 0, count: 1 }, quietJob)).toThrow(/no open document/)
})

it('measures at a moment are those of the moment, and add up to its total', async () => {
  const { id } = await open('massif/samples/small.massif')
  const { measures } = await handlers.siteFacts({ documentId: id }, quietJob)
  const atMoment = measures.find(({ isAtEvent }) => isAtEvent)!
  expect(atMoment).toBeDefined()
  const query = { documentId: id, against: null, measure: atMoment.id, unit: 'bytes', direction: 'bottom-up', detail: 'line', filter: '', againstEvent: null } as const
  const moment = await handlers.profileMoment({ documentId: id, moment: 2 }, quietJob)
  const rows = await handlers.siteRows({ query: { ...query, event: 2 }, root: [], open: [], search: '', offset: 0, count: 10 }, quietJob)
  expect(rows.rootTotals[0]).toBe(moment.totals.find(({ id: total }) => total === 'heap-bytes')!.value)
})

it('statistics by page and by search', async () => {
  const { id } = await open('jemalloc-stats/samples/small.json')
  const all = await handlers.profileStatistics({ documentId: id, search: '', offset: 0, count: 5 }, quietJob)
  expect(all.total).toBeGreaterThan(5)
  expect([all.value.length, all.name.length]).toEqual([5, 5])
  const some = await handlers.profileStatistics({ documentId: id, search: all.name[0]!.toUpperCase(), offset: 0, count: 1000 }, quietJob)
  expect(some.total).toBeGreaterThan(0)
  expect(some.total).toBeLessThan(all.total)
  for (let row = 0; row < some.total; row++) expect(`${some.kind[row]} ${some.subject[row]} ${some.name[row]}`.toLowerCase()).toContain(all.name[0]!.toLowerCase())
  expect(() => handlers.profileMoment({ documentId: id, moment: 0 }, quietJob)).toThrow(/of another kind/)
  expect(engineChecks.profileStatistics.safeParse({ documentId: id, search: 'x'.repeat(300), offset: 0, count: 1 }).success).toBe(false)
})
