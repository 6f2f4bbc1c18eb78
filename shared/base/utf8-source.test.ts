import { describe, expect, test } from 'vitest'
import { MemorySource } from './byte-source'
import { asUtf8 } from './utf8-source'

const TEXT = `0:000> !heap -s\r\ngröße → ${'0123456789abcdef'.repeat(9000)} end\n`
const little = Buffer.from(TEXT, 'utf16le')
const big = Buffer.from(little).swap16()
const mark = (bytes: readonly number[], text: Uint8Array): Uint8Array => Buffer.concat([Buffer.from(bytes), text])

function textOf(bytes: Uint8Array, step: number): string {
  const source = asUtf8(new MemorySource(bytes, 'x.log'))
  const parts: Buffer[] = []
  for (let at = 0; at < source.size; at += step) parts.push(Buffer.from(source.read(at, step)))
  expect(source.name).toBe('x.log')
  return Buffer.concat(parts).toString('utf8')
}

describe('texts as UTF-8', () => {
  test.each([
    ['UTF-16, little-endian', mark([0xff, 0xfe], little)],
    ['UTF-16, big-endian', mark([0xfe, 0xff], big)],
    ['UTF-8 behind a mark', mark([0xef, 0xbb, 0xbf], Buffer.from(TEXT))],
    ['plain UTF-8', Buffer.from(TEXT)],
  ])('%s: the same text whatever is read at a time', (_, bytes) => {
    for (const step of [1 << 20, 65_536, 4099]) expect(textOf(bytes, step)).toBe(TEXT)
  })

  test('UTF-16 without a mark is known by its zeros', () => {
    const ascii = '0:000> !address -summary\r\n'.repeat(4)
    expect(textOf(Buffer.from(ascii, 'utf16le'), 7)).toBe(ascii)
    expect(textOf(Buffer.from(ascii, 'utf16le').swap16(), 7)).toBe(ascii)
  })

  test('an odd byte at the end becomes one replacement character', () => {
    expect(textOf(mark([0xff, 0xfe], Buffer.from('ab\0', 'latin1').subarray(0, 3)), 99).length).toBeLessThan(4)
  })

  test('reads beyond the end give nothing', () => {
    expect(asUtf8(new MemorySource(mark([0xff, 0xfe], little))).read(10_000_000, 5).length).toBe(0)
  })
})
