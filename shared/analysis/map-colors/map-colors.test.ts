import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Column } from '../../base/column'
import { cancelledAfter, quietJob } from '../../base/job-context'
import { BlockState, NO_EVENT, Snapshot, type HeapRecord } from '../../model/snapshot'
import { buildHeap, drawHeap, type PlainBlock } from '../../model/testing/drawn-heap'
import { conditionOf } from '../block-query'
import { BlockValues } from '../block-values'
import type { MapRange } from '../cell-writer'
import { keepRows } from '../filter/evaluate-filter'
import { PageIndex } from '../page-index'
import { PageSums } from '../page-sums'
import { colorBlocks } from './block-colors'
import { changedBetween } from './changed-since'
import { ColorSums, colorCells } from './color-sums'
import type { ColorSet } from './color-spans'
import { MAP_COLORINGS, whyNotColored } from './colorings'
import { occupancyCells, occupancyEntries } from './page-occupancy'

const BASE = 0x10000
const PAGE = 1024

interface RandomBlock { readonly state: number; readonly size: number; readonly requested: number; readonly site: number; readonly birth: number }
const block = fc.record({ state: fc.constantFrom(0, 0, 0, 1, 2, 3, 4), size: fc.integer({ min: 1, max: 9000 }), requested: fc.integer({ min: 0, max: 9000 }), site: fc.integer({ min: -1, max: 13 }), birth: fc.integer({ min: 1, max: 5000 }) })
const anySegments = fc.array(fc.array(block, { minLength: 1, maxLength: 20 }), { minLength: 1, maxLength: 4 })
const SITES = Array.from({ length: 14 }, (_, i) => (i === 13 ? 'site 2' : `site ${i}`))

/** A snapshot at event 5000 with sites, births and two heaps; segments are filled up to whole pages. */
function heapOf(segments: readonly (readonly RandomBlock[])[]): Snapshot {
  const whole = segments.map((blocks) => {
    const total = blocks.reduce((sum, one) => sum + one.size, 0)
    return blocks.map((one, i): PlainBlock => ({ state: one.state as BlockState, size: one.size + (i === blocks.length - 1 ? (PAGE - (total % PAGE)) % PAGE : 0), requested: one.requested, site: one.state === BlockState.Busy ? one.site : -1 }))
  })
  const heap = buildHeap(whole, { pageBytes: PAGE, segmentGap: 4 * PAGE })
  const own = heap.heaps[0]!
  const heaps: HeapRecord[] = [own, { ...own, id: 1, base: own.base + 1, name: 'second' }]
  const { blocks } = heap
  blocks.birth = Column.from(Uint32Array.from(segments.flat(), (one) => (one.state === BlockState.Busy ? one.birth : NO_EVENT)))
  for (let row = 0; row < blocks.length; row++) blocks.heap.set(row, row % 3 === 0 ? 1 : 0)
  return new Snapshot({ ...heap, heaps, siteNames: SITES, event: 5000 })
}

const valuesOf = (snapshot: Snapshot): BlockValues => new BlockValues(snapshot)

/** Byte by byte over [address, address + bytes): how many have each code. */
function exactBytes({ spans }: ColorSet, address: number, bytes: number, codes: number): Float64Array {
  const sums = new Float64Array(codes + 1)
  for (let row = 0; row < spans.length; row++) {
    const from = Math.max(address, spans.address.at(row))
    const to = Math.min(address + bytes, spans.address.at(row) + spans.size.at(row))
    if (to > from && spans.color[row] !== 0) sums[spans.color[row]!]! += to - from
  }
  return sums
}

function expectExact(set: ColorSet, kinds: number, range: MapRange, bytesPerCell: number, cells: { kind: Uint8Array; share: Uint8Array }): void {
  for (let cell = 0; cell < range.cells; cell++) {
    const sums = exactBytes(set, range.address + cell * bytesPerCell, bytesPerCell, kinds)
    const most = Math.max(...sums)
    expect(cells.kind[cell]).toBe(most === 0 ? 0 : sums.indexOf(most))
    if (most > 0) expect(cells.share[cell]).toBe(Math.round((255 * most) / bytesPerCell))
  }
}

const cellsOf = (count: number): { kind: Uint8Array; share: Uint8Array } => ({ kind: new Uint8Array(count), share: new Uint8Array(count) })

