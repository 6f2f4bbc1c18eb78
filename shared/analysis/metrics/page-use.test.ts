import fc from 'fast-check'
import { expect, test } from 'vitest'
import { quietJob } from '../../base/job-context'
import { BlockState, type Snapshot } from '../../model/snapshot'
import { buildHeap, drawHeap } from '../../model/testing/drawn-heap'
import { keepFiltered } from '../block-query'
import { BlockValues } from '../block-values'
import { occupancyBrush, withOccupancyBrush } from '../heap-charts/occupancy-brush'
import { OCCUPANCY_BARS } from '../heap-charts/page-strip'
import { pageUseOf } from './page-use'

const PAGE_BYTES = 4096

/** Bytes of the page a block begins on, added up block by block. */
function pageOf({ blocks }: Snapshot, row: number): { readonly used: number; readonly committed: number } {
  const page = Math.floor(blocks.address.at(row) / PAGE_BYTES) * PAGE_BYTES
  let used = 0
  let committed = 0
  for (let i = 0; i < blocks.length; i++) {
    const state = blocks.state.at(i)
    const bytes = Math.min(page + PAGE_BYTES, blocks.address.at(i) + blocks.size.at(i)) - Math.max(page, blocks.address.at(i))
    if (bytes <= 0 || state === BlockState.Uncommitted) continue
    committed += bytes
    if (state === BlockState.Busy || state === BlockState.Internal) used += bytes
  }
  return { used, committed }
}

test('a page is told to the blocks that begin on it; one that reaches further counts where it lies', () => {
  const heap = drawHeap('[#A][....][BBBBBBBBB][c......][~~][..]', { bytesPerCharacter: 512 })
  const found = new Float64Array(heap.blocks.length)
  pageUseOf(heap, 0, found.length, found)
  // B lies on two pages, c begins on the second of them and fills the third with what is not committed.
  expect([...found]).toEqual([50, 50, 50, 87.5, NaN, 0])
})

const STATES = [BlockState.Busy, BlockState.Free, BlockState.Cached, BlockState.Internal, BlockState.Uncommitted] as const
const blocks = fc.array(fc.record({ state: fc.constantFrom(...STATES), size: fc.oneof(fc.integer({ min: 1, max: 64 }).map((n) => n * 64), fc.integer({ min: 1, max: 20_000 })) }), { minLength: 1, maxLength: 60 })
const heapOf = (rows: readonly { readonly state: BlockState; readonly size: number }[]) => buildHeap([rows.map(({ state, size }) => ({ state, size, requested: state === BlockState.Busy ? size : 0 }))])

test('any part of the rows says what all of them say', () => {
  fc.assert(fc.property(blocks, fc.nat(), fc.nat(), (rows, a, b) => {
    const heap = heapOf(rows)
    const all = new Float64Array(rows.length)
    pageUseOf(heap, 0, rows.length, all)
    const from = Math.min(a, b) % rows.length
    const to = Math.min(rows.length, from + 1 + (Math.max(a, b) % rows.length))
    const part = new Float64Array(to - from)
    pageUseOf(heap, from, to, part)
    expect([...part]).toEqual([...all.subarray(from, to)])
  }))
})

test('a filter by a bar of the picture keeps the blocks that begin on pages of that bar, and no others', async () => {
  await fc.assert(fc.asyncProperty(blocks, fc.integer({ min: 0, max: OCCUPANCY_BARS - 1 }), fc.integer({ min: 0, max: OCCUPANCY_BARS - 1 }), async (rows, a, b) => {
    const heap = heapOf(rows)
    const range = { from: Math.min(a, b), to: Math.max(a, b) }
    const filter = withOccupancyBrush({ where: 'size > 0' }, range)
    expect(occupancyBrush(filter)).toEqual(range)
    expect(withOccupancyBrush(filter, null)).toEqual({ where: 'size > 0' })
    const { mask } = await keepFiltered(new BlockValues(heap), filter, undefined, quietJob)
    rows.forEach(({ state }, row) => {
      const { used, committed } = pageOf(heap, row)
      const bar = used === committed ? OCCUPANCY_BARS - 1 : Math.ceil((10 * used) / committed)
      expect(mask![row] === 1, `row ${row}`).toBe(state !== BlockState.Uncommitted && bar >= range.from && bar <= range.to)
    })
  }))
})
