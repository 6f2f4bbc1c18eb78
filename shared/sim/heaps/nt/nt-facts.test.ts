import { describe, expect, it, test } from 'vitest'
import { PAGE_BYTES } from '../../../base/units'
import { heapDefinitions } from '../../profiles'
import { NO_BLOCK } from '../heap'
import { lfhBucketBytes, lfhBucketOfUnits, lfhFirstSlot, lfhSizeIndex, lfhSlotsOf } from './lfh-sizes'
import { NtKind, unitsOfRequest } from './nt-rules'
import { NtUnderTest } from './testing/nt-under-test'

/*
 * Constants and rules of facts/windows-heap/nt-heap.md whose confidence is high, one test each, named by section; F1 and
 * so on are the real bytes and debugger outputs of fixtures.md.
 */
const X86 = ['win7-x86', 'win81-x86', 'win10-x86', 'win11-x86']
const X64 = ['win7-x64', 'win81-x64', 'win10-x64', 'win11-x64']
const PRIVATE = { reserve: 0x10000, spare: 0 }
const ALL = [...X86, ...X64]

const lfh = (profile: string, overrides = {}): NtUnderTest => new NtUnderTest('nt-lfh', profile, overrides)

describe('1 constants', () => {
  it.each([
    [8, 1, 2], [8, 8, 2], [8, 9, 3], [8, 0x100, 33],
    [16, 0, 2], [16, 24, 2], [16, 25, 3], [16, 0x3ff0, 0x400],
  ])('[nt-rounding] granule %i: a request of %i takes %i units', (granule, bytes, units) => {
    expect(unitsOfRequest(bytes, granule)).toBe(units)
  })

  it.each(ALL)('[nt-granule] [nt-usable-bytes] [nt-least-block] %s: a block of u units has room for 8 bytes less, and the least is two units', (profile) => {
    const heap = lfh(profile)
    const unit = heap.heap.granularityBytes
    expect(unit).toBe(profile.endsWith('x86') ? 8 : 16)
    for (const units of [2, 3, 10, 100]) expect(heap.sizeOf(heap.alloc(units * unit - 8))).toBe(units * unit)
    expect(heap.sizeOf(heap.alloc(0))).toBe(2 * unit)
  })

  it.each([[X86, 0xfe00, 0x7f000], [X64, 0xff00, 0xff000]] as const)('[nt-virtual-threshold] %s: blocks above 0x%x units have reservations of their own', (profiles, units, bytes) => {
    for (const profile of profiles) {
      const heap = lfh(profile)
      const unit = heap.heap.granularityBytes
      expect(units * unit).toBe(bytes)
      expect(heap.kindOf(heap.alloc(bytes - 8))).toBe(NtKind.Block)
      const large = heap.alloc(bytes - 7)
      expect(heap.kindOf(large)).toBe(NtKind.Virtual)
      // 3.2: the entry before the data has 0x20 or 0x40 bytes, the rest is rounded up to pages.
      expect(heap.sizeOf(large)).toBe(Math.ceil((bytes - 7 + (unit === 8 ? 0x20 : 0x40)) / PAGE_BYTES) * PAGE_BYTES)
    }
  })

  it.each([['win7-x86', 0x100], ['win7-x64', 0x100], ['win81-x64', 0xff], ['win10-x86', 0xff], ['win10-x64', 0xff]])('[nt-process-heap-pages] %s: the process heap has 0x%x pages', (profile, pages) => {
    expect(lfh(profile).segmentBytes()).toEqual([pages * PAGE_BYTES])
  })

  it.each([['win7-x86', 0x588], ['win7-x64', 0xa80], ['win10-x86', 0x498], ['win10-x64', 0x740]])('[nt-heap-header] %s: the first entry lies at 0x%x', (profile, header) => {
    expect(lfh(profile).freeRanges()[0]![0]).toBe(header)
  })

  it.each(ALL)('[nt-marker-size] %s: the marker of an uncommitted range has 0x20 or 0x40 bytes', (profile) => {
    const heap = lfh(profile)
    const [marker] = heap.chain().filter((slot) => heap.kindOf(slot) === NtKind.Marker)
    expect(heap.sizeOf(marker!)).toBe(profile.endsWith('x86') ? 0x20 : 0x40)
  })

  it.each([
    ['win7-x86', 4096], ['win7-x64', 4096], ['win10-x64', 16384],
  ])('[nt-decommit-block] %s: a free block of %i bytes is decommitted once 64 KB are free', (profile, least) => {
    const heap = lfh(profile, { lfh: false })
    const unit = heap.heap.granularityBytes
    // Free blocks apart from one another, none as large as the threshold.
    const some = Array.from({ length: 80 }, () => [heap.alloc(2000), heap.alloc(8)] as const)
    const [below, , above, ,] = [heap.alloc(least - unit - 8), heap.alloc(8), heap.alloc(least + PAGE_BYTES - 8), heap.alloc(8)]
    const before = heap.uncommitted()
    for (const [block] of some) heap.free(block)
    heap.free(below)
    const total = heap.freeRanges().reduce((sum, [, bytes]) => sum + bytes, 0)
    expect(total).toBeGreaterThan(65536)
    expect(heap.uncommitted()).toEqual(before)
    heap.free(above)
    expect(heap.uncommitted()).toHaveLength(before.length + 1)
  })

  test('[nt-decommit-total] below 64 KB of free memory nothing is decommitted', () => {
    const heap = lfh('win10-x64', { lfh: false })
    const blocks = [heap.alloc(20_000), heap.alloc(8)]
    const committed = heap.committedBytes
    heap.free(blocks[0]!)
    expect(heap.committedBytes).toBe(committed)
  })

  test('[nt-registry-override] the registry value for free blocks seen in practice, 256 KB, keeps them committed', () => {
    const heap = lfh('win10-x64', { lfh: false, decommitBlock: 0x40000 })
    const blocks = [heap.alloc(200_000), heap.alloc(8), heap.alloc(300_000), heap.alloc(8)]
    const committed = heap.committedBytes
    heap.free(blocks[0]!)
    expect(heap.committedBytes).toBe(committed)
    heap.free(blocks[2]!)
    expect(heap.committedBytes).toBeLessThan(committed - 256_000)
  })
})

