import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { runCommandLine } from './command-line'
import { failureLine } from './output'
import { rangeOption } from './range-option'

const folder = mkdtempSync(path.join(tmpdir(), 'heapscape-range-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it.each([
  ['5..9', { by: 'events', from: 5, to: 9 }],
  ['5..', { by: 'events', from: 5, to: Number.MAX_SAFE_INTEGER }],
  ['..9', { by: 'events', from: 1, to: 9 }],
])('--events %s', (text, range) => expect(rangeOption(text, undefined)).toEqual({ range }))

it.each([
  ['1.5s..2s', { by: 'time', from: 1.5e9, to: 2e9 }],
  ['..250ms', { by: 'time', from: 0, to: 250e6 }],
  ['3us..7ns', undefined],
  ['7ns..3us', { by: 'time', from: 7, to: 3000 }],
])('--time %s', (text, range) => {
  if (range === undefined) expect(() => rangeOption(undefined, text)).toThrow('ends before it begins')
  else expect(rangeOption(undefined, text)).toEqual({ range })
})

it.each(['0..5', '9..5', '5', 'a..b', '1..2..3', '1.5..2'])('--events %s is refused', (text) => expect(() => rangeOption(text, undefined)).toThrow())
it.each(['1..2', '1h..2h', '-1s..2s', '5s'])('--time %s is refused', (text) => expect(() => rangeOption(undefined, text)).toThrow())
it('only one of them', () => expect(() => rangeOption('1..2', '1s..2s')).toThrow('exclude'))

it('info tells of the range what it tells of a trace', async () => {
  const file = path.join(folder, 'trace.csv')
  writeFileSync(file, 'op,at,size\nalloc,1,10\nalloc,2,20\nfree,1,\nalloc,3,30\n')
  const results: string[] = []
  const errors: string[] = []
  const run = (...args: string[]): Promise<number> => runCommandLine(args, { result: (text) => results.push(text), failure: (failure) => errors.push(failureLine(failure)) })
  expect(await run('info', file, '--events', '2..3', '--json')).toBe(0)
  expect(JSON.parse(results[0]!)).toMatchObject({ events: { alloc: 1, free: 0, orphanFree: 1 }, lacking: expect.arrayContaining(['earlier-blocks']) as unknown, notes: [{ code: 'range', count: 2 }, { code: 'earlier-free', count: 1 }] })
  expect(await run('info', file, '--events', '7..9')).toBe(2)
  expect(errors[0]).toContain('range-invalid')
})
