import { describe, expect, test } from 'vitest'
import type { RegionRow, SnapshotDocument } from '../../../shared/ipc/engine-api'
import { accessOf, heapLines, kindLines, regionText } from './space-words'

const row: RegionRow = { base: 0x560000, sizeBytes: 4096, state: 2, kind: 4, protect: 0x4, owner: '[heap]', resident: 4096, proportional: null, private: 0, swapped: null }

describe('regions in words', () => {
  test('what is not told is a dash, what is nothing is 0', () => {
    expect(regionText(row)).toMatchObject({ state: 'committed', kind: 'heap', access: 'rw', resident: '4 KiB', private: '0 B', swapped: '—', owner: '[heap]' })
  })

  test.each([[0, '—'], [0x01, 'none'], [0x02, 'r'], [0x04, 'rw'], [0x08, 'rc'], [0x10, 'x'], [0x20, 'rx'], [0x40, 'rwx'], [0x80, 'rcx'], [0x104, 'rwg']])('protection %i is %s', (protect, letters) => expect(accessOf(protect)).toBe(letters))

  test('sums show only measures the source has', () => {
    const byKind = [{ kind: 'heap', regions: 2, reservedBytes: 8192, committedBytes: 4096, resident: 4096, proportional: null, private: null, swapped: null }]
    expect(kindLines({ regions: { count: 2, complete: true, byKind, stated: [] } } as unknown as SnapshotDocument)).toEqual({ measures: ['resident'], rows: [['heap', '2', '8 KiB', '4 KiB', '4 KiB']] })
  })
})

test('heaps as stated: figures that are not told are dashes, checks that differ are marked', () => {
  const heaps = [{ name: 'heap 0x1', flavour: 'nt-heap' }, { name: 'heap 0x2', flavour: 'segment-heap' }]
  const counters = [{ name: 'a', stored: 1, walked: 1, equal: true }, { name: 'b', stored: 1, walked: 2, equal: false }]
  const heapStatements = [{ stated: { reservedBytes: 65536, freeBlocks: 0 }, frontEnd: 'lfh', sizes: [], findings: [], counters }, { stated: {}, sizes: [], findings: [], counters: [] }]
  const lines = heapLines({ heaps, heapStatements } as unknown as SnapshotDocument)
  expect(lines[0]).toEqual({ name: 'heap 0x1', flavour: 'nt-heap', frontEnd: 'lfh', figures: ['64 KiB', '—', '—', '0', '—', '—'], checks: '1 of 2 equal', differs: true })
  expect(lines[1]).toMatchObject({ frontEnd: '—', checks: '—', differs: false })
})
