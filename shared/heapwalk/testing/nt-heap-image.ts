import { PAGE_BYTES, type Address, type Bytes } from '../../base/units'
import { layoutOf } from '../layouts/choose-layout'
import type { Bits, BuildKey } from '../layouts/structure-table'
import { type NtLayout, ntLayoutOf } from '../nt/nt-layout'
import { ImageWriter } from './image-writer'

/** A block to be placed: `units` of the heap's granule; busy ones with the bytes nobody asked for. */
export interface PlacedBlock {
  readonly units: number
  readonly busy: boolean
  readonly unused?: number
}

export interface NtHeapImage {
  readonly address: Address
  readonly layout: NtLayout
  readonly bytes: Uint8Array
  /** Pages from the end of `bytes` to the end of the reservation. */
  readonly uncommittedBytes: Bytes
  /** Address of each entry of `blocks`, of the rest block and of the marker. */
  readonly entries: readonly Address[]
  readonly firstEntry: Address
}

export interface NtHeapPlan {
  readonly bits: Bits
  readonly build: BuildKey
  readonly address: Address
  readonly key: readonly number[]
  readonly blocks: readonly PlacedBlock[]
  readonly committedPages: number
  readonly reservedPages: number
}

/**
 * The bytes of an NT heap of one segment, as small as the walk can check in full: header, the blocks asked for, one free
 * block over the rest, the marker with its descriptor, and every counter the heap keeps.
 */
export function buildNtHeap(plan: NtHeapPlan): NtHeapImage {
  const layout = ntLayoutOf(layoutOf(plan.bits, plan.build))
  const { unit, bits } = layout
  const bytes = new Uint8Array(plan.committedPages * PAGE_BYTES)
  const put = new ImageWriter(bytes, plan.address, bits)
  const heapUnits = Math.ceil(layout.heapSize / unit) + 4
  const markerUnits = (bits === 64 ? 0x40 : 0x20) / unit
  const all = [...plan.blocks]
  const used = heapUnits + all.reduce((sum, block) => sum + block.units, 0) + markerUnits
  const rest = bytes.length / unit - used
  if (rest < 2) throw new Error('the blocks do not fit')
  all.push({ units: rest, busy: false }, { units: markerUnits, busy: true, unused: 3 })
  const firstEntry = plan.address + heapUnits * unit
  entry(put, layout, plan, plan.address, { units: heapUnits, busy: true, unused: 1 }, 0)
  let at = firstEntry
  let previous = heapUnits
  const entries: Address[] = []
  for (const block of all) {
    entry(put, layout, plan, at, block, previous)
    entries.push(at)
    previous = block.units
    at += block.units * unit
  }
  header(put, layout, plan, firstEntry)
  const free = entries.filter((_, i) => !all[i]!.busy)
  put.list(plan.address + layout.heap.FreeLists, free.map((address) => address + unit))
  const freeUnits = all.reduce((sum, block) => sum + (block.busy ? 0 : block.units), 0)
  put.word(plan.address + layout.heap.TotalFreeSize, freeUnits)
  const descriptor = entries.at(-1)! + unit
  put.list(plan.address + layout.segment.UCRSegmentList, [descriptor + layout.ucr.SegmentEntry])
  put.list(plan.address + layout.heap.UCRList, [descriptor])
  put.word(descriptor + layout.ucr.Address, plan.address + bytes.length)
  const uncommittedBytes = (plan.reservedPages - plan.committedPages) * PAGE_BYTES
  put.word(descriptor + layout.ucr.Size, uncommittedBytes)
  return { address: plan.address, layout, bytes, uncommittedBytes, entries, firstEntry }
}

function header(put: ImageWriter, layout: NtLayout, plan: NtHeapPlan, firstEntry: Address): void {
  const { address, reservedPages, committedPages } = plan
  const { heap, segment, counters } = layout
  const heapCounters = address + heap.Counters
  put.u32(address + segment.SegmentSignature, 0xffeeffee)
  put.word(address + segment.Heap, address)
  put.word(address + segment.BaseAddress, address)
  put.u32(address + segment.NumberOfPages, reservedPages)
  put.word(address + segment.FirstEntry, firstEntry)
  put.word(address + segment.LastValidEntry, address + reservedPages * PAGE_BYTES)
  put.u32(address + segment.NumberOfUnCommittedPages, reservedPages - committedPages)
  put.u32(address + segment.NumberOfUnCommittedRanges, 1)
  put.u32(address + heap.Flags, 2)
  put.u32(address + heap.EncodeFlagMask, 0x00100000)
  plan.key.forEach((byte, i) => put.u8(address + heap.Encoding + layout.header + i, byte))
  put.u32(address + heap.Signature, 0xeeffeeff)
  put.u16(address + heap.HeaderValidateLength, layout.heapSize)
  put.list(address + heap.SegmentList, [address + segment.SegmentListEntry])
  put.list(address + heap.VirtualAllocdBlocks, [])
  put.word(heapCounters + counters.TotalMemoryReserved, reservedPages * PAGE_BYTES)
  put.word(heapCounters + counters.TotalMemoryCommitted, committedPages * PAGE_BYTES)
  put.u32(heapCounters + counters.TotalSegments, 1)
  put.u32(heapCounters + counters.TotalUCRs, 1)
}

function entry(put: ImageWriter, layout: NtLayout, plan: NtHeapPlan, at: Address, block: PlacedBlock, previous: number): void {
  const flags = block.busy ? 1 : 0
  const low = block.units & 0xff
  const high = block.units >>> 8
  const plain = [low, high, flags, low ^ high ^ flags, previous & 0xff, previous >>> 8, 0, block.unused ?? 0]
  plain.forEach((byte, i) => put.u8(at + layout.header + i, byte ^ plan.key[i]!))
}
