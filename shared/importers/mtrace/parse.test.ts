import { describe, expect, test } from 'vitest'
import { MemorySource } from '../../base/byte-source'
import { cancelledAfter, quietJob } from '../../base/job-context'
import { checkTrace } from '../../model/integrity'
import { Op, type Trace } from '../../model/trace'
import { parseMtrace } from './parse'
import { looksLikeMtrace } from './sniff'

const MODES = { compatible: { mode: 'compatible' }, strict: { mode: 'strict' } } as const
const sourceOf = (text: string): MemorySource => new MemorySource(new TextEncoder().encode(text), 'test.mtrace')
const read = (text: string, mode: keyof typeof MODES = 'compatible'): Promise<Trace> => parseMtrace(sourceOf(text), MODES[mode], quietJob)
const codesOf = (trace: Trace): string[] => trace.origin.notes.map((note) => `${note.code} x${note.count} @${note.firstLine}`)

const LETTERS = ['a', 'f', 'r', 'o'] as const
/** The events as a script: `a0:16@1000 r0:32@1000 f0@1000 o@2000`, addresses hexadecimal. */
function scriptOf(trace: Trace): string {
  expect(checkTrace(trace)).toEqual([])
  const words: string[] = []
  for (let row = 0; row < trace.events; row++) {
    const op = trace.op.at(row)
    const object = op === Op.OrphanFree ? '' : trace.object.at(row)
    const size = op === Op.Alloc || op === Op.Realloc ? `:${trace.size.at(row)}` : ''
    words.push(`${LETTERS[op]}${object}${size}@${trace.address!.at(row).toString(16)}`)
  }
  return words.join(' ')
}
const sitesOf = (trace: Trace): string[] =>
  Array.from({ length: trace.events }, (_, row) => trace.sites.names[trace.site!.at(row)] ?? '-')

describe('what the lines mean', () => {
  test('allocate, reallocate as one event, free', async () => {
    const trace = await read('= Start\n@ m:[0x1] + 0x1000 0x10\n@ m:[0x2] < 0x1000\n@ m:[0x2] > 0x2000 0x20\n@ m:[0x3] - 0x2000\n= End\n', 'strict')
    expect(scriptOf(trace)).toBe('a0:16@1000 r0:32@2000 f0@2000')
    expect(sitesOf(trace)).toEqual(['m:[0x1]', 'm:[0x2]', 'm:[0x3]'])
    expect(trace.recordsPerRealloc).toBe(2)
    expect(trace.origin).toEqual({ file: 'test.mtrace', format: 'mtrace', partial: false, notes: [], lacking: ['earlier-blocks'] })
  })

  test('an address given out again after its free is a new object', async () => {
    const trace = await read('@ m:[0x1] + 0x10 0x1\n@ m:[0x1] - 0x10\n@ m:[0x1] + 0x10 0x2\n')
    expect(scriptOf(trace)).toBe('a0:1@10 f0@10 a1:2@10')
  })

  test('sites with spaces, colons and operators in the module, bare addresses, and none', async () => {
    const trace = await read('@ /a b + c/d: e - f:(g+0x1)[0x9] + 0x10 0x1\n@ [0x7f] + 0x20 0x1\n+ 0x30 0x1\n- 0x30\n', 'strict')
    expect(sitesOf(trace)).toEqual(['/a b + c/d: e - f:(g+0x1)[0x9]', '[0x7f]', '-', '-'])
  })

  test('a size of zero is printed without prefix; capitals and CRLF are read too', async () => {
    expect(scriptOf(await read('@ m:[0x1] + 0xAbCdEf 0\r\n@ m:[0x1] - 0xabcdef\r\n', 'strict'))).toBe('a0:0@abcdef f0@abcdef')
  })

  test('addresses above 32 bits and sizes above 4 GiB are exact', async () => {
    const trace = await read('@ m:[0x1] + 0x7fffdeadbeef 0x123456789a\n@ m:[0x1] + 0x1fffffffffffff 0x1\n', 'strict')
    expect(scriptOf(trace)).toBe(`a0:${0x123456789a}@7fffdeadbeef a1:1@1fffffffffffff`)
  })
})

