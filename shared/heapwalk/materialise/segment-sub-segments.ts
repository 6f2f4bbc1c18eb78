import { PAGE_BYTES, type Address, type Bytes } from '../../base/units'
import { bucketBlockSize } from '../../model/lfh-buckets'
import { BlockKind, BlockState } from '../../model/snapshot'
import type { Layout } from '../layouts/choose-layout'
import type { BuildKey } from '../layouts/structure-table'
import type { Word64 } from '../segment/word64'
import type { ImageWriter } from './image-writer'
import type { LaidBlock } from './laid-block'
import type { ChunkPlan, RangePlan } from './segment-heap-plan'

/** What sub-segments are written with. */
export interface SubSegmentPens {
  readonly put: ImageWriter
  readonly layout: Layout
  readonly build: BuildKey
  readonly heapKey: Word64
  readonly lfhKey: number
}

const SIGNATURE = 0x2bed
const FULLY_COMMITTED = 0x8000
/** Builds in which the top bit of a signature says that all is committed; before it is part of the constant (segment-heap.md 4). */
const COMMIT_BIT_SINCE: readonly BuildKey[] = ['win10_1809', 'win10_1809_upd', 'win10_1903', 'win10_2004', 'win11_21H2', 'win11_22H2', 'win11_24H2']
const HAS_UNUSED = 0x100

/** Bytes of a range of chunks that are not guard page. */
export const chunkRangeBytes = ({ units, isGuarded }: Extract<RangePlan, { use: 'vs' }>): Bytes => (units - (isGuarded ? 1 : 0)) * PAGE_BYTES

/** Writes a sub-segment of chunks at `address`; returns the chunks. `committed` has a 1 for each committed page of it. */
export function writeChunks(pens: SubSegmentPens, address: Address, plan: Extract<RangePlan, { use: 'vs' }>, committed: Uint8Array): LaidBlock[] {
  const { put, layout, build } = pens
  const wide = layout.bits === 64
  const granule = wide ? 16 : 8
  const header = wide ? 0x30 : 0x18
  const total = (chunkRangeBytes(plan) - header) / granule
  const hasCommitBit = COMMIT_BIT_SINCE.includes(build)
  const isFull = committed.subarray(0, chunkRangeBytes(plan) / PAGE_BYTES).every((page) => page === 1)
  put.u16(address + layout.offset('HEAP_VS_SUBSEGMENT', 'Size'), total)
  put.u16(address + layout.offset('HEAP_VS_SUBSEGMENT', 'Signature'), ((total ^ SIGNATURE) & 0x7fff) | (!hasCommitBit || isFull ? FULLY_COMMITTED : 0))
  const bitmapAt = address + layout.offset('HEAP_VS_SUBSEGMENT', 'CommitBitmap')
  for (let byte = 0; byte < 8; byte++) put.u8(bitmapAt + byte, committed.subarray(byte * 8, byte * 8 + 8).reduce((bits, page, bit) => bits | (page << bit), 0))
  const laid: LaidBlock[] = []
  let at = address + header
  let previous = 0
  for (const chunk of plan.chunks) {
    writeChunk(pens, address, at, chunk, previous)
    laid.push({ address: at, size: chunk.bytes, state: chunk.isBusy ? BlockState.Busy : BlockState.Free, kind: BlockKind.VsChunk, requested: chunk.requested })
    previous = chunk.bytes / granule
    at += chunk.bytes
  }
  return laid
}

