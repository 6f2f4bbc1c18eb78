import { CHUNK_LENGTH, Column } from '../../base/column'
import { BlockTable, Snapshot } from '../../model/snapshot'

/** The snapshot with the segments and blocks of one heap only; regions, owners and heaps stay, so that indices hold. */
export function cutToHeap(snapshot: Snapshot, heap: number): Snapshot {
  const rows = rowsOfHeap(snapshot, heap)
  const from = snapshot.blocks
  const blocks = new BlockTable({
    address: pick(from.address, rows),
    size: pick(from.size, rows),
    requested: pick(from.requested, rows),
    state: pick(from.state, rows),
    heap: pick(from.heap, rows),
  })
  for (const name of ['birth', 'site', 'kind', 'confidence'] as const) {
    const column = from[name]
    if (column !== undefined) blocks[name] = pick(column, rows)
  }
  const { origin, pageBytes, addressSpace, heaps, segments, owners, regions, event, siteNames, heapReports, coverage, heapStatements, regionTotals, memory } = snapshot
  return new Snapshot({ origin, pageBytes, addressSpace, heaps, segments: segments.filter((segment) => segment.heap === heap), owners, regions, blocks, event, siteNames, heapReports, coverage, heapStatements, regionTotals, memory })
}

function rowsOfHeap({ blocks }: Snapshot, heap: number): Uint32Array {
  const rows = new Uint32Array(blocks.length)
  let kept = 0
  // Chunk by chunk over plain arrays: this is done for millions of rows while the reader waits for the heap.
  for (let chunk = 0, left = blocks.length; left > 0; chunk++, left -= CHUNK_LENGTH) {
    const heaps = blocks.heap.chunks[chunk]!
    const length = Math.min(left, CHUNK_LENGTH)
    for (let i = 0; i < length; i++) if (heaps[i] === heap) rows[kept++] = chunk * CHUNK_LENGTH + i
  }
  return rows.subarray(0, kept)
}

function pick(column: Column, rows: Uint32Array): Column {
  const picked = new Column(column.kind, column.kind === 'u32' ? { widen: true } : {})
  for (let i = 0; i < rows.length; i++) picked.push(column.at(rows[i]!))
  return picked.trim()
}
