import { writeFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cancelledAfter, quietJob } from '../../shared/base/job-context'
import { PLACED_REASONS } from '../../shared/model/placed-reasons'
import { BlockState } from '../../shared/model/snapshot'
import { loadParquet } from '../files/parquet-wasm'
import { Documents } from './documents'
import type { EngineHandlers } from './handlers'
import { createHandlers } from './methods'
import { PathTable } from './path-table'
import { Workspaces } from './workspaces'

describe('why a block lies where it does', () => {
  let folder: string
  let handlers: EngineHandlers
  const sources = new PathTable()

  beforeEach(async () => {
    await loadParquet()
    folder = mkdtempSync(path.join(tmpdir(), 'heapscape-explain-'))
    handlers = createHandlers({ documents: new Documents(), workspaces: new Workspaces(), sources, targets: new PathTable(), tell: () => undefined })
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const run = (heap: string): ReturnType<EngineHandlers['simulate']> => handlers.simulate({ input: { workload: 'G1' }, heap, overrides: {} }, quietJob)

  it('is told for every busy block of a moment, and for nothing else', async () => {
    const { id } = await run('ptmalloc-like')
    const at = { documentId: id, event: 3000 }
    const page = await handlers.blockPage({ ...at, query: { sort: 'address', descending: false, filter: {} }, offset: 0, count: 5000 }, quietJob)
    const told = new Set<string>()
    for (let i = 0; i < page.address.length; i++) {
      const { block } = await handlers.explain({ ...at, address: page.address[i]! }, quietJob)
      expect(block === null).toBe(page.state[i] !== BlockState.Busy)
      if (block !== null) told.add(block.reason)
    }
    expect([...told].sort()).toEqual(expect.arrayContaining(['last-remainder', 'thread-cache', 'top']))
  })

  it('becomes a column of the blocks: page, groups, filter and live bytes by it', async () => {
    const { id } = await run('nt-lfh')
    const at = { documentId: id, event: 3000 }
    const query = { sort: 'address', descending: false, filter: {} } as const
    const page = (filter = {}) => handlers.blockPage({ ...at, query: { ...query, filter }, columns: ['why', 'requested'], offset: 0, count: 5000 }, quietJob)
    const before = await page()
    expect(before.values.why!.every(Number.isNaN)).toBe(true)
    expect((await handlers.blockColumns(at, quietJob)).reasons.why).toMatch(/explained/)
    expect((await page({ where: 'why = lfh-slot' })).total).toBe(0)
    await handlers.explain({ ...at, address: null }, quietJob)
    const after = await page()
    const names = Array.from(after.values.why!, (number) => PLACED_REASONS[number])
    expect((await handlers.blockColumns(at, quietJob)).reasons.why).toBeNull()
    for (let i = 0; i < after.address.length; i++) {
      const { block } = await handlers.explain({ ...at, address: after.address[i]! }, quietJob)
      expect(names[i]).toBe(block?.reason)
    }
    const count = (name: string): number => names.filter((one) => one === name).length
    expect(count('lfh-slot')).toBeGreaterThan(10)
    expect((await page({ where: 'why = lfh-slot' })).total).toBe(count('lfh-slot'))
    const groups = await handlers.blockGroups({ ...at, filter: { states: [BlockState.Busy] }, by: 'why', order: null, offset: 0, count: 100 }, quietJob)
    expect(groups.texts['name']).toContain('lfh-slot')
    groups.texts['name']!.forEach((name, i) => expect([name, groups.numbers['blocks']![i]]).toEqual([name, count(name)]))
    // The timeline counts the same blocks over whole lives.
    const series = await handlers.series({ documentId: id, fromEvent: 3000, toEvent: 3000, points: 1, filter: { where: 'why = lfh-slot' } }, quietJob)
    let live = 0
    names.forEach((name, i) => (live += name === 'lfh-slot' ? after.values.requested![i]! : 0))
    expect(series.series['chosen']!.last[0]).toBe(live)
  })

  it('follows the growth of the heap from change to change', async () => {
    const { id, events } = await run('first-fit')
    const start = await handlers.explain({ documentId: id, event: 0, address: null }, quietJob)
    expect(start).toMatchObject({ block: null, growth: { event: 0, reason: 'initial', text: 'The heap started with 4,112 bytes.' }, previousGrowth: null })
    const visited: number[] = []
    for (let event = start.nextGrowth; event !== null; event = (await handlers.explain({ documentId: id, event, address: null }, quietJob)).nextGrowth) visited.push(event)
    expect(visited.length + 1).toBe(start.growths)
    const last = await handlers.explain({ documentId: id, event: events, address: null }, quietJob)
    expect(last).toMatchObject({ growth: { event: visited.at(-1), reason: 'extended' }, previousGrowth: visited.at(-2), nextGrowth: null })
  })

  it('is not available for a recorded layout, for a trace that is not open any more, and when cancelled', async () => {
    writeFileSync(path.join(folder, 'a.rep'), '20000\n2\n4\n1\na 0 100\na 1 50\nf 0\nf 1\n')
    sources.register('a', { path: path.join(folder, 'a.rep'), name: 'a.rep' })
    const trace = await handlers.open({ sourceId: 'a' }, quietJob)
    const { id } = await handlers.simulate({ input: { documentId: trace.id }, heap: 'slab', overrides: {} }, quietJob)
    const ask = (documentId: string, job = quietJob): unknown => handlers.explain({ documentId, event: 1, address: null }, job)
    await expect(ask(id, cancelledAfter(0))).rejects.toMatchObject({ code: 'cancelled' })
    await handlers.close({ documentId: trace.id }, quietJob)
    await expect(ask(id)).rejects.toMatchObject({ code: 'reasons-unavailable', facts: { why: expect.stringContaining('a.rep, which is not open') as unknown } })
    await expect(ask((await run('buddy')).id)).rejects.toMatchObject({ code: 'reasons-unavailable', facts: { why: expect.stringContaining('buddy') as unknown } })
  })
})
