import type { ByteSource } from '../../base/byte-source'
import type { JobContext } from '../../base/job-context'
import type { ChunkStore } from './chunk-store'

/** One way of packing. A passive record, like an importer. */
export interface CompressionMethod {
  /** As in messages: `gzip`, `zstd`, `xz`, `bzip2`. */
  readonly id: string
  /** Decides by the magic number at the start. */
  matches(head: Uint8Array): boolean
  /**
   * Unpacks everything into `sink`, and calls `job.checkpoint` every few milliseconds. Throws DamagedStream where the
   * data is damaged or cut; what was unpacked before that stays in `sink`.
   */
  unpack(source: ByteSource, sink: ChunkStore, job: JobContext): Promise<void>
}

/** The packed data is damaged; `message` says how, as a sentence without full stop. */
export class DamagedStream extends Error {
  override name = 'DamagedStream'
}

/** Input is handed to the unpackers in pieces of this size: a few milliseconds of work each. */
export const INPUT_BYTES = 64 * 1024

export function startsWith(head: Uint8Array, magic: readonly number[]): boolean {
  return head.length >= magic.length && magic.every((byte, index) => head[index] === byte)
}
