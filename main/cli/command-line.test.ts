import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import type { Failure } from '../../shared/base/errors'
import { quietJob } from '../../shared/base/job-context'
import { saveDocument } from '../../shared/jobs/save-document'
import { LACKING_TEXTS, LACKING_WORDS } from '../../shared/model/lacking'
import { drawHeap } from '../../shared/model/testing/drawn-heap'
import { writeFileAtomically } from '../files/atomic-write'
import { runCommandLine } from './command-line'
import { failureLine } from './output'

/** Runs one command line; `json` parses stdout. */
async function run(...args: string[]): Promise<{ code: number; text: string; errors: string[]; json: () => unknown }> {
  const results: string[] = []
  const errors: string[] = []
  const code = await runCommandLine(args, {
    result: (text) => results.push(text),
    failure: (failure: Failure) => errors.push(failureLine(failure)),
  })
  const text = results.join('\n')
  return { code, text, errors, json: () => JSON.parse(text) as unknown }
}

const count = z.int().check(z.minimum(0))
const figure = z.nullable(z.number())
const note = z.strictObject({ code: z.string(), count, text: z.string() })
const metrics = z.record(z.string().check(z.regex(/^(M\d+_\w+|reasons)$/)), z.union([figure, z.string(), z.record(z.string(), z.union([z.number(), z.string()]))]))
const descriptionKeys = {
  file: z.string(),
  format: z.string(),
  producer: z.nullable(z.string()),
  version: z.nullable(z.string()),
  units: z.strictObject({ sizes: z.string(), times: z.nullable(z.string()) }),
  partial: z.boolean(),
  lacking: z.array(z.enum(LACKING_WORDS)),
  notes: z.array(note),
}
const traceSchema = z.strictObject({
  ...descriptionKeys,
  kind: z.literal('trace'),
  events: z.strictObject({ alloc: count, free: count, realloc: count, orphanFree: count }),
  requestedBytesTotal: count,
  peakLiveBytes: count,
  peakLiveBlocks: count,
  maxLiveBlocks: count,
  peakAtEvent: count,
  endLiveBytes: count,
  endLiveBlocks: count,
  temporaryAllocs: count,
  addresses: z.boolean(),
})
const simulationKeys = {
  heap: z.string(),
  profile: z.string(),
  parameters: z.record(z.string(), z.union([z.number(), z.boolean(), z.string()])),
  events: count,
  failedRequests: count,
  contention: z.nullable(z.strictObject({ window: count, threads: count, calls: count, contendedCalls: count })),
  peakLiveBytes: count,
  peakFootprintBytes: count,
  endFootprintBytes: count,
  utilisation: figure,
  metrics: z.strictObject({ peak: metrics, end: metrics, run: metrics }),
}
const heap = z.strictObject({ id: count, name: z.string(), flavour: z.string(), base: count, headerBytes: count, granularity: count, confidence: z.string() })
const runSchema = z.strictObject({
  ...descriptionKeys,
  ...simulationKeys,
  kind: z.literal('run'),
  source: z.strictObject({ name: z.string(), format: z.string(), traceHash: z.string() }),
  heaps: z.array(heap),
})
const address = z.int().check(z.minimum(0))
const confidence = z.enum(['verified', 'inferred', 'uncertain', 'opaque'])
const finding = z.strictObject({
  code: z.string(),
  severity: z.enum(['note', 'warning', 'damage']),
  text: z.string(),
  count,
  address: z.optional(address),
  lastGood: z.optional(address),
  raw: z.optional(z.string()),
  decoded: z.optional(z.string()),
})
const walkedHeap = z.strictObject({
  address,
  flavour: z.enum(['nt-heap', 'segment-heap', 'wine-heap']),
  bits: z.union([z.literal(32), z.literal(64)]),
  layout: z.string(),
  confidence,
  discovery: z.enum(['peb', 'scan', 'peb+scan', 'list', 'list+scan']),
  flags: z.strictObject({ value: count, names: z.array(z.string()) }),
  frontEnd: z.string(),
  segments: count,
  reservedBytes: count,
  committedBytes: count,
  backEnd: z.strictObject({ busyBlocks: count, busyBytes: count, freeBlocks: count, freeBytes: count }),
  userBlocks: count,
  userBytes: count,
  uncommittedRanges: count,
  virtualAllocBlocks: count,
  lfh: z.strictObject({ subSegments: count, busyBlocks: count, freeBlocks: count }),
  findings: z.array(finding),
  counters: z.record(z.string(), z.strictObject({ stored: z.number(), walked: z.number(), equal: z.boolean() })),
})
const regionSum = z.strictObject({
  kind: z.string(), regions: count, reservedBytes: count, committedBytes: count,
  resident: z.nullable(count), proportional: z.nullable(count), private: z.nullable(count), swapped: z.nullable(count),
})
const statement = z.strictObject({
  heap: z.string(), stated: z.record(z.string(), count), flags: z.optional(count), frontEnd: z.optional(z.string()),
  sizes: z.array(z.strictObject({ sizeBytes: count, blocks: count, totalBytes: count })), findings: z.array(z.unknown()), counters: z.array(z.unknown()),
})
const regionsSchema = z.strictObject({ count, complete: z.boolean(), byKind: z.array(regionSum), stated: z.array(z.strictObject({ group: z.string(), name: z.string(), regions: z.nullable(count), bytes: count })) })
const snapshotKeys = {
  ...descriptionKeys, kind: z.literal('snapshot'), segments: count, coverage: z.enum(['all', 'busy', 'some', 'none']), blocks: z.nullable(z.record(z.string(), count)),
  statements: z.array(statement), regions: regionsSchema, metrics,
}
const dumpSchema = z.strictObject({ ...snapshotKeys, heaps: z.array(walkedHeap) })
const blockRow = z.strictObject({ heap: address, address, size: count, requested: z.nullable(count), state: z.string(), kind: z.nullable(z.string()), confidence })
const pair = z.strictObject({ a: z.number(), b: z.number() })
const side = z.strictObject({
  title: z.string(),
  request: z.strictObject({ heap: z.string(), profile: z.string(), parameters: z.record(z.string(), z.unknown()) }),
  source: z.string(),
  events: count,
  peakFootprintBytes: count,
  peakFootprintEvent: count,
  peakLiveBytes: z.nullable(count),
})
const splitRow = z.strictObject({ term: z.string(), a: count, b: count, difference: z.int() })
const comparisonSchema = z.strictObject({
  comparisons: z.array(
    z.strictObject({
      a: side,
      b: side,
      pairing: z.enum(['operations', 'progress']),
      headline: z.string(),
      notes: z.array(z.strictObject({ code: z.string(), text: z.string() })),
      metrics: z.array(
        z.strictObject({ moment: z.enum(['run', 'peak', 'end']), key: z.string(), a: figure, b: figure, difference: figure, ratio: figure, reading: z.enum(['better', 'worse', 'equal', 'neutral', 'unknown']) }),
      ),
      peakSplit: z.array(splitRow),
      endSplit: z.array(splitRow),
      sizeClasses: z.array(z.strictObject({ upperBytes: count, blocks: pair, requestedBytes: pair, consumedBytes: pair, pinnedBytes: pair })),
    }),
  ),
})

