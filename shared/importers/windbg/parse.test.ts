import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { computeSnapshotMetrics } from '../../analysis/metrics/snapshot-metrics'
import { MemorySource } from '../../base/byte-source'
import { cancelledAfter, quietJob } from '../../base/job-context'
import { UNKNOWN_SIZE } from '../../base/units'
import { checkSnapshot } from '../../model/integrity'
import { REGION_KIND_NAMES, REGION_STATE_NAMES } from '../../model/region-table'
import { BLOCK_STATE_NAMES, BlockKind, BlockState, type Snapshot } from '../../model/snapshot'
import { parseWinDbg } from './parse'
import { looksLikeWinDbg } from './sniff'

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const read = async (text: string, mode: 'compatible' | 'strict' = 'compatible'): Promise<Snapshot> => {
  const snapshot = await parseWinDbg(new MemorySource(bytesOf(text), 'test.log'), { mode }, quietJob)
  expect(checkSnapshot(snapshot)).toEqual([])
  return snapshot
}
const codesOf = ({ origin }: Snapshot): string[] => origin.notes.map((note) => `${note.code} x${note.count}`)
/** `1000+40 busy 36` of every row whose inside is known. */
function blocksOf({ blocks }: Snapshot): string[] {
  return Array.from({ length: blocks.length }, (_, row) => row)
    .filter((row) => blocks.kind!.at(row) !== BlockKind.Opaque)
    .map((row) => `${blocks.address.at(row).toString(16)}+${blocks.size.at(row).toString(16)} ${BLOCK_STATE_NAMES[blocks.state.at(row)]} ${blocks.requested.at(row) === UNKNOWN_SIZE ? '?' : blocks.requested.at(row)}`)
}
const regionsOf = ({ regions, owners }: Snapshot): string[] =>
  Array.from({ length: regions.length }, (_, row) => `${regions.base.at(row).toString(16)}+${regions.size.at(row).toString(16)} ${REGION_STATE_NAMES[regions.state.at(row)]} ${REGION_KIND_NAMES[regions.kind!.at(row)]} 0x${(regions.protect?.at(row) ?? 0).toString(16)} ${owners[regions.owner.at(row)] ?? '-'}`)

const HEAP = 'Index   Address  Name      Debugging options enabled\n  1:   00560000 \n    Segment at 00560000 to 00570000 (00001000 bytes committed)\n    Granularity:          8 bytes\n'
const ENTRIES = '    Heap entries for Segment00 in Heap 00560000\n'

describe('rows of blocks', () => {
  test.each([
    ['a busy one', '00560588: 00588 . 00030 [101] - busy (24)', '560588+30 busy 36'],
    ['one of an old debugger', '00560588: 00588 . 00030 [07] - busy (1a), tail fill (Objects=  48)', '560588+30 busy 26'],
    ['a whole entry is no request', '00560588: 00588 . 00030 [01] - busy (30)', '560588+30 busy ?'],
    ['a free one', '00560588: 00588 . 00030 [100]', '560588+30 free 0'],
    ['a container of the front end', '00560588: 00588 . 00030 [101] - busy (28) Internal ', '560588+30 internal 0'],
    ["the heap's own structure", '00560000: 00000 . 00588 [101] - busy (587)', '560000+588 internal 0'],
    ['an uncommitted range', '00561000:      0000f000      - uncommitted bytes.', '561000+f000 uncommitted 0'],
  ])('%s', async (_, row, expected) => expect(blocksOf(await read(`${HEAP}${ENTRIES}        ${row}\n`, 'strict'))).toEqual([expected]))

  test('of a 64-bit debugger are counted in granules of 16 bytes', async () => {
    const text = '    _HEAP @ 1f4a2000000\n        000001f4a2000750 0005 0000  [00]   000001f4a2000760    00040 - (busy)\n'
    expect(blocksOf(await read(text, 'strict'))).toEqual(['1f4a2000750+50 busy 64'])
    expect((await read(text)).heaps[0]).toMatchObject({ headerBytes: 16, granularity: 16, flavour: 'nt-heap' })
  })

  test('of a search, and what the block points at is no call site', async () => {
    const text = '    _HEAP @ 00090000\n   in HEAP_ENTRY: Size : Prev Flags - UserPtr UserSize - state\n        00099A48: 0018 : 0005 [01] - 00099A50 (000000B8) - (busy)\n          ole32!CALLFRAME_CACHE\n'
    const snapshot = await read(text, 'strict')
    expect([blocksOf(snapshot), snapshot.siteNames]).toEqual([['99a48+c0 busy 184'], []])
  })

  test('that contradict their predecessor are a finding with the address', async () => {
    const { heapStatements } = await read(`${HEAP}${ENTRIES}00560588: 00588 . 00030 [101] - busy (24)\n005605b8: 00028 . 00048 [100]\n`)
    expect(heapStatements[0]!.findings).toEqual([{ code: 'previous-size', severity: 'damage', count: 1, address: 0x5605b8, text: 'The entry at 0x5605b8 states that its predecessor has 40 bytes; it has 48.' }])
  })
})

