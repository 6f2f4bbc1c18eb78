import type { ByteSource } from '../../base/byte-source'
import { startsWith } from './method'

/*
 * An xz file is one or more streams, each found from its end (the .xz file format 1.2.1, section 2):
 *
 *   header 12 | blocks, each padded to 4 | index: 00, records, sizes, CRC | footer 12: CRC, index size / 4 - 1, flags, "YZ"
 *
 * Between streams there may be zero bytes, a multiple of 4.
 */
export const XZ_MAGIC = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]
const HEADER_BYTES = 12
const FOOTER_BYTES = 12

export interface XzStreamPlace {
  readonly start: number
  readonly bytes: number
}

/** Where the streams lie, in order; undefined when the ends do not lead to the beginnings (cut or damaged file). */
export function findXzStreams(source: ByteSource): XzStreamPlace[] | undefined {
  const places: XzStreamPlace[] = []
  let end = source.size
  while (end > 0) {
    while (end >= 4 && source.read(end - 4, 4).every((byte) => byte === 0)) end -= 4
    const start = streamStart(source, end)
    if (start === undefined) return undefined
    places.unshift({ start, bytes: end - start })
    end = start
  }
  return places
}

function streamStart(source: ByteSource, end: number): number | undefined {
  if (end < HEADER_BYTES + FOOTER_BYTES) return undefined
  const footer = source.read(end - FOOTER_BYTES, FOOTER_BYTES)
  if (footer[10] !== 0x59 || footer[11] !== 0x5a) return undefined
  const storedSize = (footer[4]! | (footer[5]! << 8) | (footer[6]! << 16) | (footer[7]! << 24)) >>> 0
  const indexBytes = (storedSize + 1) * 4
  const indexStart = end - FOOTER_BYTES - indexBytes
  if (indexStart < HEADER_BYTES) return undefined
  const start = indexStart - blocksBytes(source.read(indexStart, indexBytes)) - HEADER_BYTES
  return start >= 0 && startsWith(source.read(start, XZ_MAGIC.length), XZ_MAGIC) ? start : undefined
}

/** Sum of the padded block sizes of an index; NaN when the index makes no sense. */
function blocksBytes(index: Uint8Array): number {
  let at = 1
  const variableLength = (): number => {
    let value = 0
    for (let shift = 1; at < index.length; shift *= 128) {
      const byte = index[at++]!
      value += (byte & 0x7f) * shift
      if (byte < 0x80) return value
    }
    return NaN
  }
  const records = variableLength()
  let sum = index[0] === 0 ? 0 : NaN
  for (let record = 0; record < records && !Number.isNaN(sum); record++) {
    sum += Math.ceil(variableLength() / 4) * 4
    variableLength()
  }
  return sum
}
