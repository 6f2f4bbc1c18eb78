import { describe, expect, test } from 'vitest'
import { noteCodes, openRealProfile, readText, realBytes, realFiles } from '../testing/real-profiles'
import { parseTcmallocStats } from './parse'

const read = readText(parseTcmallocStats)
const TEXT = 'MALLOC:  10 (  0.0 MiB) Bytes in use by application\nMALLOC: +  5 (  0.0 MiB) Bytes in malloc metadata\nclass 3 [ 32 bytes ] : 3 objs; 0.0 MiB; 0.0 cum MiB\n 2 pages *  1 spans ~ 0.0 MiB;\n'

test('figures, classes and spans', async () => {
  const { statistics } = await read(TEXT, 'strict')
  expect([statistics.find('process', '', 'Bytes in use by application'), statistics.find('size-class', '32 bytes', 'cached bytes'), statistics.find('free-span', '2 pages', 'free spans')]).toEqual([10, 96, 1])
})

test.each([
  ['unknown-line', `${TEXT}hello\n`, 'format-malformed'],
  ['cut-line', TEXT.slice(0, -3), 'format-truncated'],
  ['text-incomplete', TEXT.slice(0, TEXT.indexOf(' 2 pages')), 'format-truncated'],
])('%s is counted, and refused in strict mode', async (code, text, error) => {
  expect(noteCodes(await read(text)).join()).toContain(`${code} x1`)
  await expect(read(text, 'strict')).rejects.toMatchObject({ code: error })
})

const files = realFiles('tcmalloc').filter((file) => file.endsWith('.txt'))

describe.skipIf(files.length === 0)('recorded files', () => {
  test.each(files)('%s: the parts add up to the sums the text states', async (file) => {
    const { statistics, origin } = await openRealProfile('tcmalloc', file, 'tcmalloc-stats')
    const figure = (name: string): number => statistics.find('process', '', name)!
    const caches = ['Bytes in central cache freelist', 'Bytes in transfer cache freelist', 'Bytes in thread cache freelists'].reduce((sum, name) => sum + figure(name), 0)
    expect(figure('Bytes in use by application') + figure('Bytes in page heap freelist') + caches + figure('Bytes in malloc metadata')).toBe(figure('Actual memory used (physical + swap)'))
    const sumOf = (kind: string, value: (row: number) => number): number => statistics.kind.reduce((sum, found, row) => (found === kind ? sum + value(row) : sum), 0)
    // The caches are the classes' objects and the tails of their spans, which the text gives rounded as overhead.
    const objects = sumOf('size-class', (row) => (statistics.unit[row] === 'bytes' ? statistics.value.at(row) : 0))
    const overhead = [...Buffer.from(realBytes('tcmalloc', file)).toString('latin1').matchAll(/([\d.]+) cum overhead MiB/g)].at(-1)![1]
    expect(((caches - objects) / 1024 / 1024).toFixed(3)).toBe(overhead)
    const pages = sumOf('free-span', (row) => statistics.value.at(row) * (parseInt(statistics.subject[row]!, 10) || 0))
    expect(pages * figure('Tcmalloc page size')).toBe(figure('Bytes in page heap freelist'))
    expect(origin.notes).toEqual([])
  })
})
