import { expect, test, describe } from 'vitest'
import { summariseTrace } from '../../analysis/trace-summary'
import { MemorySource } from '../../base/byte-source'
import { HeapscapeError } from '../../base/errors'
import { cancelledAfter, quietJob } from '../../base/job-context'
import { checkTrace } from '../../model/integrity'
import { Op, type Trace } from '../../model/trace'
import { parseHeaptrack } from './parse'

const read = (text: string, mode: 'compatible' | 'strict' = 'compatible'): Promise<Trace> =>
  parseHeaptrack(new MemorySource(new TextEncoder().encode(text), 'test'), { mode }, quietJob)

/** `a0:16 f0 o` */
function scriptOf(trace: Trace): string {
  const words: string[] = []
  for (let row = 0; row < trace.events; row++) {
    const op = trace.op.at(row)
    if (op === Op.OrphanFree) words.push('o')
    else words.push(op === Op.Alloc ? `a${trace.object.at(row)}:${trace.size.at(row)}` : `f${trace.object.at(row)}`)
  }
  return words.join(' ')
}
const codesOf = (trace: Trace): string[] => trace.origin.notes.map((note) => `${note.code} x${note.count} @${note.firstLine}`)

/** Every frame of the site of an event, innermost first: `function|file|line|module|inlined`. */
function pathOf(trace: Trace, row: number): string[] {
  const { tables, stackOf } = trace.sites.calls!
  const { frames, stacks } = tables
  const path: string[] = []
  for (let at = stackOf.at(trace.site!.at(row)); at >= 0; at = stacks.parent.at(at)) {
    const frame = stacks.frame.at(at)
    path.push([frames.function[frame], frames.file[frame], frames.line.at(frame), frames.module[frame], frames.inlined.at(frame)].join('|'))
  }
  return path
}

const HEAD = 'v 10400 3\nX tool\nI 1000 10\ns 5 /tool\ns 4 main\ns 3 a.c\ns 4 grow\ni 401000 1 2 3 a\nt 1 0\ni 401100 1 4 3 5 2 3 b\nt 2 1\na 10 1\na 20 2\n'

describe('interpreted', () => {
  test('the youngest block of a kind goes first, and each choice is counted', async () => {
    const trace = await read(`${HEAD}+ 0\n+ 1\n+ 0\n- 0\n- 1\n- 0\n- 0\n`)
    expect(scriptOf(trace)).toBe('a0:16 a1:32 a2:16 f2 f1 f0 o')
    expect(codesOf(trace)).toEqual(['no-identity x1 @1', 'ambiguous-free x1 @17', 'orphan-free x1 @20'])
    expect(trace.address).toBeUndefined()
    expect(trace.origin).toMatchObject({ producer: 'heaptrack 1.4.0', version: '3', partial: false })
  })

  test('a site knows all frames, the inlined ones marked', async () => {
    const trace = await read(`${HEAD}+ 1\n+ 0\n`)
    expect(trace.sites.names).toEqual(['main', 'grow < main < main'])
    expect(pathOf(trace, 0)).toEqual(['grow|a.c|5|/tool|1', 'main|a.c|11|/tool|0', 'main|a.c|10|/tool|0'])
    expect(pathOf(trace, 1)).toEqual(['main|a.c|10|/tool|0'])
  })

  test('times are nanoseconds, resident pages bytes; times that go back are ignored', async () => {
    const trace = await read(`${HEAD}c 2\n+ 0\nR 3\nc 1\n- 0\nR 4\n`)
    expect([trace.time!.at(0), trace.time!.at(1)]).toEqual([2e6, 2e6])
    expect([trace.resident!.event.at(0), trace.resident!.bytes.at(0), trace.resident!.event.at(1), trace.resident!.bytes.at(1)]).toEqual([1, 3 * 4096, 2, 4 * 4096])
    expect(codesOf(trace)).toContain('time-backwards x1 @17')
  })

  test('a damaged record keeps its number, so that later ones mean what they say', async () => {
    const trace = await read('v 10400 3\ns zz\ns 4 main\ni 1 9\ni 2 0 2 0 0\nt 1 9\nt 2 0\na 1 zz\na 8 2\n+ 1\n')
    expect(scriptOf(trace)).toBe('a0:8')
    expect(trace.sites.names).toEqual(['main'])
    expect(codesOf(trace)).toContain('unreadable-line x4 @2')
    expect(checkTrace(trace)).toEqual([])
  })

  test('an allocation freed by the next event is temporary', async () => {
    expect(summariseTrace(await read(`${HEAD}+ 0\n- 0\n+ 0\n+ 1\n- 0\n- 1\n`)).temporaryAllocs).toBe(1)
  })
})

describe('raw', () => {
  const RAW = 'v 10400 3\nx 5 /tool\nm 1 -\nm 1 x 400000 0 1000\nt 400010 0\n'

  test('addresses are kept, one given out again has its missing free put in', async () => {
    const trace = await read(`${RAW}+ 8 1 600000\n+ 10 1 600000\n- 600000\n- 600000\n`)
    expect(scriptOf(trace)).toBe('a0:8 f0 a1:16 f1 o')
    expect(trace.address!.at(2)).toBe(0x600000)
    expect(codesOf(trace)).toEqual(['orphan-free x1 @9', 'missed-free x1 @7'])
  })

  test('code addresses belong to the modules loaded at that moment', async () => {
    const trace = await read(`${RAW}t 500010 1\nm 1 -\nm 4 /lib 500000 0 100\nt 500010 1\nt 500020 1\n+ 8 2 600000\n+ 8 4 600010\n`)
    expect(trace.sites.names).toEqual(['0x500010 < tool@0x400010', 'lib@0x500020 < tool@0x400010'])
  })
})

test.each([
  ['a kind that does not exist', `${HEAD}+ 7\n`, 14],
  ['an unknown letter', `${HEAD}Q 1\n`, 14],
  ['a cut line', `${HEAD}+ 0`, 14],
])('strict refuses %s with its line, compatible tells it', async (_, text, line) => {
  await expect(read(text, 'strict')).rejects.toMatchObject({ code: 'format-malformed', where: { line } })
  expect((await read(text)).origin.notes.length).toBeGreaterThan(1)
})

test('versions outside 1 to 3 are refused', async () => {
  await expect(read('v 20000 4\nX a\n')).rejects.toMatchObject({ code: 'format-too-new', facts: { got: 4 } })
  await expect(read('v 9900 0\nX a\n')).rejects.toBeInstanceOf(HeapscapeError)
})

test('can be cancelled', async () => {
  const job = cancelledAfter(1)
  const long = new MemorySource(new TextEncoder().encode(HEAD + '+ 0\n- 0\n'.repeat(100_000)), 'long')
  await expect(parseHeaptrack(long, { mode: 'strict' }, job)).rejects.toMatchObject({ code: 'cancelled' })
})
