import { Column } from '../base/column'
import type { JobContext } from '../base/job-context'
import { PAGE_BYTES, UNKNOWN_SIZE, type Address, type Bytes } from '../base/units'
import { RegionState, RegionTable } from '../model/region-table'
import { BlockKind, BlockState, BlockTable, type SegmentRecord } from '../model/snapshot'
import { hex } from './finding-list'
import type { HeapWalk } from './heap-walk'
import { Trust, type WalkedSegment } from './walked-blocks'

interface PlacedSegment extends WalkedSegment {
  readonly heap: number
}

interface Space {
  readonly low: Address
  readonly high: Address
}

/**
 * Puts the heaps of a process into one table of blocks that tiles their segments, in order of address.
 *
 * The regions are the authority on what is committed: a stretch of a block on memory that is not committed becomes
 * uncommitted, and committed memory no block covers becomes an opaque one, each with a finding.
 */
export async function fitSegments(walks: readonly HeapWalk[], regions: RegionTable, space: Space, job: JobContext): Promise<{ blocks: BlockTable; segments: SegmentRecord[] }> {
  const segments = placeSegments(walks, space)
  const writer = new BlockWriter(regions)
  let sinceCheckpoint = 0
  for (const segment of segments) {
    const walk = walks[segment.heap]!
    writer.begin(segment.heap, segment.base)
    const { address, size, requested, state, kind, confidence } = walk.blocks
    const end = segment.base + segment.reservedBytes
    for (let row = segment.firstRow; row < segment.endRow; row++) {
      const from = address.at(row)
      const to = from + size.at(row)
      if (from < writer.at || to > end || to <= from) {
        walk.findings.add('block-overlap', 'damage', `The block at ${hex(from)} overlaps its neighbour or its segment's end and is left out.`, { address: from })
        continue
      }
      if (from > writer.at) writer.fill(from, walk)
      writer.put(to, requested.at(row), state.at(row), kind.at(row), confidence.at(row), walk)
      if ((++sinceCheckpoint & 0xffff) === 0) await job.checkpoint()
    }
    if (writer.at < end) writer.fill(end, walk)
  }
  return { blocks: writer.table, segments: segments.map(({ heap, base, reservedBytes }) => ({ heap, base, reservedBytes })) }
}

/** Segments of all heaps by address; one that overlaps an earlier one or leaves the address space is refused. */
function placeSegments(walks: readonly HeapWalk[], space: Space): PlacedSegment[] {
  const all = walks.flatMap((walk, heap) => walk.segments.map((segment) => ({ ...segment, heap })))
  all.sort((a, b) => a.base - b.base)
  let end = space.low
  return all.filter((segment) => {
    const fits = segment.base >= end && segment.base + segment.reservedBytes <= space.high && segment.reservedBytes > 0 && segment.base % PAGE_BYTES === 0
    if (fits) end = segment.base + segment.reservedBytes
    else walks[segment.heap]!.findings.add('segment-overlap', 'damage', `The segment at ${hex(segment.base)} overlaps another or leaves the address space; its blocks are left out.`, { address: segment.base })
    return fits
  })
}

class BlockWriter {
  readonly table: BlockTable
  /** End of what was written of the segment at hand. */
  at: Address = 0
  readonly #kind = new Column('u8')
  readonly #confidence = new Column('u8')
  readonly #regions: RegionTable
  #heap = 0
  #region = 0
  /** The committed range the cursor stands in or before. */
  #committedFrom: Address = 0
  #committedTo: Address = 0

  constructor(regions: RegionTable) {
    this.#regions = regions
    this.table = new BlockTable()
    this.table.kind = this.#kind
    this.table.confidence = this.#confidence
    this.#nextCommitted()
  }

  begin(heap: number, base: Address): void {
    this.#heap = heap
    this.at = base
  }

  /** A block from `at` up to `to`, as far as its memory is committed. */
  put(to: Address, requested: Bytes, state: number, kind: number, confidence: number, walk: HeapWalk): void {
    while (this.#committedTo <= this.at) this.#nextCommitted()
    const isCommitted = this.#committedFrom <= this.at && to <= this.#committedTo
    const isFree = this.#committedFrom >= to
    if (state === BlockState.Uncommitted ? isFree : isCommitted) {
      this.#push(to, requested, state, kind, confidence)
      return
    }
    if (state === BlockState.Uncommitted) walk.findings.add('committed-beyond-heap', 'note', `Memory at ${hex(this.at)} is committed although the heap calls it uncommitted.`, { address: this.at })
    // A segment heap decommits inside free ranges and keeps no record of it that is walked.
    else if (state === BlockState.Busy || walk.report.flavour !== 'segment-heap') walk.findings.add('block-not-committed', 'warning', `The block at ${hex(this.at)} lies on memory that is not committed.`, { address: this.at })
    const partial = state === BlockState.Free || state === BlockState.Cached ? state : BlockState.Internal
    this.#split(to, state === BlockState.Uncommitted ? BlockState.Internal : partial, state === BlockState.Uncommitted ? BlockKind.Opaque : kind, Trust.Uncertain)
  }

  /** What no block covers. */
  fill(to: Address, walk: HeapWalk): void {
    while (this.#committedTo <= this.at) this.#nextCommitted()
    if (this.#committedFrom < to) walk.findings.add('uncovered', 'note', `${to - this.at} bytes at ${hex(this.at)} belong to no block.`, { address: this.at })
    this.#split(to, BlockState.Internal, BlockKind.Opaque, Trust.Opaque)
  }

  #split(to: Address, state: number, kind: number, confidence: number): void {
    while (this.at < to) {
      while (this.#committedTo <= this.at) this.#nextCommitted()
      if (this.#committedFrom > this.at) this.#push(Math.min(to, this.#committedFrom), 0, BlockState.Uncommitted, BlockKind.Uncommitted, confidence)
      else this.#push(Math.min(to, this.#committedTo), 0, state, kind, confidence)
    }
  }

  #push(to: Address, requested: Bytes, state: number, kind: number, confidence: number): void {
    const { table } = this
    const size = to - this.at
    // A request that does not fit its block was misread.
    const sound = state !== BlockState.Busy || requested === UNKNOWN_SIZE || requested <= size
    table.address.push(this.at)
    table.size.push(size)
    table.requested.push(state === BlockState.Busy ? (sound ? requested : UNKNOWN_SIZE) : 0)
    table.state.push(state)
    table.heap.push(this.#heap)
    this.#kind.push(kind)
    this.#confidence.push(confidence)
    this.at = to
  }

  /** Touching committed regions are one range. */
  #nextCommitted(): void {
    const { base, size, state, length } = this.#regions
    let row = this.#region
    while (row < length && state.at(row) !== RegionState.Committed) row++
    if (row === length) {
      this.#committedFrom = Infinity
      this.#committedTo = Infinity
      this.#region = row
      return
    }
    this.#committedFrom = base.at(row)
    let end = base.at(row) + size.at(row)
    for (row++; row < length && state.at(row) === RegionState.Committed && base.at(row) === end; row++) end += size.at(row)
    this.#committedTo = end
    this.#region = row
  }
}
