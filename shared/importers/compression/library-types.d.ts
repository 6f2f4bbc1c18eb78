// The parts we use of packages without types, or with types that need the DOM library.
declare module 'unbzip2-stream/lib/bit_iterator.js' {
  interface BitReader {
    /** The next `count` bits as a number; null skips to the next byte. */
    (count: number | null): number
    /** Bytes begun so far. */
    bytesRead: number
  }
  export default function bitIterator(nextBuffer: () => Uint8Array): BitReader
}

declare module 'unbzip2-stream/lib/bzip2.js' {
  type Bits = (count: number | null) => number
  const bzip2: {
    /** Reads the stream header; answers the block size in units of 100,000 bytes. */
    header(bits: Bits): number
    /** Reads one block; answers the running checksum, or null at the end of a stream. */
    decompress(bits: Bits, write: (byte: number) => void, work: Int32Array, workLength: number, checksum: number): number | null
  }
  export default bzip2
}

declare module 'xz-decompress' {
  interface PieceReader {
    read(): Promise<{ done: boolean; value?: Uint8Array }>
    cancel(): Promise<void>
  }
  /** A web stream of the unpacked pieces of one xz stream; asks of its input only `getReader`. */
  type XzReadableStreamClass = new (packed: { getReader(): PieceReader }) => { getReader(): PieceReader }
  export const XzReadableStream: XzReadableStreamClass | undefined
  const members: { XzReadableStream: XzReadableStreamClass }
  export default members
}
