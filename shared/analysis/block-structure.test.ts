import { expect, test } from 'vitest'
import { UNKNOWN_SIZE } from '../base/units'
import { BlockState } from '../model/snapshot'
import { buildHeap } from '../model/testing/drawn-heap'
import { BLOCK_PART_NAMES, structureIn } from './block-structure'

test('a busy block is header, payload and rounding; where no request is known the rest is not split', () => {
  const heap = buildHeap([[
    { state: BlockState.Busy, size: 48, requested: 20 },
    { state: BlockState.Free, size: 16 },
    { state: BlockState.Busy, size: 32, requested: UNKNOWN_SIZE },
    { state: BlockState.Busy, size: 16, requested: 8 },
  ]], { headerBytes: 8 })
  const parts = (from: number, to: number): unknown[] => {
    const { address, bytes, part } = structureIn(heap, from, to)
    return Array.from(address, (at, i) => [at - 0x10000, bytes[i], BLOCK_PART_NAMES[part[i]!]])
  }
  expect(parts(0, Infinity)).toEqual([
    [0, 8, 'header'], [8, 20, 'payload'], [28, 20, 'rounding'], [64, 8, 'header'], [72, 24, 'payload or rounding'], [96, 8, 'header'], [104, 8, 'payload'],
  ])
  expect(parts(0x10000 + 96, 0x10000 + 97)).toEqual([[96, 8, 'header'], [104, 8, 'payload']])
})
