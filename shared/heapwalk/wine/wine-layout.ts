import type { Address } from '../../base/units'
import type { Bits } from '../layouts/structure-table'
import type { MemoryView } from '../memory-view'

/*
 * Heap structures of Wine 8.0 (dlls/ntdll/heap.c; offsets compiled from its declarations, the 64-bit ones checked on
 * running processes). Older and later Wines differ and are told by their first block.
 */
export interface WineLayout {
  readonly bits: Bits
  readonly word: 4 | 8
  readonly unit: 8 | 16
  readonly flags: number
  readonly heapList: number
  readonly subHeapList: number
  readonly largeList: number
  readonly magic: number
  readonly freeLists: number
  readonly freeListsEnd: number
  readonly firstSubHeap: number
  /** Inside a sub-heap. */
  readonly blockSize: number
  readonly dataSize: number
  readonly subHeapEntry: number
  readonly subHeapHeap: number
  readonly firstBlock: number
  readonly subHeapSize: number
  /** Inside a large block. */
  readonly largeEntry: number
  readonly largeDataSize: number
  readonly largeBlockSize: number
  readonly largeHeader: number
  readonly largeSize: number
}

const WIDE: WineLayout = {
  bits: 64, word: 8, unit: 16, flags: 0x70, heapList: 0x78, subHeapList: 0x88, largeList: 0x98, magic: 0xb8, freeLists: 0xf0, freeListsEnd: 0xf0 + 18 * 0x20, firstSubHeap: 0x330,
  blockSize: 0x10, dataSize: 0x18, subHeapEntry: 0x20, subHeapHeap: 0x30, firstBlock: 0x38, subHeapSize: 0x40, largeEntry: 0x10, largeDataSize: 0x20, largeBlockSize: 0x28, largeHeader: 0x38, largeSize: 0x40,
}
const NARROW: WineLayout = {
  bits: 32, word: 4, unit: 8, flags: 0x40, heapList: 0x48, subHeapList: 0x50, largeList: 0x58, magic: 0x68, freeLists: 0x90, freeListsEnd: 0x90 + 34 * 0x10, firstSubHeap: 0x2b0,
  blockSize: 4, dataSize: 8, subHeapEntry: 0xc, subHeapHeap: 0x14, firstBlock: 0x18, subHeapSize: 0x20, largeEntry: 4, largeDataSize: 0xc, largeBlockSize: 0x10, largeHeader: 0x18, largeSize: 0x20,
}

const SIGNATURE = 0xffeeffee
/** The bytes "HEAP". */
const MAGIC = 0x50414548
const MAX_HEAPS = 1024

export const wineLayout = (bits: Bits): WineLayout => (bits === 64 ? WIDE : NARROW)

export function isWineHeap(view: MemoryView, address: Address, bits: Bits): boolean {
  return view.u32(address + (bits === 64 ? 0x10 : 8)) === SIGNATURE && view.u32(address + wineLayout(bits).magic) === MAGIC
}

/** Heaps in the circular list that hangs off the process heap, newest first, without the process heap. */
export function wineHeapList(view: MemoryView, processHeap: Address, bits: Bits): Address[] {
  const { heapList } = wineLayout(bits)
  const head = processHeap + heapList
  const heaps: Address[] = []
  for (let node = view.pointer(head, bits); node > 0 && node !== head && heaps.length < MAX_HEAPS; node = view.pointer(node, bits)) {
    const heap = node - heapList
    if (heaps.includes(heap) || !isWineHeap(view, heap, bits)) break
    heaps.push(heap)
  }
  return heaps
}