describe('colours of blocks', () => {
  it('fills every cell with the value most of its bytes have, of single blocks and of sums by page alike', async () => {
    await fc.assert(fc.asyncProperty(anySegments, fc.constantFrom('class', 'age', 'site', 'heap', 'confidence'), fc.integer({ min: -3, max: 4 }), fc.integer({ min: -3, max: 20 }), async (segments, by, zoom, firstPage) => {
      const snapshot = heapOf(segments)
      const set = await colorBlocks(valuesOf(snapshot), by, quietJob)
      const kinds = set.entries.length + 1
      const bytesPerCell = PAGE * 2 ** zoom
      const range = { address: BASE + firstPage * PAGE, cells: 40 }
      const direct = cellsOf(40)
      colorCells(set.spans, kinds, range, bytesPerCell, direct, 0)
      expectExact(set, kinds, range, bytesPerCell, direct)
      if (zoom < 0) return
      const summed = cellsOf(40)
      ;(await ColorSums.make(PageIndex.of(snapshot)!, set.spans, kinds, quietJob)).fill(range, bytesPerCell, summed, 0)
      expect(summed).toEqual(direct)
    }), { numRuns: 60 })
  })

  it('tells of each value the bytes and blocks that its own filter keeps', async () => {
    await fc.assert(fc.asyncProperty(anySegments, fc.constantFrom('class', 'age', 'site', 'heap', 'confidence'), async (segments, by) => {
      const values = valuesOf(heapOf(segments))
      const { entries } = await colorBlocks(values, by, quietJob)
      for (const { filter, bytes, count, name } of entries) {
        if (by === 'confidence') continue
        const kept = await keepRows(values, conditionOf({ where: filter! }), undefined, quietJob)
        expect([name, kept.bytes, kept.count]).toEqual([name, bytes, count])
      }
    }), { numRuns: 60 })
  })

  it('gives nine call sites a colour, joins those of one name, and names the rest', async () => {
    const blocks = Array.from({ length: 14 }, (_, site): RandomBlock => ({ state: BlockState.Busy, size: 1600 - site, requested: 10, site: site === 12 ? -1 : site, birth: 1 }))
    const { entries } = await colorBlocks(valuesOf(heapOf([blocks])), 'site', quietJob)
    expect(entries.map(({ name }) => name)).toEqual(['site 2', 'site 0', 'site 1', 'site 3', 'site 4', 'site 5', 'site 6', 'site 7', 'site 8', '3 others', 'unknown'])
    expect(entries[0]).toMatchObject({ letter: 'A', count: 2, filter: 'state = busy and site = "site 2"' })
    expect(entries.at(-1)).toMatchObject({ letter: '?', count: 1 })
  })

  it('names sizes and ages with their unit, and can be cancelled', async () => {
    const values = valuesOf(heapOf([[{ state: BlockState.Busy, size: 100, requested: 90, site: 0, birth: 5000 }]]))
    expect((await colorBlocks(values, 'class', quietJob)).entries.map(({ name }) => name)).toEqual(['to 16 B', 'to 32 B', 'to 64 B', 'to 128 B', 'to 256 B', 'to 1 KiB', 'to 4 KiB', 'to 64 KiB', 'over 64 KiB'])
    const ages = (await colorBlocks(values, 'age', quietJob)).entries
    expect(ages.map(({ name }) => name)).toEqual(['to 3 events', 'to 15 events', 'to 63 events', 'to 255 events', 'to 1,023 events', 'to 4,095 events', 'over 4,095 events'])
    expect(ages[0]).toMatchObject({ count: 1, filter: 'state = busy and age in 0..3' })
    await expect(colorBlocks(values, 'class', cancelledAfter(0))).rejects.toMatchObject({ code: 'cancelled' })
  })
})

describe('page occupancy', () => {
  it('is busy and internal bytes by committed ones, the mean over several pages, its own page below one', async () => {
    const heap = buildHeap([[
      { state: BlockState.Busy, size: 1024, requested: 1024 },
      { state: BlockState.Internal, size: 100 }, { state: BlockState.Free, size: 924 },
      { state: BlockState.Free, size: 1024 },
      { state: BlockState.Busy, size: 600, requested: 600 }, { state: BlockState.Cached, size: 424 },
      { state: BlockState.Uncommitted, size: 1024 },
    ]], { pageBytes: PAGE })
    const sums = (await PageSums.make(heap, quietJob))!
    const at = (bytesPerCell: number, cells: number): number[] => {
      const out = cellsOf(cells)
      occupancyCells(sums, { address: BASE, cells }, bytesPerCell, out, 0)
      return [...out.kind]
    }
    expect(at(1024, 6)).toEqual([6, 2, 1, 4, 0, 0])
    expect(at(2048, 2)).toEqual([4, 3])
    expect(at(512, 6)).toEqual([6, 6, 2, 2, 1, 1])
    const shifted: number[] = []
    for (const address of [BASE + 512, BASE + 1536]) {
      const out = cellsOf(1)
      occupancyCells(sums, { address, cells: 1 }, 1024, out, 0)
      shifted.push(out.kind[0]!)
    }
    expect(shifted).toEqual([4, 2])
    expect((await occupancyEntries(sums, quietJob)).map(({ name, count, bytes }) => [name, count, bytes])).toEqual([
      ['empty', 1, 1024], ['under 25 %', 1, 1024], ['25 to 50 %', 0, 0], ['50 to 75 %', 1, 1024], ['75 to 100 %', 0, 0], ['full', 1, 1024],
    ])
    const kept: (readonly [string, string])[] = []
    for (const { name, filter } of await occupancyEntries(sums, quietJob)) kept.push([name, [...(await keepRows(new BlockValues(heap), conditionOf({ where: filter! }), undefined, quietJob)).mask!].join('')])
    expect(kept).toEqual([['empty', '0001000'], ['under 25 %', '0110000'], ['25 to 50 %', '0000000'], ['50 to 75 %', '0000110'], ['75 to 100 %', '0000000'], ['full', '1000000']])
  })
})

