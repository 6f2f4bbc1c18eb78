import { EntryFlag } from './constants'
import type { HeapRecord, ProcessCore } from './process-core'
import type { HeapEntry } from './process-types'
import { TypeByte } from '../heaps/kath-nt31/handle-table'

/** Every entry of a heap as HeapWalk gives them: per segment the region, its blocks, and what is not committed. */
export function heapEntries(core: ProcessCore, record: HeapRecord): HeapEntry[] {
  const { heap } = record
  const { fit } = heap
  const perRange: HeapEntry[][] = []
  for (let range = 0; range < fit.rangeCount; range++) {
    const base = fit.rangeBase(range)
    const bytes = fit.rangeLimit(range) - base
    perRange.push([{ kind: 'region', data: base, bytes, address: base, consumedBytes: bytes, region: range, flags: EntryFlag.PROCESS_HEAP_REGION, handle: 0 }])
  }
  heap.walk((slot, range) => perRange[range]!.push(blockEntry(core, record, slot, range)))
  for (let range = 0; range < fit.rangeCount; range++) {
    const from = fit.rangeEnd(range)
    const bytes = fit.rangeLimit(range) - from
    if (bytes === 0) continue
    perRange[range]!.push({ kind: 'uncommitted', data: from, bytes, address: from, consumedBytes: bytes, region: range, flags: EntryFlag.PROCESS_HEAP_UNCOMMITTED_RANGE, handle: 0 })
  }
  return perRange.sort((a, b) => a[0]!.address - b[0]!.address).flat()
}

function blockEntry(core: ProcessCore, { heap }: HeapRecord, slot: number, region: number): HeapEntry {
  const address = heap.fit.blocks.address[slot]!
  const consumedBytes = heap.fit.blocks.size[slot]!
  if (!heap.isBusy(slot)) {
    const { headerBytes } = heap.layout
    return { kind: 'free', data: address + headerBytes, bytes: consumedBytes - headerBytes, address, consumedBytes, region, flags: 0, handle: 0 }
  }
  const handle = heap.handleOf(slot)
  return { kind: 'busy', data: heap.dataOf(slot), bytes: heap.requestedOf(slot), address, consumedBytes, region, flags: busyFlags(core, handle), handle }
}

function busyFlags({ table }: ProcessCore, handle: number): number {
  if (handle === 0) return EntryFlag.PROCESS_HEAP_ENTRY_BUSY
  const isShared = (table.typeOf(table.find(handle)) & (TypeByte.Shared << 8)) !== 0
  return EntryFlag.PROCESS_HEAP_ENTRY_BUSY | EntryFlag.PROCESS_HEAP_ENTRY_MOVEABLE | (isShared ? EntryFlag.PROCESS_HEAP_ENTRY_DDESHARE : 0)
}