const dumpSample = (name: string): string => path.join(import.meta.dirname, '../../shared/importers/minidump/samples', name)
const SMALL_TRACE = '20000\n3\n6\n1\na 0 100\na 1 50\nr 0 300\nf 1\na 2 8\nf 0\n'

describe('command line', () => {
  let folder: string
  const file = (name: string): string => path.join(folder, name)

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'heapscape-cli-'))
    writeFileSync(file('small.rep'), SMALL_TRACE)
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('describes a trace with exactly the documented keys', async () => {
    const { code, json } = await run('info', file('small.rep'), '--json')
    expect(code).toBe(0)
    expect(traceSchema.parse(json())).toMatchObject({
      file: 'small.rep',
      format: 'malloclab',
      producer: null,
      version: null,
      units: { sizes: 'bytes', times: null },
      partial: false,
      lacking: ['addresses', 'sites', 'times', 'threads'],
      events: { alloc: 3, free: 2, realloc: 1, orphanFree: 0 },
      requestedBytesTotal: 458,
      peakLiveBytes: 350,
      peakLiveBlocks: 2,
      peakAtEvent: 3,
      endLiveBytes: 8,
      endLiveBlocks: 1,
      addresses: false,
    })
  })

  it('describes the heaps of a dump with exactly the documented keys, and lists their blocks', async () => {
    const { code, json } = await run('info', dumpSample('one-heap-x86.dmp'), '--json')
    expect(code).toBe(0)
    const [walked] = dumpSchema.parse(json()).heaps
    expect(walked).toMatchObject({ address: 0x530000, flavour: 'nt-heap', bits: 32, layout: 'win7', confidence: 'verified', discovery: 'peb+scan', userBlocks: 3, findings: [] })
    expect(Object.values(walked!.counters).every(({ equal }) => equal)).toBe(true)
    const listed = z.array(blockRow).parse((await run('blocks', dumpSample('one-heap-x86.dmp'), '--heap', '0x530000', '--json')).json())
    expect(listed.filter(({ state }) => state === 'busy')).toHaveLength(3)
    expect(listed.reduce((sum, { size }) => sum + size, 0)).toBe(walked!.reservedBytes)
    const csv = (await run('blocks', dumpSample('one-heap-x86.dmp'), '--csv')).text.split('\n')
    expect(csv[0]).toBe('heap,address,size,requested,state,kind,confidence')
    expect(csv).toHaveLength(listed.length + 1)
    const chosen = z.array(blockRow).parse((await run('blocks', dumpSample('one-heap-x86.dmp'), '--filter', 'state = busy and size >= 16', '--sort', 'size', '--descending', '--json')).json())
    const expected = listed.filter(({ state, size }) => state === 'busy' && size >= 16).map(({ size }) => size)
    expect(chosen.map(({ size }) => size)).toEqual([...expected].sort((a, b) => b - a))
    const groups = (await run('blocks', dumpSample('one-heap-x86.dmp'), '--group-by', 'state', '--csv')).text.split('\n')
    expect(groups[0]).toBe('state,blocks,bytes,busy,requested,free,pins')
    expect(groups.find((line) => line.startsWith('busy,'))).toMatch(/^busy,3,/)
    expect((await run('blocks', dumpSample('one-heap-x86.dmp'), '--columns', 'address,age', '--filter', 'site ~ "x"', '--csv')).text).toBe('address,age')
    expect(await run('blocks', dumpSample('one-heap-x86.dmp'), '--filter', 'size >')).toMatchObject({ code: 2, errors: [expect.stringContaining('expected a size such as 4096')] })
    expect(await run('blocks', dumpSample('one-heap-x86.dmp'), '--sort', 'colour')).toMatchObject({ code: 2, errors: [expect.stringContaining('--sort expects one of address')] })
    expect(await run('blocks', dumpSample('one-heap-x86.dmp'), '--heap', '0x1000')).toMatchObject({ code: 2, errors: [expect.stringContaining('0x530000')] })
    expect(await run('blocks', file('small.rep'))).toMatchObject({ code: 2, errors: [expect.stringContaining('document-wrong-kind')] })
  })

  it('tells where a heap is damaged', async () => {
    const { json } = await run('info', dumpSample('damaged-entry.dmp'), '--json')
    const [walked] = dumpSchema.parse(json()).heaps
    expect(walked!.confidence).toBe('uncertain')
    expect(walked!.findings.find(({ code }) => code === 'checksum')).toMatchObject({ severity: 'damage', address: 0x530190, lastGood: 0x530168 })
    expect((await run('info', dumpSample('damaged-entry.dmp'))).text).toContain('fails its checksum')
  })

  it('keeps reports, kinds and confidence of a dump in its own file', async () => {
    await run('convert', dumpSample('damaged-entry.dmp'), file('dump.heapscape'))
    const [before, after] = [await run('info', dumpSample('damaged-entry.dmp'), '--json'), await run('info', file('dump.heapscape'), '--json')]
    expect(after.json()).toEqual({ ...(before.json() as object), file: 'dump.heapscape' })
    const [rowsBefore, rowsAfter] = [await run('blocks', dumpSample('damaged-entry.dmp'), '--csv'), await run('blocks', file('dump.heapscape'), '--csv')]
    expect(rowsAfter.text).toBe(rowsBefore.text)
  })

  it('simulates a workload with the published heap size and the documented keys', async () => {
    const { code, json } = await run('simulate', 'workload:G1', '--heap', 'first-fit', '--profile', 'csapp', '--json')
    expect(code).toBe(0)
    expect(z.strictObject(simulationKeys).parse(json())).toMatchObject({ heap: 'first-fit', profile: 'csapp', peakFootprintBytes: 323600, peakLiveBytes: 272853, failedRequests: 0 })
  })

  it('sets parameters by name and refuses unknown names and values outside the range', async () => {
    const changed = await run('simulate', 'workload:G1', '--heap', 'first-fit', '--set', 'header=16', '--json')
    expect(changed.json()).toMatchObject({ parameters: { header: 16 } })
    expect(await run('simulate', 'workload:G1', '--heap', 'first-fit', '--set', 'haeder=16')).toMatchObject({ code: 2, text: '', errors: [expect.stringContaining('parameter-unknown')] })
    expect(await run('simulate', 'workload:G1', '--heap', 'first-fit', '--set', 'header=-1')).toMatchObject({ code: 2, errors: [expect.stringContaining('parameter-invalid')] })
  })

  it('saves a run whose description equals the simulation that made it', async () => {
    const simulated = await run('simulate', file('small.rep'), '--heap', 'best-fit', '--save', file('run.heapscape'), '--json')
    const { json } = await run('info', file('run.heapscape'), '--json')
    const described = runSchema.parse(json())
    expect(described).toMatchObject(simulated.json() as object)
    expect(described).toMatchObject({ file: 'run.heapscape', source: { name: 'small.rep' } })
  })

  it('compares traces in every heap named, and saved runs as they are', async () => {
    const traces = await run('compare', file('small.rep'), 'workload:G1', '--heap', 'first-fit', '--heap', 'buddy', '--json')
    expect(traces.code).toBe(0)
    expect(comparisonSchema.parse(traces.json()).comparisons.map((c) => c.a.request.heap)).toEqual(['first-fit', 'buddy'])
    await run('simulate', 'workload:G1', '--heap', 'first-fit', '--save', file('a.heapscape'))
    await run('simulate', 'workload:G1', '--heap', 'best-fit', '--save', file('b.heapscape'))
    const runs = await run('compare', file('a.heapscape'), file('b.heapscape'), '--json')
    expect(comparisonSchema.parse(runs.json()).comparisons[0]).toMatchObject({ pairing: 'operations', a: { peakFootprintBytes: 323600 }, b: { peakFootprintBytes: 303120 } })
    const markdown = await run('compare', file('a.heapscape'), file('b.heapscape'), '--markdown')
    expect(markdown.text).toContain('| committed | 323,600 | 303,120 | −20,480 |')
  })

  it('gives 3 for what cannot be compared and 2 for what cannot be used', async () => {
    const known = file('known.heapscape')
    await run('simulate', 'workload:G1', '--heap', 'kath-nt31', '--save', known)
    await writeFileAtomically(file('snapshot.heapscape'), (sink) => saveDocument(drawHeap('[AA][..]'), sink, {}, quietJob))
    expect(await run('compare', known, file('snapshot.heapscape'))).toMatchObject({ code: 3, errors: [expect.stringContaining('not-comparable')] })
    writeFileSync(file('noise.bin'), Buffer.from([9, 8, 7, 250]))
    expect((await run('compare', known, file('noise.bin'))).code).toBe(2)
    expect(await run('compare', known)).toMatchObject({ code: 2, errors: [expect.stringContaining('expected 2 arguments, got 1')] })
    expect((await run('frobnicate')).errors[0]).toContain('unknown command')
    expect((await run('info', '--jsno', known)).code).toBe(2)
    expect((await run()).code).toBe(2)
  })

  it('describes the readable files of a list and fails with the unreadable one', async () => {
    const { code, json, errors } = await run('info', file('small.rep'), file('absent.rep'), '--json')
    expect(code).toBe(2)
    expect(json()).toMatchObject([{ kind: 'trace' }, { file: 'absent.rep', error: { code: 'file-unreadable' } }])
    expect(errors).toHaveLength(1)
  })

  it('describes a profile with its measures, series and statistics, in saved form too', async () => {
    const sample = path.join(import.meta.dirname, '../../shared/importers/jemalloc-heap/samples/small.heap')
    expect((await run('convert', sample, file('profile.heapscape'))).code).toBe(0)
    const [before, after] = [await run('info', sample, '--json'), await run('info', file('profile.heapscape'), '--json')]
    expect(after.json()).toEqual({ ...(before.json() as object), file: 'profile.heapscape' })
    expect(before.json()).toMatchObject({ kind: 'profile', format: 'jemalloc-heap', sites: 2, sampling: { periodBytes: 16384 }, series: null, lacking: expect.arrayContaining(['addresses', 'exact-counts']) as string[] })
    const { measures, statistics } = before.json() as { measures: { id: string; basis: string; total: number; statedTotal: number | null }[]; statistics: object[] }
    expect(measures.find(({ id }) => id === 'live-bytes-sampled')).toMatchObject({ basis: 'sampled', total: 66000, statedTotal: 66000 })
    expect(statistics).toContainEqual({ kind: 'thread', subject: 'thread 1', name: 'live-bytes-sampled', value: 464, unit: 'bytes' })
    expect((await run('info', sample)).text).toContain('(scaled)')
  })

  it('converts to a file that reads as the same trace', async () => {
    expect((await run('convert', file('small.rep'), file('small.heapscape'))).code).toBe(0)
    const [before, after] = [await run('info', file('small.rep'), '--json'), await run('info', file('small.heapscape'), '--json')]
    expect(after.json()).toEqual({ ...(before.json() as object), file: 'small.heapscape' })
    expect((await run('convert', file('small.rep'), file('small.txt'))).code).toBe(2)
  })

  it('converts a trace carried out in a simulated Windows heap to a dump of it', async () => {
    expect((await run('convert', file('small.rep'), file('segment.dmp'), '--heap', 'segment-heap', '--profile', 'win10-2004')).code).toBe(0)
    const { heapReports } = (await run('info', file('segment.dmp'), '--json')).json() as { heapReports?: unknown }
    expect(JSON.stringify(heapReports ?? (await run('info', file('segment.dmp'))).text)).toContain('segment')
    expect((await run('convert', file('small.rep'), file('x.dmp'), '--heap', 'segment-heap', '--bits', '64')).code).toBe(2)
    expect((await run('convert', file('small.rep'), file('x.dmp'), '--heap', 'first-fit')).code).toBe(2)
    expect((await run('convert', file('small.rep'), file('x.heapscape'), '--heap', 'segment-heap')).code).toBe(2)
  })

  it('lists heaps and metrics, and every metric key of a run is defined', async () => {
    const heaps = (await run('heaps', '--json')).json() as { id: string }[]
    expect(heaps.map((listed) => listed.id)).toEqual(expect.arrayContaining(['first-fit', 'buddy', 'tlsf', 'kath-nt31']))
    const definitions = (await run('metrics', '--json')).json() as { values: { key: string }[] }[]
    const defined = new Set(definitions.flatMap((definition) => definition.values.map((value) => value.key)))
    const { metrics: got } = (await run('simulate', 'workload:G2', '--heap', 'buddy', '--json')).json() as { metrics: Record<string, object> }
    for (const key of Object.values(got).flatMap((moment) => Object.keys(moment))) if (key !== 'reasons') expect(defined).toContain(key)
  })

  it('documents every key that JSON holds', async () => {
    const page = readFileSync(path.join(import.meta.dirname, '../../docs/cli.md'), 'utf8')
    for (const word of LACKING_WORDS) expect(page).toContain(`| \`${word}\` | ${LACKING_TEXTS[word]} |`)
    for (const schema of [traceSchema, runSchema, dumpSchema, walkedHeap, blockRow]) for (const key of Object.keys(schema.shape)) expect(new RegExp(`\`[^\`]*\\b${key}\\b[^\`]*\``).test(page), key).toBe(true)
  })
})
