import { describe, expect, test } from 'vitest'
import { PAGE_BYTES } from '../../base/units'
import type { Bits, BuildKey } from '../layouts/structure-table'
import { MemoryView } from '../memory-view'
import { SparseMemory } from '../testing/sparse-memory'
import { materialiseSegmentHeap } from './segment-heap-image'
import type { RangePlan, SegmentHeapPlan } from './segment-heap-plan'

/*
 * Every byte rule of the Segment Heap that two sources agree on (segment-heap.md 1, 3 to 6, marked H), with numbers
 * worked out by hand here; the walk is not asked.
 */
const HEAP = 0x1f200110000
const SEGMENT = 0x1f201000000
const KEY = { low: 0x89abcdef, high: 0x01234567 }
const LFH_KEY = 0x5a5a1234

const CHUNKS: RangePlan = {
  use: 'vs', units: 16, isGuarded: false,
  chunks: [
    { bytes: 0x50, isBusy: true, requested: 0x40, cost: 0 },
    { bytes: 0x60, isBusy: true, requested: 0x4f, cost: 0 },
    { bytes: 0x40, isBusy: true, requested: 0x28, cost: 0 },
    { bytes: 0x10000 - 0x30 - 0xf0, isBusy: false, requested: 0, cost: 3 },
  ],
}
const slots = (count: number): { isBusy: boolean; requested: number }[] => Array.from({ length: count }, (_, i) => ({ isBusy: i === 0 || i === 33, requested: i === 0 ? 48 : i === 33 ? 40 : 0 }))
const SLOTS: RangePlan = { use: 'lfh', units: 1, bucket: 3, firstFreeWord: 0, slots: slots(80) }
const PAGES: RangePlan = { use: 'pages', units: 40, requested: 40 * PAGE_BYTES - 77 }
const RANGES: readonly RangePlan[] = [CHUNKS, SLOTS, PAGES, { use: 'free', units: 254 - 57 }]

function viewOf(build: BuildKey, bits: Bits = 64, changes: Partial<SegmentHeapPlan> = {}): MemoryView {
  const image = materialiseSegmentHeap({
    bits, build, address: bits === 64 ? HEAP : 0x110000, reservedBehind: 0, large: [], metadataAt: bits === 64 ? 0x1f300000000 : 0x9000000, usage: [], largestOfContext: [520_192, 8_323_072],
    segments: [{ address: bits === 64 ? SEGMENT : 0x1000000, unitShift: 12, ranges: RANGES, pages: new Uint8Array(256).fill(1, 0, 60) }],
    heapKey: bits === 64 ? KEY : { low: KEY.low, high: 0 }, lfhKey: LFH_KEY, encodesRoot: false, ...changes,
  })
  const memory = new SparseMemory()
  for (const { address, bytes, reservedBehind } of image.memory) memory.add(address, bytes, reservedBehind)
  return new MemoryView(memory)
}

/** A 64-bit value, for keys: doubles do not hold them. */
const qword = (view: MemoryView, at: number): bigint => BigInt(view.u32(at)) | (BigInt(view.u32(at + 4)) << 32n)
const HEAP_KEY = 0x0123456789abcdefn
const CONSTANT = 0xa2e64eada2e64eadn

test('[seg-signature] the signature 0xDDEEDDEE stands at 0x10, with 32 bits at 8 (1)', () => {
  expect([viewOf('win11_22H2').u32(HEAP + 0x10), viewOf('win10_2004', 32).u32(0x110008)]).toEqual([0xddeeddee, 0xddeeddee])
})