describe('1, 3 what a heap refuses and how its flags change it', () => {
  it.each([['win7-x86', 0x7ffdefff], ['win10-x86', 0x7ffdefff], ['win7-x64', 0x7fffffdefff], ['win81-x64', 0x7ffffffdefff], ['win11-x64', 0x7ffffffdefff]])('[nt-maximum-allocation] %s: the last user address less 64 KB and a page, 0x%x, is the largest request', (profile, largest) => {
    const { values } = heapDefinitions.find(({ id }) => id === 'nt-lfh')!.profiles.find(({ id }) => id === profile)!
    expect(values['maximumAllocation']).toBe(largest)
    const userEnd = profile.endsWith('x86') ? 2 ** 31 : profile === 'win7-x64' ? 2 ** 43 : 2 ** 47
    expect(largest).toBe(userEnd - 0x10000 - 0x10000 - PAGE_BYTES - 1)
    const heap = lfh(profile, { maximumAllocation: 2 ** 21 })
    expect([heap.alloc(2 ** 21) !== NO_BLOCK, heap.alloc(2 ** 21 + 1)]).toEqual([true, NO_BLOCK])
  })

  it.each(['win7-x86', 'win10-x64'])('[nt-fixed-heap] %s: a heap of fixed size has neither further segments, nor blocks of their own reservations, nor a front end', (profile) => {
    const heap = lfh(profile, { growable: false })
    expect(heap.alloc(0x100000)).toBe(NO_BLOCK)
    const blocks = Array.from({ length: 100 }, () => heap.alloc(40))
    expect(blocks.some((block) => heap.isFromLfh(block))).toBe(false)
    while (heap.alloc(60_000) !== NO_BLOCK);
    expect(heap.segmentBytes()).toHaveLength(1)
  })

  test('[nt-no-serialize] without serialization neither look-aside lists nor the front end', () => {
    const heap = lfh('win10-x64', { serialized: false })
    expect(Array.from({ length: 100 }, () => heap.alloc(40)).some((block) => heap.isFromLfh(block))).toBe(false)
    const old = new NtUnderTest('nt-xp', 'xp-x86', { serialized: false })
    old.free(old.alloc(40))
    expect(old.cached.size).toBe(0)
  })

  test('[nt-no-coalesce] with merging disabled freed neighbours stay apart, and are served apart', () => {
    const heap = lfh('win10-x64', { lfh: false, mergeFreed: false })
    const blocks = [heap.alloc(100), heap.alloc(100), heap.alloc(8)]
    const at = heap.offsetOf(blocks[0]!)
    heap.free(blocks[0]!)
    heap.free(blocks[1]!)
    expect(heap.freeRanges().slice(0, 2)).toEqual([[at, 112], [at + 112, 112]])
    expect(heap.offsetOf(heap.alloc(200))).toBeGreaterThan(at + 112)
    expect(heap.offsetOf(heap.alloc(100))).toBe(at + 112)
  })

  it.each(ALL)('[nt-zero-request] %s: a request of no bytes gets the least block', (profile) => {
    const heap = lfh(profile)
    expect(heap.sizeOf(heap.alloc(0))).toBe(2 * heap.heap.granularityBytes)
  })

  it.each(ALL)('[nt-segment-commit] %s: pages are committed 0x2000 bytes at a time', (profile) => {
    const heap = lfh(profile, { lfh: false })
    const before = heap.committedBytes
    while (heap.committedBytes === before) heap.alloc(100)
    expect(heap.committedBytes - before).toBe(0x2000)
  })
})

