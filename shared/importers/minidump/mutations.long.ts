import { describe, expect, test } from 'vitest'
import { bytesOf, hasData, hasKit, KIT_SAMPLES, REAL_DUMP } from './testing/dump-data'
import { mutateDump } from './testing/mutate'
import { smallDump } from './testing/small-dumps'

/** Of the whole process, test tools included. */
const MEMORY_LIMIT_BYTES = 512 * 1024 * 1024

const growth = (before: number): number => process.memoryUsage().rss - before

test('3,000 damaged copies of a small dump', () => mutateDump(smallDump(), 3000, 11))

describe.skipIf(!hasData || !hasKit)('damaged copies of real dumps', () => {
  test.each([
    ['WOW64 process', REAL_DUMP],
    ['Wine process', `${KIT_SAMPLES}/stage1.dmp.gz`],
  ])('1,000 of a %s, in bounded memory', async (_, path) => {
    const before = process.memoryUsage().rss
    for (let seed = 21; seed < 31; seed++) await mutateDump(bytesOf(path), 100, seed)
    expect(growth(before)).toBeLessThan(MEMORY_LIMIT_BYTES)
  })
})
