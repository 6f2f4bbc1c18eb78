import type { Column } from '../base/column'
import { NONE, UNKNOWN_SIZE, roundDown } from '../base/units'
import { REGION_KIND_NAMES, REGION_MEASURES, RegionState } from './region-table'
import { BlockState, type Snapshot } from './snapshot'
import { Op, type Trace } from './trace'
import { Violations } from './violations'

export { checkRun } from './check-run'

/** What is wrong with a trace, in plain words with numbers; [] = sound. */
export function checkTrace(trace: Trace): string[] {
  const found = new Violations()
  const { op, object, size, address, site, thread, time } = trace
  const columns: Record<string, Column | undefined> = { object, size, address, site, thread, time }
  for (const [name, column] of Object.entries(columns)) {
    if (column !== undefined && column.length !== op.length) found.add(`column ${name} has ${column.length} rows, op has ${op.length}`)
  }
  if (found.list.length > 0) return found.list
  const alive = new Uint8Array(trace.objects)
  let seen = 0
  let lastTime = -Infinity
  for (let row = 0; row < op.length; row++) {
    const which = object.at(row)
    const code = op.at(row)
    if (code > Op.OrphanFree) found.add(`event ${row} has the unknown operation ${code}`)
    else if (code === Op.OrphanFree) {
      if (which !== 0xffffffff) found.add(`event ${row} is an orphan free but names object ${which}`)
    } else if (which >= trace.objects) found.add(`event ${row} names object ${which}, the trace has ${trace.objects}`)
    else if (code === Op.Alloc) {
      if (which !== seen) found.add(`event ${row} allocates object ${which}, the next new one is ${seen}`)
      seen = Math.max(seen, which + 1)
      alive[which] = 1
    } else {
      if (alive[which] === 0) found.add(`event ${row} ${code === Op.Free ? 'frees' : 'reallocates'} object ${which}, which is not alive`)
      if (code === Op.Free) alive[which] = 0
    }
    if ((code === Op.Free || code === Op.OrphanFree) && size.at(row) !== 0) found.add(`event ${row} is a free with ${size.at(row)} bytes`)
    if (site !== undefined && (site.at(row) < -1 || site.at(row) >= trace.sites.names.length)) {
      found.add(`event ${row} names call site ${site.at(row)}, the trace has ${trace.sites.names.length}`)
    }
    if (time !== undefined) {
      if (time.at(row) < lastTime) found.add(`event ${row} has time ${time.at(row)} ns, before its predecessor at ${lastTime} ns`)
      lastTime = time.at(row)
    }
  }
  if (seen !== trace.objects) found.add(`the trace allocates ${seen} objects and states ${trace.objects}`)
  return found.list
}

/**
 * What is wrong with a snapshot, in plain words with numbers; [] = sound.
 *
 * Blocks must tile every segment; from the tiling the identities of fragmentation follow and are checked on the sums:
 * C = Q + headers + rounding + I + Wpin + Wrel, R = C + U, with C and R taken from the regions, not from the blocks.
 */
export function checkSnapshot(snapshot: Snapshot): string[] {
  const found = new Violations()
  const { blocks, regions } = snapshot
  const columns: Record<string, Column | undefined> = {
    size: blocks.size,
    requested: blocks.requested,
    state: blocks.state,
    heap: blocks.heap,
    birth: blocks.birth,
    site: blocks.site,
    kind: blocks.kind,
    confidence: blocks.confidence,
  }
  for (const [name, column] of Object.entries(columns)) {
    if (column !== undefined && column.length !== blocks.length) found.add(`block column ${name} has ${column.length} rows, address has ${blocks.length}`)
  }
  if (found.list.length > 0) return found.list
  checkRegions(snapshot, found)
  if (snapshot.coverage === 'none' && blocks.length > 0) found.add(`the snapshot states that it lists no blocks and has ${blocks.length}`)
  if (snapshot.heapStatements.length !== 0 && snapshot.heapStatements.length !== snapshot.heaps.length) {
    found.add(`there are ${snapshot.heapStatements.length} statements on ${snapshot.heaps.length} heaps`)
  }
  checkBlockRows(snapshot, found)
  checkTiling(snapshot, found)
  // Blocks that are not all there account for no sum.
  if (found.list.length === 0 && regions.length > 0 && snapshot.coverage === 'all') checkSums(snapshot, found)
  return found.list
}

