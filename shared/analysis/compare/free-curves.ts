import type { Bytes } from '../../base/units'
import type { Snapshot } from '../../model/snapshot'
import { collectHoles, unusableBytesByPower, type Holes } from '../metrics/holes'

/*
 * What the free bytes of a heap are good for, by the size of a request (consumed size: header and rounding included):
 *
 *   unusable(s)    1 − Σ⌊f/s⌋·s / F     share of the free bytes that requests of s cannot use (metric M7)
 *   available(s)   Σ⌊f/s⌋·s             bytes that requests of s can get now, without asking the system for more
 *
 *   available  F |‾‾‾‾\__                request s   fits          up to the largest hole, f_max
 *                |       \______                     fragmented    above f_max, up to F: enough is free, in pieces
 *              0 |______________|____                exhausted     above F
 *                            f_max   F
 *
 * Only free and cached bytes that are committed count: a heap that may still grow can serve more.
 */
export interface FreeCurve {
  /** 1, 2, 4, ... up to 2^(points − 1), the same for all members. */
  readonly availableBytes: Float64Array
  /** F. */
  readonly freeBytes: Bytes
  /** f_max: the largest request that succeeds; one byte more fails. 0 when nothing is free. */
  readonly largestBytes: Bytes
  readonly holes: number
}

/** Request sizes 2^0 .. 2^40: a terabyte is beyond every heap that is read. */
export const FREE_CURVE_POINTS = 41

export const requestSizeOf = (point: number): Bytes => 2 ** point

export function freeCurve(snapshot: Snapshot): FreeCurve {
  return freeCurveOf(collectHoles(snapshot))
}

export function freeCurveOf(holes: Holes): FreeCurve {
  const unusable = unusableBytesByPower(holes)
  const availableBytes = Float64Array.from({ length: FREE_CURVE_POINTS }, (_, power) => holes.totalBytes - unusable[power]!)
  return { availableBytes, freeBytes: holes.totalBytes, largestBytes: holes.largestBytes, holes: holes.sizes.length }
}

/** Share of the free bytes that is of no use, by request size; 1 everywhere when nothing is free. */
export const unusableShares = ({ availableBytes, freeBytes }: FreeCurve): Float64Array => availableBytes.map((bytes) => (freeBytes === 0 ? 1 : 1 - bytes / freeBytes))

/** Why a request of this consumed size fails now, or that it does not. */
export const requestOutcome = ({ freeBytes, largestBytes }: FreeCurve, requestBytes: Bytes): 'fits' | 'fragmented' | 'exhausted' =>
  requestBytes <= largestBytes ? 'fits' : requestBytes <= freeBytes ? 'fragmented' : 'exhausted'
