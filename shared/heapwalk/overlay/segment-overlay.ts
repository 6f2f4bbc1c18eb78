import { BlockKind, BlockState } from '../../model/snapshot'
import { type Layout, layoutOf } from '../layouts/choose-layout'
import { BUILD_KEYS } from '../layouts/structure-table'
import type { MemoryView } from '../memory-view'
import type { BlockPlace, EntryBytes, OverlaidHeap } from './block-place'
import { FieldList } from './field-list'
import { addPayload } from './nt-overlay'

const DESCRIPTOR = 'HEAP_PAGE_RANGE_DESCRIPTOR'
const DESCRIPTORS = 256
const FIRST_DESCRIPTOR = 2
/** RangeFlags (segment-heap.md 3). */
const FLAGS_SINCE_1709: readonly (readonly [number, string])[] = [[1, 'allocated'], [2, 'first'], [4, 'VS'], [8, 'sub-segment']]
const FLAGS_BEFORE_1709: readonly (readonly [number, string])[] = [[1, 'LFH sub-segment'], [2, 'committed'], [4, 'allocated'], [8, 'first'], [0x20, 'VS sub-segment']]

/** Names the bytes of segment heaps: the heap, its page segments and sub-segments, and what the program holds. */
export class SegmentOverlay {
  readonly #view: MemoryView
  readonly #report: OverlaidHeap
  readonly #layout: Layout | undefined

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
      list.add('chunk header', 'encoded', block.address, header)
      if (block.state === BlockState.Busy) addPayload(list, block.address + header, block, block.size - header)
      else list.add('free chunk', 'free bytes', block.address + header, block.size - header)
    } else if (block.state === BlockState.Busy) addPayload(list, block.address, block, block.size)
    return list
  }

  /** Chunks hold an encoded header and slots hold none; what they mean is in the block's own columns. */
  entry(): EntryBytes | undefined {
    return undefined
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
    for (let index = FIRST_DESCRIPTOR; index < DESCRIPTORS && (index + 1) * size <= block.size; index++) {
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
