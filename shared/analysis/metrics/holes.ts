import { CHUNK_LENGTH } from '../../base/column'
import { finish, type Steps } from '../../base/steps'
import type { Bytes } from '../../base/units'
import { BlockState, type Snapshot } from '../../model/snapshot'

/*
 * Holes: what a request could get.
 *
 *   blocks  [busy][free][free][cached][cached][busy]
 *   holes         [    f1    ][  f2  ][  f3  ]
 *
 * Touching free blocks of one segment count as one hole, whether or not the heap has merged them; a cached block is
 * a hole of its own, because its heap will not merge it.
 */
export interface Holes {
  /** Sizes in address order. */
  readonly sizes: Float64Array
  readonly totalBytes: Bytes
  readonly largestBytes: Bytes
}

export const collectHoles = (snapshot: Snapshot): Holes => finish(holesSteps(snapshot))

export function* holesSteps(snapshot: Snapshot): Steps<Holes> {
  const { blocks, segments } = snapshot
  let sizes = new Float64Array(1024)
  let count = 0
  let totalBytes = 0
  let largestBytes = 0
  let open = 0
  let segment = 0
  let nextSegmentBase = segments.length > 1 ? segments[1]!.base : Infinity
  // One growing array and plain locals: half of all rows may be holes.
  for (let chunk = 0, left = blocks.length; left > 0; chunk++, left -= CHUNK_LENGTH) {
    const rows = Math.min(left, CHUNK_LENGTH)
    const addresses = blocks.address.chunks[chunk]!
    const blockSizes = blocks.size.chunks[chunk]!
    const states = blocks.state.chunks[chunk]!
    if (count + 2 * rows + 2 > sizes.length) {
      const larger = new Float64Array(Math.max(sizes.length * 2, count + 2 * rows + 2))
      larger.set(sizes)
      sizes = larger
    }
    for (let i = 0; i < rows; i++) {
      const state = states[i]!
      if (open > 0 && (state !== BlockState.Free || addresses[i]! >= nextSegmentBase)) {
        sizes[count++] = open
        totalBytes += open
        if (open > largestBytes) largestBytes = open
        open = 0
      }
      while (addresses[i]! >= nextSegmentBase) {
        segment++
        nextSegmentBase = segment + 1 < segments.length ? segments[segment + 1]!.base : Infinity
      }
      if (state === BlockState.Free) open += blockSizes[i]!
      else if (state === BlockState.Cached) {
        const size = blockSizes[i]!
        sizes[count++] = size
        totalBytes += size
        if (size > largestBytes) largestBytes = size
      }
    }
    yield
  }
  if (open > 0) {
    sizes[count++] = open
    totalBytes += open
    if (open > largestBytes) largestBytes = open
  }
  return { sizes: sizes.slice(0, count), totalBytes, largestBytes }
}

/** Sum of squared hole sizes; in doubles, whose rounding is far below what the ratios made of it show. */
export function sumOfSquares({ sizes }: Holes): number {
  let sum = 0
  for (let i = 0; i < sizes.length; i++) sum += sizes[i]! * sizes[i]!
  return sum
}

/** Bytes of all holes that requests of exactly `requestBytes` (consumed size, at least 1) cannot use. */
export function unusableBytes({ sizes }: Holes, requestBytes: Bytes): Bytes {
  let unusable = 0
  if (requestBytes < TWO_31 && (requestBytes & (requestBytes - 1)) === 0) {
    // The remainder by a power of two is the low bits; bit operators take any exact integer modulo 2^32.
    const low = requestBytes - 1
    for (let i = 0; i < sizes.length; i++) unusable += sizes[i]! & low
    return unusable
  }
  for (let i = 0; i < sizes.length; i++) unusable += sizes[i]! - Math.floor(sizes[i]! / requestBytes) * requestBytes
  return unusable
}

const TWO_31 = 2147483648
const BITS = 53
const TWO_32 = 4294967296

/**
 * Unusable bytes for requests of 1, 2, 4, ... 2^53: element k is for 2^k.
 * What a hole leaves over for 2^k are its low k bits, so counting set bits once answers for all powers of two.
 */
export function unusableBytesByPower({ sizes }: Holes): Float64Array {
  const setBits = new Float64Array(BITS)
  for (let i = 0; i < sizes.length; i++) {
    const size = sizes[i]!
    for (let low = size | 0; low !== 0; low &= low - 1) setBits[31 - Math.clz32(low & -low)]!++
    if (size < TWO_32) continue
    for (let high = (size / TWO_32) | 0; high !== 0; high &= high - 1) setBits[63 - Math.clz32(high & -high)]!++
  }
  const unusable = new Float64Array(BITS + 1)
  for (let bit = 0; bit < BITS; bit++) unusable[bit + 1] = unusable[bit]! + setBits[bit]! * 2 ** bit
  return unusable
}

/** Row i: holes with 2^exponent[i] <= size < 2^(exponent[i] + 1); from the smallest to the largest power that occurs. */
export interface FreeSizeTable {
  readonly exponent: Float64Array
  readonly blocks: Float64Array
  readonly bytes: Float64Array
}

/** Free-size histogram by powers of two, in count and bytes. */
export const computeFreeSizes = (snapshot: Snapshot): FreeSizeTable => freeSizesOf(collectHoles(snapshot))

export function freeSizesOf({ sizes }: Holes): FreeSizeTable {
  const blocks = new Float64Array(BITS)
  const bytes = new Float64Array(BITS)
  for (let i = 0; i < sizes.length; i++) {
    const exponent = floorLog2(sizes[i]!)
    blocks[exponent]!++
    bytes[exponent]! += sizes[i]!
  }
  const first = blocks.findIndex((count) => count > 0)
  if (first < 0) return { exponent: new Float64Array(0), blocks: new Float64Array(0), bytes: new Float64Array(0) }
  let end = BITS
  while (blocks[end - 1] === 0) end--
  return { exponent: Float64Array.from({ length: end - first }, (_, i) => first + i), blocks: blocks.slice(first, end), bytes: bytes.slice(first, end) }
}

/** Exponent of the largest power of two that is not above `value`; value >= 1, exact to 2^53. */
export function floorLog2(value: number): number {
  return value < TWO_32 ? 31 - Math.clz32(value) : 63 - Math.clz32(value / TWO_32)
}

/** Unusable share of the free bytes over request sizes. */
export interface UnusableFreeCurve {
  readonly sizeBytes: Float64Array
  readonly unusable: Float64Array
}

/** M7 as a curve: request sizes 1, 2, 4, ... up to the first power of two that no hole holds, where it reaches 1. Empty without free memory. */
export const unusableFreeCurve = (snapshot: Snapshot): UnusableFreeCurve => unusableCurveOf(collectHoles(snapshot))

export function unusableCurveOf(holes: Holes): UnusableFreeCurve {
  if (holes.totalBytes === 0) return { sizeBytes: new Float64Array(0), unusable: new Float64Array(0) }
  const unusable = unusableBytesByPower(holes)
  const points = floorLog2(holes.largestBytes) + 2
  return {
    sizeBytes: Float64Array.from({ length: points }, (_, power) => 2 ** power),
    unusable: Float64Array.from({ length: points }, (_, power) => unusable[power]! / holes.totalBytes),
  }
}
