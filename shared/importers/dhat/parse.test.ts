import { describe, expect, test } from 'vitest'
import { MemorySource } from '../../base/byte-source'
import { cancelledAfter } from '../../base/job-context'
import { peakMoment } from '../../model/profile'
import { noteCodes, openRealProfile, readText, realBytes, realFiles, totalOf } from '../testing/real-profiles'
import { parseDhat } from './parse'

const read = readText(parseDhat)
const dhat = (fields: object): string => JSON.stringify({ dhatFileVersion: 2, mode: 'heap', verb: 'Allocated', bklt: true, bkacc: true, tu: 'ms', cmd: 'a', te: 9, tg: 4, ...fields })
const POINT = { tb: 8, tbk: 2, tl: 3, mb: 8, mbk: 2, gb: 4, gbk: 1, eb: 0, ebk: 0, rb: 5, wb: 6, fs: [1] }

describe('what the keys mean', () => {
  test('a program point is a site with all its figures; the peak and the end are moments', async () => {
    const profile = await read(dhat({ pps: [POINT], ftbl: ['[root]', '0x10: f (a.c:3)'] }), 'strict')
    expect(profile.sites.names).toEqual(['f'])
    expect(Object.fromEntries(profile.measures.map(({ id, values }) => [id, values.at(0)]))).toEqual({
      'allocated-bytes': 8, 'allocated-blocks': 2, lifetime: 3, 'site-peak-bytes': 8, 'site-peak-blocks': 2, 'peak-bytes': 4, 'peak-blocks': 1,
      'end-bytes': 0, 'end-blocks': 0, 'read-bytes': 5, 'written-bytes': 6,
    })
    expect([profile.series!.timeUnit, peakMoment(profile.series!), profile.series!.moments.time.at(1)]).toEqual(['ms', 0, 9])
    expect(profile.series!.cells.length).toBe(1)
  })

  test('without lifetimes and accesses those measures are not there, rather than 0', async () => {
    const profile = await read(dhat({ bklt: false, bkacc: false, pps: [{ tb: 1, tbk: 1, fs: [1] }], ftbl: ['[root]', 'f'] }))
    expect(profile.measures.map(({ id }) => id)).toEqual(['allocated-bytes', 'allocated-blocks'])
    expect(profile.series).toBeUndefined()
  })

  test('ad-hoc and copy profiles count their own units', async () => {
    const profile = await read(dhat({ mode: 'ad-hoc', bklt: false, bkacc: false, bsu: 'units', bksu: 'events', pps: [{ tb: 7, tbk: 1, fs: [1] }], ftbl: ['[root]', 'f'] }))
    expect(profile.measures.map(({ id, unit }) => [id, unit])).toEqual([['total-size', 'units'], ['total-count', 'events']])
  })
})

describe('defects', () => {
  test.each([
    ['point-unreadable', dhat({ pps: [POINT, { ...POINT, tb: -1 }], ftbl: ['[root]', 'f'] }), 'format-malformed'],
    ['frame-unknown', dhat({ pps: [{ ...POINT, fs: [9] }], ftbl: ['[root]', 'f'] }), 'format-malformed'],
    ['frames-missing', dhat({ pps: [POINT] }), 'format-truncated'],
    ['file-cut', dhat({ pps: [POINT, POINT] }).slice(0, -20), 'format-truncated'],
    ['rest-unreadable', dhat({ pps: [POINT] }).replace('"fs":[1]}', '"fs":[1]} x'), 'format-malformed'],
  ])('%s is counted, and refused in strict mode', async (code, text, error) => {
    expect(noteCodes(await read(text)).join()).toContain(`${code} x1`)
    await expect(read(text, 'strict')).rejects.toMatchObject({ code: error })
  })

  test.each([[3, 'format-too-new'], [1, 'format-malformed']])('version %d is refused', async (dhatFileVersion, code) => {
    await expect(read(dhat({ dhatFileVersion }))).rejects.toMatchObject({ code })
  })

  test('can be cancelled', async () => {
    const source = new MemorySource(new TextEncoder().encode(dhat({ pps: [POINT], ftbl: [] })))
    await expect(parseDhat(source, { mode: 'compatible' }, cancelledAfter(0))).rejects.toMatchObject({ code: 'cancelled' })
  })
})

interface DhatJson {
  readonly pps: readonly Record<string, number>[]
}

describe.skipIf(realFiles('dhat').length === 0)('recorded files', () => {
  const KEYS = { tb: 'allocated-bytes', tbk: 'allocated-blocks', tl: 'lifetime', gb: 'peak-bytes', gbk: 'peak-blocks', eb: 'end-bytes', ebk: 'end-blocks', rb: 'read-bytes', wb: 'written-bytes' }

  test.each(realFiles('dhat'))('%s: sums equal those of its points', async (file) => {
    const profile = await openRealProfile('dhat', file, 'dhat')
    const { pps } = JSON.parse(Buffer.from(realBytes('dhat', file)).toString('utf8')) as DhatJson
    for (const [key, id] of Object.entries(KEYS)) expect(totalOf(profile, id), id).toBe(pps.reduce((sum, point) => sum + point[key]!, 0))
    expect(profile.sites.names.length).toBe(pps.length)
    expect(profile.origin.notes).toEqual([])
  })

  // FACTS.md, counted over the mtrace log of the same program: total 6432106 bytes, at most 342418 live.
  test('dhat.out.sqlite-500: total and peak equal those of another recorder', async () => {
    const profile = await openRealProfile('dhat', 'dhat.out.sqlite-500', 'dhat')
    expect(['allocated-bytes', 'peak-bytes', 'end-bytes'].map((id) => totalOf(profile, id))).toEqual([6432106, 342418, 0])
    // 19,866 allocations and 1,232 reallocations, each a new block for DHAT.
    expect(totalOf(profile, 'allocated-blocks')).toBe(19866 + 1232)
  })
})
