import {
  DataType, Field, Float64, Int32, Int64, RecordBatch, Schema, Struct, Table, Uint16, Uint32, Uint8, Utf8, makeData,
  tableFromIPC, tableToIPC, type Data,
} from 'apache-arrow/Arrow.dom'
import * as parquet from 'parquet-wasm/esm'
import { assert } from '../base/assert'
import { CHUNK_LENGTH, Column, type ColumnArray, type ColumnKind } from '../base/column'
import { HeapscapeError } from '../base/errors'
import { quietJob, type JobContext } from '../base/job-context'
import { columnInMemory } from './arrow-memory'
import type { CheckedMember } from './container/checked-member'
import { callWatched, endOverTrap, ModuleTrap } from './module-traps'
import { fitsInt64, fromInt64, toInt64 } from './int64'

/*
 * Columns to Parquet and back. One row group holds one chunk of a Column (1 Mi rows), so that both directions go
 * chunk by chunk:
 *
 *   Column.chunks[k] --Arrow record batch--> row group k --zstd pages--> bytes
 */
export const ROWS_PER_GROUP = CHUNK_LENGTH

/** Type of a column in the Parquet file. */
export type StoredType = 'uint8' | 'uint16' | 'uint32' | 'int32' | 'int64' | 'double' | 'utf8'
/** How values are packed before zstd: differences for what grows, a dictionary for what repeats. */
export type Packing = 'delta' | 'dictionary'

export interface StoredColumn {
  readonly name: string
  readonly type: StoredType
  readonly packing: Packing
  readonly values: Column | readonly string[]
}

let wasmSource: (() => Uint8Array) | undefined
let isReady = false

/**
 * Gives the codec its WebAssembly module (`parquet_wasm_bg.wasm` of parquet-wasm): the bytes, or a function that reads
 * them at the first use, so that a start without own files costs nothing.
 */
export function initParquet(wasm: Uint8Array | (() => Uint8Array)): void {
  wasmSource = typeof wasm === 'function' ? wasm : () => wasm
}

function ready(): void {
  if (isReady) return
  assert(wasmSource !== undefined, 'initParquet was not called')
  parquet.initSync({ module: wasmSource() as Uint8Array<ArrayBuffer> })
  isReady = true
}

/** The narrowest stored type that gives the same numbers back; Float64 columns of integers become int64. */
export function storedTypeOf(column: Column): StoredType {
  if (column.kind !== 'f64') return KIND_TYPES[column.kind]
  return column.chunks.every((chunk, k) => fitsInt64(chunk, rowsOfGroup(column.length, k))) ? 'int64' : 'double'
}

const KIND_TYPES: Readonly<Record<Exclude<ColumnKind, 'f64'>, StoredType>> = { u8: 'uint8', u16: 'uint16', u32: 'uint32', i32: 'int32' }

const rowsOfGroup = (rows: number, group: number): number => Math.max(0, Math.min(ROWS_PER_GROUP, rows - group * ROWS_PER_GROUP))

// The two web streams the wasm module exchanges record batches through; present in every runtime of ours.
interface StreamController {
  enqueue(value: unknown): void
  close(): void
}
declare const ReadableStream: new (source: { pull(controller: StreamController): Promise<void> }, strategy: { highWaterMark: number }) => never
interface StreamReader {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array }>
}

/** A whole Parquet file, in parts of about one row group. Same columns, same bytes. */
export async function encodeParquet(columns: readonly StoredColumn[], rows: number, job: JobContext): Promise<Uint8Array[]> {
  ready()
  const schema = new Schema(columns.map((column) => new Field<DataType>(column.name, arrowType(column.type), false)))
  const groups = Math.max(1, Math.ceil(rows / ROWS_PER_GROUP))
  let group = 0
  let failure: Error | undefined
  const batches = new ReadableStream(
    {
      async pull(controller) {
        if (group === groups) return controller.close()
        try {
          await job.checkpoint()
        } catch (error) {
          failure = error as Error // the wasm module would hand on only a text
          throw error
        }
        const table = parquet.Table.fromIPCStream(tableToIPC(new Table([recordBatch(schema, columns, rows, group)]), 'stream'))
        for (const batch of table.recordBatches()) controller.enqueue(batch)
        table.free()
        group++
      },
    },
    { highWaterMark: 0 },
  )
  try {
    const stream = (await parquet.transformParquetStream(batches, writerProperties(columns))) as unknown as { getReader(): StreamReader }
    return await allParts(stream.getReader())
  } catch (error) {
    if (failure !== undefined) throw failure
    throw error
  }
}

async function allParts(reader: StreamReader): Promise<Uint8Array[]> {
  const parts: Uint8Array[] = []
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return parts
    if (value !== undefined) parts.push(value)
  }
}

