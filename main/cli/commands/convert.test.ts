import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import type { Failure } from '../../../shared/base/errors'
import { plain } from '../../../shared/file/testing/documents'
import type { AnyDocument } from '../../../shared/model/run'
import type { Trace } from '../../../shared/model/trace'
import { runCommandLine } from '../command-line'
import { openFile } from '../input'
import { failureLine } from '../output'

const IMPORTERS = path.join(import.meta.dirname, '../../../shared/importers')
/** Every sample of every importer. */
const SAMPLES = readdirSync(IMPORTERS)
  .flatMap((id) => {
    try {
      return readdirSync(path.join(IMPORTERS, id, 'samples')).map((file) => path.join(id, 'samples', file))
    } catch {
      return []
    }
  })
  .filter((file) => !file.endsWith('.golden.txt'))

const lossSchema = z.strictObject({ code: z.string(), count: z.int(), text: z.string() })
const outcomeSchema = z.strictObject({ file: z.string(), kind: z.enum(['trace', 'run', 'snapshot', 'profile']), format: z.string(), lost: z.array(lossSchema) })

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'heapscape-convert-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const sample = (file: string): string => path.join(IMPORTERS, file)
const open = (file: string): Promise<AnyDocument> => openFile(file, { mode: 'compatible' })

async function convert(input: string, out: string): Promise<{ code: number; lost: string[]; warnings: string[]; errors: string[] }> {
  const results: string[] = []
  const warnings: string[] = []
  const errors: string[] = []
  const output = { result: (text: string) => results.push(text), failure: (failure: Failure) => errors.push(failureLine(failure)), warning: (text: string) => warnings.push(text) }
  const code = await runCommandLine(['convert', input, path.join(folder, out), '--json'], output)
  const lost = results.length === 0 ? [] : outcomeSchema.parse(JSON.parse(results.join(''))).lost.map((loss) => loss.code)
  return { code, lost, warnings, errors }
}

/** Everything of a document that is saved; a dump's bytes and the name of the file are not. */
function saved(document: AnyDocument): unknown {
  const { memory: _bytes, ...rest } = document as AnyDocument & { memory?: unknown }
  return plain(rest)
}

describe('to .heapscape', () => {
  it.each(SAMPLES)('%s reads back as it was', async (file) => {
    expect(await convert(sample(file), 'out.heapscape')).toEqual({ code: 0, lost: [], warnings: [], errors: [] })
    expect(saved(await open(path.join(folder, 'out.heapscape')))).toEqual(saved(await open(sample(file))))
  })

  it('keeps frames, paths and resident memory of a trace', async () => {
    const trace = (await open(sample('heaptrack/samples/interpreted-v3.heaptrack'))) as Trace
    expect(trace.sites.calls!.tables.frames.length).toBeGreaterThan(0)
    expect(trace.resident!.length).toBeGreaterThan(0)
  })
})

describe('to the plain formats and .rep', () => {
  const TRACES = SAMPLES.filter((file) => /^(?:heaptrack|mtrace|malloclab|malloc-bench|valgrind-malloc|events-csv|events-jsonl)\b/.test(file))

  it.each(TRACES.flatMap((file) => ['csv', 'jsonl', 'rep'].map((extension) => ({ file, extension }))))('$file to $extension: same requests, and what is lost is told', async ({ file, extension }) => {
    const before = (await open(sample(file))) as Trace
    const { code, lost, warnings } = await convert(sample(file), `out.${extension}`)
    expect(code).toBe(0)
    expect(warnings).toHaveLength(lost.length)
    const after = (await open(path.join(folder, `out.${extension}`))) as Trace
    expect([after.hash, after.events, after.objects]).toEqual([before.hash, before.events, before.objects])
    // A column comes back as it was, or its loss was told.
    const columns = { address: 'addresses', thread: 'threads', time: 'times' } as const
    for (const [name, loss] of Object.entries(columns) as [keyof typeof columns, string][]) {
      if (lost.includes(loss)) expect(after[name]).toBeUndefined()
      else expect(plain(after[name])).toEqual(plain(before[name]))
    }
    if (!lost.includes('sites')) expect(siteTexts(after)).toEqual(siteTexts(before))
    if (before.sites.calls !== undefined && !lost.includes('sites')) expect(lost).toContain('call-paths')
  })

  it('refuses what is no trace, and names it does not know', async () => {
    expect(await convert(sample('minidump/samples/one-heap-x86.dmp'), 'dump.csv')).toMatchObject({ code: 2, errors: [expect.stringContaining('document-wrong-kind')] })
    expect(await convert(sample('malloclab/samples/weight-last.rep'), 'trace.xml')).toMatchObject({ code: 2, errors: [expect.stringContaining('.jsonl')] })
  })

  it('writes what the formats say', async () => {
    await convert(sample('events-csv/samples/small.csv'), 'small.csv')
    expect(readFileSync(path.join(folder, 'small.csv'), 'utf8').split('\n').slice(0, 4)).toEqual([
      'op,at,size,from,time,thread,site',
      'alloc,0x5600,64,,1200,3,reader.c:62',
      'alloc,0x5700,100,,1300,4,"reader.c:70, grow"',
      'realloc,0x5800,160,0x5600,1400,3,reader.c:71',
    ])
  })
})

/** Numbers of sites may differ: texts used by no event are not written. */
function siteTexts({ site, sites }: Trace): string[] {
  return site === undefined ? [] : Array.from(site.slice(), (row) => sites.names[row] ?? '')
}
