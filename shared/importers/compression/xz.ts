import * as xzDecompress from 'xz-decompress'
import { type ByteSource, SliceSource } from '../../base/byte-source'
import type { JobContext } from '../../base/job-context'
import type { ChunkStore } from './chunk-store'
import { type CompressionMethod, DamagedStream, INPUT_BYTES, startsWith } from './method'
import { XZ_MAGIC, findXzStreams } from './xz-streams'

// A CommonJS package: bundlers give its members as named exports, Node itself only inside the default one.
const XzReadableStream = xzDecompress.XzReadableStream ?? xzDecompress.default.XzReadableStream

/** Results of the decoder (enum xz_ret of XZ Embedded) that end the work. */
const ERRORS: Readonly<Record<string, string>> = {
  2: 'the kind of checksum is not supported',
  3: 'there is not enough memory',
  4: 'the dictionary is too large',
  5: 'what follows is no xz stream',
  6: 'the stream asks for something unsupported',
  7: 'the data is corrupt',
  8: 'it ends too early',
}

export const xzMethod: CompressionMethod = {
  id: 'xz',
  matches: (head) => startsWith(head, XZ_MAGIC),
  unpack: unpackXz,
}

async function unpackXz(source: ByteSource, sink: ChunkStore, job: JobContext): Promise<void> {
  const places = findXzStreams(source)
  if (places === undefined) {
    await unpackStream(source, sink, job)
    throw new DamagedStream('what follows the first stream is damaged')
  }
  for (const { start, bytes } of places) await unpackStream(new SliceSource(source, start, bytes), sink, job)
}

/** The library decodes one stream and stops at its end. */
async function unpackStream(source: ByteSource, sink: ChunkStore, job: JobContext): Promise<void> {
  let offset = 0
  const nextPiece = (): { done: boolean; value: Uint8Array } => {
    // A copy: the library keeps the piece over several turns, and the source may reuse its array.
    const value = source.read(offset, INPUT_BYTES).slice()
    offset += value.length
    return { done: value.length === 0, value }
  }
  const input = { read: () => Promise.resolve(nextPiece()), cancel: () => Promise.resolve() }
  const output = new XzReadableStream({ getReader: () => input }).getReader()
  let ended = false
  try {
    for (;;) {
      const { done, value } = await output.read().catch(throwDamage)
      ended = done
      if (done) return
      if (value !== undefined) sink.append(value)
      job.progress({ done: offset, total: source.size, unit: 'bytes' })
      await job.checkpoint()
    }
  } catch (error) {
    ended ||= error instanceof DamagedStream
    throw error
  } finally {
    // An unfinished stream holds the library's only decoder until it is cancelled.
    if (!ended) await output.cancel()
  }
}

function throwDamage(error: unknown): never {
  const code = /error code (\d+)/.exec(error instanceof Error ? error.message : '')?.[1] ?? ''
  throw new DamagedStream(ERRORS[code] ?? 'the data is corrupt')
}
