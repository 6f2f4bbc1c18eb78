import { CHUNK_LENGTH, type Column, type ColumnArray } from '../base/column'
import { finish } from '../base/steps'
import { STILL_ALIVE, UNKNOWN_SIZE, type Address } from '../base/units'
import { addressOrder, sortByWord, type KeyedRows } from './address-order'
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

function checkRows(run: Run, found: Violations): void {
  const { lifetimes, events, heaps, siteNames } = run
  const header = heaps[0]?.headerBytes ?? 0
  if (heaps.length === 0) found.add('the run has no heap')
  for (let chunk = 0, left = lifetimes.length; left > 0; chunk++, left -= CHUNK_LENGTH) {
    const sizes = lifetimes.size.chunks[chunk]!
    const requests = lifetimes.requested.chunks[chunk]!
    const births = lifetimes.birth.chunks[chunk]!
    const deaths = lifetimes.death.chunks[chunk]!
    const occupants = lifetimes.occupant.chunks[chunk]!
    const sites = lifetimes.site?.chunks[chunk]
    const rows = Math.min(left, CHUNK_LENGTH)
    // Only told apart here: a sentence per row would cost more than all other checks together.
    for (let i = 0; i < rows; i++) {
      const size = sizes[i]!
      const requested = requests[i]!
      const birth = births[i]!
      const death = deaths[i]!
      const isSound =
        size > 0 && birth <= events && death >= birth && (death <= events || death === STILL_ALIVE) &&
        (occupants[i] === Occupant.Busy ? requested === UNKNOWN_SIZE || requested + header <= size : occupants[i]! <= Occupant.Cached && requested === 0) &&
        (sites === undefined || (sites[i]! >= -1 && sites[i]! < siteNames.length))
      if (!isSound) describeRow(run, chunk * CHUNK_LENGTH + i, header, found)
    }
  }
}

