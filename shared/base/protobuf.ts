/*
 * Protocol buffers as they lie in a file: a field is a tag (number * 8 + wire type) and a value.
 *
 *   08 96 01        field 1, varint 150
 *   12 02 08 07     field 2, 2 bytes: a message with field 1 = 7
 */
export const WireType = { Varint: 0, Fixed64: 1, Bytes: 2, Fixed32: 5 } as const

/** Most bytes a varint of 64 bits takes. */
const LONGEST_VARINT = 10

/** Walks the fields of one message; makes no objects, so that it can run once per event. */
export class ProtobufCursor {
  bytes: Uint8Array = new Uint8Array(0)
  /** Next byte, and end of the message. */
  at = 0
  end = 0
  /** The field `next` stopped at. */
  field = 0
  /** Varint and fixed values; NaN above 2^53, which no count, size or address in use exceeds. */
  value = 0
  /** Bytes [start, stop) of a field with length. */
  start = 0
  stop = 0
  wireType = 0
  /** True when the message does not hold together; `next` then answers false. */
  damaged = false

  set(bytes: Uint8Array, start: number, end: number): void {
    this.bytes = bytes
    this.at = start
    this.end = end
    this.damaged = false
  }

  /** Moves to the next field; false at the end, or where the message is damaged. */
  next(): boolean {
    if (this.at >= this.end || this.damaged) return false
    const tag = this.varint()
    this.field = Math.floor(tag / 8)
    this.wireType = tag & 7
    if (this.damaged || !(this.field > 0)) return this.#damage()
    if (this.wireType === WireType.Varint) this.value = this.varint()
    else if (this.wireType === WireType.Bytes) this.#skip(this.varint())
    else if (this.wireType === WireType.Fixed64) this.#skip(8)
    else if (this.wireType === WireType.Fixed32) this.#skip(4)
    else return this.#damage()
    return !this.damaged
  }

  /** A base-128 number at `at`. */
  varint(): number {
    const { bytes, end } = this
    let value = 0
    let scale = 1
    for (let at = this.at, most = Math.min(end, at + LONGEST_VARINT); at < most; at++) {
      const byte = bytes[at]!
      value += (byte & 127) * scale
      if (byte < 128) {
        this.at = at + 1
        return value <= Number.MAX_SAFE_INTEGER ? value : NaN
      }
      scale *= 128
    }
    this.damaged = true
    return 0
  }

  #skip(length: number): void {
    this.start = this.at
    this.stop = this.at + length
    if (!(this.stop <= this.end)) this.damaged = true
    else this.at = this.stop
  }

  #damage(): false {
    this.damaged = true
    return false
  }
}
