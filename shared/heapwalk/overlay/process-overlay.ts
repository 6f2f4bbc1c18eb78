import type { OverlayField, ProcessMemory } from '../../model/process-memory'
import { MemoryView } from '../memory-view'
import type { BlockPlace, EntryBytes, OverlaidHeap } from './block-place'
import { NtOverlay } from './nt-overlay'
import { SegmentOverlay } from './segment-overlay'
import { WineOverlay } from './wine-overlay'

/**
 * Says what the bytes of walked heaps mean, block by block: headers decoded, links, structures by member. Each heap's
 * layout and key are found when the first of its blocks is asked about.
 */
export class ProcessOverlay {
  readonly #view: MemoryView
  readonly #reports: readonly OverlaidHeap[]
  readonly #heaps = new Map<number, NtOverlay | WineOverlay | SegmentOverlay>()

  /** `reports` as in Snapshot.heapReports. */
  constructor(memory: ProcessMemory, reports: readonly OverlaidHeap[]) {
    this.#view = new MemoryView(memory)
    this.#reports = reports
  }

  /** In order of address within a structure; an inner structure comes after the one it stands in. */
  fields(heap: number, block: BlockPlace): readonly OverlayField[] {
    return this.#of(heap)?.fields(block).fields ?? []
  }

  /** Header of a block as stored and as decoded; undefined where a block has none or its bytes are missing. */
  entry(heap: number, block: BlockPlace): EntryBytes | undefined {
    return this.#of(heap)?.entry(block)
  }

  #of(heap: number): NtOverlay | WineOverlay | SegmentOverlay | undefined {
    const known = this.#heaps.get(heap)
    if (known !== undefined) return known
    const report = this.#reports[heap]
    if (report === undefined) return undefined
    const made = report.flavour === 'nt-heap' ? new NtOverlay(this.#view, report) : report.flavour === 'wine-heap' ? new WineOverlay(this.#view, report) : new SegmentOverlay(this.#view, report)
    this.#heaps.set(heap, made)
    return made
  }
}
