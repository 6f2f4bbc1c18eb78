import { Column, CHUNK_LENGTH, CHUNK_SHIFT, sizeColumn, type ColumnArray } from '../base/column'
import { HeapscapeError } from '../base/errors'
import { finish, type Steps } from '../base/steps'
import { NONE, type EventNumber } from '../base/units'
import { addressOrderSteps } from './address-order'
import { PageMap } from './page-map'
import { LifetimeTable, type Run } from './run'
import { RegionState, RegionTable } from './region-table'
import { BlockState, BlockTable, NO_EVENT, Snapshot, type SegmentRecord } from './snapshot'

/*
 * A cut through a run:
 *
 *   address ^   ############            row: birth..death
 *           |         ########
 *           |   ####        #########
 *           +---------|--------------> event
 *                  cut here: living rows, sorted by address; between them, where pages are committed, is free space
 */

/**
 * The address space after the first `event` events of the run.
 *
 * Segments are reservations (page-map.ts says how touching ones are told apart). Free blocks are the committed bytes
 * that no living row covers, coalesced; cached rows stay blocks of their own. Free and uncommitted blocks have birth
 * NO_EVENT and site -1.
 *
 * `why` of the lifetimes (numbers of placed-reasons.ts, by row), when it is known, becomes that of the blocks.
 *
 * @throws HeapscapeError `event-out-of-range`; `format-corrupt` when living rows overlap or lie outside committed pages.
 */
export function snapshotAt(run: Run, event: EventNumber, why?: Column): Snapshot {
  return new SnapshotCutter(run, why).cut(event)
}

const GROUP_SHIFT = 12
const GROUPS_PER_STEP = CHUNK_LENGTH >>> GROUP_SHIFT
const CHANGES_PER_CHECKPOINT = 16384
/** A few milliseconds. */
const ROWS_PER_STEP = CHUNK_LENGTH / 4
const OCCUPANT_STATE = [BlockState.Busy, BlockState.Internal, BlockState.Cached] as const

/** Rows up to which a second cut pays for a copy of the lifetimes in address order: 8 Mi rows take about 240 MB. */
const MOST_ROWS_COPIED = 8 * 1024 * 1024

/**
 * Cuts one run again and again, for scrubbing. With the second cut it lays the lifetimes out once more in address order:
 * from then on a cut reads memory from front to back instead of jumping about in it, which is several times faster.
 * Skips groups of 4096 rows that were over before the event or began after it, and keeps the page map after every
 * 16 Ki changes.
 */
export class SnapshotCutter {
  readonly run: Run
  #kept: KeptRows
  readonly #checkpoints: PageMap[] = []
  #isCutAgain = false

  constructor(run: Run, why?: Column) {
    this.run = run
    this.#kept = { lifetimes: run.lifetimes, why, groups: spansOfGroups(run.lifetimes) }
  }

  /** @throws see snapshotAt */
  cut(event: EventNumber): Snapshot {
    return finish(this.cutSteps(event))
  }

  /** Several cuts may be under way at once. @throws see snapshotAt */
  *cutSteps(event: EventNumber): Steps<Snapshot> {
    const run = this.run
    if (!Number.isInteger(event) || event < 0 || event > run.events) {
      throw new HeapscapeError('event-out-of-range', { expected: `a whole number from 0 to ${run.events}`, got: event })
    }
    if (this.#isCutAgain && this.#kept.lifetimes === run.lifetimes && run.lifetimes.length <= MOST_ROWS_COPIED) {
      this.#kept = yield* inAddressOrder(this.#kept)
    }
    this.#isCutAgain = true
    const pages = yield* this.#pagesAt(event)
    const segments: SegmentRecord[] = []
    // Another cut may change to the copy in address order before this one ends.
    const kept = this.#kept
    const blocks = new BlockWriter(yield* livingColumns(kept, yield* livingRows(kept, event)))
    for (let i = 0; i < pages.length; i++) {
      const opens = i === 0 || pages.base[i] !== pages.end[i - 1] || pages.reservation[i] !== pages.reservation[i - 1]
      if (opens) segments.push({ heap: 0, base: pages.base[i]!, reservedBytes: segmentBytes(pages, i) })
      yield* blocks.range(pages.base[i]!, pages.end[i]!, pages.state[i]!)
    }
    return new Snapshot({
      origin: run.origin,
      pageBytes: run.pageBytes,
      addressSpace: run.addressSpace,
      heaps: run.heaps,
      segments,
      owners: [],
      regions: regionsOf(pages),
      blocks: blocks.finish(),
      event,
      siteNames: run.siteNames,
    })
  }

