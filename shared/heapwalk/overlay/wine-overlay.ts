import { BlockKind, BlockState } from '../../model/snapshot'
import type { MemoryView } from '../memory-view'
import { type WineLayout, wineLayout } from '../wine/wine-layout'
import type { BlockPlace, EntryBytes, OverlaidHeap } from './block-place'
import { FieldList, hexNumber } from './field-list'
import { addPayload } from './nt-overlay'

const HEADER_BYTES = 8
const HEADER = 'block header'
const TYPES: Readonly<Record<number, string>> = { 0x5355: 'in use', 0x5246: 'free', 0xdead: 'freed and kept', 0x614c: 'large' }

/** Names the bytes of heaps of Wine 8, whose headers are stored plainly. */
export class WineOverlay {
  readonly #view: MemoryView
  readonly #layout: WineLayout

  constructor(view: MemoryView, report: OverlaidHeap) {
    this.#view = view
    this.#layout = wineLayout(report.bits)
  }

  fields(block: BlockPlace): FieldList {
    const list = new FieldList(this.#view)
    const { bits, word, largeSize } = this.#layout
    if (block.kind === BlockKind.VirtualAlloc) {
      this.#addLarge(list, block)
      addPayload(list, block.address + largeSize, block, block.size - largeSize)
    } else if (block.kind === BlockKind.BackEnd) {
      this.#addHeader(list, block.address)
      const data = block.address + HEADER_BYTES
      if (block.state !== BlockState.Free) addPayload(list, data, block, block.size - HEADER_BYTES)
      else {
        list.addPointer('free block', 'next in the free list', data, bits)
        list.addPointer('free block', 'previous in the free list', data + word, bits)
      }
    }
    return list
  }

  entry(block: BlockPlace): EntryBytes | undefined {
    const { largeHeader } = this.#layout
    if (block.kind !== BlockKind.BackEnd && block.kind !== BlockKind.VirtualAlloc && block.kind !== BlockKind.Damaged) return undefined
    const address = block.address + (block.kind === BlockKind.VirtualAlloc ? largeHeader : 0)
    const raw = this.#view.bytes(address, HEADER_BYTES)?.slice()
    return raw === undefined ? undefined : { address, raw, decoded: raw }
  }

  #addLarge(list: FieldList, block: BlockPlace): void {
    const { bits, word, largeEntry, largeDataSize, largeBlockSize, largeHeader } = this.#layout
    const at = block.address
    list.addPointer('large block', 'next large block', at + largeEntry, bits)
    list.addPointer('large block', 'previous large block', at + largeEntry + word, bits)
    list.add('large block', 'data size', at + largeDataSize, word, String(this.#view.word(at + largeDataSize, bits)))
    list.add('large block', 'block size', at + largeBlockSize, word, String(this.#view.word(at + largeBlockSize, bits)))
    this.#addHeader(list, at + largeHeader)
  }

  #addHeader(list: FieldList, at: number): void {
    const view = this.#view
    const units = view.u16(at)
    const type = view.u16(at + 6)
    list.add(HEADER, 'size', at, 2, `${units} units, ${units * this.#layout.unit} bytes`)
    list.add(HEADER, 'flags', at + 2, 1, hexNumber(view.u8(at + 2) || 0))
    list.add(HEADER, 'bytes not requested, or high part of a free size', at + 3, 1, String(view.u8(at + 3)))
    list.add(HEADER, 'distance from the segment in 64 KiB', at + 4, 2, String(view.u16(at + 4)))
    list.add(HEADER, 'type', at + 6, 2, TYPES[type] ?? hexNumber(type || 0))
  }
}
