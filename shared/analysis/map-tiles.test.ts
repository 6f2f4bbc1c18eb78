import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quietJob } from '../base/job-context'
import { BlockState } from '../model/snapshot'
import { buildHeap, drawHeap, type PlainBlock } from '../model/testing/drawn-heap'
import { buildMapTile, CellState, releasablePart } from './map-tiles'
import { PageSums } from './page-sums'

const BASE = 0x10000

describe('buildMapTile', () => {
  it('shows one cell per character of a drawn heap, block starts marked', () => {
    const heap = drawHeap('[##][AAAA][..][BB][cc][~~~~]', { bytesPerCharacter: 16 })
    const tile = buildMapTile(heap, [{ address: BASE, cells: 18 }], 16)
    const { Internal: i, Busy: b, FreePinned: p, Cached: c, Uncommitted: u, Gap: g } = CellState
    expect([...tile.state]).toEqual([i, i, b, b, b, b, p, p, b, b, c, c, u, u, u, u, g, g])
    expect([...tile.starts]).toEqual([1, 0, 1, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0])
    expect([...tile.share]).toEqual(new Array(18).fill(255))
  })

  it('lets the state with most bytes win a cell and tells its share', () => {
    const heap = drawHeap('[AAA][.]', { bytesPerCharacter: 16 })
    const tile = buildMapTile(heap, [{ address: BASE, cells: 1 }], 64)
    expect(tile.state[0]).toBe(CellState.Busy)
    expect(tile.share[0]).toBe(Math.round((255 * 48) / 64))
  })

  it('calls free bytes releasable only on pages without anything occupied', () => {
    const page = 4096
    const heap = buildHeap([[
      { state: BlockState.Busy, size: 96, requested: 96 },
      { state: BlockState.Free, size: 3 * page },
      { state: BlockState.Busy, size: page - 96, requested: 96 },
    ]])
    const tile = buildMapTile(heap, [{ address: BASE, cells: 4 }], page)
    expect([...tile.state]).toEqual([CellState.FreePinned, CellState.FreeReleasable, CellState.FreeReleasable, CellState.Busy])
    expect(releasablePart(heap.blocks, 1, page)).toEqual({ from: BASE + page, to: BASE + 3 * page })
  })

  it('tells of every free byte whether its page holds anything occupied, many small blocks on a page too', () => {
    const pageBytes = 64
    const block = fc.record({ state: fc.constantFrom(BlockState.Busy, BlockState.Busy, BlockState.Free, BlockState.Free, BlockState.Cached, BlockState.Internal), size: fc.integer({ min: 1, max: 150 }) })
    fc.assert(
      fc.property(fc.array(block, { minLength: 1, maxLength: 40 }), (blocks) => {
        const states = blocks.flatMap(({ state, size }) => new Array<BlockState>(size).fill(state))
        const isOccupiedPage = (page: number): boolean => states.slice(page * pageBytes, (page + 1) * pageBytes).some((state) => state === BlockState.Busy || state === BlockState.Internal)
        const occupied = Array.from({ length: Math.ceil(states.length / pageBytes) }, (_, page) => isOccupiedPage(page))
        const heap = buildHeap([blocks.map((one): PlainBlock => ({ ...one, requested: 0 }))], { pageBytes })
        const { state } = buildMapTile(heap, [{ address: BASE, cells: states.length }], 1)
        const free = states.flatMap((one, byte) => (one === BlockState.Free ? [byte] : []))
        expect(free.map((byte) => state[byte])).toEqual(free.map((byte) => (occupied[Math.floor(byte / pageBytes)]! ? CellState.FreePinned : CellState.FreeReleasable)))
      }),
    )
  })

  it('gives the same bytes whatever the ranges are cut into', () => {
    const block = fc.record({ state: fc.constantFrom(0, 1, 2, 3, 4), size: fc.integer({ min: 1, max: 9000 }) })
    fc.assert(
      fc.property(fc.array(block, { minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 700 }), (blocks, bytesPerCell) => {
        const heap = buildHeap([blocks.map((b): PlainBlock => ({ ...b, state: b.state as BlockState, requested: 0 }))])
        const whole = buildMapTile(heap, [{ address: BASE, cells: 60 }], bytesPerCell)
        const parts = buildMapTile(heap, [{ address: BASE, cells: 23 }, { address: BASE + 23 * bytesPerCell, cells: 37 }], bytesPerCell)
        expect(parts).toEqual(whole)
      }),
    )
  })

  it('is answered by page sums to the byte, whatever the zoom, with and without a filter', async () => {
    const block = fc.record({ state: fc.constantFrom(0, 1, 2, 3, 4), size: fc.integer({ min: 1, max: 9000 }), isChosen: fc.boolean() })
    const pageBytes = 1024
    await fc.assert(fc.asyncProperty(fc.array(fc.array(block, { minLength: 1, maxLength: 20 }), { minLength: 1, maxLength: 4 }), fc.nat(4), fc.integer({ min: -3, max: 20 }), async (segments, zoom, firstPage) => {
      // The last block of a segment is filled up, so that segments consist of whole pages.
      const whole = segments.map((blocks) => {
        const total = blocks.reduce((sum, one) => sum + one.size, 0)
        return blocks.map((one, i): PlainBlock => ({ state: one.state as BlockState, size: one.size + (i === blocks.length - 1 ? (pageBytes - (total % pageBytes)) % pageBytes : 0), requested: 0 }))
      })
      const heap = buildHeap(whole, { pageBytes, segmentGap: 4 * pageBytes })
      const rows = Uint8Array.from(segments.flat(), ({ isChosen }) => (isChosen ? 1 : 0))
      const bytesPerCell = pageBytes * 2 ** zoom
      const ranges = [{ address: BASE + firstPage * pageBytes, cells: 7 }, { address: BASE + (firstPage + 9) * pageBytes, cells: 40 }]
      const sums = (await PageSums.make(heap, quietJob))!
      expect(sums.fits(ranges, bytesPerCell)).toBe(true)
      expect(sums.tile(ranges, bytesPerCell)).toEqual(buildMapTile(heap, ranges, bytesPerCell))
      expect(sums.tile(ranges, bytesPerCell, await sums.chosen(heap, rows, quietJob))).toEqual(buildMapTile(heap, ranges, bytesPerCell, rows))
    }))
  })

  it('leaves cells below a page, and segments that share one, to the blocks themselves', async () => {
    const sums = (await PageSums.make(buildHeap([[{ state: BlockState.Busy, size: 4096 }]]), quietJob))!
    expect(sums.fits([{ address: BASE, cells: 1 }], 2048)).toBe(false)
    expect(sums.fits([{ address: BASE + 16, cells: 1 }], 4096)).toBe(false)
    const small = [{ state: BlockState.Busy, size: 100 }]
    expect(await PageSums.make(buildHeap([small, small], { segmentGap: 256 }), quietJob)).toBeUndefined()
    const ragged = buildHeap([small, small])
    const ranges = [{ address: BASE, cells: 20 }]
    expect((await PageSums.make(ragged, quietJob))!.tile(ranges, 4096)).toEqual(buildMapTile(ragged, ranges, 4096))
  })
})
