import { expect, test } from 'vitest'
import { mulberry32 } from '../../../base/random'
import { BlockSlots, SlotState } from '../block-slots'
import { SegregatedIndex } from './list-index'
import { NewestBySize } from './newest-by-size'

/** Inserts and removes at random beside a plain array, newest last; `check` is asked after every step. */
function churn(steps: number, largest: number, blocks: BlockSlots, insert: (slot: number) => void, remove: (slot: number) => void, check: (newestLast: readonly number[], random: () => number) => void): void {
  const random = mulberry32(11)
  const held: number[] = []
  for (let step = 0; step < steps; step++) {
    if (held.length < 4 || (held.length < 90 && random() < 0.5)) {
      // Few sizes, so that many blocks share one; some far larger.
      const size = random() < 0.9 ? 1 + Math.floor(random() * 40) : 1 + Math.floor(random() * largest)
      const slot = blocks.make(step * 16, size * 8, SlotState.Free)
      held.push(slot)
      insert(slot)
    } else {
      const [slot] = held.splice(Math.floor(random() * held.length), 1)
      remove(slot!)
      blocks.drop(slot!)
    }
    check(held, random)
  }
}

test.each([2 ** 31 - 1, 200])('the newest block of any range of sizes is that of a plain list, stamps up to %i', (lastStamp) => {
  const sizes = 150
  const blocks = new BlockSlots()
  const index = new NewestBySize(blocks, sizes, lastStamp)
  const sizeOf = (slot: number): number => blocks.size[slot]! / 8
  churn(4000, sizes - 1, blocks, (slot) => index.insert(slot, sizeOf(slot)), (slot) => index.remove(slot, sizeOf(slot)), (held, random) => {
    const from = Math.floor(random() * sizes)
    const to = from + Math.floor(random() * (sizes + 1 - from))
    expect(index.newest(from, to)).toBe(held.filter((slot) => sizeOf(slot) >= from && sizeOf(slot) < to).at(-1) ?? 0)
  })
})

test.each([
  [48, 1],
  [48, 3],
  [200, 4],
  [9, 1],
  [1, 1],
])('segregated fits with %i lists, %i a power of two, choose as a walk over their lists would', (lists, spacing) => {
  const blocks = new BlockSlots()
  const index = new SegregatedIndex(blocks, 8, lists, spacing)
  const classOf = (bytes: number): number => {
    const power = Math.floor(Math.log2(bytes))
    return Math.min(lists - 1, power * spacing + Math.floor((bytes / 2 ** power - 1) * spacing))
  }
  churn(3000, 5000, blocks, (slot) => index.insert(slot), (slot) => index.remove(slot), (held, random) => {
    const wanted = 8 * (1 + Math.floor(random() * (random() < 0.5 ? 45 : 5000)))
    const bestClass = Math.min(...held.filter((slot) => blocks.size[slot]! >= wanted).map((slot) => classOf(blocks.size[slot]!)))
    expect(index.find(wanted)).toBe(held.filter((slot) => blocks.size[slot]! >= wanted && classOf(blocks.size[slot]!) === bestClass).at(-1) ?? 0)
  })
})
