import { Column } from '../base/column'
import { HeapscapeError } from '../base/errors'
import type { JobContext } from '../base/job-context'
import { NumberMap } from '../base/number-map'
import { NONE, PAGE_BYTES, roundDown, roundUp, STILL_ALIVE, UNKNOWN_SIZE, type Address } from '../base/units'
import { addressOrder } from './address-order'
import { NoteList } from './note-list'
import { PageMap } from './page-map'
import { RankSet } from './rank-set'
import { RegionState } from './region-table'
import { FailureTable, LifetimeTable, Occupant, PageChangeTable, Run } from './run'
import { Op, type Trace } from './trace'

/** Heap id of runs that stand for a recording as it was: nothing in them is simulated. */
export const RECORDED_HEAP = 'recorded'

/** User space of 64-bit systems of today; a block above it has an address that no program got. */
const HIGHEST_ADDRESS = 2 ** 47
/** No allocator of today aligns plain requests to more. */
const MOST_ALIGNED = 16
/** Blocks nearer to one another than this are shown as one segment; where segments really end is not told. */
const SEGMENT_GAP_BYTES = 1024 * 1024
const EVENTS_PER_TURN = 64 * 1024

/**
 * A trace with addresses as a run: every block where the program had it. What the source does not tell is reckoned by
 * rules that are written in the run's notes:
 *
 * - consumed bytes: the requested ones, rounded up to the alignment that all addresses share (at most 16);
 * - pages: those that have held a block, from then on; segments: neighbouring pages less than 1 MiB apart;
 * - ghosts: a free of a block never seen allocated tells that it was there from the start; its size is unknown;
 * - a block that is overlapped by a later one was freed unseen: it ends where the other begins.
 *
 * Throws `document-wrong-kind` for a trace without addresses, `cancelled`.
 */
export async function recordedRun(trace: Trace, job: JobContext): Promise<Run> {
  const { address } = trace
  if (address === undefined) throw new HeapscapeError('document-wrong-kind', { expected: 'a trace with addresses', got: `${trace.origin.format}, which tells none` })
  const replay = new RecordedReplay(trace, address)
  for (let event = 0; event < trace.events; ) {
    const end = Math.min(trace.events, event + EVENTS_PER_TURN)
    for (; event < end; event++) replay.carryOut(event)
    job.progress({ done: event, total: trace.events, unit: 'events' })
    await job.checkpoint()
  }
  return replay.finish()
}

class RecordedReplay {
  readonly #trace: Trace
  readonly #address: Column
  readonly #alignment: number
  readonly #lifetimes = new LifetimeTable()
  readonly #pages = new PageChangeTable()
  readonly #map = new PageMap()
  /** Rank by address of each row to come, the row of each rank, and which of them live. */
  readonly #rankOfRow: Uint32Array
  readonly #rowOfRank: Uint32Array
  readonly #living: RankSet
  /** Row of each object's present stay, NONE when it has none. */
  readonly #rowOf: Int32Array
  /** Row of each ghost, by address. */
  readonly #ghostAt = new NumberMap()
  readonly #lowest: Address
  readonly #list = new NoteList()
  readonly #note = declareNotes(this.#list)

  constructor(trace: Trace, address: Column) {
    this.#trace = trace
    this.#address = address
    const ghosts = ghostAddresses(trace, address)
    const starts = startsOf(trace, address, ghosts)
    this.#alignment = sharedAlignment(starts)
    this.#rowOfRank = addressOrder(starts)
    this.#rankOfRow = new Uint32Array(starts.length)
    for (let rank = 0; rank < starts.length; rank++) this.#rankOfRow[this.#rowOfRank[rank]!] = rank
    this.#living = new RankSet(starts.length)
    this.#rowOf = new Int32Array(trace.objects).fill(NONE)
    this.#lowest = starts.length === 0 ? 0 : starts[this.#rowOfRank[0]!]!
    if (trace.site !== undefined) this.#lifetimes.site = new Column('i32')
    this.#reserve(starts, ghosts.length)
    for (const ghost of ghosts) {
      this.#ghostAt.set(ghost, this.#begin(ghost, UNKNOWN_SIZE, 0, UNKNOWN_SIZE, NONE))
      this.#note.ghost.hit(0)
    }
  }

