import { beforeAll, describe, expect, it } from 'vitest'
import { manyBlocks } from '../../shared/analysis/testing/many-blocks'
import { cancelledAfter, quietJob } from '../../shared/base/job-context'
import type { RunDocument } from '../../shared/ipc/engine-api'
import { describeDocument } from './describe-document'
import { Documents } from './documents'
import type { EngineHandlers } from './handlers'
import { createHandlers } from './methods'
import { PathTable } from './path-table'
import { Workspaces } from './workspaces'

/* Coloured maps, their legends and sums of ranges, as a window asks for them. */
let handlers: EngineHandlers
let run: RunDocument
const documents = new Documents()

beforeAll(async () => {
  handlers = createHandlers({ documents, workspaces: new Workspaces(), sources: new PathTable(), targets: new PathTable(), tell: () => undefined })
  run = await handlers.simulate({ input: { workload: 'G6' }, heap: 'first-fit', overrides: {} }, quietJob)
})

describe('colourings of a run', () => {
  it('says which there are, and why not the others', async () => {
    const { reasons } = await handlers.mapColorings({ documentId: run.id, event: run.jumps.peakFootprint }, quietJob)
    expect(reasons).toMatchObject({ state: null, class: null, age: null, occupancy: null, changed: null, heap: 'There is one heap only.', confidence: expect.any(String) as unknown })
  })

  it('paints nothing where a colouring is not available, and its legend says why', async () => {
    const of = { documentId: run.id, event: run.jumps.peakFootprint, colors: { by: 'heap' } } as const
    const { segments } = await handlers.moment(of, quietJob)
    expect(await handlers.mapTile({ ...of, bytesPerCell: 64, ranges: [{ address: segments[0]!.base, cells: 4 }] }, quietJob)).not.toHaveProperty('color')
    expect(await handlers.mapLegend(of, quietJob)).toEqual({ available: false, reason: 'There is one heap only.' })
  })

  it('adds changes up to the live bytes of both events', async () => {
    const [since, event] = [Math.floor(run.events / 2), run.jumps.peakFootprint]
    const legend = await handlers.mapLegend({ documentId: run.id, event, colors: { by: 'changed', since } }, quietJob)
    if (!legend.available) throw new Error(legend.reason)
    const [kept, taken, replaced, freed] = legend.entries.map(({ bytes }) => bytes)
    const busyAt = async (at: number): Promise<number> => (await handlers.blockPage({ documentId: run.id, event: at, query: { sort: 'address', descending: false, filter: { states: [0] } }, offset: 0, count: 1 }, quietJob)).totalBytes
    expect(kept! + taken! + replaced!).toBe(await busyAt(event))
    expect(kept! + replaced! + freed!).toBe(await busyAt(since))
  })

  it('sums a whole segment to what the moment says', async () => {
    const of = { documentId: run.id, event: run.jumps.peakFootprint }
    const { segments, measures } = await handlers.moment(of, quietJob)
    const { split, metrics } = measures!
    expect(segments).toHaveLength(1)
    const { base, reservedBytes } = segments[0]!
    const sums = await handlers.mapRange({ ...of, from: base, to: base + reservedBytes }, quietJob)
    expect(sums.bytes.reduce((a, b) => a + b, 0)).toBe(split!.reserved)
    expect(sums.bytes[4]).toBe(split!.reserved - metrics.M2_footprintBytes!)
  })
})

it('answers many blocks from sums by page, the same as of the blocks themselves', async () => {
  const snapshot = manyBlocks(120_000)
  const { id } = await documents.add(snapshot, (documentId, views) => describeDocument(documentId, snapshot, views, { saved: false, view: null }, quietJob))
  const of = { documentId: id, event: null, colors: { by: 'class' } } as const
  const base = snapshot.segments[0]!.base
  const whole = await handlers.mapTile({ ...of, bytesPerCell: 4096, ranges: [{ address: base, cells: 64 }] }, quietJob)
  // Half pages come from the blocks: a whole page's value is that of one of its halves, or of a mixture of both.
  const halves = await handlers.mapTile({ ...of, bytesPerCell: 2048, ranges: [{ address: base, cells: 128 }] }, quietJob)
  whole.color!.forEach((code, page) => {
    const [first, second] = [halves.color![2 * page]!, halves.color![2 * page + 1]!]
    if (first === second) expect(code).toBe(first)
  })
  await expect(handlers.mapLegend({ documentId: id, event: null, colors: { by: 'site' } }, cancelledAfter(0))).rejects.toMatchObject({ code: 'cancelled' })
})
