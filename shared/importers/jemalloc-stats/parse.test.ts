import { describe, expect, test } from 'vitest'
import { MemorySource } from '../../base/byte-source'
import { cancelledAfter } from '../../base/job-context'
import type { Profile } from '../../model/profile'
import { samplesOf } from '../testing/samples'
import { noteCodes, openRealProfile, readText, realFiles } from '../testing/real-profiles'
import { parseJemallocStats } from './parse'

const read = readText(parseJemallocStats)
const sample = (file: string): string => new TextDecoder().decode(samplesOf('jemalloc-stats').find((one) => one.file === file)!.bytes)

/** Sum of a figure over all rows of a kind in one arena. */
function sumOf({ statistics }: Profile, kind: string, subject: string, figure: (subject: string, name: string, value: number) => number): number {
  return statistics.kind.reduce((sum, found, row) => {
    const isMeant = found === kind && statistics.subject[row]!.startsWith(subject)
    return isMeant ? sum + figure(statistics.subject[row]!, statistics.name[row]!, statistics.value.at(row)) : sum
  }, 0)
}

const sizeOf = (subject: string): number => Number(/(\d+) bytes$/.exec(subject)?.[1])

test.each(['small.json', 'small.txt'])('%s: the same figures have the same names', async (file) => {
  const { statistics, origin } = await read(sample(file), 'strict')
  const figures = [['process', '', 'allocated'], ['arena', 'arena 0', 'small.allocated'], ['bin', 'arena 0, 48 bytes', 'curregs'], ['large-extent', 'arena 0, 20480 bytes', 'curlextents'], ['option', '', 'opt.narenas']] as const
  expect(figures.map(([kind, subject, name]) => statistics.find(kind, subject, name))).toEqual([20960, 480, 10, 1, 2])
  expect(origin.producer).toBe('jemalloc 5.3.0')
})

test.each([
  ['file-cut', sample('small.json').slice(0, 700), 'format-truncated'],
  ['rest-unreadable', sample('small.json').replace('"stats.arenas":', '"stats.arenas";'), 'format-malformed'],
  ['row-unreadable', sample('small.txt').replace('0.039', '0.039 7'), 'format-malformed'],
  ['text-incomplete', sample('small.txt').replace('--- End', '---'), 'format-truncated'],
  ['cut-line', sample('small.txt').slice(0, -60), 'format-truncated'],
])('%s is counted, and refused in strict mode', async (code, text, error) => {
  expect(noteCodes(await read(text)).join()).toContain(`${code} x1`)
  await expect(read(text, 'strict')).rejects.toMatchObject({ code: error })
})

test('can be cancelled', async () => {
  await expect(parseJemallocStats(new MemorySource(new TextEncoder().encode(sample('small.json'))), { mode: 'compatible' }, cancelledAfter(0))).rejects.toMatchObject({ code: 'cancelled' })
})

const files = realFiles('jemalloc').filter((file) => file.startsWith('stats.'))

describe.skipIf(files.length === 0)('recorded files', () => {
  test.each(files)('%s: size classes add up to the arenas, arenas to the process', async (file) => {
    const profile = await openRealProfile('jemalloc', file, 'jemalloc-stats')
    const { statistics } = profile
    expect([profile.origin.notes, profile.origin.producer]).toEqual([[], 'jemalloc 5.3.0'])
    const arenas = [...new Set(statistics.subject.filter((subject) => /^arena \d+$/.test(subject)))]
    let allocated = 0
    for (const arena of arenas) {
      const small = sumOf(profile, 'bin', `${arena}, `, (subject, name, value) => (name === 'curregs' ? value * sizeOf(subject) : 0))
      const large = sumOf(profile, 'large-extent', `${arena}, `, (subject, name, value) => (name === 'curlextents' ? value * sizeOf(subject) : 0))
      expect([small, large], arena).toEqual([statistics.find('arena', arena, 'small.allocated'), statistics.find('arena', arena, 'large.allocated')])
      allocated += small + large
    }
    expect(allocated).toBe(statistics.find('process', '', 'allocated'))
    expect(arenas.length).toBeGreaterThan(0)
  })
})
