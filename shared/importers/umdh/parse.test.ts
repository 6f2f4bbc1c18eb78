import { describe, expect, test } from 'vitest'
import { noteCodes, openRealProfile, readText, realBytes, realFiles, totalOf } from '../testing/real-profiles'
import { parseUmdh } from './parse'

const read = readText(parseUmdh)
const heap = (body: string): string => `// UMDH: version 6\n*- - Start of data for heap @ 10000 - -\n${body}*- - End of data for heap @ 10000 - -\n`

describe('a log', () => {
  test('blocks of one number share the stack below the first of them; figures are hexadecimal', async () => {
    const profile = await read(`//   400000  1000 C:\\a b.exe\n${heap('10 bytes + 8 at 10080 by BackTraceA\n\t400010\n\tn!f+0x1C (c:\\f.c, 7)\n\n20 bytes + 8 at 100c0 by BackTraceA\n')}`, 'strict')
    expect([totalOf(profile, 'live-bytes'), totalOf(profile, 'live-blocks'), totalOf(profile, 'overhead-bytes')]).toEqual([48, 2, 16])
    const { module, function: functions, file, line } = profile.sites.calls!.tables.frames
    expect([module, functions, file, line.at(1)]).toEqual([['C:\\a b.exe', 'n'], ['', 'f'], ['', 'c:\\f.c'], 7])
    expect(profile.statistics.find('heap', 'heap 0x10000', 'requested bytes')).toBe(48)
  })
})

describe('a comparison', () => {
  const entry = (sign: string, change: string, after: string, before: string): string => `${sign}  ${change} ( ${after} - ${before})  12 allocs\tBackTrace1\n\tm!f+0x1\n`

  test.each([
    ['hexadecimal letters', entry('+', '5320', 'f110', '9df0'), 21280],
    ['decimal by arithmetic', entry('+', '21280', '61712', '40432'), 21280],
    ['hexadecimal by arithmetic', entry('+', '80', '100', '80'), 128],
    ['a decrease', entry('-', 'a', '0', 'a'), -10],
  ])('%s', async (_what, text, change) => {
    const profile = await read(`${text}Total increase == 0\n`, 'strict')
    expect([totalOf(profile, 'live-bytes-change'), noteCodes(profile)]).toEqual([change, []])
  })

  test('figures that may be of either base are hexadecimal, and that is said', async () => {
    expect(noteCodes(await read(`${entry('+', '10', '30', '20')}Total increase == 10\n`))).toEqual(['base-assumed x1 @1'])
  })
})

test.each([
  ['unknown-line', heap('what\n'), 'format-malformed'],
  ['heap-cut', heap('').split('*- - End')[0]!, 'format-truncated'],
  ['cut-line', `${heap('')}*- - Star`, 'format-truncated'],
  ['total-missing', '+ a ( a - 0) 1 allocs\tBackTrace1\n', 'format-truncated'],
])('%s is counted, and refused in strict mode', async (code, text, error) => {
  expect(noteCodes(await read(text)).join()).toContain(`${code} x1`)
  await expect(read(text, 'strict')).rejects.toMatchObject({ code: error })
})

describe.skipIf(realFiles('umdh').length === 0)('recorded files', () => {
  test.each(realFiles('umdh'))('%s: every block is counted', async (file) => {
    const profile = await openRealProfile('umdh', file, 'umdh')
    const entries = [...Buffer.from(realBytes('umdh', file)).toString('latin1').matchAll(/^([0-9A-F]+) bytes \+ ([0-9A-F]+) at/gm)]
    const sum = (at: number): number => entries.reduce((all, match) => all + parseInt(match[at]!, 16), 0)
    expect([totalOf(profile, 'live-blocks'), totalOf(profile, 'live-bytes'), totalOf(profile, 'overhead-bytes')]).toEqual([entries.length, sum(1), sum(2)])
    expect(profile.origin).toMatchObject({ partial: false, producer: 'UMDH 6.1.7650.0' })
    expect(profile.sites.names.length).toBe(new Set(Buffer.from(realBytes('umdh', file)).toString('latin1').match(/by BackTrace[0-9A-F]+\r?$/gm)).size)
  })
})
