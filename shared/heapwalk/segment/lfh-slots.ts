import type { Address, Bytes } from '../../base/units'
import { bucketBlockSize } from '../../model/lfh-buckets'
import type { Layout } from '../layouts/choose-layout'
import type { MemoryView } from '../memory-view'

export interface SegmentLfh {
  readonly address: Address
  readonly end: Address
  readonly blockSize: Bytes
  readonly count: number
  readonly freeCount: number
  readonly encodedOffsets: number
  /** Where the first block would be by header and bitmap. */
  readonly expectedFirst: Bytes
  /** By block: 1 busy, 2 its last bytes count unused ones; undefined when neither form of the bitmap agrees with the free count. */
  readonly flags: Uint8Array | undefined
  /** True when the form of the bitmap does not tell where unused bytes are counted. */
  readonly hidesUnused: boolean
}

export function readSegmentLfh(view: MemoryView, address: Address, end: Address, layout: Layout): SegmentLfh | undefined {
  const { bits } = layout
  const at = (member: string): Address => address + layout.offset('HEAP_LFH_SUBSEGMENT', member)
  const owner = view.pointer(at('Owner'), bits)
  const bucket = view.u8(owner + layout.offset('HEAP_LFH_SUBSEGMENT_OWNER', 'BucketIndex'))
  const blockSize = bucketBlockSize(bucket, bits)
  const count = view.u16(at('BlockCount'))
  const freeCount = view.u16(at('FreeCount'))
  const encodedOffsets = view.u32(at('BlockOffsets'))
  if (!(blockSize > 0 && count > 0 && freeCount <= count) || Number.isNaN(encodedOffsets)) return undefined
  const bitmapAt = layout.offset('HEAP_LFH_SUBSEGMENT', 'BlockBitmap')
  const bitmapBytes = (bits / 8) * Math.ceil((2 * count) / bits)
  const expectedFirst = Math.ceil((bitmapAt + bitmapBytes) / 16) * 16
  if (address + expectedFirst + count * blockSize > end) return undefined
  const bitmap = view.bytes(address + bitmapAt, bitmapBytes)
  const flags = bitmap === undefined ? undefined : readFlags(bitmap, count, count - freeCount)
  return { address, end, blockSize, count, freeCount, encodedOffsets, expectedFirst, flags: flags?.flags, hidesUnused: flags?.hidesUnused ?? true }
}

/** Two bits a block, or (Windows 11 24H2) a bit a block in the low half of each 64: whichever gives the number of busy blocks. */
function readFlags(bitmap: Uint8Array, count: number, busy: number): { readonly flags: Uint8Array; readonly hidesUnused: boolean } | undefined {
  const pairs = new Uint8Array(count)
  const halves = new Uint8Array(count)
  for (let i = 0; i < count; i++) {
    pairs[i] = (bitmap[i >> 2]! >> ((i & 3) * 2)) & 3
    const byte = (i >> 5) * 8 + ((i & 31) >> 3)
    halves[i] = ((bitmap[byte] ?? 0) >> (i & 7)) & 1
  }
  const busyIn = (flags: Uint8Array): number => flags.reduce((sum, flag) => sum + (flag & 1), 0)
  // Only a busy block has unused bytes: in the other form of the bitmap about half of the free ones would.
  const isSound = pairs.every((flag) => flag !== 2)
  if (isSound && busyIn(pairs) === busy) return { flags: pairs, hidesUnused: false }
  return busyIn(halves) === busy ? { flags: halves, hidesUnused: true } : undefined
}

/** How a sub-segment's address enters its encoded offsets: shifted as 32 bits, or (from build 26100 on) as 64 bits. */
export type AddressShift = 'narrow' | 'wide'

function shifted(address: Address, shift: AddressShift): number {
  return shift === 'narrow' ? (address % 0x100000000) >>> 12 : Math.floor(address / 0x1000) % 0x100000000
}

/** The low half of the process's key as this sub-segment gives it, if its first block is where it should be. */
export function lfhKeyOf({ address, encodedOffsets, blockSize, expectedFirst }: SegmentLfh, shift: AddressShift): number {
  return (encodedOffsets ^ shifted(address, shift) ^ (blockSize | (expectedFirst << 16))) >>> 0
}

export function firstBlockOffset({ address, encodedOffsets }: SegmentLfh, key: number, shift: AddressShift): { readonly blockSize: Bytes; readonly first: Bytes } {
  const offsets = (encodedOffsets ^ shifted(address, shift) ^ key) >>> 0
  return { blockSize: offsets & 0xffff, first: offsets >>> 16 }
}

/** Unused bytes a block with that flag keeps in its last two bytes. */
export function unusedOf(view: MemoryView, block: Address, blockSize: Bytes): Bytes {
  const tail = view.u16(block + blockSize - 2)
  const unused = (tail & 0x8000) !== 0 ? 1 : tail & 0x3fff
  return unused <= blockSize ? unused : 0
}
