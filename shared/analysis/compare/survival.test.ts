import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { STILL_ALIVE, UNKNOWN_SIZE } from '../../base/units'
import { randomRun, RunSketch } from '../../model/testing/run-sketch'
import { addSurvival, ageStep, ageStepEnd, emptySurvival, medianAge, survivalAt, survivalClassOf, survivalCurve, tallySurvival, SURVIVAL_CLASSES, type SurvivalTally } from './survival'

/** A tally of blocks of one byte with these ages. */
function tallyOf(deaths: readonly number[], censored: readonly number[]): SurvivalTally {
  const tally = emptySurvival('operations')
  for (const age of deaths) tally.deaths[ageStep(age)]!++
  for (const age of censored) tally.censored[ageStep(age)]!++
  return tally
}

/** Kaplan and Meier written down as the definition says, for distinct ages. */
function byDefinition(deaths: readonly number[], censored: readonly number[], age: number): number {
  let share = 1
  for (const at of [...deaths].sort((a, b) => a - b)) {
    if (at > age) break
    share *= 1 - 1 / [...deaths, ...censored].filter((other) => other >= at).length
  }
  return share
}

describe('survival', () => {
  it('the worked case: 6, 6, 6, 7, 10, 13, 16, 22, 23 with the published withdrawals', () => {
    // Remission times of the treated group of Freireich et al. 1963, the textbook example of the estimator.
    const deaths = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    const censored = [6.2, 9, 10.5, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    const curve = survivalCurve(tallyOf(deaths, censored), 'blocks')
    const shares = [6.6, 7.5, 10.4, 13.9, 16.9, 22.7, 24].map((age) => survivalAt(curve, age).toFixed(4))
    expect(shares).toEqual(['0.8571', '0.8067', '0.7529', '0.6902', '0.6275', '0.5378', '0.4482'])
    expect(curve).toMatchObject({ total: 21, censored: 12 })
    expect(medianAge(curve)).toBeCloseTo(ageStepEnd(ageStep(23)), 9)
  })

  it('is the definition, for ages in steps of their own', () => {
    const step = fc.integer({ min: 1, max: 400 })
    fc.assert(fc.property(fc.uniqueArray(step, { minLength: 1, maxLength: 40 }), fc.integer({ min: 0, max: 40 }), (steps, split) => {
      const ages = steps.map((one) => ageStepEnd(one) * 0.999)
      const [deaths, censored] = [ages.slice(0, split), ages.slice(split)]
      const curve = survivalCurve(tallyOf(deaths, censored), 'blocks')
      for (const age of ages) expect(survivalAt(curve, age * 1.002)).toBeCloseTo(byDefinition(deaths, censored, age), 9)
    }), { numRuns: 60 })
  })

  it('counts age in bytes asked for since birth, and leaves what is alive at the end uncounted', () => {
    const run = new RunSketch().row(0x1000, 16, 1, 3, 10).row(0x2000, 16, 2, STILL_ALIVE, 100).row(0x3000, 128, 4, 5, 50).finish(5)
    const curve = survivalCurve(tallySurvival(run), 'blocks')
    // The first lived while 100 bytes were asked for, the third while none were; the second saw 50 and lives.
    expect(survivalAt(curve, 1)).toBeCloseTo(2 / 3, 12)
    expect(survivalAt(curve, 90)).toBeCloseTo(2 / 3, 12)
    expect(survivalAt(curve, ageStepEnd(ageStep(100)))).toBe(0)
    expect(survivalCurve(tallySurvival(run), 'bytes')).toMatchObject({ total: 160, censored: 100 })
  })

  it('counts in operations where a request is unknown', () => {
    const run = new RunSketch().row(0x1000, 16, 1, 9, UNKNOWN_SIZE).finish(9)
    const tally = tallySurvival(run)
    expect(tally.unit).toBe('operations')
    expect(survivalCurve(tally, 'bytes')).toMatchObject({ total: 16, lastAge: ageStepEnd(ageStep(8)) })
  })

  it('sizes fall into their class, and the classes make up the whole', () => {
    expect([0, 16, 17, 65536, 65537].map(survivalClassOf)).toEqual([0, 0, 1, 6, 7])
    const tally = tallySurvival(randomRun(7, 400))
    const whole = survivalCurve(tally, 'bytes')
    expect(SURVIVAL_CLASSES.reduce((sum, _, i) => sum + survivalCurve(tally, 'bytes', i).total, 0)).toBe(whole.total)
  })

  it('falls and never rises, from 1, and adding a run to itself changes nothing', () => {
    for (const seed of [1, 2, 3]) {
      const tally = tallySurvival(randomRun(seed, 300))
      const curve = survivalCurve(tally, 'blocks')
      curve.survival.forEach((share, i) => expect(share).toBeLessThanOrEqual(i === 0 ? 1 : curve.survival[i - 1]!))
      const twice = survivalCurve(addSurvival([tally, tally])!, 'blocks')
      expect(twice.ages).toEqual(curve.ages)
      twice.survival.forEach((share, i) => expect(share).toBeCloseTo(curve.survival[i]!, 12))
    }
  })

  it('nothing has no curve, and units are not mixed', () => {
    expect(survivalCurve(emptySurvival('bytes'), 'blocks')).toMatchObject({ total: 0, lastAge: 0 })
    expect(addSurvival([emptySurvival('bytes'), emptySurvival('operations')])).toBeNull()
    expect(addSurvival([])).toBeNull()
  })
})
