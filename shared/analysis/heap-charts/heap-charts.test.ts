import { describe, expect, test } from 'vitest'
import * as fc from 'fast-check'
import { cancelledAfter, quietJob } from '../../base/job-context'
import { buildHeap, drawHeap } from '../../model/testing/drawn-heap'
import { BlockState, type Snapshot } from '../../model/snapshot'
import { BlockValues } from '../block-values'
import { keepFiltered, type BlockFilter } from '../block-query'
import { freeCurve } from '../compare/free-curves'
import { RowView } from '../dump/row-table'
import { computePageOccupancy } from '../metrics/page-occupancy'
import { computeFreeSizes } from '../metrics/holes'
import { computeSizeClasses } from '../metrics/size-classes'
import { tilingSplit } from '../metrics/tiling-split'
import { manyBlocks } from '../testing/many-blocks'
import { freeLists } from './free-lists'
import { freeListsTable, freeSpaceTable, pagesTable, sizesTable, wasteTable } from './heap-tables'
import { PageTable } from './page-strip'
import { columnBrush, sizeBrush, withColumnBrush, withoutSizes, withSizeBrush } from './size-brush'
import { MOST_SIZES, SIZE_MEASURES, SIZE_SCALES, sizeHistograms, sizeRows } from './size-histogram'
import { doublingOf, wasteTotal, wasteTree } from './waste-tree'

const { Busy, Free, Cached, Internal, Uncommitted } = BlockState

/** Worked example E1 of the definitions: two committed pages of a segment of 64 KiB, headers of 16 bytes. */
const E1 = buildHeap([[
  { state: Internal, size: 512 }, { state: Busy, size: 1024, requested: 1000 }, { state: Free, size: 512 }, { state: Busy, size: 2048, requested: 2000 },
  { state: Free, size: 3072 }, { state: Busy, size: 1024, requested: 600 }, { state: Uncommitted, size: 57344 },
]], { headerBytes: 16 })
/** E3: 8 holes of 512 bytes between busy blocks. */
const E3 = buildHeap([Array.from({ length: 16 }, (_, i) => (i % 2 === 0 ? { state: Busy, size: 512, requested: 512 } : { state: Free, size: 512 }))])

const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0)
const maskOf = async (snapshot: Snapshot, filter: BlockFilter): Promise<Uint8Array | undefined> => (await keepFiltered(new BlockValues(snapshot), filter, undefined, quietJob)).mask

/** Any heap of a few pages. */
const heaps = fc.array(fc.record({ state: fc.constantFrom(Busy, Busy, Free, Cached, Internal), units: fc.integer({ min: 1, max: 700 }), spare: fc.integer({ min: 0, max: 15 }) }), { minLength: 1, maxLength: 60 })
  .map((list) => buildHeap([list.map(({ state, units, spare }) => ({ state, size: units * 16, ...(state === Busy ? { requested: Math.max(0, units * 16 - 8 - spare) } : {}) }))], { headerBytes: 8, segmentGap: 2 ** 24 }))

