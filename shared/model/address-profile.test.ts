import { expect, test } from 'vitest'
import { mulberry32 } from '../base/random'
import { sampleScale } from './address-profile'

test('scaling: nothing to scale at a period of 1; a block far above the period stands for itself', () => {
  expect([sampleScale(0, 0, 512), sampleScale(3, 300, 1), sampleScale(1, 1 << 20, 512)]).toEqual([1, 1, 1])
  // A block of the period's size is sampled with probability 1 - 1/e.
  expect(sampleScale(1, 512, 512)).toBeCloseTo(1 / (1 - Math.exp(-1)), 12)
})

test('scaled samples come out near what was really allocated', () => {
  const period = 4096
  const random = mulberry32(7)
  let left = -Math.log(1 - random()) * period
  let [blocks, bytes, realBytes] = [0, 0, 0]
  for (let i = 0; i < 400_000; i++) {
    realBytes += 96
    left -= 96
    if (left > 0) continue
    blocks++
    bytes += 96
    left = -Math.log(1 - random()) * period
  }
  const scaled = bytes * sampleScale(blocks, bytes, period)
  expect(Math.abs(scaled / realBytes - 1)).toBeLessThan(0.03)
})
