import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { attributeCause, attributeRatio, twoPlayerShapley } from './shapley'

describe('two-player Shapley values', () => {
  it('split the change of C/Q of the worked example', () => {
    const split = attributeRatio({ footprint: 8192, live: 3600 }, { footprint: 12288, live: 4000 })!
    expect(split.footprintEffect).toBeCloseTo(1.080889, 6)
    expect(split.demandEffect).toBeCloseTo(-0.284444, 6)
    expect(split.change).toBeCloseTo(0.796444, 6)
  })

  it('have no ratio where nothing is live', () => {
    expect(attributeRatio({ footprint: 4096, live: 0 }, { footprint: 4096, live: 10 })).toBeNull()
  })

  it('sum to the whole change, whoever moves first', () => {
    const figure = fc.integer({ min: 0, max: 1e9 })
    fc.assert(
      fc.property(figure, figure, figure, figure, (none, first, second, both) => {
        const effects = twoPlayerShapley({ none, first, second, both })
        expect(effects.first + effects.second).toBeCloseTo(both - none, 3)
        expect(twoPlayerShapley({ none, first: second, second: first, both })).toEqual({ first: effects.second, second: effects.first })
      }),
    )
  })

  it('tell the program from the heap', () => {
    // The heap alone costs 100 more whatever the program does; the program 40.
    expect(attributeCause({ programAHeapA: 1000, programBHeapA: 1040, programAHeapB: 1100, programBHeapB: 1140 })).toEqual({ change: 140, workloadEffect: 40, policyEffect: 100 })
  })
})
