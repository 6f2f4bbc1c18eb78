import type { ColumnArray } from '../base/column'

/*
 * A column of numbers as the wasm decoder left it in its memory, by Arrow's C data interface
 * (https://arrow.apache.org/docs/format/CDataInterface.html) with pointers of 4 bytes:
 *
 *   ArrowSchema   format@0  name@4  metadata@8  flags@16  n_children@24  children@32
 *   ArrowArray    length@0  null_count@8  offset@16  n_buffers@24  n_children@32  buffers@40  children@44
 *
 * A table is a struct with a child for each column; a child's second buffer holds the values. Read in place, a column
 * costs one copy; by way of an IPC stream it costs three.
 */
export interface ColumnInMemory {
  readonly name: string
  /** Arrow's format text, as `l` for int64. */
  readonly format: string
  readonly nulls: number
  /** One for each batch, views of the decoder's memory: good until it is called again. */
  readonly parts: readonly (ColumnArray | BigInt64Array)[]
}

type View = { readonly BYTES_PER_ELEMENT: number; new (buffer: ArrayBufferLike, offset: number, length: number): ColumnArray | BigInt64Array }

const VIEWS: Readonly<Record<string, View>> = { C: Uint8Array, S: Uint16Array, I: Uint32Array, i: Int32Array, l: BigInt64Array, g: Float64Array }
const SCHEMA_CHILDREN = 32
const ARRAY_BUFFERS = 40
const ARRAY_CHILDREN = 44

/** The first column of a table; undefined when it has none. `arrays` are the addresses of its batches. A type that is no number has no parts. */
export function columnInMemory(memory: ArrayBufferLike, schema: number, arrays: ArrayLike<number>): ColumnInMemory | undefined {
  const data = new DataView(memory)
  const number = (at: number): number => Number(data.getBigInt64(at, true))
  const pointer = (at: number): number => data.getUint32(at, true)
  if (number(schema + 24) === 0) return undefined
  const field = pointer(pointer(schema + SCHEMA_CHILDREN))
  const format = textAt(memory, pointer(field))
  const Type = VIEWS[format]
  const parts: (ColumnArray | BigInt64Array)[] = []
  let nulls = 0
  for (let batch = 0; batch < arrays.length; batch++) {
    const child = pointer(pointer(arrays[batch]! + ARRAY_CHILDREN))
    nulls += number(child + 8)
    if (Type !== undefined) {
      const values = pointer(pointer(child + ARRAY_BUFFERS) + 4)
      const length = number(child)
      // A batch of no rows may point anywhere.
      if (length > 0) parts.push(new Type(memory, values + number(child + 16) * Type.BYTES_PER_ELEMENT, length))
    }
  }
  return { name: textAt(memory, pointer(field + 4)), format, nulls, parts }
}

function textAt(memory: ArrayBufferLike, at: number): string {
  const bytes = new Uint8Array(memory)
  let end = at
  while (bytes[end] !== 0) end++
  return new TextDecoder().decode(bytes.slice(at, end))
}
