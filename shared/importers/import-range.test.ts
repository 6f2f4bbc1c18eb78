import { describe, expect, test } from 'vitest'
import { summariseTrace } from '../analysis/trace-summary'
import { MemorySource } from '../base/byte-source'
import { type JobContext, quietJob } from '../base/job-context'
import { checkTrace } from '../model/integrity'
import { type EventRange, Op, type Trace } from '../model/trace'
import { importSource } from './import-source'
import { IMPORTERS } from './registry'
import { samplesOf } from './testing/samples'

async function open(bytes: Uint8Array, range?: EventRange, job: JobContext = quietJob): Promise<Trace> {
  const document = await importSource(new MemorySource(bytes, 'trace'), range === undefined ? { mode: 'compatible' } : { mode: 'compatible', range }, job)
  if (document.kind !== 'trace') throw new Error(`a ${document.kind}`)
  return document
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const codesOf = (trace: Trace): string[] => trace.origin.notes.map((note) => `${note.code} x${note.count}`)
const events = (from: number, to: number): EventRange => ({ by: 'events', from, to })

/** One event as the range must leave it: operation (a free of an earlier block is an orphan), size, place, site and time. */
const wordsOf = (trace: Trace, row: number): string => [trace.size.at(row), trace.address?.at(row), trace.site === undefined ? '' : trace.sites.names[trace.site.at(row)], trace.time?.at(row)].join(' ')

const TRACES = IMPORTERS.filter(({ produces }) => produces === 'trace').flatMap(({ id }) => samplesOf(id).map(({ file, bytes }) => ({ file: `${id}/${file}`, bytes })))

describe('every part of a sample', () => {
  test.each(TRACES)('$file', async ({ bytes }) => {
    const whole = await open(bytes)
    for (let from = 1; from <= whole.events; from++) {
      for (const to of [from, Math.min(whole.events, from + 3), whole.events]) {
        const part = await open(bytes, events(from, to))
        expect(checkTrace(part)).toEqual([])
        expect(Array.from({ length: part.events }, (_, row) => wordsOf(part, row))).toEqual(Array.from({ length: to - from + 1 }, (_, row) => wordsOf(whole, from - 1 + row)))
      }
    }
    await expect(open(bytes, events(whole.events + 1, 1e9))).rejects.toMatchObject({ code: 'range-invalid' })
  })
})

test('what was allocated before is not made up: its frees are orphans, its reallocations allocate', async () => {
  const text = 'op,at,size,time\nalloc,1,10,5\nalloc,2,20,6\nalloc,3,30,7\nfree,1,,8\nrealloc,2,25,9\nfree,2,,10\nfree,3,,11\n'
  const part = await open(bytesOf(text), events(3, 6))
  expect(Array.from(part.op.slice())).toEqual([Op.Alloc, Op.OrphanFree, Op.Alloc, Op.Free])
  expect([part.objects, summariseTrace(part).peakLiveBytes]).toEqual([2, 55])
  expect(codesOf(part)).toEqual(['range x4', 'earlier-free x1', 'earlier-realloc x1'])
  expect(part.origin.notes[0]!.text).toContain('3 to 6')
  const timed = await open(bytesOf(text), { by: 'time', from: 7, to: 10 })
  expect([timed.hash, timed.origin.notes]).toEqual([part.hash, part.origin.notes])
  await expect(open(bytesOf('op,at,size\nalloc,1,10\n'), { by: 'time', from: 0, to: 1 })).rejects.toMatchObject({ code: 'range-invalid' })
})

describe('a long trace', () => {
  const EVENTS = 400_000
  const lines = Array.from({ length: EVENTS / 2 }, (_, i) => `alloc,${i},${1 + (i % 4096)},${i}\nfree,${i},,${i}\n`)
  const bytes = bytesOf(`op,at,size,time\n${lines.join('')}`)

  test('holds only the part asked for, and is not read to its end', async () => {
    let read = 0
    const part = await open(bytes, events(300_001, 300_010), { ...quietJob, progress: ({ done, unit }) => void (unit === 'bytes' && (read = done)) })
    expect([part.events, part.objects, part.skippedEvents]).toEqual([10, 5, 0])
    expect(part.size.at(0)).toBe(1 + (150_000 % 4096))
    expect(part.op.chunks[0]!.length).toBeLessThanOrEqual(128 * 1024)
    expect(read).toBeLessThan(bytes.length * 0.9)
    const byTime = await open(bytes, { by: 'time', from: 150_000, to: 150_004 })
    expect(byTime.hash).toBe(part.hash)
  })
})
