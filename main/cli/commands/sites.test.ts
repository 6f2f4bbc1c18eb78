import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import * as z from 'zod/mini'
import { failureLine } from '../output'
import { runCommandLine } from '../command-line'

const SAMPLES = path.resolve(__dirname, '../../../shared/importers/heaptrack/samples')
const RECORDED = path.join(SAMPLES, 'interpreted-v3.heaptrack')
const OTHER = path.join(SAMPLES, 'raw-v3.raw')

async function run(...args: string[]): Promise<{ code: number; text: string; errors: string[] }> {
  const results: string[] = []
  const errors: string[] = []
  const code = await runCommandLine(args, { result: (text) => results.push(text), failure: (failure) => errors.push(failureLine(failure)) })
  return { code, text: results.join('\n'), errors }
}

const count = z.int().check(z.minimum(0))
const figures = z.strictObject({ bytes: count, count, bytesBefore: z.optional(count), countBefore: z.optional(count) })
const schema = z.strictObject({
  file: z.string(),
  before: z.nullable(z.string()),
  measure: z.strictObject({ id: z.string(), title: z.string(), meaning: z.string(), unit: z.string(), counted: z.string() }),
  event: z.nullable(count),
  filter: z.string(),
  tree: z.enum(['top-down', 'bottom-up']),
  unit: z.enum(['bytes', 'count']),
  detail: z.enum(['function', 'line']),
  leastShare: z.number(),
  cut: z.boolean(),
  total: figures,
  nodes: z.array(z.strictObject({ depth: count, name: z.string(), module: z.string(), file: z.string(), line: z.nullable(count), inlined: z.boolean(), total: figures, self: figures })),
})
const sites = async (...args: string[]): Promise<z.infer<typeof schema>> => {
  const { code, text, errors } = await run('sites', ...args, '--json')
  expect([code, errors]).toEqual([0, []])
  return schema.parse(JSON.parse(text))
}

test('sites: totals are those of info, in both trees, and add up', async () => {
  const info = JSON.parse((await run('info', RECORDED, '--json')).text) as Record<string, number> & { events: { alloc: number; realloc: number } }
  const expected = {
    live: { bytes: info['endLiveBytes'], count: info['endLiveBlocks'] },
    peak: { bytes: info['peakLiveBytes'], count: info['peakLiveBlocks'] },
    allocated: { bytes: info['requestedBytesTotal'], count: info.events.alloc + info.events.realloc },
  }
  for (const [measure, total] of Object.entries(expected)) {
    for (const tree of ['top-down', 'bottom-up']) {
      const answer = await sites(RECORDED, '--measure', measure, '--tree', tree, '--least', '0')
      expect(answer).toMatchObject({ before: null, cut: false, total })
      const outermost = answer.nodes.filter(({ depth }) => depth === 0)
      expect(outermost.reduce((sum, node) => sum + node.total.bytes, 0)).toBe(total.bytes)
    }
  }
  expect((await sites(RECORDED, '--measure', 'temporary', '--least', '0')).total.count).toBe(info['temporaryAllocs'])
})

test('sites: a filter, an event, and the difference of two files', async () => {
  const filtered = await sites(RECORDED, '--measure', 'allocated', '--filter', 'function:readLine -"libc.so.6"', '--unit', 'count')
  expect(filtered.total).toEqual({ bytes: 4096, count: 1 })
  expect(filtered.nodes.map(({ name }) => name)).toEqual(['main', 'readLine', 'inlineGrow'])
  expect((await sites(RECORDED, '--event', '0')).total).toEqual({ bytes: 0, count: 0 })
  const difference = await sites(OTHER, RECORDED, '--measure', 'allocated', '--least', '0')
  expect(difference).toMatchObject({ before: 'raw-v3.raw', file: 'interpreted-v3.heaptrack', detail: 'line' })
  expect(difference.total.bytesBefore).toBe((await sites(OTHER, '--measure', 'allocated')).total.bytes)
  const same = await sites(RECORDED, RECORDED, '--measure', 'allocated', '--least', '0')
  for (const { total } of same.nodes) expect([total.bytes, total.count]).toEqual([total.bytesBefore, total.countBefore])
})

test('sites: text for people, and the flame graph as a picture', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'heapscape-sites-'))
  try {
    const { text } = await run('sites', RECORDED, '--measure', 'allocated', '--unit', 'count', '--svg', path.join(folder, 'flame.svg'))
    expect(text.split('\n').slice(3)).toEqual([
      '        bytes    share  requests  function, and what it calls',
      '8,589,938,735  100.0 %         6  all',
      '8,589,938,735   83.3 %         5  main  (maker, maker.c)',
      '        4,144   66.7 %         4    readLine  (maker, reader.c)',
      '        4,144   66.7 %         4      inlineGrow  (maker, reader.c)',
      '           48   50.0 %         3        Pufferüberlauf  (libc.so.6)',
      '8,589,934,591   16.7 %         1    0x7f0000002000',
      '            0   16.7 %         1  (call site not recorded)',
    ])
    const svg = readFileSync(path.join(folder, 'flame.svg'), 'utf8')
    expect(svg).toMatch(/^<svg [\s\S]*Pufferüberlauf[\s\S]*<\/svg>\n$/)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test.each([
  [['--measure', 'waste'], /measure-unknown.*live, peak, allocated, temporary/],
  [['--filter', '/(/'], /pattern-invalid.*never closed/],
  [['--tree', 'sideways'], /--tree expects top-down or bottom-up/],
  [['--least', '200'], /--least expects/],
  [['--measure', 'peak', '--event', '3'], /--event has no meaning for peak/],
  [['--event', '999'], /event-out-of-range/],
])('sites %j is refused', async (args, problem) => {
  const { code, errors } = await run('sites', RECORDED, ...args)
  expect(code).toBe(2)
  expect(errors.join()).toMatch(problem)
})

test('sites: a workload has none', async () => {
  const { code, errors } = await run('sites', 'workload:G1')
  expect([code, errors.join()]).toEqual([2, expect.stringMatching(/sites-unknown/)])
})
