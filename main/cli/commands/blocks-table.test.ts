import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { HEAP_TABLES } from '../../../shared/analysis/heap-charts/heap-tables'
import { runCommand } from '../testing/run-command'

const DUMP = path.resolve(__dirname, '../../../shared/importers/minidump/samples/one-heap-x86.dmp')
let folder: string
let run: string

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'heapscape-tables-'))
  run = path.join(folder, 'run.heapscape')
  expect((await runCommand('simulate', 'workload:G2', '--heap', 'nt-lfh', '--save', run, '--json')).code).toBe(0)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Table {
  readonly title: string
  readonly notes: readonly string[]
  readonly rows: readonly Readonly<Record<string, number | string | null>>[]
}
async function tableOf(file: string, ...args: string[]): Promise<Table> {
  const { code, errors, json } = await runCommand('blocks', file, '--json', ...args)
  expect([code, errors]).toEqual([0, []])
  return json() as Table
}
const sum = ({ rows }: Table, key: string): number => rows.reduce((total, row) => total + Number(row[key]), 0)

test('a run has every table; sizes and pages sum to what its blocks are', async () => {
  const at = ['--event', '700']
  for (const table of HEAP_TABLES) {
    const shown = await tableOf(run, '--table', table, ...at)
    expect(shown.rows.length, table).toBeGreaterThan(0)
    expect(shown.notes.length, table).toBeGreaterThan(0)
  }
  const states = (await runCommand('blocks', run, '--group-by', 'state', '--json', ...at)).json() as { state: string; blocks: number; bytes: number; requested: number; free: number }[]
  const busy = states.find(({ state }) => state === 'busy')!
  const sizes = await tableOf(run, '--table', 'sizes', ...at)
  expect([sum(sizes, 'bytes'), sum(sizes, 'blocks')]).toEqual([busy.requested, busy.blocks])
  expect(sum(await tableOf(run, '--table', 'sizes', '--measure', 'consumed', '--scale', 'exact', ...at), 'bytes')).toBe(busy.bytes)
  const lists = await tableOf(run, '--table', 'free-lists', ...at)
  expect(sum(lists, 'bytes')).toBe(states.find(({ state }) => state === 'free')!.bytes)
})

test('a filter narrows what is kept, an event chooses the moment', async () => {
  const early = await tableOf(run, '--table', 'sizes', '--measure', 'consumed', '--event', '100', '--filter', 'size <= 64')
  const blocks = await runCommand('blocks', run, '--event', '100', '--filter', 'size <= 64 and state = busy', '--json')
  expect(sum(early, 'keptBlocks')).toBe((blocks.json() as unknown[]).length)
  expect(sum(early, 'keptBlocks')).toBeLessThan(sum(early, 'blocks'))
})

test('for people with definitions, for other programs as CSV; what is not known says why', async () => {
  const { text } = await runCommand('blocks', DUMP, '--table', 'waste')
  expect(text).toContain('What committed bytes are lost to')
  expect(text).toContain('Stranded: free bytes')
  expect((await runCommand('blocks', DUMP, '--table', 'free-lists', '--csv')).text.split(/\r\n/)[0]).toBe('Above (bytes),Up to (bytes),Blocks,Total (bytes),Share,Smallest (bytes),Largest (bytes),Kept blocks,Kept total (bytes),Lowest')
  const survival = await runCommand('blocks', DUMP, '--table', 'survival')
  expect([survival.code, survival.errors[0]]).toEqual([2, expect.stringContaining('table-unavailable')])
  expect((await runCommand('blocks', DUMP, '--table', 'nonsense')).code).toBe(2)
})
