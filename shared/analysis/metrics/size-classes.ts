import { UNKNOWN_SIZE, type Bytes } from '../../base/units'
import { CHUNK_LENGTH } from '../../base/column'
import { finish, type Steps } from '../../base/steps'
import { BlockState, type Snapshot } from '../../model/snapshot'
import { floorLog2 } from './holes'
import { pinBlameOf } from './pin-blame'

/*
 * Size classes: powers of two in four steps.
 *
 *   class        0     1       2        3        4        5
 *   sizes       0..8  9..10  11..12  13..14  15..16  17..20  ...
 */
const FIRST_UPPER = 8
const FIRST_POWER = 3
const STEPS = 4
const TWO_31 = 2 ** 31

/** Class of a size in bytes. */
export function sizeClassOf(bytes: Bytes): number {
  if (bytes <= FIRST_UPPER) return 0
  const below = bytes - 1
  if (below < TWO_31) {
    // Whole-number arithmetic for all but giant sizes: powers by multiplication made the class table six times slower.
    const power = 31 - Math.clz32(below)
    return 1 + (power - FIRST_POWER) * STEPS + ((below >>> (power - 2)) & (STEPS - 1))
  }
  const power = floorLog2(below)
  return 1 + (power - FIRST_POWER) * STEPS + Math.floor((below - 2 ** power) / 2 ** (power - 2))
}

/** Largest size of a class, in bytes. */
export function sizeClassUpper(sizeClass: number): Bytes {
  if (sizeClass === 0) return FIRST_UPPER
  const power = FIRST_POWER + Math.floor((sizeClass - 1) / STEPS)
  return 2 ** power + (((sizeClass - 1) % STEPS) + 1) * 2 ** (power - 2)
}

/** Row i is the class of requested (or, unknown, consumed) sizes in (upperBytes[i-1], upperBytes[i]]; rows up to the largest class present. */
export interface SizeClassTable {
  readonly upperBytes: Float64Array
  readonly busyBlocks: Float64Array
  /** Sum over the blocks whose request is known. */
  readonly requestedBytes: Float64Array
  readonly consumedBytes: Float64Array
  /** Free bytes on pages this class keeps from being given back (Shapley share). */
  readonly pinnedBytes: Float64Array
}

const MOST_CLASSES = 1 + STEPS * (53 - FIRST_POWER)

/** M1 by size class. `pins` is pinBlame of the same snapshot, for callers that have it; else it is found as it is needed, and not kept. */
export const computeSizeClasses = (snapshot: Snapshot, pins?: Float64Array): SizeClassTable => finish(sizeClassSteps(snapshot, pins))

export function* sizeClassSteps(snapshot: Snapshot, pins?: Float64Array): Steps<SizeClassTable> {
  const { blocks } = snapshot
  const own = pins === undefined ? new Float64Array(Math.min(CHUNK_LENGTH, blocks.length)) : undefined
  const busyBlocks = new Float64Array(MOST_CLASSES)
  const requestedBytes = new Float64Array(MOST_CLASSES)
  const consumedBytes = new Float64Array(MOST_CLASSES)
  const pinnedBytes = new Float64Array(MOST_CLASSES)
  let classes = 0
  for (let chunk = 0, left = blocks.length; left > 0; chunk++, left -= CHUNK_LENGTH) {
    const sizes = blocks.size.chunks[chunk]!
    const requests = blocks.requested.chunks[chunk]!
    const states = blocks.state.chunks[chunk]!
    const rows = Math.min(left, CHUNK_LENGTH)
    const first = chunk * CHUNK_LENGTH
    if (own !== undefined) {
      pinBlameOf(snapshot, first, first + rows, own)
      yield
    }
    const blame = own ?? pins!.subarray(first, first + rows)
    for (let i = 0; i < rows; i++) {
      if (states[i] !== BlockState.Busy) continue
      const known = requests[i] !== UNKNOWN_SIZE
      const sizeClass = sizeClassOf(known ? requests[i]! : sizes[i]!)
      if (sizeClass >= classes) classes = sizeClass + 1
      busyBlocks[sizeClass]!++
      if (known) requestedBytes[sizeClass]! += requests[i]!
      consumedBytes[sizeClass]! += sizes[i]!
      pinnedBytes[sizeClass]! += blame[i]!
    }
    yield
  }
  return {
    upperBytes: Float64Array.from({ length: classes }, (_, row) => sizeClassUpper(row)),
    busyBlocks: busyBlocks.slice(0, classes),
    requestedBytes: requestedBytes.slice(0, classes),
    consumedBytes: consumedBytes.slice(0, classes),
    pinnedBytes: pinnedBytes.slice(0, classes),
  }
}
