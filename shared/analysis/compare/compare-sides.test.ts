import { describe, expect, it } from 'vitest'
import { compareSides, type SidesComparison, type FigureDifference } from './compare-sides'
import { figuresOf, runsWith } from './testing/drawn-figures'

const PEAK = 'run.peakFootprintBytes'
const MEBI = 1024 * 1024
const BASELINE = [100, 101, 99, 102, 100.5, 98.5, 101.5, 99.5, 100.2, 100.8].map((mebibytes) => mebibytes * MEBI)
const GROWN = [105, 106, 104, 107, 105.5, 103.5, 106.5, 104.5, 105.2, 105.8].map((mebibytes) => mebibytes * MEBI)

const compare = (a: readonly number[], b: readonly number[]): SidesComparison => compareSides({ name: 'A', runs: runsWith('a', PEAK, a) }, { name: 'B', runs: runsWith('b', PEAK, b) })
const peakOf = (comparison: SidesComparison): FigureDifference => comparison.primary.find(({ figure }) => figure.id === PEAK)!

describe('compareSides', () => {
  it('tests repeats and gives the published interval of the change', () => {
    const comparison = compare(BASELINE, GROWN)
    expect(comparison).toMatchObject({ basis: 'tested', runsNeeded: null, seed: 42 })
    const peak = peakOf(comparison)
    expect(peak).toMatchObject({ verdict: 'worse', delta: 1, effect: 'large', detectable: null })
    expect(peak.change).toBeCloseTo(0.0498, 4)
    expect(peak.changeInterval!.low).toBeCloseTo(0.037, 3)
    expect(peak.changeInterval!.high).toBeCloseTo(0.062, 3)
    expect(peak.a.interval).toMatchObject({ low: 99 * MEBI, high: 101.5 * MEBI })
  })

  it('says beside "no difference" what it could have seen', () => {
    const peak = peakOf(compare(BASELINE, BASELINE.map((value) => value * 1.001)))
    expect(peak.verdict).toBe('same')
    expect(peak.detectable).toBeGreaterThan(0.03)
    expect(peak.detectable).toBeLessThan(0.06)
  })

  it('keeps to thresholds where no test is possible, and says how many runs one needs', () => {
    const comparison = compare(BASELINE.slice(0, 2), GROWN.slice(0, 2))
    expect(comparison).toMatchObject({ basis: 'thresholds', runsNeeded: 6 })
    expect(peakOf(comparison)).toMatchObject({ verdict: 'worse', p: null, changeInterval: null })
    expect(peakOf(compare([100 * MEBI], [102 * MEBI])).verdict).toBe('same')
    // 50 % more, but below the floor of 256 KiB.
    expect(peakOf(compare([4096], [6144])).verdict).toBe('same')
  })

  it('takes runs of one trace for facts: 1 % and 64 KiB count', () => {
    const of = (value: number): SidesComparison['a']['runs'] => [figuresOf('x', { values: { [PEAK]: value }, traceHash: 'one' })]
    const exact = (b: number): SidesComparison => compareSides({ name: 'A', runs: of(100 * MEBI) }, { name: 'B', runs: of(b) })
    expect(exact(102 * MEBI).basis).toBe('exact')
    expect([exact(102 * MEBI), exact(100.5 * MEBI), exact(98 * MEBI)].map((comparison) => peakOf(comparison).verdict)).toEqual(['worse', 'same', 'better'])
  })

  it('refuses other conditions, or compares what is common', () => {
    const a = { name: 'A', runs: runsWith('a', PEAK, [1]) }
    const b = { name: 'B', runs: runsWith('b', PEAK, [2], { requestedKnown: false, headerBytes: [16] }) }
    expect(() => compareSides(a, b)).toThrow(/Known requested sizes differ: true, false. Header bytes differ: \[8\], \[16\]/)
    const common = compareSides(a, b, { commonOnly: true })
    const ids = [...common.primary, ...common.others].map(({ figure }) => figure.id)
    expect(ids).toContain('end.M11_pinnedFreeBytes')
    expect(ids).not.toContain('end.M3_overheadRatio')
  })

  it('lets the heap differ only when the trace does not', () => {
    const buddy = { request: { heap: 'buddy', profile: 'binary', parameters: {} } }
    const [a] = runsWith('a', PEAK, [1])
    expect(() => compareSides({ name: 'A', runs: [a!] }, { name: 'B', runs: runsWith('b', PEAK, [1], buddy) })).toThrow(/Heaps differ/)
    const sameTrace = figuresOf('b', { values: {}, traceHash: a!.source.traceHash, conditions: buddy })
    expect(compareSides({ name: 'A', runs: [a!] }, { name: 'B', runs: [sameTrace] }).basis).toBe('exact')
  })

  it('leads with the program when live bytes moved', () => {
    const live = (value: number): SidesComparison['a']['runs'] => [figuresOf(`x${value}`, { values: { 'run.peakLiveBytes': value } })]
    const { issues } = compareSides({ name: 'A', runs: live(1000) }, { name: 'B', runs: live(1100) })
    expect(issues[0]).toMatchObject({ code: 'workload-drift', text: expect.stringContaining('+10.0 %') as string })
  })

  it('never takes a missing figure for 0', () => {
    const known = figuresOf('a', { values: { [PEAK]: 10 } })
    const unknown = figuresOf('b', { values: { [PEAK]: null } })
    expect(peakOf(compareSides({ name: 'A', runs: [known] }, { name: 'B', runs: [unknown] }))).toMatchObject({ verdict: 'not-available', difference: null, b: { median: null } })
  })
})
