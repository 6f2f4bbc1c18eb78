import type { Address, Bytes } from '../../base/units'
import type { ImageDifference, ImageRegion, MemoryImage } from '../../model/memory-image'
import { RegionState } from '../../model/region-table'
import type { HeapEntry } from '../win32/process-types'
import type { Capture } from './capture'
import { Change, type WalkRow } from './workspace-types'

/*
 * The list of a process walker: regions in address order; a heap stands before the first region of its first segment,
 * followed by its entries when it is expanded; vanished regions stand where they were.
 */
export interface RowChoice {
  /** Handles of the heaps that show their entries. */
  readonly expanded: readonly Address[]
  readonly onlyChanged: boolean
}

/** A row before its texts are made: lists are long, pages short. */
export type RowRef =
  | { readonly kind: 'region'; readonly address: Address; readonly bytes: Bytes; readonly region: ImageRegion; readonly heap: Address; readonly change: Change; readonly changedBytes: Bytes }
  | { readonly kind: 'heap'; readonly address: Address; readonly bytes: Bytes; readonly heap: number; readonly change: Change }
  | { readonly kind: 'block'; readonly address: Address; readonly bytes: Bytes; readonly heap: number; readonly entry: HeapEntry; readonly change: Change }

export function buildRows(choice: RowChoice, current: Capture, before: Capture, difference: ImageDifference): RowRef[] {
  const rows: RowRef[] = [...regionRows(current, before, difference), ...heapRows(choice, current, before)]
  // A heap and its entries come before the regions they lie in; sorting is stable, so equal addresses keep their kinds' order.
  rows.sort((a, b) => a.address - b.address || RANK[a.kind] - RANK[b.kind])
  const ordered = entriesBehindTheirHeap(rows)
  return choice.onlyChanged ? ordered.filter((row) => row.change !== Change.None) : ordered
}

const RANK = { heap: 0, block: 1, region: 2 } as const

/** Entries follow their heap's row, before any region; those of later segments too. */
function entriesBehindTheirHeap(rows: readonly RowRef[]): RowRef[] {
  const entries = new Map<number, RowRef[]>()
  for (const row of rows) {
    if (row.kind !== 'block') continue
    const list = entries.get(row.heap)
    if (list === undefined) entries.set(row.heap, [row])
    else list.push(row)
  }
  if (entries.size === 0) return [...rows]
  const ordered: RowRef[] = []
  for (const row of rows) {
    if (row.kind === 'block') continue
    ordered.push(row)
    // Pushed one by one: a spread of 100,000 entries would exhaust the stack.
    if (row.kind === 'heap') for (const entry of entries.get(row.heap) ?? []) ordered.push(entry)
  }
  return ordered
}

function regionRows(current: Capture, before: Capture, difference: ImageDifference): RowRef[] {
  const image = current.mark.image
  const was = before.mark.image
  const changed = changedBytesByRegion(image, difference)
  const rows: RowRef[] = image.regions.map((region, index) => ({
    kind: 'region',
    address: region.base,
    bytes: region.bytes,
    region,
    heap: heapOf(region, current),
    change: image === was ? Change.None : changeOf(region, was, changed[index]!),
    changedBytes: changed[index]!,
  }))
  if (image === was) return rows
  for (const region of was.regions) {
    if (region.state === RegionState.Free || !isAllFree(image, region)) continue
    rows.push({ kind: 'region', address: region.base, bytes: region.bytes, region, heap: heapOf(region, before), change: Change.Vanished, changedBytes: 0 })
  }
  return rows
}

/** Handle of the heap that has the region in a segment; 0 for none. */
function heapOf({ base }: ImageRegion, { heaps }: Capture): Address {
  const found = heaps.find(({ summary }) => summary.segments.some((segment) => base >= segment.base && base < segment.base + segment.reservedBytes))
  return found?.summary.handle ?? 0
}

