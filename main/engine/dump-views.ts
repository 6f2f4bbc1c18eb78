import { firstRowEndingAfter, rowAtAddress } from '../../shared/analysis/block-search'
import { cutToHeap } from '../../shared/analysis/dump/heap-scope'
import { buildDumpTable } from '../../shared/analysis/dump/dump-tables'
import { sumHeaps, type HeapTotals } from '../../shared/analysis/dump/heap-totals'
import { type RowOrder, type RowTable, RowView } from '../../shared/analysis/dump/row-table'
import type { DumpTable } from '../../shared/analysis/dump/table-names'
import type { JobContext } from '../../shared/base/job-context'
import { NONE, UNKNOWN_SIZE, type Address, type Bytes, type RowIndex } from '../../shared/base/units'
import { ProcessOverlay } from '../../shared/heapwalk/overlay/process-overlay'
import type { BlockPlace } from '../../shared/heapwalk/overlay/block-place'
import type { DumpBlock, DumpBytes, DumpPlace } from '../../shared/ipc/dump-api'
import type { OverlayField, ProcessMemory } from '../../shared/model/process-memory'
import { RegionState, RegionTable } from '../../shared/model/region-table'
import { BlockKind, BlockState, type Snapshot } from '../../shared/model/snapshot'
import { keepRecent } from './keep-recent'

/** Tables kept beside one another: what a reader goes back and forth between. */
const TABLES_KEPT = 12
const VIEWS_KEPT = 6
/** Blocks whose fields are told for one page of bytes: more do not fit it. */
const MOST_BLOCKS = 1024
const SEARCH_BYTES = 1 << 20
const LINE_BYTES = 16

/** What views ask of one walked snapshot beside what they ask of any: tables about its heaps, and its bytes. */
export class DumpViews {
  readonly snapshot: Snapshot
  readonly #tables: { readonly key: string; readonly table: RowTable }[] = []
  readonly #views: { readonly key: string; readonly view: RowView }[] = []
  readonly #overlay: ProcessOverlay | undefined
  #totals: HeapTotals[] | undefined
  #scope: { readonly heap: number; readonly snapshot: Snapshot } | undefined

  constructor(snapshot: Snapshot) {
    this.snapshot = snapshot
    this.#overlay = snapshot.memory === undefined ? undefined : new ProcessOverlay(snapshot.memory, snapshot.heapReports)
  }

