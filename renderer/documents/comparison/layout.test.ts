import { describe, expect, test } from 'vitest'
import { compareSides } from '../../../shared/analysis/compare/compare-sides'
import { runsWith } from '../../../shared/analysis/compare/testing/drawn-figures'
import { sizeClassOf, sizeClassUpper } from '../../../shared/analysis/metrics/size-classes'
import { classRange, detectableText, headlineOf, intervalText, pText, sizePairs, verdictText } from './layout'
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
    expect([verdictText(peak!, grown.rule), detectableText(peak!)]).toEqual(['▲ worse', ''])
    expect(intervalText(peak!)).toMatch(/^\+\d+\.\d to \+\d+\.\d %$/)
    expect(Number(pText(peak!))).toBeLessThan(0.01)
    const same = compareSides(side('old', [8, 8.1, 8.2, 8, 8.05, 8.15]), side('new', [8.1, 8, 8.2, 8.05, 8, 8.16])).primary[0]!
    expect(verdictText(same, grown.rule)).toMatch(/^[~=]/)
    expect(detectableText({ ...same, difference: 1 })).toMatch(/^\d+\.\d %$/)
    // Plain, but under the floor of the rule: not a change, and not unseen either.
    expect(verdictText({ ...same, difference: 100_000, change: 0.5, p: 0.001 }, grown.rule)).toBe('~ less than 256 KiB')
  })
})

describe('size histogram', () => {
  test('its classes are those of the tables, in order, without the empty ones', () => {
    const pairs = sizePairs([row(64, 3, 1), row(16, 1, 1), row(20, 0, 2), row(32, 0, 0)], 'busyBlocks')
    expect(Array.from(pairs.upperBytes)).toEqual([16, 20, 64])
    pairs.upperBytes.forEach((upper, i) => {
      expect(sizeClassUpper(sizeClassOf(upper))).toBe(upper)
      expect(sizeClassUpper(sizeClassOf(pairs.lowerBytes[i]! + 1))).toBe(upper)
      expect(sizeClassUpper(sizeClassOf(pairs.lowerBytes[i]!))).toBeLessThan(upper)
    })
    expect([Array.from(pairs.a), Array.from(pairs.b)]).toEqual([[1, 0, 3], [1, 2, 1]])
    expect(Array.from(sizePairs([row(8, 1, 2)], 'consumedBytes').b)).toEqual([16])
    expect(sizePairs([], 'pinnedBytes').upperBytes.length).toBe(0)
  })

  test('a class is a range of whole sizes', () => {
    expect([classRange(8), classRange(10), classRange(20), classRange(640)]).toEqual([{ minBytes: 0, maxBytes: 8 }, { minBytes: 9, maxBytes: 10 }, { minBytes: 17, maxBytes: 20 }, { minBytes: 513, maxBytes: 640 }])
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