describe('sizes', () => {
  test('E1: every measure by hand', async () => {
    const { measures, unknownRequests } = await sizeHistograms(E1, undefined, quietJob)
    expect(unknownRequests).toBe(0)
    expect([...measures.requested.exact.sizeBytes]).toEqual([600, 1000, 2000])
    expect(measures.requested.total).toEqual({ blocks: 3, bytes: 3600, keptBlocks: 3, keptBytes: 3600 })
    expect([...measures.consumed.exact.sizeBytes], 'two blocks of 1024').toEqual([1024, 2048])
    expect([...measures.consumed.exact.blocks]).toEqual([2, 1])
    expect([...measures.free.exact.sizeBytes]).toEqual([512, 3072])
    expect(measures.cached.total.blocks).toBe(0)
    const rows = sizeRows(measures.consumed, 'doubling')
    expect([[...rows.lowerBytes], [...rows.upperBytes], [...rows.blocks]]).toEqual([[512, 1024], [1024, 2048], [2, 1]])
  })

  test('what a filter keeps stands beside all', async () => {
    const { measures } = await sizeHistograms(E1, await maskOf(E1, { states: [Busy], minBytes: 2048 }), quietJob)
    expect(measures.consumed.total).toEqual({ blocks: 3, bytes: 4096, keptBlocks: 1, keptBytes: 2048 })
    expect(measures.free.total).toMatchObject({ blocks: 2, keptBlocks: 0 })
  })

  test('bars of every scale add up to the totals of the metrics', async () => {
    await fc.assert(fc.asyncProperty(heaps, async (heap) => {
      const { measures } = await sizeHistograms(heap, await maskOf(heap, { minBytes: 1000 }), quietJob)
      const split = tilingSplit(heap)
      expect(measures.requested.total.bytes).toBe(split.live)
      expect(measures.consumed.total.bytes).toBe(split.live + split.header + split.rounding)
      expect(measures.cached.total.bytes).toBe(split.cachedFree)
      expect(measures.free.total.bytes).toBe(split.pinnedFree + split.releasableFree)
      for (const measure of SIZE_MEASURES) {
        for (const scale of SIZE_SCALES) {
          const rows = sizeRows(measures[measure], scale)
          const { others, total } = measures[measure]
          const rest = scale === 'exact' ? others : { blocks: 0, bytes: 0, keptBlocks: 0, keptBytes: 0 }
          for (const key of ['blocks', 'bytes', 'keptBlocks', 'keptBytes'] as const) expect(sum(rows[key]) + rest[key]).toBe(total[key])
        }
      }
    }), { numRuns: 25 })
  })

  test('more sizes than are listed: those with the largest share, the others as one', async () => {
    // Sizes 16, 32, ... 16 * 400, the smallest often: it leads by count, the largest by bytes.
    const blocks = Array.from({ length: 400 }, (_, i) => ({ state: Busy, size: 16 * (i + 1), requested: 16 * (i + 1) }))
    const heap = buildHeap([[...blocks, ...Array.from({ length: 900 }, () => ({ state: Busy, size: 16, requested: 16 }))]], { segmentGap: 2 ** 24 })
    const { consumed } = (await sizeHistograms(heap, undefined, quietJob)).measures
    expect(consumed.exact.sizeBytes).toHaveLength(MOST_SIZES)
    expect([consumed.exact.sizeBytes[0], consumed.exact.sizeBytes[MOST_SIZES - 1]]).toEqual([16, 6400])
    expect(consumed.others).toMatchObject({ sizes: 400 - MOST_SIZES, blocks: 400 - MOST_SIZES })
    expect(sizesTable({ measures: { requested: consumed, consumed, free: consumed, cached: consumed }, unknownRequests: 0 }, 'consumed', 'exact').rows.at(-1)![0]).toBe('280 other sizes')
  })

  test('large sizes and many of them are counted like small ones', async () => {
    const sizes = Array.from({ length: 3000 }, (_, i) => 65536 + 16 * i)
    const heap = buildHeap([sizes.map((size) => ({ state: Busy, size, requested: size }))], { segmentGap: 2 ** 32 })
    const { requested } = (await sizeHistograms(heap, undefined, quietJob)).measures
    expect(requested.total).toMatchObject({ blocks: 3000, bytes: sum(sizes) })
    expect(sum(requested.classes.blocks)).toBe(3000)
    const table = computeSizeClasses(heap)
    expect(sum(table.busyBlocks)).toBe(3000)
  })

  test('gives a cancel a turn', async () => {
    const many = manyBlocks(140_000)
    await expect(sizeHistograms(many, undefined, cancelledAfter(1))).rejects.toMatchObject({ code: 'cancelled' })
    await expect(wasteTree(many, undefined, cancelledAfter(1))).rejects.toMatchObject({ code: 'cancelled' })
    await expect(PageTable.make(many, undefined, cancelledAfter(1))).rejects.toMatchObject({ code: 'cancelled' })
    await expect(freeLists(many, undefined, cancelledAfter(1))).rejects.toMatchObject({ code: 'cancelled' })
  })
})

