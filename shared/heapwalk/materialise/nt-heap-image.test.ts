import { describe, expect, test } from 'vitest'
import { PAGE_BYTES } from '../../base/units'
import type { Bits, BuildKey } from '../layouts/structure-table'
import { MemoryView } from '../memory-view'
import { decodeEntry } from '../nt/entry'
import { flagNames } from '../nt/flag-names'
import { userBlocksSignatureOffset } from '../nt/user-blocks'
import { SparseMemory } from '../testing/sparse-memory'
import { materialiseNtHeap } from './nt-heap-image'

/*
 * Every byte rule of the NT heap that two sources agree on (nt-heap.md 1, 3 and 5, marked H), with numbers worked out by hand
 * here; the walk is not asked.
 */
const HEAP = 0x560000
const SECOND = 0x700000
const VIRTUAL = 0x900000
const KEY = Uint8Array.of(0xa1, 0x43, 0x11, 0x3b, 0x78, 0x40, 0, 0)

function imageOf(build: BuildKey, bits: Bits) {
  const { layout, memory, entries } = materialiseNtHeap({
    bits, build, key: [...KEY], lfhKey: 0x5a5a1234,
    segments: [
      { address: HEAP, reservedPages: 64, items: [{ units: 20, busy: false }, { units: 3, busy: true, unused: 9 }, { units: 7, busy: false }, { units: 2, busy: true, unused: 8 }, { lfh: { strideUnits: 3, slots: [{ busy: true, unused: 12 }, { busy: false, unused: 0 }, { busy: true, unused: 8 }] } }] },
      { address: SECOND, reservedPages: 256, items: [{ units: 5, busy: true, unused: 8 }] },
    ],
    virtualBlocks: [{ address: VIRTUAL, requested: 600_001 }],
  })
  const sparse = new SparseMemory()
  for (const { address, bytes, reservedBehind } of memory) sparse.add(address, bytes, reservedBehind)
  const view = new MemoryView(sparse)
  return { layout, view, entries, entryAt: (address: number) => decodeEntry(view.bytes(address + layout.header, 8)!, KEY) }
}

describe.each([['win7', 32], ['win7', 64], ['win10_2004', 32], ['win10_2004', 64]] as const)('%s, %i bits', (build, bits) => {
  const { layout, view, entries, entryAt } = imageOf(build, bits)
  const { heap, segment, unit } = layout

  test('[nt-signatures] of heap, segments and containers', () => {
    expect([view.u32(HEAP + heap.Signature), view.u32(HEAP + segment.SegmentSignature), view.u32(SECOND + segment.SegmentSignature)]).toEqual([0xeeffeeff, 0xffeeffee, 0xffeeffee])
    const container = entries.map((entry) => entry + unit).filter((at) => view.u32(at + userBlocksSignatureOffset(layout)) === 0xf0e0d0c0)
    expect(container).toHaveLength(1)
  })

  test('[nt-marker-entry] a run before uncommitted pages ends with a busy entry, flags 0x11, 3 bytes unused, of 0x20 or 0x40 bytes, that tells the range', () => {
    const marker = entries.filter((entry) => (entryAt(entry).flags & 0x10) !== 0)[0]!
    expect(entryAt(marker)).toMatchObject({ flags: 0x11, unusedBytes: 3, units: (bits === 64 ? 0x40 : 0x20) / unit })
    const range = view.word(marker + unit + layout.ucr.Address, bits)
    expect([range % PAGE_BYTES, range]).toEqual([0, marker + (bits === 64 ? 0x40 : 0x20)])
    expect(view.word(marker + unit + layout.ucr.Size, bits)).toBe(HEAP + 64 * PAGE_BYTES - range)
  })

  test('[nt-virtual-entry] a block of its own reservation: 0x20 or 0x40 bytes before its data, the size field the bytes nobody asked for, flags busy and 8', () => {
    const head = bits === 64 ? 0x40 : 0x20
    const commit = Math.ceil((600_001 + head) / PAGE_BYTES) * PAGE_BYTES
    expect(layout.virtualAllocSize).toBe(head)
    expect(view.word(VIRTUAL + layout.virtualAlloc.CommitSize, bits)).toBe(commit)
    expect(entryAt(VIRTUAL + layout.virtualAlloc.BusyBlock)).toMatchObject({ units: commit - 600_001, flags: 9 })
  })

  test('[nt-free-list-order] free entries are one list in order of size', () => {
    const units: number[] = []
    for (let node = view.pointer(HEAP + heap.FreeLists, bits); node !== HEAP + heap.FreeLists; node = view.pointer(node, bits)) units.push(entryAt(node - unit).units)
    expect(units.length).toBeGreaterThanOrEqual(4)
    expect(units).toEqual([...units].sort((a, b) => a - b))
    expect([units[0], units.includes(20), view.word(HEAP + heap.TotalFreeSize, bits)]).toEqual([7, true, units.reduce((sum, one) => sum + one, 0)])
  })

  test('[nt-slot-header] byte 7 of a slot: 0x80 and the unused bytes, 0x80 alone when it is free', () => {
    const container = entries.find((entry) => view.u32(entry + unit + userBlocksSignatureOffset(layout)) === 0xf0e0d0c0)!
    const first = container + entryAt(container).units * unit - 3 * 3 * unit
    expect([0, 1, 2].map((slot) => view.u8(first + slot * 3 * unit + layout.header + 7))).toEqual([0x8c, 0x80, 0x88])
  })
})

test('[nt-flags] bits of the heap\'s flags and the class in 0xF000', () => {
  const bits = [1, 2, 4, 8, 0x10, 0x20, 0x40, 0x80, 0x10000, 0x20000, 0x40000]
  expect(bits.map((bit) => flagNames(bit)[0])).toEqual([
    'NO_SERIALIZE', 'GROWABLE', 'GENERATE_EXCEPTIONS', 'ZERO_MEMORY', 'REALLOC_IN_PLACE_ONLY', 'TAIL_CHECKING_ENABLED', 'FREE_CHECKING_ENABLED', 'DISABLE_COALESCE_ON_FREE', 'ALIGN_16', 'TRACING', 'EXECUTE',
  ])
  expect([0, 1, 2, 3, 4, 5, 6, 7, 8].map((number) => flagNames(number << 12)[0])).toEqual(['PROCESS', 'PRIVATE', 'KERNEL', 'GDI', 'USER', 'CONSOLE', 'DESKTOP', 'CSR_SHARED', 'CSR_PORT'].map((name) => `CLASS_${name}`))
  // What a debugger adds, and a heap that was made to grow.
  expect(flagNames(0x40000062)).toEqual(['GROWABLE', 'TAIL_CHECKING_ENABLED', 'FREE_CHECKING_ENABLED', 'CLASS_PROCESS'])
  expect(flagNames(0x08001002)).toEqual(['GROWABLE', 'CLASS_PRIVATE'])
})
