import type { JobContext } from '../base/job-context'
import type { Address } from '../base/units'
import type { HeapReport } from '../model/heap-report'
import type { ProcessMemory } from '../model/process-memory'
import type { RegionTable } from '../model/region-table'
import type { BlockTable, HeapRecord, SegmentRecord } from '../model/snapshot'
import { findHeaps, findPebs, type HeapPlace, type PebFacts, type PebPlace } from './discovery'
import { fitRegions } from './fit-regions'
import { fitSegments } from './fit-segments'
import { confidenceOf, type HeapWalk } from './heap-walk'
import type { Bits } from './layouts/structure-table'
import { MemoryView } from './memory-view'
import { opaqueWalk } from './opaque-walk'
import { walkNtHeaps } from './nt/walk-nt-heaps'
import { walkSegmentHeaps } from './segment/walk-segment-heaps'
import { walkWineHeaps } from './wine/walk-wine-heaps'

/** A process whose heaps are to be found. */
export interface WalkTarget {
  readonly memory: ProcessMemory
  readonly bits: Bits
  /** Windows build number, 0 when not known. */
  readonly build: number
  /** Addresses of the native thread blocks. */
  readonly tebs: readonly Address[]
  /** Process blocks the system told the addresses of; absent: only the threads lead to them. */
  readonly pebs?: readonly PebPlace[]
  readonly addressSpace: { readonly low: Address; readonly high: Address }
}

/** The heaps of a process as tables of a snapshot. */
export interface ProcessHeaps {
  readonly pebs: readonly PebFacts[]
  readonly heaps: readonly HeapRecord[]
  readonly heapReports: readonly HeapReport[]
  readonly segments: readonly SegmentRecord[]
  readonly blocks: BlockTable
  /** The regions with segments cut out and named; free ones are left out. */
  readonly regions: RegionTable
  readonly owners: readonly string[]
}

/** More heaps than a row's heap number can name. */
const MAX_HEAPS = 255

/**
 * Finds and walks every heap of a process: NT heaps of Windows 7 to 11, segment heaps, heaps of Wine 8, of both
 * bitnesses. Never throws over what memory holds: damage becomes findings. Throws `cancelled`.
 */
export async function walkHeaps(target: WalkTarget, job: JobContext): Promise<ProcessHeaps> {
  const view = new MemoryView(target.memory)
  const pebs = findPebs(view, target.tebs, target.bits, target.pebs)
  const places = findHeaps(view, pebs, target.bits).slice(0, MAX_HEAPS)
  const build = target.build > 0 ? target.build : (pebs[0]?.build ?? 0)
  const walks = await walkAll(view, places, build, job)
  const inOrder = places.map((place) => walks.get(place) ?? opaqueWalk(view, place))
  const { blocks, segments } = await fitSegments(inOrder, target.memory.regions(), target.addressSpace, job)
  const records = places.map((place, id) => recordOf(place, id, inOrder[id]!, pebs))
  const owners = [...target.memory.owners(), ...records.map(({ name }) => name)]
  const firstOwner = target.memory.owners().length
  const regions = fitRegions(target.memory.regions(), segments, (segment) => firstOwner + segment.heap)
  return { pebs, heaps: records.map(({ record }) => record), heapReports: records.map(({ report }) => report), segments, blocks, regions, owners }
}

async function walkAll(view: MemoryView, places: readonly HeapPlace[], build: number, job: JobContext): Promise<ReadonlyMap<HeapPlace, HeapWalk>> {
  const walks = new Map<HeapPlace, HeapWalk>()
  const context = { build, job }
  for (const bits of [64, 32] as const) {
    const of = (flavour: HeapPlace['flavour']): HeapPlace[] => places.filter((place) => place.bits === bits && place.flavour === flavour)
    for (const walk of [walkNtHeaps, walkSegmentHeaps, walkWineHeaps] as const) {
      const flavour = walk === walkNtHeaps ? 'nt-heap' : walk === walkSegmentHeaps ? 'segment-heap' : 'wine-heap'
      for (const [place, result] of await walk(view, of(flavour), context)) walks.set(place, result)
    }
  }
  return walks
}

function recordOf(place: HeapPlace, id: number, walk: HeapWalk, pebs: readonly PebFacts[]): { record: HeapRecord; report: HeapReport; name: string } {
  const isDefault = pebs.some((peb) => peb.bits === place.bits && peb.processHeap === place.address)
  const isListed = place.discovery !== 'scan'
  if (!isListed && pebs.length > 0) walk.findings.add('not-listed', 'note', 'The heap is not in the process’s list of heaps; its signature was found in memory.', { address: place.address })
  const confidence = confidenceOf(walk.findings, walk.report, walk.isInferred)
  const report: HeapReport = { ...walk.report, confidence, discovery: place.discovery, findings: walk.findings.toFindings() }
  const name = `${isDefault ? 'default ' : ''}heap 0x${place.address.toString(16)}${place.bits === 32 ? ' (32-bit)' : ''}`
  const record: HeapRecord = { id, name, flavour: report.flavour, base: place.address, headerBytes: walk.headerBytes, granularity: walk.granularity, confidence }
  return { record, report, name }
}
