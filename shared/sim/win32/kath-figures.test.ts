import { describe, expect, it } from 'vitest'
import { GlobalFlag } from './constants'
import { hexText } from './hex-text'
import { SimulatedProcess } from './simulated-process'

/*
 * The article's dumps as text. Figure 4 is the handle table, Figures 5 to 7 are blocks of 1, 2, 3, 14, 15 and 16 bytes
 * from GlobalAlloc, HeapAlloc and malloc, each filled with a letter. What the article tells of them is in the
 * tests that follow; the fields inside the header are this simulator's (block-bytes.ts).
 */
const SIZES = [1, 2, 3, 14, 15, 16]
const SMALL_HEAP = { linkerText: '/HEAP:0x10000,0x1000', fillLetters: true } as const

const FIGURE_4 = `
000F0000  00 00 02 00 70 2A 04 00 00 00 02 00 90 2A 04 00  ....p*.......*..
000F0010  00 00 02 00 B0 2A 04 00 00 00 00 00 20 00 0F 00  .....*...... ...
000F0020  00 00 00 00 28 00 0F 00 00 00 00 00 30 00 0F 00  ....(.......0...
000F0030  00 00 00 00 38 00 0F 00 00 00 00 00 40 00 0F 00  ....8.......@...
000F0040  00 00 00 00 48 00 0F 00 00 00 00 00 50 00 0F 00  ....H.......P...
000F0050  00 00 00 00 58 00 0F 00 00 00 00 00 60 00 0F 00  ....X.......\`...
000F0060  00 00 00 00 68 00 0F 00 00 00 00 00 70 00 0F 00  ....h.......p...
000F0070  00 00 00 00 78 00 0F 00 00 00 00 00 00 00 00 00  ....x...........
000F0080  00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  ................`

const FIGURE_5 = `
00040000  02 00 00 00 00 00 00 00 03 0F 00 00 04 00 0F 00  ................
00040010  41 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  A...............
00040020  02 00 00 00 02 00 00 00 03 0E 00 00 0C 00 0F 00  ................
00040030  42 42 00 00 00 00 00 00 00 00 00 00 00 00 00 00  BB..............
00040040  02 00 00 00 02 00 00 00 03 0D 00 00 14 00 0F 00  ................
00040050  43 43 43 00 00 00 00 00 00 00 00 00 00 00 00 00  CCC.............
00040060  03 00 00 00 02 00 00 00 03 12 00 00 1C 00 0F 00  ................
00040070  44 44 44 44 44 44 44 44 44 44 44 44 44 44 00 00  DDDDDDDDDDDDDD..
00040080  00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  ................
00040090  03 00 00 00 03 00 00 00 03 11 00 00 24 00 0F 00  ............$...
000400A0  45 45 45 45 45 45 45 45 45 45 45 45 45 45 45 00  EEEEEEEEEEEEEEE.
000400B0  00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  ................
000400C0  03 00 00 00 03 00 00 00 03 10 00 00 2C 00 0F 00  ............,...
000400D0  46 46 46 46 46 46 46 46 46 46 46 46 46 46 46 46  FFFFFFFFFFFFFFFF
000400E0  00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  ................
000400F0  F1 00 00 00 03 00 00 00 10 00 00 00 00 00 00 00  ................`

/** Figures 6 and 7: the same with plain blocks, whose headers name no handle. */
const FIXED_FIGURE = FIGURE_5.replace(/ 03 (0F|0E|0D|12|11|10) 00 00 .. 00 0F 00  .{16}/g, ' 01 $1 00 00 00 00 00 00  ................')

const dump = (process: SimulatedProcess, address: number, length: number): string => `\n${hexText(address, process.read(address, length))}`
const base = (process: SimulatedProcess): number => process.getProcessHeap()

describe('the figures', () => {
  it('Figure 4 shows the handle table after three allocations', () => {
    const process = new SimulatedProcess(SMALL_HEAP)
    process.malloc(0x2a60 - 16 - 3)
    for (let i = 0; i < 3; i++) process.globalAlloc(GlobalFlag.GMEM_MOVEABLE, 1)
    expect(dump(process, 0xf0000, 0x90)).toBe(FIGURE_4)
  })

  it('Figure 5 shows MOVEABLE blocks of GlobalAlloc', () => {
    const process = new SimulatedProcess(SMALL_HEAP)
    for (const bytes of SIZES) process.globalAlloc(GlobalFlag.GMEM_MOVEABLE, bytes)
    expect(dump(process, base(process), 0x100)).toBe(FIGURE_5)
  })

  it('Figure 6 shows blocks of HeapAlloc, at any heap', () => {
    const process = new SimulatedProcess(SMALL_HEAP)
    for (const bytes of SIZES) process.heapAlloc(base(process), 0, bytes)
    expect(dump(process, base(process), 0x100)).toBe(FIXED_FIGURE)
    const other = new SimulatedProcess(SMALL_HEAP)
    const heap = other.heapCreate(0, 0x1000, 0x10000)
    for (const bytes of SIZES) other.heapAlloc(heap, 0, bytes)
    expect([...other.read(heap, 0x100)]).toEqual([...process.read(base(process), 0x100)])
  })

  it('Figure 7 shows blocks of malloc', () => {
    const process = new SimulatedProcess(SMALL_HEAP)
    for (const bytes of SIZES) process.malloc(bytes)
    expect(dump(process, base(process), 0x100)).toBe(FIXED_FIGURE)
  })
})

