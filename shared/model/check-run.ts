import type { Column } from '../base/column'
import { STILL_ALIVE, UNKNOWN_SIZE } from '../base/units'
import { addressOrder } from './address-order'
import { PageMap } from './page-map'
import { RankSet } from './rank-set'
import { Occupant, type Run } from './run'
import { RegionState } from './region-table'
import { Violations } from './violations'

/**
 * What is wrong with a run, in plain words with numbers; [] = sound, and then every cut of it is a sound snapshot.
 *
 * Row by row: sizes, events, kinds. Then all rows over all events: no two living rows overlap, every row is born on
 * committed memory, and no memory is taken away under a living row. At one event deaths come first, then page
 * changes, then births.
 */
export function checkRun(run: Run): string[] {
  const found = new Violations()
  checkShape(run, found)
  if (found.list.length > 0) return found.list
  checkRows(run, found)
  checkPages(run, found)
  checkFailures(run, found)
  if (found.list.length === 0) new Sweep(run, found).check()
  return found.list
}

function checkShape({ lifetimes, pages, failures }: Run, found: Violations): void {
  const lengths = (table: string, rows: number, columns: Readonly<Record<string, Column | undefined>>): void => {
    for (const [name, column] of Object.entries(columns)) {
      if (column !== undefined && column.length !== rows) found.add(`${table} column ${name} has ${column.length} rows, the table ${rows}`)
    }
  }
  const { size, requested, birth, death, occupant, object, site } = lifetimes
  lengths('lifetime', lifetimes.length, { size, requested, birth, death, occupant, object, site })
  lengths('page', pages.length, { base: pages.base, size: pages.size, state: pages.state })
  lengths('failure', failures.length, { size: failures.size })
}

function checkRows({ lifetimes, events, heaps, siteNames }: Run, found: Violations): void {
  const header = heaps[0]?.headerBytes ?? 0
  if (heaps.length === 0) found.add('the run has no heap')
  for (let row = 0; row < lifetimes.length; row++) {
    const size = lifetimes.size.at(row)
    const requested = lifetimes.requested.at(row)
    const birth = lifetimes.birth.at(row)
    const death = lifetimes.death.at(row)
    const occupant = lifetimes.occupant.at(row)
    const place = `lifetime ${row} at 0x${lifetimes.address.at(row).toString(16)}`
    if (!(size > 0)) found.add(`${place} has ${size} bytes`)
    if (birth > events) found.add(`${place} is born at event ${birth}, the run has ${events}`)
    if (death < birth) found.add(`${place} dies at event ${death}, before its birth at ${birth}`)
    if (death !== STILL_ALIVE && death > events) found.add(`${place} dies at event ${death}, the run has ${events}`)
    if (occupant > Occupant.Cached) found.add(`${place} has the unknown occupant ${occupant}`)
    else if (occupant !== Occupant.Busy) {
      if (requested !== 0) found.add(`${place} is not the program's but has ${requested} requested bytes`)
    } else if (requested !== UNKNOWN_SIZE && requested + header > size) {
      found.add(`${place} consumes ${size} bytes, less than its ${requested} requested and ${header} header bytes`)
    }
    const site = lifetimes.site?.at(row)
    if (site !== undefined && (site < -1 || site >= siteNames.length)) found.add(`${place} names call site ${site} of ${siteNames.length}`)
  }
}

function checkPages({ pages, events, addressSpace }: Run, found: Violations): void {
  let last = 0
  for (let row = 0; row < pages.length; row++) {
    const event = pages.event.at(row)
    const base = pages.base.at(row)
    const size = pages.size.at(row)
    const place = `page change ${row} at 0x${base.toString(16)}`
    if (event < last) found.add(`${place} is of event ${event}, after one of event ${last}`)
    if (event > events) found.add(`${place} is of event ${event}, the run has ${events}`)
    if (!(size > 0)) found.add(`${place} has ${size} bytes`)
    if (pages.state.at(row) > RegionState.Committed) found.add(`${place} has the unknown state ${pages.state.at(row)}`)
    if (base < addressSpace.low || base + size > addressSpace.high) found.add(`${place} of ${size} bytes lies outside the address space`)
    last = event
  }
}

