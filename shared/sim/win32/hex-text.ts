import type { Address } from '../../base/units'

const LINE_BYTES = 16

/**
 * A dump as the article's ProcessWalker shows it: 16 bytes to a line, the address at the left, ASCII at the right, a
 * point for what is no printable character. Lines begin at multiples of 16.
 */
export function hexText(address: Address, bytes: Uint8Array): string {
  const lines: string[] = []
  const end = address + bytes.length
  for (let line = address - (address % LINE_BYTES); line < end; line += LINE_BYTES) {
    let digits = ''
    let letters = ''
    for (let at = line; at < line + LINE_BYTES; at++) {
      const byte = at < address || at >= end ? undefined : bytes[at - address]!
      digits += byte === undefined ? '   ' : `${byte.toString(16).toUpperCase().padStart(2, '0')} `
      letters += byte === undefined ? ' ' : byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.'
    }
    lines.push(`${line.toString(16).toUpperCase().padStart(8, '0')}  ${digits} ${letters}`.trimEnd())
  }
  return lines.join('\n')
}
