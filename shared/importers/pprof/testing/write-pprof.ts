/** Writes a profile message field by field; for tests and the samples. */
export class PprofWriter {
  readonly #bytes: number[] = []
  readonly #texts = ['']

  text(text: string): number {
    const known = this.#texts.indexOf(text)
    return known >= 0 ? known : this.#texts.push(text) - 1
  }

  /** A field that is a message: field numbers with numbers, lists (packed) or further messages. */
  message(field: number, fields: MessageFields): this {
    pushBytes(this.#bytes, field, encode(fields))
    return this
  }

  number(field: number, value: number): this {
    pushVarint(this.#bytes, field * 8)
    pushVarint(this.#bytes, value)
    return this
  }

  type(field: number, type: string, unit: string): this {
    return this.message(field, [[1, this.text(type)], [2, this.text(unit)]])
  }

  finish(): Uint8Array<ArrayBuffer> {
    const all = [...this.#bytes]
    for (const text of this.#texts) pushBytes(all, 6, [...new TextEncoder().encode(text)])
    return Uint8Array.from(all)
  }
}

export type MessageFields = readonly (readonly [field: number, value: number | readonly number[] | { readonly message: MessageFields }])[]

function encode(fields: MessageFields): number[] {
  const bytes: number[] = []
  for (const [field, value] of fields) {
    if (typeof value === 'number') {
      pushVarint(bytes, field * 8)
      pushVarint(bytes, value)
    } else if ('message' in value) pushBytes(bytes, field, encode(value.message))
    else {
      const packed: number[] = []
      for (const item of value) pushVarint(packed, item)
      pushBytes(bytes, field, packed)
    }
  }
  return bytes
}

function pushBytes(bytes: number[], field: number, content: readonly number[]): void {
  pushVarint(bytes, field * 8 + 2)
  pushVarint(bytes, content.length)
  for (const byte of content) bytes.push(byte)
}

/** Negative numbers in ten bytes, as int64. */
function pushVarint(bytes: number[], value: number): void {
  let left = BigInt.asUintN(64, BigInt(value))
  for (; left >= 128n; left >>= 7n) bytes.push(Number(left & 127n) | 128)
  bytes.push(Number(left))
}

/** A small profile with inlined functions, an address without symbols, labels and Go's four types. */
export function smallPprof(): Uint8Array<ArrayBuffer> {
  const writer = new PprofWriter()
  for (const [type, unit] of [['alloc_objects', 'count'], ['alloc_space', 'bytes'], ['inuse_objects', 'count'], ['inuse_space', 'bytes']] as const) writer.type(1, type, unit)
  writer.message(2, [[1, [1, 2]], [2, [30, 70000, 12, 66000]], [3, { message: [[1, writer.text('bytes')], [3, 5500]] }]])
  writer.message(2, [[1, [3, 2]], [2, [1, 5000000000, 1, 5000000000]]])
  writer.message(3, [[1, 1], [2, 0x400000], [3, 0x500000], [5, writer.text('/usr/bin/juggle')]])
  writer.message(4, [[1, 1], [2, 1], [3, 0x401136], [4, { message: [[1, 1], [2, 31]] }], [4, { message: [[1, 2], [2, 40]] }]])
  writer.message(4, [[1, 2], [2, 1], [3, 0x401200], [4, { message: [[1, 3], [2, 9]] }]])
  writer.message(4, [[1, 3], [2, 1], [3, 0x402000]])
  for (const [id, name] of [[1, 'ring.grow'], [2, 'ring.push'], [3, 'main.main']] as const) writer.message(5, [[1, id], [2, writer.text(name)], [3, writer.text(name)], [4, writer.text(`/src/${name.split('.')[0]!}.go`)]])
  writer.type(11, 'space', 'bytes').number(12, 524288)
  return writer.finish()
}
