import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cancelledAfter, quietJob } from '../../base/job-context'
import { STILL_ALIVE } from '../../base/units'
import { RegionState } from '../../model/region-table'
import { Occupant, type Run } from '../../model/run'
import { randomRun, RunSketch } from '../../model/testing/run-sketch'
import { snapshotAt } from '../../model/snapshot-at'
import { addressTimeTile, Ground, windowSums, type AddressTimeTile, type TileWish } from './address-time-tile'
import { AllocatedBytes } from './allocated-bytes'
import { addressOf, endAddressOf, foldSpace, MOST_FOLDED_SEGMENTS, offsetOf } from './folded-space'
import { CODES_OF_COLOR, COLORED_SITES, LENGTH_STEPS, Life, lengthCode, lifeOf, placeCodes, SIZE_STEPS, sizeCode } from './lifetime-colors'
import { LifetimeIndex, type AddressTimeWindow } from './lifetime-index'
import { lifetimeAt, lifetimeFacts, lifetimesOver, steppedLifetime } from './lifetime-search'
import { keptLifetimes } from '../kept-live'
import { lifetimeTotals } from './lifetime-totals'
import { LIFE_COLORS, type LifeColor } from './names'
import { pageHistory, type PageHistory } from './page-history'
import { rectangleFilter, rectangleOf, withPart, withRectangle } from './rectangle-filter'

interface Made {
  readonly run: Run
  readonly index: LifetimeIndex
  readonly history: PageHistory
}

async function madeOf(run: Run): Promise<Made> {
  const { space, history } = pageHistory(run)
  return { run, history, index: await LifetimeIndex.make(run, space, quietJob) }
}

/** Rows that touch a window, by looking at each. */
function plainRows({ run: { lifetimes }, index }: Made, window: AddressTimeWindow): number[] {
  const rows: number[] = []
  for (let row = 0; row < lifetimes.length; row++) {
    const low = offsetOf(index.space, lifetimes.address.at(row))
    const high = low + lifetimes.size.at(row)
    if (low < window.toOffset && high > window.fromOffset && lifetimes.birth.at(row) < window.toEvent && lifetimes.death.at(row) > window.fromEvent) rows.push(row)
  }
  return rows
}

const overlap = (from: number, to: number, low: number, high: number): number => Math.max(0, Math.min(to, high) - Math.max(from, low))

/** The same tile by going through all lifetimes for each cell. */
function plainTile({ run, index, history }: Made, { window, grid, color, event, mask }: TileWish, codeOfRow: (row: number) => number): Pick<AddressTimeTile, 'code' | 'share'> & { chosen: Uint8Array; areas: number[][]; pages: number[][] } {
  const cells = grid.columns * grid.rows
  const tile = { code: new Uint8Array(cells), share: new Uint8Array(cells), chosen: new Uint8Array(cells), areas: [] as number[][], pages: [] as number[][] }
  const rowBytes = (window.toOffset - window.fromOffset) / grid.rows
  const columnEvents = (window.toEvent - window.fromEvent) / grid.columns
  for (let cell = 0; cell < cells; cell++) {
    const low = window.fromOffset + Math.floor(cell / grid.columns) * rowBytes
    const begin = window.fromEvent + (cell % grid.columns) * columnEvents
    const areas = new Array<number>(CODES_OF_COLOR[color]).fill(0)
    let chosen = 0
    let sum = 0
    for (let row = 0; row < run.lifetimes.length; row++) {
      const offset = offsetOf(index.space, run.lifetimes.address.at(row))
      const birth = run.lifetimes.birth.at(row)
      const death = run.lifetimes.death.at(row)
      const area = (overlap(offset, offset + run.lifetimes.size.at(row), low, low + rowBytes) * overlap(birth, Math.min(death, run.events + 1), begin, begin + columnEvents)) / (rowBytes * columnEvents)
      let code = codeOfRow(row)
      if (color === 'life' && (code === Life.Before || code === Life.Later)) {
        const ahead = begin + columnEvents / 2 - (event + 0.5)
        code = ahead < 0 ? Life.Before : Life.Later
        // A column whose middle is the border to within a rounding may stand on either side of it.
        if (Math.abs(ahead) < 1e-9 * run.events) areas[code === Life.Before ? Life.Later : Life.Before]! += area
      }
      areas[code]! += area
      sum += area
      if (mask?.[row] === 1) chosen += area
    }
    const pages = [0, 0, 0]
    for (let i = 0; i < history.from.length; i++) pages[history.state[i]!]! += (overlap(history.from[i]!, history.to[i]!, low, low + rowBytes) * overlap(history.begin[i]!, history.end[i]!, begin, begin + columnEvents)) / (rowBytes * columnEvents)
    const best = areas.indexOf(Math.max(...areas))
    tile.code[cell] = sum < 1e-7 ? 0 : best + 1
    tile.share[cell] = sum < 1e-7 ? 0 : Math.max(1, Math.min(255, Math.round(sum * 255)))
    tile.chosen[cell] = chosen < 1e-7 ? 0 : Math.max(1, Math.min(255, Math.round(chosen * 255)))
    tile.areas.push(areas)
    tile.pages.push(pages)
  }
  return tile
}

