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

/** A counted UTF-16 text; '' when there is none at the place. */
export function textAt(source: ByteSource, offset: number): string {
  const head = recordsAt(source, offset, 4)
  if (offset === 0 || head.length < 4) return ''
  const body = recordsAt(source, offset + 4, Math.min(head.u32(0), MAX_TEXT_BYTES))
  let text = ''
  for (let at = 0; at + 1 < body.length; at += 2) text += String.fromCharCode(body.u16(at))
  return text
}
