import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { HeapscapeError } from '../../shared/base/errors'
import { quietJob } from '../../shared/base/job-context'
import { runCommandLine } from '../cli/command-line'
import { loadParquet } from '../files/parquet-wasm'
import { PathTable } from './path-table'
import { queryHandlers } from './query-methods'
import { helpersHere } from './testing/helpers-here'

const hasDuckDb = await import('@duckdb/node-api').then(() => true, () => false)

async function commandLine(...args: string[]): Promise<string> {
  const results: string[] = []
  await runCommandLine(args, { result: (text) => results.push(text), failure: ({ text }) => results.push(text) })
  return results.join('\n')
}

describe('the Query document', () => {
  let folder: string
  let helpers: ReturnType<typeof helpersHere>
  let handlers: ReturnType<typeof queryHandlers>
  const sources = new PathTable()
  const targets = new PathTable()
  const at = (...names: string[]): string => path.join(folder, ...names)
  const target = (name: string): string => {
    targets.register(name, { path: at(name), name })
    return name
  }
  const open = (): ReturnType<typeof handlers.queryOpen> => handlers.queryOpen({ queryId: 'q', sourceId: 'dataset' }, quietJob)
  const run = (sql: string, mostRows = 1000): ReturnType<typeof handlers.queryRun> => handlers.queryRun({ queryId: 'q', sql, mostRows }, quietJob)

  beforeEach(async () => {
    await loadParquet()
    folder = mkdtempSync(path.join(tmpdir(), 'heapscape-query-'))
    await commandLine('sweep', 'workload:G2', '--heaps', 'first-fit,buddy', '--jobs', '1', '--out', at('out'))
    sources.register('dataset', { path: at('out'), name: 'out' })
    helpers = helpersHere()
    handlers = queryHandlers({ sources, targets, startHelper: helpers.start })
  })
  afterEach(() => {
    vi.doUnmock('@duckdb/node-api')
    rmSync(folder, { recursive: true, force: true })
  })

  it.skipIf(!hasDuckDb)('tells what the dataset holds, answers, sorts, and saves what is shown as the command line does', async () => {
    const facts = await open()
    expect(facts).toMatchObject({ name: 'out', files: 2 })
    expect(facts.columns).toContainEqual({ name: 'value', type: 'DOUBLE' })
    expect(facts.columns).toContainEqual({ name: 'run', type: 'VARCHAR' })
    const sql = "SELECT heap, value FROM figures WHERE figure = 'run.peakFootprintBytes' ORDER BY heap"
    const summary = await run(sql)
    expect(summary).toMatchObject({ columns: [{ name: 'heap', type: 'VARCHAR' }, { name: 'value', type: 'DOUBLE' }], rows: 2, cut: false })
    await handlers.querySave({ queryId: 'q', order: null, form: 'json', targetId: target('out.json') }, quietJob)
    expect(readFileSync(at('out.json'), 'utf8')).toBe(`${await commandLine('query', sql, at('out'), '--json')}\n`)
    await handlers.querySave({ queryId: 'q', order: null, form: 'csv', targetId: target('out.csv') }, quietJob)
    expect(readFileSync(at('out.csv'), 'utf8')).toBe(`${await commandLine('query', sql, at('out'), '--csv')}\n`)
    const rows = async (descending: boolean): Promise<unknown[]> => (await handlers.queryRows({ queryId: 'q', order: { column: 1, descending }, offset: 0, count: 10 }, quietJob)).rows.map(([, value]) => value)
    const values = await rows(false)
    expect(values).toEqual([...values].sort((a, b) => Number(a) - Number(b)))
    expect(await rows(true)).toEqual([...values].reverse())
  })

  it.skipIf(!hasDuckDb)('limits rows and says so; what is missing sorts last in both directions', async () => {
    await open()
    expect(await run('SELECT * FROM figures', 5)).toMatchObject({ rows: 5, cut: true })
    await run('SELECT unnest([2, NULL, 1]) AS x')
    for (const [descending, expected] of [[false, [[1], [2], [null]]], [true, [[2], [1], [null]]]] as const) {
      expect((await handlers.queryRows({ queryId: 'q', order: { column: 0, descending }, offset: 0, count: 9 }, quietJob)).rows).toEqual(expected)
    }
    expect((await handlers.queryRows({ queryId: 'q', order: null, offset: 2, count: 9 }, quietJob)).rows).toHaveLength(1)
  })

  it.skipIf(!hasDuckDb)('says where a query is wrong', async () => {
    await open()
    await expect(run('SELECT heap,\n  nope\nFROM figures')).rejects.toMatchObject({ code: 'query-failed', where: { line: 2 }, facts: { column: 3 } })
    await expect(run('SELECT 1 FORM figures WHERE')).rejects.toMatchObject({ code: 'query-failed', where: { line: 1 } })
    await expect(run("COPY figures TO '/tmp/out.csv'")).rejects.toThrow(/disabled/)
  })

  it.skipIf(!hasDuckDb)('ends the process of a cancelled query, and answers the next one', async () => {
    await open()
    const cancelled = { ...quietJob, checkpoint: () => Promise.reject(new HeapscapeError('cancelled')) }
    await expect(handlers.queryRun({ queryId: 'q', sql: 'SELECT 1', mostRows: 1 }, cancelled)).rejects.toMatchObject({ code: 'cancelled' })
    expect(helpers.alive()).toBe(0)
    expect(await run('SELECT 1 AS one')).toMatchObject({ rows: 1 })
    await handlers.queryClose({ queryId: 'q' }, quietJob)
    expect(helpers.alive()).toBe(0)
  })

  it('names the package that is missing', async () => {
    vi.doMock('@duckdb/node-api', () => {
      throw new Error("Cannot find package '@duckdb/node-api'")
    })
    await expect(open()).rejects.toMatchObject({ code: 'query-unavailable', message: expect.stringMatching(/optional package @duckdb\/node-api/) as string })
  })

  it('wants a dataset first, and a folder that holds one', async () => {
    await expect(run('SELECT 1')).rejects.toThrow(/open a dataset first/)
    writeFileSync(at('note.txt'), '')
    sources.register('empty', { path: at('points-only'), name: 'points-only' })
    await expect(handlers.queryOpen({ queryId: 'q', sourceId: 'empty' }, quietJob)).rejects.toThrow(/folder with .parquet files/)
  })
})
