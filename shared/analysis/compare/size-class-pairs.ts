import { median } from '../statistics/intervals'
import { sizeClassUpper, type SizeClassTable } from '../metrics/size-classes'
import type { Bytes } from '../../base/units'

/*
 * Busy blocks of two sides by size class; of a side with several members the median member by member, class by class.
 */
export const SIZE_CLASS_MEASURES = ['busyBlocks', 'requestedBytes', 'consumedBytes', 'pinnedBytes'] as const
export type SizeClassMeasure = (typeof SIZE_CLASS_MEASURES)[number]

/** Row i is the class of sizes in (lowerBytes[i], upperBytes[i]]; classes that are empty on both sides are left out. */
export interface SizeClassPairs {
  readonly lowerBytes: Float64Array
  readonly upperBytes: Float64Array
  readonly a: Float64Array
  readonly b: Float64Array
}

/** Largest size of the class below, 0 below the first. */
const lowerOf = (sizeClass: number): Bytes => (sizeClass === 0 ? 0 : sizeClassUpper(sizeClass - 1))

export function pairSizeClasses(a: readonly SizeClassTable[], b: readonly SizeClassTable[], measure: SizeClassMeasure): SizeClassPairs {
  const classes = Math.max(0, ...[...a, ...b].map(({ upperBytes }) => upperBytes.length))
  const mediansOf = (side: readonly SizeClassTable[]): Float64Array =>
    Float64Array.from({ length: classes }, (_, row) => (side.length === 0 ? 0 : median(side.map((table) => table[measure][row] ?? 0))))
  const [mediansA, mediansB] = [mediansOf(a), mediansOf(b)]
  const rows = Array.from({ length: classes }, (_, row) => row).filter((row) => mediansA[row] !== 0 || mediansB[row] !== 0)
  return {
    lowerBytes: Float64Array.from(rows, lowerOf),
    upperBytes: Float64Array.from(rows, sizeClassUpper),
    a: Float64Array.from(rows, (row) => mediansA[row]!),
    b: Float64Array.from(rows, (row) => mediansB[row]!),
  }
}
