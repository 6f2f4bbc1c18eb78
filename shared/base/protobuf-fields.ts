import type { ByteSource } from './byte-source'
import { ProtobufCursor, WireType } from './protobuf'

const WINDOW_BYTES = 256 * 1024
/** A tag and a length take at most 20 bytes. */
const HEAD_BYTES = 20
/** Longest single field; ours hold a sample or a name. */
const LONGEST_FIELD_BYTES = 16 * 1024 * 1024

/** Walks the fields of a message of any size, a window of the source in memory at a time. */
export class ProtobufFields {
  /** The field at hand: `field`, `wireType`, `value`, and for bytes `bytes` from `start` to `stop`. */
  readonly cursor = new ProtobufCursor()
  /** Where reading stopped, besides at the end: inside a field, or at bytes that are none. */
  end: 'sound' | 'cut' | 'damaged' = 'sound'
  readonly #source: ByteSource
  #windowStart = 0

  constructor(source: ByteSource) {
    this.#source = source
  }

  /** Bytes read so far. */
  get offset(): number {
    return this.#windowStart + this.cursor.at
  }

  /** Moves to the next field; false at the end, whichever it is. */
  next(): boolean {
    const { cursor } = this
    if (this.end !== 'sound' || this.offset >= this.#source.size) return false
    if (cursor.end - cursor.at < HEAD_BYTES) this.#load(this.offset, WINDOW_BYTES)
    const start = this.offset
    if (cursor.next()) return true
    // A field of bytes may only reach over the window.
    const length = cursor.wireType === WireType.Bytes ? cursor.stop - cursor.start : 0
    const isLonger = length > 0 && length <= LONGEST_FIELD_BYTES && this.#windowStart + cursor.stop <= this.#source.size
    if (isLonger) {
      this.#load(start, length + HEAD_BYTES)
      if (cursor.next()) return true
    }
    const isCut = this.#source.size - start <= HEAD_BYTES || (length > 0 && length <= LONGEST_FIELD_BYTES && this.#windowStart + cursor.stop > this.#source.size)
    this.end = isCut ? 'cut' : 'damaged'
    return false
  }

  #load(offset: number, length: number): void {
    this.#windowStart = offset
    // Sources may use their array again.
    const window = this.#source.read(offset, Math.max(length, WINDOW_BYTES)).slice()
    this.cursor.set(window, 0, window.length)
  }
}

/** The signed 64-bit number at `at`: exact within 2^53, NaN beyond. */
export function signedVarint(cursor: ProtobufCursor): number {
  const start = cursor.at
  const value = cursor.varint()
  if (!Number.isNaN(value) || cursor.damaged) return value
  // Ten bytes of two's complement: -x is the bits of x - 1, inverted.
  let inverted = 0
  let scale = 1
  for (let at = start; at < cursor.at; at++) {
    // The tenth byte holds the 64th bit alone.
    const bits = at - start === 9 ? 1 : 127
    inverted += (~cursor.bytes[at]! & bits) * scale
    scale *= 128
  }
  const negative = -inverted - 1
  return cursor.at - start === 10 && Number.isSafeInteger(negative) ? negative : NaN
}
