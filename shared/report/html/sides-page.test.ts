import { describe, expect, it } from 'vitest'
import { compareSides, type SidesComparison } from '../../analysis/compare/compare-sides'
import { explainChange, type ChangeExplanation } from '../../analysis/compare/explain-change'
import { runsWith } from '../../analysis/compare/testing/drawn-figures'
import { Snapshot } from '../../model/snapshot'
import { buildHeap } from '../../model/testing/drawn-heap'
import { anonymise } from '../anonymise'
import { sidesPage } from './sides-page'
import { waterfallSteps } from './waterfall'

const MEBI = 1024 * 1024
const values = (base: number): number[] => Array.from({ length: 8 }, (_, i) => (base + i / 10) * MEBI)
const comparison = (): SidesComparison =>
  compareSides({ name: 'build 1', runs: runsWith('secret<a>', 'run.peakFootprintBytes', values(10)) }, { name: 'build 2', runs: runsWith('secret<b>', 'run.peakFootprintBytes', values(12)) })

function explanation(): ChangeExplanation {
  const heap = (...sizes: readonly number[]): Snapshot => new Snapshot({ ...buildHeap([sizes.map((size, site) => ({ state: 0, size, requested: size - 8, site }))]), siteNames: ['secret<site>', 'other'] })
  return explainChange(heap(64, 128), heap(640, 4096))
}

/** The names of opened and closed tags must match, whatever the figures are. */
function unclosedTags(html: string): string[] {
  const open: string[] = []
  for (const [, slash, name, rest] of html.matchAll(/<(\/?)([a-z0-9]+)([^>]*)>/gi)) {
    if (slash === '/') expect(open.pop()).toBe(name)
    else if (!rest!.endsWith('/') && !['meta'].includes(name!)) open.push(name!)
  }
  return open
}

describe('sidesPage', () => {
  it('is one well-formed file without scripts or links to anything', () => {
    const html = sidesPage(comparison(), explanation())
    expect(unclosedTags(html.replace('<!doctype html>', ''))).toEqual([])
    expect(html).not.toMatch(/<script|src=|href=|@import|url\(/)
    expect(html).toContain('REGRESSION')
    expect(html).toContain('secret&lt;a&gt;0')
    expect(html).not.toContain('secret<a>')
  })

  it('stays far below 5 MB with thousands of runs', () => {
    const many = compareSides({ name: 'A', runs: runsWith('a', 'run.peakFootprintBytes', Array.from({ length: 1000 }, (_, i) => i)) }, { name: 'B', runs: runsWith('b', 'run.peakFootprintBytes', [1]) }, { primaryOnly: true })
    const html = sidesPage(many, explanation())
    expect(html.length).toBeLessThan(2_000_000)
    expect(html).toContain('501 more rows are left out')
  })

  it('gives no name away when anonymous, and calls the same thing the same', () => {
    const hidden = anonymise(comparison(), explanation())
    const html = sidesPage(hidden.comparison, hidden.explanation)
    expect(html + JSON.stringify(hidden)).not.toContain('secret')
    expect(html).toContain('call site 1')
    expect(new Set(hidden.comparison.a.runs.map(({ source }) => source.name)).size).toBe(8)
    expect(hidden.comparison.primary).toEqual(comparison().primary)
  })
})

describe('waterfallSteps', () => {
  it('end where B begins, to the byte', () => {
    const steps = waterfallSteps(explanation().split)
    expect(steps.at(-2)!.to).toBe(steps.at(-1)!.to)
    for (let i = 2; i < steps.length - 1; i++) expect(steps[i]!.from).toBe(steps[i - 1]!.to)
  })
})
