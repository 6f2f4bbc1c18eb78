import { describe, expect, it } from 'vitest'
import type { RankedPoint, SweepRanking } from '../../../shared/analysis/sweep/sweep-ranking'
import { heapDefinitions } from '../../../shared/sim/profiles'
import { barParts, letterPlaces, plotArea, stepPoints } from './layout'
import { cutWeight, nameParts, RESULT_COLUMNS, resultColumns, resultRows, sortRows, type ResultRow } from './result-rows'
import { heapGroups, inOrder, parametersOf, setupOf, typedValues, usualChoices } from './what-if-form'

describe('the form', () => {
  it('lists every heap once, Windows first', () => {
    const groups = heapGroups()
    expect(groups[0]!.title).toBe('Windows')
    const idsOf = (title: string) => groups.find((group) => group.title === title)!.heaps.map(({ id }) => id)
    expect(idsOf('Windows').sort()).toEqual(['kath-nt31', 'nt-lfh', 'nt-xp', 'segment-heap'])
    expect(idsOf('Other systems').sort()).toEqual(['mimalloc-like', 'ptmalloc-like', 'slab'])
    expect(idsOf('Teaching models').sort()).toEqual(['lfh', 'lookaside'])
    expect(groups.flatMap(({ heaps }) => heaps.map(({ id }) => id)).sort()).toEqual(heapDefinitions.map(({ id }) => id).sort())
  })

  it('starts with choices that exist, in one order whatever was clicked first', () => {
    const usual = usualChoices()
    expect(inOrder(usual)).toHaveLength(usual.size)
    expect(inOrder(new Set([...usual].reverse()))).toEqual(inOrder(usual))
  })

  it('reads values as typed and leaves out what says nothing', () => {
    expect(typedValues([{ name: 'align', text: '8, 16 8' }, { name: 'chunk', text: ' ' }, { name: '', text: '1' }, { name: 'align', text: '32' }])).toEqual({ align: ['8', '16', '32'] })
    expect(setupOf([], usualChoices(), [])).toBeNull()
    expect(setupOf(['document:d1', 'workload:G1'], new Set(['buddy/standard']), [])).toEqual({ inputs: [{ documentId: 'd1' }, { workload: 'G1' }], heaps: ['buddy/standard'], values: {} })
  })

  it('offers the parameters of the chosen heaps, those of most heaps first', () => {
    const parameters = parametersOf(new Set(['first-fit/csapp', 'buddy/standard']))
    const heapsOf = (name: string): readonly string[] | undefined => parameters.find((known) => known.name === name)?.heaps
    expect(heapsOf('header')).toHaveLength(2)
    expect(heapsOf('minOrder')).toEqual(['Binary buddies'])
    expect(parameters[0]!.heaps).toHaveLength(2)
    expect(heapsOf('slLog')).toBeUndefined()
  })
})

const point = (heap: string, peak: number, searchSteps: number | null): RankedPoint => ({
  key: `${heap}/standard`, request: { heap, profile: 'standard', parameters: {} }, settings: {}, peakFootprintBytes: peak, meanWastedBytes: 0, pinnedAtEndBytes: 0, failedRequests: 0, searchSteps, change: peak / 2048 - 1, onFrontier: false,
})
const ranking: SweepRanking = { points: [point('buddy', 1024, null), point('simple-segregated', 2048, 5), point('other', 4096, 3)], reference: 'simple-segregated/standard', advice: '', confidence: null }

describe('the tables', () => {
  const rows = resultRows(ranking, [])
  const column = (tab: keyof typeof RESULT_COLUMNS, key: string) => RESULT_COLUMNS[tab].find((one) => one.key === key)!

  it('give differences from the baseline, and a dash for what is not available', () => {
    expect(rows.map(column('differences', 'peakFootprintBytes-difference').text)).toEqual(['−1 KiB', '0 B', '+2 KiB'])
    expect(rows.map(column('differences', 'searchSteps-difference').text)).toEqual(['—', '0', '−2'])
    expect(rows.map(column('ranking', 'change').text)).toEqual(['−50.0 %', 'baseline', '+100.0 %'])
  })

  it('sort with what is missing last in either direction', () => {
    const search = column('ranking', 'searchSteps')
    expect(sortRows(rows, search, false).map(({ place }) => place)).toEqual([2, 1, 0])
    expect(sortRows(rows, search, true).map(({ place }) => place)).toEqual([1, 2, 0])
  })
})

describe('the pictures', () => {
  it('draw steps that reach the peak and end at the last event', () => {
    const area = plotArea({ width: 400, height: 200 })
    const points = stepPoints(area, { events: [10, 20], footprint: [50, 100] }, 20, 100)
    expect(points).toEqual([area.left, (area.top + area.bottom) / 2, (area.left + area.right) / 2, (area.top + area.bottom) / 2, (area.left + area.right) / 2, area.top, area.right, area.top])
  })

  it('keep letters apart inside the picture', () => {
    const area = plotArea({ width: 400, height: 200 })
    const places = letterPlaces([area.bottom, area.bottom, area.bottom - 1], 12, area)
    expect([...places].sort((a, b) => a - b)).toEqual([area.bottom - 24, area.bottom - 12, area.bottom])
  })

  it('bars end where their committed bytes lie', () => {
    const split = { live: 50, header: 25, rounding: 0, internal: 0, pinnedFree: 25, releasableFree: 0, cachedFree: 0, uncommitted: 7, committed: 100, reserved: 107 }
    const parts = barParts(split, 200, 300)
    expect(parts.map(({ term }) => term)).toEqual(['live', 'header', 'pinnedFree'])
    expect(parts.at(-1)!.x + parts.at(-1)!.width).toBe(26 + (100 / 200) * 200)
  })
})

it('the heap of a name and what is its own', () => {
  expect(nameParts('NT heap (Windows 7 to 11) · Windows 10, 64 bits; align=16')).toEqual(['NT heap (Windows 7 to 11)', ' · Windows 10, 64 bits', '; align=16'])
  expect(nameParts('First fit; align=16')).toEqual(['First fit', '', '; align=16'])
  expect(nameParts('First fit')).toEqual(['First fit', '', ''])
  expect(nameParts('First fit · Textbook, 32-bit (header and footer); align=16').map(cutWeight)).toEqual([0, 25, 0])
})

it('the column of names is as wide as the longest, within limits', () => {
  const widthOf = (...titles: string[]): number => resultColumns('ranking', titles.map((title) => ({ title }) as ResultRow)).find(({ key }) => key === 'name')!.leastPx
  const least = RESULT_COLUMNS.ranking.find(({ key }) => key === 'name')!.leastPx
  expect(widthOf('First fit')).toBe(least)
  expect(widthOf('First fit', 'NT heap with low-fragmentation front end (Windows 7 to 11)')).toBe(340)
  expect(widthOf('NT heap with look-aside lists')).toBeGreaterThan(29 * 6.5)
})
