import { BlockKind, BlockState } from '../../model/snapshot'
import { type Layout, layoutOf } from '../layouts/choose-layout'
import { BUILD_KEYS } from '../layouts/structure-table'
import type { MemoryView } from '../memory-view'
import type { BlockPlace, EntryBytes, OverlaidHeap } from './block-place'
import { FieldList } from './field-list'
import { addPayload } from './nt-overlay'

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
    if (block.kind === BlockKind.HeapStructure) this.#add(list, block.address === this.#report.address ? 'SEGMENT_HEAP' : 'HEAP_PAGE_SEGMENT', block)
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

  #add(list: FieldList, structure: string, block: BlockPlace): void {
    const layout = this.#layout
    if (layout?.has(structure) === true && layout.size(structure) <= block.size) list.addStructure(layout, structure, block.address)
  }
}
