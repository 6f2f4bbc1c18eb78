import { expect, test } from 'vitest'
import { RequestedBytes } from './requested-bytes'

test('keeps what was asked for last, of any size, for any block', () => {
  const requested = new RequestedBytes()
  const sizes = [0, 24, 0xfffe, 0xffff, 0x10000, 2 ** 32 - 1, 2 ** 32, 5 * 2 ** 40]
  sizes.forEach((bytes, i) => requested.put(1 + 1000 * i, bytes))
  expect(sizes.map((_, i) => requested.of(1 + 1000 * i))).toEqual(sizes)
  requested.put(7001, 8)
  requested.put(1, 2 ** 33)
  expect([requested.of(7001), requested.of(1)]).toEqual([8, 2 ** 33])
})
