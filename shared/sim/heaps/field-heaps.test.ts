import { describe, expect, test } from 'vitest'
import { heapDefinitions, resolveRequest } from '../profiles'
import { HeapUnderTest } from '../testing/heap-under-test'
import { classBytes, sizeClass } from './mimalloc-like/size-bins'
import { slabClasses } from './slab/slab-classes'

const MEBIBYTE = 2 ** 20

test('what is like another allocator says so, with the sources of its figures', () => {
  for (const id of ['ptmalloc-like', 'mimalloc-like', 'slab']) {
    const { title, source, profiles } = heapDefinitions.find((known) => known.id === id)!
    expect(title).toMatch(/-like/)
    expect(source).toMatch(/^Like .* written anew from .* Not the original\.$/)
    for (const profile of profiles) expect(profile.source.length).toBeGreaterThan(80)
  }
})

describe('ptmalloc-like', () => {
  const allocMany = (heap: HeapUnderTest, count: number, bytes: number): number[] => Array.from({ length: count }, () => heap.alloc(bytes))

  test('starts with 132 KiB at the first request, the record of its thread cache first', () => {
    const heap = new HeapUnderTest('ptmalloc-like')
    expect(heap.committedBytes).toBe(0)
    // 656 bytes of record, then a size word: the first block of every glibc program lies at 0x2a0 of its heap.
    expect(heap.offsetOf(heap.alloc(1)) + heap.heap.headerBytes).toBe(0x2a0)
    expect(heap.committedBytes).toBe(132 * 1024)
  })

  test('a request consumes 8 bytes more in steps of 16, 32 at least', () => {
    const heap = new HeapUnderTest('ptmalloc-like')
    expect([0, 24, 25, 40, 41, 1000].map((bytes) => heap.sizeOf(heap.alloc(bytes)))).toEqual([32, 32, 48, 48, 64, 1008])
  })

  test('seven freed chunks of a size wait in the thread cache, the last one first; the eighth in a fast bin', () => {
    const heap = new HeapUnderTest('ptmalloc-like')
    const blocks = allocMany(heap, 9, 24)
    for (const block of blocks) heap.free(block)
    expect(heap.cached.size).toBe(7)
    // In the fast bin: two chunks that touch and have not merged.
    expect(heap.freeRanges().slice(0, 2).map(([, bytes]) => bytes)).toEqual([32, 32])
    expect(allocMany(heap, 9, 24)).toEqual([6, 5, 4, 3, 2, 1, 0, 8, 7].map((i) => blocks[i]))
  })

  test('without a thread cache a chunk above the fast bins merges at once', () => {
    const heap = new HeapUnderTest('ptmalloc-like', 'no-thread-cache')
    const [a, b] = allocMany(heap, 3, 200)
    heap.free(a!)
    heap.free(b!)
    expect(heap.freeRanges()[0]).toEqual([8, 416])
  })

  test('a large request makes the fast bins merge', () => {
    const heap = new HeapUnderTest('ptmalloc-like', 'no-thread-cache')
    const [a, b] = allocMany(heap, 3, 100)
    heap.free(a!)
    heap.free(b!)
    expect(heap.freeRanges()).toHaveLength(3)
    heap.alloc(2000)
    expect(heap.freeRanges()[0]).toEqual([8, 224])
  })

  test('the mapping threshold rises to the size of a freed mapping', () => {
    const heap = new HeapUnderTest('ptmalloc-like')
    const isMapped = (block: number): boolean => heap.offsetOf(block) > 2 ** 40
    const first = heap.alloc(200_000)
    expect([isMapped(first), heap.sizeOf(first)]).toEqual([true, 200_704 - 8])
    heap.free(first)
    expect(isMapped(heap.alloc(200_000))).toBe(false)
    expect(isMapped(heap.alloc(300_000))).toBe(true)
    const fixed = new HeapUnderTest('ptmalloc-like', undefined, { dynamic: false })
    fixed.free(fixed.alloc(200_000))
    expect(fixed.offsetOf(fixed.alloc(200_000))).toBeGreaterThan(2 ** 40)
  })

  test('a top above the trim threshold is given back down to the pad', () => {
    const heap = new HeapUnderTest('ptmalloc-like')
    const blocks = allocMany(heap, 20, 100_000)
    const peak = heap.committedBytes
    for (const block of blocks) heap.free(block)
    expect(peak).toBeGreaterThan(2_000_000)
    expect(heap.committedBytes).toBeLessThanOrEqual(2 * 131072 + 8192)
  })

  test('a block before the top or a free chunk grows where it is; a mapping is resized by the system', () => {
    const heap = new HeapUnderTest('ptmalloc-like')
    const block = heap.alloc(2000)
    expect(heap.realloc(block, 50_000)).toBe(block)
    const behind = heap.alloc(3000)
    heap.alloc(16)
    heap.free(behind)
    expect(heap.realloc(block, 52_000)).toBe(block)
    const mapped = heap.alloc(MEBIBYTE)
    expect(heap.realloc(mapped, 5 * MEBIBYTE)).toBe(mapped)
    expect(heap.sizeOf(mapped)).toBe(5 * MEBIBYTE + 4096 - 8)
  })
})