  carryOut(row: number): void {
    const { op, object, size, site } = this.#trace
    const operation = op.at(row)
    const event = row + 1
    if (operation === Op.OrphanFree) {
      const ghost = this.#ghostAt.take(this.#address.at(row))
      if (ghost >= 0) this.#end(ghost, event)
      return
    }
    const which = object.at(row)
    const before = this.#rowOf[which]!
    if (operation !== Op.Alloc && before !== NONE) this.#end(before, event)
    this.#rowOf[which] = operation === Op.Free ? NONE : this.#begin(this.#address.at(row), size.at(row), event, which, site?.at(row) ?? NONE)
  }

  finish(): Run {
    const { origin, events, hash, site, sites } = this.#trace
    for (const column of Object.values(this.#lifetimes)) if (column instanceof Column) column.trim()
    this.#note.consumed.hit(0)
    return new Run({
      origin: {
        ...origin,
        notes: [...origin.notes, ...this.#list.toNotes().map(({ code, count, text }) => ({ code, count, text }))],
        lacking: [...new Set([...(origin.lacking ?? []), 'consumed-sizes' as const, 'page-states' as const])],
      },
      request: { heap: RECORDED_HEAP, profile: RECORDED_HEAP, parameters: { alignment: this.#alignment } },
      source: { name: origin.file, format: origin.format, traceHash: hash },
      events,
      timeAxis: 'operations',
      pageBytes: PAGE_BYTES,
      addressSpace: { low: 0, high: HIGHEST_ADDRESS },
      heaps: [{ id: 0, name: 'As recorded', flavour: RECORDED_HEAP, base: this.#lowest, headerBytes: 0, granularity: this.#alignment, confidence: 'inferred' }],
      lifetimes: this.#lifetimes,
      pages: this.#pages,
      failures: new FailureTable(),
      siteNames: site === undefined ? [] : sites.names,
      calls: site === undefined ? undefined : sites.calls,
    })
  }

  /** Returns the row; rows are begun in the order in which `startsOf` lists them. */
  #begin(address: Address, requested: number, event: number, object: number, site: number): number {
    const { address: addresses, size, requested: requests, birth, death, occupant, object: objects, site: sites } = this.#lifetimes
    const row = addresses.length
    const known = requested === UNKNOWN_SIZE ? 1 : Math.max(requested, 1)
    let bytes = roundUp(known, this.#alignment)
    const isImpossible = address + bytes > HIGHEST_ADDRESS
    if (isImpossible) {
      this.#note.impossible.hit(0)
      bytes = known
    }
    addresses.push(isImpossible ? this.#lowest : address)
    size.push(bytes)
    requests.push(requested)
    birth.push(event)
    // A row that ends with the event that begins it is in no cut.
    death.push(isImpossible ? event : STILL_ALIVE)
    occupant.push(Occupant.Busy)
    objects.push(object)
    sites?.push(site)
    if (!isImpossible) this.#live(row, address, address + bytes, event)
    return row
  }

  #live(row: number, from: Address, to: Address, event: number): void {
    const rank = this.#rankOfRow[row]!
    const below = this.#living.before(rank)
    if (below >= 0 && this.#endOf(this.#rowOfRank[below]!) > from) this.#overlapped(below, event)
    for (let above = this.#living.from(rank); above >= 0 && this.#lifetimes.address.at(this.#rowOfRank[above]!) < to; above = this.#living.from(rank)) this.#overlapped(above, event)
    this.#living.add(rank)
    const base = roundDown(from, PAGE_BYTES)
    const end = roundUp(to, PAGE_BYTES)
    if (this.#map.isCommitted(base, end)) return
    this.#change(event, base, end - base, RegionState.Committed)
  }

  #overlapped(rank: number, event: number): void {
    this.#note.overlap.hit(0)
    this.#end(this.#rowOfRank[rank]!, event)
  }

  #end(row: number, event: number): void {
    const { death } = this.#lifetimes
    if (death.at(row) !== STILL_ALIVE) return
    death.set(row, event)
    this.#living.delete(this.#rankOfRow[row]!)
  }

  #endOf(row: number): Address {
    return this.#lifetimes.address.at(row) + this.#lifetimes.size.at(row)
  }

  /** All segments there will ever be, from the start: when they came is not told. */
  #reserve(starts: Float64Array, ghosts: number): void {
    const { op, size, events } = this.#trace
    // Requested bytes of each row, in the order of `starts`.
    const bytes = new Float64Array(starts.length)
    let row = ghosts
    for (let event = 0; event < events; event++) if (op.at(event) === Op.Alloc || op.at(event) === Op.Realloc) bytes[row++] = size.at(event)
    let base = NONE
    let end = NONE
    for (let rank = 0; rank < starts.length; rank++) {
      const start = starts[this.#rowOfRank[rank]!]!
      const stop = roundUp(start + roundUp(Math.max(bytes[this.#rowOfRank[rank]!]!, 1), this.#alignment), PAGE_BYTES)
      if (stop > HIGHEST_ADDRESS) continue
      if (base >= 0 && start - end > SEGMENT_GAP_BYTES) {
        this.#change(0, base, end - base, RegionState.Reserved)
        base = NONE
      }
      if (base < 0) base = roundDown(start, PAGE_BYTES)
      end = Math.max(end, stop)
    }
    if (base >= 0) this.#change(0, base, end - base, RegionState.Reserved)
  }

  #change(event: number, base: Address, bytes: number, state: RegionState): void {
    this.#map.apply(base, bytes, state)
    this.#pages.event.push(event)
    this.#pages.base.push(base)
    this.#pages.size.push(bytes)
    this.#pages.state.push(state)
  }
}

/** Addresses of blocks that precede the recording: freed without having been allocated; each once. */
function ghostAddresses({ op, events }: Trace, address: Column): number[] {
  const seen = new NumberMap()
  const ghosts: number[] = []
  for (let event = 0; event < events; event++) {
    if (op.at(event) !== Op.OrphanFree) continue
    const at = address.at(event)
    if (at <= 0 || at + MOST_ALIGNED > HIGHEST_ADDRESS || seen.get(at) >= 0) continue
    seen.set(at, 0)
    ghosts.push(at)
  }
  return ghosts
}

/** Address of every row in the order in which rows begin: ghosts, then each allocation and reallocation. */
function startsOf({ op, events }: Trace, address: Column, ghosts: readonly number[]): Float64Array {
  const starts: Column = Column.of('f64', ghosts)
  for (let event = 0; event < events; event++) if (op.at(event) === Op.Alloc || op.at(event) === Op.Realloc) starts.push(address.at(event))
  return starts.slice() as Float64Array
}

/** Largest power of two up to 16 that divides all addresses. */
function sharedAlignment(starts: Float64Array): number {
  let bits = MOST_ALIGNED
  for (const start of starts) bits |= start >>> 0
  return bits & -bits
}

function declareNotes(list: NoteList) {
  return {
    consumed: list.kind('consumed-estimated', 'Consumed bytes are not recorded: they are the requested ones, rounded up to the alignment that all addresses share; pages count from the first block they held.'),
    ghost: list.kind('ghost-block', 'Blocks that precede the recording, known by their free: they are there from the start, with an unknown size.'),
    overlap: list.kind('overlap', 'Blocks that a later one overlaps: their free was not seen; they end where the other begins.'),
    impossible: list.kind('impossible-block', 'Blocks that would end above the user address space were left out.'),
  }
}
