import type { Address, Bytes } from '../../../base/units'

/*
 * How a block lies in memory. The article gives the size of the header and where it lies, not what is in it; the
 * fields are those the heap needs, in the order later Windows heaps have them:
 *
 *   16-byte header   +0  u32 size in granules          8-byte header   +0 u16 size in granules
 *                    +4  u32 size of the block before                  +2 u16 size of the block before
 *                    +8  u8  flags                                     +4 u8  flags
 *                    +9  u8  bytes not asked for                       +5 u8  bytes not asked for
 *                    +10 u8  segment, +11 zero                         +6 u8  segment, +7 zero
 *                    +12 u32 handle of a movable block
 *
 * Behind the header of a free block: addresses of the next and the previous free block, 0 at the ends of the chain.
 * Headers below 8 bytes hold nothing: the ideal model has no overhead.
 */
export const BlockFlag = { Busy: 0x01, Moveable: 0x02, Last: 0x10 } as const

export interface BlockLayout {
  readonly headerBytes: Bytes
  readonly granuleBytes: Bytes
  readonly pointerBytes: 4 | 8
}

/** What the bytes of one block say. */
export interface BlockFacts {
  readonly size: Bytes
  readonly previousSize: Bytes
  readonly flags: number
  readonly spareBytes: Bytes
  readonly segment: number
  readonly handle: Address
  /** Of free blocks. */
  readonly nextFree: Address
  readonly previousFree: Address
}

/** A field of the layout: where it lies from the start of the block, and its value. */
export interface BlockField {
  readonly name: 'size' | 'size of the block before' | 'flags' | 'spare bytes' | 'segment' | 'zero' | 'handle' | 'next free' | 'previous free'
  readonly offset: Bytes
  readonly bytes: Bytes
  readonly value: number
}

const WIDE_HEADER = 16
const NARROW_HEADER = 8

/** Every field of a block in order of offset; [] when the header is too small to hold any. */
export function blockFields(layout: BlockLayout, facts: BlockFacts): BlockField[] {
  const { headerBytes, granuleBytes, pointerBytes } = layout
  if (headerBytes < NARROW_HEADER) return []
  const isWide = headerBytes >= WIDE_HEADER
  const sizeBytes = isWide ? 4 : 2
  const most = 2 ** (8 * sizeBytes) - 1
  const fields: BlockField[] = []
  let offset = 0
  const add = (name: BlockField['name'], bytes: Bytes, value: number): void => {
    fields.push({ name, offset, bytes, value })
    offset += bytes
  }
  add('size', sizeBytes, Math.min(most, facts.size / granuleBytes))
  add('size of the block before', sizeBytes, Math.min(most, facts.previousSize / granuleBytes))
  add('flags', 1, facts.flags)
  add('spare bytes', 1, Math.min(0xff, facts.spareBytes))
  add('segment', 1, facts.segment & 0xff)
  add('zero', 1, 0)
  if (isWide) add('handle', 4, facts.handle % 2 ** 32)
  offset = headerBytes
  if ((facts.flags & BlockFlag.Busy) === 0 && facts.size >= headerBytes + 2 * pointerBytes) {
    add('next free', pointerBytes, facts.nextFree)
    add('previous free', pointerBytes, facts.previousFree)
  }
  return fields
}

/**
 * Writes header and free links to the start of `out` and returns their length. The same bytes as `blockFields` names,
 * without an object per field: it runs several times per call of the simulated program.
 */
export function encodeBlock(layout: BlockLayout, facts: BlockFacts, out: Uint8Array): number {
  const { headerBytes, granuleBytes, pointerBytes } = layout
  if (headerBytes < NARROW_HEADER) return 0
  out.fill(0)
  const sizeBytes = headerBytes >= WIDE_HEADER ? 4 : 2
  const most = 2 ** (8 * sizeBytes) - 1
  putNumber(out, 0, sizeBytes, Math.min(most, facts.size / granuleBytes))
  putNumber(out, sizeBytes, sizeBytes, Math.min(most, facts.previousSize / granuleBytes))
  const rest = 2 * sizeBytes
  out[rest] = facts.flags
  out[rest + 1] = Math.min(0xff, facts.spareBytes)
  out[rest + 2] = facts.segment & 0xff
  if (headerBytes >= WIDE_HEADER) putNumber(out, rest + 4, 4, facts.handle % 2 ** 32)
  if ((facts.flags & BlockFlag.Busy) !== 0 || facts.size < headerBytes + 2 * pointerBytes) return headerBytes
  putNumber(out, headerBytes, pointerBytes, facts.nextFree)
  putNumber(out, headerBytes + pointerBytes, pointerBytes, facts.previousFree)
  return headerBytes + 2 * pointerBytes
}

/** Bytes that `encodeBlock` may write. */
export const encodedBytes = (layout: BlockLayout): Bytes => layout.headerBytes + 2 * layout.pointerBytes

/** Little endian; exact for whole numbers below 2^53. */
export function putNumber(out: Uint8Array, offset: number, bytes: number, value: number): void {
  for (let i = 0, rest = value; i < bytes; i++, rest = Math.floor(rest / 256)) out[offset + i] = rest % 256
}

export function getNumber(bytes: Uint8Array, offset: number, length: number): number {
  let value = 0
  for (let i = length - 1; i >= 0; i--) value = value * 256 + bytes[offset + i]!
  return value
}
