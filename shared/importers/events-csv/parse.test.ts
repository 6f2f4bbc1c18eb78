import { execFileSync } from 'node:child_process'
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { MemorySource } from '../../base/byte-source'
import { cancelledAfter, quietJob } from '../../base/job-context'
import { checkTrace } from '../../model/integrity'
import type { Trace } from '../../model/trace'
import { looksLikeCsvEvents } from './header'
import { parseCsvEvents } from './parse'

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const read = (text: string, mode: 'compatible' | 'strict' = 'strict'): Promise<Trace> => parseCsvEvents(new MemorySource(bytesOf(text), 'test.csv'), { mode }, quietJob)
const codesOf = (trace: Trace): string[] => trace.origin.notes.map((note) => `${note.code} x${note.count} @${note.firstLine}`)

describe('header', () => {
  test.each(['op,at,size\n', 'size;op;at\r\n', '"op"\t"at"\t"size"\t"colour"\n', '\uFEFFop,at,size\n'])('%j is one', (text) => {
    expect(looksLikeCsvEvents(bytesOf(text))).toBe(true)
  })

  test.each(['op,at\n', 'op,at,size,op\n', 'op at size\n', 'op,at,size', 'address,size,state\n'])('%j is none', (text) => {
    expect(looksLikeCsvEvents(bytesOf(text))).toBe(false)
  })

  test('decides which columns the trace has, the first event whether it has addresses', async () => {
    const ids = await read('op,at,size,site,thread\nalloc,7,8,here,5\n')
    expect([ids.address, ids.time, ids.thread?.at(0), ids.sites.names]).toEqual([undefined, undefined, 5, ['here']])
    const addresses = await read('time,op,at,size\n5,alloc,0x7,8\n')
    expect([addresses.address?.at(0), addresses.time?.at(0), addresses.thread, addresses.site]).toEqual([7, 5, undefined, undefined])
  })
})

test('ids may come again and 0 is an id like others; with addresses 0 is the null pointer', async () => {
  const ids = await read('op,at,size\nalloc,0,8\nfree,0,\nalloc,0,9\n')
  expect([ids.events, ids.objects, codesOf(ids)]).toEqual([3, 2, []])
  const addresses = await read('op,at,size\nalloc,0x1,8\nalloc,0x0,8\nfree,0x0,\n')
  expect([addresses.events, codesOf(addresses)]).toEqual([1, ['alloc-failed x1 @3', 'free-null x1 @4']])
})

const DEFECTS = ['steal,1,2', 'alloc,,2', 'alloc,1,', 'alloc,1,2x', 'alloc,0xg,2', 'alloc,1,-2', 'alloc,1,2.5', 'alloc,9007199254740992,2', 'alloc,"1,2', 'alloc,"1"1,2']

test.each(DEFECTS)('strict refuses %j, compatible tells it', async (line) => {
  const text = `op,at,size\nalloc,5,5\n${line}\nfree,5,\n`
  await expect(read(text)).rejects.toMatchObject({ code: 'format-malformed', where: { line: 3 } })
  const trace = await read(text, 'compatible')
  expect([trace.events, codesOf(trace), trace.origin.partial]).toEqual([2, ['unreadable-line x1 @3'], false])
})

test('a last line without its end is taken to be cut', async () => {
  const text = 'op,at,size\nalloc,5,5\nalloc,6,77'
  await expect(read(text)).rejects.toMatchObject({ code: 'format-malformed', where: { line: 3 } })
  const trace = await read(text, 'compatible')
  expect([trace.events, codesOf(trace), trace.origin.partial]).toEqual([1, ['cut-line x1 @3'], true])
})

test('can be cancelled', async () => {
  const source = new MemorySource(bytesOf(`op,at,size\n${'alloc,1,1\nfree,1,\n'.repeat(40_000)}`))
  await expect(parseCsvEvents(source, { mode: 'strict' }, cancelledAfter(1))).rejects.toMatchObject({ code: 'cancelled' })
})

const canCompile = ((): boolean => {
  try {
    execFileSync('cc', ['--version'], { stdio: 'ignore' })
    // The example stands in for functions of the GNU C library.
    return process.platform === 'linux' && !readFileSync('/proc/self/maps', 'utf8').includes('musl')
  } catch {
    return false
  }
})()

test.skipIf(!canCompile)('the recorder in docs/recording.md compiles and records a program', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'heapscape-record-'))
  try {
    const page = readFileSync(new URL('../../../docs/recording.md', import.meta.url), 'utf8')
    writeFileSync(join(folder, 'record.c'), /```c\n([\s\S]*?)```/.exec(page)![1]!)
    execFileSync('cc', ['-shared', '-fPIC', '-O2', '-Wall', '-Werror', 'record.c', '-o', 'record.so'], { cwd: folder })
    const trace = join(folder, 'trace.csv')
    execFileSync('/bin/ls', ['/'], { stdio: ['ignore', 'ignore', 'ignore', openSync(trace, 'w')], env: { ...process.env, LD_PRELOAD: join(folder, 'record.so') } })
    const recorded = await read(readFileSync(trace, 'utf8'), 'strict')
    expect(checkTrace(recorded)).toEqual([])
    expect(recorded.objects).toBeGreaterThan(10)
    expect([recorded.address, recorded.time, recorded.thread].every((column) => column?.length === recorded.events)).toBe(true)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
