import fc from 'fast-check'
import { expect, test } from 'vitest'
import { quietJob } from '../base/job-context'
import { BlockState } from '../model/snapshot'
import { buildHeap, type PlainBlock } from '../model/testing/drawn-heap'
import { sumRange } from './range-sums'

const BASE = 0x10000
const PAGE = 4096

test('bytes count inside, blocks where they reach in, free neighbours are one hole', async () => {
  const heap = buildHeap([[
    { state: BlockState.Busy, size: 96, requested: 90 },
    { state: BlockState.Free, size: 4000 }, { state: BlockState.Free, size: 2 * PAGE },
    { state: BlockState.Busy, size: 100, requested: 80 },
    { state: BlockState.Uncommitted, size: PAGE },
  ]])
  const end = BASE + 96 + 4000 + 2 * PAGE + 100 + PAGE
  expect(await sumRange(heap, BASE, end + 50, quietJob)).toEqual({
    from: BASE, to: end + 50, bytes: [196, 4000 + 2 * PAGE, 0, 0, PAGE], blocks: [2, 2, 0, 0, 1],
    requestedBytes: 170, notReservedBytes: 50, largestFreeBytes: 4000 + 2 * PAGE, freePages: 2, pageBytes: PAGE,
  })
  expect(await sumRange(heap, BASE + 48, BASE + 1000, quietJob)).toMatchObject({ bytes: [48, 904, 0, 0, 0], blocks: [1, 1, 0, 0, 0], requestedBytes: null, freePages: 0, largestFreeBytes: 904 })
})

test('the parts of a range add up to its length, and neighbouring ranges to both', async () => {
  const block = fc.record({ state: fc.constantFrom(0, 1, 2, 3, 4), size: fc.integer({ min: 1, max: 9000 }) })
  await fc.assert(fc.asyncProperty(fc.array(fc.array(block, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 3 }), fc.nat(200_000), fc.nat(60_000), fc.nat(60_000), async (segments, offset, one, other) => {
    const heap = buildHeap(segments.map((blocks) => blocks.map((b): PlainBlock => ({ ...b, state: b.state as BlockState }))))
    const from = BASE + offset
    const first = await sumRange(heap, from, from + one, quietJob)
    const second = await sumRange(heap, from + one, from + one + other, quietJob)
    const both = await sumRange(heap, from, from + one + other, quietJob)
    expect(both.bytes.reduce((a, b) => a + b, 0) + both.notReservedBytes).toBe(one + other)
    expect(both.bytes).toEqual(first.bytes.map((bytes, state) => bytes + second.bytes[state]!))
    expect(both.largestFreeBytes).toBeGreaterThanOrEqual(Math.max(first.largestFreeBytes, second.largestFreeBytes))
    expect(both.freePages).toBeGreaterThanOrEqual(first.freePages + second.freePages)
  }), { numRuns: 60 })
})
