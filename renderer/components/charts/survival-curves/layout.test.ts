import { describe, expect, test } from 'vitest'
import { ageStep, emptySurvival, survivalCurve } from '../../../../shared/analysis/compare/survival'
import { placeOn } from '../../../canvas/chart-axes'
import { DrawLog } from '../../../canvas/draw-log'
import { testPalette as palette } from '../../../canvas/testing/palette'
import { ageAt, layOutSurvival, survivalPoints, type SurvivalLine } from './layout'
import { paintAge, paintSurvival } from './paint'

function lineOf(letter: string, mark: number, deaths: readonly number[], censored: readonly number[]): SurvivalLine {
  const tally = emptySurvival('bytes')
  for (const age of deaths) tally.deaths[ageStep(age)]!++
  for (const age of censored) tally.censored[ageStep(age)]!++
  return { side: { letter, name: letter, mark }, curve: survivalCurve(tally, 'blocks') }
}
const SIZE = { width: 420, height: 200 }
const lines = [lineOf('A', 0, [2, 100], [500]), lineOf('B', 1, [1000], []), lineOf('C', 2, [], [])]
const layout = layOutSurvival(lines, SIZE)

describe('survival curves', () => {
  test('what has no blocks has no line; the scale holds the greatest age', () => {
    expect(layout.lines.map(({ side }) => side.letter)).toEqual(['A', 'B'])
    expect(layout.x.to).toBe(1024)
    layout.ages.forEach((age, i) => expect(ageAt(layout, placeOn(layout.x, age))).toBe(i))
  })

  test('the scale begins shortly before the first loss that is seen', () => {
    const late = layOutSurvival([lineOf('A', 0, [1, ...Array.from({ length: 300 }, () => 2 ** 20)], [])], SIZE)
    expect(late.x.from).toBe(2 ** 17)
    const points = survivalPoints(late, late.lines[0]!.curve)
    expect(Math.min(...points.filter((_, i) => i % 2 === 0))).toBe(late.area.left)
  })

  test('curves begin at all, go down in steps and never back', () => {
    const points = survivalPoints(layout, layout.lines[0]!.curve)
    expect(points.slice(0, 2)).toEqual([layout.area.left, layout.area.top])
    for (let i = 2; i < points.length; i += 2) {
      expect(points[i]).toBeGreaterThanOrEqual(points[i - 2]!)
      expect(points[i + 1]).toBeGreaterThanOrEqual(points[i - 1]!)
    }
    expect(points.at(-1)).toBeCloseTo(placeOn(layout.y, 1 / 3), 9)
    expect(survivalPoints(layout, layout.lines[1]!.curve).at(-1)).toBe(layout.area.bottom)
  })

  test('each line has its letter, and a stroke where what lived was not seen to die', () => {
    const target = new DrawLog(SIZE.width, SIZE.height)
    paintSurvival(target, palette, { layout, xName: 'age', yName: 'alive', ageText: String, chosen: 'A' })
    expect(target.texts).toEqual(expect.arrayContaining(['A', 'B', 'age', 'alive', '100 %']))
    expect(target.of('line').filter(({ color }) => color === palette.marks[0])).toHaveLength(2)
    expect(target.of('line').filter(({ color }) => color === palette.marks[1])).toHaveLength(1)
    const hover = new DrawLog(SIZE.width, SIZE.height)
    paintAge(hover, palette, layout, 0)
    expect(hover.of('line')).toHaveLength(1)
  })
})