function codeOf(run: Run, color: LifeColor, event: number): (row: number) => number {
  const { occupant, birth, death, size } = run.lifetimes
  return (row) => {
    if (color === 'life') return lifeOf(occupant.at(row), birth.at(row), death.at(row), event)
    if (color === 'size') return sizeCode(size.at(row))
    return color === 'length' ? lengthCode(birth.at(row), death.at(row)) : COLORED_SITES + 1
  }
}

async function tileOf(made: Made, wish: TileWish): Promise<AddressTimeTile> {
  const codes = await placeCodes(made.run, made.index, wish.color, quietJob)
  return addressTimeTile(made.run, made.index, await windowSums(made.index, made.history, codes, wish, quietJob), codes, wish, quietJob)
}

const windows = (bytes: number, endEvent: number): fc.Arbitrary<AddressTimeWindow> =>
  fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0.001, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0.001, max: 1, noNaN: true })).map(([a, b, c, d]) => ({
    fromOffset: a * bytes * 0.9, toOffset: Math.min(bytes, a * bytes * 0.9 + Math.max(1, b * bytes)), fromEvent: c * endEvent * 0.9, toEvent: Math.min(endEvent, c * endEvent * 0.9 + Math.max(0.5, d * endEvent)),
  }))

describe('lifetimes over address and time', () => {
  it('a window holds the lifetimes a plain look at each finds, in any run', async () => {
    for (const [seed, events] of [[1, 400], [2, 400], [3, 9000]] as const) {
      const made = await madeOf(randomRun(seed, events))
      fc.assert(fc.property(windows(made.index.space.bytes, made.index.endEvent), (window) => {
        const found = made.index.placesIn(window, 1e6)!
        expect([...found.places].map((place) => made.index.row[place]!).sort((a, b) => a - b)).toEqual(plainRows(made, window))
        expect(made.index.stretches(window).count).toBeGreaterThanOrEqual(found.places.length)
      }), { numRuns: 60 })
    }
  })

  it('cells tell what covers most of them and how much, as adding up each cell by hand does', async () => {
    const made = await madeOf(randomRun(4, 150))
    const wishes = fc.record({
      window: windows(made.index.space.bytes, made.index.endEvent), color: fc.constantFrom(...LIFE_COLORS), event: fc.nat(150),
      grid: fc.record({ columns: fc.integer({ min: 1, max: 9 }), rows: fc.integer({ min: 1, max: 9 }) }),
    })
    const mask = Uint8Array.from({ length: made.run.lifetimes.length }, (_, row) => (row % 3 === 0 ? 1 : 0))
    await fc.assert(fc.asyncProperty(wishes, fc.boolean(), async (plainWish, isFiltered) => {
      const wish = { ...plainWish, mask: isFiltered ? mask : undefined }
      const tile = await tileOf(made, wish)
      const plain = plainTile(made, wish, codeOf(made.run, wish.color, wish.event))
      for (let cell = 0; cell < tile.code.length; cell++) {
        expect(Math.abs(tile.share[cell]! - plain.share[cell]!)).toBeLessThanOrEqual(1)
        const pages = plain.pages[cell]!
        const ground = [0, pages[RegionState.Reserved]!, pages[RegionState.Committed]!]
        if (tile.ground[cell] === Ground.None) expect(Math.max(...ground)).toBeLessThan(1e-7)
        else expect(ground[tile.ground[cell]!]!).toBeGreaterThan(Math.max(...ground) - 1e-7)
        const areas = plain.areas[cell]!
        // Codes, and states of pages above, that cover equally much may stand for each other.
        if (tile.code[cell] === 0) expect(plain.code[cell]).toBe(0)
        else expect(areas[tile.code[cell]! - 1]!).toBeGreaterThan(Math.max(...areas) - 1e-7)
        if (isFiltered) expect(Math.abs(tile.chosen![cell]! - plain.chosen[cell]!)).toBeLessThanOrEqual(1)
      }
      expect(tile.chosen === undefined).toBe(!isFiltered)
    }), { numRuns: 60 })
  })

  it('lifetimes come along one by one where they are few', async () => {
    const made = await madeOf(randomRun(6, 300))
    const window = { fromOffset: 0, toOffset: made.index.space.bytes, fromEvent: 100, toEvent: 140 }
    const tile = await tileOf(made, { window, grid: { columns: 4, rows: 4 }, color: 'life', event: 120, mask: undefined })
    const rows = plainRows(made, window)
    expect(tile.count).toBe(rows.length)
    const key = (parts: readonly number[]): string => parts.join(' ')
    const { lifetimes } = made.run
    expect(Array.from(tile.lives!.offset, (offset, i) => key([offset, tile.lives!.size[i]!, tile.lives!.birth[i]!, tile.lives!.death[i]!, tile.lives!.code[i]!])).sort()).toEqual(
      rows.map((row) => key([offsetOf(made.index.space, lifetimes.address.at(row)), lifetimes.size.at(row), lifetimes.birth.at(row), lifetimes.death.at(row), codeOf(made.run, 'life', 120)(row)])).sort(),
    )
  })

  it('finds what lay at an address, and steps to neighbours in both directions, as going through all rows does', async () => {
    const made = await madeOf(randomRun(7, 300))
    const { lifetimes } = made.run
    const alive = (row: number, event: number): boolean => lifetimes.birth.at(row) <= event && lifetimes.death.at(row) > event
    const rows = Array.from({ length: lifetimes.length }, (_, row) => row)
    const end = (row: number): number => lifetimes.address.at(row) + lifetimes.size.at(row)
    for (let row = 0; row < lifetimes.length; row += 5) {
      const event = lifetimes.birth.at(row)
      const address = lifetimes.address.at(row)
      if (!alive(row, event)) continue
      expect(lifetimeAt(made.index, address + 1, event)).toBe(row)
      const spot = { address, sizeBytes: lifetimes.size.at(row), event }
      const higher = rows.filter((other) => alive(other, event) && lifetimes.address.at(other) >= end(row)).sort((a, b) => lifetimes.address.at(a) - lifetimes.address.at(b))[0] ?? -1
      const lower = rows.filter((other) => alive(other, event) && lifetimes.address.at(other) < address).sort((a, b) => lifetimes.address.at(b) - lifetimes.address.at(a))[0] ?? -1
      expect(steppedLifetime(made.index, spot, 'higher')).toBe(higher)
      expect(steppedLifetime(made.index, spot, 'lower')).toBe(lower)
      const over = rows.filter((other) => lifetimes.address.at(other) < end(row) && end(other) > address)
      expect(lifetimesOver(made.index, address, spot.sizeBytes, 1000).sort((a, b) => a - b)).toEqual(over)
      const births = over.filter((other) => lifetimes.birth.at(other) >= lifetimes.death.at(row) && lifetimes.death.at(other) > lifetimes.birth.at(other)).map((other) => lifetimes.birth.at(other))
      const later = lifetimes.death.at(row) === STILL_ALIVE ? -1 : steppedLifetime(made.index, { ...spot, event: lifetimes.death.at(row) }, 'later')
      expect(later < 0 ? Infinity : lifetimes.birth.at(later)).toBe(Math.min(Infinity, ...births))
      const deaths = over.filter((other) => lifetimes.death.at(other) <= event && lifetimes.death.at(other) > lifetimes.birth.at(other)).map((other) => lifetimes.death.at(other))
      const earlier = steppedLifetime(made.index, spot, 'earlier')
      expect(earlier < 0 ? -Infinity : lifetimes.death.at(earlier)).toBe(Math.max(-Infinity, ...deaths))
    }
  })

  it('adds up what was ever in a rectangle, dead or alive', async () => {
    const made = await madeOf(randomRun(8, 300))
    const { lifetimes } = made.run
    await fc.assert(fc.asyncProperty(windows(made.index.space.bytes, made.index.endEvent), async (window) => {
      const rectangle = { fromAddress: Math.floor(addressOf(made.index.space, window.fromOffset)), toAddress: Math.ceil(endAddressOf(made.index.space, window.toOffset)), fromEvent: Math.floor(window.fromEvent), toEvent: Math.ceil(window.toEvent) }
      const kept = (await keptLifetimes({ run: made.run }, { where: rectangleFilter(rectangle) }, undefined, quietJob))!
      const totals = await lifetimeTotals(made.run, kept, quietJob)
      const rows = Array.from({ length: lifetimes.length }, (_, row) => row).filter((row) => lifetimes.address.at(row) + lifetimes.size.at(row) > rectangle.fromAddress && lifetimes.address.at(row) < rectangle.toAddress
        && lifetimes.birth.at(row) <= rectangle.toEvent && lifetimes.death.at(row) > rectangle.fromEvent)
      const sum = (some: readonly number[], of: (row: number) => number): number => some.reduce((total, row) => total + of(row), 0)
      const busy = rows.filter((row) => lifetimes.occupant.at(row) === Occupant.Busy)
      const endless = rows.filter((row) => lifetimes.death.at(row) === STILL_ALIVE)
      expect(totals).toMatchObject({
        lifetimes: rows.length, blocks: busy.length, consumedBytes: sum(rows, (row) => lifetimes.size.at(row)), requestedBytes: sum(busy, (row) => lifetimes.requested.at(row)),
        neverFreed: endless.length, neverFreedBytes: sum(endless, (row) => lifetimes.size.at(row)),
        first: rows.length === 0 ? null : { birth: Math.min(...rows.map((row) => lifetimes.birth.at(row))) }, last: rows.length === 0 ? null : { birth: Math.max(...rows.map((row) => lifetimes.birth.at(row))) },
      })
      expect(sum(totals.sites.map((_, i) => i), (i) => totals.sites[i]!.lifetimes)).toBe(rows.length)
    }), { numRuns: 40 })
    expect(await keptLifetimes({ run: made.run }, { where: 'pins > 0' }, undefined, quietJob)).toBeNull()
  })

  it('tells how much was allocated while a block lived', async () => {
    const { run } = await madeOf(randomRun(9, 200))
    const allocated = new AllocatedBytes(run)
    const { birth, death, requested, occupant } = run.lifetimes
    for (let row = 0; row < run.lifetimes.length; row += 3) {
      let bytes = 0
      for (let other = 0; other < run.lifetimes.length; other++) if (occupant.at(other) === Occupant.Busy && birth.at(other) > birth.at(row) && birth.at(other) <= death.at(row)) bytes += requested.at(other)
      expect(lifetimeFacts(run, row, allocated).allocatedMeanwhile).toBe(bytes)
    }
  })

  it('rows that do not stand in order of birth, blocks over 4 GiB and wide blocks are found as well', async () => {
    const sketch = new RunSketch().page(0, 0x10000, 2 ** 36, RegionState.Committed)
    sketch.row(0x10000 + 2 ** 35, 2 ** 33, 5, 9).row(0x10000, 64, 3).row(0x10040, 2 ** 34, 1, 2).row(0x10040, 32, 2, 2)
    for (let i = 0; i < 2000; i++) sketch.row(0x20000 + 2 ** 34 + i * 64, 64, i % 7, 8 + (i % 5))
    const made = await madeOf(sketch.finish(20))
    for (const window of [{ fromOffset: 2 ** 35 + 2 ** 32, toOffset: 2 ** 35 + 2 ** 32 + 1, fromEvent: 6, toEvent: 7 }, { fromOffset: 0, toOffset: 2 ** 36, fromEvent: 1, toEvent: 4 }, { fromOffset: 2 ** 34, toOffset: 2 ** 34 + 70000, fromEvent: 0, toEvent: 3 }]) {
      expect([...made.index.placesIn(window, 1e5)!.places].map((place) => made.index.row[place]!).sort((a, b) => a - b)).toEqual(plainRows(made, window))
    }
    expect(new AllocatedBytes(made.run).between(0, 5)).toBeNull()
  })

  it('gives up when it is cancelled', async () => {
    const made = await madeOf(randomRun(1, 200))
    const codes = await placeCodes(made.run, made.index, 'life', quietJob)
    await expect(LifetimeIndex.make(made.run, made.index.space, cancelledAfter(1))).rejects.toMatchObject({ code: 'cancelled' })
    await expect(placeCodes(made.run, made.index, 'site', cancelledAfter(0))).rejects.toMatchObject({ code: 'cancelled' })
    await expect(lifetimeTotals(made.run, (await keptLifetimes({ run: made.run }, {}, undefined, quietJob))!, cancelledAfter(0))).rejects.toMatchObject({ code: 'cancelled' })
    expect(codes.codes).toHaveLength(made.run.lifetimes.length)
  })
})

