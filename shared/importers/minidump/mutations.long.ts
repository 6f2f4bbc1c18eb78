import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { bytesOf, hasData, hasKit, KIT_SAMPLES, REAL_DUMP } from './testing/dump-data'
import { mutateDump } from './testing/mutate'
import { smallDump } from './testing/small-dumps'

const MEMORY_LIMIT_BYTES = 512 * 1024 * 1024

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** What the process cannot give back; resident memory would tell what the tests before left to be collected. */
function heldBytes(): number {
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

test('3,000 damaged copies of a small dump', () => mutateDump(smallDump(), 3000, 11))

describe.skipIf(!hasData || !hasKit)('damaged copies of real dumps', () => {
  test.each([
    ['WOW64 process', REAL_DUMP],
    ['Wine process', `${KIT_SAMPLES}/stage1.dmp.gz`],
  ])('1,000 of a %s, in bounded memory', async (_, path) => {
    const before = heldBytes()
    for (let seed = 21; seed < 31; seed++) await mutateDump(bytesOf(path), 100, seed)
    expect(heldBytes() - before).toBeLessThan(MEMORY_LIMIT_BYTES)
  })
})
