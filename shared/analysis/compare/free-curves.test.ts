import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawHeap } from '../../model/testing/drawn-heap'
import { unusableBytes } from '../metrics/holes'
import { freeCurve, freeCurveOf, requestOutcome, unusableShares } from './free-curves'

const holesOf = (...sizes: number[]) => ({ sizes: Float64Array.from(sizes), totalBytes: sizes.reduce((sum, size) => sum + size, 0), largestBytes: Math.max(0, ...sizes) })

describe('curves of free memory', () => {
  it('E1: the shares of the worked example', () => {
    const curve = freeCurveOf(holesOf(512, 3072))
    const shares = unusableShares(curve)
    expect([10, 11, 12].map((power) => shares[power]!.toFixed(6))).toEqual(['0.142857', '0.428571', '1.000000'])
    expect(curve.availableBytes[10]).toBe(3072)
    expect([3072, 3073, 3584, 3585].map((bytes) => requestOutcome(curve, bytes))).toEqual(['fits', 'fragmented', 'fragmented', 'exhausted'])
  })

  it('E3: a checkerboard serves requests as large as its holes, and nothing larger', () => {
    const curve = freeCurve(drawHeap('[A][.][A][.][A][.][A][.]', { bytesPerCharacter: 512 }))
    expect(curve).toMatchObject({ freeBytes: 2048, largestBytes: 512, holes: 4 })
    expect([9, 10].map((power) => curve.availableBytes[power])).toEqual([2048, 0])
    expect(requestOutcome(curve, 1024)).toBe('fragmented')
  })

  it('E5: without free memory nothing fits and everything is exhausted', () => {
    const curve = freeCurveOf(holesOf())
    expect([...unusableShares(curve)].every((share) => share === 1)).toBe(true)
    expect(requestOutcome(curve, 1)).toBe('exhausted')
  })

  it('available and unusable bytes are all free bytes, and never rise with the size', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 2 ** 34 }), { maxLength: 40 }), (sizes) => {
      const holes = holesOf(...sizes)
      const { availableBytes, freeBytes } = freeCurveOf(holes)
      availableBytes.forEach((bytes, power) => {
        expect(bytes + unusableBytes(holes, 2 ** power)).toBe(freeBytes)
        if (power > 0) expect(bytes).toBeLessThanOrEqual(availableBytes[power - 1]!)
      })
    }), { numRuns: 100 })
  })
})
