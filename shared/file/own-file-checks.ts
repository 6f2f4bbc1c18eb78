import { CHUNK_LENGTH, type Column, type ColumnKind } from '../base/column'
import { HeapscapeError } from '../base/errors'
import { NONE, STILL_ALIVE, UNKNOWN_SIZE } from '../base/units'
import { CONFIDENCES } from '../model/confidence'
import { REGION_KIND_NAMES, REGION_MEASURES, RegionState } from '../model/region-table'
import { BLOCK_KIND_NAMES, BlockState, type HeapRecord, type SegmentRecord, type Snapshot } from '../model/snapshot'
import { Occupant, type Run } from '../model/run'
import { Op, type Trace } from '../model/trace'

/*
 * What must hold before any other code may touch a document that was read: codes are known, indices point at
 * something, events lie inside. One pass per column; the deeper checks (tiling, order of lives) are model/integrity's.
 */

/** By kinds without a sign; the others may hold anything. */
const LARGEST_UNSIGNED: Readonly<Record<ColumnKind, number>> = { u8: 0xff, u16: 0xffff, u32: 0xffffffff, i32: Infinity, f64: Infinity }

/** First row whose value lies outside [minimum, maximum], or NONE; `exempt` is allowed besides. NaN is outside. */
export function findOutside(column: Column, minimum: number, maximum: number, exempt = Number.NaN): number {
  // Every value of the kind is inside: sizes and requests of 4 bytes are most of what a file holds.
  if (minimum <= 0 && maximum >= LARGEST_UNSIGNED[column.kind]) return NONE
  let row = 0
  for (const chunk of column.chunks) {
    const count = Math.min(chunk.length, column.length - row)
    for (let i = 0; i < count; i++) {
      const value = chunk[i]!
      if (!(value >= minimum && value <= maximum) && value !== exempt) return row + i
    }
    row += count
  }
  return NONE
}

function checkRange(table: string, name: string, column: Column | undefined, minimum: number, maximum: number, exempt?: number): void {
  if (column === undefined) return
  const row = findOutside(column, minimum, maximum, exempt)
  if (row === NONE) return
  const expected = `${name} from ${minimum} to ${maximum}`
  throw new HeapscapeError('format-corrupt', { table, expected, got: `${column.at(row)} in row ${row}`, row })
}

const ADDRESS_MAX = Number.MAX_SAFE_INTEGER

export function checkTraceRanges(trace: Trace): void {
  checkRange('events', 'op', trace.op, 0, Op.OrphanFree)
  checkRange('events', 'object', trace.object, 0, trace.objects - 1, UNKNOWN_SIZE)
  checkRange('events', 'size', trace.size, 0, ADDRESS_MAX)
  checkRange('events', 'address', trace.address, 0, ADDRESS_MAX)
  checkRange('events', 'site', trace.site, NONE, trace.sites.names.length - 1)
  checkRange('resident', 'event', trace.resident?.event, 0, trace.events)
  checkRange('resident', 'bytes', trace.resident?.bytes, 0, ADDRESS_MAX)
  const row = firstUnknownObject(trace)
  if (row !== NONE) {
    throw new HeapscapeError('format-corrupt', { table: 'events', expected: 'an object number on all but orphan frees', got: `row ${row}`, row })
  }
}

/** First row whose object number is missing although it is no orphan free, or the other way round. */
function firstUnknownObject(trace: Trace): number {
  for (let k = 0; k < trace.op.chunks.length; k++) {
    const ops = trace.op.chunks[k]!
    const objects = trace.object.chunks[k]!
    const count = Math.min(ops.length, trace.op.length - k * CHUNK_LENGTH)
    for (let i = 0; i < count; i++) {
      if ((ops[i] === Op.OrphanFree) !== (objects[i] === UNKNOWN_SIZE)) return k * CHUNK_LENGTH + i
    }
  }
  return NONE
}

export function checkSnapshotRanges(snapshot: Snapshot): void {
  const { regions, blocks, heaps } = snapshot
  checkSpace(regions, 'regions')
  checkRange('regions', 'state', regions.state, 0, RegionState.Committed)
  checkRange('regions', 'owner', regions.owner, NONE, snapshot.owners.length - 1)
  checkRange('regions', 'kind', regions.kind, 0, REGION_KIND_NAMES.length - 1)
  for (const name of REGION_MEASURES) checkRange('regions', name, regions[name], NONE, ADDRESS_MAX)
  checkSegments(snapshot.segments, heaps)
  checkRange('blocks', 'address', blocks.address, 0, ADDRESS_MAX)
  checkRange('blocks', 'size', blocks.size, 0, ADDRESS_MAX)
  checkRange('blocks', 'requested', blocks.requested, 0, ADDRESS_MAX)
  checkRange('blocks', 'state', blocks.state, 0, BlockState.Uncommitted)
  checkRange('blocks', 'heap', blocks.heap, 0, heaps.length - 1)
  checkRange('blocks', 'site', blocks.site, NONE, snapshot.siteNames.length - 1)
  checkRange('blocks', 'kind', blocks.kind, 0, BLOCK_KIND_NAMES.length - 1)
  checkRange('blocks', 'confidence', blocks.confidence, 0, CONFIDENCES.length - 1)
}

function checkSpace(table: { readonly base: Column; readonly size: Column }, name: string): void {
  checkRange(name, 'base', table.base, 0, ADDRESS_MAX)
  checkRange(name, 'size', table.size, 0, ADDRESS_MAX)
}

function checkSegments(segments: readonly SegmentRecord[], heaps: readonly HeapRecord[]): void {
  const row = segments.findIndex((segment) => segment.heap >= heaps.length || segment.base < 0 || segment.reservedBytes < 0)
  if (row === NONE) return
  throw new HeapscapeError('format-corrupt', { table: 'segments', expected: 'heap, base and size of a segment', got: `row ${row}`, row })
}

export function checkRunRanges(run: Run): void {
  const { lifetimes, pages, failures } = run
  checkRange('lifetimes', 'address', lifetimes.address, 0, ADDRESS_MAX)
  checkRange('lifetimes', 'size', lifetimes.size, 0, ADDRESS_MAX)
  checkRange('lifetimes', 'requested', lifetimes.requested, 0, ADDRESS_MAX)
  checkRange('lifetimes', 'birth', lifetimes.birth, 0, run.events)
  checkRange('lifetimes', 'death', lifetimes.death, 0, run.events, STILL_ALIVE)
  checkRange('lifetimes', 'occupant', lifetimes.occupant, 0, Occupant.Cached)
  checkRange('lifetimes', 'site', lifetimes.site, NONE, run.siteNames.length - 1)
  checkSpace(pages, 'pages')
  checkRange('pages', 'event', pages.event, 0, run.events)
  checkRange('pages', 'state', pages.state, 0, RegionState.Committed)
  checkRange('failures', 'event', failures.event, 0, run.events)
  checkRange('failures', 'size', failures.size, 0, ADDRESS_MAX)
}
