import { Column } from '../../base/column'
import { roundDown, type Address, type Bytes } from '../../base/units'
import { BlockKind, BlockState, type Snapshot } from '../../model/snapshot'
import { RegionState, type RegionTable } from '../../model/region-table'
import { columnsOf, RowTable } from './row-table'

/** One row per size a free block has: what a heap's free lists hold, size by size. Sorted by size. */
export function freeSizes({ blocks }: Snapshot): RowTable {
  const counts = new Map<Bytes, { count: number; first: Address }>()
  let total = 0
  for (let row = 0; row < blocks.length; row++) {
    if (blocks.state.at(row) !== BlockState.Free) continue
    const size = blocks.size.at(row)
    total += size
    const known = counts.get(size)
    if (known === undefined) counts.set(size, { count: 1, first: blocks.address.at(row) })
    else known.count++
  }
  const columns = columnsOf({ size: 'f64', blocks: 'f64', total: 'f64', share: 'f64', address: 'f64' })
  for (const [size, { count, first }] of [...counts].sort(([a], [b]) => a - b)) {
    columns.size.push(size)
    columns.blocks.push(count)
    columns.total.push(size * count)
    columns.share.push((size * count) / total)
    columns.address.push(first)
  }
  return new RowTable(columns)
}

/** One row per segment; blocks lie in order of address, and so do segments. */
export function segmentRows({ segments, blocks }: Snapshot): RowTable {
  const columns = columnsOf({
    address: 'f64', bytes: 'f64', heap: 'u8', committed: 'f64', uncommitted: 'f64', ranges: 'f64', blocks: 'f64', busy: 'f64', free: 'f64', cached: 'f64', internal: 'f64', ownReservation: 'u8',
  })
  let row = 0
  for (const { base, reservedBytes, heap } of segments) {
    const bytes = new Float64Array(5)
    let count = 0
    let ranges = 0
    const isOwn = blocks.kind !== undefined && row < blocks.length && blocks.kind.at(row) === BlockKind.VirtualAlloc
    for (; row < blocks.length && blocks.address.at(row) < base + reservedBytes; row++) {
      const state = blocks.state.at(row)
      bytes[state]! += blocks.size.at(row)
      count++
      if (state === BlockState.Uncommitted) ranges++
    }
    columns.address.push(base)
    columns.bytes.push(reservedBytes)
    columns.heap.push(heap)
    columns.committed.push(reservedBytes - bytes[BlockState.Uncommitted]!)
    columns.uncommitted.push(bytes[BlockState.Uncommitted]!)
    columns.ranges.push(ranges)
    columns.blocks.push(count)
    columns.busy.push(bytes[BlockState.Busy]!)
    columns.free.push(bytes[BlockState.Free]!)
    columns.cached.push(bytes[BlockState.Cached]!)
    columns.internal.push(bytes[BlockState.Internal]!)
    columns.ownReservation.push(isOwn ? 1 : 0)
  }
  return new RowTable(columns)
}

/** One row per uncommitted range inside a segment. */
export function uncommittedRanges({ blocks }: Snapshot): RowTable {
  const columns = columnsOf({ address: 'f64', bytes: 'f64', heap: 'u8', described: 'u8' })
  for (let row = 0; row < blocks.length; row++) {
    if (blocks.state.at(row) !== BlockState.Uncommitted) continue
    columns.address.push(blocks.address.at(row))
    columns.bytes.push(blocks.size.at(row))
    columns.heap.push(blocks.heap.at(row))
    columns.described.push(row > 0 && blocks.kind?.at(row - 1) === BlockKind.UncommittedMarker ? 1 : 0)
  }
  return new RowTable(columns)
}

/** One row per committed page of the segments: how much of it is used, in order of address. */
export function pageRows({ blocks, pageBytes }: Snapshot): RowTable {
  const columns = columnsOf({ address: 'f64', bytes: 'u32', heap: 'u8', used: 'u32', free: 'u32', blocks: 'u32', occupancy: 'f64' })
  const page = { address: -1, heap: 0, used: 0, free: 0, blocks: 0 }
  const close = (): void => {
    if (page.address < 0) return
    columns.address.push(page.address)
    columns.bytes.push(page.used + page.free)
    columns.heap.push(page.heap)
    columns.used.push(page.used)
    columns.free.push(page.free)
    columns.blocks.push(page.blocks)
    columns.occupancy.push(page.used / (page.used + page.free))
    page.address = -1
  }
  for (let row = 0; row < blocks.length; row++) {
    const state = blocks.state.at(row)
    if (state === BlockState.Uncommitted) continue
    const isUsed = state === BlockState.Busy || state === BlockState.Internal
    const end = blocks.address.at(row) + blocks.size.at(row)
    for (let at = blocks.address.at(row); at < end; ) {
      const address = roundDown(at, pageBytes)
      const part = Math.min(end, address + pageBytes) - at
      if (address !== page.address) {
        close()
        Object.assign(page, { address, heap: blocks.heap.at(row), used: 0, free: 0, blocks: 0 })
      }
      if (isUsed) page.used += part
      else page.free += part
      page.blocks++
      at += part
    }
  }
  close()
  return new RowTable(columns)
}

/** The regions of the address space with their owners, free ones left out. */
export function regionRows({ regions, owners }: Snapshot): RowTable {
  const columns = columnsOf({ address: 'f64', bytes: 'f64', state: 'u8', protect: 'u32' })
  const owner: string[] = []
  for (let row = 0; row < regions.length; row++) {
    if (regions.state.at(row) === RegionState.Free) continue
    columns.address.push(regions.base.at(row))
    columns.bytes.push(regions.size.at(row))
    columns.state.push(regions.state.at(row))
    columns.protect.push(regions.protect?.at(row) ?? 0)
    owner.push(owners[regions.owner.at(row)] ?? '')
  }
  return new RowTable(columns, { owner })
}

/** One row per owner of regions: modules, stacks, heaps. */
export function ownerRows({ regions, owners }: Snapshot): RowTable {
  const columns = columnsOf({ address: 'f64', bytes: 'f64', committed: 'f64', regions: 'f64' })
  const names: string[] = []
  const rowOf = new Map<number, number>()
  for (let region = 0; region < regions.length; region++) {
    const owner = regions.owner.at(region)
    if (owner < 0) continue
    let row = rowOf.get(owner)
    if (row === undefined) {
      row = names.push(owners[owner]!) - 1
      rowOf.set(owner, row)
      columns.address.push(regions.base.at(region))
      for (const column of [columns.bytes, columns.committed, columns.regions]) column.push(0)
    }
    addRegion(columns, row, regions, region)
  }
  return new RowTable(columns, { owner: names })
}

function addRegion(columns: Record<'bytes' | 'committed' | 'regions', Column>, row: number, regions: RegionTable, region: number): void {
  const size = regions.size.at(region)
  columns.bytes.set(row, columns.bytes.at(row) + size)
  columns.regions.set(row, columns.regions.at(row) + 1)
  if (regions.state.at(region) === RegionState.Committed) columns.committed.set(row, columns.committed.at(row) + size)
}
