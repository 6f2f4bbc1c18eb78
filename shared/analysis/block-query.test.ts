import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BlockState, type Snapshot } from '../model/snapshot'
import { buildHeap, drawHeap } from '../model/testing/drawn-heap'
import { BLOCK_COLUMNS, BlockView, type BlockQuery } from './block-query'
import { rowAtAddress } from './block-search'

const heap = drawHeap('[AAAA][..][BB][....][C]|[DDD][~]', { bytesPerCharacter: 16 })
const view = (query: Partial<BlockQuery>, snapshot: Snapshot = heap): BlockView =>
  new BlockView(snapshot, { sort: 'address', descending: false, filter: {}, ...query }, new Float64Array(snapshot.blocks.length))

describe('BlockView', () => {
  it('lists all blocks by address with their segment', () => {
    const page = view({}).page(0, 100)
    expect(page.total).toBe(7)
    expect([...page.size]).toEqual([64, 32, 32, 64, 16, 48, 16])
    expect([...page.segment]).toEqual([0, 0, 0, 0, 0, 1, 1])
  })

  it('sorts stably in both directions', () => {
    expect([...view({ sort: 'size' }).page(0, 9).size]).toEqual([16, 16, 32, 32, 48, 64, 64])
    const descending = view({ sort: 'size', descending: true }).page(0, 9)
    expect([...descending.size]).toEqual([64, 64, 48, 32, 32, 16, 16])
    expect(descending.address[0]).toBeLessThan(descending.address[1]!)
  })

  it('filters by state, size and address, and sums what is left', () => {
    const free = view({ filter: { states: [BlockState.Free], minBytes: 33 } })
    expect(free.total).toBe(1)
    expect(free.totalBytes).toBe(64)
    const second = heap.segments[1]!.base
    expect(view({ filter: { fromAddress: second } }).total).toBe(2)
    expect(view({ filter: { toAddress: second } }).total).toBe(5)
  })

  it('tells the place of a block, and none for one that is filtered out', () => {
    const row = rowAtAddress(heap.blocks, 0x10000 + 70)
    expect(row).toBe(1)
    expect(view({ sort: 'size' }).placeOf(row)).toBe(2)
    expect(view({ filter: { states: [BlockState.Busy] } }).placeOf(row)).toBe(-1)
  })

  it('gives every row exactly once, whatever the order and the pages', () => {
    const block = fc.record({ state: fc.constantFrom(0, 1, 2, 3, 4), size: fc.integer({ min: 1, max: 2 ** 33 }) })
    fc.assert(
      fc.property(fc.array(block, { minLength: 1, maxLength: 50 }), fc.constantFrom(...BLOCK_COLUMNS), fc.boolean(), (blocks, sort, descending) => {
        const snapshot = buildHeap([blocks.map((b) => ({ state: b.state as BlockState, size: b.size, requested: b.state === 0 ? b.size : 0 }))])
        const all = view({ sort, descending }, snapshot)
        const pages = [0, 7, 14, 21, 28, 35, 42, 49].flatMap((offset) => [...all.page(offset, 7).address])
        expect([...pages].sort((a, b) => a - b)).toEqual([...snapshot.blocks.address.slice()])
        if (sort === 'size') {
          const sizes = [...all.page(0, 50).size]
          expect(sizes).toEqual([...sizes].sort((a, b) => (descending ? b - a : a - b)))
        }
      }),
    )
  })
})
