import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { quietJob } from '../../../shared/base/job-context'
import { openDocument } from '../../../shared/jobs/open-document'
import type { Snapshot } from '../../../shared/model/snapshot'
import { FileSource } from '../../files/file-source'
import { loadParquet } from '../../files/parquet-wasm'
import { blocksOf } from '../../live/fake/fake-items'
import { FakeSystem } from '../../live/fake/fake-system'
import { parseCommand } from '../arguments'
import { runCommand } from '../testing/run-command'
import { liveCommandOf } from './live'

const folder = mkdtempSync(join(tmpdir(), 'heapscape-live-cli-'))
beforeAll(loadParquet)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const stages = [{ heaps: [blocksOf(300, 4, 3)] }, { heaps: [[...blocksOf(300, 4, 3), ...blocksOf(100, 8, Infinity, 900)]] }]
const processes = [
  { pid: 40, name: 'editor.exe', bits: 64, stages },
  { pid: 44, parentPid: 40, name: 'helper\u001b[31m.exe', bits: 32, stages, access: 'elevation' },
  { pid: 48, name: 'guard.exe', bits: 64, stages, access: 'protected' },
] as const

async function live(...args: string[]): Promise<{ text: string; warnings: string[]; system: FakeSystem }> {
  const system = new FakeSystem(processes)
  const command = liveCommandOf(() => Promise.resolve(system))
  const { positionals, values } = parseCommand(command, args)
  const [text, warnings]: [string[], string[]] = [[], []]
  await command.run(positionals, values, { result: (line) => text.push(line), failure: () => undefined, warning: (line) => warnings.push(line) })
  expect(system.openHandles).toBe(0)
  return { text: text.join('\n'), warnings, system }
}

const open = async (name: string): Promise<Snapshot> => (await openDocument(new FileSource(join(folder, name)), { mode: 'compatible' }, quietJob)).document as Snapshot

test('live list tells who may be read, and no name steers the terminal', async () => {
  const { text } = await live('list')
  expect(text).toContain('yes')
  expect(text).toContain('elevated')
  expect(text).toContain('protected')
  expect(text).not.toMatch(/\u001b/)
  const json = JSON.parse((await live('list', '--json')).text) as { processes: { pid: number; parentPid: number; access: string }[] }
  expect(json.processes.map(({ pid, parentPid, access }) => [pid, parentPid, access])).toEqual([[40, 0, 'open'], [44, 40, 'elevation'], [48, 0, 'protected']])
})

describe('live capture', () => {
  test('writes a snapshot without bytes', async () => {
    await live('capture', '40', join(folder, 'one.heapscape'))
    const snapshot = await open('one.heapscape')
    expect(snapshot.heapReports[0]).toMatchObject({ confidence: 'verified', findings: [] })
    expect(snapshot.memory).toBeUndefined()
    expect(snapshot.origin).toMatchObject({ format: 'live', partial: false })
    expect(snapshot.regionTotals.map(({ group, name }) => `${group} ${name}`)).toEqual(['system commit', 'system private', 'system working set', 'capture private committed'])
  })

  test('writes the captured bytes as a dump that opens with the same heaps', async () => {
    await live('capture', '40', join(folder, 'bytes.dmp'), '--with-bytes', '--way', 'suspended')
    const dump = await open('bytes.dmp')
    const tables = await open('one.heapscape')
    expect(dump.heapReports[0]).toMatchObject({ confidence: 'verified', findings: [] })
    expect(Array.from(dump.blocks.address.slice())).toEqual(Array.from(tables.blocks.address.slice()))
    expect(dump.memory!.read(dump.heaps[0]!.base, 16).length).toBe(16)
  })

  test('lets the system write its own dump', async () => {
    await live('capture', '40', join(folder, 'own.dmp'), '--dump')
    expect(readFileSync(join(folder, 'own.dmp'), 'utf8')).toBe('a dump of editor.exe')
    expect(existsSync(join(folder, 'own.dmp.partial'))).toBe(false)
  })

  test('writes a series into numbered files and tells the pages that changed', async () => {
    const { text } = await live('capture', '40', join(folder, 'series.heapscape'), '--every', '0.1', '--count', '3', '--json')
    const { captures } = JSON.parse(text) as { captures: { file: string; blocks: number; changedPages: { changed: number } | null }[] }
    expect(captures.map(({ file }) => file)).toEqual(['series-001.heapscape', 'series-002.heapscape', 'series-003.heapscape'])
    expect(captures[0]!.changedPages).toBeNull()
    expect(captures[1]!.changedPages!.changed).toBeGreaterThan(0)
    expect(captures[2]!.changedPages!.changed).toBe(0)
    expect(captures[1]!.blocks).toBeGreaterThan(captures[0]!.blocks)
  })

  test.each([
    [['capture', '40', 'a.txt'], 'OUT is a .heapscape or .dmp file'],
    [['capture', 'x', 'a.dmp'], 'is no process id'],
    [['capture', '40', 'a.dmp'], 'say --with-bytes'],
    [['capture', '40', 'a.heapscape', '--with-bytes'], 'holds no bytes'],
    [['capture', '40', 'a.dmp', '--with-bytes', '--dump'], 'choose one'],
    [['capture', '40', 'a.heapscape', '--every', '5'], '--every needs --count'],
    [['capture', '40', 'a.heapscape', '--way', 'fast'], '--way takes auto, clone, suspended, running'],
    [['capture', '40', 'a.heapscape', '--count', '0'], '--count takes'],
    [['list', '40'], 'expected "list" or "capture PID OUT"'],
  ])('refuses %j', async (args, text) => {
    await expect(live(...args)).rejects.toThrow(text)
  })
})

test.runIf(process.platform !== 'win32')('on other systems says why not, and loads no foreign code', async () => {
  const { code, errors } = await runCommand('live', 'list')
  expect(code).toBe(2)
  expect(errors[0]).toMatch(/live-unavailable: Running processes cannot be looked at here: the system is \w+; snapshots of running processes are made on Windows/)
})
