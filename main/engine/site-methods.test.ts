import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cancelledAfter, quietJob } from '../../shared/base/job-context'
import { engineChecks } from '../../shared/ipc/engine-checks'
import type { SiteQuery } from '../../shared/ipc/sites-api'
import { Documents } from './documents'
import type { EngineHandlers } from './handlers'
import { createHandlers } from './methods'
import { PathTable } from './path-table'
import { Workspaces } from './workspaces'

const SAMPLE = path.resolve(__dirname, '../../shared/importers/heaptrack/samples/interpreted-v3.heaptrack')

describe('call sites of open documents', () => {
  let folder: string
  let handlers: EngineHandlers
  let targets: PathTable
  let traceId: string

  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'heapscape-sites-'))
    const sources = new PathTable()
    targets = new PathTable()
    handlers = createHandlers({ documents: new Documents(), workspaces: new Workspaces(), sources, targets, tell: () => {} })
    sources.register('s', { path: SAMPLE, name: 'sample.heaptrack' })
    traceId = (await handlers.open({ sourceId: 's' }, quietJob)).id
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const query = (more: Partial<SiteQuery> = {}): SiteQuery => ({ documentId: traceId, against: null, measure: 'allocated', unit: 'count', direction: 'top-down', detail: 'function', filter: '', event: null, againstEvent: null, ...more })
  const rowsOf = { root: [], open: [], search: '' }

  it('tells what can be asked, and answers flame graph and table with the same figures', async () => {
    const facts = await handlers.siteFacts({ documentId: traceId }, quietJob)
    expect(facts).toMatchObject({ hasPaths: true })
    expect(facts.measures.map(({ id }) => id)).toEqual(['live', 'peak', 'allocated', 'temporary'])
    const flame = await handlers.siteFlame({ query: query(), root: [], parts: 2000, mostDepth: 100, search: 'readLine' }, quietJob)
    const rows = await handlers.siteRows({ query: query(), ...rowsOf, offset: 0, count: 100 }, quietJob)
    expect(flame.rootTotals).toEqual(rows.rootTotals)
    expect(flame.frames.map(({ name }) => name)).toEqual(expect.arrayContaining(['all', 'main', 'readLine', 'inlineGrow']))
    expect(flame.foundShare).toBeGreaterThan(0)
    expect([...rows.totals[1]!].reduce((sum, value) => sum + value, 0)).toBe(rows.rootTotals[1])
    const main = await handlers.siteFlame({ query: query(), root: [rows.key[0]!, 4711], parts: 2000, mostDepth: 100, search: '' }, quietJob)
    expect(main.weight).toBe(rows.totals[1]![0])
    expect(main.ancestors.map(({ frame }) => frame.name)).toEqual(['all'])
  })

  it('limits blocks, map and timeline of a run to the sites of a filter', async () => {
    const run = await handlers.simulate({ input: { documentId: traceId }, heap: 'first-fit', overrides: {} }, quietJob)
    const peakLive = run.jumps.peakLive!
    const at = { documentId: run.id, event: peakLive }
    const sites = 'function:readLine'
    const { bytes } = await live(run.id, peakLive, sites)
    expect(bytes).toBeGreaterThan(0)
    const table = await handlers.blockPage({ ...at, query: { sort: 'address', descending: false, filter: { sites } }, columns: ['requested', 'site'], offset: 0, count: 100 }, quietJob)
    expect([...table.values.requested!].reduce((sum, value) => sum + value, 0)).toBe(bytes)
    expect(Array.from(table.values.site!, (site) => table.sites[site]).every((site) => site?.includes('readLine'))).toBe(true)
    const moment = await handlers.moment(at, quietJob)
    const ranges = moment.segments.map(({ base, reservedBytes }) => ({ address: base, cells: Math.ceil(reservedBytes / 4096) }))
    const tile = await handlers.mapTile({ ...at, bytesPerCell: 4096, ranges, filter: { sites } }, quietJob)
    expect(tile.chosen!.some((share) => share > 0)).toBe(true)
    expect((await handlers.mapTile({ ...at, bytesPerCell: 4096, ranges }, quietJob)).chosen).toBeUndefined()
    const series = await handlers.series({ documentId: run.id, fromEvent: 0, toEvent: run.events, points: 1000, sites }, quietJob)
    expect(series.series['chosen']!.last[peakLive]).toBe(bytes)
    await expect(handlers.blockPage({ ...at, query: { sort: 'address', descending: false, filter: { sites: '/(/' } }, offset: 0, count: 1 }, quietJob)).rejects.toMatchObject({ code: 'pattern-invalid' })
  })

  async function live(documentId: string, event: number, filter: string): Promise<{ bytes: number }> {
    const page = await handlers.siteRows({ query: query({ documentId, measure: 'live', event, filter }), ...rowsOf, offset: 0, count: 1 }, quietJob)
    return { bytes: page.rootTotals[0]! }
  }

  it('exports pictures and tables, compares documents, and is cancelled', async () => {
    const write = async (form: 'svg' | 'csv', isFlame: boolean): Promise<string> => {
      targets.register(form, { path: path.join(folder, `out.${form}`), name: `out.${form}` })
      await handlers.siteExport({ query: query({ against: traceId }), ...rowsOf, form, isFlame, isIcicle: true, title: 'a <b> & c', targetId: form }, quietJob)
      return readFileSync(path.join(folder, `out.${form}`), 'utf8')
    }
    expect(await write('svg', true)).toMatch(/<title>a &lt;b&gt; &amp; c<\/title>[\s\S]*readLine/)
    expect((await write('csv', true)).split('\r\n')[0]).toBe('depth,function,module,file,line,bytes,requests,bytes before,requests before,bytes itself,requests itself,bytes before itself,requests before itself')
    expect(await write('csv', false)).toContain('main')
    const fresh = query({ detail: 'line' })
    await expect(handlers.siteFlame({ query: fresh, root: [], parts: 10, mostDepth: 5, search: '' }, cancelledAfter(0))).rejects.toMatchObject({ code: 'cancelled' })
    expect((await handlers.siteFlame({ query: fresh, root: [], parts: 10, mostDepth: 5, search: '' }, quietJob)).weight).toBeGreaterThan(0)
  })

  it('refuses questions that are not sound', () => {
    const flame = { query: query(), root: [], parts: 100, mostDepth: 10, search: '' }
    expect(engineChecks.siteFlame.safeParse(flame).success).toBe(true)
    for (const bad of [{ ...flame, parts: 1e9 }, { ...flame, extra: 1 }, { ...flame, root: [-1] }, { ...flame, query: { ...flame.query, unit: 'cows' } }, { ...flame, search: 'x'.repeat(500) }]) {
      expect(engineChecks.siteFlame.safeParse(bad).success).toBe(false)
    }
  })
})