describe('segments (3)', () => {
  test.each([
    ['win10_1607', [0x2e, 0x26, 0xf, 0xe, 8]],
    ['win10_1709', [15, 13, 11, 3, 2]],
    ['win11_24H2', [15, 13, 11, 3, 2]],
  ] as const)('[seg-range-flags] %s: flags of chunks (first descriptor, further one), slots, pages and free', (build, flags) => {
    const view = viewOf(build)
    // 32 bytes a descriptor, the flags at 0x18; descriptors 0 and 1 are the header.
    const flagsOf = (unit: number): number => view.u8(SEGMENT + unit * 32 + 0x18)
    expect([2, 3, 18, 19, 59].map(flagsOf)).toEqual(flags)
  })

  test('[seg-unit-size] a first descriptor tells its length, the others how far back it is: byte 0x1F, 0x1B before 1709', () => {
    for (const [build, at] of [['win10_1607', 0x1b], ['win11_22H2', 0x1f]] as const) {
      const view = viewOf(build)
      expect([2, 3, 17, 18, 19, 58, 59].map((unit) => view.u8(SEGMENT + unit * 32 + at))).toEqual([16, 1, 15, 1, 40, 39, 197])
    }
  })

  test('[seg-segment-signature] the signature: before 1709 the address in megabytes, key, heap and constant; since then segment, context, key and constant; 24H2 without it', () => {
    const context = HEAP + 0x100
    expect(qword(viewOf('win10_1607'), SEGMENT + 0x10)).toBe(BigInt(SEGMENT / 0x100000) ^ HEAP_KEY ^ BigInt(HEAP) ^ CONSTANT)
    expect(qword(viewOf('win10_2004'), SEGMENT + 0x10)).toBe(BigInt(SEGMENT) ^ HEAP_KEY ^ BigInt(context) ^ CONSTANT)
    const view = viewOf('win11_24H2')
    const late = qword(view, SEGMENT + 0x10) ^ BigInt(SEGMENT) ^ HEAP_KEY
    expect(late >= BigInt(HEAP) && late < BigInt(HEAP) + 0xa40n).toBe(true)
  })

  test('a block of pages is its units less the unused bytes', () => {
    expect(viewOf('win11_22H2').u32(SEGMENT + 19 * 32 + 4)).toBe(77)
  })
})

describe('sub-segments of chunks (4)', () => {
  const AT = SEGMENT + 2 * PAGE_BYTES

  test('[seg-chunk-sub-segment-header] size in granules behind the header of 0x30, XOR 0x2BED the signature, whose top bit says that all is committed', () => {
    const view = viewOf('win10_2004')
    const size = view.u16(AT + 0x20)
    expect(size).toBe((0x10000 - 0x30) >> 4)
    expect(view.u16(AT + 0x22)).toBe(((size ^ 0x2bed) & 0x7fff) | 0x8000)
    const partly = viewOf('win10_2004', 64, { segments: [{ address: SEGMENT, unitShift: 12, ranges: [CHUNKS, { use: 'free', units: 238 }], pages: new Uint8Array(256).fill(1, 0, 10) }] })
    expect(partly.u16(AT + 0x22)).toBe((size ^ 0x2bed) & 0x7fff)
    // In the 2016 text the whole constant is 0xABED.
    expect(viewOf('win10_1607').u16(AT + 0x22)).toBe(size ^ 0xabed)
    const narrow = viewOf('win10_2004', 32, { segments: [{ address: 0x1000000, unitShift: 12, ranges: [{ ...CHUNKS, chunks: [{ bytes: 0x10000 - 0x18, isBusy: false, requested: 0, cost: 0 }] }, { use: 'free', units: 238 }], pages: new Uint8Array(256).fill(1) }] })
    expect(narrow.u16(0x1002000 + 0x14)).toBe((0x10000 - 0x18) >> 3)
  })

  test('[seg-chunk-header] a chunk tells cost, size, the size before it and whether it is taken, XOR its address and the key', () => {
    const view = viewOf('win10_2004')
    const fieldsAt = (at: number): number[] => {
      const plain = qword(view, at) ^ BigInt(at) ^ HEAP_KEY
      return [0n, 16n, 32n, 48n].map((shift) => Number((plain >> shift) & 0xffffn) & (shift === 48n ? 0xff : 0xffff))
    }
    expect([fieldsAt(AT + 0x30), fieldsAt(AT + 0x80), fieldsAt(AT + 0x30 + 0xf0)]).toEqual([[0, 5, 0, 1], [0, 6, 5, 1], [3, (0x10000 - 0x30 - 0xf0) / 16, 4, 0]])
  })

  test('[seg-chunk-unused] unused bytes: bit 8 of the dword at 8 says so; one is the top bit of the last two bytes, more are a count there', () => {
    const view = viewOf('win10_2004')
    const [whole, one, more] = [AT + 0x30, AT + 0x80, AT + 0xe0]
    expect([whole, one, more].map((at) => view.u32(at + 8) & 0x100)).toEqual([0, 0x100, 0x100])
    // 0x60 - 0x10 - 0x4f and 0x40 - 0x10 - 0x28.
    expect([view.u16(one + 0x5e) & 0x8000, view.u16(more + 0x3e)]).toEqual([0x8000, 8])
  })

  test('[seg-chunk-header-x86] 32 bits: 1, 15, 15 and 1 bits in units of 8', () => {
    const chunks = [{ bytes: 0x28, isBusy: true, requested: 0x20, cost: 0 }, { bytes: 0x10000 - 0x18 - 0x28, isBusy: false, requested: 0, cost: 1 }]
    const view = viewOf('win10_2004', 32, { segments: [{ address: 0x1000000, unitShift: 12, ranges: [{ ...CHUNKS, chunks }, { use: 'free', units: 238 }], pages: new Uint8Array(256).fill(1) }] })
    const plain = (at: number): number => (view.u32(at) ^ at ^ KEY.low) >>> 0
    const [first, second] = [plain(0x1002018), plain(0x1002040)]
    expect([first & 1, (first >>> 1) & 0x7fff, (first >>> 16) & 0x7fff, first >>> 31]).toEqual([0, 5, 0, 1])
    expect([second & 1, (second >>> 1) & 0x7fff, (second >>> 16) & 0x7fff, second >>> 31]).toEqual([1, (0x10000 - 0x18 - 0x28) / 8, 5, 0])
  })
})

