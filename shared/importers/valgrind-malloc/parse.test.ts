import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { summariseTrace } from '../../analysis/trace-summary'
import { MemorySource } from '../../base/byte-source'
import { cancelledAfter, quietJob } from '../../base/job-context'
import { checkTrace } from '../../model/integrity'
import { Op, type Trace } from '../../model/trace'
import { unpack } from '../compression/unpack'
import { looksLikeMallocTrace, parseMallocTrace } from './parse'

const sourceOf = (text: string): MemorySource => new MemorySource(new TextEncoder().encode(text), 'test.log')
const read = (text: string, mode: 'compatible' | 'strict' = 'compatible'): Promise<Trace> => parseMallocTrace(sourceOf(text), { mode }, quietJob)
const codesOf = (trace: Trace): string[] => trace.origin.notes.map((note) => `${note.code} x${note.count} @${note.firstLine}`)

const LETTERS = ['a', 'f', 'r', 'o'] as const
/** `a0:16@1000 f0@1000` */
function scriptOf(trace: Trace): string {
  expect(checkTrace(trace)).toEqual([])
  return Array.from({ length: trace.events }, (_, row) => {
    const op = trace.op.at(row)
    const size = op === Op.Alloc || op === Op.Realloc ? `:${trace.size.at(row)}` : ''
    return `${LETTERS[op]}${op === Op.OrphanFree ? '' : trace.object.at(row)}${size}@${trace.address!.at(row).toString(16)}`
  }).join(' ')
}

test.each([
  ['realloc of the null pointer is one allocation', 'realloc(0x0,8)malloc(8) = 0x10', 'a0:8@10'],
  ['realloc to nothing is one free', 'realloc(0x10,0)free(0x10)', 'o@10'],
  ['calloc multiplies', 'calloc(3,7) = 0xAb0', 'a0:21@ab0'],
  ['aligned new', '_ZnwmSt11align_val_t(size 64, al 32) = 0x10', 'a0:64@10'],
  ['memalign tells its alignment first', 'memalign(al 16, size 5) = 0x10', 'a0:5@10'],
  ['sized delete', '_ZdlPvm(0x10, 64)', 'o@10'],
  ['free of the null pointer', 'free(0x0)', ''],
  ['no memory', 'malloc(5) = 0x0', ''],
  ['a call without blocks', 'malloc_usable_size(0x10) = 5', ''],
])('%s', async (_, call, script) => {
  expect(scriptOf(await read(`--7-- ${call}\n`, 'strict'))).toBe(script)
})

test('realloc keeps the object; only the first process is read', async () => {
  const trace = await read('--7-- malloc(1) = 0x10\n--8-- malloc(1) = 0x20\n--7-- realloc(0x10,9) = 0x30\n--7-- free(0x30)\n')
  expect(scriptOf(trace)).toBe('a0:1@10 r0:9@30 f0@30')
  expect(codesOf(trace)).toEqual(['other-process x1 @2'])
})

test.each(['--7-- malloc(1 = 0x10\n', '--7-- malloc(1) = 10\n', '--7-- free(0x10\n', '--7-- realloc(0x10;5) = 0x10\n', '-7- malloc(1) = 0x1\n', '--7-- free(0x10)'])(
  'strict refuses %j, compatible tells it',
  async (line) => {
    await expect(read(line, 'strict')).rejects.toMatchObject({ code: 'format-malformed', where: { line: 1 } })
    const trace = await read(line)
    expect(trace.events).toBe(0)
    expect(trace.origin.notes).toHaveLength(1)
  },
)

test('memcheck output without a call is no trace', () => {
  expect(looksLikeMallocTrace(new TextEncoder().encode('==7== Memcheck, a memory error detector\n==7== Invalid read\n'))).toBe(false)
})

test('can be cancelled', async () => {
  const text = '--7-- malloc(1) = 0x10\n--7-- free(0x10)\n'.repeat(20_000)
  await expect(parseMallocTrace(sourceOf(text), { mode: 'strict' }, cancelledAfter(1))).rejects.toMatchObject({ code: 'cancelled' })
})

const DATA = join(process.env['HEAPSCAPE_DATA'] ?? '../shared/data', 'valgrind-trace-malloc')
const RECORDED = existsSync(DATA) ? readdirSync(DATA) : []

/** Memcheck's own words at the end: it counts a realloc as one allocation and one free. */
function totalsOf(text: string): number[] {
  const number = (pattern: RegExp): number => Number(pattern.exec(text)![1]!.replaceAll(',', ''))
  return [number(/usage: ([\d,]+) allocs/), number(/allocs, ([\d,]+) frees/), number(/frees, ([\d,]+) bytes/), number(/exit: ([\d,]+) bytes/), number(/bytes in ([\d,]+) blocks/)]
}

describe.skipIf(RECORDED.length === 0)('recorded logs equal the totals they end with', () => {
  test.each(RECORDED)('%s', async (file) => {
    const { source } = await unpack(new MemorySource(readFileSync(join(DATA, file)), file), quietJob)
    const trace = await parseMallocTrace(source, { mode: 'strict' }, quietJob)
    const { events, requestedBytesTotal, endLiveBytes, endLiveBlocks } = summariseTrace(trace)
    const totals = totalsOf(new TextDecoder().decode(source.read(0, source.size)))
    expect([events.alloc + events.realloc, events.free + events.realloc, requestedBytesTotal, endLiveBytes, endLiveBlocks]).toEqual(totals)
  })
})
