import type { Bytes } from '../base/units'

/** Number of the last bucket of a low-fragmentation front end; 0 is none. */
export const LAST_BUCKET = 128

/** First bucket of each step of block sizes, the size before it, and the step (nt-heap.md 5.2; the segment heap has the same). */
const STEPS: Readonly<Record<32 | 64, readonly (readonly [number, Bytes, Bytes])[]>> = {
  64: [[1, 0, 16], [65, 1024, 64], [81, 2048, 128], [97, 4096, 256], [113, 8192, 512]],
  32: [[1, 0, 8], [33, 256, 16], [49, 512, 32], [65, 1024, 64], [81, 2048, 128], [97, 4096, 256], [113, 8192, 512]],
}

/** Bytes of the blocks of a bucket, header included where blocks have one; NaN for what is no bucket. */
export function bucketBlockSize(bucket: number, bits: 32 | 64): Bytes {
  let size = NaN
  for (const [first, before, step] of STEPS[bits]) if (bucket >= first && bucket <= LAST_BUCKET) size = before + (bucket - first + 1) * step
  return size
}

/** Bucket by size in granules (16 bytes with 64 bits, 8 with 32): the first whose blocks hold that many; 0 granules have none. */
export function bucketByGranules(bits: 32 | 64): Uint8Array {
  const granule = bits / 4
  const buckets = new Uint8Array(bucketBlockSize(LAST_BUCKET, bits) / granule + 1)
  let bucket = 1
  for (let granules = 1; granules < buckets.length; granules++) {
    if (granules * granule > bucketBlockSize(bucket, bits)) bucket++
    buckets[granules] = bucket
  }
  return buckets
}