test('[nt-xp-lists] 3.1 before Windows Vista: one list for each number of units, the smallest that suffices first, above 127 units one sorted list', () => {
  const heap = new NtUnderTest('nt-xp', 'xp-x86', { lookasideDepth: 0 })
  const holes = [90, 40, 130, 500, 300].map((units) => [heap.alloc(units * 8 - 8), heap.alloc(8)] as const)
  for (const [hole] of holes) heap.free(hole)
  const at = (index: number): number => heap.offsetOf(holes[index]![0])
  const places = [at(0), at(1), at(2), at(4)]
  expect([85, 40, 128, 300].map((units) => heap.offsetOf(heap.alloc(units * 8 - 8)))).toEqual(places)
})

describe('F1 Windows 7 x86, a private heap', () => {
  const fresh = (): NtUnderTest => lfh('win7-x86', PRIVATE)

  test('[nt-private-heap] [nt-first-free-block] fresh: 588 of header, a58 free, the descriptor at fe0, f000 uncommitted', () => {
    const heap = fresh()
    expect(heap.freeRanges()).toEqual([[0x588, 0xa58]])
    expect(heap.markers()).toEqual([0xfe0])
    expect(heap.uncommitted()).toEqual([[0x1000, 0xf000]])
  })

  test('the free block has 0x149 units after one request of 8 bytes, 0x13f after six', () => {
    const heap = fresh()
    expect(heap.offsetOf(heap.alloc(8))).toBe(0x588)
    expect(heap.nt.backEnd.lists.units).toBe(0x149)
    for (let i = 1; i < 6; i++) heap.alloc(8)
    expect(heap.nt.backEnd.lists.units).toBe(0x13f)
    expect(heap.freeRanges()).toEqual([[0x5e8, 0x9f8]])
  })

  test('[nt-front-insert] 3.1, 3.4: freed blocks of a size go to the front of it, and the last one freed is served first', () => {
    const heap = fresh()
    const blocks = Array.from({ length: 6 }, () => heap.alloc(8))
    for (const i of [0, 2, 4]) heap.free(blocks[i]!)
    const listed: number[] = []
    heap.nt.backEnd.lists.walk((slot) => listed.push(heap.offsetOf(slot)))
    // The fixture follows the links backward: rest, 588, 5a8, 5c8.
    expect(listed).toEqual([0x5c8, 0x5a8, 0x588, 0x5e8])
    expect(heap.offsetOf(heap.alloc(8))).toBe(0x5c8)
  })
})

