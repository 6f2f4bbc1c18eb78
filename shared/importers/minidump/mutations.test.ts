import { describe, test } from 'vitest'
import { bytesOf, hasData, hasKit, KIT_SAMPLES, REAL_DUMP } from './testing/dump-data'
import { mutateDump } from './testing/mutate'
import { smallDump } from './testing/small-dumps'

test('200 damaged copies of a small dump', () => mutateDump(smallDump(), 200, 1))

describe.skipIf(!hasData)('damaged copies of a real dump', () => {
  test('60 of a WOW64 process', () => mutateDump(bytesOf(REAL_DUMP), 60, 2))
})

describe.skipIf(!hasKit)('damaged copies of a Wine dump', () => {
  test('40 of stage 1', () => mutateDump(bytesOf(`${KIT_SAMPLES}/stage1.dmp.gz`), 40, 3))
})