describe('what a log covers', () => {
  const whole = `${HEAP}${ENTRIES}00560000: 00000 . 00588 [101] - busy (587)\n00560588: 00588 . 00a78 [100]\n00561000: 0000f000 - uncommitted bytes.\n`
  test('a heap listed from end to end has all metrics', async () => {
    const snapshot = await read(whole, 'strict')
    expect([snapshot.coverage, computeSnapshotMetrics(snapshot)]).toMatchObject(['all', { M2_footprintBytes: 4096, M2_reservedBytes: 65536, M5_freePercentWinDbg: 65 }])
    expect(snapshot.heapStatements[0]!.counters).toEqual([{ name: 'committed bytes of the segments', stored: 4096, walked: 4096, equal: true }])
  })

  test('another heap that is only named makes it some', async () => {
    const snapshot = await read(`${whole}0:000> !heap -s\n00570000 00001000      64      4     64      1     2     1    0      0      \n`)
    expect([snapshot.coverage, computeSnapshotMetrics(snapshot).M1_liveBlocks]).toEqual(['some', null])
  })

  test('regions that account for other bytes are told, and nothing is summed', async () => {
    const snapshot = await read(`${whole}  BaseAddress EndAddress+1 RegionSize     Type       State                 Protect             Usage\n  00560000   570000    10000 MEM_PRIVATE MEM_COMMIT  PAGE_READWRITE                     Heap\n`)
    expect([snapshot.coverage, codesOf(snapshot)]).toEqual(['some', ['lists-differ x1']])
  })

  test('a figure that is not told stays away', async () => {
    const { heapStatements } = await read('    _HEAP @ 310000\n')
    expect(heapStatements[0]!.stated).toEqual({})
  })
})