describe('defects are counted', () => {
  test.each([
    ['free of something unknown', '@ m:[0x1] - 0x10\n', 'o@10', 'orphan-free x1 @1'],
    ['missing free', '@ m:[0x1] + 0x10 0x1\n@ m:[0x1] + 0x10 0x2\n', 'a0:1@10 f0@10 a1:2@10', 'missed-free x1 @2'],
    ['reallocation onto a living block', '+ 0x10 0x1\n+ 0x20 0x1\n< 0x10\n> 0x20 0x3\n', 'a0:1@10 a1:1@20 f1@20 r0:3@20', 'missed-free x1 @4'],
    ['reallocation of something unknown', '@ m:[0x1] < 0x10\n@ m:[0x1] > 0x20 0x2\n', 'a0:2@20', 'realloc-unknown x1 @2'],
    ['old half alone', '+ 0x10 0x1\n< 0x10\n+ 0x20 0x2\n', 'a0:1@10 f0@10 a1:2@20', 'realloc-half x1 @2'],
    ['new half alone', '> 0x20 0x2\n', 'a0:2@20', 'realloc-half x1 @1'],
    ['failed reallocation', '+ 0x10 0x1\n! 0x10 0xffffffffffff\n- 0x10\n', 'a0:1@10 f0@10', 'realloc-failed x1 @2'],
    ['failed allocation', '+ (nil) 0xffffffffffff\n', '', 'alloc-failed x1 @1'],
    ['foreign line', 'hello\n+ 0x10 0x1\n', 'a0:1@10', 'unknown-line x1 @1'],
  ])('%s', async (_, text, script, note) => {
    const trace = await read(text)
    expect(scriptOf(trace)).toBe(script)
    expect(codesOf(trace)).toEqual([note])
    expect(trace.origin.partial).toBe(false)
  })

  test('a log cut inside a line is partial, and the cut line is not trusted', async () => {
    const trace = await read('= Start\n@ m:[0x1] + 0x10 0x1\n@ m:[0x1] + 0x20 0x1')
    expect(scriptOf(trace)).toBe('a0:1@10')
    expect(trace.origin.partial).toBe(true)
    expect(codesOf(trace)).toEqual(['cut-line x1 @3'])
  })

  test('a log cut between the halves of a reallocation is partial', async () => {
    const trace = await read('@ m:[0x1] + 0x10 0x1\n@ m:[0x1] < 0x10\n')
    expect(scriptOf(trace)).toBe('a0:1@10 f0@10')
    expect([trace.origin.partial, codesOf(trace)]).toEqual([true, ['realloc-half x1 @2']])
  })

  test.each(['hello\n', '@ m:[0x1] + 0x10 0x1', '@ m:[0x1] + 0x 0x1\n', '@ m:[0x1] + 0x1g 0x1\n', '@ m:[0x1] + 0x40000000000000 0x1\n', '@ m:[0x1] * 0x10\n', '@ m:[0x1] - 0x10 0x10\n'])(
    'strict refuses %j with its line',
    async (line) => {
      await expect(read(`= Start\n${line}`, 'strict')).rejects.toMatchObject({ code: 'format-malformed', where: { line: 2 } })
    },
  )
})

test('sites are told apart by content, however many', async () => {
  const lines = Array.from({ length: 5000 }, (_, site) => `@ module${site % 7}:(f+0x1)[0x${(site >> 3).toString(16)}00000000000000] + 0x${(site * 16 + 16).toString(16)} 0x1\n`)
  const trace = await read(lines.join(''))
  expect(sitesOf(trace)).toEqual(lines.map((line) => line.slice(2, line.indexOf(' + '))))
  expect(new Set(trace.sites.names).size).toBe(trace.sites.names.length)
})

test('a cancel stops the reading', async () => {
  const text = '@ module:(function+0x10)[0x1234] + 0x10 0x1\n'.repeat(20_000)
  await expect(parseMtrace(sourceOf(text), MODES.compatible, cancelledAfter(1))).rejects.toMatchObject({ code: 'cancelled' })
})

test.each([
  ['= Start\n', true],
  ['= Start\r\n@ x', true],
  ['@ ./a:[0x1] + 0x10 0x1\n', true],
  ['@ ./a:[0x1] + (nil) 0x1\n', true],
  ['@ ./a:[0x1] - 0x10\n', true],
  ['= Started\n', false],
  ['@ mail address\n', false],
  ['', false],
])('%j is recognised: %s', (text, expected) => {
  expect(looksLikeMtrace(new TextEncoder().encode(text))).toBe(expected)
})
