import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { SplitDifference } from '../../../shared/analysis/compare-runs'
import { barPlace, buildWaterfall, pairedEvent, readingText, sizeClassRows } from './layout'

const TERMS = ['live', 'header', 'rounding', 'internal', 'pinnedFree', 'releasableFree', 'cachedFree'] as const

function splitOf(a: readonly number[], b: readonly number[]): SplitDifference[] {
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
  const terms = TERMS.map((term, i) => ({ term, a: a[i]!, b: b[i]!, difference: b[i]! - a[i]! }))
  return [...terms, { term: 'committed', a: sum(a), b: sum(b), difference: sum(b) - sum(a) }]
}

describe('footprint split', () => {
  test('the example of the definition: 8,192 to 12,288 in six terms', () => {
    const { rows } = buildWaterfall(splitOf([3600, 48, 448, 512, 3584, 0, 0], [4000, 64, 560, 512, 3056, 4096, 0]))
    expect(rows.map((row) => row.difference)).toEqual([0, 400, 16, 112, 0, -528, 4096, 0, 4096])
    expect([rows[0]!.to, rows.at(-1)!.to]).toEqual([8192, 12288])
  })

  test('each step begins where the one before ended and the last ends at B, to the byte', () => {
    const bytes = fc.array(fc.nat(2 ** 40), { minLength: 7, maxLength: 7 })
    fc.assert(fc.property(bytes, bytes, (a, b) => {
      const { rows, least, most } = buildWaterfall(splitOf(a, b))
      const steps = rows.filter((row) => row.kind === 'step')
      steps.forEach((row, i) => expect(row.from).toBe(i === 0 ? rows[0]!.to : steps[i - 1]!.to))
      expect(steps.at(-1)!.to).toBe(b.reduce((sum, value) => sum + value, 0))
      for (const row of rows) {
        const { left, width } = barPlace(row, { least, most })
        expect(left).toBeGreaterThanOrEqual(0)
        expect(left + width).toBeLessThanOrEqual(100 + 1e-9)
      }
    }))
  })
})

test('events pair by number for one trace, else by their share of the run', () => {
  expect(pairedEvent('operations', 812_406, 1_294_590, 1_294_590)).toBe(812_406)
  expect(pairedEvent('operations', 100, 100, 80)).toBe(80)
  expect(pairedEvent('progress', 50, 100, 2000)).toBe(1000)
  expect(pairedEvent('progress', 0, 0, 2000)).toBe(0)
})

test('size classes without blocks are left out, differences are B less A', () => {
  const of = (...values: number[]): Float64Array => Float64Array.from(values)
  const rows = sizeClassRows({
    upperBytes: of(8, 10, 12), blocksA: of(1, 0, 0), blocksB: of(1, 0, 3), requestedA: of(8, 0, 0), requestedB: of(8, 0, 36),
    consumedA: of(16, 0, 0), consumedB: of(16, 0, 48), pinnedA: of(100, 0, 0), pinnedB: of(40, 0, 0),
  })
  expect(rows).toEqual([
    { lowerBytes: 0, upperBytes: 8, blocksA: 1, blocksB: 1, consumed: 0, pinned: -60 },
    { lowerBytes: 10, upperBytes: 12, blocksA: 0, blocksB: 3, consumed: 48, pinned: 0 },
  ])
})

test('directions are words', () => {
  expect((['better', 'worse', 'equal', 'neutral', 'unknown'] as const).map(readingText)).toEqual(['B better', 'B worse', 'equal', 'differs', 'no value'])
})
