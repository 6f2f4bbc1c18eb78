import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Failure } from '../../../shared/base/errors'
import { mulberry32 } from '../../../shared/base/random'
import { runCommandLine } from '../command-line'

interface Result {
  readonly code: number
  readonly text: string
  readonly failures: readonly Failure[]
}

async function run(...args: string[]): Promise<Result> {
  const results: string[] = []
  const failures: Failure[] = []
  const code = await runCommandLine(args, { result: (text) => results.push(text), failure: (failure) => failures.push(failure) })
  return { code, text: results.join('\n'), failures }
}

/** A program that keeps `blocks` blocks of 2 to 6 KB until its end; others vary with the seed. */
function program(seed: number, blocks: number): string {
  const random = mulberry32(seed)
  const sizes = Array.from({ length: blocks }, () => 2048 + Math.floor(random() * 4096))
  const lines = [...sizes.map((size, id) => `a ${id} ${size}`), ...sizes.map((_, id) => `f ${id}`)]
  return ['20000', String(blocks), String(lines.length), '1', ...lines, ''].join('\n')
}

describe('heapscape gate', () => {
  let folder: string
  const at = (name: string): string => path.join(folder, name)
  const write = (name: string, text: string): string => {
    writeFileSync(at(name), text)
    return at(name)
  }
  const repeats = (name: string, firstSeed: number, blocks: number): string[] => Array.from({ length: 6 }, (_, i) => write(`${name}-${i}.rep`, program(firstSeed + i, blocks)))

  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'heapscape-gate-'))))
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('passes one trace in one heap and says so', async () => {
    const trace = write('one.rep', program(1, 100))
    const { code, text } = await run('gate', '--baseline', trace, '--candidate', trace)
    expect(code).toBe(0)
    expect(text).toMatch(/Heap gate \(replay\): PASS/)
  })

  it('fails repeats that grew, once a fresh batch confirms it, with JUnit and Markdown', async () => {
    const args = ['gate', '--baseline', ...repeats('a', 10, 400), '--candidate', ...repeats('b', 20, 600)]
    expect((await run(...args)).code).toBe(0)
    const confirmed = [...args, '--confirm-baseline', ...repeats('c', 30, 400), '--confirm-candidate', ...repeats('d', 40, 600)]
    const { code, text } = await run(...confirmed, '--json', '--junit', at('gate.xml'), '--markdown', at('gate.md'))
    expect(code).toBe(1)
    expect(JSON.parse(text)).toMatchObject({ schema: 1, verdict: 'fail', mode: 'sampled', confirmed: true, figures: [{ id: 'run.peakFootprintBytes', status: 'regression', effect: 'large', confirmation: { verdict: 'worse' } }, {}, {}] })
    expect(readFileSync(at('gate.xml'), 'utf8')).toMatch(/<testsuite name="heapscape gate" tests="3" failures="\d" skipped="\d">[^]*<failure message="[^"]*MiB[^"]*p=0\.00\d\d δ=1\.00 n=6\+6"\/>/)
    expect(readFileSync(at('gate.md'), 'utf8')).toMatch(/\| Peak committed bytes \| [\d.]+ → [\d.]+ MiB \| \+\d+\.\d % \[.*\] \| p=.* \| REGRESSION \(confirmed\) \|/)
  })

  it('compares with a baseline file, which needs no runs', async () => {
    const files = repeats('a', 10, 200)
    expect((await run('gate', '--baseline', ...files, '--write-baseline', at('base.json'))).code).toBe(0)
    const { code, text } = await run('gate', '--baseline', at('base.json'), '--candidate', ...repeats('b', 20, 200))
    expect([code, /PASS: no primary figure grew/.test(text)]).toEqual([0, true])
    // A pass says what could not have been seen.
    expect(text).toMatch(/cannot see changes below \d+\.\d %/)
  })

  it('ends with 3 when the environments differ', async () => {
    expect((await run('gate', '--baseline', ...repeats('a', 10, 50), '--write-baseline', at('base.json'), '--heap', 'buddy')).code).toBe(0)
    const { code, failures } = await run('gate', '--baseline', at('base.json'), '--candidate', ...repeats('b', 20, 50))
    expect(code).toBe(3)
    expect(failures[0]).toMatchObject({ code: 'not-comparable', text: expect.stringContaining('Heaps differ') as string })
  })

  it('ends with 2 for runs too few, for a rules file that is none and for a damaged baseline', async () => {
    const [a, b] = [write('a.rep', program(1, 10)), write('b.rep', program(2, 10))]
    const few = await run('gate', '--baseline', a, '--candidate', b)
    expect([few.code, few.failures[0]!.text]).toEqual([2, 'expected at least 6 runs per side for p < 0.01 over 3 figures, got 1 and 1'])
    const rules = await run('gate', '--baseline', a, '--candidate', a, '--rules', write('rules.json', '{"figures": ["peak.M3"]}'))
    expect([rules.code, rules.failures[0]!.text]).toEqual([2, expect.stringContaining('"peak.M3"')])
    const damaged = await run('gate', '--baseline', write('base.json', '{"format": "heapscape-baseline", "version": 1}'), '--candidate', b)
    expect([damaged.code, damaged.failures[0]!.code]).toEqual([2, 'format-malformed'])
    expect((await run('gate', '--candidate', b)).failures[0]!.text).toMatch(/expected --baseline FILE/)
  })

  it('follows a rules file', async () => {
    const trace = write('one.rep', program(1, 100))
    await run('simulate', trace, '--heap', 'first-fit', '--save', at('plain.heapscape'))
    await run('simulate', trace, '--heap', 'first-fit', '--set', 'header=16', '--save', at('wide.heapscape'))
    const sides = ['--baseline', at('plain.heapscape'), '--candidate', at('wide.heapscape')]
    expect((await run('gate', ...sides)).code).toBe(0)
    const rules = write('rules.json', JSON.stringify({ replay: { relative: 0.0001, floor: 1 }, figures: ['run.peakFootprintBytes'] }))
    expect((await run('gate', ...sides, '--rules', rules)).code).toBe(1)
  })
})

