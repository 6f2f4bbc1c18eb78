import { expect, test } from 'vitest'
import { readStretch, stretchText } from './stretch-text'

test('a stretch of addresses reads back; what is none, or ends before it begins, is null', () => {
  for (const stretch of [{ from: 0, to: 1 }, { from: 0x10000, to: 0x12000 }, { from: 2 ** 47, to: 2 ** 52 }]) expect(readStretch(stretchText(stretch))).toEqual(stretch)
  expect(stretchText({ from: 0x10000, to: 0x12000 })).toBe('0x10000..0x12000')
  for (const text of [undefined, null, 4, '', '0x10', '0x20..0x10', '0x10..0x10', '16..32', ' 0x1..0x2', '0x1..0xfffffffffffff0']) expect(readStretch(text)).toBeNull()
})
