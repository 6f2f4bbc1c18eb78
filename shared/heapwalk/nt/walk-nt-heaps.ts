import type { JobContext } from '../../base/job-context'
import type { CounterCheck } from '../../model/heap-report'
import { BlockKind, BlockState } from '../../model/snapshot'
import { UNKNOWN_SIZE, type Bytes } from '../../base/units'
import type { HeapPlace } from '../discovery'
import { hex } from '../finding-list'
import type { HeapWalk, WalkContext } from '../heap-walk'
import type { MemoryView } from '../memory-view'
import { Trust, WalkedBlocks, type WalkedSegment } from '../walked-blocks'
import { emptyLfhSums, expandContainer, type LfhSums } from './expand-lfh'
import { flagNames, frontEndName } from './flag-names'
import { decodeContainers, readContainers, type LfhContainer } from './lfh'
import { readNtHeap, type NtHeap, type NtSegment, type NtVirtualBlock } from './nt-heap'
import { NtSegmentWalk, type BackEndSums } from './walk-segment'

interface Walked {
  readonly heap: NtHeap
  readonly blocks: WalkedBlocks
  readonly segments: readonly WalkedSegment[]
  readonly sums: BackEndSums
  readonly containers: readonly LfhContainer[]
}

/** Walks the NT heaps of one bitness and process together, since they share the key of the front end. */
export async function walkNtHeaps(view: MemoryView, places: readonly HeapPlace[], context: WalkContext): Promise<ReadonlyMap<HeapPlace, HeapWalk>> {
  const heaps = new Map<HeapPlace, NtHeap>()
  for (const place of places) {
    const heap = readNtHeap(view, place.address, place.bits, context.build)
    if (heap !== undefined) heaps.set(place, heap)
    await context.job.checkpoint()
  }
  const totalBytes = [...heaps.values()].reduce((sum, { segments }) => sum + bytesOf(segments), 0)
  let doneBytes = 0
  const walked = new Map<HeapPlace, Walked>()
  for (const [place, heap] of heaps) {
    const blocks = new WalkedBlocks()
    const walk = new NtSegmentWalk(view, heap, blocks)
    const segments: WalkedSegment[] = []
    for (const segment of heap.segments) {
      segments.push(await walk.walk(segment, context.job, doneBytes, totalBytes))
      doneBytes += segment.reservedBytes
    }
    walked.set(place, { heap, blocks, segments, sums: walk.sums, containers: readContainers(view, heap, blocks, walk.containerRows) })
  }
  decodeContainers(view, [...walked.values()])
  const results = new Map<HeapPlace, HeapWalk>()
  for (const [place, one] of walked) results.set(place, await finish(view, one, context))
  return results
}

async function finish(view: MemoryView, { heap, blocks, segments, sums, containers }: Walked, { job }: WalkContext): Promise<HeapWalk> {
  const lfh = emptyLfhSums()
  markStructures(heap, blocks, segments)
  // Without containers nothing is put between the blocks: the largest heaps have most of their rows here.
  const { out, fitted } = containers.length === 0 ? { out: blocks, fitted: [...segments] } : await expandAll(view, { heap, blocks, segments, containers }, lfh, job)
  for (const block of heap.virtualBlocks) {
    const firstRow = out.length
    if (heap.structures.includes(block.address + heap.layout.virtualAllocSize)) {
      out.push(block.address, block.commitBytes, 0, BlockState.Internal, BlockKind.HeapStructure, Trust.Verified)
      pushReserve(out, block)
      fitted.push({ base: block.address, reservedBytes: block.reserveBytes, firstRow, endRow: out.length })
      continue
    }
    const known = !Number.isNaN(block.requested) && block.requested + heap.layout.virtualAllocSize <= block.commitBytes
    out.push(block.address, block.commitBytes, known ? block.requested : UNKNOWN_SIZE, BlockState.Busy, BlockKind.VirtualAlloc, known ? Trust.Verified : Trust.Uncertain)
    pushReserve(out, block)
    fitted.push({ base: block.address, reservedBytes: block.reserveBytes, firstRow, endRow: out.length })
  }
  checkFreeLists(heap)
  const user = sumUser(out)
  const reserved = bytesOf(heap.segments)
  const { layout } = heap
  return {
    segments: fitted,
    blocks: out,
    headerBytes: 8,
    granularity: layout.unit,
    findings: heap.findings,
    isInferred: !heap.layoutVerified,
    report: {
      address: heap.address,
      flavour: 'nt-heap',
      bits: layout.bits,
      layout: layout.layout.key,
      flags: { value: heap.flags, names: flagNames(heap.flags) },
      frontEnd: frontEndName(heap.frontEndType),
      segments: heap.segments.length,
      reservedBytes: reserved,
      committedBytes: reserved - sums.uncommittedBytes,
      backEnd: { busyBlocks: sums.busyBlocks, busyBytes: sums.busyBytes, freeBlocks: sums.freeBlocks, freeBytes: sums.freeBytes },
      userBlocks: user.blocks,
      userBytes: user.bytes,
      uncommittedRanges: sums.uncommittedRanges,
      virtualAllocBlocks: heap.virtualBlocks.length,
      lfh: { subSegments: lfh.subSegments, busyBlocks: lfh.busyBlocks, freeBlocks: lfh.freeBlocks },
      counters: compareCounters(view, heap, sums, lfh, reserved),
    },
  }
}

