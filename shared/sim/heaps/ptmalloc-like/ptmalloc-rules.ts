import { PAGE_BYTES, roundUp, type Bytes } from '../../../base/units'

/** Figures a profile gives; names and sources: shared/sim/profiles/field. */
export interface PtmallocRules {
  /** Most chunks a list of the thread cache holds; 0 = no thread cache, as before glibc 2.26. */
  readonly tcacheCount: number
  /** Largest request whose chunk the thread cache keeps. */
  readonly tcacheMax: Bytes
  /** Largest chunk a fast bin keeps; 0 = no fast bins. */
  readonly maxFast: Bytes
  /** A freed chunk that has merged to this size empties the fast bins. */
  readonly consolidateAt: Bytes
  readonly topPad: Bytes
  readonly trimThreshold: Bytes
  readonly mmapThreshold: Bytes
  /** Bound of the threshold when it adapts. */
  readonly mmapThresholdMax: Bytes
  /** A freed mapping raises the threshold to its size, and the trim threshold to twice that. */
  readonly dynamic: boolean
  readonly capacity: Bytes
}

/*
 * A chunk of 64-bit glibc, and what is told of it here:
 *
 *   chunk      p        p+8      p+16                       p+size
 *              | prev   | size   | the program's bytes ... ........ | size of the next chunk
 *   block               [ address = p + 8, `size` bytes              )
 *
 * The program may use the next chunk's `prev` field, which is valid only while this chunk is free. So a chunk's bytes
 * are taken to begin at its size field: blocks then tile, and a busy one has exactly 8 bytes of header.
 */
export const WORD_BYTES = 8
export const CHUNK_ALIGN = 16
export const MIN_CHUNK = 32
/** From this size chunks go to large bins: 64 small bins, one for each 16 bytes. */
export const MIN_LARGE = 1024
/** Lists of the thread cache, one for each chunk size from the smallest. */
export const TCACHE_LISTS = 64
/** Bytes of the thread cache's own record: a 2-byte counter and a pointer for each list. */
export const TCACHE_RECORD = TCACHE_LISTS * (2 + WORD_BYTES)

/** Whole chunk for a request. */
export function chunkBytes(bytes: Bytes): Bytes {
  return Math.max(MIN_CHUNK, Math.ceil((bytes + WORD_BYTES) / CHUNK_ALIGN) * CHUNK_ALIGN)
}

/** Whole mapping for a chunk of its own: it has no neighbour whose `prev` field it could use. */
export const mappingBytes = (chunk: Bytes): Bytes => roundUp(chunk + WORD_BYTES, PAGE_BYTES)

/** Upper size class steps of the large bins: 64 bytes wide, then 512, 4 Ki, 32 Ki, 256 Ki, and one for the rest. */
export function largeBin(size: Bytes): number {
  if (size >= 2 ** 32) return 126
  if (size >>> 6 <= 48) return 48 + (size >>> 6)
  if (size >>> 9 <= 20) return 91 + (size >>> 9)
  if (size >>> 12 <= 10) return 110 + (size >>> 12)
  if (size >>> 15 <= 4) return 119 + (size >>> 15)
  if (size >>> 18 <= 2) return 124 + (size >>> 18)
  return 126
}
