import { describe, expect, test } from 'vitest'
import { MemorySource } from '../../base/byte-source'
import { cancelledAfter } from '../../base/job-context'
import { noteCodes, openRealProfile, readText, realBytes, realFiles, totalOf } from '../testing/real-profiles'
import { parseGperftoolsHeap } from './parse'

const read = readText(parseGperftoolsHeap)
const profileOf = (kind: string): string => `heap profile:  2:  200 [  3:  300] @ ${kind}\n  2:  200 [  3:  300] @ 0x400010 0x400020\n\nMAPPED_LIBRARIES:\n00400000-00402000 r-xp 00000000 fe:00 17   /bin/a\n`

describe('what the lines mean', () => {
  test('heapprofile is exact', async () => {
    const profile = await read(profileOf('heapprofile'), 'strict')
    expect([profile.sampling, profile.origin.version, profile.sites.names]).toEqual([undefined, 'heapprofile', ['a@0x400010 < a@0x400020']])
    expect(profile.measures.map(({ id, values }) => [id, values.at(0)])).toEqual([['live-blocks', 2], ['live-bytes', 200], ['allocated-blocks', 3], ['allocated-bytes', 300]])
  })

  test.each([['heap_v2/128', 128], ['heapz_v2/128', 128], ['heap/256', 128]])('%s is sampled each %d bytes', async (kind, period) => {
    const profile = await read(profileOf(kind), 'strict')
    expect(profile.sampling!.periodBytes).toBe(period)
    expect([totalOf(profile, 'live-bytes-sampled'), totalOf(profile, 'live-bytes-scaled')]).toEqual([200, expect.closeTo(200 / (1 - Math.exp(-100 / 128)), 9)])
  })

  test('another kind is refused', async () => {
    await expect(read(profileOf('contention'))).rejects.toMatchObject({ code: 'format-malformed' })
  })
})

describe('defects', () => {
  const text = profileOf('heapprofile')
  test.each([
    ['unknown-line', text.replace('\n\n', '\nhello\n'), 'format-malformed'],
    ['modules-missing', text.slice(0, text.indexOf('MAPPED')), 'format-truncated'],
    ['records-missing', text.replace('2:  200 [', '9:  900 ['), 'format-truncated'],
    ['other-total', text.replace('2:  200 [', '1:  100 ['), 'format-malformed'],
    ['cut-line', text.slice(0, -3), 'format-truncated'],
  ])('%s is counted, and refused in strict mode', async (code, damaged, error) => {
    expect(noteCodes(await read(damaged)).join()).toContain(`${code} x1`)
    await expect(read(damaged, 'strict')).rejects.toMatchObject({ code: error })
  })

  test('can be cancelled', async () => {
    await expect(parseGperftoolsHeap(new MemorySource(new TextEncoder().encode(text)), { mode: 'compatible' }, cancelledAfter(0))).rejects.toMatchObject({ code: 'cancelled' })
  })
})

const files = [['pprof-heap', 'cppbench.heap'] as const, ...realFiles('tcmalloc').filter((file) => file.endsWith('.heap')).map((file) => ['tcmalloc', file] as const)]
const IDS = ['live-blocks', 'live-bytes', 'allocated-blocks', 'allocated-bytes']

describe.skipIf(realFiles('tcmalloc').length === 0)('recorded files', () => {
  test.each(files)('%s/%s: stacks add up to what the header states, or the file says what is missing', async (folder, file) => {
    const profile = await openRealProfile(folder, file, 'gperftools-heap')
    const stated = /(\d+): +(\d+) \[ *(\d+): +(\d+)\]/.exec(Buffer.from(realBytes(folder, file)).toString('latin1'))!.slice(1, 5).map(Number)
    const found = IDS.map((id) => totalOf(profile, profile.sampling === undefined ? id : `${id}-sampled`))
    expect(profile.measures.slice(0, 4).map(({ statedTotal }) => statedTotal)).toEqual(stated)
    if (profile.origin.partial) {
      expect(noteCodes(profile)).toEqual(['records-missing x1 @1'])
      expect(realBytes(folder, file).length).toBeGreaterThan(1024 * 1024 - 4096)
    } else expect(found).toEqual(stated)
  })

  // FACTS.md, sqlite-20k-c256: 183,800,762 bytes in 629,659 allocations and 35,272 reallocations.
  test.each([['tcprof.sqlite-20k.0006.heap', 183800762, 629659 + 35272]])('%s: the totals equal those of another recorder', async (file, bytes, blocks) => {
    const profile = await openRealProfile('tcmalloc', file, 'gperftools-heap')
    expect([totalOf(profile, 'allocated-bytes'), totalOf(profile, 'allocated-blocks')]).toEqual([bytes, blocks])
  })
})
