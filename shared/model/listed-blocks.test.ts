import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UNKNOWN_SIZE } from '../base/units'
import { checkSnapshot } from './integrity'
import { type KnownSegment, ListedBlocks, type TiledBlocks } from './listed-blocks'
import { RegionTable } from './region-table'
import { BlockKind, BlockState, Snapshot, type HeapRecord } from './snapshot'

type Row = readonly [address: number, size: number, state?: BlockState, kind?: BlockKind, heap?: number]

function tile(rows: readonly Row[], known: readonly KnownSegment[] = []): TiledBlocks {
  const list = new ListedBlocks()
  for (const [address, size, state = BlockState.Busy, kind = BlockKind.BackEnd, heap = 0] of rows) {
    list.push(heap, address, size, state === BlockState.Busy ? UNKNOWN_SIZE : 0, state, kind, 1)
  }
  return list.tile(known)
}

const LETTERS = ['B', 'F', 'C', 'I', 'U'] as const
/** `100+20B`: address and size in hexadecimal, state; `?` opaque, `L` container of a front end. */
const textOf = ({ blocks }: TiledBlocks): string =>
  Array.from({ length: blocks.length }, (_, row) => {
    const kind = blocks.kind!.at(row)
    const letter = kind === BlockKind.Opaque ? '?' : kind === BlockKind.LfhContainer ? 'L' : LETTERS[blocks.state.at(row)]
    return `${blocks.address.at(row).toString(16)}+${blocks.size.at(row).toString(16)}${letter}`
  }).join(' ')
const segmentsOf = ({ segments }: TiledBlocks): string => segments.map(({ heap, base, reservedBytes }) => `${heap}:${base.toString(16)}+${reservedBytes.toString(16)}`).join(' ')

const heap = (id: number): HeapRecord => ({ id, name: `heap ${id}`, flavour: 'listed', base: 0, headerBytes: 0, granularity: 1, confidence: 'inferred' })
function snapshotOf({ blocks, segments }: TiledBlocks): Snapshot {
  const origin = { file: 'x', format: 'x', partial: false, notes: [] }
  return new Snapshot({ origin, pageBytes: 4096, addressSpace: { low: 0, high: 2 ** 47 }, heaps: [heap(0), heap(1), heap(2)], segments, owners: [], regions: new RegionTable(), blocks, event: undefined, siteNames: [], coverage: 'some' })
}

describe('listed blocks', () => {
  test('in any order become rows that touch, what lies between is opaque', () => {
    const tiled = tile([[0x1040, 0x10], [0x1000, 0x20, BlockState.Free], [0x1050, 0x8]])
    expect(textOf(tiled)).toBe('1000+20F 1020+20? 1040+10B 1050+8B')
    expect([segmentsOf(tiled), tiled.opaqueBytes]).toEqual(['0:1000+58', 0x20])
  })

  test('64 KiB without a block, or another heap, begin a new segment', () => {
    expect(segmentsOf(tile([[0x1000, 0x10], [0x1100f, 1], [0x21010, 0x10]]))).toBe('0:1000+10010 0:21010+10')
    expect(segmentsOf(tile([[0x1000, 0x10], [0x1020, 0x10, 0, 0, 1], [0x1030, 0x10]]))).toBe('0:1000+10 1:1020+10 0:1030+10')
  })

  test('known segments are filled from end to end, also those without a block', () => {
    const known = [{ heap: 0, base: 0x3000, end: 0x3100 }, { heap: 0, base: 0x1000, end: 0x1100 }, { heap: 1, base: 0x2000, end: 0x2010 }]
    const tiled = tile([[0x1020, 0x10], [0x5000, 0x10]], known)
    expect(textOf(tiled)).toBe('1000+20? 1020+10B 1030+d0? 2000+10? 3000+100? 5000+10B')
    expect(segmentsOf(tiled)).toBe('0:1000+100 1:2000+10 0:3000+100 0:5000+10')
  })

  test('slots divide the block they lie in; those outside stand alone', () => {
    const slot = (address: number, state: BlockState = BlockState.Busy): Row => [address, 0x10, state, BlockKind.LfhSlot]
    expect(textOf(tile([[0x1000, 0x100], slot(0x1020), slot(0x1030, BlockState.Free), [0x1100, 0x10], slot(0x1200)]))).toBe('1000+20L 1020+10B 1030+10F 1040+c0L 1100+10B 1110+f0? 1200+10B')
  })

  test('what overlaps is left out and named', () => {
    const tiled = tile([[0x1000, 0x20], [0x1010, 0x20], [0x1000, 0x8]], [])
    expect([textOf(tiled), tiled.overlapping, tiled.overlaps.map(({ address }) => address)]).toEqual(['1000+20B', 2, [0x1000, 0x1010]])
    const beyond = tile([[0x10f0, 0x20], [0xff0, 0x20]], [{ heap: 0, base: 0x1000, end: 0x1100 }])
    expect([textOf(beyond), beyond.overlapping]).toEqual(['1000+100?', 2])
  })

  test('whatever is listed, the rows tile their segments', () => {
    const row = fc.tuple(fc.nat(200_000), fc.integer({ min: 1, max: 400 }), fc.constantFrom(0, 1, 4), fc.constantFrom(0, 1, 3), fc.nat(2))
    const segment = fc.record({ heap: fc.nat(2), base: fc.nat(200_000), end: fc.nat(220_000) })
    fc.assert(
      fc.property(fc.array(row, { maxLength: 60 }), fc.array(segment, { maxLength: 5 }), (rows, known) => {
        const tiled = tile(rows as unknown as Row[], known)
        expect(checkSnapshot(snapshotOf(tiled))).toEqual([])
      }),
      { numRuns: 500, seed: 11 },
    )
  })
})
