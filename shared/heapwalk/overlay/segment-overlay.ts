import { PAGE_BYTES, type Address } from '../../base/units'
import { BlockKind, BlockState } from '../../model/snapshot'
import { FIRST_BUILD, type Layout, layoutOf } from '../layouts/choose-layout'
import { BUILD_KEYS } from '../layouts/structure-table'
import type { MemoryView } from '../memory-view'
import { chunkSizes, HAS_UNUSED } from '../segment/vs-chunks'
import { heapKeyOf } from '../segment/walk-segment-heaps'
import { word64, type Word64, xor64 } from '../segment/word64'
import type { BlockPlace, EntryBytes, OverlaidHeap } from './block-place'
import { FieldList } from './field-list'
import { addPayload } from './nt-overlay'

const DESCRIPTOR = 'HEAP_PAGE_RANGE_DESCRIPTOR'
const DESCRIPTORS = 256
const CHUNK = 'chunk header'
/** RangeFlags (segment-heap.md 3). */
const FLAGS_SINCE_1709: readonly (readonly [number, string])[] = [[1, 'allocated'], [2, 'first'], [4, 'VS'], [8, 'sub-segment']]
const FLAGS_BEFORE_1709: readonly (readonly [number, string])[] = [[1, 'LFH sub-segment'], [2, 'committed'], [4, 'allocated'], [8, 'first'], [0x20, 'VS sub-segment']]

/** Names the bytes of segment heaps: the heap, its page segments and sub-segments, and what the program holds. */
export class SegmentOverlay {
  readonly #view: MemoryView
  readonly #report: OverlaidHeap
  readonly #layout: Layout | undefined
  /** Found when the first chunk is asked about; null: not found. */
  #key: Word64 | null | undefined

  constructor(view: MemoryView, report: OverlaidHeap) {
    this.#view = view
    this.#report = report
    const key = BUILD_KEYS.find((build) => build === report.layout)
    this.#layout = key === undefined ? undefined : layoutOf(report.bits, key)
  }

  fields(block: BlockPlace): FieldList {
    const list = new FieldList(this.#view)
    if (block.kind === BlockKind.HeapStructure) {
      const isHeap = block.address === this.#report.address
      this.#add(list, isHeap ? 'SEGMENT_HEAP' : 'HEAP_PAGE_SEGMENT', block)
      if (!isHeap) this.#addDescriptors(list, block)
    }
    else if (block.kind === BlockKind.LfhContainer) this.#add(list, 'HEAP_LFH_SUBSEGMENT', block)
    else if (block.kind === BlockKind.VsChunk) {
      const header = this.#report.bits / 4
      this.#addChunkHeader(list, block.address)
      if (block.state === BlockState.Busy) addPayload(list, block.address + header, block, block.size - header)
      else list.add('free chunk', 'free bytes', block.address + header, block.size - header)
    } else if (block.state === BlockState.Busy) addPayload(list, block.address, block, block.size)
    return list
  }

  /** The first 8 bytes of a chunk; undefined for what has no header of its own. */
  entry({ kind, address }: BlockPlace): EntryBytes | undefined {
    const raw = kind === BlockKind.VsChunk ? this.#view.bytes(address, 8)?.slice() : undefined
    const key = this.#heapKey()
    if (raw === undefined || key === undefined) return undefined
    const mask = xor64(key, word64(address))
    const wide = this.#report.bits === 64
    return { address, raw, decoded: raw.map((byte, i) => byte ^ ((i < 4 ? mask.low : wide ? mask.high : 0) >>> ((i & 3) * 8))) }
  }

  #heapKey(): Word64 | undefined {
    const { address, bits } = this.#report
    if (this.#key === undefined) this.#key = (this.#layout === undefined ? undefined : heapKeyOf(this.#view, address, bits, FIRST_BUILD[this.#layout.key])) ?? null
    return this.#key ?? undefined
  }

  #addChunkHeader(list: FieldList, at: Address): void {
    const wide = this.#report.bits === 64
    const word = wide ? 8 : 4
    const unit = wide ? 16 : 8
    const key = this.#heapKey()
    if (key === undefined) list.add(CHUNK, 'sizes, encoded', at, word)
    else {
      const { units, previousUnits, busy, cost } = chunkSizes(this.#view, at, key, wide)
      const cut = wide ? `${cost} pages to be committed` : cost === 0 ? 'committed' : 'pages to be committed'
      list.add(CHUNK, 'sizes, encoded', at, word, `${units} units, ${units * unit} bytes; before it ${previousUnits} units, ${previousUnits * unit} bytes; ${busy === 1 ? 'in use' : `free, ${cut}`}`)
    }
    list.add(CHUNK, 'page of its sub-segment, encoded', at + word, 1)
    const hasUnused = (this.#view.u32(at + word) & HAS_UNUSED) !== 0
    list.add(CHUNK, 'flags', at + word + 1, 3, hasUnused ? 'its last two bytes tell how many are unused' : 'none unused')
    if (wide) list.add(CHUNK, 'not used', at + word + 4, 4)
  }

  /** One of each unit of a segment; the first ones stand where the segment's own members are. */
  #addDescriptors(list: FieldList, block: BlockPlace): void {
    const layout = this.#layout
    if (layout?.has(DESCRIPTOR) !== true || layout.size(DESCRIPTOR) === 0) return
    const size = layout.size(DESCRIPTOR)
    const flagsAt = layout.offset(DESCRIPTOR, 'RangeFlags')
    const committedAt = layout.optionalOffset(DESCRIPTOR, 'CommittedPageCount')
    const unitsAt = layout.optionalOffset(DESCRIPTOR, 'UnitSize')
    const names = layout.optionalOffset('SEGMENT_HEAP', 'SegContexts') === undefined ? FLAGS_BEFORE_1709 : FLAGS_SINCE_1709
    // The header of a segment of 64 KB units is one unit, that of pages one or two.
    const first = block.size >= 0x10000 ? 1 : block.size / PAGE_BYTES
    for (let index = first; index < DESCRIPTORS && (index + 1) * size <= block.size; index++) {
      const at = block.address + index * size
      const flags = this.#view.u8(at + flagsAt)
      const isFirst = names.some(([bit, name]) => name === 'first' && (flags & bit) !== 0)
      const words = names.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name)
      const structure = `page range descriptor ${index}`
      list.add(structure, 'flags', at + flagsAt, 1, words.length === 0 ? 'none' : words.join(', '))
      if (committedAt !== undefined) list.add(structure, 'committed pages', at + committedAt, 1, String(this.#view.u8(at + committedAt)))
      if (unitsAt !== undefined) list.add(structure, isFirst ? 'units of the range' : 'units from its first', at + unitsAt, 1, String(this.#view.u8(at + unitsAt)))
    }
  }

  #add(list: FieldList, structure: string, block: BlockPlace): void {
    const layout = this.#layout
    if (layout?.has(structure) === true && layout.size(structure) <= block.size) list.addStructure(layout, structure, block.address)
  }
}
