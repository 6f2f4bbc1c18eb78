import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UNKNOWN_SIZE } from '../base/units'
import { BlockState, NO_EVENT, type Snapshot } from '../model/snapshot'
import { buildHeap, drawHeap } from '../model/testing/drawn-heap'
import { Column } from '../base/column'
import { quietJob } from '../base/job-context'
import { BLOCK_COLUMNS } from './block-columns'
import { BlockView, keepFiltered, type BlockQuery } from './block-query'
import { rowAtAddress } from './block-search'
import { BlockValues } from './block-values'

const heap = drawHeap('[AAAA][..][BB][....][C]|[DDD][~]', { bytesPerCharacter: 16 })
async function view(wish: Partial<BlockQuery>, values: BlockValues = valuesOf(heap)): Promise<BlockView> {
  const query = { sort: 'address', descending: false, filter: {}, ...wish } as const
  return BlockView.make(values, query, await keepFiltered(values, query.filter, undefined, quietJob), quietJob)
}
const valuesOf = (snapshot: Snapshot): BlockValues => new BlockValues(snapshot, new Float64Array(snapshot.blocks.length))

describe('BlockView', () => {
  it('lists all blocks by address with their segment', async () => {
    const page = (await view({})).page(0, 100, ['size', 'segment'])
    expect(page.total).toBe(7)
    expect([...page.values.size!]).toEqual([64, 32, 32, 64, 16, 48, 16])
    expect([...page.values.segment!]).toEqual([1, 1, 1, 1, 1, 2, 2])
  })

  it('sorts stably in both directions', async () => {
    expect([...(await view({ sort: 'size' })).page(0, 9, ['size']).values.size!]).toEqual([16, 16, 32, 32, 48, 64, 64])
    const descending = (await view({ sort: 'size', descending: true })).page(0, 9, ['size'])
    expect([...descending.values.size!]).toEqual([64, 64, 48, 32, 32, 16, 16])
    expect(descending.address[0]).toBeLessThan(descending.address[1]!)
  })

  it('filters by state, size and address, and sums what is left', async () => {
    const free = await view({ filter: { states: [BlockState.Free], minBytes: 33 } })
    expect(free.total).toBe(1)
    expect(free.totalBytes).toBe(64)
    const second = heap.segments[1]!.base
    expect((await view({ filter: { fromAddress: second } })).total).toBe(2)
    expect((await view({ filter: { toAddress: second } })).total).toBe(5)
  })

  it('reads the columns asked for, of its own rows alone, and no others', async () => {
    const snapshot = Object.assign(buildHeap([Array.from({ length: 20 }, (_, i) => ({ state: i % 2 === 0 ? BlockState.Busy : BlockState.Free, size: 32, requested: i % 2 === 0 ? 20 : 0, site: i % 3 - 1 }))]), { siteNames: ['read', ''] })
    const asked: string[] = []
    class Watched extends BlockValues {
      override at(...of: Parameters<BlockValues['at']>): number {
        asked.push(of.join(' '))
        return super.at(...of)
      }
    }
    const values = new Watched(snapshot, new Float64Array(20))
    const shown = await view({}, values)
    expect(shown.page(4, 3).values).toEqual({})
    expect(asked).toEqual([])
    const { values: read, sites } = shown.page(4, 3, ['requested', 'site'])
    expect(asked).toEqual(['requested 4', 'requested 5', 'requested 6', 'site 4', 'site 5', 'site 6'])
    expect(read).toEqual({ requested: Float64Array.of(20, NaN, 20), site: Float64Array.of(0, NaN, NaN) })
    expect(sites).toEqual(['read'])
  })

  it('tells the place of a block, and none for one that is filtered out', async () => {
    const row = rowAtAddress(heap.blocks, 0x10000 + 70)
    expect(row).toBe(1)
    expect((await view({ sort: 'size' })).placeOf(row)).toBe(2)
    expect((await view({ filter: { states: [BlockState.Busy] } })).placeOf(row)).toBe(-1)
  })

  it('gives every row exactly once, whatever the order and the pages', async () => {
    const block = fc.record({ state: fc.constantFrom(0, 1, 2, 3, 4), size: fc.integer({ min: 1, max: 2 ** 33 }) })
    await fc.assert(
      fc.asyncProperty(fc.array(block, { minLength: 1, maxLength: 50 }), fc.constantFrom(...BLOCK_COLUMNS), fc.boolean(), async (blocks, sort, descending) => {
        const snapshot = buildHeap([blocks.map((b) => ({ state: b.state as BlockState, size: b.size, requested: b.state === 0 ? b.size : 0 }))])
        const all = await view({ sort, descending }, valuesOf(snapshot))
        const pages = [0, 7, 14, 21, 28, 35, 42, 49].flatMap((offset) => [...all.page(offset, 7).address])
        expect([...pages].sort((a, b) => a - b)).toEqual([...snapshot.blocks.address.slice()])
        if (sort === 'size') {
          const sizes = [...all.page(0, 50, ['size']).values.size!]
          expect(sizes).toEqual([...sizes].sort((a, b) => (descending ? b - a : a - b)))
        }
      }),
    )
  })

  it('orders by any column as a plain sort does, unknown values first and equal ones by address', async () => {
    const block = fc.record({ state: fc.constantFrom(0, 1, 2, 3, 4), size: fc.oneof(fc.integer({ min: 1, max: 64 }).map((n) => n * 16), fc.integer({ min: 1, max: 2 ** 40 })), site: fc.integer({ min: -1, max: 3 }), birth: fc.oneof(fc.nat(9), fc.nat(2 ** 31), fc.constant(NO_EVENT)), isTold: fc.boolean() })
    await fc.assert(fc.asyncProperty(fc.array(block, { minLength: 1, maxLength: 40 }), fc.constantFrom(...BLOCK_COLUMNS), fc.boolean(), fc.boolean(), async (blocks, sort, descending, isFiltered) => {
      const rows = blocks.map(({ isTold, ...rest }) => ({ ...rest, state: rest.state as BlockState, requested: isTold ? Math.floor(rest.size / 2) : UNKNOWN_SIZE }))
      const snapshot = Object.assign(buildHeap([rows.slice(0, 20), rows.slice(20)].filter((part) => part.length > 0)), { siteNames: ['d', 'b', 'c', 'b'], event: 2 ** 31 })
      snapshot.blocks.birth = Column.of('u32', rows.map(({ birth }) => birth))
      const values = new BlockValues(snapshot, Float64Array.from(rows, (_, row) => (row * 7) / 3))
      const shown = await view({ sort, descending, filter: isFiltered ? { where: 'state != free' } : {} }, values)
      const key = (row: number): number => {
        const value = values.at(sort, row)
        return Number.isNaN(value) ? -1 : sort === 'site' ? 'bcd'.indexOf(snapshot.siteNames[value]!) : value
      }
      const plain = rows.map((_, row) => row).filter((row) => !isFiltered || rows[row]!.state !== BlockState.Free)
      plain.sort((a, b) => (descending ? key(b) - key(a) : key(a) - key(b)) || (sort === 'address' ? 0 : a - b))
      expect(Array.from({ length: shown.total }, (_, place) => shown.rowAt(place))).toEqual(plain)
    }), { numRuns: 300 })
  })
})
