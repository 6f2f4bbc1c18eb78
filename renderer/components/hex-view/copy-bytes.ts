import type { HexRange, HexSelection, HexSource } from './hex-source'
import { LINE_BYTES } from '../../../shared/model/memory-image'
import { digitsText, dumpText, hexLine, hexPage, lineOf, type HexLine } from './layout'

/** More than that nobody pastes. */
export const MOST_COPIED_BYTES = 1 << 20
const PIECE_BYTES = 4096

/** Selected bytes as text: digits alone, or lines of a dump. At most the first MOST_COPIED_BYTES. */
export async function textOfBytes(source: HexSource, range: HexRange, selection: HexSelection, as: 'digits' | 'dump', isDecoded: boolean): Promise<string> {
  const from = Math.max(range.from, selection.from)
  const to = Math.min(range.to, selection.to, from + MOST_COPIED_BYTES)
  const lines: HexLine[] = []
  const { signal } = new AbortController()
  for (let piece = lineOf(from); piece < to; piece += PIECE_BYTES) {
    const page = hexPage(await source.bytes(piece, PIECE_BYTES, { signal }))
    for (let line = piece; line < Math.min(to, piece + PIECE_BYTES); line += LINE_BYTES) lines.push(hexLine(page, line, { from, to }, isDecoded))
  }
  return as === 'digits' ? digitsText(lines) : dumpText(lines)
}
