import { mulberry32 } from '../../base/random'
import { PAGE_BYTES, STILL_ALIVE, type Address, type Bytes, type EventNumber } from '../../base/units'
import { FailureTable, LifetimeTable, Occupant, PageChangeTable, Run } from '../run'
import { RegionState } from '../region-table'

/** A run written by hand in tests: rows and page changes one after another. */
export class RunSketch {
  readonly lifetimes = new LifetimeTable()
  readonly pages = new PageChangeTable()
  readonly failures = new FailureTable()
  headerBytes: Bytes = 0

  row(address: Address, size: Bytes, birth: EventNumber, death: EventNumber = STILL_ALIVE, requested: Bytes = size, occupant: Occupant = Occupant.Busy): this {
    const { lifetimes } = this
    lifetimes.address.push(address)
    lifetimes.size.push(size)
    lifetimes.requested.push(occupant === Occupant.Busy ? requested : 0)
    lifetimes.birth.push(birth)
    lifetimes.death.push(death)
    lifetimes.occupant.push(occupant)
    lifetimes.object.push(occupant === Occupant.Busy ? lifetimes.length - 1 : 0xffffffff)
    return this
  }

  page(event: EventNumber, base: Address, size: Bytes, state: RegionState): this {
    this.pages.event.push(event)
    this.pages.base.push(base)
    this.pages.size.push(size)
    this.pages.state.push(state)
    return this
  }

  failure(event: EventNumber, size: Bytes): this {
    this.failures.event.push(event)
    this.failures.size.push(size)
    return this
  }

  finish(events: EventNumber): Run {
    return new Run({
      origin: { file: 'sketch', format: 'simulation', partial: false, notes: [] },
      request: { heap: 'sketch', profile: 'none', parameters: {} },
      source: { name: 'sketch', format: 'test', traceHash: '' },
      events,
      timeAxis: 'operations',
      pageBytes: PAGE_BYTES,
      addressSpace: { low: 0, high: 2 ** 47 },
      heaps: [{ id: 0, name: 'sketch', flavour: 'sketch', base: 0x10000, headerBytes: this.headerBytes, granularity: 8, confidence: 'verified' }],
      lifetimes: this.lifetimes,
      pages: this.pages,
      failures: this.failures,
      siteNames: [],
    })
  }
}

const UNIT = 8
const SPOTS = 4096

/**
 * A sound run of `events` random events: blocks at random free places of two touching reservations and a distant one,
 * some internal, some cached; pages are committed when first touched and, now and then, decommitted when nothing is on them.
 */
export function randomRun(seed: number, events: EventNumber): Run {
  const random = mulberry32(seed)
  const pick = (below: number): number => Math.floor(random() * below)
  const sketch = new RunSketch()
  sketch.headerBytes = 8
  const area = SPOTS * UNIT
  const bases = [0x10000, 0x10000 + area, 0x4000000000]
  for (const base of bases) sketch.page(0, base, area, RegionState.Reserved)
  const owner = bases.map(() => new Int32Array(SPOTS).fill(-1))
  const committed = bases.map(() => new Uint8Array(area / PAGE_BYTES))
  const perPage = PAGE_BYTES / UNIT
  const alive: { row: number; area: number; spot: number; spots: number }[] = []
  for (let event = 1; event <= events; event++) {
    const which = pick(bases.length)
    const owners = owner[which]!
    if (random() < 0.45 && alive.length > 0) {
      const block = alive.splice(pick(alive.length), 1)[0]!
      owner[block.area]!.fill(-1, block.spot, block.spot + block.spots)
      sketch.lifetimes.death.set(block.row, event)
    } else if (random() < 0.1) {
      const page = pick(area / PAGE_BYTES)
      const empty = owners.subarray(page * perPage, (page + 1) * perPage).every((row) => row < 0)
      if (empty && committed[which]![page] === 1) {
        committed[which]![page] = 0
        sketch.page(event, bases[which]! + page * PAGE_BYTES, PAGE_BYTES, RegionState.Reserved)
      }
    } else {
      const spots = 2 + pick(random() < 0.1 ? 1200 : 30)
      const spot = pick(SPOTS - spots)
      if (!owners.subarray(spot, spot + spots).every((row) => row < 0)) continue
      for (let page = Math.floor(spot / perPage); page * perPage < spot + spots; page++) {
        if (committed[which]![page] === 1) continue
        committed[which]![page] = 1
        sketch.page(event, bases[which]! + page * PAGE_BYTES, PAGE_BYTES, RegionState.Committed)
      }
      const kind = random()
      const occupant = kind < 0.8 ? Occupant.Busy : kind < 0.9 ? Occupant.Internal : Occupant.Cached
      const row = sketch.lifetimes.length
      owners.fill(row, spot, spot + spots)
      sketch.row(bases[which]! + spot * UNIT, spots * UNIT, event, STILL_ALIVE, spots * UNIT - 8 - pick(8), occupant)
      alive.push({ row, area: which, spot, spots })
    }
  }
  return sketch.finish(events)
}
