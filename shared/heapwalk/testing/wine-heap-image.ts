import { mulberry32 } from '../../base/random'
import type { Address, Bytes } from '../../base/units'
import type { Bits } from '../layouts/structure-table'
import { ImageWriter } from '../materialise/image-writer'
import { wineLayout } from '../wine/wine-layout'

export interface WineBlock {
  readonly address: Address
  readonly size: Bytes
  readonly busy: boolean
  readonly requested: Bytes
}

export interface WineHeapImage {
  readonly address: Address
  readonly bytes: Uint8Array
  readonly uncommittedBytes: Bytes
  readonly blocks: readonly WineBlock[]
}

const HEADER_BYTES = 8
const USED = 0x5355
const FREE = 0x5246

/** A heap of Wine 8 with one sub-heap of random blocks; the last one is free and runs on into memory not committed. */
export function buildWineHeap(bits: Bits, address: Address, seed: number, count = 200): WineHeapImage {
  const layout = wineLayout(bits)
  const { unit, word } = layout
  const random = mulberry32(seed)
  const below = (limit: number): number => Math.floor(random() * limit)
  const committed = 0x40000
  const reserved = 0x80000
  const bytes = new Uint8Array(committed)
  const put = new ImageWriter(bytes, address, bits)
  const subHeap = address + layout.firstSubHeap
  const first = subHeap + layout.firstBlock
  put.u32(address + (bits === 64 ? 0x10 : 8), 0xffeeffee)
  put.u32(address + layout.magic, 0x50414548)
  put.u32(address + layout.flags, 2)
  put.list(address + layout.heapList, [])
  put.list(address + layout.largeList, [])
  put.list(address + layout.subHeapList, [subHeap + layout.subHeapEntry])
  put.word(subHeap + layout.blockSize, address + reserved - first)
  put.word(subHeap + layout.dataSize, address + committed - subHeap - layout.subHeapSize)
  put.word(subHeap + layout.subHeapHeap, address)
  const blocks: WineBlock[] = []
  let at = first
  let isPreviousFree = false
  for (let i = 0; i <= count; i++) {
    const isLast = i === count
    const busy: boolean = !isLast && (isPreviousFree || below(3) > 0)
    const size = isLast ? address + reserved - at : unit * (3 + below(30))
    const tail = busy ? below(9) : 0
    const units = size / unit
    put.u16(at, units & 0xffff)
    put.u8(at + 2, (busy ? 0 : 1) | (isPreviousFree ? 2 : 0))
    put.u8(at + 3, busy ? tail : units >>> 16)
    put.u16(at + 4, Math.floor(at / 0x10000) - address / 0x10000)
    put.u16(at + 6, busy ? USED : FREE)
    if (!busy && !isLast) put.word(at + size - word, at)
    blocks.push({ address: at, size: Math.min(size, address + committed - at), busy, requested: busy ? size - HEADER_BYTES - tail : 0 })
    isPreviousFree = !busy
    at += size
  }
  const heads = Array.from({ length: (layout.freeListsEnd - layout.freeLists) / (2 * word + (bits === 64 ? 16 : 8)) }, (_, i) => address + layout.freeLists + i * (2 * word + (bits === 64 ? 16 : 8)) + HEADER_BYTES)
  const [head, ...others] = heads
  put.list(head!, [...blocks.filter(({ busy }) => !busy).map((block) => block.address + HEADER_BYTES), ...others])
  return { address, bytes, uncommittedBytes: reserved - committed, blocks }
}