describe('changes between two events', () => {
  /** One character is 16 bytes; a busy block's birth is its letter's place in the alphabet. */
  function moment(picture: string, event: number): Snapshot {
    const heap = drawHeap(picture)
    const letters = [...picture.matchAll(/\[([^\]]+)\]/g)].map((match) => match[1]!.charCodeAt(0) - 64)
    heap.blocks.birth = Column.from(Uint32Array.from(letters, (birth, row) => (heap.blocks.state.at(row) === BlockState.Busy ? birth : NO_EVENT)))
    return new Snapshot({ ...heap, event })
  }

  it('tells kept, taken, replaced and freed bytes, in whichever order the two are looked at', async () => {
    const before = moment('[AA][BB][....][CC][..]', 3)
    const after = moment('[AA][..][DDDD][EEEE]', 5)
    const cells = cellsOf(12)
    const shownLater = await changedBetween(after, before, quietJob)
    colorCells(shownLater.spans, 5, { address: BASE, cells: 12 }, 16, cells, 0)
    expect([...cells.kind]).toEqual([1, 1, 4, 4, 2, 2, 2, 2, 3, 3, 2, 2])
    expect(shownLater.entries.map(({ name, bytes, filter }) => [name, bytes, filter])).toEqual([
      ['kept', 32, 'state = busy and birth <= 3'], ['taken', 96, 'state = busy and birth > 3'], ['replaced', 32, null], ['freed', 32, null],
    ])
    const shownEarlier = await changedBetween(before, after, quietJob)
    expect([...shownEarlier.spans.color]).toEqual([...shownLater.spans.color])
    expect(shownEarlier.entries.every(({ filter }) => filter === null)).toBe(true)
  })

  it('accounts for every busy byte of either moment', async () => {
    const busyBytes = (snapshot: Snapshot): number => Array.from({ length: snapshot.blocks.length }, (_, row) => (snapshot.blocks.state.at(row) === BlockState.Busy ? snapshot.blocks.size.at(row) : 0)).reduce((a, b) => a + b, 0)
    await fc.assert(fc.asyncProperty(anySegments, anySegments, async (one, other) => {
      const [a, b] = [heapOf(one), heapOf(other)]
      const { entries: [kept, taken, replaced, freed] } = await changedBetween(b, a, quietJob)
      expect(kept!.bytes + replaced!.bytes + freed!.bytes).toBe(busyBytes(a))
      expect(kept!.bytes + replaced!.bytes + taken!.bytes).toBe(busyBytes(b))
    }), { numRuns: 40 })
  })
})

it('says why a moment cannot be coloured so', () => {
  const plain = drawHeap('[AA][..]')
  const reasons = Object.fromEntries(MAP_COLORINGS.map((by) => [by, whyNotColored(plain, by, false)]))
  expect(reasons).toEqual({
    state: null, class: null,
    age: 'The source does not tell when its blocks were made.',
    site: 'The source has no call sites.',
    heap: 'There is one heap only.',
    occupancy: null,
    confidence: 'Every block is exact: nothing here was inferred.',
    changed: 'A single snapshot has no events to compare.',
  })
  const apart = (segmentGap: number): Snapshot => drawHeap('[AA]|[BB]', { segmentGap })
  expect([whyNotColored(apart(64), 'occupancy', false), whyNotColored(apart(65536), 'occupancy', false)]).toEqual(['Segments share pages.', null])
  const rich = heapOf([[{ state: BlockState.Busy, size: 100, requested: 90, site: 0, birth: 5000 }]])
  expect(MAP_COLORINGS.filter((by) => whyNotColored(rich, by, true) === null)).toEqual(['state', 'class', 'age', 'site', 'heap', 'occupancy', 'changed'])
})