test('[nt-private-heap-x64] F8 Windows 7 x64: FirstEntry a80, 0x10 pages, 0xe of them uncommitted, descriptor at 1fd0, 0x154 units free', () => {
  const heap = lfh('win7-x64', PRIVATE)
  expect(heap.freeRanges()).toEqual([[0xa80, 0x154 * 16]])
  expect(heap.segmentBytes()).toEqual([0x10 * PAGE_BYTES])
  expect(heap.uncommitted()).toEqual([[0x2000, 0xe * PAGE_BYTES]])
  // The descriptor lies behind the entry of its block; its second link, UCRSegmentList, 0x10 further on.
  expect(heap.markers().map((at) => at + 0x10)).toEqual([0x1fd0])
})

test('[nt-ucr-position] F9 Windows 10 x64: with 0x74 pages committed the range begins at 74000, its descriptor at 73fd0, 0x8b pages are left', () => {
  const heap = lfh('win10-x64', { lfh: false })
  while (heap.uncommitted()[0]![1] > 0x8b * PAGE_BYTES) heap.alloc(1000)
  expect(heap.segmentBytes()).toEqual([0xff * PAGE_BYTES])
  expect(heap.uncommitted()).toEqual([[0x74000, 0x8b * PAGE_BYTES]])
  expect(heap.markers().map((at) => at + 0x10)).toEqual([0x73fd0])
  expect(heap.freeRanges()[0]?.[0] ?? 0x740).toBeGreaterThanOrEqual(0x740)
})

test('[nt-segment-reserve] [nt-segment-doubling] F11 x64: segments of 0x10000, 0x100000, 0x200000, 0x400000, 0x800000, and then SegmentReserve is 0x1000000', () => {
  const heap = lfh('win7-x64', PRIVATE)
  while (heap.segmentBytes().length < 5) heap.alloc(50_000)
  expect(heap.segmentBytes()).toEqual([0x10000, 0x100000, 0x200000, 0x400000, 0x800000])
  expect(heap.nt.backEnd.segmentReserve).toBe(0x1000000)
})

describe('3 back end', () => {
  test('[nt-best-fit] 3.2 best fit: the smallest free block that suffices, an exact one first', () => {
    const heap = lfh('win10-x64', { lfh: false })
    const holes = [400, 120, 248, 3000].map((bytes) => [heap.alloc(bytes), heap.alloc(8)] as const)
    for (const [hole] of holes) heap.free(hole)
    expect(heap.offsetOf(heap.alloc(248))).toBe(heap.offsetOf(holes[2]![0]))
    const [hole] = holes[0]!
    const at = heap.offsetOf(hole)
    expect(heap.offsetOf(heap.alloc(300))).toBe(at)
  })

  test('[nt-one-unit-rest] 3.2 a rest of one unit stays in the block', () => {
    const heap = lfh('win10-x64', { lfh: false })
    const [hole] = [heap.alloc(120), heap.alloc(8)]
    heap.free(hole)
    const block = heap.alloc(104)
    expect([block, heap.sizeOf(block)]).toEqual([hole, 128])
  })

  test('[nt-merge] 3.4 a freed block merges with free neighbours on both sides', () => {
    const heap = lfh('win7-x86', { lfh: false })
    const blocks = Array.from({ length: 4 }, () => heap.alloc(100))
    heap.free(blocks[0]!)
    heap.free(blocks[2]!)
    expect(heap.freeRanges()).toHaveLength(3)
    heap.free(blocks[1]!)
    expect(heap.freeRanges().map(([, bytes]) => bytes)).toEqual([3 * 112, expect.any(Number)])
  })

  test('[nt-marker-moves] 3.3 a committed run before uncommitted pages ends with its descriptor, which moves when pages are committed', () => {
    const heap = lfh('win7-x86', { ...PRIVATE, lfh: false })
    heap.alloc(3000)
    expect(heap.markers()).toEqual([0x3fe0 - 0x1000])
    expect(heap.uncommitted()).toEqual([[0x3000, 0xd000]])
  })

  test('3.1 before Windows Vista descriptors lie elsewhere: a run ends with its last block', () => {
    const heap = new NtUnderTest('nt-xp', 'xp-x86')
    expect(heap.markers()).toEqual([])
    expect(heap.freeRanges()[0]![1]).toBe(PAGE_BYTES - 0x680)
  })
})