describe('sub-segments of slots (5)', () => {
  const AT = SEGMENT + 18 * PAGE_BYTES
  // 80 slots: 160 bits are three words of 64.
  const FIRST = 0x50

  test('[seg-slot-bitmap] two bits a slot: busy, and unused bytes in its last two bytes', () => {
    const view = viewOf('win10_2004')
    const pair = (slot: number): number => (view.u8(AT + 0x38 + (slot >> 2)) >> ((slot & 3) * 2)) & 3
    expect([0, 1, 32, 33, 34].map(pair)).toEqual([1, 0, 0, 3, 0])
    expect(view.u16(AT + FIRST + 34 * 48 - 2)).toBe(8)
  })

  test('24H2: 32 busy bits in the low half of each 64', () => {
    const view = viewOf('win11_24H2')
    expect([view.u32(AT + 0x38), view.u32(AT + 0x3c), view.u32(AT + 0x40)]).toEqual([1, 0, 2])
  })

  test('[seg-slot-offsets] block size and first block, XOR the low half of the key and the address shifted right by 12; 24H2 shifts 64 bits', () => {
    const plain = (48 | (FIRST << 16)) >>> 0
    expect(viewOf('win10_2004').u32(AT + 48)).toBe((plain ^ LFH_KEY ^ ((AT % 2 ** 32) >>> 12)) >>> 0)
    expect(viewOf('win11_24H2').u32(AT + 48)).toBe((plain ^ LFH_KEY ^ Math.floor(AT / 4096) % 2 ** 32) >>> 0)
  })

  test('[seg-bucket-word] a bucket is a pointer when it is active, and before that an odd word: living blocks in five bits, requests in eleven, at 2', () => {
    const view = viewOf('win10_2004', 64, { usage: [{ bucket: 9, living: 12, requests: 300 }] })
    const bucket = (index: number): number => HEAP + 832 + 128 + index * 8
    const usage = view.u16(bucket(9) + 2)
    expect([view.u32(bucket(9)) & 1, usage & 31, usage >> 5]).toEqual([1, 12, 300])
    expect(view.pointer(bucket(3), 64)).toBeGreaterThan(HEAP)
    expect(view.pointer(bucket(3), 64) % 2).toBe(0)
  })
})

describe('large blocks (6)', () => {
  const large = [5, 1, 9, 3, 7].map((at) => ({ address: 0x1f400000000 + at * 0x1000000, bytes: at * 0x300000, requested: at * 0x300000 - at * 100, reservedBehind: PAGE_BYTES }))

  test('[seg-large-records] records by address in a tree: unused bytes in the low 16 bits of the address, pages from bit 12 of the second word', () => {
    for (const [encodesRoot, build] of [[false, 'win10_1607'], [true, 'win11_22H2']] as const) {
      const view = viewOf(build, 64, { large, encodesRoot })
      const tree = HEAP + (build === 'win10_1607' ? 56 : 72)
      const root = Number(qword(view, tree) ^ (encodesRoot ? BigInt(tree) : 0n))
      expect(view.u32(tree + 8) & 1).toBe(encodesRoot ? 1 : 0)
      const found: number[][] = []
      const visit = (node: number): void => {
        if (node === 0) return
        visit(view.pointer(node, 64))
        const address = view.pointer(node + 24, 64)
        found.push([Math.floor(address / 0x10000) * 0x10000, address % 0x10000, Math.floor(view.word(node + 32, 64) / 4096)])
        visit(view.pointer(node + 8, 64))
      }
      visit(root)
      expect(found).toEqual([1, 3, 5, 7, 9].map((at) => [0x1f400000000 + at * 0x1000000, at * 100, at * 0x300]))
    }
  })
})