function checkRegions({ regions, addressSpace, owners }: Snapshot, found: Violations): void {
  for (const name of ['size', 'state', 'owner', 'protect', 'kind', ...REGION_MEASURES] as const) {
    const column = regions[name]
    if (column !== undefined && column.length !== regions.length) found.add(`region column ${name} has ${column.length} rows, base has ${regions.length}`)
  }
  if (found.list.length > 0) return
  let end = -Infinity
  for (let row = 0; row < regions.length; row++) {
    const base = regions.base.at(row)
    const size = regions.size.at(row)
    const place = `region ${row} at 0x${base.toString(16)}`
    if (base < end) found.add(`${place} begins below the end of its predecessor 0x${end.toString(16)}`)
    if (!(size > 0)) found.add(`${place} has ${size} bytes`)
    if (regions.state.at(row) > RegionState.Committed) found.add(`${place} has the unknown state ${regions.state.at(row)}`)
    if (regions.owner.at(row) < -1 || regions.owner.at(row) >= owners.length) found.add(`${place} names owner ${regions.owner.at(row)} of ${owners.length}`)
    if ((regions.kind?.at(row) ?? 0) >= REGION_KIND_NAMES.length) found.add(`${place} has the unknown kind ${regions.kind!.at(row)}`)
    for (const name of REGION_MEASURES) {
      if (!((regions[name]?.at(row) ?? 0) >= NONE)) found.add(`${place} has ${regions[name]!.at(row)} ${name} bytes`)
    }
    if (base < addressSpace.low || base + size > addressSpace.high) found.add(`${place} of ${size} bytes lies outside the address space`)
    end = base + size
  }
}

function checkBlockRows({ blocks, heaps, siteNames }: Snapshot, found: Violations): void {
  const headers = heaps.map((heap) => heap.headerBytes)
  for (let row = 0; row < blocks.length; row++) {
    const size = blocks.size.at(row)
    const requested = blocks.requested.at(row)
    const state = blocks.state.at(row)
    const heap = blocks.heap.at(row)
    const place = `block ${row} at 0x${blocks.address.at(row).toString(16)}`
    if (!(size > 0)) found.add(`${place} has ${size} bytes`)
    if (state > BlockState.Uncommitted) found.add(`${place} has the unknown state ${state}`)
    if (heap >= heaps.length) found.add(`${place} names heap ${heap} of ${heaps.length}`)
    else if (state === BlockState.Busy && requested !== UNKNOWN_SIZE && requested + headers[heap]! > size) {
      found.add(`${place} consumes ${size} bytes, less than its ${requested} requested and ${headers[heap]!} header bytes`)
    }
    if (state !== BlockState.Busy && requested !== 0) found.add(`${place} is not busy but has ${requested} requested bytes`)
    const site = blocks.site?.at(row)
    if (site !== undefined && (site < -1 || site >= siteNames.length)) found.add(`${place} names call site ${site} of ${siteNames.length}`)
  }
}

/** Blocks touch within a segment, begin and end with it, and lie in no gap; segments are sorted and disjoint. */
function checkTiling({ blocks, segments }: Snapshot, found: Violations): void {
  let row = 0
  let previousEnd = -Infinity
  for (const [index, segment] of segments.entries()) {
    const end = segment.base + segment.reservedBytes
    if (segment.base < previousEnd) found.add(`segment ${index} at 0x${segment.base.toString(16)} begins below the end of its predecessor`)
    previousEnd = end
    let at = segment.base
    for (; row < blocks.length && blocks.address.at(row) < end; row++) {
      const address = blocks.address.at(row)
      if (address < at) found.add(`block ${row} at 0x${address.toString(16)} begins ${at - address} bytes below the end of its predecessor or segment`)
      if (address > at) found.add(`${address - at} bytes before block ${row} at 0x${address.toString(16)} belong to no block`)
      if (blocks.heap.at(row) !== segment.heap) found.add(`block ${row} belongs to heap ${blocks.heap.at(row)}, its segment ${index} to heap ${segment.heap}`)
      at = address + blocks.size.at(row)
    }
    if (at !== end) found.add(`the blocks of segment ${index} end at 0x${at.toString(16)}, the segment at 0x${end.toString(16)}`)
  }
  if (row < blocks.length) found.add(`${blocks.length - row} blocks from row ${row} on lie in no segment`)
}