describe('4 look-aside lists', () => {
  test('[nt-lookaside-lifo] blocks of up to 127 units stay busy for the back end, and the newest is served first', () => {
    const heap = new NtUnderTest('nt-xp', 'xp-x86')
    const blocks = Array.from({ length: 4 }, () => heap.alloc(1008))
    const free = heap.freeRanges()
    for (const block of blocks) heap.free(block)
    expect(heap.freeRanges()).toEqual(free)
    expect(heap.cached.size).toBe(4)
    expect(blocks.map(() => heap.alloc(1008))).toEqual([...blocks].reverse())
    const larger = heap.alloc(1009)
    heap.free(larger)
    expect(heap.cached.size).toBe(0)
  })

  test('[nt-lookaside-depth] a list never holds more than 0x100 blocks', () => {
    const heap = new NtUnderTest('nt-xp', 'xp-x86')
    for (let round = 0; round < 40; round++) {
      const blocks = Array.from({ length: 600 }, () => heap.alloc(40))
      for (const block of blocks) heap.free(block)
    }
    expect(heap.cached.size).toBe(0x100)
  })

  test('a heap of fixed size has none', () => {
    const heap = new NtUnderTest('nt-xp', 'xp-x86', { growable: false })
    heap.free(heap.alloc(40))
    expect(heap.cached.size).toBe(0)
  })
})