const bytesOf = (segments: readonly NtSegment[]): Bytes => segments.reduce((sum, { reservedBytes }) => sum + reservedBytes, 0)

function pushReserve(out: WalkedBlocks, { address, commitBytes, reserveBytes }: NtVirtualBlock): void {
  if (reserveBytes > commitBytes) out.push(address + commitBytes, reserveBytes - commitBytes, 0, BlockState.Uncommitted, BlockKind.Uncommitted, Trust.Verified)
}

async function expandAll(view: MemoryView, { heap, blocks, segments, containers }: Pick<Walked, 'heap' | 'blocks' | 'segments' | 'containers'>, lfh: LfhSums, job: JobContext): Promise<{ out: WalkedBlocks; fitted: WalkedSegment[] }> {
  const out = new WalkedBlocks()
  const byRow = new Map(containers.map((container) => [container.row, container]))
  const fitted: WalkedSegment[] = []
  for (const segment of segments) {
    const firstRow = out.length
    for (let row = segment.firstRow; row < segment.endRow; row++) {
      const kind = blocks.kind.at(row)
      const container = kind === BlockKind.LfhContainer ? byRow.get(row) : undefined
      if (container !== undefined) expandContainer(view, heap, container, blocks, out, lfh)
      else out.push(blocks.address.at(row), blocks.size.at(row), blocks.requested.at(row), blocks.state.at(row), kind, blocks.confidence.at(row))
      if ((row & 0xffff) === 0) await job.checkpoint()
    }
    fitted.push({ ...segment, firstRow, endRow: out.length })
  }
  return { out, fitted }
}

/** Blocks the heap's header points to are the heap's own, not the program's. */
function markStructures(heap: NtHeap, blocks: WalkedBlocks, segments: readonly WalkedSegment[]): void {
  for (const user of heap.structures) {
    const entry = user - heap.layout.unit
    for (const { firstRow, endRow } of segments) {
      const row = findRow(blocks, firstRow, endRow, entry)
      if (row < 0 || blocks.kind.at(row) !== BlockKind.BackEnd || blocks.state.at(row) !== BlockState.Busy) continue
      blocks.kind.set(row, BlockKind.HeapStructure)
      blocks.state.set(row, BlockState.Internal)
      blocks.requested.set(row, 0)
    }
  }
}

/** Row of the block that begins at the address, -1 for none. */
function findRow(blocks: WalkedBlocks, from: number, to: number, address: number): number {
  let low = from
  let high = to
  while (low < high) {
    const middle = (low + high) >>> 1
    if (blocks.address.at(middle) < address) low = middle + 1
    else high = middle
  }
  return low < to && blocks.address.at(low) === address ? low : -1
}

function sumUser(blocks: WalkedBlocks): { blocks: number; bytes: number } {
  const sum = { blocks: 0, bytes: 0 }
  for (let row = 0; row < blocks.length; row++) {
    if (blocks.state.at(row) !== BlockState.Busy) continue
    sum.blocks++
    const requested = blocks.requested.at(row)
    if (requested !== UNKNOWN_SIZE) sum.bytes += requested
  }
  return sum
}

function checkFreeLists({ freeNodes, findings, layout }: NtHeap): void {
  freeNodes.forEach((node, met) => {
    if (met === 0) findings.add('listed-not-free', 'warning', `The free lists hold ${hex(node)}, where the walk met no free block.`, { address: node - layout.unit })
  })
}

/** The heap's own figures beside the walked ones. */
function compareCounters(view: MemoryView, heap: NtHeap, sums: BackEndSums, lfh: LfhSums, reserved: number): CounterCheck[] {
  const { layout, address } = heap
  const counters = address + layout.heap.Counters
  const wide = (member: keyof typeof layout.counters): number => view.word(counters + layout.counters[member], layout.bits)
  const narrow = (member: keyof typeof layout.counters): number => view.u32(counters + layout.counters[member])
  const check = (name: string, stored: number, walked: number): CounterCheck => ({ name, stored: Number.isNaN(stored) ? -1 : stored, walked, equal: stored === walked })
  const listed = heap.freeNodes.size
  return [
    check('totalFreeUnits', view.word(address + layout.heap.TotalFreeSize, layout.bits), sums.freeBytes / layout.unit),
    check('reservedBytes', wide('TotalMemoryReserved'), reserved),
    check('committedBytes', wide('TotalMemoryCommitted'), reserved - sums.uncommittedBytes),
    check('segments', narrow('TotalSegments'), heap.segments.length),
    check('uncommittedRanges', narrow('TotalUCRs'), sums.uncommittedRanges),
    check('uncommittedPages', sumOf(heap, (segment) => segment.uncommittedPages), sums.uncommittedBytes / 4096),
    check('uncommittedRangesOfSegments', sumOf(heap, (segment) => segment.uncommittedRanges), sums.uncommittedRanges),
    check('virtualAllocBytes', wide('TotalSizeInVirtualBlocks'), heap.virtualBlocks.reduce((sum, block) => sum + block.commitBytes, 0)),
    check('freeListBlocks', listed, sums.freeBlocks),
    check('checksumsRight', sums.entries + sums.checksumsWrong, sums.entries),
    check('previousSizesRight', sums.entries, sums.entries - sums.previousSizesWrong),
    check('lfhFreeSlots', lfh.depth, lfh.freeBlocks),
  ]
}

const sumOf = (heap: NtHeap, of: (segment: NtHeap['segments'][number]) => number): number => heap.segments.reduce((sum, segment) => sum + of(segment), 0)