function writerProperties(columns: readonly StoredColumn[]): parquet.WriterProperties {
  let builder = new parquet.WriterPropertiesBuilder()
    .setCompression(parquet.Compression.ZSTD)
    .setStatisticsEnabled(parquet.EnabledStatistics.None)
    .setMaxRowGroupSize(ROWS_PER_GROUP)
    .setCreatedBy('heapscape')
  for (const column of columns) {
    if (column.packing !== 'delta' || column.type === 'double' || column.type === 'utf8') continue
    builder = builder.setColumnDictionaryEnabled(column.name, false).setColumnEncoding(column.name, parquet.Encoding.DELTA_BINARY_PACKED)
  }
  return builder.build()
}

function recordBatch(schema: Schema, columns: readonly StoredColumn[], rows: number, group: number): RecordBatch {
  const length = rowsOfGroup(rows, group)
  const children = columns.map((column) => arrowData(column, group, length))
  return new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length, nullCount: 0, children }))
}

function arrowData(column: StoredColumn, group: number, length: number): Data {
  if (column.type === 'utf8') return utf8Data((column.values as readonly string[]).slice(group * ROWS_PER_GROUP, group * ROWS_PER_GROUP + length))
  const chunk = (column.values as Column).chunks[group]
  const values = chunk === undefined ? new Uint8Array(0) : chunk.subarray(0, length)
  const common = { length, nullCount: 0 }
  switch (column.type) {
    case 'uint8':
      return makeData({ type: new Uint8(), data: values as Uint8Array, ...common })
    case 'uint16':
      return makeData({ type: new Uint16(), data: values as Uint16Array, ...common })
    case 'uint32':
      return makeData({ type: new Uint32(), data: values as Uint32Array, ...common })
    case 'int32':
      return makeData({ type: new Int32(), data: values as Int32Array, ...common })
    case 'int64':
      return makeData({ type: new Int64(), data: toInt64(values, length), ...common })
    case 'double':
      return makeData({ type: new Float64(), data: values as Float64Array, ...common })
  }
}

function utf8Data(texts: readonly string[]): Data {
  const encoder = new TextEncoder()
  const encoded = texts.map((text) => encoder.encode(text))
  const valueOffsets = new Int32Array(texts.length + 1)
  for (let i = 0; i < encoded.length; i++) valueOffsets[i + 1] = valueOffsets[i]! + encoded[i]!.length
  const data = new Uint8Array(valueOffsets[texts.length]!)
  for (let i = 0; i < encoded.length; i++) data.set(encoded[i]!, valueOffsets[i])
  return makeData({ type: new Utf8(), length: texts.length, nullCount: 0, valueOffsets, data })
}

function arrowType(type: StoredType): DataType {
  switch (type) {
    case 'uint8':
      return new Uint8()
    case 'uint16':
      return new Uint16()
    case 'uint32':
      return new Uint32()
    case 'int32':
      return new Int32()
    case 'int64':
      return new Int64()
    case 'double':
      return new Float64()
    case 'utf8':
      return new Utf8()
  }
}

/** Reads single columns of single row groups; the rest of the file is not touched. */
export class ParquetReader {
  #open: OpenParquet
  readonly #member: CheckedMember
  readonly #table: string

  private constructor(open: OpenParquet, member: CheckedMember, table: string) {
    this.#open = open
    this.#member = member
    this.#table = table
  }

  /** Reads the footer. Throws format-corrupt. */
  static async open(member: CheckedMember, table: string): Promise<ParquetReader> {
    ready()
    return new ParquetReader(await openParquet(member, table), member, table)
  }

  /** Numbers of one column in row group `group`, in an array of their own. Throws format-corrupt. */
  async readNumbers(column: string, type: StoredType, group: number, rows: number): Promise<ColumnArray> {
    if (type === 'utf8') throw this.#corrupt(`numbers in "${column}"`, 'texts')
    const stream = await this.#decode(column, group, (table) => table.intoFFI())
    try {
      const memory = parquet.wasmMemory() as { readonly buffer: ArrayBuffer }
      const found = columnInMemory(memory.buffer, stream.schemaAddr(), stream.arrayAddrs())
      if (found?.name !== column) throw this.#corrupt(`a column "${column}"`, 'none')
      if (found.format !== FORMAT_OF_TYPE[type]) throw this.#corrupt(`${type} in "${column}"`, `Arrow's "${found.format}"`)
      const length = found.parts.reduce((sum, part) => sum + part.length, 0)
      if (length !== rows || found.nulls !== 0) throw this.#corrupt(`${rows} values in "${column}"`, `${length - found.nulls}`)
      if (type !== 'int64') return joined(found.parts as readonly ColumnArray[], rows, type)
      const values = fromInt64(found.parts as readonly BigInt64Array[], rows)
      if (values === undefined) throw this.#corrupt(`numbers below 2^53 in "${column}"`, 'a larger one')
      return values
    } finally {
      stream.free()
    }
  }