describe('5 low-fragmentation heap', () => {
  const firstFromLfh = (heap: NtUnderTest, bytes: number): number => {
    for (let request = 1; request < 100; request++) if (heap.isFromLfh(heap.alloc(bytes))) return request
    return NO_BLOCK
  }

  it.each([
    ['win7-x86', 18, 17], ['win7-x64', 18, 17], ['win81-x86', 19, 18], ['win81-x64', 19, 18], ['win10-x86', 19, 18], ['win10-x64', 19, 18], ['win11-x64', 19, 18],
  ])('[nt-lfh-activation] 5.1 %s: on a fresh heap request %i of a size is the first served, once the front end exists request %i', (profile, fresh, later) => {
    const heap = lfh(profile)
    expect(firstFromLfh(heap, 40)).toBe(fresh)
    expect(firstFromLfh(heap, 400)).toBe(later)
    // Sizes above 127 units are counted from then on.
    expect(firstFromLfh(heap, 16_000)).toBe(later)
  })

  test('[nt-lfh-total] 5.1 about 2,040 requests of a size in all activate it, alive or not', () => {
    const heap = lfh('win10-x64')
    let requests = 0
    for (;;) {
      const block = heap.alloc(40)
      requests++
      if (heap.isFromLfh(block)) break
      heap.free(block)
    }
    expect(requests).toBe(2042)
  })

  it.each(ALL)('5.1 %s: serves requests up to 16 KB less the header, larger ones never', (profile) => {
    const heap = lfh(profile, { armAt: 1 })
    const largest = profile.endsWith('x86') ? 16_376 : 16_368
    for (let i = 0; i < 5; i++) heap.alloc(16)
    for (let i = 0; i < 5; i++) heap.alloc(largest + 9)
    expect(heap.isFromLfh(heap.alloc(largest + 9))).toBe(false)
    expect(firstFromLfh(heap, largest)).toBeGreaterThan(0)
  })

  test('[nt-lfh-buckets] 5.2 128 buckets: x86 in steps of 8, 16, 32 ... 512, x64 of 16, then 64 ... 512', () => {
    const [x86, x64] = [lfhBucketBytes(8), lfhBucketBytes(16)]
    expect([1, 32, 33, 48, 49, 64, 65, 80, 81, 96, 97, 112, 113, 128].map((bucket) => x86[bucket])).toEqual([8, 256, 272, 512, 544, 1024, 1088, 2048, 2176, 4096, 4352, 8192, 8704, 16384])
    expect([1, 64, 65, 80, 81, 96, 97, 112, 113, 128].map((bucket) => x64[bucket])).toEqual([16, 1024, 1088, 2048, 2176, 4096, 4352, 8192, 8704, 16384])
    // The smallest bucket whose blocks suffice.
    for (const granule of [8, 16]) {
      const sizes = lfhBucketBytes(granule)
      lfhBucketOfUnits(granule).forEach((bucket, units) => {
        if (units > 0) expect([sizes[bucket]! >= units * granule, sizes[bucket - 1]! < units * granule]).toEqual([true, true])
      })
    }
  })

  test('[nt-lfh-sub-segment] 5.3 F6: the first sub-segment of the bucket of 48 bytes has 1,024 bytes and 0x13 slots', () => {
    const layout = { granule: 16, bitmapAt: 48, plainHeader: 0 }
    expect(lfhSizeIndex({ stride: 48, slotsSoFar: 0, subSegments: 0, isLongRun: false, hasAffinity: false, leastSlots: 0, container: layout })).toBe(10)
    expect(lfhSlotsOf(layout, 1024, 48)).toBe(0x13)
    // And in a heap: BlockCount 0x13 of the fixture.
    const heap = lfh('win10-x64')
    let block = NO_BLOCK
    while (!heap.isFromLfh(block)) block = heap.alloc(40)
    const home = heap.lfh.frontEnd.homeOf(block)
    expect([home.count, heap.sizeOf(home.block)]).toEqual([0x13, 1024])
    expect(heap.sizeOf(block)).toBe(48)
  })

  it.each([
    [32, 0, 0, false, 10], [272, 0, 0, false, 12], [48, 19, 1, false, 11], [48, 4000, 5, false, 15], [48, 4000, 5, true, 16], [16384, 1000, 9, true, 18], [16, 0, 0, false, 9],
  ])('5.3 slots of %i bytes, %i slots in %i sub-segments, long run %s: a container of 2^%i bytes', (stride, slotsSoFar, subSegments, isLongRun, index) => {
    expect(lfhSizeIndex({ stride, slotsSoFar, subSegments, isLongRun, hasAffinity: false, leastSlots: 0, container: { granule: 16, bitmapAt: 48, plainHeader: 0 } })).toBe(index)
  })

  it.each([[24, 41, 1024, 1], [32, 63, 2048, 1], [40, 50, 2048, 3]])('Windows 7 x86, a real process heap: slots of %i bytes come %i in a container of %i bytes, in %i sub-segments', (stride, count, bytes, subSegments) => {
    const heap = lfh('win7-x86')
    let block = NO_BLOCK
    while (!heap.isFromLfh(block)) block = heap.alloc(stride - 8)
    for (let made = 1; made <= subSegments; made++) {
      while (heap.lfh.frontEnd.subSegmentsMade < made) block = heap.alloc(stride - 8)
      const home = heap.lfh.frontEnd.homeOf(block)
      expect([home.count, heap.sizeOf(home.block)]).toEqual([count, bytes])
    }
  })

  test('5.3 the bitmap grows with the slots and pushes the first one on', () => {
    const layout = { granule: 16, bitmapAt: 48, plainHeader: 0 }
    expect([16, 64, 65, 1024].map((slots) => lfhFirstSlot(layout, slots) - 16)).toEqual([0x40, 0x40, 0x40, 0xb0])
    expect(lfhFirstSlot({ granule: 8, bitmapAt: 0, plainHeader: 0x10 }, 500)).toBe(0x18)
  })

  test('[nt-lfh-lifo] 5.4 Windows 7: first slots by address, then the slot freed last; again and again the same', () => {
    const heap = lfh('win7-x64', { armAt: 1 })
    for (let i = 0; i < 3; i++) heap.alloc(40)
    const blocks = Array.from({ length: 8 }, () => heap.alloc(40))
    const at = blocks.map((block) => heap.offsetOf(block))
    expect(at).toEqual(at.map((_, i) => at[0]! + 48 * i))
    for (const i of [3, 6, 1]) heap.free(blocks[i]!)
    expect([1, 6, 3].map(() => heap.offsetOf(heap.alloc(40)))).toEqual([at[1], at[6], at[3]])
  })

  test('5.4 Windows 8 and later: slots in a random order that the seed decides, every one once', () => {
    const places = (seed: number): number[] => {
      const heap = lfh('win10-x64', { armAt: 1, seed })
      for (let i = 0; i < 3; i++) heap.alloc(40)
      const blocks = Array.from({ length: 19 }, () => heap.alloc(40))
      const first = Math.min(...blocks.map((block) => heap.offsetOf(block)))
      return blocks.map((block) => (heap.offsetOf(block) - first) / 48)
    }
    const ascending = Array.from({ length: 19 }, (_, i) => i)
    expect(places(1)).toEqual(places(1))
    expect(places(1)).not.toEqual(places(2))
    expect(places(1)).not.toEqual(ascending)
    expect([...places(1)].sort((a, b) => a - b)).toEqual(ascending)
  })

  test('5.4 a sub-segment whose slots are all free gives its container to the cache, a further one back', () => {
    const heap = lfh('win10-x64', { armAt: 1, lfhCache: 1 })
    for (let i = 0; i < 3; i++) heap.alloc(40)
    const blocks = Array.from({ length: 800 }, () => heap.alloc(40))
    const containers = (): number => heap.chain().filter((slot) => heap.kindOf(slot) === NtKind.Container).length
    const before = containers()
    for (const block of blocks) heap.free(block)
    const cached = heap.lfh.frontEnd.cache.reduce((sum, list) => sum + list.length, 0)
    let living = 0
    heap.lfh.frontEnd.walkSubSegments(() => living++)
    expect(containers()).toBe(living + cached)
    expect(containers()).toBeLessThan(before)
    expect(heap.lfh.frontEnd.cache.every((list) => list.length <= 1)).toBe(true)
    // The active one stays although its slots are all free.
    expect(living).toBe(1)
  })

  test('5.4 threads have sub-segments of their own where there are affinity slots', () => {
    const heap = lfh('win10-x64', { armAt: 1, affinitySlots: 2 })
    for (let i = 0; i < 3; i++) heap.alloc(40)
    const homes = [0, 1, 0, 1].map((thread) => {
      heap.lfh.thread = thread
      return heap.lfh.frontEnd.homeOf(heap.alloc(40)).number
    })
    expect(homes[0]).toBe(homes[2])
    expect(homes[1]).toBe(homes[3])
    expect(homes[0]).not.toBe(homes[1])
  })
})

