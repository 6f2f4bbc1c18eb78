import { expect, test } from 'vitest'
import { bucketBlockSize, bucketByGranules, LAST_BUCKET } from './lfh-buckets'

test.each([64, 32] as const)('each size has the smallest bucket that holds it, with %i bits', (bits) => {
  const granule = bits / 4
  const buckets = bucketByGranules(bits)
  expect(bucketBlockSize(LAST_BUCKET, bits)).toBe(16_384)
  expect(buckets).toHaveLength(16_384 / granule + 1)
  for (let granules = 1; granules < buckets.length; granules++) {
    const bucket = buckets[granules]!
    const size = granules * granule
    expect(bucketBlockSize(bucket, bits)).toBeGreaterThanOrEqual(size)
    if (bucket > 1) expect(bucketBlockSize(bucket - 1, bits)).toBeLessThan(size)
  }
})

test('ranges begin where the tables say', () => {
  expect([1, 64, 65, 80, 81, 97, 113, 128].map((bucket) => bucketBlockSize(bucket, 64))).toEqual([16, 1024, 1088, 2048, 2176, 4352, 8704, 16384])
  expect([1, 32, 33, 49, 65, 81, 97, 113].map((bucket) => bucketBlockSize(bucket, 32))).toEqual([8, 256, 272, 544, 1088, 2176, 4352, 8704])
  expect(bucketBlockSize(0, 64)).toBeNaN()
  expect(bucketBlockSize(129, 64)).toBeNaN()
})
