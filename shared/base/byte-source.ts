import { HeapscapeError } from './errors'

/**
 * Random access to bytes: a file, a piece of memory, a slice of another source. Reading is synchronous because
 * every source lives in the engine process or the command line, where waiting for a 1 MiB read costs nothing.
 */
export interface ByteSource {
  /** Name for messages and for tie-breaks in detection; never a path. */
  readonly name: string
  /** Length in bytes. */
  readonly size: number
  /** Up to `length` bytes from `offset`; shorter only at the end. The array may be reused by the next read. */
  read(offset: number, length: number): Uint8Array
  close(): void
}

export class MemorySource implements ByteSource {
  readonly name: string
  readonly size: number
  readonly #bytes: Uint8Array

  constructor(bytes: Uint8Array, name = 'memory') {
    this.name = name
    this.size = bytes.length
    this.#bytes = bytes
  }

  read(offset: number, length: number): Uint8Array {
    return this.#bytes.subarray(offset, Math.min(this.size, offset + length))
  }

  close(): void {}
}

export class SliceSource implements ByteSource {
  readonly name: string
  readonly size: number
  readonly #source: ByteSource
  readonly #start: number

  constructor(source: ByteSource, start: number, size: number) {
    if (start < 0 || size < 0 || start + size > source.size) {
      throw new HeapscapeError('format-truncated', { expected: `${size} bytes at ${start}`, got: source.size }, { offset: start })
    }
    this.name = source.name
    this.size = size
    this.#source = source
    this.#start = start
  }

  read(offset: number, length: number): Uint8Array {
    return this.#source.read(this.#start + offset, Math.max(0, Math.min(length, this.size - offset)))
  }

  close(): void {}
}
