import { describe, expect, it } from 'vitest'
import { Column } from '../../base/column'
import { BlockKind, Snapshot } from '../../model/snapshot'
import { drawHeap } from '../../model/testing/drawn-heap'
import { buildDumpTable } from './dump-tables'
import { cutToHeap } from './heap-scope'
import { sumHeaps } from './heap-totals'
import { type RowTable, RowView } from './row-table'
import type { DumpTable } from './table-names'

const UNIT = 64
const KINDS: Readonly<Record<string, number>> = { h: BlockKind.HeapStructure, b: BlockKind.BackEnd, s: BlockKind.LfhSlot, c: BlockKind.LfhContainer, u: BlockKind.Uncommitted, m: BlockKind.UncommittedMarker, v: BlockKind.VirtualAlloc }

/** A drawn heap whose blocks have the kinds of the letters, in order. */
function drawn(picture: string, kinds: string): Snapshot {
  const snapshot = drawHeap(picture, { bytesPerCharacter: UNIT, base: 0x10000 })
  snapshot.blocks.kind = Column.of('u8', [...kinds].map((letter) => KINDS[letter]!))
  return snapshot
}

/** The columns of a table as rows of numbers. */
const rowsOf = (table: RowTable, ...names: string[]): number[][] => Array.from({ length: table.rows }, (_, row) => names.map((name) => table.numbers[name]!.at(row)))
const table = (snapshot: Snapshot, name: DumpTable): RowTable => buildDumpTable(snapshot, name)

describe('containers of a front end', () => {
  //        header  head  slots                rest  head  slots         waiting    free
  const heap = drawn('[###][##][AA][cc][AA][cc][#][##][BBB][ccc][CCC][cccccccc][..]', 'hcsssscc' + 'sss' + 'cb')

  it('are put together from head, slots and rest, and a waiting one stands alone', () => {
    expect(rowsOf(table(heap, 'containers'), 'slotBytes', 'slots', 'busy', 'free', 'bytes', 'spareBytes')).toEqual([
      [2 * UNIT, 4, 2, 2, 11 * UNIT, 3 * UNIT],
      [3 * UNIT, 3, 2, 1, 11 * UNIT, 2 * UNIT],
      [0, 0, 0, 0, 8 * UNIT, 8 * UNIT],
    ])
  })

  it('sum up to one bucket per slot size', () => {
    const twice = drawn('[##][AA][cc]|[##][AA][AA][cc][cc]', 'csscssss')
    expect(rowsOf(table(twice, 'buckets'), 'slotBytes', 'containers', 'slots', 'busy', 'freeBytes')).toEqual([[2 * UNIT, 2, 6, 3, 6 * UNIT]])
    expect(table(twice, 'buckets').numbers['utilisation']!.at(0)).toBe(0.5)
  })

  it('are none where the source knows no kinds', () => {
    expect(table(drawHeap('[AA][..]'), 'containers').rows).toBe(0)
  })
})

describe('tables about a heap', () => {
  const heap = drawn('[##][AA][..][BB][....][CC][..][#][~~~~]|[DDDD]', 'hbbbbbbmuv')

  it('free blocks by size, with what each size makes of all that is free', () => {
    expect(rowsOf(table(heap, 'free'), 'size', 'blocks', 'total', 'share')).toEqual([[2 * UNIT, 2, 4 * UNIT, 0.5], [4 * UNIT, 1, 4 * UNIT, 0.5]])
  })

  it('segments with what fills them, and which is one block of its own', () => {
    expect(rowsOf(table(heap, 'segments'), 'committed', 'uncommitted', 'ranges', 'blocks', 'busy', 'free', 'ownReservation')).toEqual([
      [17 * UNIT, 4 * UNIT, 1, 9, 6 * UNIT, 8 * UNIT, 0],
      [4 * UNIT, 0, 0, 1, 4 * UNIT, 0, 1],
    ])
    expect(rowsOf(table(heap, 'uncommitted'), 'bytes', 'described')).toEqual([[4 * UNIT, 1]])
  })

  it('totals per heap agree with the metrics: free share of what is committed, scatter of what is free', () => {
    const [totals] = sumHeaps(heap)
    expect(totals).toMatchObject({ committedBytes: 21 * UNIT, reservedBytes: 25 * UNIT, freeBlocks: 3, largestFreeBytes: 4 * UNIT, freeShare: 8 / 21, scatter: 0.5 })
  })

  it('pages with their share in use, over page borders', () => {
    //       64 characters of 64 bytes are a page
    const pages = drawn(`[${'A'.repeat(16)}][${'.'.repeat(64)}][${'B'.repeat(48)}][${'.'.repeat(64)}]`, 'bbbb')
    expect(rowsOf(table(pages, 'pages'), 'used', 'free', 'blocks', 'occupancy')).toEqual([
      [1024, 3072, 2, 0.25],
      [3072, 1024, 2, 0.75],
      [0, 4096, 1, 0],
    ])
  })
})

describe('a view of a table', () => {
  const free = table(drawn('[AA][....][BB][..][CC][......]', 'bbbbbb'), 'free')

  it('sorts in both directions and gives any part', () => {
    expect([...new RowView(free, { column: 'size', descending: true }).page(0, 9).numbers['size']!]).toEqual([6 * UNIT, 4 * UNIT, 2 * UNIT])
    const page = new RowView(free, { column: 'share', descending: false }).page(1, 1)
    expect(page).toMatchObject({ total: 3, offset: 1 })
    expect([...page.numbers['size']!]).toEqual([4 * UNIT])
  })

  it('finds the row about an address in its own order', () => {
    const snapshot = drawn('[AA][..]|[BBBB]|[CC]', 'bbbv')
    const bySize = new RowView(table(snapshot, 'segments'), { column: 'bytes', descending: false })
    const second = snapshot.segments[1]!.base
    expect(bySize.placeOf(second + 100)).toBe(2)
    expect(bySize.placeOf(second - 1)).toBe(-1)
  })
})

it('cuts a snapshot to one heap and leaves its rows as they are', () => {
  const snapshot = drawn('[AA][..]|[BB][cc]', 'bbss')
  for (const row of [2, 3]) snapshot.blocks.heap.set(row, 1)
  const heaps = [0, 1].map((id) => ({ ...snapshot.heaps[0]!, id }))
  const cut = cutToHeap(new Snapshot({ ...snapshot, heaps, segments: snapshot.segments.map((segment, heap) => ({ ...segment, heap })) }), 1)
  expect([...cut.blocks.address.slice()]).toEqual([snapshot.blocks.address.at(2), snapshot.blocks.address.at(3)])
  expect([...cut.blocks.kind!.slice()]).toEqual([BlockKind.LfhSlot, BlockKind.LfhSlot])
  expect(cut.segments).toHaveLength(1)
})