  async readStrings(column: string, group: number, rows: number): Promise<string[]> {
    const table = await this.#decode(column, group, (decoded) => tableFromIPC(decoded.intoIPCStream()))
    const vector = table.getChild(column)
    if (vector === null) throw this.#corrupt(`a column "${column}"`, 'none')
    if (!DataType.isUtf8(vector.type as DataType)) throw this.#corrupt(`utf8 in "${column}"`, String(vector.type))
    if (vector.length !== rows || vector.nullCount !== 0) {
      throw this.#corrupt(`${rows} values in "${column}"`, `${vector.length - vector.nullCount}`)
    }
    return vector.toArray() as string[]
  }

  close(): void {
    this.#open.file.free()
  }

  async #decode<T>(column: string, group: number, take: (table: parquet.Table) => T): Promise<T> {
    const options = { columns: [column], rowGroups: [group], batchSize: ROWS_PER_GROUP }
    const { file, bytes } = this.#open
    try {
      return await guarded(bytes, this.#table, async () => take(await file.read(options)))
    } catch (error) {
      // The call may be stuck inside the old one, which must not be used or freed any more.
      this.#open = await openParquet(this.#member, this.#table)
      throw error
    }
  }

  #corrupt(expected: string, got: string): HeapscapeError {
    return new HeapscapeError('format-corrupt', { table: this.#table, expected, got })
  }
}

interface OpenParquet {
  readonly file: parquet.ParquetFile
  readonly bytes: LazyBytes
}

async function openParquet(member: CheckedMember, table: string): Promise<OpenParquet> {
  const bytes = new LazyBytes(member)
  const file = await guarded(bytes, table, () => parquet.ParquetFile.fromFile(bytes as never))
  return { file, bytes }
}

/** Arrow's names of number types in its C data interface. */
const FORMAT_OF_TYPE = { uint8: 'C', uint16: 'S', uint32: 'I', int32: 'i', int64: 'l', double: 'g' } as const
const ARRAY_OF_TYPE = { uint8: Uint8Array, uint16: Uint16Array, uint32: Uint32Array, int32: Int32Array, double: Float64Array } as const

function joined(parts: readonly ColumnArray[], rows: number, type: keyof typeof ARRAY_OF_TYPE): ColumnArray {
  const out = new ARRAY_OF_TYPE[type](rows)
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

/**
 * What parquet-wasm needs of a Blob: slices of the member, read and checked when asked for.
 *
 * The wasm module does not survive a slice that fails (it panics in a microtask, out of our reach). So a failing slice
 * is never answered: the call into the module stays where it is, and `guarded` ends our side of it.
 */
class LazyBytes {
  readonly size: number
  /** Rejects with the reason when a slice cannot be read. */
  readonly damage: Promise<never>
  #reject: (reason: unknown) => void = () => undefined
  readonly #member: CheckedMember

  constructor(member: CheckedMember) {
    this.size = member.size
    this.#member = member
    this.damage = new Promise<never>((_resolve, reject) => (this.#reject = reject))
    this.damage.catch(() => undefined) // whoever waits for it is told
  }

  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> } {
    return { arrayBuffer: () => this.#read(start, end) }
  }

  #read(start: number, end: number): Promise<ArrayBuffer> {
    try {
      return Promise.resolve(this.#member.read(start, end).buffer)
    } catch (error) {
      this.#reject(error)
      return new Promise(() => undefined)
    }
  }
}

/** Runs a call into the wasm module; whatever it throws, and its traps, become format-corrupt with the table's name. */
async function guarded<T>(bytes: LazyBytes, table: string, work: () => Promise<T>): Promise<T> {
  try {
    return await callWatched(() => Promise.race([bytes.damage, work()]))
  } catch (error) {
    if (error instanceof HeapscapeError) throw error
    if (error instanceof ModuleTrap) {
      await proveSound(error)
      throw new HeapscapeError('format-corrupt', { table, expected: 'Parquet data', got: `content that its reader gives up on (${error.message})` })
    }
    const got = error instanceof Error ? error.message : String(error)
    throw new HeapscapeError('format-corrupt', { table, expected: 'Parquet data', got })
  }
}

/**
 * After a trap: a small table must go in and out of the module as before. A panic leaves the objects of its call as they were
 * then, and nothing else; were it otherwise, every later file would be at risk, so the process ends over the trap.
 */
async function proveSound(trap: ModuleTrap): Promise<void> {
  try {
    const proof: StoredColumn = { name: 'proof', type: 'uint32', packing: 'delta', values: Column.of('u32', [7, 11, 13]) }
    const parts = await callWatched(() => encodeParquet([proof], 3, quietJob))
    const read = await callWatched(() => Promise.resolve(tableFromIPC(parquet.readParquet(concatenated(parts)).intoIPCStream())))
    if (Array.from(read.getChild('proof')!.toArray() as Uint32Array).join() !== '7,11,13') throw trap
  } catch {
    endOverTrap(trap)
  }
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