describe('a rectangle as a filter', () => {
  const rectangle = { fromAddress: 0x1000, toAddress: 0x9000, fromEvent: 100, toEvent: 200 }

  it('is read back, and replaced without losing what else is asked for', () => {
    expect(rectangleOf(rectangleFilter(rectangle))).toEqual(rectangle)
    const next = { ...rectangle, fromAddress: 0x2000, toEvent: 150 }
    expect(withRectangle(undefined, rectangle)).toBe('end > 0x1000 and address < 0x9000 and birth <= 200 and death > 100')
    expect(withRectangle(withRectangle('size > 64 or state = free', rectangle), next)).toBe('(size > 64 or state = free) and end > 0x2000 and address < 0x9000 and birth <= 150 and death > 100')
    expect(rectangleOf(withRectangle('size > 64', next))).toEqual(next)
    for (const where of [undefined, '', 'size > 64', 'end > 0x1000 and address < 0x2000', 'end > 0x']) expect(rectangleOf(where)).toBeNull()
  })
})

describe('a part of a filter', () => {
  it('is put to it once, and taken away again', () => {
    expect(withPart(undefined, 'size > 64')).toBe('size > 64')
    expect(withPart('size > 64 or state = free', 'state = busy and death = never')).toBe('(size > 64 or state = free) and state = busy and death = never')
    expect(withPart('state = busy and birth < 9 and death = never', 'state = busy and death = never')).toBe('birth < 9')
    expect(withPart('size > 64', 'size > 64')).toBe('')
  })
})

