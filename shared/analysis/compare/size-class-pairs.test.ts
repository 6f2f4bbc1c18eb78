import { expect, it } from 'vitest'
import { drawHeap } from '../../model/testing/drawn-heap'
import { computeSizeClasses } from '../metrics/size-classes'
import { pairSizeClasses } from './size-class-pairs'

const tableOf = (picture: string): ReturnType<typeof computeSizeClasses> => computeSizeClasses(drawHeap(picture))

it('classes of both sides side by side, empty ones left out', () => {
  // Blocks of 16, 16 and 64 bytes against one of 16 and one of 96.
  const pairs = pairSizeClasses([tableOf('[A][A][AAAA]')], [tableOf('[A][AAAAAA]')], 'busyBlocks')
  expect([...pairs.upperBytes]).toEqual([16, 64, 96])
  expect([...pairs.lowerBytes]).toEqual([14, 56, 80])
  expect([[...pairs.a], [...pairs.b]]).toEqual([[2, 1, 0], [1, 0, 1]])
  expect([...pairSizeClasses([tableOf('[A][A][AAAA]')], [tableOf('[A][AAAAAA]')], 'consumedBytes').b]).toEqual([16, 0, 96])
})

it('of several members the median, where a class that one lacks counts as none', () => {
  const side = [tableOf('[A]'), tableOf('[A][A][A]'), tableOf('[AAAA]')]
  const pairs = pairSizeClasses(side, [], 'busyBlocks')
  expect([[...pairs.upperBytes], [...pairs.a], [...pairs.b]]).toEqual([[16], [1], [0]])
})