  *#pagesAt(event: EventNumber): Steps<PageMap> {
    const { event: events, base, size, state } = this.run.pages
    const count = changesUpTo(events, event)
    let at = Math.min(Math.floor(count / CHANGES_PER_CHECKPOINT), this.#checkpoints.length) * CHANGES_PER_CHECKPOINT
    const map = at === 0 ? new PageMap() : this.#checkpoints[at / CHANGES_PER_CHECKPOINT - 1]!.clone()
    for (; at < count; ) {
      map.apply(base.at(at), size.at(at), state.at(at))
      at++
      if (at % CHANGES_PER_CHECKPOINT !== 0) continue
      this.#checkpoints[at / CHANGES_PER_CHECKPOINT - 1] = map.clone()
      yield
    }
    return map
  }
}

/** Row numbers alive after `event`, ascending. */
function* livingRows({ lifetimes, groups: { firstBirth, lastDeath } }: KeptRows, event: EventNumber): Steps<Uint32Array> {
  const { birth, death } = lifetimes
  const rows = lifetimes.length
  let living = new Uint32Array(1 << GROUP_SHIFT)
  let count = 0
  for (let group = 0; group < firstBirth.length; group++) {
    if (group % GROUPS_PER_STEP === GROUPS_PER_STEP - 1) yield
    if (firstBirth[group]! > event || lastDeath[group]! <= event) continue
    if (count + (1 << GROUP_SHIFT) > living.length) {
      const larger = new Uint32Array(living.length * 2)
      larger.set(living)
      living = larger
    }
    const start = group << GROUP_SHIFT
    const births = birth.chunks[start >>> CHUNK_SHIFT]!
    const deaths = death.chunks[start >>> CHUNK_SHIFT]!
    const from = start & (CHUNK_LENGTH - 1)
    const to = from + Math.min(1 << GROUP_SHIFT, rows - start)
    const rowOfFrom = start - from
    for (let i = from; i < to; i++) {
      if (births[i]! <= event && deaths[i]! > event) living[count++] = rowOfFrom + i
    }
  }
  return living.subarray(0, count)
}

interface GroupSpans {
  readonly firstBirth: Uint32Array
  readonly lastDeath: Uint32Array
}

/** First birth and last death of every 4096 rows. */
function spansOfGroups(lifetimes: LifetimeTable): GroupSpans {
  const { birth, death } = lifetimes
  const rows = lifetimes.length
  const groups = Math.ceil(rows / (1 << GROUP_SHIFT))
  const firstBirth = new Uint32Array(groups)
  const lastDeath = new Uint32Array(groups)
  for (let group = 0; group < groups; group++) {
    const start = group << GROUP_SHIFT
    const births = birth.chunks[start >>> CHUNK_SHIFT]!
    const deaths = death.chunks[start >>> CHUNK_SHIFT]!
    const from = start & (CHUNK_LENGTH - 1)
    const to = from + Math.min(1 << GROUP_SHIFT, rows - start)
    let first = NO_EVENT
    let last = 0
    for (let i = from; i < to; i++) {
      if (births[i]! < first) first = births[i]!
      if (deaths[i]! > last) last = deaths[i]!
    }
    firstBirth[group] = first
    lastDeath[group] = last
  }
  return { firstBirth, lastDeath }
}

/** Lifetimes with what else is known of each, in one order. */
interface KeptRows {
  readonly lifetimes: LifetimeTable
  /** Why the block lies where it does. */
  readonly why: Column | undefined
  readonly groups: GroupSpans
}

function* inAddressOrder({ lifetimes, why }: KeptRows): Steps<KeptRows> {
  const order = yield* addressOrderSteps(lifetimes.address.slice() as Float64Array)
  const reorder = function* (column: Column): Steps<Column> {
    return Column.from(yield* gather(column, order))
  }
  const { address, size, requested, birth, death, occupant, object, site } = lifetimes
  const sorted = new LifetimeTable()
  Object.assign(sorted, {
    address: yield* reorder(address),
    size: yield* reorder(size),
    requested: yield* reorder(requested),
    birth: yield* reorder(birth),
    death: yield* reorder(death),
    occupant: yield* reorder(occupant),
    object: yield* reorder(object),
    site: site === undefined ? undefined : yield* reorder(site),
  })
  return { lifetimes: sorted, why: why === undefined ? undefined : yield* reorder(why), groups: spansOfGroups(sorted) }
}

/** What a cut needs of the living rows side by side, in their order. */
interface LivingRows {
  readonly address: Float64Array
  readonly size: ColumnArray
  readonly requested: ColumnArray
  readonly birth: ColumnArray
  readonly occupant: ColumnArray
  readonly site: ColumnArray | undefined
  readonly why: ColumnArray | undefined
  /** Places in the order of their addresses. */
  readonly order: Uint32Array
}

