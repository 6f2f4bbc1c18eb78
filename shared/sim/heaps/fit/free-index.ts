/** Free blocks of a heap, arranged for one placement policy. */
export interface FreeIndex {
  /** The block's address and size are set and stay as they are until `remove`. */
  insert(slot: number): void
  remove(slot: number): void
  /** Free block the policy chooses for `bytes` (it stays in the index), 0 when none is chosen. */
  find(bytes: number): number
}

/** Whole part of the binary logarithm, for 1 <= size < 2^53. */
export function floorLog2(size: number): number {
  return size < 4294967296 ? 31 - Math.clz32(size) : 63 - Math.clz32(size / 4294967296)
}

/** 2^0 to 2^53 as a table: `**` costs more than everything else a search does (measured: 60 % of simple segregated storage's time). */
export const POWER_OF_TWO = Float64Array.from({ length: 54 }, (_, exponent) => 2 ** exponent)
/** 1 / 2^0 to 1 / 2^53: multiplying by one of these is as exact as dividing and costs less. */
export const PER_POWER_OF_TWO = POWER_OF_TWO.map((power) => 1 / power)
