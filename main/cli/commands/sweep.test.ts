import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Failure } from '../../../shared/base/errors'
import type { SweepResult } from '../../../shared/analysis/sweep/sweep-measure'
import type { SweepRanking } from '../../../shared/analysis/sweep/sweep-ranking'
import { runCommandLine } from '../command-line'

async function run(...args: string[]): Promise<{ code: number; text: string; failures: Failure[] }> {
  const results: string[] = []
  const failures: Failure[] = []
  const code = await runCommandLine(args, { result: (text) => results.push(text), failure: (failure) => failures.push(failure) })
  return { code, text: results.join('\n'), failures }
}

type SweepJson = SweepRanking & { readonly runs: readonly SweepResult[] }

const TRACE = '20000\n3\n6\n1\na 0 100\na 1 50\nr 0 300\nf 1\na 2 8\nf 0\n'
const hasDuckDb = await import('@duckdb/node-api').then(() => true, () => false)

describe('heapscape sweep', () => {
  let folder: string
  const at = (...names: string[]): string => path.join(folder, ...names)

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'heapscape-sweep-'))
    writeFileSync(at('a.rep'), TRACE)
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const sweep = (...more: string[]): Promise<{ code: number; text: string; failures: Failure[] }> =>
    run('sweep', at('a.rep'), 'workload:G2', '--heaps', 'first-fit,buddy', '--set', 'align=8,16', '--jobs', '1', ...more)

  it('replays every combination and ranks the heaps', async () => {
    const { code, text } = await sweep('--json')
    const json = JSON.parse(text) as SweepJson
    expect(code).toBe(0)
    expect(json.runs).toHaveLength(6)
    expect(json.reference).toBe('first-fit/csapp|align=8')
    expect(json.points.map(({ key }) => key).sort()).toEqual(['buddy/standard', 'first-fit/csapp|align=16', 'first-fit/csapp|align=8'])
    expect((await sweep()).text).toMatch(/^heap and settings[^]*Stay with|saves/)
  })

  it('goes on where it was stopped: finished points are not replayed, points of a changed file are', async () => {
    const out = ['--out', at('out')]
    await sweep(...out)
    const points = readdirSync(at('out', 'points'))
    expect(points).toHaveLength(6)
    const first = at('out', 'points', points[0]!)
    // A figure that no replay would give shows that the file is taken as it is.
    const marked = JSON.parse(readFileSync(first, 'utf8')) as { key: string; figures: { values: Record<string, number> } }
    marked.figures.values['run.peakFootprintBytes'] = 12_345_678
    writeFileSync(first, JSON.stringify(marked))
    rmSync(at('out', 'points', points[1]!))
    const again = JSON.parse((await sweep(...out, '--json')).text) as SweepJson
    expect(again.runs.filter(({ figures }) => figures.values['run.peakFootprintBytes'] === 12_345_678)).toHaveLength(1)
    expect(readdirSync(at('out', 'points'))).toHaveLength(6)
    writeFileSync(at('a.rep'), TRACE.replace('a 0 100', 'a 0 9000'))
    await sweep(...out)
    expect(readdirSync(at('out', 'points'))).toHaveLength(9)
  })

  it('does in shards what it does at once', async () => {
    const keysOf = (text: string): string[] => (JSON.parse(text) as SweepJson).runs.map(({ key }) => key)
    const whole = keysOf((await sweep('--json')).text)
    const shards = [...keysOf((await sweep('--json', '--shard', '1/2')).text), ...keysOf((await sweep('--json', '--shard', '2/2')).text)]
    expect(shards.sort()).toEqual(whole.sort())
    expect((await sweep('--shard', '3/2')).failures[0]!.text).toMatch(/expected --shard i\/n/)
  })

  it.skipIf(!hasDuckDb)('writes a dataset whose sums DuckDB finds equal to the JSON', async () => {
    await sweep('--out', at('out'))
    const { runs } = JSON.parse(readFileSync(at('out', 'sweep.json'), 'utf8')) as SweepJson
    const query = 'SELECT figure, sum(value)::DOUBLE AS total, count(DISTINCT run) AS runs FROM figures GROUP BY figure'
    const { columns, rows } = JSON.parse((await run('query', query, at('out'), '--json')).text) as { columns: string[]; rows: [string, number, number][] }
    expect(columns).toEqual(['figure', 'total', 'runs'])
    const figures = Object.keys(runs[0]!.figures.values).filter((id) => runs.some(({ figures: { values } }) => values[id] !== null))
    expect(rows.map(([figure]) => figure).sort()).toEqual(figures.sort())
    for (const [figure, total, count] of rows) {
      const known = runs.map(({ figures: { values } }) => values[figure]!).filter((value) => value !== null)
      expect([figure, count]).toEqual([figure, known.length])
      expect(total).toBeCloseTo(known.reduce((sum, value) => sum + value, 0), 6)
    }
    // The question of docs/scale.md: which heap needs least for each input?
    const least = "SELECT input, heap, settings, value FROM figures WHERE figure = 'run.peakFootprintBytes' QUALIFY row_number() OVER (PARTITION BY input ORDER BY value) = 1 ORDER BY input"
    const peaks = (name: string): number[] => runs.filter(({ input }) => input === name).map(({ figures: { values } }) => values['run.peakFootprintBytes']!)
    const found = JSON.parse((await run('query', least, at('out'), '--json')).text) as { rows: [string, string, string, number][] }
    expect(found.rows.map(([input, , , value]) => [input, value])).toEqual(['a.rep', 'workload:G2'].map((name) => [name, Math.min(...peaks(name))]))
    expect((await run('query', 'SELECT nothing', at('out'))).failures[0]).toMatchObject({ code: 'query-failed' })
    expect((await run('query', "COPY figures TO '/tmp/out.csv'", at('out'))).failures[0]!.text).toMatch(/disabled/)
  })

  it('says what is missing', async () => {
    expect((await run('sweep', at('a.rep'))).failures[0]!.text).toMatch(/expected --heaps/)
    expect((await run('sweep', at('none.rep'), '--heaps', 'first-fit', '--out', at('out'))).failures[0]).toMatchObject({ code: 'file-unreadable', where: { file: 'none.rep' } })
    expect((await run('query', 'SELECT 1', at('none'))).failures[0]!.text).toMatch(/folder with .parquet files/)
  })
})