function* livingColumns({ lifetimes: { address, size, requested, birth, occupant, site }, why }: KeptRows, rows: Uint32Array): Steps<LivingRows> {
  const addresses = (yield* gather(address, rows)) as Float64Array
  return {
    address: addresses,
    size: yield* gather(size, rows),
    requested: yield* gather(requested, rows),
    birth: yield* gather(birth, rows),
    occupant: yield* gather(occupant, rows),
    site: site === undefined ? undefined : yield* gather(site, rows),
    why: why === undefined ? undefined : yield* gather(why, rows),
    order: yield* addressOrderSteps(addresses),
  }
}

const U32_MAX = 0xffffffff

/**
 * Writes blocks in address order straight into the chunks of their table: what is free between living rows, and the rows. What is
 * needed of the living rows was copied side by side before, so that going by address jumps about in small arrays, not in the
 * whole run. Sizes take 4 bytes a block until one needs more.
 */
class BlockWriter {
  readonly #living: LivingRows
  readonly #columns: { readonly address: Column; size: Column; readonly requested: Column; readonly state: Column; readonly birth: Column; readonly site: Column | undefined; readonly why: Column | undefined }
  #next = 0
  /** Blocks in the chunks under way. */
  #used = CHUNK_LENGTH
  #count = 0

  constructor(living: LivingRows) {
    this.#living = living
    this.#columns = {
      address: new Column('f64'),
      size: sizeColumn(),
      requested: living.requested instanceof Uint32Array ? sizeColumn() : new Column('f64', { widen: true }),
      state: new Column('u8'),
      birth: new Column('u32'),
      site: living.site === undefined ? undefined : new Column('i32'),
      why: living.why === undefined ? undefined : new Column('u8'),
    }
  }

  *range(base: number, end: number, state: number): Steps<void> {
    if (state === RegionState.Reserved) return this.#put(base, end - base, BlockState.Uncommitted)
    const { length } = this.#living.order
    let cursor = base
    for (let isMore = true; isMore; ) {
      const stop = Math.min(length, this.#next + ROWS_PER_STEP)
      cursor = this.#committed(cursor, end, stop)
      isMore = this.#next === stop && stop < length
      if (isMore) yield
    }
    if (cursor < end) this.#put(cursor, end - cursor, BlockState.Free)
  }

  /** Living rows up to place `stop` from `cursor` on; answers where the last one ends. */
  #committed(from: number, end: number, stop: number): number {
    const { order, address: addresses, size: sizesOfRows, requested, birth, occupant, site, why } = this.#living
    let out = this.#chunks()
    let used = this.#used
    let cursor = from
    let k = this.#next
    for (; k < stop; k++) {
      const place = order[k]!
      const address = addresses[place]!
      if (address >= end) break
      const size = sizesOfRows[place]!
      const gap = address - cursor
      if (gap < 0 || address + size > end) throw this.#misplaced(place, `within the committed bytes 0x${cursor.toString(16)} to 0x${end.toString(16)}`)
      if (used + 2 > CHUNK_LENGTH || gap > U32_MAX || size > U32_MAX) {
        // Too much for these chunks: one by one, into the next ones or into wider ones.
        this.#used = used
        if (gap > 0) this.#put(cursor, gap, BlockState.Free)
        this.#put(address, size, OCCUPANT_STATE[occupant[place]!]!, place)
        out = this.#chunks()
        used = this.#used
        cursor = address + size
        continue
      }
      if (gap > 0) {
        out.address[used] = cursor
        out.size[used] = gap
        out.requested[used] = 0
        out.state[used] = BlockState.Free
        out.birth[used] = NO_EVENT
        if (out.site !== undefined) out.site[used] = -1
        used++
      }
      out.address[used] = address
      out.size[used] = size
      out.requested[used] = requested[place]!
      out.state[used] = OCCUPANT_STATE[occupant[place]!]!
      out.birth[used] = birth[place]!
      if (out.site !== undefined) out.site[used] = site![place]!
      if (out.why !== undefined) out.why[used] = why![place]!
      used++
      cursor = address + size
    }
    this.#next = k
    this.#used = used
    return cursor
  }

  /** A block; `place` of its living row, NONE for what is free or uncommitted. */
  #put(address: number, size: number, state: BlockState, place: number = NONE): void {
    if (this.#used === CHUNK_LENGTH) this.#begin()
    if (size > U32_MAX && this.#columns.size.kind === 'u32') this.#columns.size = widened(this.#columns.size)
    const out = this.#chunks()
    const block = this.#used++
    const { requested, birth, site, why } = this.#living
    out.address[block] = address
    out.size[block] = size
    out.state[block] = state
    out.requested[block] = place === NONE ? 0 : requested[place]!
    out.birth[block] = place === NONE ? NO_EVENT : birth[place]!
    if (out.site !== undefined) out.site[block] = place === NONE ? -1 : site![place]!
    if (out.why !== undefined) out.why[block] = place === NONE ? 0 : why![place]!
  }

  /** New chunks, the ones before being full. */
  #begin(): void {
    this.#count += this.#columns.address.chunks.length === 0 ? 0 : CHUNK_LENGTH
    this.#used = 0
    for (const column of Object.values(this.#columns)) column?.chunks.push(column.emptyArray(CHUNK_LENGTH))
  }

  #chunks() {
    if (this.#columns.address.chunks.length === 0) this.#begin()
    const { address, size, requested, state, birth, site, why } = this.#columns
    const last = address.chunks.length - 1
    return {
      address: address.chunks[last]!, size: size.chunks[last]!, requested: requested.chunks[last]!, state: state.chunks[last]!, birth: birth.chunks[last]!, site: site?.chunks[last], why: why?.chunks[last],
    }
  }

  #misplaced(place: number, expected: string): HeapscapeError {
    const got = `a lifetime at 0x${this.#living.address[place]!.toString(16)} of ${this.#living.size[place]!} bytes`
    return new HeapscapeError('format-corrupt', { expected: `a block ${expected}`, got })
  }

  finish(): BlockTable {
    const { order } = this.#living
    if (this.#next < order.length) throw this.#misplaced(order[this.#next]!, 'not above the last committed byte')
    const count = this.#columns.address.chunks.length === 0 ? 0 : this.#count + this.#used
    for (const column of Object.values(this.#columns)) {
      if (column === undefined) continue
      column.length = count
      column.trim()
    }
    const { address, size, requested, state, birth, site, why } = this.#columns
    const table = new BlockTable({ address, size, requested: narrowed(requested), state, heap: Column.zeros('u8', count) })
    table.birth = birth
    table.site = site
    table.why = why
    return table
  }
}

function widened({ chunks }: Column): Column {
  const wide = new Column('f64', { widen: true })
  wide.chunks = chunks.map((chunk) => Float64Array.from(chunk))
  return wide
}

/** Sizes that all fit into 4 bytes, in 4 bytes. */
function narrowed(column: Column): Column {
  if (column.kind !== 'f64' || column.chunks.some((chunk) => chunk.some((value) => value > U32_MAX))) return column
  const narrow = sizeColumn()
  narrow.chunks = column.chunks.map((chunk) => Uint32Array.from(chunk))
  narrow.length = column.length
  return narrow
}

/** Values of `rows` side by side, in an array of the column's kind. */
function* gather(column: Column, rows: Uint32Array): Steps<ColumnArray> {
  const out = column.emptyArray(rows.length)
  for (let from = 0; from < rows.length; from += CHUNK_LENGTH) {
    gatherPart(column.chunks, rows, out, from, Math.min(rows.length, from + CHUNK_LENGTH))
    yield
  }
  return out
}

/** Rows mostly ascend, so a chunk is looked up once for many of them. */
function gatherPart(chunks: readonly ColumnArray[], rows: Uint32Array, out: ColumnArray, from: number, to: number): void {
  for (let k = from; k < to; ) {
    const index = rows[k]! >>> CHUNK_SHIFT
    const chunk = chunks[index]!
    for (; k < to && rows[k]! >>> CHUNK_SHIFT === index; k++) out[k] = chunk[rows[k]! & (CHUNK_LENGTH - 1)]!
  }
}

/** Number of changes with an event up to `event`; events are in order. */
function changesUpTo(events: Column, event: EventNumber): number {
  let low = 0
  let high = events.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (events.at(middle) <= event) low = middle + 1
    else high = middle
  }
  return low
}

function segmentBytes(pages: PageMap, first: number): number {
  let last = first
  while (last + 1 < pages.length && pages.base[last + 1] === pages.end[last] && pages.reservation[last + 1] === pages.reservation[first]) last++
  return pages.end[last]! - pages.base[first]!
}

function regionsOf(pages: PageMap): RegionTable {
  const regions = new RegionTable()
  for (let i = 0; i < pages.length; i++) {
    regions.base.push(pages.base[i]!)
    regions.size.push(pages.end[i]! - pages.base[i]!)
    regions.state.push(pages.state[i]!)
    regions.owner.push(-1)
  }
  return regions
}
