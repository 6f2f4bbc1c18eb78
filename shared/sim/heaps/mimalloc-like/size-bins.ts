import type { Bytes } from '../../../base/units'

const WORD = 8

/**
 * Number of the size class: every word up to 8 in steps of two, then four classes a power of two, so that a class is at
 * most an eighth of a power of two, 12.5 to 25 %, above the one before.
 *
 *   bytes    1..8  ..16  ..32  ..48  ..64  ..80  ..96  ..112  ..128  ..160  ..192 ...
 *   class    1     2     4     6     8     9     10    11     12     13     14
 */
export function sizeClass(bytes: Bytes): number {
  const words = Math.max(1, Math.ceil(bytes / WORD))
  if (words <= 8) return words === 1 ? 1 : (words + 1) & ~1
  const least = words - 1
  const power = 31 - Math.clz32(least)
  return power * 4 + ((least >>> (power - 2)) & 3) - 3
}

/** Bytes of a block of this class: the largest request it serves. */
export function classBytes(sizeClassNumber: number): Bytes {
  if (sizeClassNumber <= 8) return sizeClassNumber * WORD
  const power = (sizeClassNumber + 3) >>> 2
  return (((sizeClassNumber + 3) & 3) + 5) * 2 ** (power - 2) * WORD
}
