import { Column } from '../../base/column'
import { PAGE_BYTES, type Address } from '../../base/units'
import { RegionState, RegionTable } from '../../model/region-table'
import { BlockState, BlockTable, Snapshot, type HeapRecord as SnapshotHeap, type SegmentRecord } from '../../model/snapshot'
import type { HeapRecord, ProcessCore } from './process-core'
import type { HandleTableSummary, HeapSummary, ProcessCounters } from './process-types'
import { heapEntries } from './heap-entries'

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
  const { fit } = heap
  const segments = []
  let reservedBytes = 0
  let committedBytes = 0
  for (let range = 0; range < fit.rangeCount; range++) {
    const base = fit.rangeBase(range)
    const allocation = core.memory.runs.allocation(core.memory.runs.find(base))!
    const committed = core.memory.committedWithin(base, base + allocation.bytes)
    segments.push({ base, reservedBytes: allocation.bytes, committedBytes: committed })
    reservedBytes += allocation.bytes
    committedBytes += committed
  }
  let freeBytes = 0
  fit.walkFree((_address, bytes) => (freeBytes += bytes))
  let consumedBytes = 0
  heap.walk((slot) => {
    if (heap.isBusy(slot)) consumedBytes += fit.blocks.size[slot]!
  })
  return {
    handle: heap.base,
    name: record.name,
    isDefault: record.isDefault,
    flags: record.flags,
    maximumBytes: record.maximumBytes,
    segments,
    busyBlocks: heap.busyBlocks,
    freeBlocks: heap.freeBlocks,
    requestedBytes: heap.requestedBytes,
    consumedBytes,
    freeBytes,
    largestFreeBytes: heap.largestFreeBytes,
    committedBytes,
    reservedBytes,
    examinedBlocks: heap.examinedBlocks,
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
    const { headerBytes, granuleBytes } = heap.layout
    heaps.push({ id, name: record.name, flavour: 'kath-nt31', base: heap.base, headerBytes, granularity: granuleBytes, confidence: 'verified' })
    parts.push(...segmentParts(core, record, id))
  }
  parts.sort((a, b) => a.segment.base - b.segment.base)
  const blocks = new BlockTable()
  for (const part of parts) {
    for (const [address, size, requested, state] of part.rows) {
      blocks.address.push(address)
      blocks.size.push(size)
      blocks.requested.push(requested)
      blocks.state.push(state)
      blocks.heap.push(part.segment.heap)
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

type BlockRow = readonly [address: Address, size: number, requested: number, state: BlockState]

interface SegmentPart {
  readonly segment: SegmentRecord
  readonly rows: BlockRow[]
}

const STATES = { busy: BlockState.Busy, free: BlockState.Free, uncommitted: BlockState.Uncommitted } as const

function segmentParts(core: ProcessCore, record: HeapRecord, id: number): SegmentPart[] {
  const parts: SegmentPart[] = []
  for (const entry of heapEntries(core, record)) {
    if (entry.kind === 'region') {
      const allocation = core.memory.runs.allocation(core.memory.runs.find(entry.address))!
      parts.push({ segment: { heap: id, base: entry.address, reservedBytes: allocation.bytes }, rows: [] })
    } else {
      parts[parts.length - 1]!.rows.push([entry.address, entry.consumedBytes, entry.kind === 'busy' ? entry.bytes : 0, STATES[entry.kind]])
    }
  }
  for (const part of parts) closeArena(core, part)
  return parts
}

/** An arena of an exact size ends within its last page: what lies behind belongs to nobody's block. */
function closeArena(core: ProcessCore, { segment, rows }: SegmentPart): void {
  const last = rows[rows.length - 1]
  const from = last === undefined ? segment.base : last[0] + last[1]
  const end = segment.base + segment.reservedBytes
  const committed = core.memory.committedWithin(segment.base, end)
  const committedEnd = segment.base + committed
  if (from < committedEnd) rows.push([from, committedEnd - from, 0, BlockState.Internal])
  const rest = Math.max(from, committedEnd)
  if (rest < end) rows.push([rest, end - rest, 0, BlockState.Uncommitted])
}