describe('regions', () => {
  const HEADER = '        BaseAddress      EndAddress+1        RegionSize     Type       State                 Protect             Usage\n'
  test.each([
    ['an image', "+     7ff7`966d0000     7ff7`966d1000        0`00001000 MEM_IMAGE   MEM_COMMIT  PAGE_READONLY                      Image      [Notepad.exe]", '7ff7966d0000+1000 committed image 0x2 Image [Notepad.exe]'],
    ['a guarded stack', "      c1`902f8000       c1`902f9000        0`00001000 MEM_PRIVATE MEM_COMMIT  PAGE_READWRITE | PAGE_GUARD         Stack      [~0; 11f0.2bcc]", 'c1902f8000+1000 committed stack 0x104 Stack [~0; 11f0.2bcc]'],
    ['a reservation', "+       a4`2c000000       a4`2c078000        0`00078000 MEM_PRIVATE MEM_RESERVE                                    <unknown>  ", 'a42c000000+78000 reserved private 0x0 -'],
  ])('%s', async (_, row, expected) => expect(regionsOf(await read(`${HEADER}${row}\n`, 'strict'))).toEqual([expected]))

  test('that were filtered leave the rest of the address space unknown', async () => {
    const snapshot = await read(`${HEADER}  c1\`00000000  c1\`00001000  0\`00001000 MEM_PRIVATE MEM_COMMIT  PAGE_READWRITE  Heap\n`)
    expect([snapshot.regionsComplete, computeSnapshotMetrics(snapshot).reasons['M13_addressScatter']]).toEqual([false, 'the source lists only some regions'])
  })

  test('in order with the free ones between give its scatter', async () => {
    const row = (from: number, to: number, state: string): string => `  ${[from, to, to - from].map((value) => value.toString(16).padStart(8, '0')).join(' ')} ${state}\n`
    const snapshot = await read(HEADER + row(0, 0x400000, '    MEM_FREE    PAGE_NOACCESS   Free') + row(0x400000, 0x500000, 'MEM_PRIVATE MEM_COMMIT  PAGE_READWRITE  Heap') + row(0x500000, 0x900000, '   MEM_FREE  PAGE_NOACCESS  Free'))
    expect(computeSnapshotMetrics(snapshot)).toMatchObject({ M13_addressScatter: 0.5, M13_largestReservableBytes: 0x400000 })
  })
})

describe('defects', () => {
  test('a cut last line is not used; strict refuses it with its number', async () => {
    const text = `${HEAP}${ENTRIES}00560588: 00588 . 00030 [101] - bus`
    expect([blocksOf(await read(text)), codesOf(await read(text)), (await read(text)).origin.partial]).toEqual([[], ['cut-line x1'], true])
    await expect(read(text, 'strict')).rejects.toMatchObject({ code: 'format-malformed', where: { line: 6 } })
  })

  test('a prompt without a line feed is a whole log', async () => expect((await read('    _HEAP @ 310000\n0:000> ')).origin.partial).toBe(false))

  test('a log without heaps or regions is refused', async () => {
    await expect(read('0:000> !heap -s\nNo heaps\n')).rejects.toMatchObject({ code: 'format-malformed' })
  })

  test('can be cancelled', async () => {
    await expect(parseWinDbg(new MemorySource(bytesOf(HEAP), 'x'), { mode: 'compatible' }, cancelledAfter(0))).rejects.toMatchObject({ code: 'cancelled' })
  })

  test('other texts are not taken for a log', () => {
    expect(['malloc(5) = 0x10\n', 'heap @ home\n', '// UMDH: version 6.1\n', 'a 0 16\n'].map((text) => looksLikeWinDbg(bytesOf(text)))).toEqual([false, false, false, false])
  })
})

const DATA = join(process.env['HEAPSCAPE_DATA'] ?? join(process.cwd(), '../shared/data'), 'windbg')
const real = async (name: string): Promise<Snapshot> => {
  const bytes = readFileSync(join(DATA, name))
  expect(looksLikeWinDbg(bytes.subarray(0, 4096))).toBe(true)
  const snapshot = await parseWinDbg(new MemorySource(bytes, name), { mode: 'compatible' }, quietJob)
  expect(checkSnapshot(snapshot)).toEqual([])
  expect(snapshot.heapStatements.flatMap(({ findings }) => findings)).toEqual([])
  expect(snapshot.heapStatements.flatMap(({ counters }) => counters).filter(({ equal }) => !equal)).toEqual([])
  return snapshot
}
const KIB = 1024

