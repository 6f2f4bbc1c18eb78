import { describe, expect, test } from 'vitest'
import { MemorySource } from '../../base/byte-source'
import { cancelledAfter, quietJob } from '../../base/job-context'
import type { Trace } from '../../model/trace'
import { looksLikeMallocBench, parseMallocBench } from './parse'
import { LARGE, checkRecorded, recordedFiles } from './testing/recorded'

const MALLOC_0_16 = [0x0a, 0x06, 0x0a, 0x04, 0x08, 0x00, 0x10, 0x10]
const FREE_0 = [0x0a, 0x04, 0x12, 0x02, 0x08, 0x00]
const MOST_1 = [0x10, 0x01]

const sourceOf = (...parts: number[][]): MemorySource => new MemorySource(Uint8Array.from(parts.flat()), 'test.trace')
const read = (mode: 'compatible' | 'strict', ...parts: number[][]): Promise<Trace> => parseMallocBench(sourceOf(...parts), { mode }, quietJob)

test('a file with its number of blocks is whole; without it, cut', async () => {
  const whole = await read('strict', MALLOC_0_16, FREE_0, MOST_1)
  expect(whole.origin).toMatchObject({ partial: false, notes: [] })
  const cut = await read('compatible', MALLOC_0_16, FREE_0)
  expect([cut.origin.partial, cut.origin.notes[0]!.code, cut.events]).toEqual([true, 'no-total', 2])
  await expect(read('strict', MALLOC_0_16, FREE_0)).rejects.toMatchObject({ code: 'format-truncated' })
})

test('another number of blocks than stated is told', async () => {
  expect((await read('strict', MALLOC_0_16, FREE_0, [0x10, 0x02])).origin.notes[0]!.code).toBe('other-total')
})

test('damage keeps what came before, with the place in strict mode', async () => {
  const damage = [0x0a, 0x02, 0x3a, 0x00]
  const trace = await read('compatible', MALLOC_0_16, damage, FREE_0, MOST_1)
  expect([trace.events, trace.origin.partial, trace.origin.notes[0]!.code]).toEqual([1, true, 'unreadable-rest'])
  await expect(read('strict', MALLOC_0_16, damage)).rejects.toMatchObject({ code: 'format-malformed', where: { offset: 8 } })
  await expect(read('compatible', damage)).rejects.toMatchObject({ code: 'format-malformed' })
})

test('records across the borders of windows are read once', async () => {
  const pairs = 60_000
  const bytes = Uint8Array.from({ length: pairs * 14 + 2 }, (_, i) => (i < pairs * 14 ? [...MALLOC_0_16, ...FREE_0][i % 14]! : MOST_1[i - pairs * 14]!))
  const trace = await parseMallocBench(new MemorySource(bytes), { mode: 'strict' }, quietJob)
  expect(trace.events).toBe(2 * pairs)
  await expect(parseMallocBench(new MemorySource(bytes), { mode: 'strict' }, cancelledAfter(1))).rejects.toMatchObject({ code: 'cancelled' })
})

test.each([[[0x0a, 0x04, 0x08, 0x01, 0x10, 0x02]], [[0x0a]], [[0x10, 0x01]], [[0x0a, 0x04, 0x2a, 0x02, 0x08, 0x00]]])('%j is none of ours', (bytes) => {
  expect(looksLikeMallocBench(Uint8Array.from(bytes))).toBe(false)
})

describe.skipIf(recordedFiles().length === 0)('recorded files: sound, whole, with the number of blocks they state', () => {
  test.each(recordedFiles().filter((file) => !LARGE.test(file)))('%s', checkRecorded)
})
