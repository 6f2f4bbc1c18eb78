import type { ByteSource } from '../../base/byte-source'

/** High half of the first address a double cannot hold exactly (2^53). */
const HIGH_LIMIT = 0x200000

/** A run of little-endian records inside a dump, read in one go. */
export class Records {
  readonly #view: DataView
  readonly length: number

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.length = bytes.byteLength
  }

  u8(at: number): number {
    return this.#view.getUint8(at)
  }

  u16(at: number): number {
    return this.#view.getUint16(at, true)
  }

  u32(at: number): number {
    return this.#view.getUint32(at, true)
  }

  /** NaN for what no double holds exactly: no user address and no file has it. */
  u64(at: number): number {
    const high = this.u32(at + 4)
    return high < HIGH_LIMIT ? high * 0x100000000 + this.u32(at) : NaN
  }
}

/** `length` bytes at `offset`, fewer where the file ends. */
export function recordsAt(source: ByteSource, offset: number, length: number): Records {
  if (!(offset >= 0 && offset < source.size && length > 0)) return new Records(new Uint8Array(0))
  return new Records(source.read(offset, Math.min(length, source.size - offset)))
}

/** Longest text believed; names of files are at most 32,767 characters. */
const MAX_TEXT_BYTES = 65_536
/** Characters put together at a time: arguments of one call. */
const PIECE_CHARACTERS = 4096

/** A counted UTF-16 text; '' when there is none at the place. */
export function textAt(source: ByteSource, offset: number): string {
  const head = recordsAt(source, offset, 4)
  if (offset === 0 || head.length < 4) return ''
  const body = recordsAt(source, offset + 4, Math.min(head.u32(0), MAX_TEXT_BYTES))
  const characters = Array.from({ length: Math.floor(body.length / 2) }, (_, i) => body.u16(2 * i))
  let text = ''
  for (let at = 0; at < characters.length; at += PIECE_CHARACTERS) text += String.fromCharCode(...characters.slice(at, at + PIECE_CHARACTERS))
  return text
}

/** All names of a real process together take far less; lists made up of garbage must not fill memory with theirs. */
const MAX_TEXTS_BYTES = 16 * 1024 * 1024

/** Texts of one list, up to a total; those behind it are ''. */
export class Texts {
  readonly #source: ByteSource
  #bytesLeft = MAX_TEXTS_BYTES

  constructor(source: ByteSource) {
    this.#source = source
  }

  at(offset: number): string {
    if (this.#bytesLeft <= 0) return ''
    const text = textAt(this.#source, offset)
    this.#bytesLeft -= 2 * text.length
    return text
  }
}
