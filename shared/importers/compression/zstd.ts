import type { ByteSource } from '../../base/byte-source'
import type { JobContext } from '../../base/job-context'
import type { ChunkStore } from './chunk-store'
import { type CompressionMethod, DamagedStream, startsWith } from './method'
import { loadZstd, type ZstdExports } from './zstd-module'

const FRAME_MAGIC = [0x28, 0xb5, 0x2f, 0xfd]

/** Names of the codes that reading can meet (zstd_errors.h; those below 100 are declared stable). */
const ERRORS: Readonly<Record<number, string>> = {
  10: 'what follows is no zstd frame',
  12: 'the version of the frame is not supported',
  14: 'the frame asks for something unsupported',
  16: 'the frame needs a window above 128 MiB',
  20: 'the data is corrupt',
  22: 'the checksum is wrong',
  24: 'the literals are corrupt',
  30: 'the dictionary is corrupt',
  32: 'the frame was made with a dictionary',
  64: 'there is not enough memory',
}
/** size_t results above (unsigned) -120 are errors (ZSTD_isError). */
const LOWEST_ERROR = -120

export const zstdMethod: CompressionMethod = {
  id: 'zstd',
  // A file may begin with a skippable frame, 0x184d2a50 to ..5f.
  matches: (head) => startsWith(head, FRAME_MAGIC) || (startsWith(head.subarray(1), [0x2a, 0x4d, 0x18]) && (head[0]! & 0xf0) === 0x50),
  unpack: unpackZstd,
}

async function unpackZstd(source: ByteSource, sink: ChunkStore, job: JobContext): Promise<void> {
  const stream = new ZstdStream(await loadZstd())
  try {
    let hint = 0
    for (let offset = 0; offset < source.size; ) {
      const packed = source.read(offset, stream.inputBytes)
      hint = stream.push(packed, sink)
      offset += packed.length
      job.progress({ done: offset, total: source.size, unit: 'bytes' })
      await job.checkpoint()
    }
    if (hint !== 0) throw new DamagedStream('it ends inside a frame')
  } finally {
    stream.close()
  }
}

/*
 * ZSTD_inBuffer and ZSTD_outBuffer are {pointer, size, position}, three 32-bit words each:
 *
 *   input  [pointer][size][position]   output [pointer][size][position]
 */
const WORDS = 3
const POSITION = 2

/** One decompression over the wasm module; frames may follow each other, with or without their content size. */
class ZstdStream {
  readonly inputBytes: number
  readonly #wasm: ZstdExports
  readonly #context: number
  readonly #input: number
  readonly #output: number
  readonly #outputBytes: number
  readonly #words: number

  constructor(wasm: ZstdExports) {
    this.#wasm = wasm
    this.inputBytes = wasm.ZSTD_DStreamInSize()
    this.#outputBytes = wasm.ZSTD_DStreamOutSize()
    this.#context = wasm.ZSTD_createDCtx()
    this.#input = wasm.malloc(this.inputBytes)
    this.#output = wasm.malloc(this.#outputBytes)
    this.#words = wasm.malloc(2 * WORDS * 4)
  }

  /** Unpacks at most `inputBytes` packed bytes; answers 0 when a frame ended exactly at their end. */
  push(packed: Uint8Array, sink: ChunkStore): number {
    const { memory } = this.#wasm
    new Uint8Array(memory.buffer).set(packed, this.#input)
    this.#setWords(0, this.#input, packed.length)
    let hint = 0
    for (let full = true; full || this.#position(0) < packed.length; ) {
      this.#setWords(WORDS, this.#output, this.#outputBytes)
      hint = this.#wasm.ZSTD_decompressStream(this.#context, this.#words + WORDS * 4, this.#words) | 0
      const made = this.#position(WORDS)
      // The memory may have grown in the call, which detaches older views.
      if (made > 0) sink.append(new Uint8Array(memory.buffer, this.#output, made))
      if (hint < 0 && hint > LOWEST_ERROR) throw new DamagedStream(ERRORS[-hint] ?? `error ${-hint}`)
      full = made === this.#outputBytes && hint !== 0
    }
    return hint
  }

  close(): void {
    this.#wasm.ZSTD_freeDCtx(this.#context)
    for (const pointer of [this.#input, this.#output, this.#words]) this.#wasm.free(pointer)
  }

  #setWords(first: number, pointer: number, size: number): void {
    new Uint32Array(this.#wasm.memory.buffer, this.#words + first * 4, WORDS).set([pointer, size, 0])
  }

  #position(first: number): number {
    return new Uint32Array(this.#wasm.memory.buffer, this.#words + first * 4, WORDS)[POSITION]!
  }
}
