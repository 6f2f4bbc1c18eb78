import { expect, it } from 'vitest'
import { heapDefinitions } from '../../profiles'
import { HeapUnderTest } from '../../testing/heap-under-test'

const SIZES = [24, 40, 24, 1000, 24, 64, 2000, 24]

/** Places of blocks that are freed and asked for again. */
function places(heap: HeapUnderTest): number[] {
  const blocks = SIZES.map((bytes) => heap.alloc(bytes))
  blocks.filter((_, i) => i % 2 === 0).forEach((block) => heap.free(block))
  return SIZES.map((bytes) => heap.offsetOf(heap.alloc(bytes)))
}

it('K79 puts look-aside lists or a low-fragmentation heap before one and the same core, one at a time', () => {
  const asleep = [new HeapUnderTest('lookaside', 'teaching', { depth: 0 }), new HeapUnderTest('lfh', 'teaching', { armAt: 1000 })]
  expect(places(asleep[0]!)).toEqual(places(asleep[1]!))
  const parameters = (id: string): string[] => heapDefinitions.find((heap) => heap.id === id)!.parameters.map(({ name }) => name)
  expect([parameters('lookaside').includes('depth'), parameters('lookaside').includes('armAt')]).toEqual([true, false])
  expect([parameters('lfh').includes('depth'), parameters('lfh').includes('armAt')]).toEqual([false, true])
})

it.each(['lookaside', 'lfh'])('K79 leaves what is too large for %s to the core', (id) => {
  const front = new HeapUnderTest(id, 'teaching', { largest: 64, ...(id === 'lfh' ? { armAt: 1 } : {}) })
  const core = new HeapUnderTest('lookaside', 'teaching', { depth: 0 })
  for (const heap of [front, core]) for (let i = 0; i < 30; i++) heap.free(heap.alloc(100 + 8 * i))
  expect(front.cached.size).toBe(0)
  expect(front.freeRanges()).toEqual(core.freeRanges())
})

it('K79 never asks the core while a look-aside list can serve', () => {
  const heap = new HeapUnderTest('lookaside', 'teaching')
  const [first] = [heap.alloc(24), heap.alloc(24)]
  heap.free(first)
  const before = heap.freeRanges()
  expect(heap.cached.size).toBe(1)
  expect(heap.alloc(24)).toBe(first)
  expect(heap.freeRanges()).toEqual(before)
})
