import type { ByteSource } from './byte-source'

/*
 * A text in UTF-16, or in UTF-8 behind a byte order mark, seen as plain UTF-8:
 *
 *   source   ff fe | 48 00 65 00 ... 4096 code units ... | 4096 code units | ...
 *   starts   [         0         ,         4096         ,      8203       , ...]   where each piece begins in UTF-8
 *
 * Only the lengths are kept; a piece is decoded when it is read.
 */
const UNITS_PER_PIECE = 32 * 1024
const READ_BYTES = UNITS_PER_PIECE * 2

type Order = 'utf-16le' | 'utf-16be'

/** `source` itself when it begins with no byte order mark and does not look like UTF-16; else its text as UTF-8. */
export function asUtf8(source: ByteSource): ByteSource {
  const head = source.read(0, 64).slice()
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return new OffsetSource(source, 3)
  if (head[0] === 0xff && head[1] === 0xfe) return new Utf16Source(source, 'utf-16le', 2)
  if (head[0] === 0xfe && head[1] === 0xff) return new Utf16Source(source, 'utf-16be', 2)
  if (isPlainUtf16(head, 0)) return new Utf16Source(source, 'utf-16le', 0)
  return isPlainUtf16(head, 1) ? new Utf16Source(source, 'utf-16be', 0) : source
}

/** Eight printable ASCII characters or more in a row with zeros between: no packed or binary format of ours begins so. */
function isPlainUtf16(head: Uint8Array, textAt: 0 | 1): boolean {
  if (head.length < 16) return false
  for (let at = 0; at + 1 < head.length; at += 2) {
    const text = head[at + textAt]!
    if (head[at + 1 - textAt] !== 0 || (text < 32 && text !== 9 && text !== 10 && text !== 13) || text > 126) return false
  }
  return true
}

class OffsetSource implements ByteSource {
  readonly name: string
  readonly size: number
  readonly #source: ByteSource
  readonly #offset: number

  constructor(source: ByteSource, offset: number) {
    this.name = source.name
    this.size = source.size - offset
    this.#source = source
    this.#offset = offset
  }

  read(offset: number, length: number): Uint8Array {
    return this.#source.read(offset + this.#offset, length)
  }

  close(): void {
    this.#source.close()
  }
}

class Utf16Source implements ByteSource {
  readonly name: string
  readonly size: number
  readonly #source: ByteSource
  readonly #order: Order
  readonly #first: number
  readonly #starts: number[] = []
  #piece = -1
  #bytes: Uint8Array = new Uint8Array(0)

  constructor(source: ByteSource, order: Order, first: number) {
    this.name = source.name
    this.#source = source
    this.#order = order
    this.#first = first
    let size = 0
    for (let piece = 0; first + piece * READ_BYTES < source.size; piece++) {
      this.#starts.push(size)
      size += this.#decode(piece).length
    }
    this.size = size
  }

  read(offset: number, length: number): Uint8Array {
    const end = Math.min(this.size, offset + length)
    const out = new Uint8Array(Math.max(0, end - offset))
    for (let at = offset; at < end; ) {
      const piece = this.#pieceAt(at)
      if (piece !== this.#piece) {
        this.#bytes = this.#decode(piece)
        this.#piece = piece
      }
      const from = at - this.#starts[piece]!
      const part = this.#bytes.subarray(from, from + end - at)
      out.set(part, at - offset)
      at += part.length
    }
    return out
  }

  close(): void {
    this.#source.close()
  }

  #pieceAt(offset: number): number {
    let low = 0
    let high = this.#starts.length
    while (low + 1 < high) {
      const middle = (low + high) >>> 1
      if (this.#starts[middle]! <= offset) low = middle
      else high = middle
    }
    return low
  }

  /** A pair of surrogates on a border becomes two replacement characters: the price of pieces that stand alone. */
  #decode(piece: number): Uint8Array {
    const bytes = this.#source.read(this.#first + piece * READ_BYTES, READ_BYTES)
    return new TextEncoder().encode(decodeUtf16(bytes, this.#order))
  }
}

/** By hand for big-endian, which not every runtime's decoder knows. */
function decodeUtf16(bytes: Uint8Array, order: Order): string {
  if (order === 'utf-16le') return new TextDecoder('utf-16le').decode(bytes)
  const swapped = new Uint8Array(bytes.length)
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    swapped[at] = bytes[at + 1]!
    swapped[at + 1] = bytes[at]!
  }
  return new TextDecoder('utf-16le').decode(swapped.subarray(0, bytes.length - (bytes.length % 2)))
}
