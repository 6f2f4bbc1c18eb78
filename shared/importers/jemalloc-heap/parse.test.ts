import { describe, expect, test } from 'vitest'
import { MemorySource } from '../../base/byte-source'
import { cancelledAfter } from '../../base/job-context'
import { noteCodes, openRealProfile, readText, realBytes, realFiles, totalOf } from '../testing/real-profiles'
import { parseJemallocHeap } from './parse'

const read = readText(parseJemallocHeap)
const MAPS = '\nMAPPED_LIBRARIES:\n00400000-00402000 r-xp 00000000 fe:00 17   /bin/a b\n'

describe('what the lines mean', () => {
  test('t* of a stack is a site, t* before the stacks the total, tN there a thread', async () => {
    const profile = await read(`heap_v2/64\n  t*: 3: 300 [4: 500]\n  t7: 3: 300 [4: 500] io\n@ 0x400010 0x400020\n  t*: 3: 300 [4: 500]\n  t7: 3: 300 [4: 500]\n${MAPS}`, 'strict')
    expect(profile.sites.names).toEqual(['a b@0x400010 < a b@0x400020'])
    expect([totalOf(profile, 'live-bytes-sampled'), totalOf(profile, 'allocated-blocks-sampled')]).toEqual([300, 4])
    expect(totalOf(profile, 'live-bytes-scaled')).toBeCloseTo(300 / (1 - Math.exp(-100 / 64)), 9)
    expect(profile.statistics.find('thread', 'thread 7, io', 'live-bytes-sampled')).toBe(300)
  })

  test('a period of 1 samples every block: exact', async () => {
    const profile = await read(`heap_v2/1\n  t*: 1: 8 [0: 0]\n@ 0x400010\n  t*: 1: 8 [0: 0]\n${MAPS}`)
    expect([profile.sampling, profile.measures.map(({ id }) => id), profile.origin.lacking]).toEqual([undefined, ['live-blocks', 'live-bytes'], ['symbols', 'frees']])
  })
})

describe('defects', () => {
  const HEAD = 'heap_v2/64\n  t*: 1: 8 [0: 0]\n@ 0x400010\n  t*: 1: 8 [0: 0]\n'
  test.each([
    ['unknown-line', `${HEAD}hello\n${MAPS}`, 'format-malformed'],
    ['stack-unreadable', `${HEAD}@ 0xzz\n  t*: 1: 8 [0: 0]\n${MAPS}`, 'format-malformed'],
    ['other-total', `${HEAD}@ 0x400020\n  t*: 99: 9999 [0: 0]\n${MAPS}`, 'format-malformed'],
    ['modules-missing', HEAD, 'format-truncated'],
    ['cut-line', `${HEAD}${MAPS}0040`, 'format-truncated'],
  ])('%s is counted, and refused in strict mode', async (code, text, error) => {
    expect(noteCodes(await read(text)).join()).toContain(`${code} x1`)
    await expect(read(text, 'strict')).rejects.toMatchObject({ code: error })
  })

  test('can be cancelled', async () => {
    await expect(parseJemallocHeap(new MemorySource(new TextEncoder().encode(HEAD)), { mode: 'compatible' }, cancelledAfter(0))).rejects.toMatchObject({ code: 'cancelled' })
  })
})

const files = realFiles('jemalloc').filter((file) => file.endsWith('.heap'))

describe.skipIf(files.length === 0)('recorded files', () => {
  test.each(files)('%s: counts are those of the file, and agree with its total when scaled', async (file) => {
    const profile = await openRealProfile('jemalloc', file, 'jemalloc-heap')
    const lines = [...Buffer.from(realBytes('jemalloc', file)).toString('latin1').matchAll(/t\*: (\d+): (\d+) \[(\d+): (\d+)\]/g)].map((match) => match.slice(1, 5).map(Number))
    const [stated, ...stacks] = lines
    const ids = ['live-blocks', 'live-bytes', 'allocated-blocks', 'allocated-bytes']
    expect(ids.map((id) => totalOf(profile, `${id}-sampled`))).toEqual([0, 1, 2, 3].map((at) => stacks.reduce((sum, line) => sum + line[at]!, 0)))
    expect(profile.measures.slice(0, 4).map(({ statedTotal }) => statedTotal)).toEqual(stated)
    const period = profile.sampling!.periodBytes!
    const scaledTotal = stated![3]! / (1 - Math.exp(-stated![3]! / stated![2]! / period))
    expect(Math.abs(totalOf(profile, 'allocated-bytes-scaled')! / scaledTotal - 1)).toBeLessThan(0.002)
    expect([period, profile.origin.partial, profile.origin.notes]).toEqual([16384, false, []])
  })

  // FACTS.md, sqlite-20k-c256: 629,659 allocations and 35,272 reallocations asking for 183,800,762 bytes; about 11,600 samples.
  test('prof.sqlite-20k.final.heap: the scaled totals are near what the program really did', async () => {
    const profile = await openRealProfile('jemalloc', 'prof.sqlite-20k.final.heap', 'jemalloc-heap')
    expect(Math.abs(totalOf(profile, 'allocated-blocks-scaled')! / (629659 + 35272) - 1)).toBeLessThan(0.03)
    const bytes = totalOf(profile, 'allocated-bytes-scaled')! / 183800762
    // Size classes are at most a quarter larger than the request.
    expect(bytes).toBeGreaterThan(1)
    expect(bytes).toBeLessThan(1.25)
  })
})
