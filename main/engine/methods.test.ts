import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { quietJob } from '../../shared/base/job-context'
import type { FromEngineProcess } from '../../shared/ipc/engine-host-messages'
import type { ViewState } from '../../shared/ipc/view-state'
import { loadParquet } from '../files/parquet-wasm'
import { Documents } from './documents'
import type { EngineHandlers } from './handlers'
import { createHandlers } from './methods'
import { PathTable } from './path-table'
import { Workspaces } from './workspaces'

const ALL_BLOCKS = { sort: 'address', descending: false, filter: {} } as const

describe('engine methods', () => {
  let folder: string
  let handlers: EngineHandlers
  let sources: PathTable
  let targets: PathTable
  let told: FromEngineProcess[]

  beforeEach(async () => {
    await loadParquet()
    folder = mkdtempSync(path.join(tmpdir(), 'heapscape-engine-'))
    sources = new PathTable()
    targets = new PathTable()
    told = []
    handlers = createHandlers({ documents: new Documents(), workspaces: new Workspaces(), sources, targets, tell: (message) => told.push(message) })
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const file = (name: string): { path: string; name: string } => ({ path: path.join(folder, name), name })
  const simulate = (heap: string, workload = 'G6'): ReturnType<EngineHandlers['simulate']> =>
    handlers.simulate({ input: { workload }, heap, overrides: {} }, quietJob)

  it('opens a file under its own name and tells main', async () => {
    writeFileSync(file('small.rep').path, '20000\n2\n4\n1\na 0 100\na 1 50\nf 0\nf 1\n')
    sources.register('s1', file('small.rep'))
    const summary = await handlers.open({ sourceId: 's1' }, quietJob)
    expect(summary).toMatchObject({ kind: 'trace', file: 'small.rep', title: 'small.rep', saved: false, events: 4 })
    expect(told).toEqual([{ type: 'opened', sourceId: 's1' }])
  })

  it('refuses what it cannot read with a code, and keeps what is open', async () => {
    const trace = await handlers.openWorkload({ workload: 'G1' }, quietJob)
    writeFileSync(file('noise.bin').path, Buffer.from([1, 2, 3, 4, 250, 251]))
    sources.register('s2', file('noise.bin'))
    await expect(handlers.open({ sourceId: 's2' }, quietJob)).rejects.toMatchObject({ code: 'format-unknown' })
    expect(told).toMatchObject([{ type: 'refused', sourceId: 's2', error: { code: 'format-unknown' } }])
    expect(await handlers.series({ documentId: trace.id, fromEvent: 0, toEvent: trace.events, points: 10 }, quietJob)).toHaveProperty('series.live')
  })

  it('shows one moment consistently as metrics, map and table', async () => {
    const run = await simulate('first-fit')
    const at = { documentId: run.id, event: run.jumps.peakFootprint }
    const moment = await handlers.moment(at, quietJob)
    const page = await handlers.blockPage({ ...at, query: ALL_BLOCKS, offset: 0, count: 10_000 }, quietJob)
    expect(page.total).toBe(moment.blocks)
    const { split, metrics } = moment.measures!
    expect(page.totalBytes).toBe(split!.reserved)
    expect(moment.committedBytes).toBe(split!.committed)
    expect([metrics.M2_footprintBytes, run.metrics!.peakFootprintBytes]).toEqual([run.peakFootprintBytes, run.peakFootprintBytes])
    expect(await handlers.momentMeasures(at, quietJob)).toEqual(moment.measures)
    const segment = moment.segments[0]!
    const tile = await handlers.mapTile({ ...at, bytesPerCell: segment.reservedBytes, ranges: [{ address: segment.base, cells: 1 }] }, quietJob)
    expect(tile.starts[0]).toBe(1)
    const last = page.address[page.address.length - 1]!
    expect(await handlers.blockAt({ ...at, address: last }, quietJob)).toMatchObject({ address: last })
    expect(await handlers.blockRow({ ...at, query: ALL_BLOCKS, address: last }, quietJob)).toEqual({ row: page.total - 1 })
  })

  it('tells when a block is born and dies', async () => {
    const run = await simulate('best-fit')
    const event = Math.floor(run.events / 4)
    const page = await handlers.blockPage({ documentId: run.id, event, query: { ...ALL_BLOCKS, filter: { states: [0] } }, offset: 0, count: 1 }, quietJob)
    const detail = await handlers.blockAt({ documentId: run.id, event, address: page.address[0]! }, quietJob)
    expect(detail!.birth).toBeLessThanOrEqual(event)
    expect(detail!.death).toBeGreaterThan(event)
  })

  it('saves, reopens with the same numbers and the same view', async () => {
    const run = await simulate('first-fit')
    targets.register('t1', file('run.heapscape'))
    const view: ViewState = { event: 17, selectedAddress: null, filter: { where: 'size > 64' }, sort: 'size', descending: true, map: { layout: 'rows' }, bookmarks: [{ event: 9, note: 'here' }] }
    const saved = await handlers.save({ documentId: run.id, targetId: 't1', view }, quietJob)
    expect(saved).toMatchObject({ saved: true, title: 'run.heapscape' })
    sources.register('s3', file('run.heapscape'))
    const again = await handlers.open({ sourceId: 's3' }, quietJob)
    expect(again).toMatchObject({ kind: 'run', saved: true, view, metrics: run.metrics, jumps: run.jumps, request: run.request })
    const first = await handlers.moment({ documentId: run.id, event: 17 }, quietJob)
    expect(await handlers.moment({ documentId: again.id, event: 17 }, quietJob)).toEqual(first)
  })

  it('compares two runs of one trace so that the split sums to the byte', async () => {
    const [a, b] = [await simulate('first-fit', 'G1'), await simulate('worst-fit', 'G1')]
    const comparison = await handlers.compare({ a: a.id, b: b.id }, quietJob)
    expect(comparison.pairing).toBe('operations')
    const difference = Object.fromEntries(comparison.peakSplit.map((row) => [row.term, row.difference]))
    const { committed, uncommitted, reserved, ...terms } = difference
    expect(Object.values(terms).reduce((sum, value) => sum + value, 0)).toBe(committed)
    expect(committed! + uncommitted!).toBe(reserved)
    expect(committed).toBe(b.peakFootprintBytes - a.peakFootprintBytes)
  })

  it('says which document is of the wrong kind or closed', async () => {
    const trace = await handlers.openWorkload({ workload: 'G1' }, quietJob)
    await expect(async () => handlers.moment({ documentId: trace.id, event: 0 }, quietJob)).rejects.toThrow(/expected run or snapshot, got trace/)
    await handlers.close({ documentId: trace.id }, quietJob)
    await expect(async () => handlers.moment({ documentId: trace.id, event: 0 }, quietJob)).rejects.toThrow(/no open document/)
  })
})
