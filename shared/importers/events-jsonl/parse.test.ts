import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { summariseTrace } from '../../analysis/trace-summary'
import { MemorySource } from '../../base/byte-source'
import { cancelledAfter, quietJob } from '../../base/job-context'
import type { Trace } from '../../model/trace'
import { looksLikeJsonEvents, parseJsonEvents } from './parse'

const HEADER = '{"heapscape":"events","version":1}\n'
const ALLOC = '{"op":"alloc","at":5,"size":5}\n'

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const read = (text: string, mode: 'compatible' | 'strict' = 'strict'): Promise<Trace> => parseJsonEvents(new MemorySource(bytesOf(text), 'test.jsonl'), { mode }, quietJob)
const codesOf = (trace: Trace): string[] => trace.origin.notes.map((note) => `${note.code} x${note.count} @${note.firstLine}`)

test('is known by its first line', () => {
  expect(looksLikeJsonEvents(bytesOf(HEADER))).toBe(true)
  expect(looksLikeJsonEvents(bytesOf('{ "heapscape" : "events", "version": 2}'))).toBe(true)
  expect(looksLikeJsonEvents(bytesOf('{"version":1,"heapscape":"events"}'))).toBe(false)
})

test.each([
  ['a newer version', '{"heapscape":"events","version":2}\n', 'format-too-new'],
  ['no version', '{"heapscape":"events"}\n', 'format-malformed'],
  ['a header that is no JSON', '{"heapscape":"events"\n', 'format-malformed'],
])('%s is refused in every mode', async (_, header, code) => {
  for (const mode of ['strict', 'compatible'] as const) await expect(read(header + ALLOC, mode)).rejects.toMatchObject({ code, where: { line: 1 } })
})

test('a file of nothing but its header is an empty trace', async () => {
  const trace = await read('{"heapscape":"events","version":1,"producer":"mine 1.0"}\n')
  expect([trace.events, trace.origin.producer, trace.origin.version]).toEqual([0, 'mine 1.0', '1'])
})

test('the first event decides on the columns; later fields are counted', async () => {
  const trace = await read(`${HEADER}{"op":"alloc","at":"0x5","size":5,"thread":9}\n{"op":"free","at":"0x5","time":3,"site":"x"}\n`)
  expect([trace.address?.at(1), trace.thread?.at(0), trace.time, trace.site]).toEqual([5, 9, undefined, undefined])
  expect(codesOf(trace)).toEqual(['late-field x1 @3'])
})

const DEFECTS = ['{"op":"steal","at":1}', '{"op":"alloc","size":1}', '{"op":"alloc","at":1}', '{"op":"alloc","at":1,"size":"2"}', '{"op":"alloc","at":-1,"size":2}', '{"op":"alloc","at":1.5,"size":2}', '[]', 'null', '7', '{"op"']

test.each(DEFECTS)('strict refuses %j, compatible tells it', async (line) => {
  const text = `${HEADER}${ALLOC}${line}\n{"op":"free","at":5}\n`
  await expect(read(text)).rejects.toMatchObject({ code: 'format-malformed', where: { line: 3 } })
  const trace = await read(text, 'compatible')
  expect([trace.events, codesOf(trace), trace.origin.partial]).toEqual([2, ['unreadable-line x1 @3'], false])
})

test('a last line without its end is read when it is whole and told when it is cut', async () => {
  const whole = await read(`${HEADER}${ALLOC}{"op":"free","at":5}`)
  expect([whole.events, whole.origin.partial]).toEqual([2, false])
  await expect(read(`${HEADER}${ALLOC}{"op":"free","at":`)).rejects.toMatchObject({ code: 'format-malformed', where: { line: 3 } })
  const cut = await read(`${HEADER}${ALLOC}{"op":"free","at":`, 'compatible')
  expect([cut.events, codesOf(cut), cut.origin.partial]).toEqual([1, ['cut-line x1 @3'], true])
})

test('line numbers hold across blocks, also behind empty lines', async () => {
  const lines = 20_000
  const trace = await read(`${HEADER}${`${ALLOC}\n{"op":"free","at":5}\n`.repeat(lines)}oops\n`, 'compatible')
  expect([trace.events, codesOf(trace)]).toEqual([2 * lines, [`unreadable-line x1 @${3 * lines + 2}`]])
  const nulls = await read(`${HEADER}${ALLOC.repeat(2)}${'null\n'.repeat(2 * lines)}` + 'null\n'.repeat(100_000), 'compatible')
  expect(codesOf(nulls)).toContain(`unreadable-line x${2 * lines + 100_000} @4`)
})

test('can be cancelled', async () => {
  const source = new MemorySource(bytesOf(HEADER + `${ALLOC}{"op":"free","at":5}\n`.repeat(20_000)))
  await expect(parseJsonEvents(source, { mode: 'strict' }, cancelledAfter(1))).rejects.toMatchObject({ code: 'cancelled' })
})

const hasPython = ((): boolean => {
  try {
    execFileSync('python3', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

test.skipIf(!hasPython)('what the Python writer in docs/recording.md writes opens without a note', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'heapscape-record-'))
  try {
    const page = readFileSync(new URL('../../../docs/recording.md', import.meta.url), 'utf8')
    writeFileSync(join(folder, 'demo.py'), /```python\n([\s\S]*?)```/.exec(page)![1]!)
    execFileSync('python3', ['demo.py', 'trace.jsonl'], { cwd: folder })
    const trace = await read(readFileSync(join(folder, 'trace.jsonl'), 'utf8'))
    // 1,000 blocks of 48 bytes, every second one grown to 100, the others freed.
    expect(summariseTrace(trace)).toMatchObject({ events: { alloc: 1000, realloc: 500, free: 500 }, endLiveBlocks: 500, endLiveBytes: 50_000, peakLiveBytes: 74_000, addresses: true })
    expect([trace.origin.producer, trace.origin.notes]).toEqual(['pool demo 1.0', []])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