describe('a brush is part of the filter', () => {
  const others: BlockFilter = { sites: 'sqlite', where: 'age > 1000 and pins > 0', fromAddress: 65536 }

  test('free sizes by the filter\'s members, requests by its condition; the rest stays', () => {
    const free = withSizeBrush(others, 'free', { fromBytes: 4096, toBytes: 8192 })
    expect(free).toEqual({ ...others, states: [Free], minBytes: 4097, maxBytes: 8192 })
    const requested = withSizeBrush(free, 'requested', { fromBytes: 16, toBytes: 32 })
    expect(requested).toEqual({ ...others, states: [Busy], where: 'age > 1000 and pins > 0 and requested in 17..32' })
    expect(withoutSizes(requested)).toEqual(others)
    expect(withSizeBrush(requested, 'consumed', null)).toEqual(others)
  })

  test('what was set is read back, for every measure', () => {
    fc.assert(fc.property(fc.constantFrom(...SIZE_MEASURES), fc.integer({ min: 0, max: 2 ** 40 }), fc.integer({ min: 1, max: 2 ** 40 }), fc.boolean(), (measure, fromBytes, length, bare) => {
      const range = { fromBytes, toBytes: fromBytes + length }
      const filter = withSizeBrush(bare ? {} : others, measure, range)
      expect(sizeBrush(filter, measure)).toEqual(range)
      for (const other of SIZE_MEASURES) if (other !== measure && other !== 'requested' && measure !== 'requested' && !(measure === 'consumed' && other === 'consumed')) expect(sizeBrush(filter, other)).toBeNull()
    }))
  })

  test('a class of the waste', () => {
    const filter = withColumnBrush({ where: 'site ~ "x" or pins > 0' }, 'class', { fromBytes: 16, toBytes: 32 })
    expect(filter.where).toBe('(site ~ "x" or pins > 0) and class in 17..32')
    expect(columnBrush(filter, 'class')).toEqual({ fromBytes: 16, toBytes: 32 })
    expect(withColumnBrush(filter, 'class', null)).toEqual({ where: 'site ~ "x" or pins > 0' })
  })
})

describe('pages', () => {
  test('E1: 87.5 % and 25 % used, nothing sparse, all free bytes stranded', async () => {
    const strip = (await PageTable.make(E1, undefined, quietJob)).strip({ first: 0, count: 100, cells: 50 })
    expect([...strip.used]).toEqual([0.875, 0.25])
    expect([strip.pages, strip.meanOccupancy, strip.sparsePages, strip.strandedBytes, strip.releasableBytes]).toEqual([2, 0.5625, 0, 3584, 0])
    expect([...strip.from]).toEqual([0x10000, 0x11000])
    expect([...strip.bars.pages]).toEqual([0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0])
    expect(pagesTable(strip).rows[3]).toEqual(['20 to 30 %', 1, 3072, 1])
  })

  test('bars and sums are those of M11; cells of several pages add them up', async () => {
    await fc.assert(fc.asyncProperty(heaps, async (heap) => {
      const table = await PageTable.make(heap, undefined, quietJob)
      const whole = table.strip({ first: 0, count: Infinity, cells: 1e6 })
      const known = computePageOccupancy(heap)
      expect([whole.pages, whole.sparsePages + whole.bars.pages[0]!, whole.strandedBytes, whole.releasableBytes]).toEqual([known.pages, known.sparsePages, known.pinnedFree, known.releasableFree])
      expect(whole.meanOccupancy ?? 0).toBeCloseTo(known.pages === 0 ? 0 : known.occupancySum / known.pages, 9)
      expect(sum(whole.bars.pages)).toBe(known.pages)
      expect(sum(whole.bars.strandedBytes)).toBe(known.pinnedFree)
      const coarse = table.strip({ first: 0, count: Infinity, cells: 3 })
      expect(coarse.from.length).toBeLessThanOrEqual(3)
      expect(sum(coarse.stranded)).toBe(sum(whole.stranded))
      expect(sum(coarse.sparse)).toBe(whole.sparsePages)
    }), { numRuns: 25 })
  })

  test('a stretch of pages, a page by its address, and pages a filter touches', async () => {
    const heap = drawHeap('[AAAA][....]|[BB][..]', { bytesPerCharacter: 1024 })
    const table = await PageTable.make(heap, await maskOf(heap, { states: [Free] }), quietJob)
    const strip = table.strip({ first: 1, count: 2, cells: 9 })
    expect([[...strip.from], [...strip.kept]]).toEqual([[0x11000, 0x20000], [1, 1]])
    expect([table.placeOf(0x10fff), table.placeOf(0x11000), table.placeOf(0x18000), table.placeOf(0x90000)]).toEqual([0, 1, 2, 3])
  })
})

