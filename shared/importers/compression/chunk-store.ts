import type { ByteSource } from '../../base/byte-source'
import { HeapscapeError } from '../../base/errors'

/*
 * Unpacked bytes:   chunks[0] [....4 MiB....]  chunks[1] [....4 MiB....]  ...  last one partly used
 *
 * Chunks, because the unpacked size is not known beforehand, one buffer of 2 GiB fails in the runtime, and joining
 * pieces into one array would hold everything twice.
 */
const CHUNK_BYTES = 4 * 1024 * 1024

export class ChunkStore implements ByteSource {
  readonly name: string
  readonly #chunks: Uint8Array[] = []
  readonly #limitBytes: number
  #size = 0

  constructor(name: string, limitBytes: number) {
    this.name = name
    this.#limitBytes = limitBytes
  }

  get size(): number {
    return this.#size
  }

  /** Copies the bytes to the end; throws `input-too-large` above the limit. */
  append(bytes: Uint8Array): void {
    if (this.#size + bytes.length > this.#limitBytes) {
      const facts = { expected: `at most ${this.#limitBytes} unpacked bytes`, got: 'more' }
      throw new HeapscapeError('input-too-large', facts)
    }
    for (let done = 0; done < bytes.length; ) {
      const inChunk = this.#size % CHUNK_BYTES
      if (inChunk === 0) this.#chunks.push(new Uint8Array(CHUNK_BYTES))
      const part = bytes.subarray(done, done + CHUNK_BYTES - inChunk)
      this.#chunks.at(-1)!.set(part, inChunk)
      this.#size += part.length
      done += part.length
    }
  }

  read(offset: number, length: number): Uint8Array {
    const end = Math.min(this.#size, offset + length)
    if (offset >= end) return new Uint8Array(0)
    const first = Math.floor(offset / CHUNK_BYTES)
    const start = offset - first * CHUNK_BYTES
    if (start + end - offset <= CHUNK_BYTES) return this.#chunks[first]!.subarray(start, start + end - offset)
    const out = new Uint8Array(end - offset)
    for (let at = offset; at < end; ) {
      const chunk = Math.floor(at / CHUNK_BYTES)
      const from = at - chunk * CHUNK_BYTES
      const part = this.#chunks[chunk]!.subarray(from, Math.min(CHUNK_BYTES, from + end - at))
      out.set(part, at - offset)
      at += part.length
    }
    return out
  }

  close(): void {
    this.#chunks.length = 0
    this.#size = 0
  }
}
