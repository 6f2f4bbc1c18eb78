import { assert } from '../../../base/assert'
import type { Bytes } from '../../../base/units'

/** Largest block of the front end, header included: 16 KB (nt-heap.md 5.1, 5.2). */
export const LFH_LARGEST_BYTES: Bytes = 16384
export const LFH_BUCKETS = 128

/** Last block size of each range of buckets and the step in it (nt-heap.md 5.2). */
const RANGES_X86 = [[256, 8], [512, 16], [1024, 32], [2048, 64], [4096, 128], [8192, 256], [16384, 512]] as const
const RANGES_X64 = [[1024, 16], [2048, 64], [4096, 128], [8192, 256], [16384, 512]] as const

/** Block size of each bucket in bytes, header included; bucket 0 is none. 128 buckets on either bitness. */
export function lfhBucketBytes(granule: Bytes): readonly Bytes[] {
  const sizes: Bytes[] = [0]
  for (const [last, step] of granule === 8 ? RANGES_X86 : RANGES_X64) {
    for (let size = sizes[sizes.length - 1]! + step; size <= last; size += step) sizes.push(size)
  }
  assert(sizes.length === LFH_BUCKETS + 1, 'there are 128 buckets')
  return sizes
}

/** Bucket of each number of units up to the largest block, as a table. */
export function lfhBucketOfUnits(granule: Bytes): Uint8Array {
  const sizes = lfhBucketBytes(granule)
  const table = new Uint8Array(LFH_LARGEST_BYTES / granule + 1)
  for (let units = 1, bucket = 1; units < table.length; units++) {
    while (sizes[bucket]! < units * granule) bucket++
    table[units] = bucket
  }
  return table
}

/** What decides how many slots a new sub-segment gets. */
export interface SubSegmentAsk {
  /** Distance of two slots in bytes. */
  readonly stride: Bytes
  /** Slots in the sub-segments the bucket has. */
  readonly slotsSoFar: number
  readonly subSegments: number
  /** More than seven sub-segments of this bucket were made in a row. */
  readonly isLongRun: boolean
  readonly hasAffinity: boolean
  /** Slots a sub-segment has at the least; 0 = as the rule of Windows 8 and later says. */
  readonly leastSlots: number
  readonly container: ContainerLayout
}

/** Bytes of the bitmap of so many slots (nt-heap.md 5.3). */
export const lfhBitmapBytes = (slots: number): Bytes => ((slots + 31) >>> 3) & ~3

const MOST_SLOTS = 1024
const MOST_BYTES = 0xf0000
/** Header of a container and of its block, and a reserve, as the rule counts them. */
const RULE_HEADER_BYTES = 68
const STRIDE_OF_LARGE_BLOCKS = 256 + 16
export const LEAST_SIZE_INDEX = 7
export const MOST_SIZE_INDEX = 18

/** Binary logarithm of the size of the back-end block for a new sub-segment (nt-heap.md 5.3; 128 bytes to 256 KB). */
export function lfhSizeIndex({ stride, slotsSoFar, subSegments, isLongRun, hasAffinity, leastSlots, container }: SubSegmentAsk): number {
  const affinity = hasAffinity ? 1 : 0
  const wanted = isLongRun ? slotsSoFar : slotsSoFar >>> 3
  const shift = (stride >= STRIDE_OF_LARGE_BLOCKS ? affinity : affinity - 1) - (subSegments > 0 ? 1 : 0)
  const count = Math.min(MOST_SLOTS, Math.max(4, wanted, leastSlots > 0 ? leastSlots : 2 ** (3 - shift)))
  const header = container.bitmapAt > 0 ? lfhBitmapBytes(count) + RULE_HEADER_BYTES : container.granule + container.plainHeader
  const bytes = Math.min(MOST_BYTES, count * stride + header)
  return Math.min(MOST_SIZE_INDEX, Math.max(LEAST_SIZE_INDEX, 32 - Math.clz32(bytes - 1)))
}

/** How a container is laid out. */
export interface ContainerLayout {
  readonly granule: Bytes
  /** Offset of the bitmap in the container's header, 0 = there is none. */
  readonly bitmapAt: Bytes
  /** Bytes of the header where there is no bitmap. */
  readonly plainHeader: Bytes
}

/** From the start of the back-end block to the first slot: entry, header, bitmap of at least one word. */
export function lfhFirstSlot({ granule, bitmapAt, plainHeader }: ContainerLayout, slots: number): Bytes {
  if (bitmapAt === 0) return granule + plainHeader
  const header = bitmapAt + Math.max(lfhBitmapBytes(slots), granule / 2)
  return granule + Math.ceil(header / granule) * granule
}

/** Slots that fit a back-end block: as many as possible, with the bitmap they need. */
export function lfhSlotsOf(layout: ContainerLayout, blockBytes: Bytes, stride: Bytes): number {
  let slots = Math.floor((blockBytes - lfhFirstSlot(layout, 0)) / stride)
  while (slots > 0 && lfhFirstSlot(layout, slots) + slots * stride > blockBytes) slots--
  return slots
}
