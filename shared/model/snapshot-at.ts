import { Column, CHUNK_LENGTH, CHUNK_SHIFT, type ColumnArray } from '../base/column'
import { HeapscapeError } from '../base/errors'
import { narrowInto } from '../base/narrow'
import { finish, type Steps } from '../base/steps'
import type { EventNumber } from '../base/units'
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
    const blocks = yield* BlockWriter.make(kept, yield* livingRows(kept, event), pages.length)
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
      blocks: yield* blocks.finish(),
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

/** What a cut needs of the living rows, in their order, and the order of their addresses. */
interface LivingRows {
  readonly rows: Uint32Array
  readonly addresses: Float64Array
  readonly sizes: ColumnArray
  readonly order: Uint32Array
}

/**
 * Writes blocks in address order into flat arrays, sized once for the worst case (a gap before every row and after the
 * last). What it needs of the living rows is first copied side by side in row order: after that, going by address jumps
 * about in small arrays, not in the whole run.
 */
class BlockWriter {
  readonly #rows: Uint32Array
  readonly #order: Uint32Array
  readonly #addresses: Float64Array
  readonly #sizes: ColumnArray
  readonly #lifetimes: LifetimeTable
  readonly #why: Column | undefined
  readonly #address: Float64Array
  readonly #size: Float64Array
  /** Place in #rows a block comes from, or one of the two marks. */
  readonly #source: Int32Array
  #next = 0
  #count = 0

  static *make({ lifetimes, why }: KeptRows, rows: Uint32Array, ranges: number): Steps<BlockWriter> {
    const addresses = (yield* gather(lifetimes.address, rows)) as Float64Array
    const sizes = yield* gather(lifetimes.size, rows)
    return new BlockWriter({ lifetimes, why }, { rows, addresses, sizes, order: yield* addressOrderSteps(addresses) }, ranges)
  }

  private constructor({ lifetimes, why }: Pick<KeptRows, 'lifetimes' | 'why'>, { rows, addresses, sizes, order }: LivingRows, ranges: number) {
    this.#lifetimes = lifetimes
    this.#why = why
    this.#rows = rows
    this.#addresses = addresses
    this.#sizes = sizes
    this.#order = order
    const most = 2 * rows.length + ranges
    this.#address = new Float64Array(most)
    this.#size = new Float64Array(most)
    this.#source = new Int32Array(most)
  }

  *range(base: number, end: number, state: number): Steps<void> {
    if (state === RegionState.Reserved) return this.#put(base, end - base, FROM_UNCOMMITTED)
    let cursor = base
    for (let isMore = true; isMore; ) {
      const stop = Math.min(this.#order.length, this.#next + CHUNK_LENGTH)
      cursor = this.#committed(cursor, end, stop)
      isMore = this.#next === stop && stop < this.#order.length
      if (isMore) yield
    }
    if (cursor < end) this.#put(cursor, end - cursor, FROM_FREE)
  }

  /** Living rows up to place `stop` from `cursor` on; answers where the last one ends. */
  #committed(from: number, end: number, stop: number): number {
    const order = this.#order
    const addresses = this.#addresses
    const sizesOfRows = this.#sizes
    let cursor = from
    let k = this.#next
    for (; k < stop; k++) {
      const place = order[k]!
      const address = addresses[place]!
      if (address >= end) break
      const size = sizesOfRows[place]!
      if (address < cursor || address + size > end) throw this.#misplaced(place, `within the committed bytes 0x${cursor.toString(16)} to 0x${end.toString(16)}`)
      if (address > cursor) this.#put(cursor, address - cursor, FROM_FREE)
      this.#put(address, size, place)
      cursor = address + size
    }
    this.#next = k
    return cursor
  }

  #put(address: number, size: number, source: number): void {
    const block = this.#count++
    this.#address[block] = address
    this.#size[block] = size
    this.#source[block] = source
  }

  #misplaced(place: number, expected: string): HeapscapeError {
    const got = `a lifetime at 0x${this.#addresses[place]!.toString(16)} of ${this.#sizes[place]!} bytes`
    return new HeapscapeError('format-corrupt', { expected: `a block ${expected}`, got })
  }

  *finish(): Steps<BlockTable> {
    if (this.#next < this.#order.length) throw this.#misplaced(this.#order[this.#next]!, 'not above the last committed byte')
    const rows = this.#rows
    const count = this.#count
    const { requested, occupant, birth, site } = this.#lifetimes
    const requestedOf = yield* gather(requested, rows)
    const occupantOf = yield* gather(occupant, rows)
    const birthOf = yield* gather(birth, rows)
    const siteOf = site === undefined ? undefined : yield* gather(site, rows)
    const whyOf = this.#why === undefined ? undefined : yield* gather(this.#why, rows)
    const source = this.#source
    // What was asked for comes out of one column, so its kind is known before.
    const askedFor = requestedOf instanceof Uint32Array ? new Uint32Array(count) : new Float64Array(count)
    const state = new Uint8Array(count)
    const born = new Uint32Array(count)
    const sites = site === undefined ? undefined : new Int32Array(count).fill(-1)
    const why = whyOf === undefined ? undefined : new Uint8Array(count)
    for (let block = 0; block < count; block++) {
      if (block % CHUNK_LENGTH === CHUNK_LENGTH - 1) yield
      const place = source[block]!
      if (place < 0) {
        state[block] = place === FROM_FREE ? BlockState.Free : BlockState.Uncommitted
        born[block] = NO_EVENT
        continue
      }
      state[block] = OCCUPANT_STATE[occupantOf[place]!]!
      askedFor[block] = requestedOf[place]!
      born[block] = birthOf[place]!
      if (sites !== undefined) sites[block] = siteOf![place]!
      if (why !== undefined) why[block] = whyOf![place]!
    }
    return yield* tableOf(count, { address: this.#address, size: this.#size, requested: askedFor, state, born, sites, why })
  }
}

const FROM_FREE = -1
const FROM_UNCOMMITTED = -2

interface FlatBlocks {
  readonly address: Float64Array
  readonly size: Float64Array
  readonly requested: Float64Array | Uint32Array
  readonly state: Uint8Array
  readonly born: Uint32Array
  readonly sites: Int32Array | undefined
  readonly why: Uint8Array | undefined
}

function* tableOf(count: number, flat: FlatBlocks): Steps<BlockTable> {
  const table = new BlockTable({
    address: Column.from(flat.address.subarray(0, count)),
    size: yield* sizes(flat.size.subarray(0, count)),
    requested: flat.requested instanceof Uint32Array ? Column.from(flat.requested, { widen: true }) : yield* sizes(flat.requested),
    state: Column.from(flat.state),
    heap: Column.zeros('u8', count),
  })
  table.birth = Column.from(flat.born)
  table.site = flat.sites === undefined ? undefined : Column.from(flat.sites)
  table.why = flat.why === undefined ? undefined : Column.from(flat.why)
  return table
}

/** Sizes take 4 bytes a row unless one needs more. */
function* sizes(values: Float64Array): Steps<Column> {
  let most = 0
  for (let from = 0; from < values.length; from += CHUNK_LENGTH) {
    const to = Math.min(values.length, from + CHUNK_LENGTH)
    for (let i = from; i < to; i++) if (values[i]! > most) most = values[i]!
    yield
  }
  if (most > 0xffffffff) return Column.from(values, { widen: true })
  const narrow = new Uint32Array(values.length)
  for (let from = 0; from < values.length; from += CHUNK_LENGTH) {
    narrowInto(narrow, values, from, Math.min(values.length, from + CHUNK_LENGTH))
    yield
  }
  return Column.from(narrow, { widen: true })
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