function writeChunk({ put, layout, heapKey }: SubSegmentPens, subSegment: Address, at: Address, { bytes, isBusy, requested, cost }: ChunkPlan, previous: number): void {
  const wide = layout.bits === 64
  const granule = wide ? 16 : 8
  const units = bytes / granule
  const low = wide ? (cost & 0xffff) | (units << 16) : (cost & 1) | (units << 1) | (previous << 16) | (isBusy ? 0x80000000 : 0)
  const high = wide ? previous | (isBusy ? 0x10000 : 0) : 0
  put.u32(at, (low ^ at ^ heapKey.low) >>> 0)
  if (wide) put.u32(at + 4, (high ^ Math.floor(at / 0x100000000) ^ heapKey.high) >>> 0)
  if (!isBusy) return
  const unused = bytes - granule - requested
  // The ninth byte leads back to the sub-segment; how it is encoded only one source tells.
  const page = (Math.floor((at - subSegment) / PAGE_BYTES) ^ at ^ heapKey.low) & 0xff
  put.u32(at + granule / 2, page | (unused > 0 ? HAS_UNUSED : 0))
  if (unused === 1) put.u8(at + bytes - 1, 0x80)
  else if (unused > 1) put.u16(at + bytes - 2, unused)
}

/** Where the first slot lies: header, two bits a slot, up to 16 (segment-heap.md 5). */
function firstSlotOffset(layout: Layout, count: number): { readonly bitmapAt: Bytes; readonly bitmapBytes: Bytes; readonly first: Bytes } {
  const bitmapAt = layout.offset('HEAP_LFH_SUBSEGMENT', 'BlockBitmap')
  const bitmapBytes = (layout.bits / 8) * Math.ceil((2 * count) / layout.bits)
  return { bitmapAt, bitmapBytes, first: Math.ceil((bitmapAt + bitmapBytes) / 16) * 16 }
}

/** Most slots of a bucket a range of `bytes` holds. */
export function slotsThatFit(layout: Layout, bucket: number, bytes: Bytes): number {
  const slotBytes = bucketBlockSize(bucket, layout.bits)
  let count = Math.floor((bytes - firstSlotOffset(layout, 1).first) / slotBytes)
  while (firstSlotOffset(layout, count).first + count * slotBytes > bytes) count--
  return count
}

/** Writes a sub-segment of slots at `address`, whose owner lies at `owner`; returns the slots. */
export function writeSlots({ put, layout, build, lfhKey }: SubSegmentPens, address: Address, plan: Extract<RangePlan, { use: 'lfh' }>, owner: Address): LaidBlock[] {
  const at = (member: string): Address => address + layout.offset('HEAP_LFH_SUBSEGMENT', member)
  const { bucket, slots, firstFreeWord } = plan
  const slotBytes = bucketBlockSize(bucket, layout.bits)
  const { bitmapAt, bitmapBytes, first } = firstSlotOffset(layout, slots.length)
  const hasHalves = build === 'win11_24H2'
  const bitmap = new Uint8Array(bitmapBytes)
  const laid = slots.map(({ isBusy, requested }, i): LaidBlock => {
    const slot = address + first + i * slotBytes
    const unused = isBusy && !hasHalves ? slotBytes - requested : 0
    if (hasHalves) bitmap[(i >> 5) * 8 + ((i & 31) >> 3)]! |= isBusy ? 1 << (i & 7) : 0
    else bitmap[i >> 2]! |= ((isBusy ? 1 : 0) | (unused > 0 ? 2 : 0)) << ((i & 3) * 2)
    if (unused === 1) put.u8(slot + slotBytes - 1, 0x80)
    else if (unused > 1) put.u16(slot + slotBytes - 2, unused)
    return { address: slot, size: slotBytes, state: isBusy ? BlockState.Busy : BlockState.Cached, kind: BlockKind.LfhSlot, requested: isBusy ? (hasHalves ? NaN : requested) : 0 }
  })
  bitmap.forEach((byte, i) => put.u8(address + bitmapAt + i, byte))
  put.word(at('Owner'), owner)
  put.u16(at('FreeCount'), slots.filter(({ isBusy }) => !isBusy).length)
  put.u16(at('BlockCount'), slots.length)
  put.u16(at('FreeHint'), firstFreeWord)
  // From 24H2 on the address is shifted whole, before it is cut to 32 bits.
  const shifted = hasHalves ? Math.floor(address / 0x1000) % 0x100000000 : (address % 0x100000000) >>> 12
  put.u32(at('BlockOffsets'), ((slotBytes | (first << 16)) ^ lfhKey ^ shifted) >>> 0)
  return laid
}