  /** The snapshot, or the part of it that is one heap; the last one asked for is kept. */
  scope(heap: number | null): Snapshot {
    if (heap === null || this.snapshot.heaps.length === 1) return this.snapshot
    if (this.#scope?.heap !== heap) this.#scope = { heap, snapshot: cutToHeap(this.snapshot, heap) }
    return this.#scope.snapshot
  }

  heaps(): readonly HeapTotals[] {
    this.#totals ??= sumHeaps(this.snapshot)
    return this.#totals
  }

  table(heap: number | null, table: DumpTable): RowTable {
    const key = `${heap} ${table}`
    return keepRecent(this.#tables, (kept) => kept.key === key, () => ({ key, table: buildDumpTable(this.scope(heap), table) }), TABLES_KEPT).table
  }

  rows(heap: number | null, table: DumpTable, order: RowOrder | null): RowView {
    const key = JSON.stringify([heap, table, order])
    return keepRecent(this.#views, (kept) => kept.key === key, () => ({ key, view: new RowView(this.table(heap, table), order ?? undefined) }), VIEWS_KEPT).view
  }

  place(address: Address): DumpPlace {
    const { regions, owners, blocks } = this.snapshot
    const region = regionAt(regions, address)
    const row = rowAtAddress(blocks, address)
    return {
      address,
      region: region === NONE ? null : { address: regions.base.at(region), bytes: regions.size.at(region), state: regions.state.at(region), owner: owners[regions.owner.at(region)] ?? '' },
      block: row === NONE ? null : this.#block(row),
    }
  }

  bytes(address: Address, length: Bytes, against: ProcessMemory | undefined): DumpBytes {
    const bytes = this.snapshot.memory?.read(address, length) ?? new Uint8Array(0)
    const page = { address, bytes, changed: differing(bytes, against?.read(address, length) ?? bytes), decoded: bytes.slice(), fields: [] }
    return { ...page, fields: this.#explain(page) }
  }

  /** Lines whose bytes differ in another memory, as far as both have bytes. */
  async changedLines(other: ProcessMemory | undefined, { from, to, count }: { from: Address; to: Address; count: number }, job: JobContext): Promise<{ lines: Float64Array; total: number }> {
    const own = this.snapshot.memory
    const lines: number[] = []
    let total = 0
    for (let at = from; at < to && own !== undefined && other !== undefined; at += SEARCH_BYTES) {
      const length = Math.min(SEARCH_BYTES, to - at)
      const changed = differing(own.read(at, length), other.read(at, length))
      for (let i = changed.indexOf(1); i >= 0; i = changed.indexOf(1, i)) {
        const line = at + i - ((at + i) % LINE_BYTES)
        if (total++ < count) lines.push(line)
        i = line + LINE_BYTES - at
      }
      job.progress({ done: at - from, total: to - from, unit: 'bytes' })
      await job.checkpoint()
    }
    return { lines: Float64Array.from(lines), total }
  }

  /** Looks through committed memory in order of address. */
  async search(pattern: Uint8Array, from: Address, job: JobContext): Promise<Address | null> {
    const { memory, regions } = this.snapshot
    if (memory === undefined) return null
    for (let region = 0; region < regions.length; region++) {
      const end = regions.base.at(region) + regions.size.at(region)
      if (end <= from || regions.state.at(region) !== RegionState.Committed) continue
      for (let at = Math.max(from, regions.base.at(region)); at < end; at += SEARCH_BYTES) {
        // Windows overlap, so that a pattern across their border is found.
        const found = indexOf(memory.read(at, Math.min(SEARCH_BYTES + pattern.length - 1, end - at)), pattern)
        if (found >= 0) return at + found
        job.progress({ done: region, total: regions.length, unit: 'regions' })
        await job.checkpoint()
      }
    }
    return null
  }

  #block(row: RowIndex): DumpBlock {
    const { blocks } = this.snapshot
    const place = this.#placeOf(row)
    const heap = blocks.heap.at(row)
    const header = this.#overlay?.entry(heap, place) ?? null
    const known = place.state === BlockState.Busy && place.requested !== UNKNOWN_SIZE
    return {
      address: place.address,
      bytes: place.size,
      requestedBytes: known ? place.requested : null,
      state: place.state,
      heap,
      kind: place.kind,
      confidence: blocks.confidence?.at(row) ?? 0,
      header,
      fields: this.#overlay?.fields(heap, place) ?? [],
    }
  }

  #placeOf(row: RowIndex): BlockPlace {
    const { blocks } = this.snapshot
    return { address: blocks.address.at(row), size: blocks.size.at(row), requested: blocks.requested.at(row), state: blocks.state.at(row), kind: blocks.kind?.at(row) ?? BlockKind.Opaque }
  }

  /** Fields of the blocks that touch the page; their headers are decoded in `page.decoded`. */
  #explain({ address: from, bytes, decoded }: { address: Address; bytes: Uint8Array; decoded: Uint8Array }): OverlayField[] {
    const overlay = this.#overlay
    const { blocks } = this.snapshot
    const to = from + bytes.length
    const fields: OverlayField[] = []
    if (overlay === undefined || to <= from) return fields
    const first = firstRowEndingAfter(blocks, from)
    for (let row = first; row < blocks.length && row < first + MOST_BLOCKS && blocks.address.at(row) < to; row++) {
      const heap = blocks.heap.at(row)
      const place = this.#placeOf(row)
      for (const field of overlay.fields(heap, place)) if (field.address < to && field.address + field.bytes > from) fields.push(field)
      const header = overlay.entry(heap, place)
      if (header !== undefined) header.decoded.forEach((byte, i) => setIn(decoded, header.address + i - from, byte))
    }
    return fields
  }
}

function setIn(bytes: Uint8Array, at: number, value: number): void {
  if (at >= 0 && at < bytes.length) bytes[at] = value
}

/** Row of the region that holds the address, NONE when none does; regions are sorted. */
function regionAt({ base, size, length }: RegionTable, address: Address): RowIndex {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (base.at(middle) <= address) low = middle + 1
    else high = middle
  }
  return low > 0 && address < base.at(low - 1) + size.at(low - 1) ? low - 1 : NONE
}

function differing(bytes: Uint8Array, other: Uint8Array): Uint8Array {
  const changed = new Uint8Array(bytes.length)
  for (let i = 0; i < Math.min(bytes.length, other.length); i++) if (bytes[i] !== other[i]) changed[i] = 1
  return changed
}

function indexOf(bytes: Uint8Array, pattern: Uint8Array): number {
  const first = pattern[0]!
  for (let at = bytes.indexOf(first); at >= 0 && at + pattern.length <= bytes.length; at = bytes.indexOf(first, at + 1)) {
    let i = 1
    while (i < pattern.length && bytes[at + i] === pattern[i]) i++
    if (i === pattern.length) return at
  }
  return -1
}
