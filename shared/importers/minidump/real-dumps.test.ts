import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, test } from 'vitest'
import { HeapscapeError } from '../../base/errors'
import type { HeapReport } from '../../model/heap-report'
import { checkSnapshot } from '../../model/integrity'
import { BLOCK_KIND_NAMES, BlockKind, BlockState, type Snapshot } from '../../model/snapshot'
import { bytesOf, DATA, hasData, openDump, REAL_DUMP } from './testing/dump-data'

const differing = (report: HeapReport): string[] => report.counters.filter(({ equal }) => !equal).map(({ name, stored, walked }) => `${name}: ${stored} stored, ${walked} walked`)

describe.skipIf(!hasData)('a full-memory dump of a WOW64 process on Windows 7', () => {
  let snapshot: Snapshot
  beforeAll(async () => {
    snapshot = await openDump(bytesOf(REAL_DUMP))
  })
  const report = (address: number): HeapReport => snapshot.heapReports.find((heap) => heap.address === address)!

  it('finds the heaps of both widths, and one no list names', () => {
    const found = snapshot.heapReports.map(({ address, bits, discovery, flavour }) => `0x${address.toString(16)} ${bits} ${discovery} ${flavour}`)
    expect(found).toEqual(['0x10000 64 peb+scan nt-heap', '0x20000 64 peb+scan nt-heap', '0x460000 32 peb+scan nt-heap', '0x500000 64 peb+scan nt-heap', '0x700000 32 peb+scan nt-heap', '0x7efe0000 64 scan nt-heap'])
  })

  it('walks every heap with all checksums and previous sizes right and all counters equal', () => {
    for (const heap of snapshot.heapReports) {
      expect(differing(heap), `0x${heap.address.toString(16)}`).toEqual([])
      expect(heap.confidence).toBe('verified')
      expect(heap.findings.filter(({ severity }) => severity !== 'note')).toEqual([])
      expect(heap.counters.find(({ name }) => name === 'checksumsRight')!.walked).toBe(heap.backEnd.busyBlocks + heap.backEnd.freeBlocks)
    }
    expect(checkSnapshot(snapshot)).toEqual([])
  })

  it('lists the low-fragmentation slots of the 32-bit default heap; the sub-segments count as many free ones', () => {
    const heap = report(0x700000)
    expect(heap).toMatchObject({ frontEnd: 'lfh', layout: 'win7', virtualAllocBlocks: 1, lfh: { subSegments: 5, busyBlocks: 152, freeBlocks: 102 } })
    expect(heap.counters.find(({ name }) => name === 'lfhFreeSlots')).toMatchObject({ stored: 102, walked: 102 })
    const slots = rowsOf(snapshot, 0x700000, BlockKind.LfhSlot)
    expect(slots.filter((row) => snapshot.blocks.state.at(row) === BlockState.Busy)).toHaveLength(152)
    // Slots of one container touch and have one size.
    const first = slots[0]!
    expect(snapshot.blocks.address.at(first + 1)).toBe(snapshot.blocks.address.at(first) + snapshot.blocks.size.at(first))
  })

  it('takes the front end, which has a reservation of its own, for the heap’s and not for the program’s', () => {
    const [block] = snapshot.segments.filter(({ base }) => base === 0xe0000)
    expect(block!.reservedBytes).toBe(868_352)
    const row = snapshot.blocks.address.slice().indexOf(0xe0000)
    expect(BLOCK_KIND_NAMES[snapshot.blocks.kind!.at(row)]).toBe('heap-structure')
  })

  it('reads the figures of each heap', () => {
    const figures = snapshot.heapReports.map(({ segments, reservedBytes, committedBytes, backEnd, userBlocks, uncommittedRanges }) => [segments, reservedBytes, committedBytes, backEnd.busyBlocks, backEnd.freeBlocks, backEnd.freeBytes, userBlocks, uncommittedRanges])
    expect(figures).toEqual([
      [1, 65_536, 4096, 1, 1, 1344, 0, 1],
      [1, 65_536, 65_536, 1, 1, 62_784, 0, 1],
      [1, 65_536, 20_480, 9, 2, 8120, 7, 1],
      [1, 524_288, 32_768, 25, 3, 9648, 23, 1],
      [1, 1_048_576, 81_920, 161, 4, 3384, 304, 1],
      [1, 1_048_576, 20_480, 188, 1, 560, 187, 1],
    ])
  })

  it('names modules and stacks as owners, and reads memory on', () => {
    const row = snapshot.regions.base.slice().indexOf(0x77cc0000)
    expect(snapshot.owners[snapshot.regions.owner.at(row)]).toBe('ntdll.dll')
    expect([...snapshot.memory!.read(0x77cc0000, 2)]).toEqual([0x4d, 0x5a])
    expect(snapshot.memory!.read(0x1000, 16)).toHaveLength(0)
  })
})

function rowsOf(snapshot: Snapshot, heap: number, kind: number): number[] {
  const index = snapshot.heaps.findIndex(({ base }) => base === heap)
  return Array.from({ length: snapshot.blocks.length }, (_, row) => row).filter((row) => snapshot.blocks.heap.at(row) === index && snapshot.blocks.kind!.at(row) === kind)
}

const smallDumps = hasData ? readdirSync(join(DATA, 'minidump')) : []

describe.skipIf(!hasData)('small and malformed dumps', () => {
  /** What each lacks or how it fails, after the list that comes with the files. */
  const special: Readonly<Record<string, string>> = {
    'npe_r_mdmp.c-364_1.mdmp': 'error or partial',
    'trunc_memory64.dmp': 'error or partial',
    'invalid-record-count.dmp': 'error or partial',
  }

  it('are all there', () => expect(smallDumps).toHaveLength(26))

  test.each(smallDumps)('%s', async (name) => {
    let snapshot: Snapshot
    try {
      snapshot = await openDump(readFileSync(join(DATA, 'minidump', name)))
    } catch (error) {
      expect(error).toBeInstanceOf(HeapscapeError)
      expect((error as HeapscapeError).code).toMatch(/^format-/)
      expect(special[name]).toBeDefined()
      return
    }
    expect(checkSnapshot(snapshot)).toEqual([])
    const codes = snapshot.origin.notes.map(({ code }) => code)
    expect(codes.some((code) => ['no-heaps', 'heaps-not-in-dump', 'no-memory', 'not-windows'].includes(code)), codes.join(' ')).toBe(true)
    if (special[name] === undefined) expect(snapshot.regions.length).toBeGreaterThan(0)
  })

  it('tell the heaps whose memory is missing', async () => {
    const snapshot = await openDump(readFileSync(join(DATA, 'minidump/lldb-sigsegv-win10.dmp')))
    expect(snapshot.origin.notes.find(({ code }) => code === 'heaps-not-in-dump')!.text).toMatch(/2 heaps.*0x2083f1f0000.*0x2083d170000/)
  })
})
