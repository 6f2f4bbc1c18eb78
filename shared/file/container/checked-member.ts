import type { ByteSource } from '../../base/byte-source'
import { HeapscapeError } from '../../base/errors'
import { crc32 } from './crc32'
import type { ZipMember } from './zip-reader'

/*
 * A member's content with one CRC-32 per block of 64 KiB:
 *
 *   content   [block 0][block 1][block 2][bl 3]
 *   asked            [..........]                 blocks 0, 1 and 2 are read and checked, nothing else
 *
 * ZIP's own CRC covers a member as a whole, and checking it would mean reading everything for the sake of one column.
 */
export const CHECK_BLOCK_BYTES = 65536

/** CRC-32 of each block of a member given in parts. */
export function blockChecksums(parts: readonly Uint8Array[]): number[] {
  const sums: number[] = []
  let crc = 0
  let filled = 0
  for (const part of parts) {
    for (let at = 0; at < part.length; ) {
      const count = Math.min(part.length - at, CHECK_BLOCK_BYTES - filled)
      crc = crc32(part.subarray(at, at + count), crc)
      at += count
      filled += count
      if (filled === CHECK_BLOCK_BYTES) {
        sums.push(crc)
        crc = 0
        filled = 0
      }
    }
  }
  if (filled > 0) sums.push(crc)
  return sums
}

export class CheckedMember {
  readonly size: number
  readonly #source: ByteSource
  readonly #member: ZipMember
  readonly #checksums: readonly number[]
  readonly #table: string
  /** The block read last: neighbouring columns and the parts of a footer lie in the same one. */
  #lastBlock: { readonly index: number; readonly bytes: Uint8Array } | undefined

  constructor(source: ByteSource, member: ZipMember, checksums: readonly number[], table: string) {
    this.size = member.size
    this.#source = source
    this.#member = member
    this.#checksums = checksums
    this.#table = table
  }

  /** Bytes [start, end), proven by their checksums, in an array of their own. Throws format-corrupt with table and offset. */
  read(start: number, end: number): Uint8Array<ArrayBuffer> {
    if (!(start >= 0 && start <= end && end <= this.size)) {
      throw this.#corrupt(`bytes ${start} to ${end} of the table`, `${this.size} bytes`, start)
    }
    const out = new Uint8Array(end - start)
    for (let at = start; at < end; ) {
      const block = Math.floor(at / CHECK_BLOCK_BYTES)
      const blockStart = block * CHECK_BLOCK_BYTES
      const bytes = this.#readBlock(block, blockStart)
      const count = Math.min(end, blockStart + bytes.length) - at
      out.set(bytes.subarray(at - blockStart, at - blockStart + count), at - start)
      at += count
    }
    return out
  }

  #readBlock(block: number, blockStart: number): Uint8Array {
    if (this.#lastBlock?.index === block) return this.#lastBlock.bytes
    const length = Math.min(CHECK_BLOCK_BYTES, this.size - blockStart)
    const available = Math.max(0, Math.min(length, this.#source.size - this.#member.offset - blockStart))
    const bytes = this.#source.read(this.#member.offset + blockStart, available)
    if (bytes.length < length) throw this.#corrupt(`${length} bytes`, `${bytes.length} bytes`, blockStart)
    const crc = crc32(bytes)
    const expected = this.#checksums[block]
    if (crc !== expected) throw this.#corrupt(`checksum ${hex(expected)}`, hex(crc), blockStart)
    this.#lastBlock = { index: block, bytes: bytes.slice() }
    return bytes
  }

  #corrupt(expected: string, got: string, at: number): HeapscapeError {
    const place = { file: this.#source.name, offset: this.#member.offset + at }
    return new HeapscapeError('format-corrupt', { table: this.#table, expected, got }, place)
  }
}

const hex = (crc: number | undefined): string => (crc === undefined ? 'none' : crc.toString(16).padStart(8, '0'))
