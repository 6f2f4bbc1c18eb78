import { describe, expect, test } from 'vitest'
import { mulberry32 } from '../../base/random'
import { NO_BLOCK } from '../heaps/heap'
import { HeapUnderTest } from '../testing/heap-under-test'

const FITS = ['ff', 'bf', 'nf', 'wf'] as const

describe('the free list of OSTEP, chapter 17: 100 bytes at 1000, no headers, no merging', () => {
  const PUBLISHED = [1000, 1003, 1008, 1008, 1000, 1008]
  const BEST_LIST = [[1002, 1], [1003, 5], [1015, 1], [1016, 84]]
  test.each([
    ['bf', PUBLISHED, BEST_LIST],
    ['ff', PUBLISHED, BEST_LIST],
    ['wf', [1000, 1003, 1008, 1016, 1024, 1026], [[1000, 3], [1003, 5], [1008, 8], [1016, 8], [1033, 67]]],
  ])('%s', (id, addresses, list) => {
    const heap = new HeapUnderTest(id, 'word', { initial: 100, capacity: 100, coalesce: 'never' })
    const got: number[] = []
    const alloc = (bytes: number): number => {
      const block = heap.alloc(bytes)
      got.push(1000 + heap.offsetOf(block))
      return block
    }
    for (const bytes of [3, 5, 8, 8]) heap.free(alloc(bytes))
    for (const bytes of [2, 7]) alloc(bytes)
    expect(got).toEqual(addresses)
    expect(heap.freeRanges().map(([at, bytes]) => [1000 + at, bytes])).toEqual(list)
  })
})

describe("Knuth's fifty-percent rule: half as many free blocks as busy ones", () => {
  /** Mean ratio over the second half of uniform churn with 500 live blocks. */
  function meanRatio(id: string, profile: string, scale: number): number {
    const heap = new HeapUnderTest(id, profile)
    const draw = mulberry32(1)
    const size = (): number => (16 + Math.floor(draw() * 1009)) * scale + (scale > 1 ? Math.floor(draw() * scale) : 0)
    const live: number[] = []
    for (let i = 0; i < 500; i++) live.push(heap.alloc(size()))
    let [sum, samples] = [0, 0]
    for (let i = 0; i < 20_000; i++) {
      const victim = Math.floor(draw() * live.length)
      heap.free(live[victim]!)
      live[victim] = heap.alloc(size())
      if (i < 10_000 || i % 20 !== 0) continue
      sum += heap.freeRanges().length / live.length
      samples++
    }
    return sum / samples
  }

  test.each(FITS)('%s with nearly distinct sizes', (id) => {
    expect(Math.abs(meanRatio(id, 'word', 1000) - 0.5)).toBeLessThan(0.03)
  })

  test('rounding to 8 bytes makes exact fits, and fewer holes', () => {
    expect(Math.abs(meanRatio('ff', 'pure', 1) - 0.459)).toBeLessThan(0.03)
  })
})

describe('worst case for block sizes 1, 2, 4 ... 2^k with at most M bytes alive', () => {
  /** Robson's adversary: keeps one block in each 2^j, too few bytes apart for the next size. */
  function attack(id: string, most: number, k: number): number {
    const heap = new HeapUnderTest(id, 'word')
    let live = 0
    const alloc = (bytes: number): void => {
      heap.alloc(bytes)
      live += bytes
    }
    while (live < most) alloc(1)
    for (let j = 1; j <= k; j++) {
      const step = 2 ** j
      for (const [block, bytes] of [...heap.busy]) {
        const at = heap.offsetOf(block)
        if (Math.ceil(at / step) * step < at + bytes) continue
        heap.free(block)
        live -= bytes
      }
      while (live + step <= most) alloc(step)
    }
    return heap.committedBytes
  }

  test.each(FITS)('%s needs exactly M(k/2 + 1) - 2^k + 1', (id) => {
    expect([attack(id, 1024, 6), attack(id, 4096, 8)]).toEqual([4033, 20225])
    // Robson 1977: first fit stays below M * H_n / ln 2.
    if (id === 'ff') expect(20225).toBeLessThan(36190)
  })
})

describe('no policy serves every sequence: holes of 20 and 15 words', () => {
  /** Which requests are served; the heap cannot grow. */
  function serve(id: string, requests: readonly number[]): boolean[] {
    const heap = new HeapUnderTest(id, 'word', { initial: 37, capacity: 37 })
    const blocks = [20, 1, 15, 1].map((bytes) => heap.alloc(bytes))
    heap.free(blocks[0]!)
    heap.free(blocks[2]!)
    return requests.map((bytes) => heap.alloc(bytes) !== NO_BLOCK)
  }

  test.each(FITS)('%s', (id) => {
    expect(serve(id, [10, 20])).toEqual([true, id === 'bf'])
    expect(serve(id, [8, 12, 12])).toEqual([true, true, id !== 'bf'])
  })
})

describe('the default heap of Windows NT 3.1', () => {
  test.each([
    ['article', [1, 2, 3, 14, 15, 16], [32, 32, 32, 48, 48, 48]],
    ['simple', [0, 1, 16, 17], [32, 32, 32, 48]],
  ])('consumes what the article measured, profile %s', (profile, requests, consumed) => {
    const heap = new HeapUnderTest('nt31', profile)
    expect(requests.map((bytes) => heap.sizeOf(heap.alloc(bytes)))).toEqual(consumed)
  })

  test('commits page by page, keeps pages, and goes on in a new 1 MB range', () => {
    const heap = new HeapUnderTest('nt31')
    const pages = (): number => heap.committedBytes / 4096
    const blocks: number[] = []
    for (let i = 1; i <= 32; i++) blocks.push(heap.alloc(100))
    expect(pages()).toBe(1)
    blocks.push(heap.alloc(100))
    expect(pages()).toBe(2)
    heap.alloc(1_000_000)
    heap.alloc(100_000)
    expect(heap.committed().map(([base]) => base - heap.heap.base)).toEqual([0, 0x100000])
    const before = pages()
    for (const block of [...heap.busy.keys()]) heap.free(block)
    expect(pages()).toBe(before)
    expect(blocks).toHaveLength(33)
  })
})
