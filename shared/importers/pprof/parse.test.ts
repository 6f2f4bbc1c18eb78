import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { MemorySource } from '../../base/byte-source'
import { HeapscapeError } from '../../base/errors'
import { cancelledAfter, quietJob } from '../../base/job-context'
import { stackName } from '../../model/call-stacks'
import type { Profile } from '../../model/profile'
import { importSource } from '../import-source'
import { noteCodes, totalOf } from '../testing/real-profiles'
import { samplesOf } from '../testing/samples'
import { parsePprof } from './parse'
import { looksLikePprof } from './sniff'
import { PprofWriter, smallPprof } from './testing/write-pprof'

const read = (bytes: Uint8Array, mode: 'compatible' | 'strict' = 'compatible'): Promise<Profile> => parsePprof(new MemorySource(bytes, 'test'), { mode }, quietJob)
const pathsOf = ({ sites }: Profile): string[] => sites.names.map((_, site) => stackName(sites.calls!.tables, sites.calls!.stackOf.at(site), 99))

describe('what the fields mean', () => {
  test('samples are sites with inlined frames; figures drawn by sampling are estimates', async () => {
    const profile = await read(smallPprof(), 'strict')
    expect(pathsOf(profile)).toEqual(['ring.grow < ring.push < main.main', 'juggle@0x402000 < main.main'])
    expect(profile.sites.calls!.tables.frames.inlined.at(0)).toBe(1)
    expect(profile.measures.map(({ id, basis }) => [id, basis, totalOf(profile, id)])).toEqual([
      ['allocated-blocks-scaled', 'scaled', 31], ['allocated-bytes-scaled', 'scaled', 5000070000], ['live-blocks-scaled', 'scaled', 13], ['live-bytes-scaled', 'scaled', 5000066000],
    ])
    expect([profile.sampling!.periodBytes, noteCodes(profile)]).toEqual([524288, ['labels-left-out x1 @-']])
  })

  test('packed with gzip, as profiles usually are, it is found by content', async () => {
    const profile = await importSource(new MemorySource(gzipSync(smallPprof()), 'unknown'), { mode: 'strict' }, quietJob)
    expect(profile.origin).toMatchObject({ format: 'pprof', partial: false })
  })

  test('the sample in the folder is what the writer writes', () => {
    expect(Buffer.compare(samplesOf('pprof').find(({ file }) => file === 'small.pb')!.bytes, smallPprof())).toBe(0)
  })

  test('negative values of a difference, unpacked lists, unknown types', async () => {
    const writer = new PprofWriter().type(1, 'Odd Thing', 'bytes')
    writer.message(2, [[1, 1], [1, 2], [2, [-5]]]).message(4, [[1, 1], [3, 16]]).message(4, [[1, 2], [3, 32]]).type(11, 'space', 'bytes').number(12, 1)
    const profile = await read(writer.finish(), 'strict')
    expect([profile.sampling, pathsOf(profile), totalOf(profile, 'pprof-odd-thing')]).toEqual([undefined, ['0x10 < 0x20'], -5])
  })

  test('a profile of time is refused', async () => {
    const writer = new PprofWriter().type(1, 'cpu', 'nanoseconds').message(2, [[2, [5]]])
    await expect(read(writer.finish())).rejects.toMatchObject({ code: 'format-malformed', facts: { got: 'cpu/nanoseconds' } })
  })
})

describe('defects', () => {
  const base = (): PprofWriter => new PprofWriter().type(1, 'space', 'bytes').message(4, [[1, 1], [3, 16]]).type(11, 'space', 'bytes').number(12, 1)
  test.each([
    ['location-unknown', base().message(2, [[1, [7]], [2, [5]]]).finish(), 'format-malformed'],
    ['message-unreadable', base().message(2, [[1, [1]], [2, [5, 6]]]).finish(), 'format-malformed'],
    ['file-cut', smallPprof().subarray(0, -1), 'format-truncated'],
    ['rest-unreadable', Uint8Array.from([...base().message(2, [[1, [1]], [2, [5]]]).finish(), 0, ...new Uint8Array(40)]), 'format-malformed'],
  ])('%s is counted, and refused in strict mode', async (code, bytes, error) => {
    expect(noteCodes(await read(bytes)).join()).toContain(`${code} x1`)
    await expect(read(bytes, 'strict')).rejects.toMatchObject({ code: error })
  })

  test('a file that does not say how it was sampled says so', async () => {
    const profile = await read(new PprofWriter().type(1, 'space', 'bytes').message(2, [[2, [5]]]).finish(), 'strict')
    expect([noteCodes(profile), profile.sites.names]).toEqual([['sampling-untold x1 @-'], ['(unknown place)']])
  })

  test('cut anywhere it is a coded error or partial', async () => {
    const bytes = smallPprof()
    for (let length = 0; length < bytes.length; length++) {
      const outcome = await read(bytes.subarray(0, length)).catch((error: unknown) => error)
      // Between two texts nothing shows that one is missing.
      if (outcome instanceof Error) expect(outcome).toBeInstanceOf(HeapscapeError)
    }
  })

  test('can be cancelled', async () => {
    await expect(parsePprof(new MemorySource(smallPprof()), { mode: 'compatible' }, cancelledAfter(0))).rejects.toMatchObject({ code: 'cancelled' })
  })
})

test('is known by its first fields alone', () => {
  expect(looksLikePprof(smallPprof().subarray(0, 120))).toBe(true)
  for (const other of ['', '\n', '\n\u0002hi', '\n\u0004\u0008\u0001\u0010\u0002', 'desc: x\ncmd: y\n']) expect(looksLikePprof(new TextEncoder().encode(other)), other).toBe(false)
})
