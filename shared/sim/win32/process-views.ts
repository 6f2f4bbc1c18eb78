import { Column } from '../../base/column'
import { PAGE_BYTES, type Address } from '../../base/units'
import { RegionState, RegionTable } from '../../model/region-table'
import { BlockKind, BlockState, BlockTable, Snapshot, type HeapRecord as SnapshotHeap, type SegmentRecord } from '../../model/snapshot'
import type { HeapRecord, ProcessCore } from './process-core'
import type { HandleTableSummary, HeapSummary, ProcessCounters } from './process-types'

/** Names of everybody who has memory, in order of address; RegionTable.owner indexes them. */
export interface RegionsWithOwners {
  readonly regions: RegionTable
  readonly owners: readonly string[]
}

/** The user address space from its lowest address to its highest, free ranges included. */
export function viewRegions({ memory }: ProcessCore): RegionsWithOwners {
  const regions = new RegionTable()
  const protect = new Column('u16')
  regions.protect = protect
  const owners: string[] = []
  const indexOf = new Map<string, number>()
  const { runs } = memory
  for (let run = 0; run < runs.length; run++) {
    const owner = runs.allocation(run)?.owner
    let index = -1
    if (owner !== undefined) {
      index = indexOf.get(owner) ?? owners.length
      if (index === owners.length) {
        owners.push(owner)
        indexOf.set(owner, index)
      }
    }
    const pageProtection = runs.protect(run)
    regions.base.push(runs.start(run))
    regions.size.push(runs.end(run) - runs.start(run))
    regions.state.push(owner === undefined ? RegionState.Free : pageProtection === 0 ? RegionState.Reserved : RegionState.Committed)
    regions.owner.push(index)
    protect.push(pageProtection)
  }
  return { regions, owners }
}

export function viewHeap(core: ProcessCore, record: HeapRecord): HeapSummary {
  const { heap } = record
  const segments = []
  const sums = { reserved: 0, committed: 0, consumed: 0, free: 0, freeBlocks: 0, largestFree: 0 }
  for (const { base, pieces } of heap.parts()) {
    const allocation = core.memory.runs.allocation(core.memory.runs.find(base))!
    const committed = core.memory.committedWithin(base, base + allocation.bytes)
    segments.push({ base, reservedBytes: allocation.bytes, committedBytes: committed })
    sums.reserved += allocation.bytes
    sums.committed += committed
    for (const { state, bytes } of pieces) {
      if (state === BlockState.Busy) sums.consumed += bytes
      if (state !== BlockState.Free) continue
      sums.free += bytes
      sums.freeBlocks++
      sums.largestFree = Math.max(sums.largestFree, bytes)
    }
  }
  return {
    handle: heap.base,
    name: record.name,
    isDefault: record.isDefault,
    flags: record.flags,
    maximumBytes: record.maximumBytes,
    segments,
    busyBlocks: heap.busyBlocks,
    freeBlocks: sums.freeBlocks,
    requestedBytes: heap.requestedBytes,
    consumedBytes: sums.consumed,
    freeBytes: sums.free,
    largestFreeBytes: sums.largestFree,
    committedBytes: sums.committed,
    reservedBytes: sums.reserved,
    examinedBlocks: heap.examinedBlocks,
    flavour: heap.flavour,
    frontEnd: heap.frontEnd,
  }
}

export const viewHandleTable = ({ table }: ProcessCore): HandleTableSummary => ({
  base: table.base,
  entryBytes: table.entryBytes,
  reservedBytes: table.reservedBytes,
  committedPages: table.committedBytes / PAGE_BYTES,
  initialisations: table.initialisations,
  liveHandles: table.liveHandles,
  freeHead: table.freeHead,
})

export function viewCounters({ memory, access }: ProcessCore, calls: number, failedCalls: number): ProcessCounters {
  const { workingSet } = memory
  return {
    calls,
    failedCalls,
    reservations: memory.reservations,
    commits: memory.commits,
    decommits: memory.decommits,
    releases: memory.releases,
    reservedBytes: memory.reservedBytes,
    committedBytes: memory.committedBytes,
    commitChargeBytes: memory.commit.chargedBytes,
    commitLimitBytes: memory.commit.limitBytes,
    softFaults: workingSet.softFaults,
    hardFaults: workingSet.hardFaults,
    demandZeroFaults: workingSet.demandZeroFaults,
    copyOnWriteFaults: access.copyOnWriteFaults,
    guardFaults: access.guardFaults,
    residentPages: workingSet.residentPages,
    lockedPages: workingSet.lockedPages,
  }
}

/** Every heap at this moment; blocks tile segments, segments are in order of address. */
export function viewSnapshot(core: ProcessCore): Snapshot {
  const heaps: SnapshotHeap[] = []
  const parts: SegmentPart[] = []
  for (const record of core.heaps.values()) {
    const { heap } = record
    const id = heaps.length
    const { headerBytes, granularityBytes, flavour } = heap
    heaps.push({ id, name: record.name, flavour, base: heap.base, headerBytes, granularity: granularityBytes, confidence: 'verified' })
    parts.push(...segmentParts(core, record, id))
  }
  parts.sort((a, b) => a.segment.base - b.segment.base)
  const blocks = new BlockTable()
  const kinds = new Column('u8')
  // The article's heap knows blocks and nothing else.
  if (core.settings.version.heap !== 'kath-nt31') blocks.kind = kinds
  for (const part of parts) {
    for (const [address, size, requested, state, kind] of part.rows) {
      blocks.address.push(address)
      blocks.size.push(size)
      blocks.requested.push(requested)
      blocks.state.push(state)
      blocks.heap.push(part.segment.heap)
      kinds.push(kind)
    }
  }
  const { regions, owners } = viewRegions(core)
  return new Snapshot({
    origin: { file: 'simulated process', format: 'simulation', partial: false, notes: [] },
    pageBytes: PAGE_BYTES,
    addressSpace: { low: core.memory.runs.low, high: core.memory.runs.high },
    heaps,
    segments: parts.map((part) => part.segment),
    owners,
    regions,
    blocks,
    event: undefined,
    siteNames: [],
  })
}

type BlockRow = readonly [address: Address, size: number, requested: number, state: BlockState, kind: BlockKind]

interface SegmentPart {
  readonly segment: SegmentRecord
  readonly rows: BlockRow[]
}

function segmentParts(core: ProcessCore, { heap }: HeapRecord, id: number): SegmentPart[] {
  return heap.parts().map(({ base, pieces }) => {
    const allocation = core.memory.runs.allocation(core.memory.runs.find(base))!
    const rows = pieces.map(({ address, bytes, state, kind, block }): BlockRow => [address, bytes, state === BlockState.Busy ? heap.requestedOf(block) : 0, state, kind])
    const part: SegmentPart = { segment: { heap: id, base, reservedBytes: allocation.bytes }, rows }
    closeArena(core, part)
    return part
  })
}

/** An arena of an exact size ends within its last page: what lies behind belongs to nobody's block. */
function closeArena(core: ProcessCore, { segment, rows }: SegmentPart): void {
  const last = rows[rows.length - 1]
  const from = last === undefined ? segment.base : last[0] + last[1]
  const end = segment.base + segment.reservedBytes
  const committed = core.memory.committedWithin(segment.base, end)
  const committedEnd = segment.base + committed
  if (from < committedEnd) rows.push([from, committedEnd - from, 0, BlockState.Internal, BlockKind.HeapStructure])
  const rest = Math.max(from, committedEnd)
  if (rest < end) rows.push([rest, end - rest, 0, BlockState.Uncommitted, BlockKind.Uncommitted])
}
