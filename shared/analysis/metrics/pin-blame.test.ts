import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BlockState } from '../../model/snapshot'
import { buildHeap } from '../../model/testing/drawn-heap'
import { pinBlame, pinBlameOf } from './pin-blame'

test('a part of the rows has the same blame as in the whole table', () => {
  const block = fc.record({ state: fc.constantFrom(...Object.values(BlockState)), size: fc.integer({ min: 1, max: 600 }).map((units) => units * 16), requested: fc.constant(1) })
  fc.assert(
    fc.property(fc.array(block, { minLength: 1, maxLength: 60 }), fc.nat(), fc.nat(), (blocks, a, b) => {
      const heap = buildHeap([blocks])
      const whole = pinBlame(heap)
      const rows = heap.blocks.length
      const [from, to] = [a % rows, Math.min(rows, (a % rows) + 1 + (b % 20))]
      const part = new Float64Array(to - from)
      pinBlameOf(heap, from, to, part)
      expect([...part]).toEqual([...whole.subarray(from, to)])
    }),
    { numRuns: 300 },
  )
})
