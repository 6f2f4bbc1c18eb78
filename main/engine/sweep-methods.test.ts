import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HeapscapeError } from '../../shared/base/errors'
import { quietJob, type JobContext } from '../../shared/base/job-context'
import type { SweepSetup } from '../../shared/ipc/sweep-api'
import { runCommandLine } from '../cli/command-line'
import { loadParquet } from '../files/parquet-wasm'
import { Documents } from './documents'
import type { EngineHandlers } from './handlers'
import { createHandlers } from './methods'
import { PathTable } from './path-table'
import { openSweepStore } from './sweep-store'
import { helpersHere } from './testing/helpers-here'
import { Workspaces } from './workspaces'

const TRACE = '20000\n3\n6\n1\na 0 100\na 1 50\nr 0 300\nf 1\na 2 8\nf 0\n'
const hasDuckDb = await import('@duckdb/node-api').then(() => true, () => false)

describe('sweeps of the window', () => {
  let folder: string
  let handlers: EngineHandlers
  let targets: PathTable
  let helpers: ReturnType<typeof helpersHere>
  let setup: SweepSetup
  const at = (...names: string[]): string => path.join(folder, ...names)

  beforeEach(async () => {
    await loadParquet()
    folder = mkdtempSync(path.join(tmpdir(), 'heapscape-sweep-window-'))
    writeFileSync(at('a.rep'), TRACE)
    start()
    setup = { inputs: [await openTrace(), { workload: 'G2' }], heaps: ['first-fit/csapp', 'buddy/standard'], values: { align: ['8', '16'] } }
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  let sources: PathTable
  function start(): void {
    sources = new PathTable()
    targets = new PathTable()
    helpers = helpersHere()
    handlers = createHandlers({ documents: new Documents(), workspaces: new Workspaces(), sources, targets, tell: () => {}, startHelper: helpers.start, sweepStore: openSweepStore(at('cache'), 'build') })
  }
  async function openTrace(): Promise<{ documentId: string }> {
    sources.register('s', { path: at('a.rep'), name: 'a.rep' })
    return { documentId: (await handlers.open({ sourceId: 's' }, quietJob)).id }
  }
  const run = (job: JobContext = quietJob): ReturnType<EngineHandlers['sweepRun']> => handlers.sweepRun({ ...setup, baseline: null }, job)
  const save = async (form: 'csv' | 'json' | 'html' | 'dataset', name: string): Promise<string> => {
    const { sweepId, ranking } = await run()
    targets.register(name, { path: at(name), name })
    await handlers.sweepSave({ sweepId, baseline: ranking.reference, form, targetId: name }, quietJob)
    return at(name)
  }
  const commandLine = async (...more: string[]): Promise<string> => {
    const results: string[] = []
    const code = await runCommandLine(['sweep', at('a.rep'), 'workload:G2', '--heaps', 'first-fit,buddy', '--set', 'align=8,16', '--jobs', '1', ...more], { result: (text) => results.push(text), failure: ({ text }) => results.push(text) })
    expect([code, code === 0 ? '' : results]).toEqual([0, ''])
    return `${results.join('\n')}\n`
  }

  it('gives the numbers of the command line for the same points, in every form', async () => {
    expect(readFileSync(await save('json', 'out.json'), 'utf8')).toBe(await commandLine('--json'))
    expect(readFileSync(await save('csv', 'out.csv'), 'utf8')).toBe(await commandLine('--csv'))
    await commandLine('--html', at('cli.html'), '--out', at('cli'))
    expect(readFileSync(await save('html', 'out.html'), 'utf8')).toBe(readFileSync(at('cli.html'), 'utf8'))
    await save('dataset', 'window')
    expect(readFileSync(at('window', 'sweep.json'), 'utf8')).toBe(readFileSync(at('cli', 'sweep.json'), 'utf8'))
    const parts = (name: string): [string, string][] => readdirSync(at(name, 'dataset')).sort().map((part) => [part, readFileSync(at(name, 'dataset', part, 'part-0.parquet')).toString('hex')])
    expect(parts('window')).toEqual(parts('cli'))
  })

  it('tells what a sweep will take, and what is finished already', async () => {
    expect(await handlers.sweepOutlook(setup, quietJob)).toMatchObject({ points: 6, finished: 0, basis: 'trial', seconds: expect.any(Number) as number })
    const report = await run()
    expect(report).toMatchObject({ inputs: ['a.rep', 'workload:G2'], points: 6, ranking: { reference: 'first-fit/csapp|align=8' } })
    expect(await handlers.sweepOutlook(setup, quietJob)).toMatchObject({ points: 6, finished: 6, events: 0, seconds: 0 })
    expect(await handlers.sweepOutlook({ ...setup, heaps: ['first-fit/csapp', 'tlsf/paper'] }, quietJob)).toMatchObject({ points: 8, finished: 4, basis: 'measured' })
    // Finished points are not carried out again.
    const before = helpers.started.length
    expect((await run()).ranking).toEqual(report.ranking)
    expect(helpers.started).toHaveLength(before)
  })

  it('stops when cancelled, keeps what is finished, and goes on also in another engine', async () => {
    const whole = await run()
    rmSync(at('cache'), { recursive: true })
    start()
    setup = { ...setup, inputs: [await openTrace(), { workload: 'G2' }] }
    // Progress also tells shares of points under way; only a kept one is finished.
    const kept = (): number => (existsSync(at('cache')) ? readdirSync(at('cache'), { recursive: true }).filter((name) => String(name).endsWith('.json')).length : 0)
    const cancelling: JobContext = {
      progress: () => {},
      checkpoint: () => (kept() >= 2 ? Promise.reject(new HeapscapeError('cancelled')) : Promise.resolve()),
    }
    await expect(run(cancelling)).rejects.toMatchObject({ code: 'cancelled' })
    expect(helpers.alive()).toBe(0)
    start()
    setup = { ...setup, inputs: [await openTrace(), { workload: 'G2' }] }
    const { finished, points } = await handlers.sweepOutlook(setup, quietJob)
    expect(finished).toBeGreaterThanOrEqual(2)
    expect(finished).toBeLessThan(points)
    expect((await run()).ranking).toEqual(whole.ranking)
  })

  it('leaves no files behind: traces go with the last point, datasets with the sweep', async () => {
    const before = process.env['TMPDIR']
    process.env['TMPDIR'] = at('cache')
    const left = (): string[] => readdirSync(at('cache')).filter((name) => name.startsWith('heapscape-'))
    try {
      const { sweepId } = await run()
      expect(left()).toEqual([])
      await handlers.sweepDataset({ sweepId }, quietJob)
      expect(left()).toHaveLength(1)
      await handlers.sweepClose({ sweepId }, quietJob)
      expect(left()).toEqual([])
    } finally {
      if (before === undefined) delete process.env['TMPDIR']
      else process.env['TMPDIR'] = before
    }
  })

  it('draws lines whose peaks are the figures, and bars that sum to them', async () => {
    const { sweepId, ranking, splits } = await run()
    const peaks = new Map(ranking.points.map(({ key, peakFootprintBytes }) => [key, peakFootprintBytes!]))
    for (const { key, split } of splits) {
      const { live, header, rounding, internal, pinnedFree, releasableFree, cachedFree } = split
      expect([key, live + header + rounding + internal + pinnedFree + releasableFree + cachedFree]).toEqual([key, peaks.get(key)])
    }
    const variants = ranking.points.map(({ key }) => key)
    const tops = new Map<string, number>()
    for (const input of ['a.rep', 'workload:G2']) {
      const { lines } = await handlers.sweepLines({ sweepId, input, variants }, quietJob)
      for (const { key, footprint } of lines) tops.set(key, (tops.get(key) ?? 0) + Math.max(...footprint))
    }
    expect(tops).toEqual(peaks)
  })

  it('measures against another baseline without replaying, and refuses one that is not there', async () => {
    const { sweepId } = await run()
    const { ranking } = await handlers.sweepRank({ sweepId, baseline: 'buddy/standard' }, quietJob)
    expect(ranking.reference).toBe('buddy/standard')
    expect(ranking.points.find(({ key }) => key === 'buddy/standard')!.change).toBe(0)
    expect(() => handlers.sweepRank({ sweepId, baseline: 'tlsf' }, quietJob)).toThrow(/no heap manager "tlsf"/)
  })

  it('tells two traces of one name apart, and refuses more points than a window draws', async () => {
    const again = await openTrace()
    const report = await handlers.sweepRun({ ...setup, inputs: [setup.inputs[0]!, again], baseline: null }, quietJob)
    expect(report.inputs).toEqual(['a.rep', 'a.rep (2)'])
    const values = { align: ['1', '2', '4', '8', '16', '32'], minBlock: Array.from({ length: 200 }, (_, i) => String(1024 + 8 * i)), chunk: ['4096', '8192'] }
    await expect(handlers.sweepOutlook({ ...setup, values }, quietJob)).rejects.toMatchObject({ code: 'input-too-large' })
  })

  it.skipIf(!hasDuckDb)('gives its dataset to a query at once', async () => {
    const { sweepId, ranking } = await run()
    const { sourceId } = await handlers.sweepDataset({ sweepId }, quietJob)
    expect(await handlers.queryOpen({ queryId: 'q', sourceId }, quietJob)).toMatchObject({ files: 6 })
    const sql = "SELECT sum(value) AS total FROM figures WHERE figure = 'run.peakFootprintBytes'"
    expect(await handlers.queryRun({ queryId: 'q', sql, mostRows: 10 }, quietJob)).toMatchObject({ rows: 1, cut: false })
    const { rows } = await handlers.queryRows({ queryId: 'q', order: null, offset: 0, count: 10 }, quietJob)
    expect(rows).toEqual([[ranking.points.reduce((sum, { peakFootprintBytes }) => sum + peakFootprintBytes!, 0)]])
    rmSync(sources.get(sourceId).path, { recursive: true })
  })
})