function checkFailures({ failures, events }: Run, found: Violations): void {
  let last = 0
  for (let row = 0; row < failures.length; row++) {
    const event = failures.event.at(row)
    if (event < last || event > events) found.add(`failure ${row} is of event ${event}, expected ${last} to ${events}`)
    last = event
  }
}

/** All rows over all events, in time order, with the living ones in a set ordered by address. */
class Sweep {
  readonly #run: Run
  readonly #found: Violations
  /** Row of each rank, and rank of each row; ranks are in address order. */
  readonly #rowOfRank: Uint32Array
  readonly #rankOfRow: Uint32Array
  readonly #living: RankSet
  readonly #map = new PageMap()

  constructor(run: Run, found: Violations) {
    this.#run = run
    this.#found = found
    this.#rowOfRank = addressOrder(run.lifetimes.address.slice() as Float64Array)
    this.#rankOfRow = new Uint32Array(this.#rowOfRank.length)
    for (let rank = 0; rank < this.#rowOfRank.length; rank++) this.#rankOfRow[this.#rowOfRank[rank]!] = rank
    this.#living = new RankSet(this.#rowOfRank.length)
  }

  check(): void {
    const { birth, death } = this.#run.lifetimes
    const births = addressOrder(Float64Array.from(birth.slice()))
    const deaths = addressOrder(Float64Array.from(death.slice()))
    const { pages, lifetimes } = this.#run
    let nextBirth = 0
    let nextDeath = 0
    let nextPage = 0
    // Events where nothing happens are jumped over.
    for (;;) {
      let event = Infinity
      if (nextBirth < births.length) event = birth.at(births[nextBirth]!)
      if (nextDeath < deaths.length) event = Math.min(event, death.at(deaths[nextDeath]!))
      if (nextPage < pages.length) event = Math.min(event, pages.event.at(nextPage))
      if (event === Infinity || event === STILL_ALIVE) return
      for (; nextDeath < deaths.length && death.at(deaths[nextDeath]!) === event; nextDeath++) this.#living.delete(this.#rankOfRow[deaths[nextDeath]!]!)
      for (; nextPage < pages.length && pages.event.at(nextPage) === event; nextPage++) this.#changePages(nextPage)
      for (; nextBirth < births.length && birth.at(births[nextBirth]!) === event; nextBirth++) {
        // A row that is gone by the same event is in no cut.
        if (lifetimes.death.at(births[nextBirth]!) > event) this.#bear(births[nextBirth]!)
      }
    }
  }

  #bear(row: number): void {
    const { address, size, birth } = this.#run.lifetimes
    const from = address.at(row)
    const to = from + size.at(row)
    const rank = this.#rankOfRow[row]!
    const below = this.#living.before(rank)
    const above = this.#living.from(rank)
    const place = `at event ${birth.at(row)}, lifetime ${row} at 0x${from.toString(16)} of ${to - from} bytes`
    for (const neighbour of [below, above]) {
      if (neighbour < 0) continue
      const other = this.#rowOfRank[neighbour]!
      const start = address.at(other)
      if (start < to && start + size.at(other) > from) this.#found.add(`${place} overlaps lifetime ${other} at 0x${start.toString(16)} of ${size.at(other)} bytes`)
    }
    if (!this.#map.isCommitted(from, to)) this.#found.add(`${place} does not lie on committed memory`)
    this.#living.add(rank)
  }

  #changePages(change: number): void {
    const { pages, lifetimes } = this.#run
    const base = pages.base.at(change)
    const end = base + pages.size.at(change)
    const state = pages.state.at(change)
    this.#map.apply(base, end - base, state)
    if (state === RegionState.Committed) return
    const rank = this.#rankAt(base)
    for (const neighbour of [this.#living.before(rank), this.#living.from(rank)]) {
      if (neighbour < 0) continue
      const row = this.#rowOfRank[neighbour]!
      const start = lifetimes.address.at(row)
      if (start < end && start + lifetimes.size.at(row) > base) {
        this.#found.add(`at event ${pages.event.at(change)}, page change ${change} takes 0x${base.toString(16)} to 0x${end.toString(16)} away from under lifetime ${row}`)
      }
    }
  }

  /** First rank whose row does not begin below `address`. */
  #rankAt(address: number): number {
    let low = 0
    let high = this.#rowOfRank.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#run.lifetimes.address.at(this.#rowOfRank[middle]!) < address) low = middle + 1
      else high = middle
    }
    return low
  }
}
