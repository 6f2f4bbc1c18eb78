import type { ByteSource } from './byte-source'
import { HeapscapeError } from './errors'

const LINE_FEED = 10
/** About 2 ms of scanning at 100 MB/s: short enough to give the owner a turn between two blocks. */
const BLOCK_BYTES = 256 * 1024
/** No text format of ours has lines near this; a longer one means the content is not text. */
const LONGEST_LINE_BYTES = 1024 * 1024

/**
 * Walks a text in blocks of whole lines, so that a parser never meets a line cut by a block border:
 *
 *   source   a 0 16\na 1 32\nf 0\n...
 *   block    [a 0 16\na 1 32\n]        starts after a line feed, ends with one (the last block may lack it)
 *
 * The source is read again from the last line feed on, which costs less than carrying tails over.
 */
export class LineBlocks {
  /** The block; valid until the next call of `next`. */
  bytes: Uint8Array = new Uint8Array(0)
  /** Where the block starts in the source, in bytes. */
  offset = 0
  readonly #source: ByteSource
  readonly #blockBytes: number

  constructor(source: ByteSource, blockBytes = BLOCK_BYTES) {
    this.#source = source
    this.#blockBytes = blockBytes
  }

  /** Moves to the next block; false at the end. Throws `format-malformed` when a line is longer than 1 MiB. */
  next(): boolean {
    const start = this.offset + this.bytes.length
    for (let length = this.#blockBytes; ; length = LONGEST_LINE_BYTES) {
      const block = this.#source.read(start, length)
      this.offset = start
      this.bytes = block
      if (start + block.length >= this.#source.size || block.length === 0) return block.length > 0
      const lastFeed = block.lastIndexOf(LINE_FEED)
      if (lastFeed >= 0) {
        this.bytes = block.subarray(0, lastFeed + 1)
        return true
      }
      if (length >= LONGEST_LINE_BYTES) {
        const facts = { expected: `lines of at most ${LONGEST_LINE_BYTES} bytes`, got: 'a longer one' }
        throw new HeapscapeError('format-malformed', facts, { offset: start })
      }
    }
  }
}
