import { describe, expect, test } from 'vitest'
import { formatAddress, formatBytes, formatCount, formatDifference, formatRatio, formatShareDifference, parseAddress, parseSize } from './format'

describe('figures as text', () => {
  test('addresses are grouped in fours and read back', () => {
    expect(formatAddress(0x2145c70)).toBe("0x0000'0214'5C70")
    expect(formatAddress(0x7fff12345678)).toBe("0x7FFF'1234'5678")
    for (const text of ["0x0000'0214'5C70", '2145c70', '0x2145C70', '2145C70h', ' 0x2145`c70 ']) expect(parseAddress(text)).toBe(0x2145c70)
    for (const text of ['', 'stack', '0xG', '123456789abcdef0']) expect(parseAddress(text)).toBeNull()
  })

  test('sizes are exact in tables and binary in prose', () => {
    expect(formatCount(7_612_306)).toBe('7,612,306')
    expect([0, 512, 4096, 42_000, 7_612_306, 3 * 2 ** 30].map(formatBytes)).toEqual(['0 B', '512 B', '4 KiB', '41.0 KiB', '7.26 MiB', '3 GiB'])
    expect([0, 12, -1024].map(formatDifference)).toEqual(['0', '+12', '−1,024'])
    expect([0.049, -0.003].map(formatShareDifference)).toEqual(['+4.9 %', '−0.3 %'])
    expect([0.36, 12.3456, 1234.5].map(formatRatio)).toEqual(['0.360', '12.35', '1,235'])
  })

  test('sizes with units are understood', () => {
    expect(['64', '4k', '4 KiB', '1.5 MiB', '1,024', '2g', '16B'].map(parseSize)).toEqual([64, 4096, 4096, 1_572_864, 1024, 2 ** 31, 16])
    expect(['', 'k', '-4', '4q'].map(parseSize)).toEqual([null, null, null, null])
  })
})
