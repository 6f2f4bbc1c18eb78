import { beforeAll, expect, test } from 'vitest'
import type { BlockFilter } from '../../shared/analysis/block-query'
import { manyBlocks } from '../../shared/analysis/testing/many-blocks'
import { cancelledAfter, quietJob } from '../../shared/base/job-context'
import { chartChecks } from '../../shared/ipc/charts-checks'
import { messageBytes, MOST_MESSAGE_BYTES } from '../../shared/ipc/message-size'
import { BlockState, Snapshot } from '../../shared/model/snapshot'
import { describeDocument } from './describe-document'
import { Documents } from './documents'
import type { EngineHandlers } from './handlers'
import { createHandlers } from './methods'
import { PathTable } from './path-table'
import { Workspaces } from './workspaces'

const ROWS = 150_000
let handlers: EngineHandlers
let many: { readonly documentId: string; readonly event: null }
let some: { readonly documentId: string; readonly event: null }
let run: { readonly documentId: string; readonly event: number }

beforeAll(async () => {
  const documents = new Documents()
  handlers = createHandlers({ documents, workspaces: new Workspaces(), sources: new PathTable(), targets: new PathTable(), tell: () => undefined })
  const snapshot = manyBlocks(ROWS)
  const add = async (one: Snapshot) => ({ documentId: (await documents.add(one, (id, views) => describeDocument(id, one, views, { saved: false, view: null }, quietJob))).id, event: null })
  many = await add(snapshot)
  some = await add(new Snapshot({ ...snapshot, coverage: 'busy' }))
  const { id, events } = await handlers.simulate({ input: { workload: 'workload:G2' }, heap: 'nt-lfh', profile: 'win10-x64', overrides: {} }, quietJob)
  run = { documentId: id, event: Math.floor(events / 2) }
})

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0)

test('a moment\'s sums agree with its metrics, and with one another under a filter', async () => {
  const { split, metrics } = await handlers.momentMeasures(run, quietJob)
  const { measures } = await handlers.sizeHistograms({ ...run, filter: {} }, quietJob)
  expect(measures.requested.total.bytes).toBe(split!.live)
  expect(measures.consumed.total.blocks).toBe(metrics.M1_liveBlocks)
  const filter = { states: [BlockState.Busy], where: 'requested in 17..64' }
  const kept = await handlers.sizeHistograms({ ...run, filter }, quietJob)
  const page = await handlers.blockPage({ ...run, query: { sort: 'address', descending: false, filter }, offset: 0, count: 1 }, quietJob)
  expect(page.total).toBeGreaterThan(0)
  expect([kept.measures.consumed.total.keptBlocks, kept.measures.consumed.total.keptBytes]).toEqual([page.total, page.totalBytes])
  const tree = await handlers.wasteTree({ ...run, filter }, quietJob)
  const strip = await handlers.pageStrip({ ...run, filter, first: 0, count: 2 ** 40, cells: 100 }, quietJob)
  const lists = await handlers.freeLists({ ...run, filter, order: { column: 'total', descending: true }, offset: 0, count: 100 }, quietJob)
  const space = await handlers.freeSpace(run, quietJob)
  if ('reason' in tree || 'reason' in strip || 'reason' in lists || 'reason' in space) throw new Error('all of it is known')
  expect(tree.releasableBytes).toBe(split!.releasableFree)
  expect(strip.meanOccupancy).toBeCloseTo(metrics.M11_meanOccupancy!, 9)
  expect(strip.strandedBytes).toBe(metrics.M11_pinnedFreeBytes)
  expect(space.freeBytes).toBe(split!.pinnedFree + split!.releasableFree + split!.cachedFree)
  const totals = lists.numbers['total']!
  expect(totals[0]).toBe(Math.max(...totals))
  expect(sum(lists.numbers['kept']!)).toBe(0)
})

test('a simulated manager is asked, its front end told, its lives counted; a second question costs nothing', async () => {
  const probe = await handlers.heapProbe(run, quietJob)
  const frontEnd = await handlers.frontEnd(run, quietJob)
  if ('reason' in probe || 'reason' in frontEnd) throw new Error('it is a simulated run')
  expect(probe.largestBytes).toBeGreaterThan(0)
  expect(frontEnd.buckets.length).toBeGreaterThan(0)
  expect(await handlers.heapProbe(run, cancelledAfter(0))).toBe(probe)
  const lives = async (filter: BlockFilter) => {
    const tally = await handlers.survival({ documentId: run.documentId, filter }, quietJob)
    if ('reason' in tally) throw new Error(tally.reason)
    return sum(tally.deaths) + sum(tally.censored)
  }
  const tally = await handlers.survival({ documentId: run.documentId, filter: {} }, quietJob)
  expect(await lives({})).toBeGreaterThan(1000)
  expect(await handlers.survival({ documentId: run.documentId, filter: {} }, cancelledAfter(0))).toBe(tally)
  // Every block is made at some event.
  expect(await lives({ where: 'birth <= 500' }) + await lives({ where: 'birth > 500' })).toBe(await lives({}))
  expect(await lives({ where: 'birth <= 500' })).toBeGreaterThan(0)
  expect(await handlers.survival({ documentId: run.documentId, filter: { where: 'occupancy < 50' } }, quietJob)).toEqual({ reason: expect.stringContaining('known of a moment only') as string })
})

test('what a source does not tell has a reason', async () => {
  const filter = {}
  for (const answer of [await handlers.freeSpace(some, quietJob), await handlers.wasteTree({ ...some, filter }, quietJob), await handlers.pageStrip({ ...some, filter, first: 0, count: 1, cells: 1 }, quietJob), await handlers.freeLists({ ...some, filter, order: null, offset: 0, count: 1 }, quietJob)]) {
    expect(answer).toEqual({ reason: expect.stringContaining('only some blocks') as string })
  }
  expect(await handlers.heapProbe(many, quietJob)).toEqual({ reason: expect.stringContaining('simulated') as string })
  expect(await handlers.frontEnd(many, quietJob)).toEqual({ reason: expect.stringContaining('not what they are') as string })
  await expect(handlers.survival({ documentId: many.documentId, filter: {} }, quietJob)).rejects.toMatchObject({ code: 'document-wrong-kind' })
})

test('the largest answers are small, and larger questions are refused', async () => {
  const filter = { where: 'size > 40' }
  const wish = { ...many, filter, first: 0, count: 2 ** 40, cells: 60_000 }
  const answers = [await handlers.sizeHistograms({ ...many, filter }, quietJob), await handlers.pageStrip(wish, quietJob), await handlers.wasteTree({ ...many, filter }, quietJob), await handlers.freeLists({ ...many, filter, order: null, offset: 0, count: 10_000 }, quietJob), await handlers.freeSpace(many, quietJob)]
  for (const answer of answers) expect(messageBytes(answer)).toBeLessThan(MOST_MESSAGE_BYTES / 2)
  expect(chartChecks.pageStrip.safeParse(wish).success).toBe(true)
  expect(chartChecks.pageStrip.safeParse({ ...wish, cells: 60_001 }).success).toBe(false)
  expect(chartChecks.sizeHistograms.safeParse({ ...many, filter: {}, more: 1 }).success).toBe(false)
})
