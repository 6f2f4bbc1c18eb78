import { Gunzip } from 'fflate'
import { createCRC32 } from 'hash-wasm'
import type { ByteSource } from '../../base/byte-source'
import type { JobContext } from '../../base/job-context'
import { HeapscapeError } from '../../base/errors'
import type { ChunkStore } from './chunk-store'
import { type CompressionMethod, DamagedStream, INPUT_BYTES, startsWith } from './method'

/** Each member of a gzip file ends in the CRC-32 and the length (modulo 2^32) of what it unpacks to (RFC 1952). */
const TRAILER_BYTES = 8

export const gzipMethod: CompressionMethod = {
  id: 'gzip',
  matches: (head) => startsWith(head, [0x1f, 0x8b, 8]),
  unpack: unpackGzip,
}

async function unpackGzip(source: ByteSource, sink: ChunkStore, job: JobContext): Promise<void> {
  const crc = await createCRC32()
  crc.init()
  let memberStart = 0
  // The library does not compare checksums, so it is done here, from the trailer that ends where a member ends.
  const checkMember = (memberEnd: number): void => {
    const trailer = source.read(memberEnd - TRAILER_BYTES, TRAILER_BYTES)
    if (littleEndian32(trailer, 0) !== parseInt(crc.digest('hex'), 16)) throw new DamagedStream('the checksum is wrong')
    if (littleEndian32(trailer, 4) !== (sink.size - memberStart) % 2 ** 32) throw new DamagedStream('the length is wrong')
    crc.init()
    memberStart = sink.size
  }
  const gunzip = new Gunzip((bytes) => {
    sink.append(bytes)
    crc.update(bytes)
  })
  gunzip.onmember = (offset) => {
    if (offset > 0) checkMember(offset)
  }
  for (let offset = 0; offset < source.size; offset += INPUT_BYTES) {
    const packed = source.read(offset, INPUT_BYTES)
    try {
      gunzip.push(packed, offset + packed.length >= source.size)
    } catch (error) {
      if (error instanceof HeapscapeError || error instanceof DamagedStream) throw error
      throw new DamagedStream(error instanceof Error ? error.message : String(error))
    }
    job.progress({ done: offset + packed.length, total: source.size, unit: 'bytes' })
    await job.checkpoint()
  }
  checkMember(source.size)
}

function littleEndian32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0
}
