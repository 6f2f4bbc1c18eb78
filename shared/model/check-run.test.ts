import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkRun } from './check-run'
import { RankSet } from './rank-set'
import { Occupant } from './run'
import { RegionState } from './region-table'
import { RunSketch, randomRun } from './testing/run-sketch'

const sketch = (): RunSketch => new RunSketch().page(0, 0x10000, 0x4000, RegionState.Reserved).page(0, 0x10000, 0x2000, RegionState.Committed)

describe('checkRun', () => {
  it('accepts random runs of three reservations', () => {
    for (const seed of [1, 2, 3]) expect(checkRun(randomRun(seed, 600))).toEqual([])
  })

  it('accepts one row taking over from another at the same event', () => {
    expect(checkRun(sketch().row(0x10000, 64, 1, 2).row(0x10000, 64, 2, 2).row(0x10010, 16, 2, 3).row(0x10000, 0x2000, 3).finish(3))).toEqual([])
  })

  it.each<[string, () => RunSketch, RegExp]>([
    ['an overlap from below', () => sketch().row(0x10000, 64, 1).row(0x10030, 64, 2), /event 2, lifetime 1 at 0x10030 of 64 bytes overlaps lifetime 0/],
    ['an overlap from above', () => sketch().row(0x10030, 64, 1).row(0x10000, 64, 2), /event 2, lifetime 1 .* overlaps lifetime 0 at 0x10030/],
    ['one row inside another', () => sketch().row(0x10000, 512, 1).row(0x10030, 16, 1), /overlaps/],
    ['the same place twice', () => sketch().row(0x10000, 16, 1).row(0x10000, 16, 1), /overlaps/],
    ['a birth on uncommitted memory', () => sketch().row(0x11ff0, 64, 1), /lifetime 0 .* does not lie on committed memory/],
    ['memory taken away under a row', () => sketch().row(0x10ff0, 64, 1).page(2, 0x11000, 0x1000, RegionState.Reserved), /event 2, page change 2 takes 0x11000 to 0x12000 away from under lifetime 0/],
    ['a death before the birth', () => sketch().row(0x10000, 64, 2, 1), /dies at event 1, before its birth at 2/],
    ['a birth after the end', () => sketch().row(0x10000, 64, 9), /born at event 9, the run has 3/],
    ['requested bytes of the heap itself', () => {
      const run = sketch().row(0x10000, 64, 1, 3, 0, Occupant.Internal)
      run.lifetimes.requested.set(0, 7)
      return run
    }, /not the program's but has 7/],
    ['page changes out of order', () => sketch().page(2, 0x12000, 4096, RegionState.Committed).page(1, 0x13000, 4096, RegionState.Committed), /event 1, after one of event 2/],
    ['a failure after the end', () => sketch().failure(4, 100), /failure 0 is of event 4, expected 0 to 3/],
  ])('names %s', (_, make, expected) => {
    expect(checkRun(make().finish(3)).join('\n')).toMatch(expected)
  })
})

it('finds an overlap exactly where two rows share bytes and events', () => {
  const row = fc.record({ at: fc.nat(20), size: fc.integer({ min: 1, max: 4 }), birth: fc.integer({ min: 1, max: 9 }), length: fc.integer({ min: 0, max: 9 }) })
  fc.assert(
    fc.property(fc.array(row, { maxLength: 12 }), (rows) => {
      const run = sketch()
      for (const { at, size, birth, length } of rows) run.row(0x10000 + 16 * at, 16 * size, birth, Math.min(9, birth + length))
      const meet = rows.some((a, i) =>
        rows.some((b, k) => k < i && a.at < b.at + b.size && b.at < a.at + a.size && Math.max(a.birth, b.birth) < Math.min(9, a.birth + a.length, b.birth + b.length)),
      )
      expect(checkRun(run.finish(9)).some((text) => text.includes('overlaps'))).toBe(meet)
    }),
    { seed: 7, numRuns: 400 },
  )
})

describe('RankSet', () => {
  it('finds neighbours like a sorted list', () => {
    const step = fc.record({ rank: fc.nat(2999), add: fc.boolean() })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.nat(2999), (steps, at) => {
        const set = new RankSet(3000)
        const plain = new Set<number>()
        for (const { rank, add } of steps) {
          if (add) set.add(rank)
          else set.delete(rank)
          if (add) plain.add(rank)
          else plain.delete(rank)
        }
        const sorted = [...plain].sort((a, b) => a - b)
        expect(set.from(at)).toBe(sorted.find((rank) => rank >= at) ?? -1)
        expect(set.before(at)).toBe(sorted.filter((rank) => rank < at).at(-1) ?? -1)
      }),
    )
  })
})