describe('mimalloc-like', () => {
  test('size classes hold what belongs to them, with four classes a power of two', () => {
    for (let bytes = 1; bytes <= 100_000; bytes++) {
      const number = sizeClass(bytes)
      const size = classBytes(number)
      if (size < bytes || (number > 9 && classBytes(number - 1) >= bytes)) expect.fail(`${bytes} bytes in the class of ${size}`)
    }
    expect([sizeClass(2 * MEBIBYTE), classBytes(sizeClass(70)), classBytes(sizeClass(1025))]).toEqual([68, 80, 1280])
  })

  test('what is freed serves again only when the free list of its page has run out', () => {
    const heap = new HeapUnderTest('mimalloc-like')
    // 4096 bytes are cut at a time: 64 blocks of 64 bytes.
    const blocks = Array.from({ length: 10 }, () => heap.alloc(64))
    heap.free(blocks[3]!)
    for (let i = 10; i < 64; i++) expect(heap.offsetOf(heap.alloc(64))).toBe(heap.offsetOf(blocks[0]!) + i * 64)
    expect(heap.alloc(64)).toBe(blocks[3])
  })

  test('a class has pages of its own, large blocks share segments, huge ones have their own', () => {
    const heap = new HeapUnderTest('mimalloc-like')
    const offsets = [64, 80, 64, 20_000, 500_000, 500_000, 3 * MEBIBYTE].map((bytes) => heap.offsetOf(heap.alloc(bytes)))
    expect(offsets[1]! - offsets[0]!).toBe(65536 - 8192)
    expect(offsets[2]! - offsets[0]!).toBe(64)
    expect(offsets.slice(3).map((at) => Math.floor(at / (4 * MEBIBYTE)))).toEqual([1, 2, 2, 3])
  })

  test('an empty page goes back unless it is the only one of its class', () => {
    const heap = new HeapUnderTest('mimalloc-like')
    const blocks = Array.from({ length: 12 }, () => heap.alloc(16_384))
    const peak = heap.committedBytes
    for (const block of blocks) heap.free(block)
    // The segment's record of 8 KiB shares the first page, and stays.
    expect(peak - heap.committedBytes).toBe(3 * 65536 - 8192)
  })
})

describe('slab', () => {
  test('caches of a kernel, and slabs that hold at least eight objects', () => {
    const rules = { classes: 'powers-96-192', smallest: 8, largest: 8192, slabHeader: 0, objectsMin: 8, slabMost: 65536 } as const
    expect(slabClasses(rules).map(({ objectBytes, slabBytes }) => [objectBytes, slabBytes])).toEqual([
      [8, 4096], [16, 4096], [32, 4096], [64, 4096], [96, 4096], [128, 4096], [192, 4096], [256, 4096], [512, 4096], [1024, 8192], [2048, 16384], [4096, 32768], [8192, 65536],
    ])
  })

  test('a partly used slab serves before an empty one, and that before a new one', () => {
    const heap = new HeapUnderTest('slab', 'kmalloc', { objectsMin: 2 })
    const blocks = Array.from({ length: 6 }, () => heap.alloc(2048))
    expect(heap.committedBytes).toBe(3 * 4096)
    heap.free(blocks[0]!)
    heap.free(blocks[2]!)
    heap.free(blocks[3]!)
    expect(heap.alloc(2048)).toBe(blocks[0])
    expect(heap.alloc(2048)).toBe(blocks[3])
    expect(heap.committedBytes).toBe(3 * 4096)
  })

  test('empty slabs beyond those kept are given back', () => {
    const heap = new HeapUnderTest('slab', 'kmalloc', { emptyKept: 1 })
    const blocks = Array.from({ length: 64 * 3 }, () => heap.alloc(64))
    for (const block of blocks) heap.free(block)
    expect(heap.committedBytes).toBe(4096)
  })

  test('colours move the first object of successive slabs', () => {
    const heap = new HeapUnderTest('slab', 'object-cache')
    // 127 objects of 32 bytes leave nothing beside the record of 32; 7 of 512 leave 480 bytes beside it.
    expect(resolveRequest('slab', 'object-cache', {}).parameters['slabHeader']).toBe(32)
    const slabBytes = 8192
    const firsts = Array.from({ length: 45 }, () => heap.offsetOf(heap.alloc(512)) % slabBytes).filter((_, i) => i % 15 === 0)
    expect(firsts).toEqual([0, 8, 16])
  })

  test('what no cache holds takes whole pages', () => {
    const heap = new HeapUnderTest('slab')
    expect(heap.sizeOf(heap.alloc(8193))).toBe(12288)
    expect(heap.sizeOf(heap.alloc(5 * MEBIBYTE))).toBe(5 * MEBIBYTE)
  })
})

test.each([
  ['mimalloc-like', { segmentBytes: 65536 }, 'segmentBytes'],
  ['mimalloc-like', { smallMost: 60_000 }, 'smallMost'],
  ['mimalloc-like', { largeMost: 4 * MEBIBYTE }, 'largeMost'],
  ['slab', { smallest: 24 }, 'smallest'],
  ['slab', { largest: 65536, slabHeader: 32 }, 'largest'],
  ['slab', { colour: 4 }, 'colour'],
])('%s refuses %o', (heap, overrides, name) => {
  expect(() => resolveRequest(heap, undefined, overrides)).toThrow(expect.objectContaining({ code: 'parameter-invalid', facts: expect.objectContaining({ name }) as unknown }) as Error)
})