/** The regions, an independent statement of what is committed, against the sums over blocks. */
function checkSums(snapshot: Snapshot, found: Violations): void {
  const sums = sumBlocks(snapshot)
  const regions = sumRegions(snapshot)
  const known = sums.unknown === 0
  const parts = known ? sums.requested + sums.headers + sums.rounding : sums.consumed
  const committed = parts + sums.internal + sums.pinned + sums.releasable
  if (committed !== regions.committed) {
    const words = known ? `${sums.requested} live + ${sums.headers} header + ${sums.rounding} rounding` : `${sums.consumed} consumed`
    found.add(
      `the regions commit ${regions.committed} bytes, the blocks account for ${committed}: ${words} + ${sums.internal} internal + ${sums.pinned} pinned free + ${sums.releasable} releasable free`,
    )
  }
  if (committed + sums.uncommitted !== regions.reserved) {
    found.add(`the segments' regions reserve ${regions.reserved} bytes, the blocks account for ${committed} committed + ${sums.uncommitted} uncommitted`)
  }
}

interface BlockSums {
  requested: number
  headers: number
  rounding: number
  consumed: number
  internal: number
  pinned: number
  releasable: number
  uncommitted: number
  unknown: number
}

function sumBlocks({ blocks, heaps, pageBytes }: Snapshot): BlockSums {
  const sums: BlockSums = { requested: 0, headers: 0, rounding: 0, consumed: 0, internal: 0, pinned: 0, releasable: 0, uncommitted: 0, unknown: 0 }
  // Free bytes seen so far on the page at hand, and whether anything pins it.
  let page = NaN
  let freeOnPage = 0
  let pinnedPage = false
  const close = (): void => {
    if (pinnedPage) sums.pinned += freeOnPage
    else sums.releasable += freeOnPage
    freeOnPage = 0
    pinnedPage = false
  }
  const turnTo = (next: number): void => {
    if (next !== page) close()
    page = next
  }
  for (let row = 0; row < blocks.length; row++) {
    const address = blocks.address.at(row)
    const size = blocks.size.at(row)
    const state = blocks.state.at(row)
    const end = address + size
    if (state === BlockState.Uncommitted) {
      sums.uncommitted += size
      continue
    }
    const first = roundDown(address, pageBytes)
    const last = roundDown(end - 1, pageBytes)
    turnTo(first)
    if (state === BlockState.Free || state === BlockState.Cached) {
      freeOnPage += Math.min(end, first + pageBytes) - address
      if (last > first) {
        turnTo(last)
        sums.releasable += last - (first + pageBytes)
        freeOnPage += end - last
      }
      continue
    }
    pinnedPage = true
    if (last > first) {
      turnTo(last)
      pinnedPage = true
    }
    if (state === BlockState.Internal) sums.internal += size
    else {
      sums.consumed += size
      const requested = blocks.requested.at(row)
      if (requested === UNKNOWN_SIZE) sums.unknown++
      else {
        sums.requested += requested
        sums.headers += heaps[blocks.heap.at(row)]!.headerBytes
        sums.rounding += size - requested - heaps[blocks.heap.at(row)]!.headerBytes
      }
    }
  }
  close()
  return sums
}

/** Committed and reserved bytes of the regions, counted only where segments lie. */
function sumRegions({ regions, segments }: Snapshot): { committed: number; reserved: number } {
  let committed = 0
  let reserved = 0
  let segment = 0
  for (let row = 0; row < regions.length; row++) {
    if (regions.state.at(row) === RegionState.Free) continue
    const base = regions.base.at(row)
    const end = base + regions.size.at(row)
    while (segment < segments.length && segments[segment]!.base + segments[segment]!.reservedBytes <= base) segment++
    for (let i = segment; i < segments.length && segments[i]!.base < end; i++) {
      const bytes = Math.min(end, segments[i]!.base + segments[i]!.reservedBytes) - Math.max(base, segments[i]!.base)
      reserved += bytes
      if (regions.state.at(row) === RegionState.Committed) committed += bytes
    }
  }
  return { committed, reserved }
}