describe('what is folded away', () => {
  it('is what was never committed, unless it is small; offsets and addresses go both ways', () => {
    const MIB = 2 ** 20
    const space = foldSpace([{ base: MIB, end: 2 * MIB }, { base: 2 * MIB + 4096, end: 3 * MIB }], [{ base: MIB, end: 64 * MIB }])
    expect(space.segments).toEqual([{ base: MIB, bytes: 2 * MIB, offset: 0 }])
    expect(space.breaks).toEqual([{ offset: 2 * MIB, from: 3 * MIB, bytes: 61 * MIB, reservedBytes: 61 * MIB }])
    const two = foldSpace([{ base: MIB, end: 2 * MIB }, { base: 100 * MIB, end: 101 * MIB }], [{ base: MIB, end: 2 * MIB }, { base: 90 * MIB, end: 101 * MIB }])
    expect(two.breaks).toEqual([{ offset: MIB, from: 2 * MIB, bytes: 98 * MIB, reservedBytes: 10 * MIB }])
    for (const address of [MIB, MIB + 5, 100 * MIB, 101 * MIB - 1]) expect(addressOf(two, offsetOf(two, address))).toBe(address)
    expect([addressOf(two, MIB), endAddressOf(two, MIB)]).toEqual([100 * MIB, 2 * MIB])
  })

  it('keeps the narrowest breaks when there are very many, in order and without losing an address', () => {
    const pieces = MOST_FOLDED_SEGMENTS + 500
    const gap = (i: number): number => (i % 3 === 0 ? 2 ** 30 : 2 ** 20)
    const ranges: { base: number; end: number }[] = []
    for (let i = 0, at = 2 ** 20; i < pieces; i++) {
      ranges.push({ base: at, end: at + 4096 })
      at += 4096 + gap(i)
    }
    const space = foldSpace(ranges, ranges)
    expect(space.segments).toHaveLength(MOST_FOLDED_SEGMENTS)
    expect(space.breaks).toHaveLength(MOST_FOLDED_SEGMENTS - 1)
    expect(space.breaks.filter(({ bytes }) => bytes === 2 ** 30)).toHaveLength(Math.ceil((pieces - 1) / 3))
    expect(ranges.every(({ base }) => addressOf(space, offsetOf(space, base)) === base)).toBe(true)
    expect(space.bytes).toBe(pieces * 4096 + 500 * 2 ** 20)
  })

  it('nothing is left of a run without committed pages', () => {
    expect(foldSpace([], []).bytes).toBe(0)
  })
})

