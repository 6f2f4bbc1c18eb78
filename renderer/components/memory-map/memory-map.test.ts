import { describe, expect, test } from 'vitest'
import type { ColorEntry } from '../../../shared/analysis/map-colors/colorings'
import { isChosen, toggledCondition } from './color-filter'
import { rangeFigures, rangeText } from './range-text'

const entry = (filter: string | null): ColorEntry => ({ name: 'x', letter: 'A', filter, bytes: 1, count: 1 })

describe('legend as filter', () => {
  const young = entry('state = busy and age in 0..3')
  const old = entry('state = busy and age > 3')
  const entries = [young, old, entry(null)]

  test('a value is kept, replaced by another, and given up, beside the condition that was there', () => {
    const own = 'size > 4k or pins > 0'
    const first = toggledCondition(own, young, entries)!
    expect(first).toBe('(size > 4k or pins > 0) and state = busy and age in 0..3')
    expect([isChosen(first, young), isChosen(first, old)]).toEqual([true, false])
    const second = toggledCondition(first, old, entries)!
    expect(second).toBe('(size > 4k or pins > 0) and state = busy and age > 3')
    expect(toggledCondition(second, old, entries)).toBe(own)
  })

  test('without a condition the value is the whole filter; one that cannot be told apart changes nothing', () => {
    expect(toggledCondition('', young, entries)).toBe(young.filter)
    expect(toggledCondition(young.filter!, young, entries)).toBeUndefined()
    expect(toggledCondition('size > 1', entries[2]!, entries)).toBe('size > 1')
    expect(isChosen('', entries[2]!)).toBe(false)
  })
})

test('sums of a range leave out states that do not occur, and say one block or more', () => {
  const sums = { from: 0x10000, to: 0x12000, bytes: [4096, 3000, 0, 0, 0], blocks: [1, 2, 0, 0, 0], requestedBytes: 4000, notReservedBytes: 1096, largestFreeBytes: 2000, freePages: 0, pageBytes: 4096 }
  expect(rangeFigures(sums).map(({ name, value }) => `${name}: ${value}`)).toEqual([
    'busy: 4,096 B in 1 block', 'free: 3,000 B in 2 blocks', 'not reserved: 1,096 B', 'largest free: 2,000 B', 'free pages: 0 of 4 KiB',
  ])
  expect(rangeText(sums)).toBe("Range 0x0000'0001'0000 to 0x0000'0001'2000, 8 KiB: busy 4,096 B in 1 block, free 3,000 B in 2 blocks, not reserved 1,096 B, largest free 2,000 B, free pages 0 of 4 KiB.")
})