describe('waste', () => {
  test('E1 by hand: headers, rounding, and each page\'s free bytes shared among what is on it', async () => {
    const tree = await wasteTree(E1, undefined, quietJob)
    expect(tree.internalBytes).toBe(512)
    expect(sum(tree.all.header)).toBe(48)
    expect(sum(tree.all.rounding)).toBe(448)
    // Page 0: 512 free among two blocks and the heap; page 1: 3072 all the block of 600.
    expect(tree.all.stranded[doublingOf(1000)]).toBeCloseTo(512 / 3 + 3072, 9)
    expect(tree.all.stranded[doublingOf(2000)]).toBeCloseTo(512 / 3, 9)
    expect(tree.ownStrandedBytes).toBeCloseTo(512 / 3, 9)
    expect(wasteTotal(tree)).toBeCloseTo(8192 - 3600, 9)
    expect(wasteTable(tree).rows.at(-1)![5]).toBeCloseTo(4592, 9)
  })

  test('all parts add up to committed less requested, each as the split has it', async () => {
    await fc.assert(fc.asyncProperty(heaps, async (heap) => {
      const tree = await wasteTree(heap, await maskOf(heap, { maxBytes: 4000 }), quietJob)
      const split = tilingSplit(heap)
      expect(wasteTotal(tree)).toBeCloseTo(split.committed - split.live, 6)
      expect([sum(tree.all.header), sum(tree.all.rounding), sum(tree.all.cached), tree.internalBytes, tree.releasableBytes]).toEqual([split.header, split.rounding, split.cachedFree, split.internal, split.releasableFree])
      expect(sum(tree.all.stranded) + tree.ownStrandedBytes).toBeCloseTo(split.pinnedFree, 6)
      for (const kind of ['header', 'rounding', 'cached', 'stranded'] as const) tree.kept[kind].forEach((bytes, row) => expect(bytes).toBeLessThanOrEqual(tree.all[kind][row]! + 1e-6))
    }), { numRuns: 25 })
  })
})

test('E3: no request of 4096 although 4096 are free; free lists and curve say so', async () => {
  const curve = freeCurve(E3)
  expect(freeSpaceTable(curve).rows.find(([request]) => request === 512)).toEqual([512, 0, 4096, 'fits'])
  expect(freeSpaceTable(curve).rows.at(-1)).toEqual([1024, 1, 0, 'fragmented'])
  const lists = await freeLists(E3, await maskOf(E3, { toAddress: 0x10800 }), quietJob)
  const rows = freeListsTable(new RowView(lists, undefined).page(0, 99)).rows
  expect(rows).toEqual([[448, 512, 8, 4096, 1, 512, 512, 2, 1024, '0x10200']])
  expect(sum(computeFreeSizes(E3).blocks)).toBe(8)
})
