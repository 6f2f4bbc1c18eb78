import bitIterator from 'unbzip2-stream/lib/bit_iterator.js'
import bzip2 from 'unbzip2-stream/lib/bzip2.js'
import type { ByteSource } from '../../base/byte-source'
import { HeapscapeError } from '../../base/errors'
import type { JobContext } from '../../base/job-context'
import type { ChunkStore } from './chunk-store'
import { type CompressionMethod, DamagedStream, INPUT_BYTES, startsWith } from './method'

const BLOCK_UNIT_BYTES = 100_000

export const bzip2Method: CompressionMethod = {
  id: 'bzip2',
  // "BZh", the block size as a digit, and the start of a block or of the end mark.
  matches: (head) =>
    startsWith(head, [0x42, 0x5a, 0x68]) && head[3]! >= 0x31 && head[3]! <= 0x39 && (head[4] === 0x31 || head[4] === 0x17),
  unpack: unpackBzip2,
}

/** Block by block (at most 900,000 bytes each); streams may follow each other. */
async function unpackBzip2(source: ByteSource, sink: ChunkStore, job: JobContext): Promise<void> {
  let offset = 0
  const bits = bitIterator(() => {
    const packed = source.read(offset, INPUT_BYTES)
    if (packed.length === 0) throw new DamagedStream('it ends too early')
    offset += packed.length
    return packed
  })
  const output = new ByteGatherer()
  while (bits.bytesRead < source.size) {
    let work: Int32Array
    let checksum: number | null = 0
    try {
      const unitsPerBlock = bzip2.header(bits)
      work = new Int32Array(unitsPerBlock * BLOCK_UNIT_BYTES)
    } catch (error) {
      throw asDamage(error)
    }
    while (checksum !== null) {
      try {
        checksum = bzip2.decompress(bits, output.write, work, work.length, checksum)
      } catch (error) {
        throw asDamage(error)
      }
      sink.append(output.take())
      job.progress({ done: bits.bytesRead, total: source.size, unit: 'bytes' })
      await job.checkpoint()
    }
  }
}

/** The library hands over one byte per call; a block is kept only when its checksum was right. */
class ByteGatherer {
  #bytes = new Uint8Array(BLOCK_UNIT_BYTES)
  #length = 0

  readonly write = (byte: number): void => {
    if (this.#length === this.#bytes.length) {
      const larger = new Uint8Array(this.#length * 2)
      larger.set(this.#bytes)
      this.#bytes = larger
    }
    this.#bytes[this.#length++] = byte
  }

  take(): Uint8Array {
    const taken = this.#bytes.subarray(0, this.#length)
    this.#length = 0
    return taken
  }
}

function asDamage(error: unknown): Error {
  if (error instanceof HeapscapeError || error instanceof DamagedStream) return error
  const text = error instanceof Error ? error.message : String(error)
  return new DamagedStream(text.includes('crc') ? 'the checksum is wrong' : 'the data is corrupt')
}
