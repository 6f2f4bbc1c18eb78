import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { MemorySource } from '../../base/byte-source'
import { cancelledAfter, quietJob } from '../../base/job-context'
import { Op, type Trace } from '../../model/trace'
import { parseMalloclab } from './parse'

const MODES = { compatible: { mode: 'compatible' }, strict: { mode: 'strict' } } as const

const sourceOf = (text: string): MemorySource => new MemorySource(new TextEncoder().encode(text), 'test.rep')
const read = (text: string, mode: keyof typeof MODES = 'compatible'): Promise<Trace> => parseMalloclab(sourceOf(text), MODES[mode], quietJob)

const LETTERS = ['a', 'f', 'r', 'o'] as const
/** The events as a script: `a0:16 r0:32 f0 o`. */
function scriptOf(trace: Trace): string {
  const words: string[] = []
  for (let row = 0; row < trace.events; row++) {
    const op = trace.op.at(row)
    const object = op === Op.OrphanFree ? '' : trace.object.at(row)
    words.push(`${LETTERS[op]}${object}${op === Op.Alloc || op === Op.Realloc ? `:${trace.size.at(row)}` : ''}`)
  }
  return words.join(' ')
}
const codesOf = (trace: Trace): string[] => trace.origin.notes.map((note) => `${note.code} x${note.count} @${note.firstLine}`)

describe('what the lines mean', () => {
  test('allocate, reallocate, free; ids become dense object numbers', async () => {
    const trace = await read('20000\n9\n5\n1\na 7 16\na 3 0\nr 7 4096\nf 3\nf 7\n')
    expect(scriptOf(trace)).toBe('a0:16 a1:0 r0:4096 f1 f0')
    expect(trace.origin).toEqual({ file: 'test.rep', format: 'malloclab', partial: false, notes: [] })
    expect(trace.objects).toBe(2)
  })

  test('a header with the weight first, CRLF, trailing blanks and no last line end', async () => {
    const trace = await read('1\r\n2\r\n3\r\n20000\r\na 0 16 \r\na 1 8\t\r\nf 0', 'strict')
    expect(scriptOf(trace)).toBe('a0:16 a1:8 f0')
  })

  test('an id used again is a new object; one still live is noted', async () => {
    const trace = await read('0\n1\n4\n0\na 0 16\nf 0\na 0 32\na 0 64\n')
    expect(scriptOf(trace)).toBe('a0:16 f0 a1:32 a2:64')
    expect(codesOf(trace)).toEqual(['id-reused-live x1 @8'])
  })

  test('a reallocation of an unused id is an allocation', async () => {
    const trace = await read('0\n1\n2\n0\nr 0 16\nf 0\n', 'strict')
    expect(scriptOf(trace)).toBe('a0:16 f0')
    expect(codesOf(trace)).toEqual(['realloc-as-alloc x1 @5'])
  })

  test('a reallocation to size 0 frees; a free of -1 or of an unused id does nothing', async () => {
    const trace = await read('0\n1\n4\n0\na 0 16\nr 0 0\nf 0\nf -1\n')
    expect(scriptOf(trace)).toBe('a0:16 f0 o o')
    expect(codesOf(trace)).toEqual(['realloc-to-zero x1 @6', 'orphan-free x1 @7', 'free-null x1 @8'])
  })

  test('sizes above 32 bits are kept', async () => {
    const trace = await read('0\n1\n1\n0\na 0 5000000000\n')
    expect(trace.size.at(0)).toBe(5_000_000_000)
  })
})