describe('5.5 reallocating', () => {
  test('shrinks in place and frees two units or more', () => {
    const heap = lfh('win10-x64', { lfh: false })
    const [block] = [heap.alloc(1000), heap.alloc(8)]
    expect(heap.realloc(block, 100)).toBe(block)
    expect(heap.sizeOf(block)).toBe(112)
    expect(heap.freeRanges()[0]).toEqual([heap.offsetOf(block) + 112, 1008 - 112])
  })

  test('grows into a free next block, and by committing behind the last one', () => {
    const heap = lfh('win10-x64', { lfh: false })
    const [block, next] = [heap.alloc(1000), heap.alloc(1000), heap.alloc(8)]
    heap.free(next)
    expect(heap.realloc(block, 1900)).toBe(block)
    const last = heap.alloc(6000)
    const committed = heap.committedBytes
    expect(heap.realloc(last, 30_000)).toBe(last)
    expect(heap.committedBytes).toBeGreaterThan(committed)
  })

  test('a slot of the front end stays while its bucket is the right one', () => {
    const heap = lfh('win10-x64', { armAt: 1 })
    for (let i = 0; i < 3; i++) heap.alloc(33)
    const block = heap.alloc(33)
    expect(heap.isFromLfh(block)).toBe(true)
    expect(heap.realloc(block, 40)).toBe(block)
    expect(heap.realloc(block, 41)).not.toBe(block)
  })
})

describe('6 versions', () => {
  const profilesOf = (id: string) => heapDefinitions.find((definition) => definition.id === id)!

  it.each(['nt-xp', 'nt-lfh'])('every figure of every profile of %s has its source and confidence, and every parameter a value', (id) => {
    const { parameters, profiles } = profilesOf(id)
    for (const profile of profiles) {
      expect(Object.keys(profile.values).sort()).toEqual(parameters.map(({ name }) => name).sort())
      for (const { name } of parameters) expect(profile.figures![name]!.source.length).toBeGreaterThan(10)
    }
  })

  test('slots are chained up to Windows 7 and have a bitmap from Windows 8 on', () => {
    const orders = profilesOf('nt-lfh').profiles.map(({ id, values }) => [id.split('-')[0], values['lfhOrder'], Number(values['lfhBitmapAt']) > 0])
    for (const [version, order, hasBitmap] of orders) expect([order, hasBitmap]).toEqual(version === 'win7' ? ['lifo', false] : ['random', true])
  })
})