describe('page history', () => {
  it('is at every event and address what a cut there says', () => {
    const run = randomRun(11, 250)
    const { space, history } = pageHistory(run)
    for (let event = 0; event <= run.events; event += 25) {
      const { regions } = snapshotAt(run, event)
      for (let at = 0; at < space.bytes; at += 2048 + 512) {
        const address = addressOf(space, at)
        let region = RegionState.Free as number
        for (let i = 0; i < regions.length; i++) if (regions.base.at(i) <= address && regions.base.at(i) + regions.size.at(i) > address) region = regions.state.at(i)
        let found = RegionState.Free as number
        for (let i = 0; i < history.from.length; i++) if (history.from[i]! <= at && history.to[i]! > at && history.begin[i]! <= event && history.end[i]! > event) found = history.state[i]!
        expect(found).toBe(region)
      }
    }
  })
})

describe('codes', () => {
  it('have one for each step and those beyond', () => {
    expect(sizeCode(SIZE_STEPS.at(-1)! + 1)).toBe(CODES_OF_COLOR.size - 1)
    expect(lengthCode(0, STILL_ALIVE)).toBe(CODES_OF_COLOR.length - 1)
    expect(lengthCode(0, LENGTH_STEPS.at(-1)! + 1)).toBe(CODES_OF_COLOR.length - 2)
    expect([sizeCode(1), sizeCode(32), sizeCode(33)]).toEqual([0, 0, 1])
  })
})