describe('defects: compatible reads on, strict refuses with the line', () => {
  test('an allocation without size takes the size of the request before', async () => {
    const text = '0\n3\n4\n0\na 0 48\na 1\nr 0 96\na 2\n'
    const trace = await read(text)
    expect(scriptOf(trace)).toBe('a0:48 a1:48 r0:96 a2:96')
    expect(codesOf(trace)).toEqual(['size-missing x2 @6'])
    await expect(read(text, 'strict')).rejects.toMatchObject({ code: 'format-malformed', where: { line: 6 } })
  })

  test('lines after the number of operations in the header are ignored', async () => {
    const text = '0\n1\n1\n0\na 0 48\nf 0\n'
    const trace = await read(text)
    expect(scriptOf(trace)).toBe('a0:48')
    expect(codesOf(trace)).toEqual(['extra-line x1 @6'])
    expect(trace.origin.partial).toBe(false)
    await expect(read(text, 'strict')).rejects.toMatchObject({ code: 'format-malformed', where: { line: 6 } })
  })

  test('a file cut inside a line is partial and the cut line is not trusted', async () => {
    const text = '0\n2\n4\n0\na 0 48\na 1 20'
    const trace = await read(text)
    expect(scriptOf(trace)).toBe('a0:48')
    expect(trace.origin.partial).toBe(true)
    expect(codesOf(trace)).toEqual(['fewer-operations x1 @6', 'cut-line x1 @6'])
    await expect(read(text, 'strict')).rejects.toMatchObject({ code: 'format-truncated' })
  })

  test('a senseless line ends the trace, which is then partial', async () => {
    const text = '0\n2\n4\n0\na 0 48\nx 1 20\nf 0\na 1 4\n'
    const trace = await read(text)
    expect(scriptOf(trace)).toBe('a0:48')
    expect(trace.origin.partial).toBe(true)
    expect(codesOf(trace)).toEqual(['unreadable-rest x1 @6'])
    await expect(read(text, 'strict')).rejects.toMatchObject({ code: 'format-malformed', where: { line: 6 } })
  })

  test.each([
    ['a b c d', 'format-malformed'],
    ['1\n2\n', 'format-truncated'],
    ['1\n2\n99999999999\n0\n', 'format-malformed'],
    ['1\n1\n1\n1\na -1 16\n', 'format-malformed'],
    ['1\n1\n1\n1\na 0 16 32\n', 'format-malformed'],
    ['1\n1\n1\n1\na 0 99999999999999999999\n', 'format-malformed'],
  ])('%j is refused as %s', async (text, code) => {
    await expect(read(text)).rejects.toMatchObject({ code })
  })
})

test('a cancel stops the reading', async () => {
  const lines = Array.from({ length: 100_000 }, (_, id) => `a ${id} 16\n`)
  const source = sourceOf(`0\n100000\n100000\n0\n${lines.join('')}`)
  await expect(parseMalloclab(source, MODES.compatible, cancelledAfter(2))).rejects.toMatchObject({ code: 'cancelled' })
})

const DATA = join(process.env['HEAPSCAPE_DATA'] ?? '../shared/data', 'malloclab')
/** Operations by their own header, peak of live requested bytes as counted by an independent program. */
const COUNTED: readonly (readonly [file: string, operations: number, peakLiveBytes: number])[] = [
  ['amptjp-bal.rep', 5694, 2012279],
  ['amptjp-bal.crlf.rep', 5694, 2012279],
  ['cccp-bal.rep', 5848, 1679165],
  ['cp-decl-bal.rep', 6648, 3165325],
  ['coalescing-bal.rep', 14400, 8190],
  ['random-bal.rep', 4800, 15612491],
  ['realloc-bal.rep', 14401, 615040],
  ['short1-bal.rep', 12, 8144],
  ['binary-bal.rep', 12000, 1152000],
]

describe.skipIf(!existsSync(DATA))('course traces', () => {
  const open = (file: string, mode: keyof typeof MODES = 'compatible'): Promise<Trace> =>
    parseMalloclab(new MemorySource(readFileSync(join(DATA, file)), file), MODES[mode], quietJob)

  test.each(COUNTED)('%s: %i operations, peak %i', async (file, operations, peakLiveBytes) => {
    const trace = await open(file, 'strict')
    expect(trace.events).toBe(operations)
    expect(peakLiveBytesOf(trace)).toBe(peakLiveBytes)
  })

  test('every file opens, whole and with as many events as its header says', async () => {
    for (const file of readdirSync(DATA)) {
      const trace = await open(file)
      const operations = Number(readFileSync(join(DATA, file), 'latin1').split(/\s+/)[2])
      expect({ file, events: trace.events, partial: trace.origin.partial }).toEqual({ file, events: operations, partial: false })
    }
  })

  test('alaska: 29,923 allocations without a size', async () => {
    const trace = await open('alaska.rep')
    expect(trace.origin.notes).toContainEqual(expect.objectContaining({ code: 'size-missing', count: 29923 }))
    await expect(open('alaska.rep', 'strict')).rejects.toMatchObject({ code: 'format-malformed' })
  })
})

function peakLiveBytesOf(trace: Trace): number {
  const sizes: number[] = []
  let live = 0
  let peak = 0
  for (let row = 0; row < trace.events; row++) {
    const op = trace.op.at(row)
    if (op === Op.OrphanFree) continue
    const object = trace.object.at(row)
    live += trace.size.at(row) - (sizes[object] ?? 0)
    sizes[object] = trace.size.at(row)
    peak = Math.max(peak, live)
  }
  return peak
}
