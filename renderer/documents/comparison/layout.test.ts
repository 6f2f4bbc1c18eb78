import { describe, expect, test } from 'vitest'
import { compareSides } from '../../../shared/analysis/compare/compare-sides'
import { runsWith } from '../../../shared/analysis/compare/testing/drawn-figures'
import { sizeClassOf, sizeClassUpper } from '../../../shared/analysis/metrics/size-classes'
import { barRange, detectableText, headlineOf, intervalText, isChosenBar, pText, sizeBars, verdictText } from './layout'
import { createSelection, selectionChips } from './selection'

const MIB = 2 ** 20
const cost = (blocks: number, live: number) => ({ blocks, live, header: 0, rounding: 0, pinned: 0 })
const row = (upper: number, a: number, b: number) => ({ key: `up to ${upper} bytes`, upper, a: cost(a, a * upper), b: cost(b, b * upper), change: (b - a) * upper })

describe('texts of figures', () => {
  const side = (prefix: string, values: readonly number[]) => ({ name: prefix, runs: runsWith(prefix, 'run.peakFootprintBytes', values.map((value) => value * MIB)) })

  test('a growth names side and figure; no change says what could not be seen', () => {
    const grown = compareSides(side('old', [8, 8.1, 8.2, 8, 8.05, 8.15]), side('new', [9, 9.1, 9.2, 9, 9.05, 9.15]))
    const [peak] = grown.primary
    expect(headlineOf(grown)).toMatch(/^Peak committed bytes 8\.\d+ MiB → 9\.\d+ MiB \(\+12\.\d %\): new is worse than old\.$/)
    expect([verdictText(peak!), detectableText(peak!)]).toEqual(['▲ worse', ''])
    expect(intervalText(peak!)).toMatch(/^\+\d+\.\d to \+\d+\.\d %$/)
    expect(Number(pText(peak!))).toBeLessThan(0.01)
    const same = compareSides(side('old', [8, 8.1, 8.2, 8, 8.05, 8.15]), side('new', [8.1, 8, 8.2, 8.05, 8, 8.16])).primary[0]!
    expect(verdictText(same)).toMatch(/^[~=]/)
    expect(detectableText({ ...same, difference: 1 })).toMatch(/see/)
  })
})

describe('size histogram', () => {
  const bars = sizeBars([row(64, 3, 1), row(16, 1, 1), row(20, 0, 2)], 'blocks')

  test('its classes are those of the tables, without gaps', () => {
    expect(bars.map(({ upperBytes }) => upperBytes)).toEqual([16, 20, 24, 28, 32, 40, 48, 56, 64])
    for (const { lowerBytes, upperBytes } of bars) {
      expect(sizeClassUpper(sizeClassOf(upperBytes))).toBe(upperBytes)
      expect(sizeClassUpper(sizeClassOf(lowerBytes + 1))).toBe(upperBytes)
    }
    expect([bars[0], bars[1], bars.at(-1)]).toMatchObject([{ a: 1, b: 1 }, { a: 0, b: 2 }, { a: 3, b: 1 }])
    expect(sizeBars([row(8, 1, 1)], 'bytes')).toEqual([{ lowerBytes: 0, upperBytes: 8, a: 8, b: 8 }])
    expect(sizeBars([], 'bytes')).toEqual([])
  })

  test('a brush over bars is a range of sizes, in either direction, and chooses those bars alone', () => {
    expect(barRange(bars, 3, 1)).toEqual({ minBytes: 17, maxBytes: 28 })
    expect(bars.map((bar) => isChosenBar(bar, 17, 28))).toEqual([false, true, true, true, false, false, false, false, false])
  })
})

test('a selection is one for all, told by chips that let it go', () => {
  const session = createSelection()
  session.selectSizes(17, 28)
  session.toggleSite('load')
  session.toggleMember('m1')
  expect(session.blocks.value).toEqual({ minBytes: 17, maxBytes: 28, site: 'load' })
  expect(selectionChips(session.selection, () => 'a0.rep').map(({ text, value }) => `${text} ${value}`)).toEqual(['size 17 to 28 B', 'site load', 'member a0.rep'])
  session.toggleSite('load')
  session.clear('size')
  expect([session.blocks.value, session.selection.memberId]).toEqual([{}, 'm1'])
  session.clear()
  expect(selectionChips(session.selection, () => '')).toEqual([])
})