function describeRow({ lifetimes, events, siteNames }: Run, row: number, header: number, found: Violations): void {
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

/**
 * All rows over all events, in time order, with the living ones in a set ordered by address.
 *
 *   rank     0                 1                 2                    rows by address
 *   bounds   0x10000 0x10010   0x10010 0x10030   0x10010 0x10020      start and end: one place in memory for each neighbour
 *   row      7                 0                 3
 *
 * Births and deaths are brought in order with all that is needed of them, so that a step in time reads on from the last
 * one; only the neighbours are looked up. At millions of rows each look-up elsewhere costs more than the work on it.
 */
class Sweep {
  readonly #run: Run
  readonly #found: Violations
  readonly #rowOfRank: Uint32Array
  readonly #rankOfRow: Uint32Array<ArrayBuffer>
  readonly #bounds: Float64Array
  readonly #living: RankSet
  readonly #map = new PageMap()
  /** Range of the map the last row lay in; mostly the next one lies there too. */
  #lastRange = 0

  constructor(run: Run, found: Violations) {
    this.#run = run
    this.#found = found
    const addresses = run.lifetimes.address.slice() as Float64Array
    const sizes = run.lifetimes.size.slice()
    const order = addressOrder(addresses)
    const rows = order.length
    const rankOfRow = new Uint32Array(rows)
    for (let rank = 0; rank < rows; rank++) rankOfRow[order[rank]!] = rank
    const bounds = new Float64Array(2 * rows)
    for (let row = 0; row < rows; row++) {
      const place = 2 * rankOfRow[row]!
      const start = addresses[row]!
      bounds[place] = start
      bounds[place + 1] = start + sizes[row]!
    }
    this.#rowOfRank = order
    this.#rankOfRow = rankOfRow
    this.#bounds = bounds
    this.#living = new RankSet(rows)
  }

  check(): void {
    const { pages, lifetimes } = this.#run
    const rankOfRow = this.#rankOfRow
    const living = this.#living
    const death = lifetimes.death.slice()
    const births = rowsByBirth(lifetimes.birth.slice())
    const deaths = ranksByDeath(death, rankOfRow)
    let nextBirth = 0
    let nextDeath = 0
    let nextPage = 0
    // Events where nothing happens are jumped over.
    for (;;) {
      let event = Infinity
      if (nextBirth < births.keys.length) event = births.keys[nextBirth]!
      if (nextDeath < deaths.keys.length) event = Math.min(event, deaths.keys[nextDeath]!)
      if (nextPage < pages.length) event = Math.min(event, pages.event.at(nextPage))
      if (event === Infinity || event === STILL_ALIVE) return
      for (; nextDeath < deaths.keys.length && deaths.keys[nextDeath] === event; nextDeath++) living.delete(deaths.rows[nextDeath]!)
      for (; nextPage < pages.length && pages.event.at(nextPage) === event; nextPage++) this.#changePages(nextPage)
      for (; nextBirth < births.keys.length && births.keys[nextBirth] === event; nextBirth++) {
        const row = births.rows[nextBirth]!
        // A row that is gone by the same event is in no cut.
        if (death[row]! > event) this.#bear(row, rankOfRow[row]!)
      }
    }
  }

  #bear(row: number, rank: number): void {
    const bounds = this.#bounds
    const from = bounds[2 * rank]!
    const to = bounds[2 * rank + 1]!
    const below = this.#living.before(rank)
    const above = this.#living.from(rank)
    if (below >= 0 && bounds[2 * below]! < to && bounds[2 * below + 1]! > from) this.#overlap(row, below)
    if (above >= 0 && bounds[2 * above]! < to && bounds[2 * above + 1]! > from) this.#overlap(row, above)
    if (!this.#isCommitted(from, to)) this.#found.add(`${this.#placeOf(row)} does not lie on committed memory`)
    this.#living.add(rank)
  }

  #isCommitted(from: Address, to: Address): boolean {
    const map = this.#map
    const last = this.#lastRange
    if (last < map.length && map.base[last]! <= from && map.end[last]! >= to && map.state[last] === RegionState.Committed) return true
    this.#lastRange = map.find(from)
    return map.isCommitted(from, to)
  }

  #overlap(row: number, rank: number): void {
    const start = this.#bounds[2 * rank]!
    this.#found.add(`${this.#placeOf(row)} overlaps lifetime ${this.#rowOfRank[rank]!} at 0x${start.toString(16)} of ${this.#bounds[2 * rank + 1]! - start} bytes`)
  }

  #placeOf(row: number): string {
    const { address, size, birth } = this.#run.lifetimes
    return `at event ${birth.at(row)}, lifetime ${row} at 0x${address.at(row).toString(16)} of ${size.at(row)} bytes`
  }

  #changePages(change: number): void {
    const { pages } = this.#run
    const base = pages.base.at(change)
    const end = base + pages.size.at(change)
    const state = pages.state.at(change)
    this.#map.apply(base, end - base, state)
    if (state === RegionState.Committed) return
    const rank = this.#rankAt(base)
    for (const neighbour of [this.#living.before(rank), this.#living.from(rank)]) {
      if (neighbour < 0 || this.#bounds[2 * neighbour]! >= end || this.#bounds[2 * neighbour + 1]! <= base) continue
      const row = this.#rowOfRank[neighbour]!
      this.#found.add(`at event ${pages.event.at(change)}, page change ${change} takes 0x${base.toString(16)} to 0x${end.toString(16)} away from under lifetime ${row}`)
    }
  }

  /** First rank whose row does not begin below `address`. */
  #rankAt(address: Address): number {
    let low = 0
    let high = this.#rowOfRank.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#bounds[2 * middle]! < address) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** Rows with their births, in order of birth: mostly the order they have. */
function rowsByBirth(births: ColumnArray): KeyedRows {
  const keys = new Uint32Array(births.length)
  const rows = new Uint32Array(births.length)
  let isSorted = true
  for (let row = 0; row < births.length; row++) {
    keys[row] = births[row]!
    rows[row] = row
    if (row > 0 && births[row]! < births[row - 1]!) isSorted = false
  }
  return isSorted ? { keys, rows } : finish(sortByWord(keys, rows))
}

/** Ranks of the rows that die, with their deaths, in order of death. */
function ranksByDeath(deaths: ColumnArray, rankOfRow: Uint32Array): KeyedRows {
  const keys = new Uint32Array(deaths.length)
  const ranks = new Uint32Array(deaths.length)
  let count = 0
  for (let row = 0; row < deaths.length; row++) {
    if (deaths[row] === STILL_ALIVE) continue
    keys[count] = deaths[row]!
    ranks[count++] = rankOfRow[row]!
  }
  return finish(sortByWord(keys.subarray(0, count), ranks.subarray(0, count)))
}