/** Consumed bytes of requests of 0 to 64 bytes in the default heap. */
function consumed(tailBytes: number): number[] {
  const process = new SimulatedProcess({ shape: { tailBytes } })
  for (let bytes = 0; bytes <= 64; bytes++) process.malloc(bytes)
  return process.walkHeap(base(process)).filter((entry) => entry.kind === 'busy').map((entry) => entry.consumedBytes)
}

/** [first size, last size, consumed], from the table of the article's cases and the formula's interpolation. */
const spread = (rows: readonly (readonly [number, number, number])[]): number[] =>
  rows.flatMap(([first, last, bytes]) => Array.from({ length: last - first + 1 }, () => bytes))
const ARTICLE = spread([[0, 13, 32], [14, 29, 48], [30, 45, 64], [46, 61, 80], [62, 64, 96]])
const SIMPLE = spread([[0, 16, 32], [17, 32, 48], [33, 48, 64], [49, 64, 80]])

describe('overhead and granularity', () => {
  it('K63 gives a request of 1 byte 16 bytes to use, which HeapValidate accepts as used', () => {
    const process = new SimulatedProcess()
    const pointer = process.malloc(1)
    process.malloc(1)
    process.call('FillMemory', pointer, 16, 0xff)
    expect(process.heapValidate(base(process), 0)).toBe(1)
    process.call('FillMemory', pointer, 17, 0xff)
    expect(process.heapValidate(base(process), 0)).toBe(0)
  })

  it('K64 puts 16 bytes of header before the data and starts blocks at multiples of 16', () => {
    const process = new SimulatedProcess()
    for (let bytes = 0; bytes < 64; bytes++) process.malloc(bytes)
    for (const { kind, address, data } of process.walkHeap(base(process))) if (kind === 'busy') expect([address % 16, data - address]).toEqual([0, 16])
    const names = process.overlay(base(process), 16)
    expect(names.reduce((sum, field) => sum + field.bytes, 0)).toBe(16)
    expect(names[0]).toMatchObject({ structure: 'block header', field: 'size', text: '32 bytes' })
  })

  it.each([3, 8, 13])('K65 K66 consumes 32 bytes for 1, 2, 3 and 48 for 14, 15, 16, with a tail of %i', (tailBytes) => {
    const bytes = consumed(tailBytes)
    expect([1, 2, 3].map((n) => bytes[n])).toEqual([32, 32, 32])
    expect([14, 15, 16].map((n) => bytes[n])).toEqual([48, 48, 48])
  })

  it.each([2, 14])('K65 K66 and no tail of %i gives both', (tailBytes) => {
    const bytes = consumed(tailBytes)
    expect(bytes[3] === 32 && bytes[14] === 48).toBe(false)
  })

  it('K65 K66 consumes over 0 to 64 bytes what the formula and the summary’s rule say', () => {
    expect(consumed(3)).toEqual(ARTICLE)
    expect(consumed(0)).toEqual(SIMPLE)
    const sum = (bytes: readonly number[]): number => bytes.reduce((total, one) => total + one, 0)
    expect([sum(consumed(3)), sum(consumed(0))]).toEqual([3808, 3616])
  })

  it('K67 consumes alike from GlobalAlloc MOVEABLE and FIXED, HeapAlloc and malloc', () => {
    const ways = [
      (process: SimulatedProcess, bytes: number) => process.globalAlloc(GlobalFlag.GMEM_MOVEABLE, bytes),
      (process: SimulatedProcess, bytes: number) => process.globalAlloc(0, bytes),
      (process: SimulatedProcess, bytes: number) => process.heapAlloc(base(process), 0, bytes),
      (process: SimulatedProcess, bytes: number) => process.malloc(bytes),
    ]
    const results = ways.map((way) => {
      const process = new SimulatedProcess()
      for (let bytes = 1; bytes <= 64; bytes++) way(process, bytes)
      return process.walkHeap(base(process)).filter((entry) => entry.kind === 'busy').map((entry) => entry.consumedBytes)
    })
    for (const result of results) expect(result).toEqual(ARTICLE.slice(1))
  })

  it('K68 ends the heap with a tail line that goes on as blocks are added', () => {
    const process = new SimulatedProcess()
    for (let i = 1; i < 20; i++) {
      process.malloc(1)
      const tail = process.overlay(base(process), 4096).filter((field) => field.structure === 'heap tail')
      expect(tail[0]!.address).toBe(base(process) + 32 * i)
      expect([...process.read(tail[0]!.address, 16)].some((byte) => byte !== 0)).toBe(true)
    }
  })

  it('K69 wastes less the larger the requests are', () => {
    const ratios = [1, 10, 100, 1000, 10_000, 100_000].map((bytes) => {
      const process = new SimulatedProcess()
      process.malloc(bytes)
      return process.heaps()[0]!.consumedBytes / bytes
    })
    expect(ratios).toEqual([...ratios].sort((a, b) => b - a))
    expect(ratios[0]).toBe(32)
    expect(ratios[5]).toBeLessThan(1.001)
  })
})
