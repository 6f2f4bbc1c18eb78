import { assert } from './assert'

/*
 * A column of numbers in chunks:   chunks[0] [....1 Mi values....]  chunks[1] [....]  ...  last one partly used
 *
 * Chunked because one ArrayBuffer of 2 GiB fails in the runtime; the first chunk grows by doubling so that small
 * tables stay small. Hot loops take `chunks` and walk them; `at` is for single rows.
 */
export type ColumnKind = 'u8' | 'u16' | 'u32' | 'i32' | 'f64'
export type ColumnArray = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array

export const CHUNK_SHIFT = 20
export const CHUNK_LENGTH = 1 << CHUNK_SHIFT
const CHUNK_MASK = CHUNK_LENGTH - 1
const FIRST_LENGTH = 1024
/** Largest unused part of a chunk that is not worth a copy. */
const HIDDEN_TAIL = 1 / 64
const U32_MAX = 0xffffffff

const ARRAYS = { u8: Uint8Array, u16: Uint16Array, u32: Uint32Array, i32: Int32Array, f64: Float64Array } as const
export const BYTES_OF_KIND: Readonly<Record<ColumnKind, number>> = { u8: 1, u16: 2, u32: 4, i32: 4, f64: 8 }

function kindOf(values: ColumnArray): ColumnKind {
  if (values instanceof Float64Array) return 'f64'
  if (values instanceof Uint32Array) return 'u32'
  if (values instanceof Int32Array) return 'i32'
  return values instanceof Uint16Array ? 'u16' : 'u8'
}

export interface ColumnOptions {
  /** A `u32` column turns into `f64` when a value does not fit; for sizes. */
  readonly widen?: boolean
}

export class Column {
  /** Keeps Vue from making reactive proxies of columns (each read would cost a hundred times more). */
  readonly [Symbol.toStringTag] = 'Column'
  kind: ColumnKind
  length = 0
  chunks: ColumnArray[]
  readonly #widen: boolean

  constructor(kind: ColumnKind, options: ColumnOptions = {}) {
    this.kind = kind
    this.#widen = options.widen === true
    assert(!this.#widen || kind === 'u32' || kind === 'f64', 'only u32 columns widen')
    this.chunks = []
  }

  static of(kind: ColumnKind, values: ArrayLike<number>, options: ColumnOptions = {}): Column {
    const column = new Column(kind, options)
    for (let i = 0; i < values.length; i++) column.push(values[i]!)
    return column
  }

  /** A column holding a copy of `values`, of their kind; the fast way from one flat array to chunks. */
  static from(values: ColumnArray, options: ColumnOptions = {}): Column {
    const column = new Column(kindOf(values), options)
    for (let row = 0; row < values.length; row += CHUNK_LENGTH) column.chunks.push(values.slice(row, row + CHUNK_LENGTH))
    column.length = values.length
    return column
  }

  /** A column of zeros that is only read: all its chunks are one. */
  static zeros(kind: ColumnKind, length: number): Column {
    const column = new Column(kind)
    const shared = new ARRAYS[kind](Math.min(length, CHUNK_LENGTH))
    for (let left = length; left > 0; left -= CHUNK_LENGTH) column.chunks.push(left >= shared.length ? shared : shared.subarray(0, left))
    column.length = length
    return column
  }

  at(row: number): number {
    return this.chunks[row >>> CHUNK_SHIFT]![row & CHUNK_MASK]!
  }

  set(row: number, value: number): void {
    if (this.#widen && value > U32_MAX && this.kind === 'u32') this.#toFloat64()
    this.chunks[row >>> CHUNK_SHIFT]![row & CHUNK_MASK] = value
  }

  push(value: number): void {
    const row = this.length
    const chunkIndex = row >>> CHUNK_SHIFT
    const inChunk = row & CHUNK_MASK
    const chunk = this.chunks[chunkIndex]
    if (chunk === undefined || inChunk >= chunk.length) this.#grow(chunkIndex, inChunk)
    if (this.#widen && value > U32_MAX && this.kind === 'u32') this.#toFloat64()
    this.chunks[chunkIndex]![inChunk] = value
    this.length = row + 1
  }

  /** Appends a whole array; values must fit the kind. */
  append(values: ColumnArray): void {
    for (let i = 0; i < values.length; i++) this.push(values[i]!)
  }

  /** Keeps rows [from, to) and moves them to the front; the others are gone. */
  keep(from: number, to: number): void {
    const count = Math.max(0, to - from)
    for (let done = 0; done < count; ) {
      const source = from + done
      const length = Math.min(count - done, CHUNK_LENGTH - (source & CHUNK_MASK), CHUNK_LENGTH - (done & CHUNK_MASK))
      const start = source & CHUNK_MASK
      // The target never lies behind the source, and `set` copies within one array as if by way of another.
      this.chunks[done >>> CHUNK_SHIFT]!.set(this.chunks[source >>> CHUNK_SHIFT]!.subarray(start, start + length), done & CHUNK_MASK)
      done += length
    }
    this.length = count
    this.chunks.length = Math.ceil(count / CHUNK_LENGTH)
  }

  /** Gives back the unused tail of the last chunk; a small one is only hidden, for giving it back means copying the rest. */
  trim(): this {
    const last = this.chunks.length - 1
    if (last >= 0) {
      const used = this.length - last * CHUNK_LENGTH
      const chunk = this.chunks[last]!
      const unused = chunk.length - used
      if (unused > 0) this.chunks[last] = unused <= chunk.length * HIDDEN_TAIL ? chunk.subarray(0, used) : chunk.slice(0, used)
    }
    return this
  }

  /** One contiguous copy of rows [from, to). */
  slice(from = 0, to = this.length): ColumnArray {
    const out = this.emptyArray(Math.max(0, to - from))
    for (let row = from; row < to; ) {
      const chunk = this.chunks[row >>> CHUNK_SHIFT]!
      const start = row & CHUNK_MASK
      const count = Math.min(to - row, CHUNK_LENGTH - start)
      out.set(chunk.subarray(start, start + count), row - from)
      row += count
    }
    return out
  }

  /** A flat array of this kind, all zero. */
  emptyArray(length: number): ColumnArray {
    return new ARRAYS[this.kind](length)
  }

  /** Memory held, in bytes; chunks that share theirs count once. */
  get byteLength(): number {
    let sum = 0
    const counted = new Set<ArrayBufferLike>()
    for (const { buffer, byteLength } of this.chunks) {
      if (!counted.has(buffer)) sum += byteLength
      counted.add(buffer)
    }
    return sum
  }

  #grow(chunkIndex: number, inChunk: number): void {
    const Type = ARRAYS[this.kind]
    const chunk = this.chunks[chunkIndex]
    if (chunk === undefined) {
      this.chunks[chunkIndex] = new Type(chunkIndex === 0 ? FIRST_LENGTH : CHUNK_LENGTH)
      return
    }
    const larger = new Type(Math.min(CHUNK_LENGTH, Math.max(FIRST_LENGTH, inChunk * 2)))
    larger.set(chunk)
    this.chunks[chunkIndex] = larger
  }

  #toFloat64(): void {
    this.chunks = this.chunks.map((chunk) => Float64Array.from(chunk))
    this.kind = 'f64'
  }
}

/** A column of sizes in bytes: 4 bytes a row until one size needs more. */
export const sizeColumn = (): Column => new Column('u32', { widen: true })