describe.skipIf(!existsSync(DATA))('real texts, by their own totals', () => {
  test('-s of 29 heaps: its fragmentation line and its virtual blocks follow from its rows', async () => {
    const { heaps, heapStatements } = await real('keenjin-x86-1.log')
    expect(heaps).toHaveLength(29)
    const counters = heapStatements.flatMap((statement, i) => statement.counters.map(({ name, stored }) => `${heaps[i]!.base.toString(16)} ${name} ${stored}`))
    expect(counters).toEqual(['4b0000 virtual blocks 10', '310000 virtual blocks 1', '9d50000 virtual blocks 5', '9d50000 external fragmentation percent 34', '9d50000 free blocks of the fragmentation line 175'])
    expect(heapStatements[8]).toMatchObject({ frontEnd: 'lfh', flags: 0x1002, stated: { reservedBytes: 1682164 * KIB, committedBytes: 1669420 * KIB, freeBytes: 7769 * KIB, uncommittedRanges: 318 } })
  })

  test('-s of segment heaps', async () => {
    const { heaps, heapStatements } = await real('issue-terminal-16217-segmentheap.log')
    expect(heaps.map(({ flavour }) => flavour)).toEqual(Array(6).fill('segment-heap'))
    expect(heapStatements.map(({ stated }) => stated.committedBytes! / KIB)).toEqual([36452, 2020796, 32, 28, 48, 36])
  })

  test('-stat: size times number is each printed total', async () => {
    const { heapStatements } = await real('keenjin-x86-2.log')
    const { sizes } = heapStatements[0]!
    expect([sizes.length, sizes[0]]).toEqual([20, { sizeBytes: 0x10000, blocks: 0x6228, totalBytes: 0x62280000 }])
    // Printed: 97.11 % of all busy bytes; twenty rows of them.
    expect(sizes[0]!.totalBytes / sizes.reduce((sum, { totalBytes }) => sum + totalBytes, 0)).toBeGreaterThan(0.9711)
  })

  test('-flt: user size and header are the granules, and neighbours touch', async () => {
    const snapshot = await real('keenjin-x86-3.log')
    const { blocks } = snapshot
    const rows = blocksOf(snapshot)
    expect([snapshot.coverage, rows.length, rows[0], codesOf(snapshot)]).toEqual(['some', 18, 'c24afe0+10008 busy 65536', ['left-out x1']])
    expect([...blocks.size.slice()].filter((size) => size === 0x2001 * 8)).toHaveLength(18)
    expect(blocksOf(await real('keenjin-x86-4.log'))).toEqual(['c24afe0+10008 busy 65536'])
  })

  test('-a: free lists sum to Total Free Size, listed rows end at the segment’s end', async () => {
    const snapshot = await real('msdocs-heap-1.log')
    expect(snapshot.heapStatements[0]!.counters).toEqual([{ name: 'free bytes of the free lists', stored: 0x3be * 8, walked: 0x3be * 8, equal: true }])
    const { blocks } = snapshot
    expect(blocks.state.at(blocks.length - 1)).toBe(BlockState.Uncommitted)
    expect(blocks.address.at(blocks.length - 1) + blocks.size.at(blocks.length - 1)).toBe(0x350000)
    // Stated: 56000 committed of 100000 reserved, so aa000 are not.
    expect([snapshot.heapStatements[0]!.stated, blocks.size.at(blocks.length - 1)]).toEqual([{ freeBytes: 7664, reservedBytes: 0x100000, committedBytes: 0x56000 }, 0xaa000])
  })

  test('-srch and -f', async () => {
    expect(blocksOf(await real('msdocs-heap-2.log'))).toEqual(['99a48+c0 busy 184', '99b58+c0 busy 184'])
    const { heapStatements } = await real('issue-windows-driver-docs-1706-heap-f-x64.log')
    expect(heapStatements[0]!.stated.committedBytes).toBe(0xf000 + 0xff000 + 0x1ff000 + 0x3ff000 + 0x7ff000)
  })

  test('heaps of vdb', async () => {
    const { heaps, heapStatements, origin } = await real('issue-vivisect-35-lfh-vdb.log')
    expect([heaps.length, heapStatements[0]!.sizes.length, heapStatements[0]!.sizes[0], origin.producer]).toEqual([4, 12, { sizeBytes: 16, blocks: 0x3e - 6, totalBytes: 16 * 56 }, 'vdb (vivisect)'])
  })
})
