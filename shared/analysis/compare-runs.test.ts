import { describe, expect, it } from 'vitest'
import { UNKNOWN_SIZE } from '../base/units'
import type { Run } from '../model/run'
import { RegionState } from '../model/region-table'
import { RunSketch } from '../model/testing/run-sketch'
import { compareRuns, type Comparison } from './compare-runs'

const PAGE = 4096
const BASE = 0x10000

/** `pages` committed pages and one busy block per size from event 1 on. */
function sketch(sizes: readonly number[], pages: number, requested: (size: number) => number = (size) => size): Run {
  const drawing = new RunSketch().page(1, BASE, pages * PAGE, RegionState.Committed)
  let at = BASE
  for (const size of sizes) {
    drawing.row(at, size, 1, undefined, requested(size))
    at += size
  }
  return drawing.finish(2)
}

const compare = (a: Run, b: Run): Comparison => compareRuns({ run: a, title: 'a' }, { run: b, title: 'b' })

describe('compareRuns', () => {
  it('splits the change of the footprint without remainder', () => {
    const comparison = compare(sketch([512, 1024], 1), sketch([512, 1024, 256], 3, (size) => size - 6))
    const differences = Object.fromEntries(comparison.peakSplit.map(({ term, difference }) => [term, difference]))
    expect(differences).toMatchObject({ live: 256 - 18, rounding: 18, committed: 2 * PAGE })
    const { committed, uncommitted, reserved, ...terms } = differences
    expect(Object.values(terms).reduce((sum, value) => sum + value, 0)).toBe(committed)
    expect(reserved).toBe(committed! + uncommitted!)
    expect(comparison.headline).toBe('Peak footprint 4,096 → 12,288 bytes: B needs 8,192 bytes more (+200.0 %).')
  })

  it('says that different traces and another demand are not the heap alone', () => {
    const codes = compare(sketch([1000], 1), sketch([2000], 1)).notes.map((note) => note.code)
    expect(codes).toEqual(['other-trace', 'workload-drift'])
  })

  it('lines up size classes that only one side has', () => {
    const { sizeClasses } = compare(sketch([64, 64, 64, 128], 1), sketch([64, 128, 128, 256], 1))
    const row = (upper: number): number[] => {
      const i = sizeClasses.upperBytes.indexOf(upper)
      return [sizeClasses.blocksA[i]!, sizeClasses.blocksB[i]!]
    }
    expect([row(64), row(128), row(256)]).toEqual([[3, 1], [1, 2], [0, 1]])
    expect(sizeClasses.requestedB.reduce((sum, bytes) => sum + bytes, 0) - sizeClasses.requestedA.reduce((sum, bytes) => sum + bytes, 0)).toBe(256)
  })

  it('reads a smaller overhead as better and calls equal figures equal', () => {
    const { metrics } = compare(sketch([512], 2), sketch([512], 1))
    const reading = (moment: string, key: string): string | undefined => metrics.find((metric) => metric.moment === moment && metric.key === key)?.reading
    expect(reading('peak', 'M3_overheadRatio')).toBe('better')
    expect(reading('peak', 'M3_utilisation')).toBe('better')
    expect(reading('peak', 'M1_liveBytes')).toBe('equal')
  })

  it('refuses what cannot honestly be compared', () => {
    const known = sketch([512], 1)
    const unknown = sketch([512], 1, () => UNKNOWN_SIZE)
    expect(() => compare(known, unknown)).toThrow(/requested sizes are known only for A/)
    const largePages = Object.assign(Object.create(Object.getPrototypeOf(known) as object), known, { pageBytes: 65536 }) as Run
    expect(() => compare(known, largePages)).toThrow(/pages of 4096 bytes, B of 65536/)
  })
})