/** Free space is never marked: what took or left it is. */
function changeOf(region: ImageRegion, was: MemoryImage, changedBytes: Bytes): Change {
  if (region.state === RegionState.Free) return Change.None
  if (isAllFree(was, region)) return Change.New
  const old = was.regions[was.regionAt(region.base)]
  const same = old !== undefined && old.base === region.base && old.bytes === region.bytes && old.state === region.state && old.owner === region.owner && old.protect === region.protect
  return same && changedBytes === 0 ? Change.None : Change.Changed
}

function isAllFree(image: MemoryImage, { base, bytes }: ImageRegion): boolean {
  for (let index = Math.max(0, image.regionAt(base)); index < image.regions.length; index++) {
    const region = image.regions[index]!
    if (region.base >= base + bytes) break
    if (region.state !== RegionState.Free) return false
  }
  return true
}

/** Both lists are in address order. */
function changedBytesByRegion({ regions }: MemoryImage, { lines, counts }: ImageDifference): Float64Array {
  const sums = new Float64Array(regions.length)
  let index = 0
  for (let i = 0; i < lines.length; i++) {
    while (lines[i]! >= regions[index]!.base + regions[index]!.bytes) index++
    sums[index] = sums[index]! + counts[i]!
  }
  return sums
}

function heapRows({ expanded }: RowChoice, current: Capture, before: Capture): RowRef[] {
  const rows: RowRef[] = []
  current.heaps.forEach(({ summary, entries }, heap) => {
    const old = before.heaps.find((known) => known.summary.handle === summary.handle)
    const change = old === undefined ? Change.New : sameHeap(old.summary, summary) ? Change.None : Change.Changed
    rows.push({ kind: 'heap', address: summary.segments[0]?.base ?? summary.handle, bytes: summary.reservedBytes, heap, change })
    if (expanded.includes(summary.handle)) entryRows(rows, heap, entries, old?.entries)
  })
  return rows
}

function entryRows(rows: RowRef[], heap: number, entries: readonly HeapEntry[], old: readonly HeapEntry[] | undefined): void {
  const byAddress = new Map((old ?? []).map((entry) => [keyOf(entry), entry]))
  for (const entry of entries) {
    const was = byAddress.get(keyOf(entry))
    const same = was !== undefined && was.bytes === entry.bytes && was.consumedBytes === entry.consumedBytes && was.handle === entry.handle
    rows.push({ kind: 'block', address: entry.address, bytes: entry.consumedBytes, heap, entry, change: was === undefined ? Change.New : same ? Change.None : Change.Changed })
  }
}

const keyOf = (entry: HeapEntry): string => `${entry.kind} ${entry.address}`

const sameHeap = (a: Capture['heaps'][number]['summary'], b: typeof a): boolean =>
  a.consumedBytes === b.consumedBytes &&
  a.requestedBytes === b.requestedBytes &&
  a.busyBlocks === b.busyBlocks &&
  a.freeBlocks === b.freeBlocks &&
  a.committedBytes === b.committedBytes &&
  a.reservedBytes === b.reservedBytes

/** The row as a window gets it. */
export function rowAt(ref: RowRef, current: Capture): WalkRow {
  const { kind, address, bytes, change } = ref
  switch (kind) {
    case 'region':
      return { kind, address, bytes, state: ref.region.state, protect: ref.region.protect, owner: ref.region.owner, heap: ref.heap, change, changedBytes: ref.changedBytes }
    case 'heap': {
      const { summary } = current.heaps[ref.heap]!
      return { kind, address, bytes, owner: summary.name, summary, change }
    }
    case 'block': {
      const { entry } = ref
      return { kind, address, bytes, entry: entry.kind, inside: entry.inside, heap: current.heaps[ref.heap]!.summary.handle, data: entry.data, requestedBytes: entry.bytes, handle: entry.handle, change }
    }
  }
}

/** The innermost row that holds the address: an entry before its heap's regions. */
export function findRow(rows: readonly RowRef[], address: Address): number {
  let found = -1
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index]!
    if (address < row.address || address >= row.address + row.bytes || row.change === Change.Vanished) continue
    if (row.kind === 'block' && row.entry.kind !== 'region') return index
    if (row.kind === 'region' && found < 0) found = index
  }
  return found
}