describe('heapscape compare --a --b', () => {
  it('compares two sides of many runs, as JSON, Markdown and a page without names', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'heapscape-sides-'))
    try {
      const side = (name: string, seed: number, blocks: number): string[] =>
        Array.from({ length: 6 }, (_, i) => {
          const file = path.join(folder, `${name}${i}.rep`)
          writeFileSync(file, program(seed + i, blocks))
          return file
        })
      const args = ['compare', '--a', ...side('a', 1, 300), '--b', ...side('b', 50, 450)]
      const { code, text } = await run(...args, '--json')
      expect(code).toBe(0)
      const json = JSON.parse(text) as { figures: { id: string; verdict: string }[]; explanation: { split: { term: string; difference: number }[] } }
      expect(json).toMatchObject({ schema: 1, basis: 'tested', runsNeeded: null, seed: 42 })
      expect(json.figures.find(({ id }) => id === 'run.peakFootprintBytes')!.verdict).toBe('worse')
      const terms = json.explanation.split.filter(({ term }) => !['committed', 'uncommitted', 'reserved'].includes(term))
      expect(terms.reduce((sum, { difference }) => sum + difference, 0)).toBe(json.explanation.split.find(({ term }) => term === 'committed')!.difference)
      const page = path.join(folder, 'report.html')
      expect((await run(...args, '--markdown', '--anonymous', '--html', page)).text).toMatch(/### Primary figures[^]*Causes by size class/)
      expect(readFileSync(page, 'utf8')).toMatch(/REGRESSION/)
      expect(readFileSync(page, 'utf8')).not.toMatch(/a0\.rep/)
      expect((await run('compare', '--a', path.join(folder, 'a0.rep'))).code).toBe(2)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
