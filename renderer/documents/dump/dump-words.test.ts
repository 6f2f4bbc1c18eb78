import { describe, expect, test } from 'vitest'
import type { HeapTotals } from '../../../shared/analysis/dump/heap-totals'
import type { HeapReport } from '../../../shared/model/heap-report'
import { heapLine } from './heap-line'
import { checkedLines, counterName, processLines, uncheckedLines } from './trust-lines'

const REPORT: HeapReport = {
  address: 0x530000, flavour: 'nt-heap', bits: 32, layout: 'win7', confidence: 'verified', discovery: 'peb+scan', flags: { value: 2, names: ['GROWABLE'] }, frontEnd: 'lfh', segments: 1,
  reservedBytes: 65536, committedBytes: 4096, backEnd: { busyBlocks: 4, busyBytes: 600, freeBlocks: 2, freeBytes: 3152 }, userBlocks: 3, userBytes: 539, uncommittedRanges: 1, virtualAllocBlocks: 0,
  lfh: { subSegments: 1, busyBlocks: 3, freeBlocks: 5 }, findings: [],
  counters: [{ name: 'checksumsRight', stored: 6, walked: 6, equal: true }, { name: 'freeListBlocks', stored: 2, walked: 2, equal: true }],
}
const TOTALS: HeapTotals = {
  blocks: 8, busyBlocks: 3, busyBytes: 1024, freeBlocks: 2, freeBytes: 3072, largestFreeBytes: 3000, cachedBytes: 0, internalBytes: 0, uncommittedBytes: 61440, committedBytes: 4096, reservedBytes: 65536,
  freeShare: 0.75, scatter: 0.02, trust: [8, 0, 0, 0],
}
const DAMAGED: HeapReport = {
  ...REPORT, confidence: 'uncertain', discovery: 'scan',
  counters: [{ name: 'checksumsRight', stored: 6, walked: 5, equal: false }, { name: 'freeListBlocks', stored: 2, walked: 2, equal: true }],
  findings: [{ code: 'checksum', severity: 'damage', text: 'x', count: 1 }, { code: 'note', severity: 'note', text: 'y', count: 1 }],
}

describe('a heap in the list', () => {
  test('says what it is and what it costs; parts of the bar sum to what is reserved', () => {
    const line = heapLine(0, { id: 0, name: 'default heap 0x530000 (32-bit)', flavour: 'nt-heap', base: 0x530000, headerBytes: 8, granularity: 8, confidence: 'verified' }, REPORT, TOTALS)
    expect(line).toMatchObject({ address: "0x0053'0000", what: 'default NT heap, 32-bit, LFH', sizes: '4 KiB committed, 75.0 % free', problems: 0 })
    expect(line.shares.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1)
  })

  test('counts what contradicts itself, not what is only worth knowing', () => {
    expect(heapLine(0, { id: 0, name: 'heap', flavour: 'nt-heap', base: 0, headerBytes: 8, granularity: 8, confidence: 'uncertain' }, DAMAGED, undefined).problems).toBe(1)
  })
})

describe('how far to trust a heap', () => {
  test('all that was checked is said, and nothing is in doubt, when everything agrees', () => {
    const lines = checkedLines(REPORT)
    expect(lines.map(({ mark }) => mark)).not.toContain('doubt')
    expect(lines.map(({ text }) => text)).toContain('All 2 figures the heap keeps of itself equal what was walked.')
    expect(lines.map(({ text }) => text)).toContain('The free lists hold exactly the 2 free blocks that were walked.')
  })

  test('what disagrees is in doubt, with both figures', () => {
    const doubts = checkedLines(DAMAGED).filter(({ mark }) => mark === 'doubt').map(({ text }) => text)
    expect(doubts).toContain('1 of 2 figures the heap keeps of itself differ from what was walked.')
    expect(doubts).toContain('5 of 6 block headers have a right checksum.')
    expect(doubts).toHaveLength(3)
  })

  test('what no heap can tell is always said; offsets that are keys only where they are', () => {
    expect(uncheckedLines(REPORT, TOTALS)).toHaveLength(1)
    expect(uncheckedLines({ ...REPORT, layout: 'win10_2004' }, { ...TOTALS, trust: [6, 0, 2, 0] }).map(({ text }) => text)).toEqual([
      'Blocks that are not verified: 2 uncertain.', expect.stringContaining('first slot'), expect.stringContaining('no heap can tell'),
    ])
  })

  test('of all heaps together: how many contradict themselves, how many figures agree', () => {
    expect(processLines([REPORT, DAMAGED]).map(({ text }) => text)).toEqual([
      '1 of 2 heaps contradict themselves.', '3 of 4 figures the heaps keep of themselves equal what was walked.', '1 of 2 heaps stand in the process’s own lists.', 'Findings: 1 of damage, 0 warnings, 1 notes.',
    ])
  })

  test('a figure without a name of its own is spelled out', () => {
    expect(counterName('totalFreeUnits')).toBe('free, in granules')
    expect(counterName('largeBlockBytes')).toBe('large block bytes')
  })
})
